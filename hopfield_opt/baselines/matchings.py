"""Matchings by networkx's blossom algorithm and by a greedy rule, as baselines."""

from collections.abc import Collection, Hashable

import numpy as np

from hopfield_opt.baselines.cuts import as_networkx
from hopfield_opt.io.weighted_graph import WeightedGraph

Pair = tuple[Hashable, Hashable]


def blossom(
    graph: WeightedGraph, perfect: bool, seed: int, deadline: float | None = None
) -> set[Pair] | None:
    """Return the matching of `networkx.max_weight_matching` or `min_weight_matching`.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    perfect : bool
        Whether the lightest one that matches everybody is wanted, None if there is none, not
        the heaviest of any size.
    seed, deadline
        Not used: it draws nothing and cannot be stopped.
    """
    import networkx as nx

    network = as_networkx(graph)
    found = nx.min_weight_matching(network) if perfect else nx.max_weight_matching(network)
    return _as_labels(graph, found, perfect)


def greedy(
    graph: WeightedGraph, perfect: bool, seed: int, deadline: float | None = None
) -> set[Pair] | None:
    """Return the matching that takes the best edge whose ends are free, again and again.

    At least half the largest weight, where it is the largest that is wanted.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    perfect : bool
        Whether the lightest edges are the best, and negative ones count; None if not everybody
        is matched.
    seed, deadline
        Not used: it draws nothing and takes milliseconds.
    """
    order = np.argsort(graph.weights if perfect else -graph.weights, kind="stable")
    if not perfect:
        order = order[graph.weights[order] > 0]
    free = [True] * graph.num_vertices
    pairs = []
    for u, v in zip(graph.heads[order].tolist(), graph.tails[order].tolist(), strict=True):
        if free[u] and free[v]:
            free[u] = free[v] = False
            pairs.append((u, v))
    return _as_labels(graph, pairs, perfect)


def _as_labels(
    graph: WeightedGraph, pairs: Collection[tuple[int, int]], perfect: bool
) -> set[Pair] | None:
    """Return pairs of positions as pairs of labels; None where not all are matched that must be."""
    if perfect and 2 * len(pairs) < graph.num_vertices:
        return None
    labels = graph.labels
    return {(labels[min(pair)], labels[max(pair)]) for pair in pairs}


def odd_component(graph: WeightedGraph) -> list[Hashable]:
    """Return a connected part with an odd number of vertices, [] if there is none.

    Its vertices cannot all be matched.
    """
    import scipy.sparse
    from scipy.sparse.csgraph import connected_components

    size = graph.num_vertices
    ends = (graph.heads, graph.tails)
    matrix = scipy.sparse.coo_array((np.ones(graph.num_edges), ends), shape=(size, size))
    _, label = connected_components(matrix, directed=False)
    odd = np.flatnonzero(np.bincount(label) % 2)
    if not len(odd):
        return []
    return [graph.labels[v] for v in np.flatnonzero(label == odd[0]).tolist()]
