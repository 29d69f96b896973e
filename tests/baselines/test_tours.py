"""Tours of networkx and of dynamic programming, and how paths become closed tours."""

import itertools
import time

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.baselines import tours
from hopfield_opt.baselines.closed_tours import ClosedTours
from hopfield_opt.errors import InputError
from hopfield_opt.io import Cities
from hopfield_opt.problems import TravellingSalesman


@pytest.fixture
def euclidean():
    """Return thirty cities in the unit square with names."""
    cities = TravellingSalesman.random(30, seed=1).cities
    return ClosedTours(Cities([f"c{k}" for k in range(30)], cities.distances))


def length(closed, answer):
    """Return the length of a tour of all cities, road by road."""
    assert sorted(answer) == sorted(closed.cities.labels)
    assert answer[0] == closed.cities.labels[0]
    index = closed.cities.index
    steps = zip(answer, answer[1:] + answer[:1], strict=True)
    return sum(closed.cities.distances[index[u], index[v]] for u, v in steps)


def test_they_are_networkx(euclidean):
    """Without a deadline the tours are as long as those of networkx itself."""
    matrix = euclidean.cities.distances
    graph = nx.from_numpy_array(matrix)
    draw = int(np.random.default_rng(np.random.SeedSequence(3, spawn_key=())).integers(2**31))
    for run, expected in (
        (tours.christofides, nx.approximation.christofides(graph)),
        (tours.greedy, nx.approximation.greedy_tsp(graph, source=0)),
        (
            tours.simulated_annealing,
            nx.approximation.simulated_annealing_tsp(graph, "greedy", seed=draw),
        ),
        (
            tours.threshold_accepting,
            nx.approximation.threshold_accepting_tsp(graph, "greedy", seed=draw),
        ),
    ):
        value = sum(matrix[step] for step in itertools.pairwise(expected))
        assert length(euclidean, run(euclidean, 3, None)) == pytest.approx(value)


def test_restarts_keep_the_best(euclidean, spending):
    """Until the deadline runs are repeated, and the best is returned."""
    for run in (tours.greedy, tours.simulated_annealing, tours.iterated_two_opt):
        once = length(euclidean, run(euclidean, 0, None))
        with spending(0.0, 1.0):
            often = length(euclidean, run(euclidean, 0, time.monotonic() + 0.2))
        assert often <= once + 1e-9
    assert length(euclidean, tours.greedy(euclidean, 0, time.monotonic() + 0.2)) < 0.99 * length(
        euclidean, tours.greedy(euclidean, 0, None)
    )


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize(
    ("cycle", "first", "last"),
    [
        (True, None, None),
        (True, 3, None),
        (False, None, None),
        (False, 2, None),
        (False, None, 1),
        (False, 4, 0),
    ],
)
def test_held_karp_and_search_against_brute_force(cycle, first, last, symmetric):
    """Both find the shortest of all 720 orders with the given ends."""
    matrix = np.random.default_rng(7).integers(1, 50, (6, 6))
    matrix = (matrix + matrix.T if symmetric else matrix) * (1 - np.eye(6, dtype=int))
    closed = ClosedTours(Cities(range(6), matrix), cycle, first, last)

    def value(order):
        steps = list(itertools.pairwise(order)) + ([(order[-1], order[0])] if cycle else [])
        return sum(matrix[step] for step in steps)

    best = min(
        value(order)
        for order in itertools.permutations(range(6))
        if first in (None, order[0]) and last in (None, order[-1])
    )
    for run in (tours.held_karp, tours.iterated_two_opt):
        answer = run(closed, 0, None)
        assert value(answer) == best
        assert first in (None, answer[0])
        assert last in (None, answer[-1])


def test_opened_is_canonical():
    """A symmetric tour, turned and reversed in any way, is opened the same."""
    closed = ClosedTours(TravellingSalesman.random(5, seed=0).cities)
    tour = np.array([2, 0, 4, 1, 3])
    found = {tuple(closed.open(np.roll(t, k))) for t in (tour, tour[::-1]) for k in range(5)}
    assert found == {(0, 2, 3, 1, 4)}
    path = ClosedTours(closed.cities, False)
    assert path.open(np.array([3, 5, 4, 0, 1, 2])) == [3, 2, 1, 0, 4]
    assert path.open(path.close([3, 2, 1, 0, 4])) == [3, 2, 1, 0, 4]


def test_too_many_cities():
    """Dynamic programming over more than twelve cities is refused."""
    with pytest.raises(InputError, match="cities must be at most 12, got 13"):
        tours.held_karp(ClosedTours(TravellingSalesman.random(13, seed=0).cities), 0)


def test_a_fixed_end_is_an_end_however_dear():
    """Where every way from the first city, or to the last, is long, a path still has them there."""
    dear = np.ones((4, 4))
    dear[0] = 10.0
    np.fill_diagonal(dear, 0.0)
    path = tours.held_karp(ClosedTours(Cities(range(4), dear), cycle=False, first=0), 0)
    assert path[0] == 0
    path = tours.held_karp(ClosedTours(Cities(range(4), dear.T), cycle=False, last=0), 0)
    assert path[-1] == 0
