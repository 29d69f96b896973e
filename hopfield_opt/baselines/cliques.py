"""Large cliques by a greedy rule, from many starts: what they prove of colourings."""

from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.arrays import IntArray
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.jit import njit

# Starts of the greedy clique, from the vertices of most neighbours on: so many, and fewer where
# they look at more edges than this in all, which takes a tenth of a second.
MAX_STARTS, MOST_EDGES = 300, 30_000_000


def neighbours_of(graph: WeightedGraph) -> tuple[IntArray, IntArray]:
    """Return the neighbours of all vertices one after another, and where those of each begin."""
    size = graph.num_vertices
    ends = np.concatenate([graph.heads, graph.tails]), np.concatenate([graph.tails, graph.heads])
    ones = np.ones(len(ends[0]), np.int8)
    matrix = scipy.sparse.csr_array((ones, ends), shape=(size, size))
    return matrix.indices.astype(np.int64), matrix.indptr.astype(np.int64)


def clique_from_starts(graph: WeightedGraph) -> list[int]:
    """Return a large clique: the best of greedy ones, each begun at another vertex.

    Next comes who leaves most of those that are joined to all so far, the first of several.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.

    Returns
    -------
    list of int
        The positions of its vertices. Each of them needs a colour of its own.
    """
    neighbours, begins = neighbours_of(graph)
    degrees = np.diff(begins)
    order = np.argsort(-degrees, kind="stable")[:MAX_STARTS]
    left, counts = np.zeros(len(degrees), np.bool_), np.zeros(len(degrees), np.int64)
    best: list[int] = []
    looked = 0
    for start in order.tolist():
        own = neighbours[begins[start] : begins[start + 1]]
        edges = 2 * int(degrees[own].sum())
        looked += edges
        if len(own) < len(best) or (best and looked > MOST_EDGES):
            break
        deadline.check(edges)
        found = _greedy_clique(neighbours, begins, start, left, counts)
        best = max(best, found.tolist(), key=len)
    return best


@njit
def _greedy_clique(neighbours: Any, begins: Any, start: int, left: Any, counts: Any) -> Any:
    """Return a clique with `start`; `left` is false everywhere, and again in the end.

    Of who is left, `counts` says how many others that are left it is joined to.
    """
    pool = neighbours[begins[start] : begins[start + 1]].copy()
    clique = np.empty(len(pool) + 1, np.int64)
    clique[0], size, rest = start, 1, len(pool)
    for v in pool:
        left[v] = True
    for v in pool:
        counts[v] = 0
        for p in range(begins[v], begins[v + 1]):
            counts[v] += left[neighbours[p]]
    while rest:
        most = pool[0]
        for v in pool[1:rest]:
            if counts[v] > counts[most] or (counts[v] == counts[most] and v < most):
                most = v
        clique[size] = most
        size += 1
        # who is joined to it is marked by a number below 0, and stays
        for p in range(begins[most], begins[most + 1]):
            counts[neighbours[p]] = -1 - counts[neighbours[p]]
        kept = 0
        for k in range(rest):
            v = pool[k]
            if counts[v] < 0:
                pool[k], pool[kept] = pool[kept], v
                kept += 1
        for p in range(begins[most], begins[most + 1]):
            counts[neighbours[p]] = -1 - counts[neighbours[p]]
        for v in pool[kept:rest]:
            left[v] = False
            for p in range(begins[v], begins[v + 1]):
                counts[neighbours[p]] -= 1
        rest = kept
    return clique[:size]
