"""Change a model in a way whose effect is known: the answer of its network moves along."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.compiler.verify import lowest_energies
from hopfield_opt.model import Model
from hopfield_opt.model.variable import ENCODINGS

LARGEST = 12  # spins that are enumerated
RANGES = {"binary": (0, 1), "spin": (-1, 1), "integer": (-1, 2)}
# integers and halves: sums of them are exact in floating point
COEFFICIENTS = st.integers(-6, 6).map(lambda number: number / 2)
SMALL = st.integers(-2, 3)
STRUCTURES = st.sampled_from(("auto", "penalty"))

Assignment = tuple[int, ...]


@dataclass(frozen=True)
class Recipe:
    """A model as data: monomials and constraints name variables by number."""

    kinds: tuple[str, ...]
    monomials: tuple[tuple[float, tuple[int, ...]], ...]
    constraints: tuple[tuple[dict[int, int], str, int], ...]
    sense: str
    order: tuple[int, ...]
    flipped: frozenset[int] = frozenset()
    factor: float = 1.0
    shift: float = 0.0

    def model(self) -> Model:
        """Return the model, its variables declared in `order`."""
        m, entries = Model(), [None] * len(self.kinds)
        for k in self.order:
            entries[k] = self.entry(m, k)
        cost: Any = 0.0
        for coefficient, chosen in self.monomials:
            term: Any = coefficient
            for k in chosen:
                term = term * entries[k]
            cost = cost + term
        getattr(m, self.sense)(self.factor * cost + self.shift)
        for weights, sign, bound in self.constraints:
            left = sum(weight * entries[k] for k, weight in weights.items())
            m.add(left == bound if sign == "==" else left <= bound)
        return m

    def entry(self, m: Model, k: int) -> Any:
        """Return variable k as the formulas see it: mirrored in its range where flipped."""
        low, high = RANGES[self.kinds[k]]
        bounds = (low, high) if self.kinds[k] == "integer" else ()
        one = getattr(m, self.kinds[k])((), *bounds, name=f"v{k}")
        return low + high - one if k in self.flipped else one

    def values(self, assignment: dict[str, Any]) -> Assignment:
        """Return what the formulas see of an assignment, in the order of the numbers."""
        values = [int(assignment[f"v{k}"]) for k in range(len(self.kinds))]
        mirrored = [sum(RANGES[kind]) - v for kind, v in zip(self.kinds, values, strict=True)]
        return tuple(mirrored[k] if k in self.flipped else v for k, v in enumerate(values))


@st.composite
def recipes(draw: Any) -> Recipe:
    """Draw a model of two to four variables, degree up to 3, at most two constraints."""
    size = draw(st.integers(2, 4))
    kinds = draw(st.lists(st.sampled_from(("binary", "spin")), min_size=size, max_size=size))
    kinds[0] = draw(st.sampled_from(("binary", "integer")))
    numbers = st.lists(st.integers(0, size - 1), min_size=1, max_size=3).map(tuple)
    monomials = draw(st.lists(st.tuples(COEFFICIENTS, numbers), min_size=1, max_size=6))
    weights = st.dictionaries(st.integers(0, size - 1), SMALL, min_size=1, max_size=3)
    rule = st.tuples(weights, st.sampled_from(("==", "<=", "<=")), st.integers(-1, 3))
    constraints = draw(st.lists(rule, max_size=2))
    sense = draw(st.sampled_from(("minimize", "maximize")))
    order = tuple(range(size))
    return Recipe(tuple(kinds), tuple(monomials), tuple(constraints), sense, order)


def best_of(m: Model, compiled: Compiled) -> tuple[float, list[dict[str, Any]]] | None:
    """Return value and assignments of all ground states, None for an infeasible model."""
    assume(compiled.hamiltonian.num_spins <= LARGEST)
    if compiled.infeasible is not None:
        return None
    rows, energies = lowest_energies(compiled)
    assume(len(rows))
    ground = rows[energies <= energies.min() + 1e-9]
    if m.judge(ground[0])[1]:
        return None  # the best state violates a constraint: no assignment is feasible
    sign = 1.0 if m.sense == "minimize" else -1.0
    value = m.judge(ground[0])[0]
    assert energies.min() == pytest.approx(sign * value, abs=1e-9)
    return value, [m.unpack(row) for row in ground]


def answer(recipe: Recipe, **options: Any) -> tuple[float, set[Assignment]] | None:
    """Return the best value and all best assignments of a recipe, as its formulas see them."""
    m = recipe.model()
    found = best_of(m, compile(m, **options))
    return found and (found[0], {recipe.values(one) for one in found[1]})


def check_moved(recipe: Recipe, moved: Recipe, structure: str) -> None:
    """Check that all optima move along, and that presolve ends at some of them."""
    before = answer(recipe, structure=structure, presolve="off")
    after = answer(moved, structure=structure, presolve="off")
    solved = answer(moved, structure=structure, presolve="safe")
    if before is None or after is None or solved is None:
        assert before is after is solved is None
        return
    value = (moved.factor * before[0] + moved.shift) / recipe.factor
    assert after[0] == solved[0] == pytest.approx(value, abs=1e-9)
    assert after[1] == before[1]
    assert solved[1] <= before[1]


@settings(max_examples=100)
@given(recipes(), STRUCTURES, st.data())
def test_relabelled_model_has_the_relabelled_optimum(
    recipe: Recipe, structure: str, data: st.DataObject
) -> None:
    """Declaring variables, and adding terms and constraints, in any order changes nothing."""
    moved = replace(
        recipe,
        order=tuple(data.draw(st.permutations(recipe.order))),
        monomials=tuple(data.draw(st.permutations(recipe.monomials))),
        constraints=tuple(data.draw(st.permutations(recipe.constraints))),
    )
    check_moved(recipe, moved, structure)


@settings(max_examples=100)
@given(recipes(), STRUCTURES, st.data())
def test_flipped_model_has_the_flipped_optimum(
    recipe: Recipe, structure: str, data: st.DataObject
) -> None:
    """With x -> 1 - x, s -> -s, y -> lower + upper - y for some, their best values flip."""
    flipped = data.draw(st.frozensets(st.sampled_from(recipe.order), min_size=1))
    check_moved(recipe, replace(recipe, flipped=flipped), structure)


@settings(max_examples=100)
@given(recipes(), STRUCTURES, st.sampled_from((0.25, 0.5, 2.0, 3.0, 40.0)), COEFFICIENTS)
def test_scaled_and_shifted_objective_keeps_the_optima(
    recipe: Recipe, structure: str, factor: float, shift: float
) -> None:
    """A positive factor and a constant move the value, and leave the best assignments."""
    check_moved(recipe, replace(recipe, factor=factor, shift=shift), structure)


@settings(max_examples=100)
@given(st.data(), STRUCTURES, st.sampled_from(("binary", "spin")))
def test_lazy_and_expanded_have_the_same_optima(
    data: st.DataObject, structure: str, kind: str
) -> None:
    """Products of arrays kept as operators and expanded to pairs end at the same answers."""
    numbers = st.lists(SMALL, min_size=16, max_size=16).map(lambda one: np.reshape(one, (4, 4)))
    inner, rows = data.draw(numbers), data.draw(numbers)[:2]
    bound, twice = data.draw(st.integers(0, 3)), data.draw(st.booleans())
    m = Model()
    x = getattr(m, kind)(4, name="x")
    m.minimize((x * (inner @ x)).sum() + ((rows @ x - bound) ** 2).sum() / 2)
    if twice:
        m.add(x.sum() <= bound)
    found = []
    for growth in (0.0, np.inf):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", growth)
            best = best_of(m, compile(m, structure=structure, presolve="off"))
        found.append(best and (best[0], {tuple(one["x"].tolist()) for one in best[1]}))
    assert found[0] == found[1]


@settings(max_examples=100)
@given(recipes(), STRUCTURES)
def test_every_encoding_has_the_same_optima(recipe: Recipe, structure: str) -> None:
    """However an integer becomes bits, the same assignments are best."""
    recipe = replace(recipe, kinds=("integer", *recipe.kinds[1:]))
    found = [
        answer(recipe, structure=structure, presolve="off", encoding=encoding)
        for encoding in ENCODINGS
    ]
    assert all(one == found[0] for one in found[1:])


def test_invalid_one_hot_code_lies_above_the_optimum() -> None:
    """With two bits on, 1 and 2 above the lower bound, y would be 3: that must not pay."""
    m = Model()
    y = m.integer((), -1, 2, name="y")
    m.minimize(-0.5 * y * y)
    found = compile(m, structure="penalty", presolve="off", encoding="one-hot").verify()
    assert found.holds
    assert found.best == -2.0
