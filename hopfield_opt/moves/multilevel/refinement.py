"""Refinement by chains of single flips (Fiduccia and Mattheyses), with the sum kept in a range.

In a chain each spin is flipped at most once, always the one that gains most, also where that
raises the energy; then the chain is taken back to its best state. Outside the range only flips
that lead back are made. Spins wait in two heaps, those that are on and those that are off: a
flip of the former lowers the sum, one of the latter raises it.

Gains are ``-s_i h_i``: half of what a flip takes off the energy.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import inlined, njit, part
from hopfield_opt.xoshiro import draw

Ints = NDArray[np.int64]


class Heaps(NamedTuple):
    """Spins that wait: the largest gain on top, of equal ones the last that changed.

    Attributes
    ----------
    tree : (2, n) int64
        The spins that are on, and those that are off.
    counts : (2,) int64
        How many there are.
    place : (n,) int64
        Where a spin stands; -1 if it does not wait.
    gains, stamps : (n,) int64
        What they are ordered by.
    """

    tree: Ints
    counts: Ints
    place: Ints
    gains: Ints
    stamps: Ints


@inlined
def _before(heaps, i, j):
    """Whether spin i stands above spin j."""
    if heaps.gains[i] != heaps.gains[j]:
        return heaps.gains[i] > heaps.gains[j]
    return heaps.stamps[i] > heaps.stamps[j]


@inlined
def rise(heaps, side, at):
    """Move a spin up to where it belongs."""
    tree, i = heaps.tree[side], heaps.tree[side, at]
    while at > 0:
        above = (at - 1) >> 1
        if not _before(heaps, i, tree[above]):
            break
        tree[at] = tree[above]
        heaps.place[tree[at]] = at
        at = above
    tree[at] = i
    heaps.place[i] = at


@inlined
def sink(heaps, side, at):
    """Move a spin down to where it belongs."""
    tree, i, count = heaps.tree[side], heaps.tree[side, at], heaps.counts[side]
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        if below + 1 < count and _before(heaps, tree[below + 1], tree[below]):
            below += 1
        if not _before(heaps, tree[below], i):
            break
        tree[at] = tree[below]
        heaps.place[tree[at]] = at
        at = below
    tree[at] = i
    heaps.place[i] = at


@inlined
def pop(heaps, side):
    """Take the top off a heap."""
    top = heaps.tree[side, 0]
    heaps.counts[side] -= 1
    last = heaps.counts[side]
    if last > 0:
        heaps.tree[side, 0] = heaps.tree[side, last]
        sink(heaps, side, 0)
    heaps.place[top] = -1
    return top


@inlined
def _fill(heaps, spins, fields, words):
    """Let all spins wait, ties in random order."""
    heaps.counts[:] = 0
    for i in range(len(spins)):
        own = np.int64(spins[i] < 0)
        heaps.gains[i] = -spins[i] * fields[i]
        heaps.stamps[i] = np.int64(draw(words) >> np.uint64(2)) - (np.int64(1) << 62)
        heaps.tree[own, heaps.counts[own]] = i
        heaps.place[i] = heaps.counts[own]
        heaps.counts[own] += 1
    for side in range(2):
        for at in range((heaps.counts[side] - 2) >> 1, -1, -1):
            sink(heaps, side, at)


@inlined
def _flip(level, spins, fields, i):
    """Flip a spin, in the fields too."""
    spins[i] = -spins[i]
    for p in range(level.begins[i], level.begins[i + 1]):
        fields[level.neighbours[p]] += 2 * level.weights[p] * spins[i]


@inlined
def _regain(level, heaps, spins, fields, i, stamp):
    """Put the neighbours of a flipped spin where their new gains belong."""
    for p in range(level.begins[i], level.begins[i + 1]):
        j = level.neighbours[p]
        at = heaps.place[j]
        if at < 0:
            continue
        before, side = heaps.gains[j], np.int64(spins[j] < 0)
        heaps.gains[j], heaps.stamps[j] = -spins[j] * fields[j], stamp
        if heaps.gains[j] >= before:
            rise(heaps, side, at)
        else:
            sink(heaps, side, at)


@inlined
def _side(heaps, total, lower, upper, words):
    """Return from which heap the next flip comes; -1 if there is none."""
    on, off = heaps.counts[0] > 0, heaps.counts[1] > 0
    if total > upper:
        return 0 if on else -1
    if total < lower:
        return 1 if off else -1
    if not (on and off):
        return 0 if on else (1 if off else -1)
    first, second = heaps.gains[heaps.tree[0, 0]], heaps.gains[heaps.tree[1, 0]]
    if first == second:
        return np.int64(draw(words) >> np.uint64(63))
    return 0 if first > second else 1


@inlined
def _outside(total, lower, upper, tolerance):
    """Return by how much more than tolerated a sum is outside the range."""
    return max(0, lower - total - tolerance, total - upper - tolerance)


@part
def _chain(level, spins, fields, heaps, flipped, total, window, patience, words):
    """Make one chain and take it back to its best state; return the sum and what was gained."""
    lower, upper, tolerance = window
    _fill(heaps, spins, fields, words)
    gain, best_gain, best_total, length, kept = 0, 0, total, 0, 0
    least = _outside(total, lower, upper, tolerance)
    start = least
    while length - kept < patience or least > 0:
        side = _side(heaps, total, lower, upper, words)
        if side < 0:
            break
        i = pop(heaps, side)
        total -= 2 * level.moments[i] * spins[i]
        gain += heaps.gains[i]
        _flip(level, spins, fields, i)
        _regain(level, heaps, spins, fields, i, length)
        flipped[length] = i
        length += 1
        outside = _outside(total, lower, upper, tolerance)
        if outside < least or (outside == least and gain > best_gain):
            least, best_gain, best_total, kept = outside, gain, total, length
    for k in range(length - 1, kept - 1, -1):
        _flip(level, spins, fields, flipped[k])
    return best_total, best_gain > 0 or least < start


@njit
def refine(level, spins, window, chains, patience, words):
    """Make chains until one brings nothing; the energy never rises within the range.

    Parameters
    ----------
    level : Level
        The network, see `multilevel`.
    spins : (n,) int8
        The state, changed.
    window : (lower, upper, tolerance)
        The range of the sum of the spins that are counted, and by how much a state may be
        outside of it. A start outside of the range is brought back, whatever that costs.
    chains, patience : int
        The most chains, and the most flips of a chain after its best state.
    words : (4,) uint64
        A stream, changed.
    """
    size = len(spins)
    fields = np.empty(size, np.int64)
    total = 0
    for i in range(size):
        fields[i] = -level.thresholds[i]
        total += level.moments[i] * spins[i]
        for p in range(level.begins[i], level.begins[i + 1]):
            fields[i] += level.weights[p] * spins[level.neighbours[p]]
    empty = np.empty(size, np.int64)
    heaps = Heaps(
        np.empty((2, size), np.int64), np.zeros(2, np.int64), empty, empty.copy(), empty.copy()
    )
    flipped = np.empty(size, np.int64)
    for _ in range(chains):
        total, gained = _chain(level, spins, fields, heaps, flipped, total, window, patience, words)
        if not gained:
            break


@njit
def energy(level, spins):
    """Return twice the energy of a state, in units, without the offset."""
    twice = 0
    for i in range(len(spins)):
        field = -2 * level.thresholds[i]
        for p in range(level.begins[i], level.begins[i + 1]):
            field += level.weights[p] * spins[level.neighbours[p]]
        twice -= spins[i] * field
    return twice
