"""Tours by networkx, by iterated 2-opt and by dynamic programming, as baselines."""

from collections.abc import Callable
from typing import Any

import numpy as np

from hopfield_opt import rng
from hopfield_opt.arrays import IntArray
from hopfield_opt.baselines.closed_tours import ClosedTours, Tour
from hopfield_opt.baselines.restarts import best_of_runs
from hopfield_opt.errors import InputError
from hopfield_opt.io.cities import Cities

# about a tenth of a second, and 2 MB, by dynamic programming
MAX_CITIES_EXACT = 12


def _networkx(cities: Cities) -> Any:
    """Return the complete networkx graph on 0, 1, ..., directed where the cities are."""
    import networkx as nx

    network: Any = nx.Graph() if cities.symmetric else nx.DiGraph()
    network.add_nodes_from(range(cities.size))
    for u, row in enumerate(cities.distances.tolist()):
        network.add_weighted_edges_from(
            (u, v, w) for v, w in enumerate(row) if (u < v if cities.symmetric else u != v)
        )
    return network


def christofides(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return the tour of `networkx.approximation.christofides`.

    At most 1.5 times the optimum where the triangle inequality holds. It takes seconds on 300
    cities, minutes on 1000, and cannot be stopped.

    Parameters
    ----------
    tours : ClosedTours
        Symmetric and complete cycles.
    seed, deadline
        Not used: the answer is always the same.
    """
    import networkx as nx

    found = nx.approximation.christofides(_networkx(tours.cities), backend="networkx")
    return tours.open(np.array(found[:-1], dtype=np.int64))


def greedy(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return the tour of `networkx.approximation.greedy_tsp`: always on to the nearest city.

    Parameters
    ----------
    tours : ClosedTours
        Complete cycles.
    seed : int
        Not used in the first run, which begins at the first city; the next ones begin at
        random ones.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.
    """
    import networkx as nx

    def run(network: Any, draws: np.random.Generator, is_first: bool) -> Any:
        source = 0 if is_first else int(draws.integers(len(network)))
        return nx.approximation.greedy_tsp(network, source=source, backend="networkx")

    return _best_of_runs(tours, run, seed, deadline)


def simulated_annealing(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return the best tour of `networkx.approximation.simulated_annealing_tsp`, as it comes.

    Parameters
    ----------
    tours : ClosedTours
        Complete cycles.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.
    """
    import networkx as nx

    return _best_of_runs(tours, _annealer(nx.approximation.simulated_annealing_tsp), seed, deadline)


def threshold_accepting(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return the best tour of `networkx.approximation.threshold_accepting_tsp`, as it comes.

    Parameters
    ----------
    tours : ClosedTours
        Complete cycles.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.
    """
    import networkx as nx

    return _best_of_runs(tours, _annealer(nx.approximation.threshold_accepting_tsp), seed, deadline)


def _annealer(algorithm: Any) -> Callable[[Any, np.random.Generator, bool], Any]:
    """Return a run of a heuristic of networkx that begins with the greedy tour."""
    import networkx as nx

    def run(network: Any, draws: np.random.Generator, is_first: bool) -> Any:
        # not "greedy": a backend that improves answers may be set to come first
        first = nx.approximation.greedy_tsp(network, backend="networkx")
        return algorithm(network, first, seed=int(draws.integers(2**31)), backend="networkx")

    return run


def _best_of_runs(
    tours: ClosedTours,
    run: Callable[[Any, np.random.Generator, bool], Any],
    seed: int,
    deadline: float | None,
) -> Tour:
    """Return the best tour of runs until the deadline, of one if there is none."""
    network, draws = _networkx(tours.cities), rng.generator(seed)

    def tour(number: int) -> tuple[float, IntArray]:
        found = np.array(run(network, draws, not number)[:-1], dtype=np.int64)
        return tours.length(found), found

    return tours.open(best_of_runs(tour, deadline))


def iterated_two_opt(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return a tour by local search and kicks from a greedy one, see `tour_search`.

    Parameters
    ----------
    tours : ClosedTours
        Tours or paths of any kind.
    seed : int
        Of the start and the kicks.
    deadline : float or None
        A value of `time.monotonic()`; None makes a fixed number of kicks.
    """
    # numba takes a while to load
    from hopfield_opt.baselines.tour_search import improve_tour

    distances = tours.distances
    size = len(distances)
    if size == 0:
        return []
    at = int(rng.generator(seed).integers(size))
    order, left = [at], np.ones(size, dtype=bool)
    left[at] = False
    for _ in range(size - 1):
        at = int(np.where(left, distances[at], np.inf).argmin())
        order.append(at)
        left[at] = False
    return tours.open(improve_tour(distances, np.array(order), seed, deadline, tours.places))


def held_karp(tours: ClosedTours, seed: int, deadline: float | None = None) -> Tour:
    """Return a shortest tour of at most 12 cities, by dynamic programming over subsets.

    ``c(S, j) = min over i in S of c(S - {i}, i) + d_ij`` is the shortest way from the last city
    through all of S to j.

    Parameters
    ----------
    tours : ClosedTours
        Tours or paths of any kind.
    seed, deadline
        Not used: the answer is always the same.

    Raises
    ------
    InputError
        If there are more than 12 cities.

    References
    ----------
    M. Held, R. M. Karp, "A dynamic programming approach to sequencing problems", J. SIAM 10
    (1962).
    """
    if tours.cities.size > MAX_CITIES_EXACT:
        raise InputError(
            f"cities must be at most {MAX_CITIES_EXACT}, got {tours.cities.size}. "
            "Use another baseline."
        )
    d = tours.distances
    base = len(d) - 1
    if base < 1:
        return tours.open(np.arange(len(d)))
    members = (np.arange(2**base)[:, None] >> np.arange(base)) & 1 == 1
    # the shortest way from `base` through the set to j, and the city before j
    ways, before = np.full((2**base, base + 1), np.inf), np.zeros((2**base, base + 1), np.int64)
    ways[0] = d[base]
    for mask in range(1, 2**base):
        inside = np.flatnonzero(members[mask])
        steps = ways[mask ^ (1 << inside), inside][:, None] + d[inside]
        ways[mask] = steps.min(axis=0)
        before[mask] = inside[steps.argmin(axis=0)]
    tour, mask = [base], 2**base - 1
    while mask:
        tour.append(int(before[mask, tour[-1]]))
        mask ^= 1 << tour[-1]
    return tours.open(np.array(tour[::-1]))
