"""The explicit coupling term: a matrix, dense or CSR."""

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, Frozen, IntArray, Matrix, blockwise, checked_square
from hopfield_opt.errors import HopfieldWarning, InputError

# Differences up to this many ulps of the largest weight are rounding (a product such as
# X' C X is not symmetric to the last bit) and are averaged away; anything above is an error.
_ROUNDING = 64 * np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Explicit(Frozen):
    """The term ``E(s) = -1/2 s'Ws + constant`` with the matrix W itself."""

    matrix: Matrix
    constant: float

    def __init__(self, matrix: Any) -> None:
        own = _symmetric(checked_square("weights", matrix))
        own, diagonal = _without_diagonal(own)
        constant = -0.5 * float(diagonal.sum())
        if diagonal.any():
            k = int(np.argmax(diagonal != 0))
            warnings.warn(
                f"weights have a nonzero diagonal, W[{k}, {k}] = {diagonal[k]}: as every spin "
                f"squared is 1, it only adds {constant} to the energy, and goes into the offset.",
                HopfieldWarning,
                stacklevel=3,
            )
        self._set(matrix=own, constant=constant)

    @property
    def num_spins(self) -> int:
        """The number of spins N."""
        return int(self.matrix.shape[0])

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            return -0.5 * np.einsum("rn,rn->r", s, self._product(s)) + self.constant

        return blockwise(block, states, self.num_spins)

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""
        return blockwise(self._product, states, self.num_spins)

    def _product(self, s: FloatArray) -> FloatArray:
        if isinstance(self.matrix, np.ndarray):
            return s @ self.matrix
        return np.ascontiguousarray((self.matrix @ s.T).T)

    def num_couplings(self) -> int:
        """Return the number of nonzero entries, (i, j) and (j, i) counted both."""
        if isinstance(self.matrix, np.ndarray):
            return int(np.count_nonzero(self.matrix))
        return int(self.matrix.nnz)

    def to_dense(self) -> FloatArray:
        """Return a copy of W as an ndarray (N, N)."""
        if isinstance(self.matrix, np.ndarray):
            return self.matrix.copy()
        return np.asarray(self.matrix.toarray())

    def to_sparse(self) -> csr_array:
        """Return a copy of W as a CSR array (N, N)."""
        return csr_array(self.matrix, copy=True)

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        return self._make(matrix=self.matrix * factor, constant=self.constant * factor)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        if isinstance(self.matrix, np.ndarray):
            # + 0.0 turns the -0.0 of a flipped zero into 0.0
            return self._changed(matrix=self.matrix * signs[:, None] * signs + 0.0)
        rows, columns = _coordinates(self.matrix)
        data = self.matrix.data * signs[rows] * signs[columns]
        return self._changed(matrix=_with_data(self.matrix, data))

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        if isinstance(self.matrix, np.ndarray):
            return self._changed(matrix=self.matrix[np.ix_(order, order)])
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        return self._changed(matrix=_merged(self.matrix, position, len(order)))

    def contract(self, labels: IntArray, num_clusters: int) -> Self:
        """Return the term over clusters, ``C'WC`` with its diagonal in the constant."""
        if isinstance(self.matrix, np.ndarray):
            ones = np.ones(len(labels))
            member = csr_array((ones, (labels, np.arange(len(labels)))), (num_clusters, len(labels)))
            merged: Matrix = np.asarray(member @ (member @ self.matrix).T)
        else:
            merged = _merged(self.matrix, labels, num_clusters)
        # the two triangles were summed in different orders: equal only up to rounding
        merged, diagonal = _without_diagonal((merged + merged.T) / 2)
        return self._make(matrix=merged, constant=self.constant - 0.5 * float(diagonal.sum()))

    def restricted(
        self, keep: IntArray, fixed_spins: FloatArray
    ) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep`, and what the fixed ones add.

        `fixed_spins` (N,) holds -1 or +1 for fixed spins and 0 for kept ones; the energy is
        ``term(s) + thresholds.s + offset`` for the returned triple.
        """
        field = self.matrix @ fixed_spins
        matrix = self.matrix[keep][:, keep]
        offset = -0.5 * float(fixed_spins @ field)
        return self._changed(matrix=matrix), -field[keep], offset

    def __repr__(self) -> str:
        n, stored = self.num_spins, self.num_couplings()
        values = self.matrix if isinstance(self.matrix, np.ndarray) else self.matrix.data
        if not stored:
            return f"Explicit({n} spins, no couplings)"
        low, high = values.min(), values.max()
        return (
            f"Explicit({n} spins, {stored // 2} couplings, density {stored / (n * (n - 1)):.3g}, "
            f"weights {low:.6g} to {high:.6g})"
        )


def sum_explicit(terms: list[Explicit]) -> tuple[Matrix, float]:
    """Return the sum of the matrices (dense if one is dense) and of the constants."""
    total = terms[0].matrix
    for term in terms[1:]:
        total = total + term.matrix
    if not isinstance(total, np.ndarray):
        total = csr_array(total)
        total.eliminate_zeros()
    return total, sum(term.constant for term in terms)


def _coordinates(matrix: csr_array) -> tuple[IntArray, IntArray]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows, matrix.indices


def _with_data(matrix: csr_array, data: FloatArray) -> csr_array:
    return csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _merged(matrix: csr_array, labels: IntArray, size: int) -> csr_array:
    """Return the canonical CSR whose entry (labels[i], labels[j]) sums the entries (i, j)."""
    rows, columns = _coordinates(matrix)
    merged = csr_array((matrix.data, (labels[rows], labels[columns])), shape=(size, size))
    merged.sum_duplicates()
    merged.eliminate_zeros()
    return merged


def _without_diagonal(matrix: Matrix) -> tuple[Matrix, FloatArray]:
    """Return the matrix (changed in place) with a zero diagonal, and the diagonal."""
    diagonal = np.array(matrix.diagonal())
    if diagonal.any():
        if isinstance(matrix, np.ndarray):
            np.fill_diagonal(matrix, 0.0)
        else:
            rows, columns = _coordinates(matrix)
            matrix.data[rows == columns] = 0.0
            matrix.eliminate_zeros()
    return matrix, diagonal


def _symmetric(matrix: Matrix) -> Matrix:
    """Return the matrix if it is symmetric, averaged if only rounding is in the way."""
    if isinstance(matrix, np.ndarray):
        if np.array_equal(matrix, matrix.T):
            return matrix
        difference = np.abs(matrix - matrix.T)
        worst = np.unravel_index(int(np.argmax(difference)), difference.shape)
        largest = np.abs(matrix).max()
    else:
        turned = matrix.T.tocsr()
        if (
            np.array_equal(matrix.indptr, turned.indptr)
            and np.array_equal(matrix.indices, turned.indices)
            and np.array_equal(matrix.data, turned.data)
        ):
            return matrix
        entries = abs(matrix - turned).tocoo()
        k = int(np.argmax(entries.data))
        worst = (entries.row[k], entries.col[k])
        largest = np.abs(matrix.data).max()
    i, j = sorted(int(k) for k in worst)
    if abs(matrix[i, j] - matrix[j, i]) > _ROUNDING * largest:
        raise InputError(
            f"weights must be symmetric, got W[{i}, {j}] = {matrix[i, j]} "
            f"but W[{j}, {i}] = {matrix[j, i]}. Use (W + W.T) / 2, or Network for one-way weights."
        )
    return (matrix + matrix.T) / 2
