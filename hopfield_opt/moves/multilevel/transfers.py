"""Chains of moves between several parts (Fiduccia and Mattheyses), with loads kept in ranges.

In a chain each vertex moves at most once, always the one that gains most, also where that costs
something; then the chain is taken back to its best partition. Loads leave their ranges by one
vertex at the most; while one is too heavy only its vertices move, so that what is too much goes
around from part to part until it meets a gap. Vertices with bonds to other parts wait in heaps,
one for each part.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import inlined, njit, part
from hopfield_opt.moves.multilevel.parts import fill_bonds, loads, measure_excess
from hopfield_opt.moves.multilevel.refinement import Heaps, pop, rise, sink
from hopfield_opt.xoshiro import draw

Ints = NDArray[np.int64]
NOTHING = -(2**62)


class Chain(NamedTuple):
    """What a chain needs, made once for all of them.

    Attributes
    ----------
    heaps : Heaps
        Vertices that wait, a heap for each part.
    bonds : (n, k) int64
        What a vertex gains in each part.
    done : (n,) bool
        Whether it has moved.
    moved, sources : (n,) int64
        Who has moved, in order, and from where.
    """

    heaps: Heaps
    bonds: Ints
    done: NDArray[np.bool_]
    moved: Ints
    sources: Ints


@inlined
def _aim(parts, chain, held, v, a, slack, mends):
    """Return the part that v may go to where it gains most, and what it gains."""
    best, most = -1, NOTHING
    weight, bonds = parts.graph.moments[v], chain.bonds[v]
    for b in range(len(held)):
        if b == a or held[b] + weight > parts.upper[b] + slack:
            continue
        if mends and held[b] >= parts.lower[b]:
            continue
        if bonds[b] - bonds[a] > most:
            best, most = b, bonds[b] - bonds[a]
    return best, most


@inlined
def _wait(chain, v, a, gain, stamp):
    """Put a vertex where its gain belongs in the heap of its part."""
    heaps = chain.heaps
    at = heaps.place[v]
    heaps.gains[v], heaps.stamps[v] = gain, stamp
    if at < 0:
        at = heaps.counts[a]
        heaps.tree[a, at] = v
        heaps.place[v] = at
        heaps.counts[a] += 1
    rise(heaps, a, at)
    sink(heaps, a, heaps.place[v])


@inlined
def _fill(parts, labels, chain, held, slack, words):
    """Let all vertices wait that have bonds elsewhere, ties in random order."""
    chain.heaps.counts[:] = 0
    chain.heaps.place[:] = -1
    chain.done[:] = False
    for v in range(len(labels)):
        a, outside = labels[v], False
        for b in range(len(held)):
            outside |= b != a and chain.bonds[v, b] != 0
        if outside:
            target, gain = _aim(parts, chain, held, v, a, slack, False)
            stamp = np.int64(draw(words) >> np.uint64(2)) - (np.int64(1) << 62)
            if target >= 0:
                _wait(chain, v, a, gain, stamp)


@inlined
def _source(parts, heaps, held):
    """Return the part whose vertex moves next, -1 for none, and whether only gaps are filled."""
    heavy, light = False, False
    for a in range(len(held)):
        heavy |= held[a] > parts.upper[a]
        light |= held[a] < parts.lower[a]
    source = -1
    for a in range(len(held)):
        if heaps.counts[a] == 0 or (heavy and held[a] <= parts.upper[a]):
            continue
        if not heavy and light and held[a] <= parts.lower[a]:
            continue
        if source < 0 or heaps.gains[heaps.tree[a, 0]] > heaps.gains[heaps.tree[source, 0]]:
            source = a
    return source, light and not heavy


@inlined
def _move(parts, labels, chain, held, v, b):
    """Move a vertex, in the loads and in what its neighbours gain, too."""
    graph, a = parts.graph, labels[v]
    labels[v] = b
    held[a] -= graph.moments[v]
    held[b] += graph.moments[v]
    for p in range(graph.begins[v], graph.begins[v + 1]):
        chain.bonds[graph.neighbours[p], a] -= graph.weights[p]
        chain.bonds[graph.neighbours[p], b] += graph.weights[p]


@inlined
def _step(parts, labels, chain, held, slack, stamp):
    """Make the next move; return the vertex, -1 for none, whence, and what is gained."""
    heaps = chain.heaps
    while True:
        a, mends = _source(parts, heaps, held)
        if a < 0:
            return -1, -1, 0
        v = heaps.tree[a, 0]
        b, gain = _aim(parts, chain, held, v, a, slack, mends)
        if b < 0 or held[a] - parts.graph.moments[v] < parts.lower[a] - slack:
            pop(heaps, a)  # it waits again when a neighbour moves
        elif gain < heaps.gains[v]:  # it gains less, as loads are by now
            _wait(chain, v, a, gain, heaps.stamps[v])
        else:
            break
    pop(heaps, a)
    chain.done[v] = True
    _move(parts, labels, chain, held, v, b)
    graph = parts.graph
    for p in range(graph.begins[v], graph.begins[v + 1]):
        u = graph.neighbours[p]
        if not chain.done[u]:
            target, new = _aim(parts, chain, held, u, labels[u], slack, False)
            if target >= 0:
                _wait(chain, u, labels[u], new, stamp)
    return v, a, gain


@part
def _make_chain(parts, labels, chain, held, limits, words):
    """Make one chain and take it back to its best partition; return whether that is better."""
    tolerance, slack, patience = limits
    _fill(parts, labels, chain, held, slack, words)
    gain, best, length, kept = 0, 0, 0, 0
    start = least = measure_excess(parts, held, tolerance)
    while length - kept < patience and length < len(labels):
        v, source, more = _step(parts, labels, chain, held, slack, length)
        if v < 0:
            break
        chain.moved[length], chain.sources[length] = v, source
        gain += more
        length += 1
        outside = measure_excess(parts, held, tolerance)
        if outside < least or (outside == least and gain > best):
            least, best, kept = outside, gain, length
    for k in range(length - 1, kept - 1, -1):
        _move(parts, labels, chain, held, chain.moved[k], chain.sources[k])
    return best > 0 or least < start


@njit
def transfer(parts, labels, limits, words):
    """Make chains until one brings nothing; no load leaves its range that was in it.

    Parameters
    ----------
    parts : Parts
        The network.
    labels : (n,) int8
        The part of each vertex, changed.
    limits : (tolerance, chains, patience)
        By how much a load may be out of its range, the most chains, and the most moves of a
        chain after its best partition.
    words : (4,) uint64
        A stream, changed.

    Returns
    -------
    bool
        Whether anything was gained.
    """
    size, count = len(labels), len(parts.lower)
    held, bonds = loads(parts, labels), np.empty((size, count), np.int64)
    for v in range(size):
        fill_bonds(parts, labels, v, bonds[v])
    empty = np.empty(size, np.int64)
    heaps = Heaps(
        np.empty((count, size), np.int64),
        np.zeros(count, np.int64),
        empty,
        empty.copy(),
        empty.copy(),
    )
    chain = Chain(heaps, bonds, np.empty(size, np.bool_), empty.copy(), empty.copy())
    tolerance, chains, patience = limits
    slack, gained = max(np.int64(1), tolerance, parts.graph.moments.max()), False
    for _ in range(chains):
        if not _make_chain(parts, labels, chain, held, (tolerance, slack, patience), words):
            break
        gained = True
    return gained
