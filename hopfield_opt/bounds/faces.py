"""Cycles of a graph of which each edge lies in two: the faces of what is planar, or of a lattice.

What a state leaves unsatisfied meets each frustrated face an odd number of times, and every other
one an even number: it joins the frustrated faces in pairs, from face to face over edges, wherever
these lie. So it weighs no less than the least such join (Bieche, Maynard, Rammal & Uhry 1980), on
any surface; in the plane it is one, and on a torus it may go around it the wrong way.
"""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.model.nodes import Indices

# pairs of neighbours that are looked through for short cycles, and what sorting them counts for
MOST_CORNERS, SORTED = 2_000_000, 40
# networkx takes some seconds for more
MOST_EDGES = 60_000


class Faces(NamedTuple):
    """Faces of a graph.

    Attributes
    ----------
    number : int
        How many.
    sides : (2, E) int
        Those on both sides of each edge, both -1 where it lies in none.
    closes : bool
        Whether each join of frustrated faces is what a state leaves unsatisfied, as in the plane.
    """

    number: int
    sides: Indices
    closes: bool


def faces_of(graph: SignedGraph) -> Faces | None:
    """Return faces of a graph, None where it has none that are found soon; maybe OutOfTime."""
    # Euler's formula: in the plane and on a torus there are no more edges
    if not 0 < len(graph.sizes) <= 3 * graph.num_vertices:
        return None
    corners = _corners(graph)
    triangles = None if corners is None else _triangles(graph, *corners)
    quadrangles = None if corners is None else _quadrangles(*corners)
    best = None
    for cycles in (quadrangles, triangles):
        found = None if cycles is None else _sides(cycles, graph, least=1)
        if found is not None and (best is None or found.closes):
            best = found
    if best is not None and best.closes:
        return best
    # in the plane fewer still, above all without triangles
    flat = 2 * graph.num_vertices - 4
    if triangles is None or len(triangles):
        flat = 3 * graph.num_vertices - 6
    if len(graph.sizes) > min(flat, MOST_EDGES) or (walks := _planar_walks(graph)) is None:
        return best
    return _sides(walks, graph, least=0)


def _sides(cycles: list[Indices], graph: SignedGraph, least: int) -> Faces | None:
    """Return cycles as faces, the edges that lie in one of them closed by one more."""
    owner = np.repeat(np.arange(len(cycles)), [len(one) for one in cycles])
    edges = np.concatenate([np.zeros(0, np.intp), *cycles])
    order = np.argsort(edges, kind="stable")
    owner, edges = owner[order], edges[order]
    counts = np.bincount(edges, minlength=len(graph.sizes))
    if not len(cycles) or counts.max(initial=0) > 2 or counts.min(initial=2) < least:
        return None
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    sides = np.full((2, len(counts)), -1, dtype=np.intp)
    known = counts > 0
    sides[0, known] = owner[first[known]]
    sides[1, counts == 2] = owner[first[counts == 2] + 1]
    sides[1, counts == 1] = len(cycles)
    return Faces(len(cycles) + 1, sides, _closes(len(cycles) + 1, sides, graph))


def _closes(count: int, sides: Indices, graph: SignedGraph) -> bool:
    """Whether all closed walks from face to face are cuts of the graph: both have one dimension."""
    from scipy.sparse.csgraph import connected_components

    known = sides[0] >= 0
    covered = int(known.sum())
    dimensions = []
    for size, ends in ((count, sides[:, known]), (graph.num_vertices, graph.ends[:, known])):
        joined = scipy.sparse.coo_array((np.ones(covered), tuple(ends)), shape=(size, size))
        dimensions.append(size - connected_components(joined, directed=False)[0])
    return covered == sum(dimensions)


def _corners(graph: SignedGraph) -> tuple[Indices, ...] | None:
    """Return all pairs of edges that meet: where, to which vertices, the lower one first."""
    n = graph.num_vertices
    rows = np.concatenate([graph.ends[0], graph.ends[1]])
    columns = np.concatenate([graph.ends[1], graph.ends[0]])
    edges = np.tile(np.arange(len(graph.sizes)), 2)
    order = np.lexsort((columns, rows))
    rows, columns, edges = rows[order], columns[order], edges[order]
    degrees = np.bincount(rows, minlength=n)
    corners = float((degrees.astype(np.float64) ** 2).sum()) / 2
    if corners > MOST_CORNERS:
        return None
    deadline.check(SORTED * corners)
    later = np.cumsum(degrees)[rows] - np.arange(len(rows)) - 1
    one = np.repeat(np.arange(len(rows)), later)
    step = np.arange(len(one)) - np.repeat(np.cumsum(later) - later, later) + 1
    other = one + step
    return rows[one], columns[one], columns[other], edges[one], edges[other]


def _triangles(
    graph: SignedGraph, at: Indices, low: Indices, high: Indices, one: Indices, other: Indices
) -> list[Indices]:
    kept = at < low
    pairs = np.sort(graph.ends, axis=0).astype(np.int64)
    known = pairs[0] * graph.num_vertices + pairs[1]
    order = np.argsort(known)
    wanted = low[kept].astype(np.int64) * graph.num_vertices + high[kept]
    place = np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)
    closed = known[order][place] == wanted
    return list(np.stack([one[kept], other[kept], order[place]], axis=1)[closed])


def _quadrangles(
    at: Indices, low: Indices, high: Indices, one: Indices, other: Indices
) -> list[Indices]:
    order = np.lexsort((at, high, low))
    at, low, high, one, other = (array[order] for array in (at, low, high, one, other))
    # the least vertex of the four is that of the first corner
    same = (low[1:] == low[:-1]) & (high[1:] == high[:-1])
    kept = np.flatnonzero(same & (at[:-1] < low[1:]))
    found = np.stack([one[kept], other[kept], one[kept + 1], other[kept + 1]], axis=1)
    return list(found)


def _planar_walks(graph: SignedGraph) -> list[Indices] | None:
    """Return the faces of a plane drawing, as the edges that lie in them once."""
    import networkx as nx

    deadline.check(5e3 * len(graph.sizes))
    drawn: Any = nx.Graph()
    pairs = graph.ends.T.tolist()
    drawn.add_edges_from(pairs)
    embedding: Any = nx.check_planarity(drawn)[1]
    if embedding is None:
        return None
    number = {tuple(pair): k for k, pair in enumerate(pairs)}
    number |= {(v, u): k for (u, v), k in list(number.items())}
    seen: set[tuple[int, int]] = set()
    walks = []
    for u, v in deadline.check_each(list(embedding.edges()), 1000):
        if (u, v) not in seen:
            way = embedding.traverse_face(u, v, mark_half_edges=seen)
            edges = [number[step] for step in zip(way, [*way[1:], way[0]], strict=True)]
            once, times = np.unique(edges, return_counts=True)
            walks.append(once[times == 1])
    return walks
