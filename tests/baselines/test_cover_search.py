"""Covers that are taken apart and made anew."""

import time
from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.baselines import covers
from hopfield_opt.baselines.cover_search import improve_cover
from hopfield_opt.io.scp import Cover


def random_cover(num_sets, num_elements, seed):
    """Return sets with a third of the elements each, every element in the last set."""
    draws = np.random.default_rng(seed)
    held = draws.random((num_elements, num_sets)) < 0.3
    held[:, -1] = True
    weights = draws.integers(1, 30, num_sets).astype(float)
    weights[-1] = 300
    return Cover(weights, csr_array(held.astype(float)))


@pytest.mark.parametrize("seed", range(4))
def test_the_lightest_cover(seed):
    """It comes from the one dear set to the optimum of all covers, and leaves the start alone."""
    cover = random_cover(12, 15, seed)
    held = cover.incidence.toarray()
    choices = np.array(list(product([False, True], repeat=12)))
    best = min(cover.weights[c].sum() for c in choices if (held @ c > 0).all())
    start = np.arange(12) == 11
    found = improve_cover(cover, start, seed)
    assert (held @ found > 0).all()
    assert cover.weights[found].sum() == best
    assert start.sum() == 1
    assert (improve_cover(cover, start, seed) == found).all()


def test_better_than_the_greedy_rule():
    """With hundreds of sets the greedy cover is some percent too heavy."""
    cover = random_cover(300, 200, seed=1)
    greedy = covers.greedy(cover, 0)
    found = improve_cover(cover, greedy, 0)
    assert (cover.incidence @ found > 0).all()
    assert cover.weights[found].sum() < cover.weights[greedy].sum()


def test_deadline(spending):
    """It ends when it is told, and makes some steps where no time is left."""
    cover = random_cover(300, 200, seed=2)
    everything = np.ones(300, dtype=bool)
    improve_cover(cover, everything, 0, time.monotonic())  # compiled
    for seconds in (0.0, 0.3):
        with spending(seconds, seconds + 0.3):
            found = improve_cover(cover, everything, 0, time.monotonic() + seconds)
        assert found.sum() < 30
        times = cover.incidence @ found
        alone = cover.incidence[times == 1].toarray().any(axis=0)
        assert alone[found].all()  # each set is needed for some element


def test_nothing_to_cover():
    """Idle sets are dropped; what is in no set stays uncovered; there may be no set at all."""
    cover = Cover(np.array([1.0, 2.0]), csr_array(np.array([[1.0, 1.0], [0.0, 0.0]])))
    assert improve_cover(cover, np.array([True, True]), 0).tolist() == [True, False]
    nothing = Cover(np.empty(0), csr_array((0, 0)))
    assert improve_cover(nothing, np.empty(0, bool), 0).tolist() == []
