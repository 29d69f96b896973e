"""Swaps on a permutation with any couplings: products, sparse products, pairs, squares, linear.

A product (A, B) costs ``sum_ik A_ik B[p_i, p_k]``. It is kept as a symmetric and a skew pair (the
mixed sums vanish), because a swap of the items r and s then needs rows only:

    delta = 2 sum_k (A_rk - A_sk)(P_sk - P_rk) + [symmetric] 4 A_rs P_rs,   P = B[p][:, p].

P is a scratch array of one replica, whose rows and columns are swapped on acceptance. Where a
factor is sparse, only its entries are visited, O(entries of two rows) instead of O(n).
"""

from typing import NamedTuple

import numpy as np

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray
from hopfield_opt.jit import borrowing_part, inlined, njit
from hopfield_opt.moves.decisions import accepts_swap
from hopfield_opt.moves.permutation.dense_products import permute, product_delta, swap_items
from hopfield_opt.moves.permutation.swap_deltas import (
    move_line,
    move_lines,
    pair_delta,
    pair_field,
    sparse_delta,
    sum_lines,
)
from hopfield_opt.xoshiro import below, draw

# One sweep is so many proposals per item that can move. A sweep of the N = n^2 spins that they
# stand for would be too coarse a step for a schedule.
PROPOSALS_PER_ITEM = 10


class SwapTerms(NamedTuple):
    """The energy on permutations of n items, as `_sweep` reads it; T terms, w >= n columns.

    A parity is +1 for a pair of symmetric matrices and -1 for a pair of skew ones. An empty
    `linear` or `choices` means that there is no linear part, no forbidden place.
    """

    left: FloatArray  # (T n, w) A, padded with zeros to whole vectors
    right: FloatArray  # (T n, n) B
    own: FloatArray  # (T,) 4 for symmetric pairs, 0 for skew ones
    sparse_start: IntArray  # (U, n + 1) where the rows of the sparse factor begin
    sparse_index: IntArray
    sparse_value: FloatArray
    other: FloatArray  # (U, n, n) the dense factor
    sparse_parity: FloatArray  # (U,)
    by_place: BoolArray  # (U,) whether the sparse factor couples places, not items
    linear: FloatArray  # (n, n) or (0, 0)
    pair_start: IntArray  # (n^2 + 1,) or (1,) without pairs
    pair_index: IntArray
    pair_value: FloatArray
    line_start: IntArray  # (n^2 + 1,) or (1,) without squares
    line_index: IntArray  # the rows that a spin stands in
    line_value: FloatArray
    line_weight: FloatArray  # (K,) c_k
    line_shift: FloatArray  # (K,) m_k, the square is (2 y_k - m_k)^2
    movable: IntArray  # the items that can stand at more than one place
    choice_start: IntArray  # (n + 1,) or (1,)
    choices: IntArray  # the places of each item, where they differ
    allowed: BoolArray  # (n, n) or (0, 0)


@inlined
def _apply(p, q, work, r, s):
    """Swap two items, and keep the inverse."""
    swap_items(p, work, r, s)
    q[p[r]], q[p[s]] = r, s


@borrowing_part
def _permute(right, p, q, work):
    """Write the inverse and the permuted factors of p."""
    for i in range(len(p)):
        q[p[i]] = i
    permute(right, p, work)


@borrowing_part
def _energy(terms, p, q, work, y):
    """Return the energy without its constant, from scratch."""
    n = len(p)
    total = 0.0
    for i in range(len(work)):
        for k in range(n):
            total += terms.left[i, k] * work[i, k]
    for t in range(len(terms.other)):
        at = q if terms.by_place[t] else p
        for i in range(n):
            for e in range(terms.sparse_start[t, i], terms.sparse_start[t, i + 1]):
                k = terms.sparse_index[e]
                total += terms.sparse_value[e] * terms.other[t, at[i], at[k]]
    for i in range(n):
        if len(terms.linear):
            total += terms.linear[i, p[i]]
        if len(terms.pair_start) > 1:
            start, index, value = terms.pair_start, terms.pair_index, terms.pair_value
            total += 0.5 * pair_field(start, index, value, p, i, p[i], -1, -1)
    sum_lines(terms.line_start, terms.line_index, terms.line_value, p, y)
    for k in range(len(y)):
        total += terms.line_weight[k] * (2.0 * y[k] - terms.line_shift[k]) ** 2
    return total


