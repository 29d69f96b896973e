"""Weights of frustrated cycles from a least join of frustrated faces: what its matching is by.

The dual of the least join packs cuts around frustrated faces, each a closed set of edges that is
frustrated (Edmonds & Johnson 1973). They come from the radii of a least matching of these faces
and are proven like any other cycles, without a word of faces.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.bounds.faces import Faces
from hopfield_opt.bounds.forest import Forest, make_forest
from hopfield_opt.bounds.matching import match
from hopfield_opt.bounds.odd_cycles import Packing
from hopfield_opt.bounds.regions import cut, find_near
from hopfield_opt.bounds.signed_graph import SignedGraph
from hopfield_opt.model.nodes import Floats

Longs = NDArray[np.int64]

# lengths in units, the longest of them
LONGEST = 2.0**30
# other ones that each frustrated face may be joined to at first
FEW = 12
# steps of a matching between looks at the time
STEPS = 20


def join_faces(graph: SignedGraph, faces: Faces, remaining: Callable[[], float]) -> Packing | None:
    """Return frustrated cycles that prove a least join of faces; None where there was no time.

    Parameters
    ----------
    graph : SignedGraph
        What is bounded.
    faces : Faces
        Its faces.
    remaining : callable
        Returns the seconds that are left.
    """
    sizes = np.array([float(one) for one in graph.sizes])
    most = float(sizes.max())
    if not 1e-200 < most < 1e200:
        return None
    # small whole numbers stay what they are
    unit = 1.0 if most <= LONGEST and (np.rint(sizes) == sizes).all() else most / LONGEST
    lengths = 2.0 * np.floor(sizes / unit)
    plane = _Plane(faces, graph, lengths)
    few, best, lost = np.full(len(plane.defects), FEW), None, np.inf
    while len(few) and lost > 0 and (forest := plane.match(few, remaining)) is not None:
        cuts = plane.cut(forest, remaining)
        if cuts is None:
            break
        over, loss = cuts.beyond(0.5 * lengths)
        if loss < lost:
            best, lost = Packing(cuts.starts, cuts.edges, unit * cuts.weights), loss
        # what is missing are pairs of those whose radii overlap
        few[cuts.members(forest, over)] *= 2
    return best


class _Cuts(NamedTuple):
    """Cuts in the graph of faces: the node that each is around, its edges and its width."""

    nodes: Longs
    starts: Longs
    edges: Longs
    weights: Floats

    def beyond(self, lengths: Floats) -> tuple[NDArray[np.bool_], float]:
        """Return which edges are used up more than once, and by how much all together."""
        widths = np.repeat(self.weights, np.diff(self.starts))
        over = np.bincount(self.edges, widths, minlength=len(lengths)) - lengths
        return over > 0, float(over[over > 0].sum())

    def members(self, forest: Forest, over: NDArray[np.bool_]) -> Longs:
        """Return the vertices of the nodes around which a cut has one of some edges."""
        owners = np.repeat(self.nodes, np.diff(self.starts))
        found: set[int] = set()
        for node in np.unique(owners[over[self.edges]]).tolist():
            vertex = int(forest.first[node])
            found.add(vertex)
            while vertex != forest.last[node]:
                vertex = int(forest.after[vertex])
                found.add(vertex)
        return np.array(sorted(found), dtype=np.int64)


class _Plane:
    """The graph whose vertices are faces, joined over the edges between them."""

    def __init__(self, faces: Faces, graph: SignedGraph, lengths: Floats) -> None:
        one, other = faces.sides
        between = np.flatnonzero((one >= 0) & (one != other))
        rows = np.concatenate([one[between], other[between]])
        order = np.argsort(rows, kind="stable")
        columns = np.concatenate([other[between], one[between]])[order]
        self.edge = np.tile(between, 2)[order].astype(np.int64)
        starts = np.cumsum(np.bincount(rows, minlength=faces.number))
        self.graph = (
            np.concatenate([[0], starts]).astype(np.int64),
            columns.astype(np.int64),
            lengths[self.edge],
        )
        negative = between[graph.is_negative[between]]
        odd = np.bincount(faces.sides[:, negative].ravel(), minlength=faces.number) % 2
        self.defects = np.flatnonzero(odd).astype(np.int64)
        arcs = 2 * len(columns) + 2 * faces.number + 4
        self._key = np.full(faces.number, np.inf)
        self._met = np.zeros(faces.number, np.bool_)
        self._heap = (np.zeros(arcs), np.zeros(arcs, np.int64))
        self._order = np.zeros(faces.number, np.int64)
        self._number = np.full(faces.number, -1, np.int64)
        self._number[self.defects] = np.arange(len(self.defects))

    def near(self, few: Longs) -> tuple[Longs, Longs]:
        """Return pairs of defects near each other, each once, and their distances."""
        room = 8 * len(few) + 2 * int(few.sum())
        while True:
            pairs, lengths = np.zeros((2, room), np.int64), np.zeros(room)
            found = find_near(
                self.graph, self.defects, self._number, few, self._key, self._met, self._heap,
                self._order, pairs, lengths,
            )  # fmt: skip
            if found < room:
                break
            room *= 2
        pairs = np.sort(pairs[:, :found], axis=0)
        kept = np.unique(pairs[0] * len(self.defects) + pairs[1], return_index=True)[1]
        return pairs[:, kept], lengths[kept].astype(np.int64)

    def match(self, few: Longs, remaining: Callable[[], float]) -> Forest | None:
        """Return a least matching of the defects with some near each; None without time."""
        return match_pairs(len(few), *self.near(few), remaining) if remaining() > 0 else None

    def cut(self, forest: Forest, remaining: Callable[[], float]) -> _Cuts | None:
        """Return the cuts that radii stand for; None where there was no time."""
        inside = np.zeros(len(self._key), np.bool_)
        edges, ends, weights = np.zeros(2**16, np.int64), np.zeros(2**12, np.int64), np.zeros(2**12)
        parts: list[Any] = []
        for node in np.flatnonzero(forest.radius > 0).tolist():
            while True:
                count = cut(
                    forest, node, self.graph, self.defects, self._number, self.edge, self._key,
                    self._met, self._heap, self._order, inside, edges, ends, weights,
                )  # fmt: skip
                if count >= 0:
                    break
                edges, ends = np.zeros(4 * len(edges), np.int64), np.zeros(4 * len(ends), np.int64)
                weights = np.zeros(len(ends))
            if remaining() <= 0:
                return None
            if count:
                sizes = np.diff(ends[:count], prepend=0)
                widths = 0.5 * weights[:count]
                parts.append((np.full(count, node), sizes, edges[: ends[count - 1]].copy(), widths))
        if not parts:
            return None
        nodes, sizes, edges, widths = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        return _Cuts(nodes, np.concatenate([[0], np.cumsum(sizes)]), edges, widths)


def match_pairs(
    size: int, pairs: Longs, lengths: Longs, remaining: Callable[[], float]
) -> Forest | None:
    """Return a least perfect matching; None where there is none, or was no time.

    Parameters
    ----------
    size : int
        The vertices.
    pairs : (2, E) int64
        The edges.
    lengths : (E,) int64
        Their lengths, even and not negative.
    remaining : callable
        Returns the seconds that are left.
    """
    forest, count = make_forest(size), len(lengths)
    room = count + 2 * size + 8
    head, link = np.full(size, -1, np.int64), np.full(2 * room, -1, np.int64)
    ends, whole = np.full(2 * room, -1, np.int64), np.zeros(room, np.int64)
    whole[:count] = lengths
    ends[0 : 2 * count : 2], ends[1 : 2 * count : 2] = pairs[1], pairs[0]
    tails = np.stack([pairs[0], pairs[1]], axis=1).ravel()
    order = np.argsort(tails, kind="stable")
    first = np.searchsorted(tails[order], np.arange(size))
    counts = np.bincount(tails, minlength=size)
    link[order[:-1]] = np.where(tails[order[1:]] == tails[order[:-1]], order[1:], -1)
    head[counts > 0] = order[first[counts > 0]]
    unmatched = size
    while unmatched > 0:
        count, unmatched = match(forest, (head, link, ends, whole), count, STEPS)
        if count < 0 or (unmatched and remaining() <= 0):
            return None
    return forest
