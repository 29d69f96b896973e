"""Cuts by networkx and by enumeration, as baselines."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.baselines.restarts import best_of_runs
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph

# about a second by enumeration
MAX_VERTICES_EXACT = 30


def one_exchange(graph: WeightedGraph, seed: int, deadline: float | None = None) -> Sides:
    """Return the best cut of `networkx.approximation.one_exchange`.

    The first run starts, as networkx does, with all vertices on one side; the next ones start
    at random, until the deadline. A run cannot be stopped: it takes milliseconds on thirty
    vertices, seconds on two hundred, and very long on thousands.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.

    Returns
    -------
    pair of sets
        The two sides.
    """
    import networkx as nx

    return _best_of_runs(graph, nx.approximation.one_exchange, seed, deadline, restarts=True)


def random_partition(graph: WeightedGraph, seed: int, deadline: float | None = None) -> Sides:
    """Return the best cut of `networkx.approximation.randomized_partitioning`.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.

    Returns
    -------
    pair of sets
        The two sides.
    """
    import networkx as nx

    return _best_of_runs(
        graph, nx.approximation.randomized_partitioning, seed, deadline, restarts=False
    )


def _best_of_runs(
    graph: WeightedGraph, run: Any, seed: int, deadline: float | None, restarts: bool
) -> Sides:
    """Return the best cut of runs on the same graph until the deadline, of one if there is none."""
    network, size = as_networkx(graph), graph.num_vertices
    draws = rng.generator(seed)

    def cut(number: int) -> tuple[float, NDArray[np.float64]]:
        start: dict[str, Any] = {}
        if number and restarts:
            start = {"initial_cut": set(np.flatnonzero(draws.integers(2, size=size)).tolist())}
        value, (first, _) = run(
            network, seed=int(draws.integers(2**31)), weight="weight", backend="networkx", **start
        )
        spins = np.ones(size)
        spins[list(first)] = -1
        return -value, spins

    return graph.sides(best_of_runs(cut, deadline))


def as_networkx(graph: WeightedGraph) -> Any:
    """Return a networkx graph on 0, 1, ..., whose sets have the same order in each process."""
    import networkx as nx

    network: Any = nx.Graph()
    network.add_nodes_from(range(graph.num_vertices))
    edges = zip(graph.heads.tolist(), graph.tails.tolist(), graph.weights.tolist(), strict=True)
    network.add_weighted_edges_from(edges)
    return network


def enumeration(graph: WeightedGraph, seed: int, deadline: float | None = None) -> Sides:
    """Return a maximum cut of a graph of at most 30 vertices.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` after which the best cut so far is returned.

    Returns
    -------
    pair of sets
        The two sides.

    Raises
    ------
    InputError
        If the graph has more than 30 vertices.
    """
    # numba takes a while to load
    from hopfield_opt.physics.enumeration import ground_states

    return graph.sides(ground_states(-dense(graph), deadline=deadline).states[0])


def dense(graph: WeightedGraph) -> NDArray[np.float64]:
    """Return the matrix of weights."""
    matrix = np.zeros((graph.num_vertices, graph.num_vertices))
    matrix[graph.heads, graph.tails] = matrix[graph.tails, graph.heads] = graph.weights
    return matrix
