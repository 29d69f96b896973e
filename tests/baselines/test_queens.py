"""Queens by construction and by backtracking."""

import time

import pytest

from hopfield_opt.baselines.queens import backtracking, construction
from hopfield_opt.problems import NQueens


@pytest.mark.parametrize("size", [1, *range(4, 40), 200])
def test_construction(size):
    """The explicit placement is one for each size that has one."""
    assert NQueens(size).evaluate(construction(size)).feasible


def test_no_placement():
    """Both say that boards of 2 and 3 have none."""
    for size in (2, 3):
        assert construction(size) is None
        assert backtracking(size) is None


def test_backtracking():
    """It respects given queens, the seed and the deadline, and proves that there is none."""
    found = backtracking(12, [(0, 5), (7, 2)], seed=3)
    assert (found[0], found[7]) == (5, 2)
    assert NQueens(12).evaluate(found).feasible
    assert found == backtracking(12, [(0, 5), (7, 2)], seed=3)
    assert backtracking(4, [(0, 0)]) is None
    assert backtracking(12, deadline=time.monotonic() - 1) is None
