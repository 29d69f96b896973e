"""Knapsacks on cases worked by hand."""

import itertools

import numpy as np
import pytest

from hopfield_opt.baselines import knapsacks
from hopfield_opt.io.knapsack import Items


def items(values, weights, capacity):
    """Return a knapsack of one capacity."""
    return Items(
        np.array(values, dtype=float),
        np.array(weights, dtype=float)[:, None],
        np.array([capacity], dtype=float),
    )


def test_greedy_by_density_can_be_wrong():
    """The densest item first is not always best, as the table knows."""
    one = items([3, 2, 2], [3, 2.5, 2.5], 5)
    assert knapsacks.by_density(one, np.ones(3, np.int64), 0).tolist() == [1, 0, 0]
    two = items([6, 4, 4], [6, 5, 5], 10)
    most = np.ones(3, np.int64)
    assert knapsacks.dynamic_programming(two, most, 0).tolist() == [0, 1, 1]
    assert knapsacks.exchange_items(two, most, np.array([1, 0, 0])).tolist() == [0, 1, 1]


@pytest.mark.parametrize("count", range(12))
def test_bundles(count):
    """Bundles of one item add up to every number up to its count, and to no other."""
    sizes = [size for _, size in knapsacks._bundles(np.array([count]))]
    sums = {sum(c) for k in range(len(sizes) + 1) for c in itertools.combinations(sizes, k)}
    assert sums == set(range(count + 1))


def test_the_table_is_for_whole_weights_of_one_capacity():
    """Anything else, or too large a table, is left to HiGHS."""
    most = np.ones(2, np.int64)
    assert knapsacks.fits_table(items([1, 1], [2, 3], 1e15), most)
    assert not knapsacks.fits_table(items([1, 1], [2, 3.5], 5), most)
    assert not knapsacks.fits_table(items([1, 1], [2e8, 3e8], 4e8), most)
