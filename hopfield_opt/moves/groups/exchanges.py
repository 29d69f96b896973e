"""The flips that make up a move, by the group that a spin stands in."""

import numpy as np

from hopfield_opt.jit import borrowing_part, inlined
from hopfield_opt.moves.groups.offsets import (
    ALLOWED,
    AT_MOST_ONE,
    COLUMN,
    COLUMN_OF,
    COUNT,
    CYCLES,
    FIRST,
    FREE,
    GROUP,
    KIND,
    LINE,
    LOWER,
    MODE,
    NEAR,
    NEAR_PTR,
    NUM_COUNTS,
    ON,
    OPEN_COLUMN,
    OPEN_PTR,
    ORDER,
    ORIGIN,
    PLACE,
    RANGE,
    ROW,
    ROW_OF,
    SIZE,
    SPIN_AT,
    UPPER,
)
from hopfield_opt.xoshiro import below, draw


@inlined
def _count_move(i, uniform, at, ints, s, lists, w, flips):
    """Write the spins that a move of spin i in a counting group flips; return how many."""
    g = np.int64(ints[at[GROUP] + i])
    first, on = np.int64(ints[at[FIRST] + g]), np.int64(lists[at[ON] + g])
    mode = ints[at[MODE] + g]
    is_on = s[i] > 0
    flips[0] = i
    if mode == AT_MOST_ONE and (is_on or on == 0):
        return 1
    if on == 1 and not is_on and mode != RANGE:
        flips[1] = lists[at[ORDER] + first]
        return 2
    size = np.int64(ints[at[FIRST] + g + 1]) - first
    x = draw(w)
    if mode == RANGE:
        possible = on > ints[at[LOWER] + g] if is_on else on < ints[at[UPPER] + g]
        if possible and x & np.uint64(1):
            return 1
    if on == (size if is_on else 0):
        return 0
    near = np.int64(ints[at[NEAR_PTR] + i + 1]) - ints[at[NEAR_PTR] + i]
    if near and not uniform and x & np.uint64(2):
        j = ints[at[NEAR] + ints[at[NEAR_PTR] + i] + below(x, near)]
        if s[j] != s[i]:
            flips[1] = j
            return 2
        x = draw(w)
    k = on + below(x, size - on) if is_on else below(x, on)
    flips[1] = lists[at[ORDER] + first + k]
    return 2


@borrowing_part
def _place_move(i, at, ints, s, lists, w, flips):
    """Write the spins of a swap of two rows of a permutation, or of a cycle of several.

    A cycle goes from row to row, each taking a random allowed column other than its own, until
    the first row's column is taken. The way back chooses as many times among as many columns.
    """
    b = ints[at[GROUP] + i] - at[NUM_COUNTS]
    n = np.int64(ints[at[SIZE] + b])
    if n < 2:
        return 0
    line, origin = ints[at[LINE] + b], ints[at[ORIGIN] + b]
    r, c = np.int64(ints[at[ROW_OF] + i]), np.int64(ints[at[COLUMN_OF] + i])
    free = np.int64(lists[at[COLUMN] + line + r])
    x = draw(w)
    if s[i] > 0:
        c = below(x, n - 1)
        c += c >= free
    swap = ints[at[CYCLES] + b] == 0 or x & np.uint64(1)
    used = 0
    while used + 2 <= len(flips):
        place = r * n + c
        if not ints[at[ALLOWED] + origin + place]:
            return 0
        flips[used] = ints[at[SPIN_AT] + origin + r * n + lists[at[COLUMN] + line + r]]
        flips[used + 1] = ints[at[SPIN_AT] + origin + place]
        used += 2
        if c == free:
            return used
        r = np.int64(lists[at[ROW] + line + c])
        for f in range(1, used, 2):
            if ints[at[ROW_OF] + flips[f]] == r:
                return 0  # the walk met itself away from its start
        own, c = c, free
        if not swap:
            low = ints[at[OPEN_PTR] + line + r]
            choices = np.int64(ints[at[OPEN_PTR] + line + r + 1]) - low
            if choices < 2:
                return 0
            p = at[OPEN_COLUMN] + low + below(draw(w), choices - 1)
            c = np.int64(ints[p] if ints[p] < own else ints[p + 1])
    return 0


@inlined
def propose(i, uniform, at, ints, s, lists, w, flips, blocks):
    """Write the spins that the move of spin i flips; return how many (0: there is none)."""
    kind = ints[at[KIND] + i]
    if kind == FREE:
        flips[0] = i
        return 1
    if blocks is not None and kind == PLACE:
        return _place_move(i, at, ints, s, lists, w, flips)
    return _count_move(i, uniform, at, ints, s, lists, w, flips)


@inlined
def only_move(i, at, ints, s, lists, flips):
    """Write the one move that turns spin i without a choice; return how many spins it flips.

    A flip where the group allows it, a Potts move to spin i, a swap to place i (once for its
    two places). Exchanges in larger counts have a choice: see `_leaver`.
    """
    kind, g = ints[at[KIND] + i], np.int64(ints[at[GROUP] + i])
    flips[0] = i
    if kind == FREE:
        return 1
    if kind == COUNT:
        on = lists[at[ON] + g]
        if on > ints[at[LOWER] + g] if s[i] > 0 else on < ints[at[UPPER] + g]:
            return 1
        if s[i] < 0 and on == 1:
            flips[1] = lists[at[ORDER] + ints[at[FIRST] + g]]
            return 2
        return 0
    b = g - at[NUM_COUNTS]
    n, line, origin = ints[at[SIZE] + b], ints[at[LINE] + b], ints[at[ORIGIN] + b]
    r, c = ints[at[ROW_OF] + i], ints[at[COLUMN_OF] + i]
    other, own = lists[at[ROW] + line + c], lists[at[COLUMN] + line + r]
    place = origin + other * n + own
    if other <= r or not ints[at[ALLOWED] + place]:
        return 0
    if not ints[at[ALLOWED] + origin + r * n + c]:
        return 0
    flips[1] = ints[at[SPIN_AT] + place]
    flips[2] = ints[at[SPIN_AT] + origin + r * n + own]
    flips[3] = ints[at[SPIN_AT] + origin + other * n + c]
    return 4
