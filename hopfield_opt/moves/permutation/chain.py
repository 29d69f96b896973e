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
"""

from typing import NamedTuple

import numpy as np

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray
from hopfield_opt.jit import borrowing_part, njit
from hopfield_opt.moves.decisions import accepts_swap
from hopfield_opt.moves.permutation.chain_moves import (
    EXCHANGE,
    FIRST_TURNED,
    KEPT,
    REVERSAL,
    SECOND_TURNED,
    SWAP,
    apply,
    delta_of,
    is_open,
)
from hopfield_opt.tour_moves import wrap
from hopfield_opt.xoshiro import below, draw

# One sweep is so many proposals per city, see `swap`.
PROPOSALS_PER_ITEM = 10
# Segments of insertions in symmetric tours; without reversals longer ones must do their work.
SHORT, LONG = 3, 50
# Tours of more cities are brought to local minima among near neighbours only.
FEW = 250


class ChainTerms(NamedTuple):
    """The tour's distances and what the proposals need."""

    distance: FloatArray  # (m, m) from a city to the next
    near: IntArray  # (m, K) nearest first; (m, 0) for uniform proposals
    symmetric: bool
    literal: bool
    strict: IntArray  # (m + 1,) positions before this one that are not open to all
    allowed: BoolArray  # (m, m) city, position; (0, 0) if all are


@borrowing_part
def draw_uniform_move(m, symmetric, g):
    """Draw a move (kind, i, u, v, turn) so that its inverse is as likely; u = 0 for none."""
    bits = draw(g)
    kind = np.int64(bits & np.uint64(3))
    i = below(bits, m)
    j = below(draw(g), m - 1)
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
    short = 1 + below(draw(g), min(SHORT, most) if symmetric else most)
    other = 1 + below(draw(g), m - 1 - short)
    turned = symmetric and (bits & np.uint64(4)) != 0
    if bits & np.uint64(8):
        return EXCHANGE, i, short, other, (FIRST_TURNED if turned else KEPT)
    return EXCHANGE, i, other, short, (SECOND_TURNED if turned else KEPT)


@borrowing_part
def _insertion(m, i, u, gap, turned, literal):
    """Return the move of the u cities from position i on to behind the position `gap`."""
    reach = gap - i if gap >= i else gap - i + m
    if reach < u or reach == m - 1:
        return EXCHANGE, 0, 0, 0, KEPT
    ahead = reach - u + 1
    back = m - u - ahead
    if i + reach < m if literal else ahead <= back:
        return EXCHANGE, i, u, ahead, (FIRST_TURNED if turned else KEPT)
    return EXCHANGE, wrap(gap + 1, m), back, u, (SECOND_TURNED if turned else KEPT)


@borrowing_part
def draw_near_move(near, t, position, symmetric, literal, turn, g):
    """Draw a move that joins a city to one of its nearest, sometimes to any.

    Reversals and insertions take turns, which is foreseeable where a random choice is not.
    """
    m = len(t)
    bits = draw(g)
    a = below(bits, m)
    rank = np.int64((((bits >> np.uint64(8)) & np.uint64(255)) * np.uint64(near.shape[1])) >> 8)
    c = near[a, rank]
    if (bits >> np.uint64(16)) & np.uint64(15) == 0:
        c = below(draw(g), m)
        if c == a:
            return EXCHANGE, 0, 0, 0, KEPT
    i, j = position[a], position[c]
    forward, behind = (bits & np.uint64(1)) == 0, (bits & np.uint64(2)) == 0
    if not symmetric:
        most = SHORT if forward else min(LONG, m - 2)
        length = 1 + np.int64((((bits >> np.uint64(20)) & np.uint64(4095)) * np.uint64(most)) >> 12)
        return _insertion(m, j, length, i, symmetric, literal)  # not turned
    if turn & 1:
        low, high = min(i, j), max(i, j)
        # join a to c, and the cities behind both (or before both)
        low += forward
        high -= not forward
        length = high - low + 1
        if length < 2 or length > m - 2:
            return REVERSAL, 0, 0, 0, KEPT
        if not literal and 2 * length > m:
            return REVERSAL, wrap(high + 1, m), m - length, 0, KEPT
        return REVERSAL, low, length, 0, KEPT
    length = 1 + np.int64((((bits >> np.uint64(20)) & np.uint64(255)) * np.uint64(SHORT)) >> 8)
    start = j if forward else wrap(j - length + 1 + m, m)
    gap = i if behind else wrap(i - 1 + m, m)
    return _insertion(m, start, length, gap, forward != behind, literal)


@borrowing_part
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
            uniform = (draw(g) >> np.uint64(62)) == 0
        if uniform:
            kind, i, u, v, turn = draw_uniform_move(m, symmetric, g)
        else:
            kind, i, u, v, turn = draw_near_move(near, t, position, symmetric, literal, proposal, g)
        if u == 0 and kind != SWAP:
            continue
        if len(allowed) and not is_open(strict, allowed, t, kind, i, u, v, turn):
            continue
        delta = delta_of(d, t, kind, i, u, v, turn)
        if measured:
            changes[proposal] = delta
        elif accepts_swap(delta, beta, rule, g):
            apply(t, position, buffer, kind, i, u, v, turn)


@borrowing_part
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


@borrowing_part
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
                if len(allowed) and not is_open(strict, allowed, t, kind, a, u, v, turn):
                    continue
                if accepts_swap(delta_of(d, t, kind, a, u, v, turn), beta, rule, g):
                    apply(t, position, buffer, kind, a, u, v, turn)


@njit
def chain_sweeps(terms, lanes, betas, rng, rule, order, changes):
    """Sweep the tours (R, m) in place; return their lengths.

    If `changes` (R, C) is not empty, nothing moves: what C random moves would change is written
    there, for each row of `betas`; failed draws write nothing.
    """
    m = lanes.shape[1]
    position, buffer = np.empty(m, np.int64), np.empty(m, np.int64)
    lengths = np.empty(len(lanes))
    for lane in range(len(lanes)):
        t, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        for i in range(m):
            position[t[i]] = i
        for s in range(len(betas)):
            beta = betas[s, lane if betas.shape[1] > 1 else 0]
            if order == 0:
                _sweep(terms, t, position, buffer, beta, rule, g, changes[lane])
            else:
                _ordered_sweep(terms, t, position, buffer, beta, rule, g)
        lengths[lane] = 0.0
        for i in range(m):
            lengths[lane] += terms.distance[t[i - 1], t[i]]
    return lengths
