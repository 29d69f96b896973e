"""The form of an energy on permutations as the kernels want it."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, Matrix, dense
from hopfield_opt.moves.permutation.chain import ChainTerms
from hopfield_opt.moves.permutation.chain_form import Chain
from hopfield_opt.moves.permutation.permutation_form import PermutationForm
from hopfield_opt.moves.permutation.permutation_starts import is_free
from hopfield_opt.moves.permutation.product import ProductTerms
from hopfield_opt.moves.permutation.swap import SwapTerms

# Rows of factors are padded to whole vectors.
VECTOR = 16
# A factor with fewer entries than this share of its places is worth its lists.
SPARSE_SHARE = 0.125
# Up to so many items a row product is no slower than a list.
SMALL = 64
# A factor that so many bits behind the point are enough for is made whole.
MOST_BITS = 8
# Integers up to here are exact in float32.
_EXACT_FLOAT32 = 2.0**24
# Nearest cities that a proposal joins a city to.
NEAREST = 8

Half = tuple[Matrix, Matrix, float]


def halves_of(form: PermutationForm) -> list[Half]:
    """Return symmetric pairs (parity 1) and skew ones (-1) whose costs add up to the products."""
    halves = []
    for product in form.products:
        for parity in (1.0, -1.0):
            left, right = _half(product.left, parity), _half(product.right, parity)
            if _share(left) and _share(right):
                halves.append((left, right, parity))
    return halves


def _half(matrix: Matrix, parity: float) -> Matrix:
    """Return the symmetric or the skew part of a matrix."""
    if isinstance(matrix, np.ndarray):
        return np.asarray((matrix + parity * matrix.T) * 0.5)
    return csr_array((matrix + parity * matrix.T) * 0.5)


def _share(matrix: Matrix) -> float:
    """Return which share of the entries is not zero."""
    values = matrix if isinstance(matrix, np.ndarray) else matrix.data
    return int(np.count_nonzero(values)) / max(1, int(matrix.shape[0]) ** 2)


def _is_sparse(half: Half) -> bool:
    return min(_share(half[0]), _share(half[1])) < SPARSE_SHARE


def movable_items(size: int, allowed: BoolArray | None) -> IntArray:
    """Return the items that can stand at more than one place."""
    return np.arange(size) if allowed is None else np.flatnonzero(allowed.sum(axis=1) > 1)


def is_dense(form: PermutationForm) -> bool:
    """Return whether rows of products are no slower than lists of their entries."""
    return form.size <= SMALL or not any(map(_is_sparse, halves_of(form)))


def has_only_products(form: PermutationForm, allowed: BoolArray | None) -> bool:
    """Return whether products and a linear part are all there is, and moves are free."""
    free = allowed is None or is_free(allowed)
    return free and bool(halves_of(form)) and not form.pairs.nnz and not form.rows.nnz


def product_terms(form: PermutationForm, allowed: BoolArray | None) -> ProductTerms:
    """Return the terms of the kernels for products as tables, in float32 where that is exact."""
    left, right, own = _stack(halves_of(form), form.size)
    kind = np.float32 if _fits_float32(left, right) else np.float64
    return ProductTerms(
        left=left.astype(kind),
        right=right.astype(kind),
        own=own,
        linear=_linear(form),
        movable=movable_items(form.size, allowed),
    )


def _linear(form: PermutationForm) -> FloatArray:
    return np.zeros((0, 0)) if form.linear is None else np.array(form.linear)


def _stack(halves: list[Half], n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return A (T n, w) padded with zeros, B (T n, n), and the weight of A_rs P_rs (T,)."""
    width = -(-n // VECTOR) * VECTOR
    left = np.zeros((len(halves), n, width))
    right = np.zeros((len(halves), n, n))
    for k, (a, b, _) in enumerate(halves):
        left[k, :, :n], right[k] = _level(dense(a), dense(b))
    own = np.array([2.0 + 2.0 * parity for _, _, parity in halves])
    return left.reshape(len(halves) * n, width), right.reshape(len(halves) * n, n), own


def _level(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return two factors, of which the second is whole if a power of two makes it so."""
    for power in 2.0 ** np.arange(MOST_BITS):
        if not (right * power % 1).any():
            return left / power, right * power
    return left, right


def _fits_float32(left: FloatArray, right: FloatArray) -> bool:
    """Return whether sums of ``(a - a')(b - b')`` over all rows and products are exact in float32.

    Their factors are halves of few bits.
    """
    if ((2 * left) % 1).any() or ((2 * right) % 1).any():
        return False
    largest = 4 * np.abs(left).max(initial=0) * 4 * np.abs(right).max(initial=0)
    return bool(len(left) * largest < _EXACT_FLOAT32)


def swap_terms(form: PermutationForm, allowed: BoolArray | None) -> SwapTerms:
    """Return the terms of the kernel for everything."""
    halves = halves_of(form)
    left, right, own = _stack([half for half in halves if not _is_sparse(half)], form.size)
    return SwapTerms(
        left=left,
        right=right,
        own=own,
        linear=_linear(form),
        line_weight=np.array(form.coefficients),
        line_shift=np.asarray(form.rows.sum(axis=1), dtype=np.float64).ravel(),
        **_sparse_fields([half for half in halves if _is_sparse(half)], form.size),
        **_lists("pair", form.pairs),
        **_lists("line", csr_array(form.rows.T)),
        **_choices(form.size, allowed),
    )


def _lists(name: str, matrix: csr_array) -> dict[str, Any]:
    start = matrix.indptr if matrix.nnz else np.zeros(1)
    return {
        f"{name}_start": np.array(start, np.int64),
        f"{name}_index": np.array(matrix.indices, np.int64),
        f"{name}_value": np.array(matrix.data, np.float64),
    }


def _sparse_fields(halves: list[Half], n: int) -> dict[str, Any]:
    """Return the lists of the thinner factors and the others as they are."""
    by_place = np.array([_share(b) < _share(a) for a, b, _ in halves], dtype=np.bool_)
    thin = [
        csr_array(b if places else a) for (a, b, _), places in zip(halves, by_place, strict=True)
    ]
    other = [dense(a if places else b) for (a, b, _), places in zip(halves, by_place, strict=True)]
    before = np.cumsum([0, *(matrix.nnz for matrix in thin)])
    start = [matrix.indptr + count for matrix, count in zip(thin, before, strict=False)]
    return {
        "sparse_start": np.array(start, np.int64).reshape(len(halves), n + 1),
        "sparse_index": np.concatenate([np.empty(0), *(m.indices for m in thin)]).astype(np.int64),
        "sparse_value": np.concatenate([np.empty(0), *(m.data for m in thin)]),
        "other": np.array(other, np.float64).reshape(len(halves), n, n),
        "sparse_parity": np.array([parity for _, _, parity in halves]),
        "by_place": by_place,
    }


def _choices(n: int, allowed: BoolArray | None) -> dict[str, Any]:
    """Return the places of each item, if they are not the same for all that move."""
    start, choices, mask = np.zeros(1, np.int64), np.empty(0, np.int64), np.zeros((0, 0), np.bool_)
    if allowed is not None and not is_free(allowed):
        start = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))]).astype(np.int64)
        choices, mask = np.nonzero(allowed)[1].astype(np.int64), allowed.copy()
    return {
        "movable": movable_items(n, allowed),
        "choice_start": start,
        "choices": choices,
        "allowed": mask,
    }


def chain_terms(chain: Chain, allowed: BoolArray | None, *, uniform: bool) -> ChainTerms:
    """Return the terms of the kernel for tours; `allowed` is of cities and steps.

    A path is closed by one more city, at distance 0 from all, which stands at the last step
    where that matters.
    """
    n = len(chain.order)
    m = n if chain.closed else n + 1
    distance = np.zeros((m, m))
    distance[:n, :n] = chain.distance
    strict, mask = np.zeros(m + 1, np.int64), np.zeros((0, 0), np.bool_)
    if allowed is not None:
        mask = np.zeros((m, m), np.bool_)
        mask[:n, :n] = allowed
        mask[n:, n:] = True
        movable = mask.sum(axis=1) > 1
        strict[1:] = np.cumsum((mask != movable[:, None]).any(axis=0))
    return ChainTerms(
        distance=distance,
        near=np.zeros((m, 0), np.int64) if uniform else _nearest(distance),
        symmetric=bool(np.array_equal(distance, distance.T)),
        literal=uniform or allowed is not None,
        strict=strict,
        allowed=mask,
    )


def _nearest(distance: FloatArray) -> IntArray:
    """Return the NEAREST cities behind each city, in order."""
    apart = distance.copy()
    np.fill_diagonal(apart, np.inf)
    count = min(NEAREST, len(distance) - 1)
    near = np.argpartition(apart, count - 1, axis=1)[:, :count]
    ranks = np.argsort(np.take_along_axis(apart, near, axis=1), axis=1, kind="stable")
    return np.ascontiguousarray(np.take_along_axis(near, ranks, axis=1), dtype=np.int64)
