"""From a state outside of ranges to one within all of them."""

import numpy as np

from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.moves.groups.exchanges import propose
from hopfield_opt.moves.groups.group_state import toggle
from hopfield_opt.moves.groups.offsets import (
    NUM_RANGES,
    NUM_SPINS,
    RANGE_LOWER,
    RANGE_OF,
    RANGE_PTR,
    RANGE_SCALE,
    RANGE_UPPER,
    TOTAL,
)
from hopfield_opt.moves.groups.range_moves import mender_of
from hopfield_opt.xoshiro import below, draw


@inlined
def _excess(k, at, ints, floats, fields):
    """Return by how much the ranges of spin k are violated, in their largest coefficients."""
    amount = 0.0
    for e in range(ints[at[RANGE_PTR] + k], ints[at[RANGE_PTR] + k + 1]):
        g = ints[at[RANGE_OF] + e]
        total = fields[at[TOTAL] + g]
        low, high = floats[at[RANGE_LOWER] + g] - total, total - floats[at[RANGE_UPPER] + g]
        amount += floats[at[RANGE_SCALE] + g] * max(low, high, 0.0)
    return amount


@borrowing_part
def _try_on(flips, used, at, ints, floats, s, lists, fields):
    """Flip the spins; return the change of the violation of all ranges together."""
    change = 0.0
    for f in range(used):
        change -= _excess(flips[f], at, ints, floats, fields)
        toggle(flips[f], at, ints, floats, s, lists, fields)
        change += _excess(flips[f], at, ints, floats, fields)
    return change


@inlined
def _first_violated(start, at, floats, fields):
    """Return the first violated range from `start` on, -1 if all hold."""
    for k in range(at[NUM_RANGES]):
        g = start + k if start + k < at[NUM_RANGES] else start + k - at[NUM_RANGES]
        total = fields[at[TOTAL] + g]
        if total < floats[at[RANGE_LOWER] + g] or total > floats[at[RANGE_UPPER] + g]:
            return g
    return np.int64(-1)


@borrowing
def mend(tables, state, steps, tries, uniform, blocks, room):
    """Walk the first replica towards a state within all ranges; return whether it got there.

    A random violated range is picked. Of up to `tries` moves of members that help it, the one
    is made that leaves the least violation in all; one time in eight a random one. `room` is for
    flips, twice, and N zeros.
    """
    at, ints, floats = tables
    s, lists, fields, w = state[0][0], state[1][0], state[2][0], state[3][0]
    flips, best, mark = room
    for _ in range(steps):
        g = _first_violated(below(draw(w), at[NUM_RANGES]), at, floats, fields)
        if g < 0:
            return True
        down = fields[at[TOTAL] + g] > floats[at[RANGE_UPPER] + g]
        least, chosen = np.inf, 0
        for _ in range(1 if draw(w) & np.uint64(7) == 0 else tries):
            k = mender_of(g, down, at, ints, floats, s, lists, fields, w, mark)
            if k < 0:
                break
            used = propose(k, uniform, at, ints, s, lists, w, flips, blocks)
            amount = _try_on(flips, used, at, ints, floats, s, lists, fields)
            _try_on(flips, used, at, ints, floats, s, lists, fields)
            if used and amount < least:
                least, chosen = amount, used
                for f in range(used):
                    best[f] = flips[f]
        if chosen == 0:  # nothing helps this range: move anything
            k = below(draw(w), at[NUM_SPINS])
            chosen = propose(k, uniform, at, ints, s, lists, w, best, blocks)
        _try_on(best, chosen, at, ints, floats, s, lists, fields)
    return False
