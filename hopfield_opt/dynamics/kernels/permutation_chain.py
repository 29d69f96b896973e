"""Tours: a permutation whose energy is the length of a closed chain, at O(1) a proposal.

A replica is a tour t of m cities (a path is a tour through one more city, at distance 0 from all).
Its moves are

========  ==========================================================================
reversal  of the u cities from position i on (2-opt; only with symmetric distances)
exchange  of two neighbouring segments of lengths u and v, of which one may be turned
          round; with u or v <= 3 this is an insertion (Or-opt)
swap      of two cities
========  ==========================================================================

all positions modulo m. In the mode for search a move is proposed because it joins a city to one of
its nearest, and the shorter side of the tour is rewritten, which may turn or rotate the whole. In
the literal mode cities keep their places but for what the move says: for places that are not
open to all, and for sampling, with proposals that are as likely forth as back.

(Jitted functions that call each other stand in one file, hence its length: numba's cache looks at
one file only.)
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import njit

# One sweep is so many proposals per city, see `permutation_swap`.
PROPOSALS_PER_ITEM = 10
REVERSAL, EXCHANGE, SWAP = 0, 1, 2
KEPT, FIRST_TURNED, SECOND_TURNED = 0, 1, 2
# Segments of insertions in symmetric tours; without reversals longer ones must do their work.
SHORT, LONG = 3, 50
# Tours of more cities are brought to local minima among near neighbours only.
FEW = 250


class ChainTerms(NamedTuple):
    """The tour's distances and what the proposals need."""

    distance: NDArray[np.float64]  # (m, m) from a city to the next
    near: NDArray[np.int64]  # (m, K) nearest first; (m, 0) for uniform proposals
    symmetric: bool
    literal: bool
    strict: NDArray[np.int64]  # (m + 1,) positions before this one that are not open to all
    allowed: NDArray[np.bool_]  # (m, m) city, position; (0, 0) if all are


@njit
def _draw(s):
    """xoshiro256++ (Blackman and Vigna 2019)."""
    x = s[0] + s[3]
    output = ((x << np.uint64(23)) | (x >> np.uint64(41))) + s[0]
    shifted = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = (s[3] << np.uint64(45)) | (s[3] >> np.uint64(19))
    return output


@njit
def _below(bits, n):
    """Return 32 random bits as a number below n."""
    return np.int64((bits * np.uint64(n)) >> np.uint64(32))


@njit
def _accepts(delta, beta, rule, s):
    """Metropolis (rule 0) or heat bath (1); at beta = inf only what lowers the energy."""
    if math.isinf(beta):
        return delta < 0.0
    if rule == 0 and delta <= 0.0:
        return True
    x = beta * delta
    if x > 45.0:  # 1e-19: below the resolution of a draw
        return False
    u = (np.float64(_draw(s) >> np.uint64(11)) + 0.5) * 2.0**-53
    return u * ((1.0 if rule == 1 else 0.0) + math.exp(x)) < 1.0


@njit
def _wrap(i, m):
    """Return i modulo m for 0 <= i < 2 m."""
    return i if i < m else i - m


@njit
def _delta(d, t, kind, i, u, v, turn):
    """Return what a move changes."""
    m = len(t)
    before, first = t[i - 1 if i else m - 1], t[i]
    if kind == REVERSAL:
        last, after = t[_wrap(i + u - 1, m)], t[_wrap(i + u, m)]
        return d[before, last] + d[first, after] - d[before, first] - d[last, after]
    if kind == SWAP:  # of the positions i and u, which are no neighbours
        left, city, right = t[u - 1 if u else m - 1], t[u], t[_wrap(u + 1, m)]
        after = t[_wrap(i + 1, m)]
        change = d[before, city] + d[city, after] - d[before, first] - d[first, after]
        return change + d[left, first] + d[first, right] - d[left, city] - d[city, right]
    last, start = t[_wrap(i + u - 1, m)], t[_wrap(i + u, m)]
    end, after = t[_wrap(i + u + v - 1, m)], t[_wrap(i + u + v, m)]
    change = -d[before, first] - d[last, start] - d[end, after]
    if turn == KEPT:
        return change + d[before, start] + d[end, first] + d[last, after]
    if turn == FIRST_TURNED:
        return change + d[before, start] + d[end, last] + d[first, after]
    return change + d[before, end] + d[start, first] + d[last, after]


