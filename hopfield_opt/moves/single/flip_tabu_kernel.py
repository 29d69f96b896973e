"""One-flip tabu search with an elite and path recombination, one replica at a time.

All quantities are integers, int32 or int64, in the unit of the layout: nothing drifts, ties are
ties, and it does not matter how the flips are split into calls. The cost of flip i is ``2 d_i``
with ``d_i = s_i h_i``. Arrays over spins are padded to whole blocks of 64, whose least costs are
noted while the fields change: the best flip is then looked for in a few blocks only.

Of one replica there are

    s, h     (P,) spins and local fields; the fields of the padding are LARGE, so that d is
    until    (P,) the flip of this round before which a spin stays; never reached in the padding
    elite    (E, N) int8 good states that differ, with their levels
    found    (2, N) int8 the best state of the run, and of this round, with their levels
    book     AT: flips done in this round; LEVEL: energy now; SIZE: members of the elite;
             STALE: rounds since the elite took a state in
    w        the four words of a xoshiro256++ stream
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing_part, inlined, njit, part
from hopfield_opt.xoshiro import below, draw

# Spins whose costs are looked at together.
BLOCK = 64
AT, LEVEL, SIZE, STALE = range(4)
RUN, ROUND = 0, 1
# A flipped spin stays for N / TENURE_SHARE + U(1 .. TENURE_SPREAD) flips.
TENURE_SHARE, TENURE_SPREAD = 100, 10
# So many flips for each spin lie between two recombinations. On six bqp1000 instances the mean
# time to the best known was 62, 45, 30, 27 thousand flips for 20, 10, 5, 2; the worst case is
# best at 5.
FLIPS_PER_SPIN = 5
# After so many rounds in which the elite took nothing in, only its best member stays.
PATIENCE = 20
# Parents that differ in fewer spins have no path to speak of.
LEAST_DISTANCE = 6


class FlipState(NamedTuple):
    """Where R searches stand, see the head of this file; changed in place."""

    s: NDArray[Any]
    h: NDArray[Any]
    until: NDArray[Any]
    elite: NDArray[np.int8]
    levels: NDArray[np.int64]  # (R, E)
    found: NDArray[np.int8]
    lowest: NDArray[np.int64]  # (R, 2)
    book: NDArray[np.int64]


@inlined
def _flip(k, rows, lists, s, h):
    """Flip spin k: a row of weights, or the list of its neighbours, goes into the fields."""
    s[k] = -s[k]
    change = h.dtype.type(2) * s[k]
    if len(rows):
        for i in range(rows.shape[1]):
            h[i] += rows[k, i] * change
    else:
        begins, neighbours, weights = lists
        for p in range(begins[k], begins[k + 1]):
            h[neighbours[p]] += weights[p] * change


@inlined
def _note(s, h, until, now, large, free, least):
    """Write the least cost in each block, of the spins that are free and of all."""
    for b in range(len(least)):
        low, low_free = large, large
        for i in range(BLOCK * b, BLOCK * b + BLOCK):
            d = h.dtype.type(s[i] * h[i])
            low = min(low, d)
            low_free = min(low_free, d if until[i] <= now else large)
        free[b], least[b] = low_free, low


@inlined
def _choose(s, h, until, now, notes, wanted, w, ties):
    """Return one of the spins whose cost is `wanted`, free ones only if `now` says so."""
    count = 0
    for b in range(len(notes)):
        if notes[b] == wanted:
            for i in range(BLOCK * b, BLOCK * b + BLOCK):
                if until[i] <= now and s[i] * h[i] == wanted:
                    ties[count] = i
                    count += 1
    return ties[below(draw(w), count)] if count > 1 else ties[0]


@part
def _search(rows, lists, size, large, s, h, until, found, lowest, book, w, flips):
    """Make so many flips, each the best that is free or leads below the round's best."""
    blocks = len(s) // BLOCK
    free, least = np.empty(blocks, h.dtype), np.empty(blocks, h.dtype)
    ties = np.empty(len(s), np.int64)
    kind = until.dtype.type
    level, best = book[LEVEL], lowest[ROUND]
    every = kind(large)
    # a list that holds most of the spins would choose for the search
    spread = min(TENURE_SPREAD, 1 + size // 4)
    for now in range(book[AT], book[AT] + flips):
        _note(s, h, until, kind(now), large, free, least)
        low, low_free = least.min(), free.min()
        if low >= 0 and level < best:
            # a local minimum: what is lower than the best is always allowed
            best = level
            for i in range(size):
                found[ROUND, i] = s[i]
        if level + 2 * np.int64(low) < best or low_free == large:
            k = _choose(s, h, until, every, least, low, w, ties)
            level += 2 * np.int64(low)
        else:
            k = _choose(s, h, until, kind(now), free, low_free, w, ties)
            level += 2 * np.int64(low_free)
        stay = 1 + size // TENURE_SHARE + below(draw(w), spread)
        until[k] = kind(now + 1 + stay)
        _flip(k, rows, lists, s, h)
    book[AT] += flips
    book[LEVEL], lowest[ROUND] = level, best


@inlined
def _costly(rows, lists, s, h, k):
    """Flip spin k and return what that adds to the energy."""
    change = 2 * np.int64(s[k]) * np.int64(h[k])
    _flip(k, rows, lists, s, h)
    return change


@borrowing_part
def _descend(rows, lists, size, s, h):
    """Flip spins that lower the energy, by number, until none does; return the change."""
    change = np.int64(0)
    moved = True
    while moved:
        moved = False
        for k in range(size):
            if s[k] * h[k] < 0:
                change += _costly(rows, lists, s, h, k)
                moved = True
    return change


@njit
def settle(rows, lists, size, state):
    """Descend in every replica, and take where that ends for the best so far."""
    for r in range(len(state.s)):
        state.book[r, LEVEL] += _descend(rows, lists, size, state.s[r], state.h[r])
        state.lowest[r] = state.book[r, LEVEL]
        for i in range(size):
            state.found[r, RUN, i] = state.found[r, ROUND, i] = state.s[r, i]


@part
def _enter(elite, levels, book, state, level):
    """Take a state in, in the place of the worst member, if it is better and new."""
    count = book[SIZE]
    worst = 0
    for e in range(count):
        if levels[e] > levels[worst]:
            worst = e
        if levels[e] == level and (elite[e] == state).all():
            return False
    if count < len(elite):
        worst = count
        book[SIZE] += 1
    elif level >= levels[worst]:
        return False
    elite[worst] = state
    levels[worst] = level
    return True


@borrowing_part
def walk(rows, lists, size, even, s, h, goal, level, ahead):
    """Walk towards `goal`, always by the cheapest flip, to the best of the middle third.

    Return its level. Without thresholds the nearer of the goal and its mirror image is meant.
    """
    distance = 0
    for i in range(size):
        distance += s[i] != goal[i]
    mirrored = even and 2 * distance > size
    if mirrored:
        distance = size - distance
    count = 0
    for i in range(size):
        if (s[i] != goal[i]) != mirrored:
            ahead[count] = i
            count += 1
    first, last = distance // 3, max(distance // 3 + 1, 2 * distance // 3)
    best, best_at = np.int64(0), -1
    for step in range(min(last, count)):
        chosen = step
        for p in range(step + 1, count):
            if s[ahead[p]] * h[ahead[p]] < s[ahead[chosen]] * h[ahead[chosen]]:
                chosen = p
        ahead[step], ahead[chosen] = ahead[chosen], ahead[step]
        level += _costly(rows, lists, s, h, ahead[step])
        if step >= first and (best_at < 0 or level < best):
            best, best_at = level, step
    for step in range(min(last, count) - 1, best_at, -1):
        level += _costly(rows, lists, s, h, ahead[step])
    return level


@part
def _next_round(rows, lists, size, even, s, h, until, elite, levels, found, lowest, book, w):
    """Note what the round found, and begin the next between two of the elite, or at random."""
    if lowest[ROUND] < lowest[RUN]:
        lowest[RUN] = lowest[ROUND]
        found[RUN] = found[ROUND]
    taken = _enter(elite, levels, book, found[ROUND], lowest[ROUND])
    book[STALE] = 0 if taken else book[STALE] + 1
    if book[STALE] > PATIENCE:
        elite[0], levels[0] = found[RUN], lowest[RUN]
        book[SIZE], book[STALE] = 1, 0
    level = book[LEVEL]
    ahead = np.empty(size, np.int64)
    far = False
    if book[SIZE] == len(elite):
        a = below(draw(w), len(elite))
        b = below(draw(w), len(elite) - 1)
        b += b >= a
        for i in range(size):
            if s[i] != elite[a, i]:
                level += _costly(rows, lists, s, h, i)
        distance = 0
        for i in range(size):
            distance += elite[a, i] != elite[b, i]
        if even:
            distance = min(distance, size - distance)
        far = distance >= LEAST_DISTANCE
        if far:
            level = walk(rows, lists, size, even, s, h, elite[b], level, ahead)
    if not far:
        for i in range(size):
            if draw(w) >> np.uint64(63):
                level += _costly(rows, lists, s, h, i)
    level += _descend(rows, lists, size, s, h)
    until[:size] = 0
    book[AT], book[LEVEL], lowest[ROUND] = 0, level, level
    for i in range(size):
        found[ROUND, i] = s[i]


@njit
def flip_tabu(rows, lists, size, large, even, state, words, flips):
    """Make so many flips in each replica, in place.

    `rows` (N, P) are the weights, padded with zeros, without any where `lists` (CSR: begins,
    neighbours, weights) are used; `large` is more than any cost, `even` means that a state and
    its mirror image have the same energy, `words` (R, 4) are the streams.
    """
    length = FLIPS_PER_SPIN * size
    for r in range(len(words)):
        s, h, until, w = state.s[r], state.h[r], state.until[r], words[r]
        found, lowest, book = state.found[r], state.lowest[r], state.book[r]
        left = flips
        while left > 0:
            step = min(left, length - book[AT])
            _search(rows, lists, size, large, s, h, until, found, lowest, book, w, step)
            left -= step
            if book[AT] == length:
                _next_round(
                    rows, lists, size, even, s, h, until,
                    state.elite[r], state.levels[r], found, lowest, book, w,
                )  # fmt: skip
        if lowest[ROUND] < lowest[RUN]:
            lowest[RUN] = lowest[ROUND]
            found[RUN] = found[ROUND]
