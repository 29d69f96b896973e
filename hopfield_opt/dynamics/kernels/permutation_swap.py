"""Swaps on a permutation with any couplings: products, sparse products, pairs, squares, linear.

A product (A, B) costs ``sum_ik A_ik B[p_i, p_k]``. It is kept as a symmetric and a skew pair (the
mixed sums vanish), because a swap of the items r and s then needs rows only:

    delta = 2 sum_k (A_rk - A_sk)(P_sk - P_rk) + [symmetric] 4 A_rs P_rs,   P = B[p][:, p].

P is a scratch array of one replica, whose rows and columns are swapped on acceptance. Where a
factor is sparse, only its entries are visited, O(entries of two rows) instead of O(n).
"""

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import njit

# One sweep is so many proposals per item that can move. A sweep of the N = n^2 spins that they
# stand for would be too coarse a step for a schedule.
PROPOSALS_PER_ITEM = 10

# For the functions of the innermost loop: a call counts references to all its arrays.
_inline = numba.njit(forceinline=True, nogil=True)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class SwapTerms(NamedTuple):
    """The energy on permutations of n items, as `_delta` reads it; T terms, w >= n columns.

    A parity is +1 for a pair of symmetric matrices and -1 for a pair of skew ones. An empty
    `linear` or `choices` means that there is no linear part, no forbidden place.
    """

    left: Floats  # (T n, w) A, padded with zeros to whole vectors
    right: Floats  # (T n, n) B
    own: Floats  # (T,) 4 for symmetric pairs, 0 for skew ones
    sparse_start: Integers  # (U, n + 1) where the rows of the sparse factor begin
    sparse_index: Integers
    sparse_value: Floats
    other: Floats  # (U, n, n) the dense factor
    sparse_parity: Floats  # (U,)
    by_place: NDArray[np.bool_]  # (U,) whether the sparse factor couples places, not items
    linear: Floats  # (n, n) or (0, 0)
    pair_start: Integers  # (n^2 + 1,) or (1,) without pairs
    pair_index: Integers
    pair_value: Floats
    line_start: Integers  # (n^2 + 1,) or (1,) without squares
    line_index: Integers  # the rows that a spin stands in
    line_value: Floats
    line_weight: Floats  # (K,) c_k
    line_shift: Floats  # (K,) m_k, the square is (2 y_k - m_k)^2
    movable: Integers  # the items that can stand at more than one place
    choice_start: Integers  # (n + 1,) or (1,)
    choices: Integers  # the places of each item, where they differ
    allowed: NDArray[np.bool_]  # (n, n) or (0, 0)


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


@_inline
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


# Reordered sums: exact for integers, vectors of any width for the others. Flat rows: with three
# indices a term and a row took twice the time.
@numba.njit(fastmath={"reassoc", "contract"})
def _row_product(left, work, r, s):
    total = 0.0
    for k in range(left.shape[1]):
        total += (left[r, k] - left[s, k]) * (work[s, k] - work[r, k])
    return total


@_inline
def _product_delta(left, own, work, n, r, s):
    """Return what a swap of the items r and s changes in the products."""
    change = 0.0
    for t in range(len(own)):
        row = t * n + r
        change += 2.0 * _row_product(left, work, row, t * n + s)
        change += own[t] * left[row, s] * work[row, s]
    return change


@_inline
def _sparse_delta(start, index, value, other, t, parity, at, r, s):
    """Return what a swap of r and s changes in a sparse product; k stands at ``at[k]``."""
    here, there = at[r], at[s]
    total = 0.0
    for e in range(start[t, r], start[t, r + 1]):
        k = index[e]
        if k != s:
            total += value[e] * (other[t, there, at[k]] - other[t, here, at[k]])
        elif parity < 0:
            total -= 2.0 * value[e] * other[t, here, there]
    for e in range(start[t, s], start[t, s + 1]):
        k = index[e]
        if k != r:
            total += value[e] * (other[t, here, at[k]] - other[t, there, at[k]])
    return 2.0 * total


