"""Ranges of costs hold for all states that keep the groups, and none could be smaller."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.compiler.cost import Cost
from hopfield_opt.compiler.encodings import encode_integers
from hopfield_opt.compiler.extents import kept_extent
from hopfield_opt.compiler.quadratic import cost_of
from hopfield_opt.groups import AtMostOne, Group, OneHot, Permutation
from hopfield_opt.model import Model

GRID = np.arange(9).reshape(3, 3)
GROUPS: dict[str, tuple[Group, ...]] = {
    "none": (),
    "rows": tuple(OneHot(row) for row in GRID),
    "columns": tuple(OneHot(column) for column in GRID.T),
    "one row": (OneHot(GRID[1]),),
    "at most one": tuple(AtMostOne(row) for row in GRID),
    "permutation": (Permutation(GRID),),
}
MATRICES = st.lists(st.integers(-3, 3), min_size=9, max_size=9).map(
    lambda numbers: np.reshape(numbers, (3, 3)).astype(float)
)
ZERO, ONE = np.zeros((3, 3)), np.zeros((3, 3))
ONE[0, 1] = 1.0
ANY = np.array([[4.0, 1, -2], [0, 2, 7], [3, -5, 0]])
BITS = (np.arange(1 << 9)[:, None] >> np.arange(9) & 1).astype(float)


def bits_cost(left: Any, right: Any, linear: Any) -> Callable[[Any], Any]:
    """Return the cost of a grid: products with its neighbours by two matrices, and own ones."""
    return lambda x: (x * (left @ x @ right)).sum() + (linear * x).sum()


def lower_cost(
    write: Callable[[Any], Any], growth: float, kind: str, shape: Any
) -> tuple[Model, Cost]:
    """Return the model of a cost and what the compiler makes of it."""
    m = Model()
    m.minimize(write(getattr(m, kind)(shape, name="x")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hopfield_opt.compiler.quadratic.MOST_GROWTH", growth)
        return m, cost_of(m.cost, np.ones(()), encode_integers(m, None))


def true_range(m: Model, groups: Sequence[Group]) -> float:
    """Return the largest minus the smallest value over all assignments that keep the groups."""
    bits = BITS[: 1 << m.num_variables, : m.num_variables]
    states = 2 * bits - 1
    for group in groups:
        bits, states = bits[group.violation(states) == 0], states[group.violation(states) == 0]
    values = [m.judge(row)[0] for row in (states if m.variables[0].kind == "spin" else bits)]
    return max(values) - min(values)


@settings(max_examples=60)
@given(
    st.tuples(MATRICES, MATRICES, MATRICES),
    st.sampled_from(sorted(GROUPS)),
    st.sampled_from((0.0, np.inf)),
    st.integers(-2, 2),
)
def test_no_state_that_keeps_the_groups_is_outside(
    matrices: tuple[Any, Any, Any], name: str, growth: float, weight: int
) -> None:
    """Blocks, pairs, squares and linear parts together never exceed the bound."""
    left, right, linear = matrices

    def write(x: Any) -> Any:
        return bits_cost(left, right, linear)(x) + weight * (((linear * x).sum(1) - 1) ** 2).sum()

    m, cost = lower_cost(write, growth, "binary", (3, 3))
    assert kept_extent(cost, GROUPS[name]) >= true_range(m, GROUPS[name]) - 1e-9


@pytest.mark.parametrize(
    ("name", "growth", "left", "right", "linear"),
    [
        ("none", np.inf, ZERO, ZERO, ANY),
        ("rows", np.inf, ZERO, ZERO, ANY),
        ("columns", np.inf, ZERO, ZERO, ANY),
        ("one row", np.inf, ZERO, ZERO, ANY),
        ("at most one", np.inf, ZERO, ZERO, ANY - 1),
        ("at most one", np.inf, ZERO, ZERO, np.abs(ANY) + 1),
        ("permutation", np.inf, ZERO, ZERO, np.diag([1.0, 2, 3])),
        ("none", np.inf, np.abs(ANY) * (1 - np.eye(3)), np.abs(ANY), np.abs(ANY)),
        ("none", 0.0, np.abs(ANY) * (1 - np.eye(3)), np.abs(ANY), np.abs(ANY)),
        ("none", 0.0, -np.abs(ANY) * (1 - np.eye(3)), np.abs(ANY), -np.abs(ANY)),
        ("rows", 0.0, ONE, ANY, ZERO),
        ("columns", 0.0, ANY, ONE, ZERO),
        ("permutation", 0.0, 3 * ONE, ANY, ZERO),
        ("permutation", 0.0, ANY, -ONE, ZERO),
    ],
)
def test_bound_is_reached(name: str, growth: float, left: Any, right: Any, linear: Any) -> None:
    """In these costs two states lie as far apart as the bound says: none smaller would hold."""
    m, cost = lower_cost(bits_cost(left, right, linear), growth, "binary", (3, 3))
    assert kept_extent(cost, GROUPS[name]) == pytest.approx(true_range(m, GROUPS[name]), abs=1e-9)


def test_one_line_of_a_block_is_not_enough() -> None:
    """The tighter bound of a block needs one bit on in each of its lines, not in some."""
    for left, right in ((ONE, ANY), (ONE.T, ANY), (ONE, np.ones((3, 3)))):
        m, cost = lower_cost(bits_cost(left, right, ZERO), 0.0, "binary", (3, 3))
        assert kept_extent(cost, GROUPS["one row"]) >= true_range(m, GROUPS["one row"])


@pytest.mark.parametrize(
    ("row", "shift", "weight"), [([1, 1], 0, 1), ([1, 2, -3], 0, -2), ([2, 1], 3, 0.5)]
)
def test_bound_of_squares_is_reached(row: list[int], shift: int, weight: float) -> None:
    """A square that gets to zero has the range of its largest value."""
    m, cost = lower_cost(
        lambda s: weight * ((np.array([row]) @ s + shift) ** 2).sum(), 0.0, "spin", len(row)
    )
    assert cost.squares
    assert kept_extent(cost, ()) == pytest.approx(true_range(m, ()))
