"""The factored coupling term: a weighted sum of squares of linear forms."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, diags_array

from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    Matrix,
    blockwise,
    canonical,
    check_matrix,
    check_vector,
    dense,
    split_diagonal,
)
from hopfield_opt.couplings.base import Coupling

# Peak of an expansion in bytes: per stored entry of a sparse one (triplets, product, its
# transpose and their sum), per place of a dense one (product and sum). Measured, tracemalloc.
_SPARSE_PEAK = 50
_DENSE_PEAK = 16


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Factored(Coupling):
    """The term ``E(s) = sum_k c_k (a_k.s)^2`` with the rows a_k.

    Off the diagonal ``W_ij = -2 sum_k c_k a_ki a_kj``; the constant is ``sum_k c_k |a_k|^2``.
    Energies and local fields cost O(stored entries of the rows); W is never formed.

    Parameters
    ----------
    rows : (K, N) array or sparse matrix, finite
        The linear forms a_k, copied; a dense one stays dense, anything sparse becomes CSR.
    coefficients : (K,) array or float, finite, default 1
        The weights c_k of the squares, of any sign.

    Raises
    ------
    InputError
        If the shapes do not fit or an entry is not finite, naming the entry.

    Examples
    --------
    The square of the magnetisation of three spins:

    >>> term = Factored([[1, 1, 1]])
    >>> term.energy(np.array([[1, 1, 1], [1, 1, -1]]))
    array([9., 1.])
    >>> term.constant, term.to_dense()[0]
    (3.0, array([ 0., -2., -2.]))
    """

    rows: Matrix
    coefficients: FloatArray
    diagonal: FloatArray
    """``sum_k c_k a_ki^2`` for each spin i: what `constant` is made of."""

    arguments: ClassVar[dict[str, tuple[str, int]]] = {"rows": ("f", 2), "coefficients": ("f", 1)}

    def __init__(self, rows: Any, coefficients: ArrayLike = 1.0) -> None:
        own = check_matrix("rows", rows)
        self._fill(own, check_vector("coefficients", coefficients, own.shape[0]))

    def _fill(self, rows: Matrix, coefficients: FloatArray) -> None:
        squares = rows**2 if isinstance(rows, np.ndarray) else rows.power(2)
        diagonal = np.asarray(squares.T @ coefficients, dtype=np.float64)
        self._set(rows=rows, coefficients=coefficients, diagonal=diagonal)

    def _with(self, rows: Any, coefficients: FloatArray) -> Self:
        """Return a term of the same kind from valid parts."""
        term = type(self).__new__(type(self))
        term._fill(rows if isinstance(rows, np.ndarray) else canonical(rows), coefficients)
        return term

    @property
    def num_spins(self) -> int:
        """The number of spins N."""
        return int(self.rows.shape[1])

    @property
    def constant(self) -> float:
        """The part of the energy that no spin changes, ``sum_k c_k sum_i a_ki^2``."""
        return float(self.diagonal.sum())

    def _forms(self, s: FloatArray) -> FloatArray:
        """Return ``a_k . s`` (R, K)."""
        return np.asarray((self.rows @ s.T).T)

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            return np.asarray(self._forms(s) ** 2 @ self.coefficients)

        return blockwise(block, states, max(self.rows.shape))

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""

        def block(s: FloatArray) -> FloatArray:
            pull = np.asarray(self.rows.T @ (self._forms(s) * self.coefficients).T).T
            return np.asarray(2.0 * (self.diagonal * s - pull))

        return blockwise(block, states, max(self.rows.shape))

    def num_couplings(self) -> int:
        """Return an upper bound of the number of nonzero entries of W."""
        pairs = self.num_spins * (self.num_spins - 1)
        if isinstance(self.rows, np.ndarray):
            return pairs
        stored = np.diff(self.rows.indptr).astype(np.int64)
        return min(int((stored * (stored - 1)).sum()), pairs)

    def dense_bytes(self) -> int:
        """Return the memory that `to_dense` needs at its peak."""
        return _DENSE_PEAK * self.num_spins**2

    def sparse_bytes(self) -> int:
        """Return the memory that `to_sparse` needs at its peak."""
        return _SPARSE_PEAK * self.num_couplings()

    def _dense(self) -> FloatArray:
        rows = dense(self.rows)
        half = -(rows.T * self.coefficients) @ rows
        # the sum is symmetric to the last bit, the product need not be
        weights = np.asarray(half + half.T)
        np.fill_diagonal(weights, 0.0)
        return weights

    def _sparse(self) -> csr_array:
        rows = csr_array(self.rows)
        half = rows.T @ (diags_array(-self.coefficients) @ rows)
        weights, _ = split_diagonal(canonical(half + half.T))
        return csr_array(weights)

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        return self._with(self.rows, self.coefficients * factor)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        if isinstance(self.rows, np.ndarray):
            return self._with(self.rows * signs, self.coefficients)
        return self._with(self.rows @ diags_array(signs), self.coefficients)

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        return self._with(self.rows[:, order], self.coefficients)

    def contract(self, labels: IntArray, num_clusters: int) -> Self:
        """Return the term over clusters: the entries of a row are summed per cluster."""
        places = (np.arange(len(labels)), labels)
        members = csr_array((np.ones(len(labels)), places), (len(labels), num_clusters))
        return self._with(self.rows @ members, self.coefficients)

    def restricted(self, keep: IntArray, fixed_spins: FloatArray) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep`, and what the others add when they are fixed.

        With F = `fixed_spins` (N,), which is -1 or +1 at fixed spins and 0 at kept ones, and
        b_k = a_k.F, a square is ``(a_k.s)^2 + 2 b_k a_k.s + b_k^2``: the second part is returned
        as thresholds over `keep`, the third as the offset.
        """
        shift = np.asarray(self.rows @ fixed_spins)
        thresholds = np.asarray(self.rows.T @ (2.0 * self.coefficients * shift))[keep]
        return self.relabelled(keep), thresholds, float(self.coefficients @ shift**2)

    def coupled_spins(self) -> NDArray[np.bool_]:
        """Return which spins (N,) stand in a row."""
        if isinstance(self.rows, np.ndarray):
            return np.asarray(self.rows.any(axis=0))
        found = np.zeros(self.num_spins, np.bool_)
        found[self.rows.indices] = True
        return found

    def coupled_sets(self) -> tuple[IntArray, IntArray]:
        """Return the spins of each row, as sets; all spins, once, if a row has all of them."""
        if isinstance(self.rows, np.ndarray) and (self.rows != 0).all(axis=1).any():
            return np.arange(self.num_spins), np.zeros(1, np.int64)
        rows = csr_array(self.rows)
        return rows.indices.astype(np.int64), rows.indptr[:-1].astype(np.int64)

    def __repr__(self) -> str:
        count = self.rows.shape[0]
        return f"Factored({count} row{'' if count == 1 else 's'} over {self.num_spins} spins)"
