"""The explicit coupling term: a matrix, dense or CSR."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    Matrix,
    blockwise,
    canonical,
    check_square,
    dense,
    num_stored,
    split_diagonal,
    warn,
)
from hopfield_opt.couplings.base import Coupling
from hopfield_opt.errors import InputError

# Differences up to this share of the largest weight are rounding (a product such as X'CX is not
# symmetric to the last bit) and are averaged away; anything above is an error of the user.
_ROUNDING = 64 * float(np.finfo(np.float64).eps)

# rows of a dense matrix that are compared with columns at once: a stripe stays in the cache
_STRIPE = 64


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Explicit(Coupling):
    """The term ``E(s) = -1/2 s'Ws + constant`` with the matrix W itself.

    Parameters
    ----------
    matrix : (N, N) array or sparse matrix, symmetric, finite
        W, copied; a dense one stays dense, anything sparse becomes CSR. Asymmetry at rounding
        level is averaged away. A nonzero diagonal is removed with a warning: as s_i^2 = 1 it
        adds ``-1/2 sum_i W_ii`` to every energy, which goes into `constant`.

    Raises
    ------
    InputError
        If the matrix is not square, not symmetric or not finite, naming the entry.

    Examples
    --------
    >>> term = Explicit([[0, 1, 0], [1, 0, -2], [0, -2, 0]])
    >>> term
    Explicit(3 spins, 2 couplings, density 0.667, weights -2 to 1)
    >>> term.energy(np.array([[1, 1, 1], [1, 1, -1]], dtype=np.int8))
    array([ 1., -3.])
    """

    matrix: Matrix
    constant: float = 0.0

    arguments: ClassVar[dict[str, tuple[str, int]]] = {"matrix": ("f", 2)}

    def __init__(self, matrix: Any) -> None:
        own, diagonal = split_diagonal(_symmetric(check_square("weights", matrix)))
        constant = _constant(diagonal)
        if diagonal.any():
            k = int(np.argmax(diagonal != 0))
            warn(
                f"weights should have a zero diagonal, got W[{k}, {k}] = {diagonal[k]}. As every "
                f"spin squared is 1, the diagonal only adds {constant} to the energy: it is "
                "taken into the offset. Use Network for self-couplings."
            )
        self._set(matrix=own, constant=constant)

    @property
    def num_spins(self) -> int:
        """The number of spins N."""
        return int(self.matrix.shape[0])

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            return np.asarray(self.constant - 0.5 * np.einsum("rn,rn->r", s, self._product(s)))

        return blockwise(block, states, self.num_spins)

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""
        return blockwise(self._product, states, self.num_spins)

    def _product(self, s: FloatArray) -> FloatArray:
        if isinstance(self.matrix, np.ndarray):
            return np.asarray(s @ self.matrix)
        return np.asarray((self.matrix @ s.T).T)

    def num_couplings(self) -> int:
        """Return the number of nonzero entries of W, (i, j) and (j, i) both counted."""
        return num_stored(self.matrix)

    def dense_bytes(self) -> int:
        """Return the memory that a dense copy needs."""
        return 8 * self.num_spins**2

    def sparse_bytes(self) -> int:
        """Return the memory that a sparse copy needs."""
        return 12 * self.num_couplings()

    def expanded(self) -> "Explicit":
        """Return the term itself."""
        return self

    def _dense(self) -> FloatArray:
        return np.array(dense(self.matrix))

    def _sparse(self) -> csr_array:
        return canonical(csr_array(self.matrix, copy=True))

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        constant = self.constant * factor
        if isinstance(self.matrix, np.ndarray):
            return self._make(matrix=self.matrix * factor, constant=constant)
        return self._make(matrix=self._with_data(self.matrix.data * factor), constant=constant)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        if isinstance(self.matrix, np.ndarray):
            # + 0.0 turns the -0.0 of a flipped zero into 0.0
            return self._replace_fields(matrix=self.matrix * signs[:, None] * signs + 0.0)
        rows = np.repeat(signs, np.diff(self.matrix.indptr))
        return self._replace_fields(
            matrix=self._with_data(self.matrix.data * rows * signs[self.matrix.indices])
        )

    def _with_data(self, data: FloatArray) -> csr_array:
        """Return the sparse matrix with other values at the same places (which are shared)."""
        old = csr_array(self.matrix)
        return csr_array((data, old.indices, old.indptr), shape=old.shape)

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        if isinstance(self.matrix, np.ndarray):
            return self._replace_fields(matrix=self.matrix[np.ix_(order, order)])
        position = np.empty_like(order)
        position[order] = np.arange(len(order))
        return self._replace_fields(matrix=_merge(self.matrix, position, len(order)))

    def contract(self, labels: IntArray, num_clusters: int) -> Self:
        """Return the term over clusters: ``C'WC``, its diagonal taken into the constant.

        C (N, K) has a one at (i, labels[i]).
        """
        if isinstance(self.matrix, np.ndarray):
            places = (labels, np.arange(len(labels)))
            members = csr_array((np.ones(len(labels)), places), (num_clusters, len(labels)))
            merged: Matrix = np.asarray(members @ np.asarray(members @ self.matrix).T)
        else:
            merged = _merge(self.matrix, labels, num_clusters)
        merged, diagonal = split_diagonal(_mean_with_transpose(merged))
        return self._make(matrix=merged, constant=self.constant + _constant(diagonal))

    def restricted(self, keep: IntArray, fixed_spins: FloatArray) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep`, and what the others add when they are fixed.

        With F = `fixed_spins` (N,), which is -1 or +1 at fixed spins and 0 at kept ones, the
        energy is that of the term plus ``thresholds.s + offset`` with thresholds = -(WF)[keep]
        and offset = -1/2 F'WF, which are returned.
        """
        pull = np.asarray(self.matrix @ fixed_spins)
        matrix: Matrix
        if isinstance(self.matrix, np.ndarray):
            matrix = self.matrix[np.ix_(keep, keep)]
        else:
            matrix = canonical(self.matrix[keep][:, keep])
        return (
            self._replace_fields(matrix=matrix),
            0.0 - pull[keep],
            -0.5 * float(fixed_spins @ pull),
        )

    def coupled_spins(self) -> NDArray[np.bool_]:
        """Return which spins (N,) have a coupling."""
        if isinstance(self.matrix, np.ndarray):
            return np.asarray(self.matrix.any(axis=1))
        return np.asarray(np.diff(self.matrix.indptr) > 0)

    def __repr__(self) -> str:
        n, stored = self.num_spins, self.num_couplings()
        if not stored:
            return f"Explicit({n} spins, no couplings)"
        values = self.matrix if isinstance(self.matrix, np.ndarray) else self.matrix.data
        low, high = values.min(), values.max()
        if low == 0 or high == 0:  # one sign only: the zeros of a dense matrix are no weights
            low, high = values[values != 0].min(), values[values != 0].max()
        pairs = f"{stored // 2} coupling{'' if stored == 2 else 's'}"
        density = f"density {stored / (n * (n - 1)):.3g}"
        return f"Explicit({n} spins, {pairs}, {density}, weights {low:.6g} to {high:.6g})"


