"""The factored coupling term: a weighted sum of squares of linear forms."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    IntArray,
    Matrix,
    blockwise,
    check_memory,
    checked_matrix,
    checked_vector,
)


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Factored(Frozen):
    """The term ``E(s) = sum_k c_k (a_k . s)^2`` with the rows a_k."""

    rows: Matrix
    coefficients: FloatArray
    diagonal: FloatArray

    def __init__(self, rows: Any, coefficients: ArrayLike = 1.0) -> None:
        own = checked_matrix("rows", rows)
        self._fill(own, checked_vector("coefficients", coefficients, own.shape[0]))

    def _fill(self, rows: Matrix, coefficients: FloatArray) -> None:
        diagonal = np.asarray((rows * rows).T @ coefficients)
        self._set(rows=rows, coefficients=coefficients, diagonal=diagonal)

    @classmethod
    def _of(cls, rows: Matrix, coefficients: FloatArray) -> Self:
        term = cls.__new__(cls)
        term._fill(rows, coefficients)
        return term

    @property
    def num_spins(self) -> int:
        """The number of spins N."""
        return int(self.rows.shape[1])

    @property
    def constant(self) -> float:
        """The part of the energy that no spin changes, ``sum_k c_k sum_i a_ki^2``."""
        return float(self.diagonal.sum())

    @property
    def _width(self) -> int:
        return max(self.rows.shape)

    def _forms(self, s: FloatArray) -> FloatArray:
        return np.asarray((self.rows @ s.T).T)

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""
        return blockwise(lambda s: self._forms(s) ** 2 @ self.coefficients, states, self._width)

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""

        def block(s: FloatArray) -> FloatArray:
            pull = np.asarray((self.rows.T @ (self._forms(s) * self.coefficients).T).T)
            return 2.0 * (self.diagonal * s - pull)

        return blockwise(block, states, self._width)

    def num_couplings(self) -> int:
        """Return an upper bound of the number of nonzero entries of W."""
        n = self.num_spins
        if isinstance(self.rows, np.ndarray):
            return n * (n - 1)
        stored = np.diff(self.rows.indptr).astype(np.int64)
        return min(int((stored * (stored - 1)).sum()), n * (n - 1))

    def to_dense(self) -> FloatArray:
        """Return W as an ndarray (N, N)."""
        check_memory("weights", 3 * 8 * self.num_spins**2)
        rows = self.rows if isinstance(self.rows, np.ndarray) else self.rows.toarray()
        weights = -(rows.T * self.coefficients) @ rows
        weights = weights + weights.T
        np.fill_diagonal(weights, 0.0)
        return np.asarray(weights)

    def to_sparse(self) -> csr_array:
        """Return W as a CSR array (N, N)."""
        check_memory("weights", 40 * self.num_couplings())
        rows = csr_array(self.rows)
        weights = -(rows.T * self.coefficients) @ rows
        weights = csr_array(weights + weights.T)
        weights.setdiag(0.0)
        weights.eliminate_zeros()
        return weights

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        return self._of(self.rows, self.coefficients * factor)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        rows = self.rows * signs
        return self._of(rows if isinstance(rows, np.ndarray) else csr_array(rows), self.coefficients)

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        return self._of(self.rows[:, order], self.coefficients)

    def contract(self, labels: IntArray, num_clusters: int) -> Self:
        """Return the term over clusters: the entries of a row are summed per cluster."""
        n = len(labels)
        member = csr_array((np.ones(n), (np.arange(n), labels)), shape=(n, num_clusters))
        return self._of(self.rows @ member, self.coefficients)

    def restricted(
        self, keep: IntArray, fixed_spins: FloatArray
    ) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep`, and what the fixed ones add."""
        shift = self.rows @ fixed_spins
        pull = self.rows.T @ (2.0 * self.coefficients * shift)
        offset = float(self.coefficients @ shift**2)
        return self.relabelled(keep), np.asarray(pull)[keep], offset

    def __repr__(self) -> str:
        count = self.rows.shape[0]
        return f"Factored({count} {'row' if count == 1 else 'rows'} over {self.num_spins} spins)"
