"""Refinement of partitions into several parts: pairs of parts, and loads brought into range.

Of two parts only their own members and the bonds between these matter, so that each pair is
refined by the chains of two-part networks (see `refinement`). What a part weighs is its load.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import inlined, njit, part
from hopfield_opt.moves.multilevel.contraction import Level
from hopfield_opt.moves.multilevel.refinement import refine
from hopfield_opt.xoshiro import shuffle

Ints = NDArray[np.int64]

# Ends of ranges may be rounded by so much of a unit.
ROUNDING = 1e-6


class Parts(NamedTuple):
    """A graph of clusters, and what their parts may weigh.

    Attributes
    ----------
    graph : Level
        Bonds (what is gained where both ends are in one part) and weights, the moments.
    costs : (n, k) int64
        What a cluster costs in each part, beside bonds.
    lower, upper : (k,) int64
        The range of each load.
    """

    graph: Level
    costs: Ints
    lower: Ints
    upper: Ints

    @property
    def sizes(self) -> Ints:
        """How many original vertices a cluster has."""
        return self.graph.sizes


@inlined
def _excess(load, lower, upper):
    """Return by how much a load is out of its range."""
    return max(0, lower - load, load - upper)


@njit
def loads(parts, labels):
    """Return the load (k,) of each part of a partition."""
    found = np.zeros(len(parts.lower), np.int64)
    for v in range(len(labels)):
        found[labels[v]] += parts.graph.moments[v]
    return found


@njit
def extract(graph, members, place):
    """Return the graph of some of its vertices.

    Parameters
    ----------
    graph : Level
        The whole.
    members : (m,) int64
        Its vertices that are in.
    place : (n,) int64
        Filled with -1; so it is afterwards.
    """
    size, total = len(members), 0
    for at in range(size):
        place[members[at]] = at
        total += graph.begins[members[at] + 1] - graph.begins[members[at]]
    begins = np.zeros(size + 1, np.int64)
    neighbours, weights = np.empty(total, np.int64), np.empty(total, np.int64)
    end = 0
    for at in range(size):
        v = members[at]
        for p in range(graph.begins[v], graph.begins[v + 1]):
            other = place[graph.neighbours[p]]
            if other >= 0:
                neighbours[end], weights[end] = other, graph.weights[p]
                end += 1
        begins[at + 1] = end
    for v in members:
        place[v] = -1
    thresholds, moments = np.zeros(size, np.int64), graph.moments[members]
    return Level(begins, neighbours[:end], weights[:end], thresholds, graph.sizes[members], moments)


@inlined
def _window(parts, held, a, b, tolerance):
    """Return the range of the load of a less that of b; their sum stays."""
    together = held[a] + held[b]
    low = max(parts.lower[a], together - parts.upper[b])
    high = min(parts.upper[a], together - parts.lower[b])
    if low > high:  # one of them is out of its range in any case
        low = high = (low + high) // 2
    return 2 * low - together, 2 * high - together, tolerance


@part
def _refine_pair(parts, labels, held, place, a, b, limits, words):
    """Refine two parts in place; return whether anything changed."""
    tolerance, chains, patience = limits
    members = np.flatnonzero((labels == a) | (labels == b))
    if len(members) == 0:
        return False
    level = extract(parts.graph, members, place)
    spins = np.empty(len(members), np.int8)
    for at in range(len(members)):
        v = members[at]
        level.thresholds[at] = parts.costs[v, a] - parts.costs[v, b]
        spins[at] = 1 if labels[v] == a else -1
    before = spins.copy()
    refine(level, spins, _window(parts, held, a, b, tolerance), chains, patience, words)
    changed = False
    for at in range(len(members)):
        if spins[at] != before[at]:
            changed = True
            new = a if spins[at] > 0 else b
            held[labels[members[at]]] -= level.moments[at]
            held[new] += level.moments[at]
            labels[members[at]] = new
    return changed


@part
def _touching(parts, labels, held):
    """Return which pairs (k, k) of parts have anything to exchange."""
    graph, count = parts.graph, len(parts.lower)
    found = np.zeros((count, count), np.bool_)
    for v in range(len(labels)):
        for p in range(graph.begins[v], graph.begins[v + 1]):
            found[labels[v], labels[graph.neighbours[p]]] = True
        for a in range(count):
            if parts.costs[v, a] < parts.costs[v, labels[v]]:
                found[labels[v], a] = found[a, labels[v]] = True
    for a in range(count):
        if _excess(held[a], parts.lower[a], parts.upper[a]) > 0:
            found[a, :] = found[:, a] = True
    return found


@njit
def refine_pairs(parts, labels, limits, words):
    """Refine all pairs of parts that touch until none of them brings anything.

    Parameters
    ----------
    parts : Parts
        The network.
    labels : (n,) int8
        The part of each vertex, changed.
    limits : (tolerance, chains, patience)
        By how much a load may be out of its range, and those of a chain.
    words : (4,) uint64
        A stream, changed.
    """
    count = len(parts.lower)
    held, place = loads(parts, labels), np.full(len(labels), -1)
    changed, done = np.ones(count, np.int64), np.zeros((count, count), np.int64)
    now, pairs = 1, np.empty(count * (count - 1) // 2, np.int64)
    for _ in range(limits[1]):
        touching, number = _touching(parts, labels, held), 0
        for a in range(count):
            for b in range(a):
                if touching[a, b] and max(changed[a], changed[b]) > done[a, b]:
                    pairs[number] = a * count + b
                    number += 1
        if number == 0:
            break
        shuffle(pairs[:number], words)
        for pair in pairs[:number]:
            a, b = pair // count, pair % count
            done[a, b] = now
            now += 1
            if _refine_pair(parts, labels, held, place, a, b, limits, words):
                changed[a] = changed[b] = now


@njit
def energy(parts, labels):
    """Return twice the energy of a partition, in units, but for a constant."""
    graph, twice = parts.graph, 0
    for v in range(len(labels)):
        twice += 2 * parts.costs[v, labels[v]]
        for p in range(graph.begins[v], graph.begins[v + 1]):
            if labels[graph.neighbours[p]] == labels[v]:
                twice -= graph.weights[p]
    return twice


@inlined
def measure_excess(parts, held, tolerance):
    """Return by how much more than tolerated loads are out of their ranges, all together."""
    total = 0
    for a in range(len(held)):
        total += max(0, _excess(held[a], parts.lower[a], parts.upper[a]) - tolerance)
    return total


@njit
def excess(parts, labels, tolerance):
    """Return by how much more than tolerated a partition is out of the ranges."""
    return measure_excess(parts, loads(parts, labels), tolerance)


@inlined
def fill_bonds(parts, labels, v, bonds):
    """Count what vertex v gains in each part."""
    graph = parts.graph
    for a in range(len(bonds)):
        bonds[a] = -parts.costs[v, a]
    for p in range(graph.begins[v], graph.begins[v + 1]):
        bonds[labels[graph.neighbours[p]]] += graph.weights[p]


@inlined
def _best_part(parts, labels, held, v, bonds):
    """Return the part to which a step of v mends most for what it costs, and how it rates."""
    lower, upper, a, weight = parts.lower, parts.upper, labels[v], parts.graph.moments[v]
    part, best = -1, -np.inf
    mended = _excess(held[a], lower[a], upper[a])
    mended -= _excess(held[a] - weight, lower[a], upper[a])
    if weight == 0 or mended <= -weight:
        return part, best
    fill_bonds(parts, labels, v, bonds)
    for b in range(len(bonds)):
        there = _excess(held[b] + weight, lower[b], upper[b])
        total = mended + _excess(held[b], lower[b], upper[b]) - there
        if b == a or total <= 0:
            continue
        rating = np.float64(bonds[b] - bonds[a])
        rating = rating / total if rating < 0 else rating * total
        if rating > best:
            part, best = b, rating
    return part, best


@njit
def rebalance(parts, labels):
    """Move vertices, those first that cost least, as long as that brings loads nearer."""
    held, bonds = loads(parts, labels), np.zeros(len(parts.lower), np.int64)
    ratings, moved = np.empty(len(labels), np.float64), True
    while moved and excess(parts, labels, 0) > 0:
        moved = False
        for v in range(len(labels)):
            ratings[v] = -_best_part(parts, labels, held, v, bonds)[1]
        for v in np.argsort(ratings):
            part, _ = _best_part(parts, labels, held, v, bonds)
            if part >= 0:
                held[labels[v]] -= parts.graph.moments[v]
                held[part] += parts.graph.moments[v]
                labels[v], moved = part, True


@njit
def pack(parts, order):
    """Return a partition (n,): one vertex after another to the part that needs it most."""
    labels, held = np.zeros(len(order), np.int8), np.zeros(len(parts.lower), np.int64)
    for v in order:
        best = 0
        for a in range(1, len(held)):
            needs = max(0, parts.lower[a] - held[a]) - max(0, parts.lower[best] - held[best])
            room = parts.upper[a] - held[a] - parts.upper[best] + held[best]
            if needs > 0 or (needs == 0 and room > 0):
                best = a
        labels[v] = best
        held[best] += parts.graph.moments[v]
    return labels
