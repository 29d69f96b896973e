"""The laws of the compiler for blocks of variables: tours, assignments, colourings."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hopfield_opt.compiler import compile
from hopfield_opt.compiler.verify import lowest_energies
from hopfield_opt.couplings import Explicit
from hopfield_opt.model import Expression, Model

ENTRIES = st.integers(-3, 4).map(float)


@st.composite
def blocks(draw: Any) -> Model:
    """Draw a model over a block of binaries with the rules of assignment problems."""
    m = Model()
    n, k = draw(st.sampled_from(((3, 3), (2, 2), (3, 2), (2, 4))))
    x = m.binary((n, k), name="x")
    cost: Any = (x * draw(arrays(np.float64, (n, k), elements=ENTRIES))).sum()
    for _ in range(draw(st.integers(0, 2))):
        cost = cost + draw(ENTRIES) / 2 * bilinear(draw, x, ENTRIES)
    draw(st.sampled_from((m.minimize, m.maximize)))(cost)
    ones = st.integers(0, 1).map(float)
    rules = {
        "columns": lambda: x.sum(axis=0) == 1,
        "rows": lambda: x.sum(axis=1) == 1,
        "loose rows": lambda: x.sum(axis=1) <= 1,
        "loose columns": lambda: x.sum(axis=0) >= 1,
        "forbidden": lambda: bilinear(draw, x, ones) == 0,
        "pairs": lambda: x[0] * x[1] == 0,
        "diagonal": lambda: x.diagonal().sum() <= 1,
        "pinned": lambda: x[0, 0] == 1,
        "load": lambda: (x * draw(arrays(np.float64, (n, k), elements=ones))).sum() <= 2,
    }
    for name in draw(st.lists(st.sampled_from(sorted(rules)), max_size=4, unique=True)):
        m.add(rules[name](), name=name)
    return m


def bilinear(draw: Any, x: Expression, entries: Any) -> Expression:
    """Draw a sum over the product of a view of the block with matrices around another view."""
    views = [x, x.roll(-1, axis=1), x.roll(1, axis=0), x[::-1]]
    left, right = draw(st.sampled_from(views)), draw(st.sampled_from(views))
    n, k = x.shape
    a = draw(arrays(np.float64, (n, n), elements=entries))
    b = draw(arrays(np.float64, (k, k), elements=entries))
    form = draw(st.integers(0, 4))
    if form == 0:
        return (left * (a @ right)).sum()
    if form == 1:
        return (left * (a @ right @ b)).sum()
    if form == 2:
        return ((scipy.sparse.csr_array(a) @ left) * (right @ b)).sum()
    if form == 3:
        return (left.T * (b @ (a @ right).T)).sum()
    return (x[:, :-1] * (a @ x[:, 1:])).sum()


def table_of(m: Model) -> dict[tuple[float, ...], tuple[float, bool]]:
    """Return cost and feasibility of every assignment."""
    sign = 1.0 if m.sense == "minimize" else -1.0
    judged = {row: m.judge(np.array(row)) for row in product((0.0, 1.0), repeat=m.num_variables)}
    return {row: (sign * value, not broken) for row, (value, broken) in judged.items()}


@settings(max_examples=400)
@given(blocks(), st.sampled_from(("auto", "penalty")), st.sampled_from((0.0, 4.0)))
def test_laws_of_blocks(m: Model, structure: str, growth: float) -> None:
    """Energies are costs, infeasible assignments lie above the best, groups are kept exactly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", growth)
        compiled = compile(m, structure=structure, presolve="off")
    assume(compiled.hamiltonian.num_spins <= 16)
    table = table_of(m)
    feasible = {row: cost for row, (cost, good) in table.items() if good}
    if compiled.infeasible is not None:
        assert not feasible
        return
    rows, energies = lowest_energies(compiled)
    best = min(feasible.values(), default=-np.inf)
    for row, energy in zip(map(tuple, rows.tolist()), energies.tolist(), strict=True):
        if row in feasible:
            assert energy == pytest.approx(feasible.pop(row), abs=1e-9)
        else:
            assert energy > best
    assert not feasible


@settings(max_examples=150)
@given(blocks())
def test_update_is_compiling_anew(m: Model) -> None:
    """A network updated to another objective has the energies of one compiled for it."""
    compiled = compile(m, presolve="off")
    x = m["x"]
    other = (x * np.arange(x.size).reshape(x.shape)).sum() + 2 * x[0, 0] * x[1, 1]
    updated = compiled.update(other)
    m.minimize(other) if m.sense == "minimize" else m.maximize(other)
    anew = compile(m, presolve="off")
    assert updated.hamiltonian.num_spins == anew.hamiltonian.num_spins
    states = np.random.default_rng(0).choice([-1, 1], (8, anew.hamiltonian.num_spins))
    assert np.allclose(updated.hamiltonian.energy(states), anew.hamiltonian.energy(states))
    if compiled.infeasible is None:
        ours, wanted = updated.decode(states[0]), anew.decode(states[0])
        assert (ours.value, ours.violations) == (wanted.value, wanted.violations)


def test_kronecker_term_is_kept() -> None:
    """A tour is one Kronecker term and one permutation, and nothing explicit."""
    m = Model()
    x = m.binary((30, 30), name="x")
    distances = np.random.default_rng(0).random((30, 30))
    m.minimize((x * (distances @ x.roll(-1, axis=1))).sum())
    m.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    hamiltonian = compile(m).hamiltonian
    assert [type(term).__name__ for term in hamiltonian.couplings] == ["Kronecker"]
    assert [type(group).__name__ for group in hamiltonian.groups] == ["Permutation"]


def test_memory_is_kept_factored() -> None:
    """Few patterns over many neurons are squares; many over few are a matrix."""
    rng = np.random.default_rng(0)
    for patterns, neurons, kind in ((3, 200, "Factored"), (200, 20, "Explicit")):
        m = Model()
        s = m.spin(neurons, name="s")
        matrix = rng.choice([-1.0, 1.0], (patterns, neurons))
        m.maximize(((matrix @ s) ** 2).sum())
        hamiltonian = compile(m, presolve="off").hamiltonian
        assert [type(term).__name__ for term in hamiltonian.couplings] == [kind]
        state = rng.choice([-1, 1], neurons)
        assert hamiltonian.energy(state) == pytest.approx(-((matrix @ state) ** 2).sum())
    assert isinstance(hamiltonian.couplings[0], Explicit)
