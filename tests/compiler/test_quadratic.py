"""A cost means the same whether it is expanded or kept as operators."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.compiler import compile
from hopfield_opt.compiler.verify import lowest_energies
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.errors import SizeError
from hopfield_opt.model import Model

A = np.array([[1.0, -2, 0], [3, 0, 0.5], [0, 4, -1]])
B = np.array([[2.0, 1], [-1, 3]])
D = np.array([[1.0, 2], [-3, 4], [0, 5]])
SPARSE = scipy.sparse.csr_array(A)
SCATTERED = np.array([[0, 5], [3, 1], [4, 2]])

# costs over a block x of shape (3, 2)
COSTS: dict[str, Any] = {
    "two matrices": lambda x: (A @ x @ B).sum(),
    "sparse matrix": lambda x: (SPARSE @ x * D).sum(),
    "transposed": lambda x: ((A @ x).T * D.T).sum(),
    "block": lambda x: (x * (A @ x @ B)).sum(),
    "block with shifts": lambda x: ((x - 1) * (A @ x @ B + D)).sum(),
    "block with a shift": lambda x: ((x + D) * (SPARSE @ x)).sum(),
    "many blocks": lambda x: ((x + x[::-1] + A @ x) * (x.roll(1, axis=0) - x @ B)).sum(),
    "weighted block": lambda x: (D * (x * (A @ x))).sum(),
    "multiple of a block": lambda x: (x * (2 * (A @ x))).sum(),
    "scaled factor": lambda x: (x * (D * x @ B)).sum(),
    "sum in a matrix": lambda x: (x * (A @ (x + x[::-1]))).sum(),
    "rows of a block": lambda x: (x[::-1] * (A @ x)[::-1]).sum(),
    "turned block": lambda x: (x.T * (A @ x @ B).T).sum(),
    "mixed block": lambda x: (
        x * (A @ x)[[[0, 1], [2, 0], [1, 2]], [[0, 1], [1, 0], [1, 0]]]
    ).sum(),
    "scattered block": lambda x: (x * (A @ x).reshape(6)[SCATTERED]).sum(),
    "scattered variables": lambda x: (x.reshape(6)[SCATTERED] * (A @ x)).sum(),
    "turned parts": lambda x: (x[:2].T * (B @ x[1:].T)).sum(),
    "part and whole": lambda x: (x[:2] * (A @ x)[1:]).sum(),
    "repeated rows": lambda x: (x[[0, 0, 1]] * (A @ x[[1, 2, 2]])).sum(),
    "squares": lambda x: ((A @ x - 1) ** 2).sum(),
    "weighted squares": lambda x: (D * (x @ B + D) ** 2).sum(),
    "squares of a vector": lambda x: ((A @ x[:, 0]) ** 2).sum(),
    "vectors": lambda x: ((A @ x[:, 0]) * (D.T @ x[:, 1] @ D.T)).sum(),
    "empty sum": lambda x: ((x[:0].sum(axis=0) + 2) * x[1] * 3 * x[0]).sum(),
    "multiple of a sum": lambda x: 2 * (x * x[::-1]).sum(),
    "square of a sum": lambda x: (x * D).sum() ** 2,
    "cube of a sum": lambda x: (x[:, 1] * [1, 2, -3] - 1).sum() ** 3,
    "cube times": lambda x: (x[0] ** 3 * (x[1] - 2) * 2)[1],
    "products in a matrix": lambda x: (A @ (x * x[::-1]) * D).sum(),
    "numbers to a power": lambda x: ((2 * x**0) ** 2 * (x * x[::-1])).sum(),
}


def mixed(m: Model) -> Any:
    """Return a block of binaries and spins."""
    m.binary(3, name="x")
    m.spin(3, name="s")
    return m.everything().reshape(3, 2)


KINDS: dict[str, Any] = {
    "binary": lambda m: m.binary((3, 2), name="x"),
    "flat": lambda m: m.binary(6, name="x").reshape(3, 2),
    "spin": lambda m: m.spin((3, 2), name="x"),
    "integer": lambda m: m.integer((3, 2), -1, [[0, 1], [0, 0], [0, -1]], name="x"),
    "mixed": mixed,
}


@pytest.mark.parametrize("growth", [0.0, 4.0])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COSTS)
def test_energy_is_the_cost(name: str, kind: str, growth: float, monkeypatch: Any) -> None:
    """Every assignment has its cost as energy; 0 keeps all operators that can be kept."""
    monkeypatch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", growth)
    m = Model()
    cost = COSTS[name](KINDS[kind](m))
    m.minimize(cost)
    rows, energies = lowest_energies(compile(m, presolve="off"))
    every = product(
        *(
            np.arange(low, high + 1, 2 if one.kind == "spin" else 1)
            for one in m.variables
            for low, high in zip(one.lower.ravel(), one.upper.ravel(), strict=True)
        )
    )
    assert [tuple(row) for row in rows.tolist()] == list(every)
    assert np.allclose(energies, [m.judge(row)[0] for row in rows], atol=1e-9)


@pytest.mark.parametrize(
    "name",
    [
        "block",
        "block with shifts",
        "multiple of a block",
        "rows of a block",
        "turned parts",
        "turned block",
    ],
)
@pytest.mark.parametrize("kind", ["binary", "spin"])
def test_blocks_are_kept(name: str, kind: str, monkeypatch: Any) -> None:
    """What is matrices around a block of variables is a Kronecker term, and nothing else."""
    monkeypatch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", 0.0)
    m = Model()
    m.minimize(COSTS[name](KINDS[kind](m)))
    terms = compile(m, presolve="off").hamiltonian.couplings
    assert {type(term) for term in terms} == {Kronecker}


def test_too_many_monomials_are_refused(monkeypatch: Any) -> None:
    """What would not fit into memory when expanded says so before it is made."""
    m = Model()
    x = m.binary(100, name="x")
    m.minimize(x.sum() ** 3)
    # the square has 10^4 monomials
    monkeypatch.setattr("hopfield_opt.arrays.MEMORY_LIMIT", 400_000)
    with pytest.raises(SizeError, match="expression must need at most .* matrix products of"):
        compile(m)


@pytest.mark.parametrize("size", [1e11, 1e-11])
@pytest.mark.parametrize("sparse", [False, True])
def test_squares_of_factors_of_unlike_size_lose_no_digits(size: float, sparse: bool) -> None:
    """Large or tiny numbers times variables, kept as squares, have the energies of the product."""
    q = np.array([[-1, 2, 5, -3], [4, -9, 7, 6], [-8, 1, 0, 2], [3, 4, -6, -1]]) * size
    m = Model()
    x = m.integer(4, -1, 2, name="x")
    m.minimize(x @ ((scipy.sparse.csr_array(q) if sparse else q) @ x - 3 * size))
    compiled = compile(m, presolve="off")
    assert any(isinstance(term, Factored) for term in compiled.hamiltonian.couplings)
    rows, energies = lowest_energies(compiled)
    values = [m.judge(row)[0] for row in rows]
    assert energies == pytest.approx(values, rel=0, abs=1e-13 * size)
