"""Independent sets, vertex covers and cliques by networkx and by HiGHS, as baselines."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray
from hopfield_opt.baselines import highs
from hopfield_opt.baselines.cuts import as_networkx
from hopfield_opt.baselines.restarts import best_of_runs
from hopfield_opt.io.weighted_graph import WeightedGraph

# seconds to minutes by branch and bound, hard for some graphs
MAX_VERTICES_EXACT = 200
# networkx's clique removal takes the square of the vertices several times
MAX_VERTICES_APPROXIMATED = 500


def greedy_set(graph: WeightedGraph, weights: FloatArray) -> set[Hashable]:
    """Return a set that no vertex of positive weight can join: much weight, few neighbours first.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices; those without a positive weight are left out.
    """
    around = _neighbours(graph)
    degrees = np.diff(around.indptr)
    is_free, chosen = weights > 0, []
    for vertex in np.argsort(-weights / (1.0 + degrees), kind="stable").tolist():
        if is_free[vertex]:
            chosen.append(vertex)
            is_free[around.indices[around.indptr[vertex] : around.indptr[vertex + 1]]] = False
    return _as_labels(graph, chosen)


def greedy_clique(graph: WeightedGraph, weights: FloatArray) -> set[Hashable]:
    """Return a clique that no vertex of positive weight can join: many neighbours first.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices; those without a positive weight are left out.
    """
    around = _neighbours(graph)
    degrees = np.diff(around.indptr)
    left, chosen = np.flatnonzero(weights > 0), []
    while len(left):
        vertex = int(left[np.argmax(degrees[left])])
        chosen.append(vertex)
        left = np.intersect1d(
            left, around.indices[around.indptr[vertex] : around.indptr[vertex + 1]]
        )
    return _as_labels(graph, chosen)


def maximal_set(
    graph: WeightedGraph, weights: FloatArray, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return the heaviest of `networkx.maximal_independent_set`, until the deadline.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices; those of negative weight are left out.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.
    """
    import networkx as nx

    network = as_networkx(graph).subgraph(np.flatnonzero(weights >= 0).tolist())
    if not len(network):
        return set()
    draws = rng.generator(seed)

    def choose(_: int) -> tuple[float, list[int]]:
        # a list up to networkx 3.6, a set from 3.7 on
        found = sorted(
            nx.maximal_independent_set(network, seed=int(draws.integers(2**31)), backend="networkx")
        )
        return -weights[found].sum(), found

    return _as_labels(graph, best_of_runs(choose, deadline))


def clique_removal(graph: WeightedGraph, seed: int, deadline: float | None = None) -> set[Hashable]:
    """Return the set of `networkx.approximation.maximum_independent_set`, which ignores weights.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    seed, deadline
        Not used: it draws nothing and cannot be stopped.
    """
    import networkx as nx

    if not graph.num_vertices:
        return set()
    network = as_networkx(graph)
    found: Any = nx.approximation.maximum_independent_set(network, backend="networkx")
    return _as_labels(graph, found)


def exact_set(
    graph: WeightedGraph, weights: FloatArray, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return a heaviest independent set by HiGHS, or the best one in time.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()`.
    """
    found = highs.minimum(-weights, _incidence(graph), -np.inf, 1.0, 1.0, deadline)
    return set() if found is None else _as_labels(graph, np.flatnonzero(found).tolist())


def approximate_cover(
    graph: WeightedGraph, weights: FloatArray, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return the cover of `networkx.approximation.min_weighted_vertex_cover`.

    It weighs at most twice the optimum.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices, none negative.
    seed, deadline
        Not used: it draws nothing and takes milliseconds.
    """
    import networkx as nx

    network = as_networkx(graph)
    nx.set_node_attributes(network, dict(enumerate(weights.tolist())), "weight")
    return _as_labels(
        graph,
        nx.approximation.min_weighted_vertex_cover(network, weight="weight", backend="networkx"),
    )


def exact_cover(
    graph: WeightedGraph, weights: FloatArray, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return a lightest vertex cover by HiGHS, or the best one in time.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()`.
    """
    found = highs.minimum(weights, _incidence(graph), 1.0, np.inf, 1.0, deadline)
    return set(graph.labels) if found is None else _as_labels(graph, np.flatnonzero(found).tolist())


def approximate_clique(
    graph: WeightedGraph, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return the clique of `networkx.approximation.max_clique`, which ignores weights.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    seed, deadline
        Not used: it draws nothing and cannot be stopped.
    """
    import networkx as nx

    if not graph.num_vertices:
        return set()
    found: Any = nx.approximation.max_clique(as_networkx(graph), backend="networkx")
    return _as_labels(graph, found)


def exact_clique(
    graph: WeightedGraph, weights: FloatArray, seed: int, deadline: float | None = None
) -> set[Hashable]:
    """Return a heaviest clique by `networkx.max_weight_clique`.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    weights : (n,) float64
        The weights of the vertices, whole and positive.
    seed, deadline
        Not used: it draws nothing and cannot be stopped.
    """
    import networkx as nx

    network = as_networkx(graph)
    nx.set_node_attributes(network, {v: int(w) for v, w in enumerate(weights)}, "weight")
    return _as_labels(graph, nx.max_weight_clique(network, weight="weight", backend="networkx")[0])


def _neighbours(graph: WeightedGraph) -> scipy.sparse.csr_array:
    """Return a matrix whose rows hold the neighbours of the vertices."""
    ends = np.concatenate([graph.heads, graph.tails]), np.concatenate([graph.tails, graph.heads])
    size = graph.num_vertices
    return scipy.sparse.csr_array((np.ones(len(ends[0])), ends), shape=(size, size))


def _incidence(graph: WeightedGraph) -> scipy.sparse.csr_array:
    """Return the matrix of edges (rows) and their two ends."""
    edges = np.arange(graph.num_edges)
    ends = np.concatenate([edges, edges]), np.concatenate([graph.heads, graph.tails])
    shape = (graph.num_edges, graph.num_vertices)
    return scipy.sparse.csr_array((np.ones(2 * len(edges)), ends), shape=shape)


def _as_labels(graph: WeightedGraph, positions: Iterable[int]) -> set[Hashable]:
    return {graph.labels[position] for position in positions}