def sum_explicit(terms: Sequence[Explicit]) -> tuple[Explicit, float]:
    """Return the sum of the terms as one whose constant is 0 (dense if one is), and the constant.

    A single term without a constant is returned as it is.
    """
    constant = sum(term.constant for term in terms)
    if len(terms) == 1:
        only = terms[0]
        return (only if constant == 0 else only._replace_fields(constant=0.0)), constant
    total: Any = reduce(add, (term.matrix for term in terms))
    matrix = np.asarray(total) if isinstance(total, np.ndarray) else canonical(total)
    return Explicit._make(matrix=matrix, constant=0.0), constant


def _constant(diagonal: FloatArray) -> float:
    """Return what a diagonal of W adds to every energy."""
    return 0.0 - 0.5 * float(diagonal.sum())


def _merge(matrix: csr_array, labels: IntArray, size: int) -> csr_array:
    """Return the matrix whose entry (labels[i], labels[j]) sums the entries (i, j)."""
    rows = np.repeat(labels, np.diff(matrix.indptr))
    places = (rows, labels[matrix.indices])
    return canonical(csr_array((matrix.data, places), shape=(size, size)))


def _mean_with_transpose(matrix: Matrix) -> Matrix:
    """Return ``(W + W') / 2``, which is symmetric to the last bit."""
    if isinstance(matrix, np.ndarray):
        return np.asarray((matrix + matrix.T) / 2)
    return canonical((matrix + matrix.T) * 0.5)


def _symmetric(matrix: Matrix) -> Matrix:
    """Return a matrix that is symmetric but for rounding as one that is to the last bit."""
    if isinstance(matrix, np.ndarray):
        stripes = range(0, len(matrix), _STRIPE)
        equal = all(
            np.array_equal(matrix[k : k + _STRIPE, k:], matrix[k:, k : k + _STRIPE].T)
            for k in stripes
        )
    else:
        turned = matrix.T.tocsr()
        equal = all(
            np.array_equal(a, b)
            for a, b in (
                (matrix.indptr, turned.indptr),
                (matrix.indices, turned.indices),
                (matrix.data, turned.data),
            )
        )
    if equal:
        return matrix
    _refuse_asymmetry(matrix)
    return _mean_with_transpose(matrix)


def _refuse_asymmetry(matrix: Matrix) -> None:
    """Raise for a matrix whose asymmetry is more than rounding, naming the worst pair."""
    if isinstance(matrix, np.ndarray):
        worst = np.unravel_index(int(np.argmax(np.abs(matrix - matrix.T))), matrix.shape)
        largest = np.abs(matrix).max()
    else:
        difference = abs(matrix - matrix.T).tocoo()
        k = int(np.argmax(difference.data))
        worst = (difference.row[k], difference.col[k])
        largest = np.abs(matrix.data).max()
    i, j = sorted(int(k) for k in worst)
    there, back = float(matrix[i, j]), float(matrix[j, i])
    if abs(there - back) > _ROUNDING * largest:
        raise InputError(
            f"weights must be symmetric, got W[{i}, {j}] = {there} but W[{j}, {i}] = {back}. "
            "Use (W + W.T) / 2 where only the energy matters, or Network."
        )
