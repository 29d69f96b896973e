"""The form of an energy on permutations as the kernels want it; recognition of chains."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, IntArray, Matrix, dense
from hopfield_opt.dynamics.kernels.permutation_chain import ChainTerms
from hopfield_opt.dynamics.kernels.permutation_product import ProductTerms
from hopfield_opt.dynamics.kernels.permutation_swap import SwapTerms
from hopfield_opt.dynamics.permutation_form import PermutationForm, Product
from hopfield_opt.dynamics.permutation_starts import Mask, is_free

# Rows of factors are padded to whole vectors.
VECTOR = 8
# A factor with fewer entries than this share of its places is worth its lists.
SPARSE_SHARE = 0.125
# Up to so many items a row product is no slower than a list.
SMALL = 64
# Integers up to here are exact in float32.
_EXACT_FLOAT32 = 2.0**24
# Nearest cities that a proposal joins a city to.
NEAREST = 8
# Below so many cities the edges that a move cuts are not distinct.
FEWEST_CITIES = 4

Half = tuple[Matrix, Matrix, float]


def halves_of(form: PermutationForm) -> list[Half]:
    """Return symmetric pairs (parity 1) and skew ones (-1) whose costs add up to the products."""
    halves = []
    for product in form.products:
        for parity in (1.0, -1.0):
            left = (product.left + parity * product.left.T) / 2
            right = (product.right + parity * product.right.T) / 2
            if _share(left) and _share(right):
                halves.append((left, right, parity))
    return halves


def _share(matrix: Matrix) -> float:
    """Return which share of the entries is not zero."""
    stored = np.count_nonzero(matrix) if isinstance(matrix, np.ndarray) else matrix.count_nonzero()
    return float(stored) / max(1, matrix.shape[0] ** 2)


def _is_sparse(half: Half) -> bool:
    return min(_share(half[0]), _share(half[1])) < SPARSE_SHARE


def movable_items(size: int, allowed: Mask | None) -> IntArray:
    """Return the items that can stand at more than one place."""
    return np.arange(size) if allowed is None else np.flatnonzero(allowed.sum(axis=1) > 1)


def is_dense(form: PermutationForm, allowed: Mask | None) -> bool:
    """Return whether dense products and a linear part are all there is, and moves are free."""
    halves = halves_of(form)
    free = allowed is None or is_free(allowed)
    others = form.pairs.nnz or form.rows.nnz
    dense_enough = form.size <= SMALL or not any(map(_is_sparse, halves))
    return free and bool(halves) and not others and dense_enough


def product_terms(form: PermutationForm, allowed: Mask | None) -> ProductTerms:
    """Return the terms of the kernel for dense products, in float32 where that is exact."""
    left, right, own = _stacked(halves_of(form), form.size)
    kind = np.float32 if _fits_float32(left, right, form.size) else np.float64
    return ProductTerms(
        left=left.astype(kind),
        right=right.astype(kind),
        own=own,
        linear=_linear(form),
        movable=movable_items(form.size, allowed),
    )


def _linear(form: PermutationForm) -> FloatArray:
    return np.zeros((0, 0)) if form.linear is None else np.array(form.linear)


def _stacked(halves: list[Half], n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return A (T n, w) padded with zeros, B (T n, n), and the weight of A_rs P_rs (T,)."""
    width = -(-n // VECTOR) * VECTOR
    left = np.zeros((len(halves), n, width))
    right = np.zeros((len(halves), n, n))
    for k, (a, b, _) in enumerate(halves):
        left[k, :, :n], right[k] = dense(a), dense(b)
    own = np.array([2.0 + 2.0 * parity for _, _, parity in halves])
    return left.reshape(len(halves) * n, width), right.reshape(len(halves) * n, n), own


def _fits_float32(left: FloatArray, right: FloatArray, n: int) -> bool:
    """Return whether a row's sum of ``(a - a')(b - b')`` is exact in float32: halves, few bits."""
    if ((2 * left) % 1).any() or ((2 * right) % 1).any():
        return False
    largest = 4 * np.abs(left).max(initial=0) * 4 * np.abs(right).max(initial=0)
    return bool(n * largest < _EXACT_FLOAT32)


def swap_terms(form: PermutationForm, allowed: Mask | None) -> SwapTerms:
    """Return the terms of the kernel for everything."""
    halves = halves_of(form)
    left, right, own = _stacked([half for half in halves if not _is_sparse(half)], form.size)
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
    thin = [csr_array(b if places else a) for (a, b, _), places in zip(halves, by_place, strict=True)]
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


def _choices(n: int, allowed: Mask | None) -> dict[str, Any]:
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


@dataclass(frozen=True, eq=False)
class Chain:
    """An energy that is the length of a tour or path.

    Attributes
    ----------
    distance : (n, n) array
        From a city to the next.
    order : (n,) array of int
        The line of the block at each step of the chain.
    by_place : bool
        Whether steps are places and cities are items; the other way round if not.
    closed : bool
        Whether the last city is followed by the first.
    """

    distance: FloatArray
    order: IntArray
    by_place: bool
    closed: bool


def chain_of(form: PermutationForm) -> Chain | None:
    """Return the chain that the energy is, None if it is none."""
    if not form.only_products or not form.products:
        return None
    total: Chain | None = None
    for product in form.products:
        chain = _chain(product)
        total = chain if total is None or chain is None else _joined(total, chain)
        if total is None:
            return None
    return total


def _chain(product: Product) -> Chain | None:
    for steps, other, by_place in (
        (product.right, product.left, True),
        (product.left, product.right, False),
    ):
        found = _steps(csr_array(steps))
        if found is not None:
            order, forward, backward, closed = found
            distance = dense(other)
            return Chain(forward * distance + backward * distance.T, order, by_place, closed)
    return None


def _steps(matrix: csr_array) -> tuple[IntArray, float, float, bool] | None:
    """Return (order, weight forward, weight backward, closed) if the entries form one chain.

    There must be one weight for all steps forward and one for all backward.
    """
    n = matrix.shape[0]
    both = csr_array(abs(matrix) + abs(matrix).T)
    degree = np.diff(both.indptr)
    closed = bool((degree == 2).all())
    if n < FEWEST_CITIES or not (closed or _is_path(degree)):
        return None
    order = np.empty(n, np.int64)
    order[0] = 0 if closed else int(np.argmax(degree == 1))
    before = -1
    for k in range(n - 1):
        next_ones = both.indices[both.indptr[order[k]] : both.indptr[order[k] + 1]]
        ahead = next_ones[next_ones != before]
        if not len(ahead):
            return None  # a path that ends too early: there is a cycle beside it
        before, order[k + 1] = order[k], ahead[0]
    if len(np.unique(order)) < n:
        return None
    follower = np.roll(order, -1) if closed else order[1:]
    leader = order if closed else order[:-1]
    forward, backward = matrix[leader, follower], matrix[follower, leader]
    forward, backward = np.asarray(forward).ravel(), np.asarray(backward).ravel()
    if (forward != forward[0]).any() or (backward != backward[0]).any():
        return None
    return order, float(forward[0]), float(backward[0]), closed


def _is_path(degree: NDArray[Any]) -> bool:
    return bool((degree <= 2).all() and (degree == 1).sum() == 2 and (degree > 0).all())


def _joined(one: Chain, two: Chain) -> Chain | None:
    """Return the sum of two chains along the same steps, maybe backwards."""
    if one.by_place != two.by_place or one.closed != two.closed:
        return None
    if np.array_equal(one.order, two.order):
        distance = two.distance
    elif np.array_equal(one.order, np.roll(two.order[::-1], int(one.closed))):
        distance = two.distance.T
    else:
        return None
    return Chain(one.distance + distance, one.order, one.by_place, one.closed)


def chain_terms(chain: Chain, allowed: Mask | None, *, uniform: bool) -> ChainTerms:
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
