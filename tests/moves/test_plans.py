"""Units, visiting plans and lists that all layouts share."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.moves import plans as layout


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ([], 1.0),
        ([0.0], 1.0),
        ([-0.5, 1.5], 0.5),
        ([0.75, 0.5], 0.25),
        ([6.0, -9.0], 3.0),
        ([0.1, 0.2, 0.1 + 0.2], 0.1),
        ([3e12, 7e12], 1e12),
        ([1e-300, 3e-300], 1e-300),
        ([1.0, 2.0**-20], 2.0**-20),
    ],
)
def test_unit_of_multiples(values: list[float], unit: float) -> None:
    """The largest number of which all are multiples, small errors of computing forgiven."""
    assert layout.integer_unit(np.array(values)) == pytest.approx(unit, rel=1e-12)


@given(st.lists(st.integers(-500, 500).filter(bool), min_size=1, max_size=8))
def test_the_unit_of_integers_is_their_greatest_common_divisor(values: list[int]) -> None:
    """No larger unit is left, whatever the scale."""
    unit = layout.integer_unit(0.125 * np.array(values))
    assert unit == pytest.approx(0.125 * np.gcd.reduce(values), rel=1e-12)


@pytest.mark.parametrize("values", [[1.0, 2.0**0.5], [1.0, 1 + 1e-9], [1e-12, 1e12], [1.0, np.pi]])
def test_reals_have_no_unit(values: list[float]) -> None:
    """Numbers that are not small multiples of anything stay real."""
    assert layout.integer_unit(np.array(values)) is None


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=80))
def test_plans_visit_every_spin_once_in_blocks_of_one_kind(kinds: list[Any]) -> None:
    """Both plans are permutations; a block has up to 16 spins of one kind."""
    table = np.array(kinds, dtype=np.int64).reshape(-1, 3)
    plans = layout.random_plan(table), layout.sequential_plan(table)
    np.testing.assert_array_equal(plans[1].order, np.arange(len(table)))
    for plan in plans:
        np.testing.assert_array_equal(np.sort(plan.order), np.arange(len(table)))
        sizes = np.diff(plan.first)
        assert sizes.sum() == len(table)
        assert ((sizes >= 1) & (sizes <= layout.BLOCK)).all()
        for block, (begin, end) in enumerate(zip(plan.first[:-1], plan.first[1:], strict=True)):
            members = table[plan.order[begin:end]]
            assert len(np.unique(members[:, :2], axis=0)) == 1
            assert len(np.unique(members[:, 2] % 2)) == 1
            largest = members.max(axis=0)
            np.testing.assert_array_equal(plan.kinds[3 * block : 3 * block + 3], largest)


def test_large_networks_are_visited_window_by_window() -> None:
    """No window begins before all kinds of the one before are through; small networks have one."""
    kinds = np.random.default_rng(0).integers(0, 3, (layout.MAX_CACHED + 1, 3))
    windows = layout.random_plan(kinds).order // layout.WINDOW
    assert (np.diff(windows) >= 0).all()
    assert windows[-1] > 1
    small = layout.random_plan(kinds[:-1]).order // layout.WINDOW
    assert (np.diff(small) < 0).any()