@_inline
def _pair_field(start, index, value, p, i, j, skip, partner):
    """Return what the set spins do to spin (i, j).

    Of two spins that move together each gets half: `skip` is such a spin that is set,
    `partner` one that is not.
    """
    n = len(p)
    total = 0.0
    for e in range(start[i * n + j], start[i * n + j + 1]):
        b = index[e]
        if b in (skip, partner):
            total += 0.5 * value[e]
        elif p[b // n] == b % n:
            total += value[e]
    return total


@_inline
def _pair_delta(start, index, value, p, r, s):
    """Return what a swap of the items r and s changes in the pairs: four spins move."""
    n, i, j = len(p), p[r], p[s]
    change = _pair_field(start, index, value, p, r, j, -1, s * n + i)
    change += _pair_field(start, index, value, p, s, i, -1, r * n + j)
    change -= _pair_field(start, index, value, p, r, i, s * n + j, -1)
    return change - _pair_field(start, index, value, p, s, j, r * n + i, -1)


@_inline
def _move_line(start, index, value, weight, shift, y, spin, sign):
    """Turn a spin on (sign 1) or off (-1) in the sums y; return how the squares change."""
    change = 0.0
    for e in range(start[spin], start[spin + 1]):
        k = index[e]
        step = sign * value[e]
        # (2 (y + d) - m)^2 - (2 y - m)^2
        change += weight[k] * 4.0 * step * (2.0 * y[k] + step - shift[k])
        y[k] += step
    return change


@_inline
def _move_lines(start, index, value, weight, shift, p, y, r, s):
    """Swap r and s in the sums y alone; return how the squares change."""
    n = len(p)
    change = _move_line(start, index, value, weight, shift, y, r * n + p[r], -1.0)
    change += _move_line(start, index, value, weight, shift, y, s * n + p[s], -1.0)
    change += _move_line(start, index, value, weight, shift, y, r * n + p[s], 1.0)
    return change + _move_line(start, index, value, weight, shift, y, s * n + p[r], 1.0)


@_inline
def _apply(p, q, work, r, s):
    n = len(p)
    p[r], p[s] = p[s], p[r]
    q[p[r]], q[p[s]] = r, s
    for base in range(0, len(work), n):
        for k in range(n):
            work[base + r, k], work[base + s, k] = work[base + s, k], work[base + r, k]
        for k in range(base, base + n):
            work[k, r], work[k, s] = work[k, s], work[k, r]


@njit
def _permute(right, p, q, work):
    """Write the inverse and the permuted factors of p."""
    for i in range(len(p)):
        q[p[i]] = i
    n = len(p)
    for base in range(0, len(work), n):
        for i in range(n):
            for k in range(n):
                work[base + i, k] = right[base + p[i], p[k]]


@njit
def _sum_lines(start, index, value, p, y):
    """Write the sums of the lines; anew each sweep, so that rounding never depends on blocks."""
    y[:] = 0.0
    if len(start) > 1:
        for i in range(len(p)):
            spin = i * len(p) + p[i]
            for e in range(start[spin], start[spin + 1]):
                y[index[e]] += value[e]


@njit
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
            total += 0.5 * _pair_field(start, index, value, p, i, p[i], -1, -1)
    _sum_lines(terms.line_start, terms.line_index, terms.line_value, p, y)
    for k in range(len(y)):
        total += terms.line_weight[k] * (2.0 * y[k] - terms.line_shift[k]) ** 2
    return total


@_inline
def _partner(movable, start, choices, allowed, p, q, g):
    """Return two items whose swap is proposed, (0, 0) if the draw failed; the draw is symmetric.

    Where places differ, the chance is 1/m (1/|places of r| + 1/|places of s|) both ways.
    """
    m = len(movable)
    bits = _draw(g)
    high, low = bits >> np.uint64(32), bits & np.uint64(0xFFFFFFFF)
    first = _below(high, m)
    r = movable[first]
    if len(choices):
        place = choices[start[r] + _below(low, start[r + 1] - start[r])]
        s = q[place]
        if s == r or not allowed[s, p[r]]:
            return 0, 0
        return r, s
    second = _below(low, m - 1)
    return r, movable[second + (second >= first)]


# One long function: the arrays are unpacked once, as each use of a field of a tuple counts
# references (1.1 microseconds a proposal when helpers were given the tuple, against 0.04).
@njit
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
    _sum_lines(line_start, line_index, line_value, p, y)
    n, m = len(p), len(movable)
    count = PROPOSALS_PER_ITEM * m if order == 0 else m * (m - 1) // 2
    measured = len(changes)
    a, b = 1, -1
    for proposal in range(measured if measured else count):
        if order == 0:
            r, s = _partner(movable, choice_start, choices, allowed, p, q, g)
            if r == s:
                continue
        else:
            b += 1
            if b == a:
                a, b = a + 1, 0
            r, s = movable[a], movable[b]
            if len(allowed) and not (allowed[r, p[s]] and allowed[s, p[r]]):
                continue
        delta = _product_delta(left, own, work, n, r, s)
        for t in range(len(other)):
            at = q if by_place[t] else p
            one, two = (p[r], p[s]) if by_place[t] else (r, s)
            delta += _sparse_delta(start, index, value, other, t, sparse_parity[t], at, one, two)
        if has_linear:
            i, j = p[r], p[s]
            delta += linear[r, j] + linear[s, i] - linear[r, i] - linear[s, j]
        if has_pairs:
            delta += _pair_delta(pair_start, pair_index, pair_value, p, r, s)
        if has_lines:
            delta += _move_lines(line_start, line_index, line_value, weight, shift, p, y, r, s)
        if measured:
            changes[proposal] = delta
        elif _accepts(delta, beta, rule, g):
            _apply(p, q, work, r, s)
            continue
        if has_lines:
            for spin, sign in (
                (r * n + p[s], -1.0),
                (s * n + p[r], -1.0),
                (r * n + p[r], 1.0),
                (s * n + p[s], 1.0),
            ):
                _move_line(line_start, line_index, line_value, weight, shift, y, spin, sign)


@njit
def swap_sweeps(terms, lanes, betas, rng, rule, order):
    """Sweep the permutations (R, n) in place; return their energies without the constant."""
    replicas, n = lanes.shape
    q = np.empty(n, np.int64)
    work = np.zeros(terms.left.shape)
    y = np.empty(len(terms.line_weight))
    energies, nothing = np.empty(replicas), np.empty(0)
    for lane in range(replicas):
        p, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        _permute(terms.right, p, q, work)
        if len(terms.movable) > 1:
            for t in range(len(betas)):
                beta = betas[t, lane if betas.shape[1] > 1 else 0]
                _sweep(terms, p, q, work, y, beta, rule, order, g, nothing)
        energies[lane] = _energy(terms, p, q, work, y)
    return energies


@njit
def swap_changes(terms, lanes, rng, changes):
    """Write what random swaps would change into `changes` (R, C), 0 for failed draws."""
    q = np.empty(lanes.shape[1], np.int64)
    work = np.zeros(terms.left.shape)
    y = np.empty(len(terms.line_weight))
    changes[:] = 0.0
    if len(terms.movable) > 1:
        for lane in range(len(lanes)):
            p, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
            _permute(terms.right, p, q, work)
            _sweep(terms, p, q, work, y, 0.0, 0, 0, g, changes[lane])
