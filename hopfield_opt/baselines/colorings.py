"""Colourings by greedy rules, by networkx and by HiGHS."""

import heapq
from collections.abc import Hashable
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt.arrays import IntArray
from hopfield_opt.baselines import highs
from hopfield_opt.baselines.cliques import clique_from_starts
from hopfield_opt.baselines.cuts import as_networkx
from hopfield_opt.io.weighted_graph import WeightedGraph

Coloring = dict[Hashable, int]

STRATEGIES = (
    "largest_first",
    "random_sequential",
    "smallest_last",
    "independent_set",
    "connected_sequential_bfs",
    "connected_sequential_dfs",
    "DSATUR",
)
# seconds to minutes by branch and bound
MAX_BINARIES_EXACT = 1000


def adjacency(graph: WeightedGraph) -> list[set[int]]:
    """Return the neighbours of each vertex, by position."""
    neighbours: list[set[int]] = [set() for _ in range(graph.num_vertices)]
    for u, v in zip(graph.heads.tolist(), graph.tails.tolist(), strict=True):
        neighbours[u].add(v)
        neighbours[v].add(u)
    return neighbours


def by_degree(graph: WeightedGraph, colors: int) -> IntArray:
    """Return colours from 0 to `colors` - 1, most neighbours first, with few conflicts.

    A vertex gets the first colour that no neighbour has, or the one that fewest have.
    """
    neighbours = adjacency(graph)
    chosen = np.full(graph.num_vertices, -1, dtype=np.int64)
    order = sorted(range(graph.num_vertices), key=lambda v: -len(neighbours[v]))
    for vertex in order:
        seen = chosen[list(neighbours[vertex])]
        chosen[vertex] = np.argmin(np.bincount(seen[seen >= 0], minlength=colors)[:colors])
    return chosen


def by_saturation(graph: WeightedGraph) -> IntArray:
    """Return the colours of DSATUR: next comes who sees most colours already.

    Parameters
    ----------
    graph : WeightedGraph
        The graph; ties are broken by the number of neighbours, then by order.

    Returns
    -------
    (n,) int64
        The colour of each vertex, from 0 on.

    References
    ----------
    D. Brélaz, "New methods to color the vertices of a graph", Communications of the ACM 22
    (1979).
    """
    neighbours = adjacency(graph)
    colors = np.full(graph.num_vertices, -1, dtype=np.int64)
    seen: list[set[int]] = [set() for _ in neighbours]
    queue = [(0, -len(own), v) for v, own in enumerate(neighbours)]
    heapq.heapify(queue)
    while queue:
        saturation, _, v = heapq.heappop(queue)
        if colors[v] >= 0 or -saturation != len(seen[v]):
            continue  # an entry from before v saw another colour
        color = next(c for c in range(len(seen[v]) + 1) if c not in seen[v])
        colors[v] = color
        for u in neighbours[v]:
            if colors[u] < 0 and color not in seen[u]:
                seen[u].add(color)
                heapq.heappush(queue, (-len(seen[u]), -len(neighbours[u]), u))
    return colors


def is_bipartite(graph: WeightedGraph) -> bool:
    """Whether two colours are enough: there is no cycle of odd length."""
    neighbours = adjacency(graph)
    side = [-1] * len(neighbours)
    for root in range(len(neighbours)):
        if side[root] >= 0:
            continue
        side[root], stack = 0, [root]
        while stack:
            v = stack.pop()
            for u in neighbours[v]:
                if side[u] == side[v]:
                    return False
                if side[u] < 0:
                    side[u] = 1 - side[v]
                    stack.append(u)
    return True


def by_networkx(
    graph: WeightedGraph, strategy: str, most: int | None, seed: int, deadline: float | None = None
) -> Coloring | None:
    """Return the colouring of `networkx.greedy_color`, None if it has too many colours.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    strategy : str
        One of `STRATEGIES`.
    most : int or None
        How many colours are allowed; None for any number.
    seed : int
        Of the order of "random_sequential"; the others draw nothing.
    deadline : float or None
        Not used: it cannot be stopped.
    """
    import networkx as nx

    rule: Any = strategy
    if strategy == "random_sequential":
        rule = partial(nx.coloring.strategy_random_sequential, seed=seed)
    found = nx.greedy_color(as_networkx(graph), rule, backend="networkx")
    if most is not None and len(set(found.values())) > most:
        return None
    return {label: found[position] for position, label in enumerate(graph.labels)}


def exact(
    graph: WeightedGraph, colors: int, seed: int, deadline: float | None = None
) -> Coloring | None:
    """Return a colouring with the fewest colours by HiGHS, or None if it finds none.

    ``minimize sum_c y_c`` with one x_vc = 1 for each vertex v, ``x_uc + x_vc <= y_c`` on each
    edge and ``x_vc <= y_c`` where a vertex has none; colours are used in order, and those of a
    clique are fixed.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    colors : int
        The number of colours at hand.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.
    """
    size, edges = graph.num_vertices, graph.num_edges
    alone = np.setdiff1d(np.arange(size), [graph.heads, graph.tails])
    clique = clique_from_starts(graph)
    if not size or len(clique) > colors:
        return None if size else {}
    one = scipy.sparse.kron(scipy.sparse.eye_array(size), np.ones((1, colors)))
    ends = np.concatenate([graph.heads, graph.tails, alone])
    lines = np.concatenate([np.arange(edges), np.arange(edges), edges + np.arange(len(alone))])
    edges += len(alone)
    incidence = scipy.sparse.csr_array((np.ones(len(ends)), (lines, ends)), shape=(edges, size))
    palette = scipy.sparse.eye_array(colors)
    pairs = scipy.sparse.kron(incidence, palette)
    used = scipy.sparse.kron(np.ones((edges, 1)), palette)
    ordered = scipy.sparse.csr_array(scipy.sparse.eye_array(colors, k=1) - palette)
    places = np.array(clique, dtype=np.int64) * colors + np.arange(len(clique))
    shape = (len(places), size * colors)
    fixed = scipy.sparse.csr_array((np.ones(len(places)), (np.arange(len(places)), places)), shape)
    blocks: Any = [[one, None], [pairs, -used], [None, ordered[: colors - 1]], [fixed, None]]
    rows = scipy.sparse.block_array(blocks)
    counts = [size, edges * colors, colors - 1, len(places)]
    lower, upper = np.repeat([1, -np.inf, -np.inf, 1], counts), np.repeat([1, 0, 0, 1], counts)
    costs = np.concatenate([np.zeros(size * colors), np.ones(colors)])
    found = highs.minimum(costs, rows, lower, upper, 1.0, deadline)
    if found is None:
        return None
    chosen = found[: size * colors].reshape(size, colors).argmax(axis=1)
    return dict(zip(graph.labels, chosen.tolist(), strict=True))