@inlined
def draw_swap(movable, start, choices, allowed, p, q, g):
    """Return two items whose swap is proposed, (0, 0) if the draw failed; the draw is symmetric.

    Where places differ, the chance is 1/m (1/|places of r| + 1/|places of s|) both ways.
    """
    m = len(movable)
    bits = draw(g)
    low = bits << np.uint64(32)
    first = below(bits, m)
    r = movable[first]
    if len(choices):
        place = choices[start[r] + below(low, start[r + 1] - start[r])]
        s = q[place]
        if s == r or not allowed[s, p[r]]:
            return 0, 0
        return r, s
    second = below(low, m - 1)
    return r, movable[second + (second >= first)]


# One long function: the arrays are unpacked once, as each use of a field of a tuple counts
# references (1.1 microseconds a proposal when helpers were given the tuple, against 0.04).
@borrowing_part
def _sweep(terms, p, q, work, y, beta, rule, order, g, changes):
    """One sweep: random proposals (order 0), or every pair once.

    If `changes` is not empty: as many random proposals, what they would change written there.
    """
    left, own, linear, other = terms.left, terms.own, terms.linear, terms.other
    start, index, value = terms.sparse_start, terms.sparse_index, terms.sparse_value
    by_place, sparse_parity = terms.by_place, terms.sparse_parity
    pair_start, pair_index, pair_value = terms.pair_start, terms.pair_index, terms.pair_value
    line_start, line_index, line_value = terms.line_start, terms.line_index, terms.line_value
    weight, shift, movable = terms.line_weight, terms.line_shift, terms.movable
    choice_start, choices, allowed = terms.choice_start, terms.choices, terms.allowed
    has_linear, has_pairs, has_lines = len(linear) > 0, len(pair_start) > 1, len(line_start) > 1
    sum_lines(line_start, line_index, line_value, p, y)
    n, m = len(p), len(movable)
    count = PROPOSALS_PER_ITEM * m if order == 0 else m * (m - 1) // 2
    measured = len(changes)
    a, b = 1, -1
    for proposal in range(measured if measured else count):
        if order == 0:
            r, s = draw_swap(movable, choice_start, choices, allowed, p, q, g)
            if r == s:
                continue
        else:
            b += 1
            if b == a:
                a, b = a + 1, 0
            r, s = movable[a], movable[b]
            if len(allowed) and not (allowed[r, p[s]] and allowed[s, p[r]]):
                continue
        delta = product_delta(0.0, left, own, work, n, r, s)
        for t in range(len(other)):
            at = q if by_place[t] else p
            one, two = (p[r], p[s]) if by_place[t] else (r, s)
            delta += sparse_delta(start, index, value, other, t, sparse_parity[t], at, one, two)
        if has_linear:
            i, j = p[r], p[s]
            delta += linear[r, j] + linear[s, i] - linear[r, i] - linear[s, j]
        if has_pairs:
            delta += pair_delta(pair_start, pair_index, pair_value, p, r, s)
        if has_lines:
            delta += move_lines(line_start, line_index, line_value, weight, shift, p, y, r, s)
        if measured:
            changes[proposal] = delta
        elif accepts_swap(delta, beta, rule, g):
            _apply(p, q, work, r, s)
            continue
        if has_lines:
            for spin, sign in (
                (r * n + p[s], -1.0),
                (s * n + p[r], -1.0),
                (r * n + p[r], 1.0),
                (s * n + p[s], 1.0),
            ):
                move_line(line_start, line_index, line_value, weight, shift, y, spin, sign)


@njit
def swap_sweeps(terms, lanes, betas, rng, rule, order, changes):
    """Sweep the permutations (R, n) in place; return their energies without the constant.

    `changes` is as in `chain_sweeps`.
    """
    replicas, n = lanes.shape
    q = np.empty(n, np.int64)
    work = np.zeros(terms.left.shape)
    y = np.empty(len(terms.line_weight))
    energies = np.empty(replicas)
    for lane in range(replicas):
        p, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        _permute(terms.right, p, q, work)
        if len(terms.movable) > 1:
            for t in range(len(betas)):
                beta = betas[t, lane if betas.shape[1] > 1 else 0]
                _sweep(terms, p, q, work, y, beta, rule, order, g, changes[lane])
        energies[lane] = _energy(terms, p, q, work, y)
    return energies
