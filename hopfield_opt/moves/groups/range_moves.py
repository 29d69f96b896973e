"""Moves of spins in Linear groups: what a move breaks is mended by further moves."""

import numpy as np

from hopfield_opt.jit import borrowing_part, inlined
from hopfield_opt.moves.groups.exchanges import propose
from hopfield_opt.moves.groups.group_state import toggle
from hopfield_opt.moves.groups.offsets import (
    FREE,
    GROUP,
    HIGH,
    KIND,
    LISTED,
    NUM_SPINS,
    RANGE_COEFFICIENT,
    RANGE_FIRST,
    RANGE_LOWER,
    RANGE_MEMBERS,
    RANGE_OF,
    RANGE_PTR,
    RANGE_SPIN,
    RANGE_UPPER,
    TOTAL,
)
from hopfield_opt.xoshiro import below, draw

# A proposal that is not mended after so many further moves is given up.
REPAIRS = 12
# Members of a range that are looked at for one that mends without harm.
LOOK = 256
# One proposal in KICK + 1 that touches a Linear group takes some random spins along.
KICK = 15


@inlined
def find_violated(flips, used, at, ints, floats, fields):
    """Return a range that the flipped spins have left, -1 if there is none."""
    for f in range(used):
        for e in range(ints[at[RANGE_PTR] + flips[f]], ints[at[RANGE_PTR] + flips[f] + 1]):
            g = np.int64(ints[at[RANGE_OF] + e])
            total = fields[at[TOTAL] + g]
            if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
                return g
    return np.int64(-1)


@inlined
def touches_range(flips, used, at, ints):
    """Return whether one of the spins is in a Linear group."""
    for f in range(used):
        if ints[at[RANGE_PTR] + flips[f]] < ints[at[RANGE_PTR] + flips[f] + 1]:
            return True
    return False


@borrowing_part
def _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark, blocks):
    """Add the move of spin k to the flipped ones, and flip; return how many, -1 if they clash."""
    if used + 4 > len(flips) or k < 0:
        return -1
    more = propose(k, uniform, at, ints, s, lists, w, flips[used:], blocks)
    if more == 0:
        return -1
    for f in range(used, used + more):
        if mark[flips[f]]:
            return -1
    if uniform and ints[at[GROUP] + k] >= 0:
        for f in range(used):  # one move a group, else the way back is not as likely
            if ints[at[GROUP] + flips[f]] == ints[at[GROUP] + k]:
                return -1
    for f in range(used, used + more):
        mark[flips[f]] = 1
        toggle(flips[f], at, ints, floats, s, lists, fields)
    return used + more


@inlined
def _gentle(spin, at, ints, floats, s, fields):
    """Return whether all ranges of a spin hold after it is flipped alone."""
    for e in range(ints[at[RANGE_PTR] + spin], ints[at[RANGE_PTR] + spin + 1]):
        g = ints[at[RANGE_OF] + e]
        total = fields[at[TOTAL] + g] - s[spin] * floats[at[RANGE_COEFFICIENT] + e]
        if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
            return False
    return True


@borrowing_part
def mender_of(g, down, at, ints, floats, s, lists, fields, w, mark):
    """Return a spin, not moved yet, that moves the sum of range g down or up; -1: none.

    Three times in four it is one whose flip leaves no range violated, if a short look finds it:
    so a matching finds the edge between two nodes that lost theirs. Else it is a random one.
    """
    first, high = ints[at[RANGE_FIRST] + g], lists[at[HIGH] + g]
    size = np.int64(high) if down else np.int64(ints[at[RANGE_FIRST] + g + 1] - first - high)
    start = at[LISTED] + first if down else at[LISTED] + first + high
    chosen = np.int64(-1)
    if size > 0:
        x = draw(w)
        k = below(x, size)
        for _ in range(size if size < LOOK else LOOK):
            spin = np.int64(ints[at[RANGE_SPIN] + lists[start + k]])
            if not mark[spin]:
                if chosen < 0:
                    chosen = spin
                if x & np.uint64(3) == 0 or _gentle(spin, at, ints, floats, s, fields):
                    return spin
            k = k + 1 if k + 1 < size else 0
    return chosen


@inlined
def _partner(i, uniform, at, ints, floats, s, lists, fields, w, mark):
    """Return a spin that shares a range with spin i and takes back what i did; -1: none."""
    low = np.int64(ints[at[RANGE_PTR] + i])
    degree = np.int64(ints[at[RANGE_PTR] + i + 1]) - low
    if degree == 0:
        return np.int64(-1)
    e = low + below(draw(w), degree)
    g = np.int64(ints[at[RANGE_OF] + e])
    if not uniform:
        down = (s[i] > 0) == (floats[at[RANGE_COEFFICIENT] + e] > 0)
        return mender_of(g, down, at, ints, floats, s, lists, fields, w, mark)
    # choices that do not depend on the state: the way back is then as likely
    first = ints[at[RANGE_FIRST] + g]
    e = first + below(draw(w), np.int64(ints[at[RANGE_FIRST] + g + 1]) - first)
    k = np.int64(ints[at[RANGE_SPIN] + ints[at[RANGE_MEMBERS] + e]])
    return k if ints[at[KIND] + i] == FREE and ints[at[KIND] + k] == FREE else np.int64(-1)


@borrowing_part
def complete(i, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark, blocks):
    """Carry out a move and what the ranges ask for; return (flips, whether all ranges hold).

    One long function, as each part of it would pass the same thirteen arguments on. Half of the
    moves come with a partner in one of the ranges (an exchange), a few with random spins (a
    kick: no set of spins is out of reach). Then, unless the proposals must be symmetric, each
    violated range is mended by one of its members: inserting one evicts others.
    """
    for f in range(used):
        mark[flips[f]] = 1
        toggle(flips[f], at, ints, floats, s, lists, fields)
    x = draw(w)
    ranged = ints[at[RANGE_PTR] + i] < ints[at[RANGE_PTR] + i + 1]
    partner = (uniform or ranged) and x & np.uint64(1)
    kick = not partner and (x >> np.uint64(8)) & np.uint64(KICK) == 0
    while partner or kick:
        x = draw(w)
        k = below(x, at[NUM_SPINS])
        if partner:
            k = _partner(i, uniform, at, ints, floats, s, lists, fields, w, mark)
        more = _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark, blocks)
        if more < 0 and (uniform or kick):
            return used, False
        used = max(used, more)
        if partner or x & np.uint64(1):
            break
    last = np.int64(-1)
    for _ in range(REPAIRS):
        g = find_violated(flips, used, at, ints, floats, fields)
        if uniform or (g < 0 and (last < 0 or draw(w) & np.uint64(1))):
            return used, g < 0
        if g < 0:
            # what the last flip took away may be filled up elsewhere: an alternating path
            k = _partner(last, uniform, at, ints, floats, s, lists, fields, w, mark)
            if k < 0 or not _gentle(k, at, ints, floats, s, fields):
                return used, True
            more = _extend(
                k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark, blocks
            )
            if more < 0:
                return used, True
            used, last = more, np.int64(-1)
            continue
        down = fields[at[TOTAL] + g] > floats[at[RANGE_UPPER] + g]
        k = mender_of(g, down, at, ints, floats, s, lists, fields, w, mark)
        more = _extend(k, used, uniform, at, ints, floats, s, lists, fields, w, flips, mark, blocks)
        if more < 0:
            return used, False
        used, last = more, k
    return used, False
