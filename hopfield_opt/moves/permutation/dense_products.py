"""Dense products (A, B) with P = B[p][:, p] at hand, which a swap asks for by rows; see `swap`.

The rows of all products lie below one another: with three indices a term and a row took twice the
time.
"""

import numba

from hopfield_opt.jit import borrowing_part, inlined


# Reordered sums: exact for integers, vectors of any width for the others.
@numba.njit(fastmath={"reassoc", "contract"})
def _row_product(left, work, r, s):
    total = left.dtype.type(0)
    for k in range(left.shape[1]):
        total += (left[r, k] - left[s, k]) * (work[s, k] - work[r, k])
    return total


@inlined
def product_delta(change, left, own, work, n, r, s):
    """Return `change` and what a swap of the items r and s changes in the products."""
    for t in range(len(own)):
        row = t * n + r
        change += 2.0 * _row_product(left, work, row, t * n + s)
        change += own[t] * left[row, s] * work[row, s]
    return change


@borrowing_part
def permute(right, p, work):
    """Write the permuted factors of p."""
    n = len(p)
    for base in range(0, len(work), n):
        for i in range(n):
            for k in range(n):
                work[base + i, k] = right[base + p[i], p[k]]


@borrowing_part
def swap_items(p, work, r, s):
    """Swap the items r and s, in the permuted factors too."""
    n = len(p)
    p[r], p[s] = p[s], p[r]
    for base in range(0, len(work), n):
        for k in range(n):
            work[base + r, k], work[base + s, k] = work[base + s, k], work[base + r, k]
        for k in range(base, base + n):
            work[k, r], work[k, s] = work[k, s], work[k, r]
