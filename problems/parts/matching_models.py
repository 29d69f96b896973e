"""The two formulations of a matching: places that are partners, and a binary for each edge.

Their ways back, from partners to pairs of vertices, and from pairs to edges, stand here too.
"""

from collections.abc import Collection, Hashable, Iterable
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.answers import pairs_in
from hopfield_opt.arrays import FloatArray, IntArray, check_memory
from hopfield_opt.baselines.matchings import Pair
from hopfield_opt.errors import text
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.model import Model

# of a place for a vertex: what its pair is worth, and its variable
BYTES_PER_PLACE = 40


def places_model(graph: WeightedGraph, perfect: bool) -> Model:
    """Return the weight of the pairs at places 1 and 2, 3 and 4, ...; `place` is a permutation."""
    worth = worth_of_pairs(graph, perfect)
    size = len(worth)
    first = np.arange(0, size, 2)
    partners = scipy.sparse.csr_array((np.ones(size // 2), (first, first + 1)), (size, size))
    model = Model()
    place = model.binary((size, size), name="place")
    total = (place * (worth @ place @ partners)).sum()
    if perfect:
        model.minimize(total)
    else:
        model.maximize(total)
    model.add(place.sum(axis=0) == 1, place.sum(axis=1) == 1, name="place")
    return model


def edges_model(graph: WeightedGraph, perfect: bool) -> Model:
    """Return the weight of the chosen edges, `edge`, at most one (or just one) at each vertex."""
    model = Model()
    edge = model.binary(graph.num_edges, name="edge")
    numbers = np.tile(np.arange(graph.num_edges), 2)
    ends = (np.concatenate([graph.heads, graph.tails]), numbers)
    incidence = scipy.sparse.csr_array(
        (np.ones(len(numbers)), ends), (graph.num_vertices, graph.num_edges)
    )
    degrees: Any = incidence @ edge
    total = (graph.weights * edge).sum()
    if perfect:
        model.minimize(total)
        model.add(degrees == 1, name="matched once")
    else:
        model.maximize(total)
        model.add(degrees <= 1, name="matched at most once")
    return model


def worth_of_pairs(graph: WeightedGraph, perfect: bool) -> FloatArray:
    """Return the worth of each pair of vertices, one empty place more if their number is odd.

    A pair that is no edge is worth nothing; in a perfect matching it costs more than two perfect
    matchings can differ by.
    """
    size = graph.num_vertices + graph.num_vertices % 2
    check_memory("places", BYTES_PER_PLACE * size**2, 'Take formulation="edges"')
    pairs = np.full((size, size), _missing(graph) if perfect else 0.0)
    np.fill_diagonal(pairs, 0.0)
    if size > graph.num_vertices:
        pairs[-1] = pairs[:, -1] = 0.0
    worth = graph.weights if perfect else np.maximum(graph.weights, 0.0)
    pairs[graph.heads, graph.tails] = pairs[graph.tails, graph.heads] = worth
    return pairs


def _missing(graph: WeightedGraph) -> float:
    """Return more than any two sets of n / 2 edges or fewer differ by."""
    ordered, most = np.sort(graph.weights), (graph.num_vertices + 1) // 2
    dearest = float(np.maximum(ordered[::-1][:most], 0.0).sum())
    cheapest = float(np.minimum(ordered[:most], 0.0).sum())
    return 1.5 * (dearest - cheapest) or 1.0


def order_of_places(graph: WeightedGraph, edges: IntArray) -> IntArray:
    """Return the vertices place by place: the ends of a matching's edges, and then the others."""
    size = graph.num_vertices + graph.num_vertices % 2
    matched = np.stack([graph.heads[edges], graph.tails[edges]], axis=1).ravel()
    rest = np.setdiff1d(np.arange(size), matched)
    return np.concatenate([matched, rest])


def places_of(graph: WeightedGraph, edges: IntArray) -> NDArray[np.int8]:
    """Return the variables `place` of a matching."""
    order = order_of_places(graph, edges)
    place = np.zeros((len(order), len(order)), dtype=np.int8)
    place[order, np.arange(len(order))] = 1
    return place


def partners_at(place: NDArray[np.bool_]) -> IntArray | None:
    """Return who is at places 1 and 2, 3 and 4, ...; None where one is taken twice or empty."""
    if (place.sum(axis=0) != 1).any() or (place.sum(axis=1) != 1).any():
        return None
    return np.nonzero(place.T)[1].reshape(-1, 2)


def mates_of(graph: WeightedGraph, edges: IntArray) -> IntArray:
    """Return the partner of each vertex, also of those that no edge of a matching joins."""
    pairs = order_of_places(graph, edges).reshape(-1, 2)
    mates = np.empty(pairs.size, dtype=np.int64)
    mates[pairs], mates[pairs[:, ::-1]] = pairs[:, ::-1], pairs
    return mates


def pairs_of_partners(graph: WeightedGraph, partners: IntArray, perfect: bool) -> set[Pair]:
    """Return those (k, 2) pairs of positions that are edges, without edges that only lose."""
    low, high = partners.min(axis=1), partners.max(axis=1)
    inside = high < graph.num_vertices  # not the empty place
    codes = low[inside] * graph.num_vertices + high[inside]
    edges = np.flatnonzero(np.isin(graph.heads * graph.num_vertices + graph.tails, codes))
    return pairs_of_edges(graph, edges[(graph.weights[edges] > 0) | perfect])


def pairs_of_edges(graph: WeightedGraph, edges: IntArray) -> set[Pair]:
    """Return the ends of edges in the user's labels."""
    heads, tails = graph.heads[edges].tolist(), graph.tails[edges].tolist()
    return {(graph.labels[u], graph.labels[v]) for u, v in zip(heads, tails, strict=True)}


def edges_of_pairs(
    graph: WeightedGraph, answer: Collection[Pair]
) -> tuple[IntArray, dict[str, Iterable[Hashable]]]:
    """Return the numbers of the edges, and what is wrong with the pairs.

    Raises
    ------
    InputError
        If `answer` is no collection of pairs.
    """
    index = graph.index
    pairs = pairs_in(answer, "vertices")
    known = [(index.get(u, -1), index.get(v, -1)) for u, v in pairs]
    ends = np.sort(np.array(known, dtype=np.int64).reshape(-1, 2), axis=1)
    codes = graph.heads * graph.num_vertices + graph.tails
    own = np.where(ends[:, 0] < 0, -1, ends[:, 0] * graph.num_vertices + ends[:, 1])
    number = np.searchsorted(codes, own)
    is_edge = np.append(codes, -2)[number] == own
    times = np.bincount(ends[is_edge].ravel(), minlength=graph.num_vertices)
    strangers = [pair for pair, joined in zip(pairs, is_edge.tolist(), strict=True) if not joined]
    return number[is_edge], {
        "no edge": sorted(strangers, key=text),
        "in several pairs": [graph.labels[v] for v in np.flatnonzero(times > 1).tolist()],
    }