@njit
def _reverse(t, position, i, u):
    m = len(t)
    j = i + u - 1
    if j >= m:
        j -= m
    for _ in range(u // 2):
        a, b = t[i], t[j]
        t[i], position[b] = b, i
        t[j], position[a] = a, j
        i = i + 1 if i + 1 < m else 0
        j = j - 1 if j else m - 1


@njit
def _exchange(t, position, i, u, v, turn, buffer):
    """Exchange the u cities from position i on with the v after them."""
    m = len(t)
    if turn == FIRST_TURNED or (turn == KEPT and u <= v):
        for x in range(u):
            buffer[x] = t[_wrap(i + x, m)]
        for x in range(v):
            city = t[_wrap(i + u + x, m)]
            t[_wrap(i + x, m)], position[city] = city, _wrap(i + x, m)
        for x in range(u):
            city, place = buffer[u - 1 - x if turn else x], _wrap(i + v + x, m)
            t[place], position[city] = city, place
        return
    for x in range(v):
        buffer[x] = t[_wrap(i + u + x, m)]
    for x in range(u - 1, -1, -1):
        city = t[_wrap(i + x, m)]
        t[_wrap(i + v + x, m)], position[city] = city, _wrap(i + v + x, m)
    for x in range(v):
        city, place = buffer[v - 1 - x if turn else x], _wrap(i + x, m)
        t[place], position[city] = city, place


@njit
def _is_open(strict, allowed, t, kind, i, u, v, turn):
    """Return whether all cities may stand where a move puts them."""
    m = len(t)
    if kind == SWAP:
        return allowed[t[i], u] and allowed[t[u], i]
    end = i + u + v
    inside = strict[min(end, m)] - strict[i]
    if end > m:
        inside += strict[end - m]
    if inside == 0:
        return True
    for x in range(u):
        place = u - 1 - x if kind == REVERSAL else v + (u - 1 - x if turn == FIRST_TURNED else x)
        if not allowed[t[_wrap(i + x, m)], _wrap(i + place, m)]:
            return False
    for x in range(v):
        place = v - 1 - x if turn == SECOND_TURNED else x
        if not allowed[t[_wrap(i + u + x, m)], _wrap(i + place, m)]:
            return False
    return True


@njit
def _uniform_move(m, symmetric, g):
    """Draw a move (kind, i, u, v, turn) so that its inverse is as likely; u = 0 for none."""
    bits = _draw(g)
    kind = np.int64(bits & np.uint64(3))
    i = _below(bits >> np.uint64(32), m)
    j = _below(_draw(g) >> np.uint64(32), m - 1)
    j += j >= i
    if kind == 0:
        gap = j - i if j > i else j - i + m
        if gap == 1:
            return EXCHANGE, i, 1, 1, KEPT
        if gap == m - 1:
            return EXCHANGE, j, 1, 1, KEPT
        return SWAP, i, j, 0, KEPT
    if kind == 1 and symmetric:
        length = (j - i if j > i else j - i + m) + 1
        return REVERSAL, i, (length if length < m else 0), 0, KEPT
    most = m - 2 if symmetric else min(LONG, m - 2)
    short = 1 + _below(_draw(g) >> np.uint64(32), min(SHORT, most) if symmetric else most)
    other = 1 + _below(_draw(g) >> np.uint64(32), m - 1 - short)
    turned = symmetric and (bits & np.uint64(4)) != 0
    if bits & np.uint64(8):
        return EXCHANGE, i, short, other, (FIRST_TURNED if turned else KEPT)
    return EXCHANGE, i, other, short, (SECOND_TURNED if turned else KEPT)


@njit
def _insertion(m, i, u, gap, turned, literal):
    """Return the move of the u cities from position i on to behind the position `gap`."""
    reach = gap - i if gap >= i else gap - i + m
    if reach < u or reach == m - 1:
        return EXCHANGE, 0, 0, 0, KEPT
    ahead = reach - u + 1
    back = m - u - ahead
    if i + reach < m if literal else ahead <= back:
        return EXCHANGE, i, u, ahead, (FIRST_TURNED if turned else KEPT)
    return EXCHANGE, _wrap(gap + 1, m), back, u, (SECOND_TURNED if turned else KEPT)


@njit
def _near_move(near, t, position, symmetric, literal, turn, g):
    """Draw a move that joins a city to one of its nearest, sometimes to any.

    Reversals and insertions take turns, which is foreseeable where a random choice is not.
    """
    m = len(t)
    bits = _draw(g)
    a = _below(bits >> np.uint64(32), m)
    rank = np.int64((((bits >> np.uint64(8)) & np.uint64(255)) * np.uint64(near.shape[1])) >> 8)
    c = near[a, rank]
    if (bits >> np.uint64(16)) & np.uint64(15) == 0:
        c = _below(_draw(g) >> np.uint64(32), m)
        if c == a:
            return EXCHANGE, 0, 0, 0, KEPT
    i, j = position[a], position[c]
    forward, behind = (bits & np.uint64(1)) == 0, (bits & np.uint64(2)) == 0
    if not symmetric:
        most = SHORT if forward else min(LONG, m - 2)
        length = 1 + np.int64((((bits >> np.uint64(20)) & np.uint64(4095)) * np.uint64(most)) >> 12)
        return _insertion(m, j, length, i, False, literal)
    if turn & 1:
        low, high = min(i, j), max(i, j)
        # join a to c, and the cities behind both (or before both)
        low += forward
        high -= not forward
        length = high - low + 1
        if length < 2 or length > m - 2:
            return REVERSAL, 0, 0, 0, KEPT
        if not literal and 2 * length > m:
            return REVERSAL, _wrap(high + 1, m), m - length, 0, KEPT
        return REVERSAL, low, length, 0, KEPT
    length = 1 + np.int64((((bits >> np.uint64(20)) & np.uint64(255)) * np.uint64(SHORT)) >> 8)
    start = j if forward else _wrap(j - length + 1 + m, m)
    gap = i if behind else _wrap(i - 1 + m, m)
    return _insertion(m, start, length, gap, forward != behind, literal)


@njit
def _apply(t, position, buffer, kind, i, u, v, turn):
    if kind == REVERSAL:
        _reverse(t, position, i, u)
    elif kind == EXCHANGE:
        _exchange(t, position, i, u, v, turn, buffer)
    else:
        t[i], t[u] = t[u], t[i]
        position[t[i]], position[t[u]] = i, u


@njit
def _sweep(terms, t, position, buffer, beta, rule, g, changes):
    """Make random proposals.

    If `changes` is not empty: as many, and what they would change is written there.
    """
    d, near, symmetric, literal = terms.distance, terms.near, terms.symmetric, terms.literal
    strict, allowed = terms.strict, terms.allowed
    m, measured = len(t), len(changes)
    for proposal in range(measured if measured else PROPOSALS_PER_ITEM * m):
        uniform = near.shape[1] == 0
        if len(allowed) and not uniform:
            # where few places are open to a city, those next to its neighbours may be none
            uniform = (_draw(g) >> np.uint64(62)) == 0
        if uniform:
            kind, i, u, v, turn = _uniform_move(m, symmetric, g)
        else:
            kind, i, u, v, turn = _near_move(near, t, position, symmetric, literal, proposal, g)
        if u == 0 and kind != SWAP:
            continue
        if len(allowed) and not _is_open(strict, allowed, t, kind, i, u, v, turn):
            continue
        delta = _delta(d, t, kind, i, u, v, turn)
        if measured:
            changes[proposal] = delta
        elif _accepts(delta, beta, rule, g):
            _apply(t, position, buffer, kind, i, u, v, turn)


@njit
def _ordered_move(kind, i, j, m, symmetric, literal):
    """Return the move that reverses i .. j, swaps both, or inserts 1 to 3 cities behind j."""
    if kind == 0:
        count = j - i + 1 if symmetric and i < j and j - i + 1 < m else 0
        return REVERSAL, i, count, 0, KEPT
    if kind == 1:
        apart = i < j - 1 and j - i < m - 1
        return (SWAP, i, j, 0, KEPT) if apart else (REVERSAL, i, 0, 0, KEPT)
    length = kind // 2
    turned = kind % 2 == 1
    if turned and (length == 1 or not symmetric):
        return EXCHANGE, i, 0, 0, KEPT
    return _insertion(m, i, length, j, turned, literal)


@njit
def _ordered_sweep(terms, t, position, buffer, beta, rule, g):
    """Propose every reversal, swap and short insertion once.

    Of tours of more than FEW cities only those at places of the nearest of a city or of the one
    before it: all pairs of 1000 cities would take longer than an anneal.
    """
    d, symmetric, literal, near = terms.distance, terms.symmetric, terms.literal, terms.near
    strict, allowed = terms.strict, terms.allowed
    m = len(t)
    chosen = near.shape[1] > 0 and m > FEW
    for i in range(m):
        for option in range(2 * near.shape[1] if chosen else m):
            j = option
            if chosen:
                j = position[near[t[i - option % 2], option // 2]]
            for variant in range(2 + 2 * SHORT):
                kind, a, u, v, turn = _ordered_move(variant, i, j, m, symmetric, literal)
                if u == 0 and kind != SWAP:
                    continue
                if len(allowed) and not _is_open(strict, allowed, t, kind, a, u, v, turn):
                    continue
                if _accepts(_delta(d, t, kind, a, u, v, turn), beta, rule, g):
                    _apply(t, position, buffer, kind, a, u, v, turn)


@njit
def chain_sweeps(terms, lanes, betas, rng, rule, order):
    """Sweep the tours (R, m) in place; return their lengths."""
    m = lanes.shape[1]
    position, buffer, nothing = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(0)
    lengths = np.empty(len(lanes))
    for lane in range(len(lanes)):
        t, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        for i in range(m):
            position[t[i]] = i
        for s in range(len(betas)):
            beta = betas[s, lane if betas.shape[1] > 1 else 0]
            if order == 0:
                _sweep(terms, t, position, buffer, beta, rule, g, nothing)
            else:
                _ordered_sweep(terms, t, position, buffer, beta, rule, g)
        lengths[lane] = 0.0
        for i in range(m):
            lengths[lane] += terms.distance[t[i - 1], t[i]]
    return lengths


@njit
def chain_changes(terms, lanes, rng, changes):
    """Write what random moves would change into `changes` (R, C), 0 for failed draws."""
    m = lanes.shape[1]
    position, buffer = np.empty(m, np.int64), np.empty(m, np.int64)
    changes[:] = 0.0
    for lane in range(len(lanes)):
        t, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        for i in range(m):
            position[t[i]] = i
        _sweep(terms, t, position, buffer, 0.0, 0, g, changes[lane])
