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
from hopfield_opt.xoshiro import below, draw, inner

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


# Robust tabu search, constants of Taillard's program: how long a place stays forbidden to the
# item that left it (times n, at most; the cube of a uniform number), and after how many n^2
# iterations a move that was not made is made.
TENURE, ASPIRATION = 8.0, 5
# Deltas are computed anew after so many iterations, as sums of floats drift.
REFRESH = 1024


class TabuState(NamedTuple):
    """Where a robust tabu search of R replicas stands."""

    current: IntArray  # (R, n) permutations
    best: IntArray  # (R, n) the best met
    energies: FloatArray  # (R, 2) of the current and of the best, without the constant
    deltas: FloatArray  # (R, n, n) what each swap would change
    until: IntArray  # (R, n, n) the iteration from which (item, place) is free again
    iteration: IntArray  # (R,)


@borrowing_part
def _refresh(left, own, linear, work, p, deltas):
    for r in range(len(p)):
        for s in range(r + 1, len(p)):
            deltas[r, s] = delta_of(left, own, linear, work, p, r, s)


@borrowing_part
def _swap_with_deltas(left, own, linear, work, p, deltas, r, s, a, b):
    """Swap r and s and bring all deltas up to date; a, b (n,) are scratch."""
    n = len(p)
    for base in range(0, len(work), n):
        for k in range(n):
            a[k] = 2.0 * (left[base + r, k] - left[base + s, k])
            b[k] = work[base + r, k] - work[base + s, k]
        for u in range(n):
            au, bu = a[u], b[u]
            for v in range(u + 1, n):
                deltas[u, v] += (au - a[v]) * (bu - b[v])
    swap_items(p, work, r, s)
    for k in range(n):
        if k != r:
            deltas[min(k, r), max(k, r)] = delta_of(left, own, linear, work, p, k, r)
        if k != s:
            deltas[min(k, s), max(k, s)] = delta_of(left, own, linear, work, p, k, s)


@borrowing_part
def _best_swap(movable, p, deltas, until, now, needed, patience):
    """Return the best swap that is free or aspired, aspired ones first; (0, 0) if there is none.

    A swap is aspired if it changes the energy by less than `needed` (a new best), or if both its
    items have been away from the places for `patience` iterations.
    """
    # who has waited is looked up in every n-th iteration only: the lists are far from the deltas
    due = now % len(p) == 0
    best, best_r, best_s, aspired = np.inf, 0, 0, False
    for x in range(len(movable)):
        r = movable[x]
        for y in range(x + 1, len(movable)):
            s = movable[y]
            delta = deltas[r, s]
            if not due and delta >= best and (aspired or delta >= needed):
                continue
            first, second = until[r, p[s]], until[s, p[r]]
            wanted = delta < needed or max(first, second) < now - patience
            if wanted and not aspired:
                best, best_r, best_s, aspired = delta, r, s, True
            elif delta < best and (wanted or (not aspired and min(first, second) <= now)):
                best, best_r, best_s = delta, r, s
    return best_r, best_s


@njit
def tabu_block(terms, state, iterations, rng):
    """Make so many swaps in each replica, each time the best that is not tabu; in place.

    Taillard, Parallel Computing 17 (1991) 443.
    """
    left, own, linear, movable = terms.left, terms.own, terms.linear, terms.movable
    n = state.current.shape[1]
    work = np.zeros_like(left)
    a, b = np.empty(n), np.empty(n)
    for lane in range(len(state.current) if len(movable) > 1 else 0):
        p, g = state.current[lane], rng[4 * lane : 4 * lane + 4]
        deltas, until, energies = state.deltas[lane], state.until[lane], state.energies[lane]
        permute(terms.right, p, work)
        for _ in range(iterations):
            now = state.iteration[lane]
            if now % REFRESH == 0:
                _refresh(left, own, linear, work, p, deltas)
                energies[0] = _energy(left, linear, work, p)
            state.iteration[lane] += 1
            needed = energies[1] - energies[0]
            r, s = _best_swap(movable, p, deltas, until, now, needed, ASPIRATION * n * n)
            if r == s:
                continue  # all are tabu: time passes
            until[r, p[r]] = now + 1 + np.int64(TENURE * n * inner(g) ** 3)
            until[s, p[s]] = now + 1 + np.int64(TENURE * n * inner(g) ** 3)
            energies[0] += deltas[r, s]
            _swap_with_deltas(left, own, linear, work, p, deltas, r, s, a, b)
            if energies[0] < energies[1]:
                energies[1] = energies[0]
                state.best[lane, :] = p
