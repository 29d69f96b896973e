"""The local search of tours: never longer, always a tour, and as good as it should be."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.baselines import tour_kernel
from hopfield_opt.baselines.tour_search import improve_tour, nearest
from hopfield_opt.problems import TravellingSalesman
from hopfield_opt.rng import stream


def length(distance, tour):
    """Return the length of a closed tour."""
    return distance[tour, np.roll(tour, -1)].sum()


def matrix(n, seed, symmetric):
    """Return random whole distances, some of them negative."""
    found = np.random.default_rng(seed).integers(-20, 100, (n, n)).astype(float)
    return found + found.T if symmetric else found


@settings(max_examples=60)
@given(st.integers(4, 40), st.integers(0, 2**32), st.booleans(), st.integers(0, 60))
def test_a_block_keeps_tours(n, seed, symmetric, kicks):
    """A block gives a permutation that is no longer."""
    distance, words = matrix(n, seed, symmetric), stream(seed, words=4)
    tour = np.random.default_rng(seed).permutation(n)
    last, room = length(distance, tour), tour_kernel.Room.of(n)
    for count in (0, kicks):
        arguments = distance, nearest(distance, 8), symmetric, tour
        tour_kernel.search_block(*arguments, tour.copy(), count, 1e-9, words, room)
        assert sorted(tour) == list(range(n))
        assert length(distance, tour) <= last
        last = length(distance, tour)


@pytest.mark.parametrize("symmetric", [True, False])
def test_local_minimum(symmetric):
    """After the descent no reversal (if allowed) and no insertion of a city helps much."""
    n = 60
    distance = TravellingSalesman.random(n, seed=3).cities.distances.copy()
    if not symmetric:
        distance += 0.2 * np.random.default_rng(0).random((n, n))
    tour = np.random.default_rng(1).permutation(n)
    words, room = stream(0, words=4), tour_kernel.Room.of(n)
    arguments = distance, nearest(distance, 30), symmetric, tour
    for _ in range(3):
        tour_kernel.search_block(*arguments, tour.copy(), 0, 1e-9, words, room)
    value = length(distance, tour)
    better = 0
    for i in range(n):
        for j in range(i + 2, n):
            moved = np.concatenate([tour[:i], tour[i + 1 : j], tour[i : i + 1], tour[j:]])
            better += length(distance, moved) < value - 1e-9
            if symmetric:
                turned = np.concatenate([tour[:i], tour[i:j][::-1], tour[j:]])
                better += length(distance, turned) < value - 1e-9
    assert better == 0


def test_seeds_and_deadlines(spending):
    """The same seed gives the same tour; a deadline is kept, and a past one still descends."""
    distance = TravellingSalesman.random(200, seed=1).cities.distances
    start = np.arange(200)
    one, two = (improve_tour(distance, start, seed=5) for _ in range(2))
    assert (one == two).all()
    assert (one != improve_tour(distance, start, seed=6)).any()
    with spending(0.0, 0.5):
        past = improve_tour(distance, start, 0, time.monotonic() - 1)
    assert length(distance, past) < 0.2 * length(distance, start)
    with spending(0.25, 0.8):
        found = improve_tour(distance, start, 0, time.monotonic() + 0.3)
    assert length(distance, found) < 11.2
    assert (start == np.arange(200)).all()


def test_grid():
    """A grid of 8 x 8 has tours of 64 unit steps, and one is found."""
    points = np.array([(x, y) for x in range(8) for y in range(8)], float)
    distance = np.abs(points[:, None] - points).sum(axis=2)
    tour = improve_tour(distance, np.random.default_rng(0).permutation(64), seed=0)
    assert length(distance, tour) == 64


def test_nearest():
    """The nearest come first, the city itself never."""
    distance = np.array([[9.0, 2, 1], [5, 0, 6], [3, 3, 0]])
    assert nearest(distance, 8).tolist() == [[2, 1], [0, 2], [0, 1]]
