"""Swaps on a permutation with dense products and a linear part: annealing and tabu search.

A product (A, B) costs ``sum_ik A_ik B[p_i, p_k]`` and is symmetric or skew, for the reason that
`swap` gives. The rows of A and of the permuted factor P = B[p][:, p] are all that a
swap asks for:

    delta_rs = 2 sum_k (A_rk - A_sk)(P_sk - P_rk) + [symmetric] 4 A_rs P_rs + linear part.

After a swap of r and s every delta of two other items u and v changes by

    2 (a_u - a_v)(b_u - b_v),  a_k = A_rk - A_sk,  b_k = P_rk - P_sk  before the swap,

so that tabu search knows all n (n - 1) / 2 of them at O(1) each. Arrays may be float32 where that
is exact, which is twice as fast.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.jit import borrowing_part, njit
from hopfield_opt.moves.decisions import accepts_swap
from hopfield_opt.moves.permutation.dense_products import permute, product_delta, swap_items
from hopfield_opt.xoshiro import below, draw

# One sweep is so many proposals per item that can move, see `swap`.
PROPOSALS_PER_ITEM = 10


class ProductTerms(NamedTuple):
    """T products on n items, rows padded with zeros to w >= n."""

    left: NDArray[Any]  # (T n, w) A
    right: NDArray[Any]  # (T n, n) B
    own: FloatArray  # (T,) 4 for symmetric pairs, 0 for skew ones
    linear: FloatArray  # (n, n) cost of item and place, (0, 0) if there is none
    movable: IntArray  # the items that can move, each to each other's place


@borrowing_part
def delta_of(left, own, linear, work, p, r, s):
    """Return what a swap of r and s changes."""
    change = 0.0
    if len(linear):
        i, j = p[r], p[s]
        change += linear[r, j] + linear[s, i] - linear[r, i] - linear[s, j]
    return product_delta(change, left, own, work, len(p), r, s)


@borrowing_part
def _energy(left, linear, work, p):
    total = 0.0
    for i in range(len(linear)):
        total += linear[i, p[i]]
    for i in range(len(work)):
        for k in range(len(work[0])):
            total += np.float64(left[i, k]) * np.float64(work[i, k])
    return total


@borrowing_part
def _random_sweep(left, own, linear, work, movable, p, beta, rule, g):
    m = len(movable)
    for _ in range(PROPOSALS_PER_ITEM * m):
        bits = draw(g)
        first = below(bits, m)
        second = below(bits << np.uint64(32), m - 1)
        r, s = movable[first], movable[second + (second >= first)]
        if accepts_swap(delta_of(left, own, linear, work, p, r, s), beta, rule, g):
            swap_items(p, work, r, s)


@borrowing_part
def _ordered_sweep(left, own, linear, work, movable, p, beta, rule, g):
    for a in range(len(movable)):
        for b in range(a):
            r, s = movable[a], movable[b]
            if accepts_swap(delta_of(left, own, linear, work, p, r, s), beta, rule, g):
                swap_items(p, work, r, s)


@borrowing_part
def _measure(left, own, linear, work, movable, p, g, changes):
    m = len(movable)
    for c in range(len(changes)):
        first, second = below(draw(g), m), below(draw(g), m - 1)
        r, s = movable[first], movable[second + (second >= first)]
        changes[c] = delta_of(left, own, linear, work, p, r, s)


@njit
def product_sweeps(terms, lanes, betas, rng, rule, order, changes):
    """Sweep the permutations (R, n) in place; return their energies without the constant.

    `changes` is as in `chain_sweeps`.
    """
    left, own, linear, movable = terms.left, terms.own, terms.linear, terms.movable
    work = np.zeros_like(left)
    energies = np.empty(len(lanes))
    for lane in range(len(lanes)):
        p, g = lanes[lane], rng[4 * lane : 4 * lane + 4]
        permute(terms.right, p, work)
        if len(movable) > 1:
            for t in range(len(betas)):
                beta = betas[t, lane if betas.shape[1] > 1 else 0]
                if changes.shape[1]:
                    _measure(left, own, linear, work, movable, p, g, changes[lane])
                elif order == 0:
                    _random_sweep(left, own, linear, work, movable, p, beta, rule, g)
                else:
                    _ordered_sweep(left, own, linear, work, movable, p, beta, rule, g)
        energies[lane] = _energy(left, linear, work, p)
    return energies
