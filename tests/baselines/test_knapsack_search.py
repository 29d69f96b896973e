"""Knapsacks that are emptied a little and filled anew."""

import time
from itertools import product

import numpy as np
import pytest

from hopfield_opt.baselines.knapsack_search import improve_choice
from hopfield_opt.io.knapsack import Items


def random_items(size, capacities, seed):
    """Return items of which about half fit."""
    draws = np.random.default_rng(seed)
    weights = draws.integers(1, 100, (size, capacities)).astype(float)
    return Items(draws.integers(-5, 100, size).astype(float), weights, weights.sum(axis=0) // 2)


@pytest.mark.parametrize(("capacities", "most"), [(1, 1), (3, 1), (2, 2)])
def test_the_best_choice(capacities, most):
    """From nothing it comes to the optimum of all choices, and leaves the start alone."""
    items = random_items(8, capacities, seed=capacities)
    choices = np.array(list(product(range(most + 1), repeat=8)))
    fits = (choices @ items.weights <= items.capacities).all(axis=1)
    start, counts = np.zeros(8, np.int64), np.full(8, most)
    found = improve_choice(items, counts, start, 0, None)
    assert (found @ items.weights <= items.capacities).all()
    assert (found <= counts).all()
    assert items.values @ found == (choices[fits] @ items.values).max()
    assert not start.any()
    assert (improve_choice(items, counts, start, 0, None) == found).all()


def test_deadline(spending):
    """It ends when it is told, and makes some steps where no time is left."""
    items = random_items(100, 5, seed=1)
    ones, nothing = np.ones(100, np.int64), np.zeros(100, np.int64)
    improve_choice(items, ones, nothing, 0, time.monotonic())  # compiled
    for seconds in (0.0, 0.3):
        with spending(seconds, seconds + 0.3):
            found = improve_choice(items, ones, nothing, 0, time.monotonic() + seconds)
        assert found.sum() > 40


def test_nothing_to_take():
    """Without items, without room, or with worthless items, nothing is taken."""
    none = Items(np.empty(0), np.empty((0, 1)), np.array([3.0]))
    assert (
        improve_choice(none, np.empty(0, np.int64), np.empty(0, np.int64), 0, None).tolist() == []
    )
    items = Items(np.array([2.0, -1.0]), np.array([[4.0], [0.0]]), np.array([3.0]))
    assert improve_choice(items, np.ones(2, np.int64), np.zeros(2, np.int64), 0, None).tolist() == [
        0,
        0,
    ]
