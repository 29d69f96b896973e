"""Robust tabu search on a permutation with products and a linear part: all swaps are known.

With the permuted factors P and the linear part of `product` let

    X_kl = sum_m A_km P_lm + linear[k, p_l] / 2    (summed over the products).

A swap of r and s changes the energy by

    delta_rs = 2 (X_rs + X_sr - X_rr - X_ss) + [symmetric] 4 A_rs P_rs,

and when it is made, with a_k = A_rk - A_sk and b_k = P_sk - P_rk before it, X grows by the
product of a and b and has its columns r and s swapped, and every delta of two other items u and
v falls by 2 (a_u - a_v)(b_u - b_v) (Taillard 1991). So nothing takes more than O(n^2) a swap, in
loops over whole rows that the compiler makes vectors of; what would forbid a swap is kept by
pairs of items, too. Arrays are float32 where that is exact.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.jit import borrowing_part, inlined, njit, overwrite
from hopfield_opt.moves.permutation.dense_products import permute, swap_items
from hopfield_opt.moves.permutation.product import ProductTerms
from hopfield_opt.xoshiro import inner

# How long a place stays forbidden to the item that left it: times n, at most, the cube of a
# uniform number (Taillard's program).
TENURE = 8.0
# X and the deltas are computed anew after so many iterations, as sums of floats drift.
REFRESH = 8192


class TabuState(NamedTuple):
    """Where a robust tabu search of R replicas stands; rows are padded to w >= n."""

    current: IntArray  # (R, n) permutations
    best: IntArray  # (R, n) the best met
    energies: FloatArray  # (R, 2) of the current and of the best, without the constant
    inputs: NDArray[Any]  # (R, n, w) X
    deltas: NDArray[Any]  # (R, n, w) what each swap would change; inf where there is none
    until: NDArray[np.int32]  # (R, n, w) from when on an item may go to where another is
    free: NDArray[np.int32]  # (R, n, w) from when on two items may be swapped
    iteration: IntArray  # (R,)


def begin_search(terms: ProductTerms, lanes: IntArray, energies: FloatArray) -> TabuState:
    """Return the search that begins at permutations (R, n) with energies (R,)."""
    shape = (len(lanes), lanes.shape[1], terms.left.shape[1])
    kind = np.float64 if len(terms.linear) else terms.left.dtype
    return TabuState(
        current=lanes.copy(),
        best=lanes.copy(),
        energies=np.stack([energies, energies], axis=1),
        inputs=np.zeros(shape, kind),
        deltas=np.full(shape, np.inf, kind),
        until=np.zeros(shape, np.int32),
        free=np.zeros(shape, np.int32),
        iteration=np.zeros(len(lanes), np.int64),
    )


@inlined
def _delta(left, own, work, inputs, r, s):
    total = inputs[r, s] + inputs[s, r] - inputs[r, r] - inputs[s, s]
    total += total
    for t in range(len(own)):
        row = t * len(inputs) + r
        total += own[t] * left[row, s] * work[row, s]
    return total


@borrowing_part
def _renew(left, own, linear, work, movable, p, inputs, deltas):
    """Compute X and all deltas; return the energy."""
    n = len(p)
    energy = 0.0
    for k in range(n):
        for v in range(n):
            total = 0.5 * linear[k, p[v]] if len(linear) else 0.0
            for base in range(0, len(work), n):
                for m in range(n):
                    total += np.float64(left[base + k, m]) * np.float64(work[base + v, m])
            inputs[k, v] = total
        energy += inputs[k, k] + (0.5 * linear[k, p[k]] if len(linear) else 0.0)
    for r in movable:
        for s in movable:
            if r != s:
                deltas[r, s] = _delta(left, own, work, inputs, r, s)
    return energy


@borrowing_part
def _add_product(inputs, deltas, a, b):
    """Add what a swap changes in X, and in the deltas of other items."""
    for u in range(len(inputs)):
        au, bu, x, d = a[u], b[u], inputs[u], deltas[u]
        for v in range(len(a)):
            x[v] += au * b[v]
        for v in range(len(a)):
            half = (au - a[v]) * (bu - b[v])
            d[v] -= half + half


@borrowing_part
def _swap_with_deltas(left, own, work, movable, p, lane, r, s, a, b):
    """Swap r and s and bring X and all deltas up to date; a, b (w,) are scratch."""
    inputs, deltas, until, free = lane
    n = len(p)
    for base in range(0, len(work), n):
        for k in range(n):
            a[k] = left[base + r, k] - left[base + s, k]
            b[k] = work[base + s, k] - work[base + r, k]
        _add_product(inputs, deltas, a, b)
    swap_items(p, work, r, s)
    for k in range(n):
        inputs[k, r], inputs[k, s] = inputs[k, s], inputs[k, r]
        until[k, r], until[k, s] = until[k, s], until[k, r]
    for k in movable:
        for moved in (r, s):
            if k != moved:
                deltas[k, moved] = deltas[moved, k] = _delta(left, own, work, inputs, moved, k)
                free[k, moved] = free[moved, k] = min(until[k, moved], until[moved, k])


@borrowing_part
def _best_swap(deltas, free, now, needed, least):
    """Return the best swap that is free or leads below the best met; (0, 0) if there is none.

    `least` (w,) is scratch. One of equal swaps is as good as another.
    """
    n, inf = len(deltas), deltas.dtype.type(np.inf)
    for v in range(len(least)):
        least[v] = inf
    for u in range(n):
        d, f = deltas[u], free[u]
        for v in range(len(least)):
            value = d[v] if (f[v] <= now) | (d[v] < needed) else inf
            least[v] = value if value < least[v] else least[v]
    s = 0
    for v in range(1, n):
        if least[v] < least[s]:
            s = v
    if least[s] == inf:
        return 0, 0
    r = 0
    while deltas[r, s] != least[s] or not (free[r, s] <= now or least[s] < needed):
        r += 1
    return r, s


@njit
def tabu_block(terms, state, iterations, rng):
    """Make so many swaps in each replica, each time the best that is not tabu; in place.

    Taillard, Parallel Computing 17 (1991) 443.
    """
    left, linear, movable = terms.left, terms.linear, terms.movable
    n = state.current.shape[1]
    kind = state.deltas.dtype
    own = terms.own.astype(kind)
    work, scratch = np.zeros_like(left), np.zeros((3, left.shape[1]), kind)
    for lane in range(len(state.current) if len(movable) > 1 else 0):
        p, g, energies = state.current[lane], rng[4 * lane : 4 * lane + 4], state.energies[lane]
        inputs, deltas = state.inputs[lane], state.deltas[lane]
        until, free = state.until[lane], state.free[lane]
        permute(terms.right, p, work)
        for _ in range(iterations):
            now = np.int32(state.iteration[lane])
            if now % REFRESH == 0:
                energies[0] = _renew(left, own, linear, work, movable, p, inputs, deltas)
            state.iteration[lane] += 1
            needed = kind.type(energies[1] - energies[0])
            r, s = _best_swap(deltas, free, now, needed, scratch[0])
            if r == s:
                continue  # all are tabu: time passes
            until[r, r] = now + 1 + np.int64(TENURE * n * inner(g) ** 3)
            until[s, s] = now + 1 + np.int64(TENURE * n * inner(g) ** 3)
            energies[0] += deltas[r, s]
            books = (inputs, deltas, until, free)
            _swap_with_deltas(left, own, work, movable, p, books, r, s, scratch[1], scratch[2])
            if energies[0] < energies[1]:
                energies[1] = energies[0]
                overwrite(state.best[lane], p)
