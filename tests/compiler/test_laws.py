"""The laws of the compiler, over random small models, against brute force."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.compiler.verify import lowest_energies
from hopfield_opt.model import Model

LARGEST = 17  # spins that are enumerated

# integers and halves: sums of them are exact in floating point
COEFFICIENTS = st.integers(-6, 6).map(lambda number: number / 2)
SMALL = st.integers(-3, 3)


@st.composite
def models(draw: Any, constrained: bool = True, integers: bool = True) -> Model:
    """Draw a model of at most some eight bits: any kinds of variables, degree up to 4."""
    m = Model()
    arrays = [m.binary(draw(st.integers(1, 3)), name="x")]
    if draw(st.booleans()):
        arrays.append(m.spin(draw(st.integers(1, 2)), name="s"))
    if integers and draw(st.booleans()):
        lower = draw(st.integers(-2, 1))
        arrays.append(m.integer(1, lower, lower + draw(st.integers(0, 3)), name="y"))
    entries = [array[k] for array in arrays for k in range(len(array))]
    cost: Any = draw(COEFFICIENTS)
    for _ in range(draw(st.integers(0, 4))):
        cost = cost + draw(COEFFICIENTS) * monomial(draw, entries, 4)
    if draw(st.booleans()):
        cost = cost + draw(COEFFICIENTS) * affine(draw, entries) ** 2
    draw(st.sampled_from((m.minimize, m.maximize)))(cost)
    for _ in range(draw(st.integers(0, 3)) if constrained else 0):
        m.add(constraint(draw, entries))
    return m


def monomial(draw: Any, entries: list[Any], degree: int) -> Any:
    """Draw a product of entries."""
    chosen = draw(st.lists(st.sampled_from(entries), min_size=1, max_size=degree))
    result: Any = 1
    for entry in chosen:
        result = result * entry
    return result


def affine(draw: Any, entries: list[Any]) -> Any:
    """Draw a weighted sum of some entries plus a number."""
    result: Any = draw(SMALL)
    for entry in draw(st.lists(st.sampled_from(entries), min_size=1, max_size=4)):
        result = draw(SMALL) * entry + result
    return result


def constraint(draw: Any, entries: list[Any]) -> Any:
    """Draw an equality or inequality, now and then of degree 2 or with common factors."""
    left = affine(draw, entries)
    if draw(st.integers(0, 4)) == 0:
        left = left + draw(SMALL) * monomial(draw, entries, 3)
    if draw(st.integers(0, 3)) == 0:
        left = sum(draw(st.lists(st.sampled_from(entries), min_size=1, max_size=4, unique_by=id)))
    scale = draw(st.sampled_from((1.0, 2.0, 0.5, 0.1)))
    bound = draw(st.integers(-2, 4))
    sign = draw(st.sampled_from(("==", "<=", ">=")))
    if sign == "==":
        return scale * left == scale * bound
    return scale * left <= scale * bound if sign == "<=" else scale * left >= scale * bound


def assignments(m: Model) -> np.ndarray:
    """Return the values of all variables for every assignment, one in a row."""
    choices = []
    for one in m.variables:
        for low, high in zip(one.lower.ravel(), one.upper.ravel(), strict=True):
            step = 2 if one.kind == "spin" else 1
            choices.append(np.arange(low, high + 1, step))
    return np.array(list(product(*choices)), dtype=np.float64)


def brute_force(m: Model) -> dict[tuple[float, ...], tuple[float, bool]]:
    """Return cost (to be minimised) and feasibility of every assignment."""
    sign = 1.0 if m.sense == "minimize" else -1.0
    table = {}
    for row in assignments(m):
        value, violations = m.judge(row)
        table[tuple(row.tolist())] = (sign * value, not violations)
    return table


def optimum(m: Model) -> float | None:
    """Return the smallest cost of a feasible assignment, None if there is none."""
    costs = [cost for cost, feasible in brute_force(m).values() if feasible]
    return min(costs) if costs else None


def compile_small(m: Model, **options: Any) -> Compiled:
    """Compile, skipping what would take long to enumerate."""
    compiled = compile(m, **options)
    assume(compiled.hamiltonian.num_spins <= LARGEST)
    return compiled


def check(m: Model, compiled: Compiled) -> None:
    """Check energy law, strictness and completeness of a compiled network."""
    table = brute_force(m)
    feasible = {row: cost for row, (cost, good) in table.items() if good}
    if compiled.infeasible is not None:
        assert not feasible
        return
    rows, energies = lowest_energies(compiled)
    best = min(feasible.values(), default=np.inf)
    reached = set()
    for row, energy in zip(map(tuple, rows.tolist()), energies.tolist(), strict=True):
        cost, good = table[row]
        if good:
            reached.add(row)
            assert energy == pytest.approx(cost, abs=1e-9), row
        else:
            assert energy > min(best, 1e300) or best == np.inf, row
            assert energy >= cost - 1e-9, row
    assert reached == set(feasible)


@settings(max_examples=400)
@given(models(), st.sampled_from(("auto", "penalty")))
def test_energy_is_objective_and_infeasible_is_above(m: Model, structure: str) -> None:
    """Feasible assignments have their cost as energy, the others lie above the best of them."""
    check(m, compile_small(m, structure=structure, presolve="off"))


@settings(max_examples=250)
@given(models(), st.sampled_from(("auto", "penalty")), st.data())
def test_presolve_keeps_the_optimum(m: Model, structure: str, data: Any) -> None:
    """With presolve the ground state decodes to a brute-force optimum of the model."""
    compiled = compile_small(m, structure=structure, presolve="safe")
    best = optimum(m)
    if compiled.infeasible is not None:
        assert best is None
        return
    rows, energies = lowest_energies(compiled)
    if best is None or not len(rows):
        return
    ground = int(np.argmin(energies))
    value, violations = m.judge(rows[ground])
    assert not violations
    sign = 1.0 if m.sense == "minimize" else -1.0
    assert sign * value == pytest.approx(best, abs=1e-9)
    assert energies[ground] == pytest.approx(best, abs=1e-9)


@settings(max_examples=200)
@given(models(), st.sampled_from(("binary", "one-hot", "unary", "domain-wall")))
def test_any_encoding_has_the_same_optimum(m: Model, encoding: str) -> None:
    """The law of energies holds for every encoding of integers, invalid codes included."""
    compiled = compile_small(m, encoding=encoding, structure="penalty", presolve="off")
    best = optimum(m)
    if compiled.infeasible is not None:
        assert best is None
        return
    rows, energies = lowest_energies(compiled)
    if best is not None:
        assert energies.min() == pytest.approx(best, abs=1e-9)
        for row in rows[energies <= best + 1e-9]:
            assert not m.judge(row)[1]


@settings(max_examples=250)
@given(models(), st.sampled_from(("auto", "penalty")))
def test_encode_puts_auxiliaries_at_their_best(m: Model, structure: str) -> None:
    """A feasible assignment, encoded, has its cost as energy and decodes to itself."""
    compiled = compile(m, structure=structure, presolve="off")
    if compiled.infeasible is not None:
        return
    for row, (cost, feasible) in list(brute_force(m).items())[::3]:
        if feasible:
            state = compiled.encode(m.unpack(np.array(row)))
            assert compiled.hamiltonian.energy(state) == pytest.approx(cost, abs=1e-9)
            decoded = compiled.decode(state)
            assert np.array_equal(m.pack(decoded.assignment), row)
            assert not decoded.violations


@settings(max_examples=200)
@given(models(constrained=False), st.sampled_from((0.0, np.inf)))
def test_lazy_and_expanded_are_the_same(m: Model, growth: float) -> None:
    """Whether products are kept as operators or expanded, energies are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", growth)
        check(m, compile_small(m, presolve="off"))
