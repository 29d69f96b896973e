"""The Kronecker coupling term: two small matrices on a rectangular block of spins."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    IntArray,
    Matrix,
    blockwise,
    check_memory,
    checked_array,
    checked_count,
    checked_indices,
    checked_number,
    checked_square,
)
from hopfield_opt.errors import InputError
from hopfield_opt.explicit import Explicit


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Kronecker(Frozen):
    """The term ``E(s) = coefficient * sum(S * (A @ S @ B))`` with ``S = factors * s[indices]``."""

    left: Matrix
    right: Matrix
    indices: IntArray
    coefficient: float
    factors: FloatArray
    num_spins: int

    def __init__(
        self,
        left: Any,
        right: Any,
        indices: ArrayLike,
        coefficient: float = 1.0,
        factors: ArrayLike | None = None,
        *,
        num_spins: int | None = None,
    ) -> None:
        own_left = checked_square("left", left)
        own_right = checked_square("right", right)
        places = checked_indices("indices", indices, ndim=2, lowest=-1)
        shape = (own_left.shape[0], own_right.shape[0])
        if places.shape != shape:
            raise InputError(
                f"indices must have shape {shape} (rows of left, rows of right), "
                f"got {places.shape}."
            )
        scale = np.ones(shape) if factors is None else checked_array("factors", factors, shape)
        least = int(places.max(initial=-1)) + 1
        size = least if num_spins is None else checked_count("num_spins", num_spins)
        if size < least:
            raise InputError(f"num_spins must be at least {least}, got {size}.")
        self._set(
            left=own_left,
            right=own_right,
            indices=places,
            coefficient=checked_number("coefficient", coefficient),
            factors=np.where(places >= 0, scale, 0.0),
            num_spins=size,
        )

    @property
    def _own(self) -> FloatArray:
        """The diagonal of ``A (x) B'`` on the block: how each place acts on itself (n, m)."""
        return np.asarray(np.multiply.outer(self.left.diagonal(), self.right.diagonal()))

    @property
    def constant(self) -> float:
        """The part of the energy that no spin changes."""
        return float(self.coefficient * np.sum(self.factors**2 * self._own))

    @property
    def _width(self) -> int:
        return max(self.indices.size, self.num_spins)

    def _block(self, s: FloatArray) -> FloatArray:
        if not self.num_spins:
            return np.zeros((len(s), *self.indices.shape))
        return np.asarray(self.factors * s[:, self.indices])

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            grid = self._block(s)
            image = _from_right(_from_left(self.left, grid), self.right)
            return self.coefficient * np.einsum("rij,rij->r", grid, image)

        return blockwise(block, states, self._width)

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""

        def block(s: FloatArray) -> FloatArray:
            grid = self._block(s)
            own = 2.0 * self.coefficient * self.factors * self._own * grid
            return self._scattered(own - self._pull(grid))

        return blockwise(block, states, self._width)

    def _pull(self, grid: FloatArray) -> FloatArray:
        """Return the gradient of the energy, diagonal included, at each place (R, n, m)."""
        image = _from_right(_from_left(self.left, grid), self.right)
        image += _from_right(_from_left(self.left.T, grid), self.right.T)
        return np.asarray(self.coefficient * self.factors * image)

    def _scattered(self, field: FloatArray) -> FloatArray:
        spins = np.zeros((len(field), self.num_spins))
        there = self.indices >= 0
        spins[:, self.indices[there]] = field[:, there]
        return spins

    def num_couplings(self) -> int:
        """Return an upper bound of the number of nonzero entries of W."""
        size = int((self.indices >= 0).sum())
        pairs = _stored(self.left) * _stored(self.right)
        return min(2 * pairs, size * (size - 1))

    def to_dense(self) -> FloatArray:
        """Return W as an ndarray (N, N)."""
        check_memory("weights", 8 * self.num_spins**2)
        left, right = _dense(self.left), _dense(self.right)
        weights = np.zeros((self.num_spins, self.num_spins))
        there = self.indices >= 0
        factors, spins = self.factors[there], self.indices[there]
        for i, row in enumerate(self.indices):
            pairs = np.einsum("k,jl->jkl", left[i], right.T) + np.einsum("k,jl->jkl", left[:, i], right)
            real = row >= 0
            scale = self.factors[i][real][:, None] * factors
            weights[np.ix_(row[real], spins)] = -self.coefficient * (scale * pairs[real][:, there])
        np.fill_diagonal(weights, 0.0)
        return weights

    def to_sparse(self) -> csr_array:
        """Return W as a CSR array (N, N)."""
        check_memory("weights", 60 * self.num_couplings())
        a, b = coo_array(self.left), coo_array(self.right)
        rows = self.indices[a.row[:, None], b.col].ravel()
        columns = self.indices[a.col[:, None], b.row].ravel()
        scale = self.factors[a.row[:, None], b.col] * self.factors[a.col[:, None], b.row]
        values = -self.coefficient * (scale * np.multiply.outer(a.data, b.data)).ravel()
        real = (rows >= 0) & (columns >= 0) & (rows != columns)
        half = csr_array(
            (values[real], (rows[real], columns[real])), shape=(self.num_spins, self.num_spins)
        )
        weights = csr_array(half + half.T)
        weights.eliminate_zeros()
        return weights

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        return self._changed(coefficient=self.coefficient * factor)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        return self._changed(factors=self._block(signs[None])[0])

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        position = np.empty(len(order), dtype=np.int64)
        position[order] = np.arange(len(order))
        return self._moved(position, len(order))

    def _moved(self, position: IntArray, num_spins: int) -> Self:
        """Return the term after spin i became ``position[i]`` (-1: it became a hole)."""
        # the sentinel at the end is where index -1, a hole, looks itself up
        indices = np.append(position, -1)[self.indices]
        factors = np.where(indices >= 0, self.factors, 0.0)
        return self._changed(indices=indices, factors=factors, num_spins=num_spins)

    def widened(self, num_spins: int) -> Self:
        """Return the same term in a network of `num_spins` spins."""
        return self._changed(num_spins=num_spins)

    def contract(self, labels: IntArray, num_clusters: int) -> "Self | Explicit":
        """Return the term over clusters.

        Where two spins of the block merge the result is no Kronecker product any more: the
        term is expanded, after the check of `to_sparse`, and contracted as a matrix.
        """
        clusters = labels[self.indices[self.indices >= 0]]
        if len(np.unique(clusters)) == len(clusters):
            return self._moved(labels, num_clusters)
        whole = Explicit._make(matrix=self.to_sparse(), constant=self.constant)
        return whole.contract(labels, num_clusters)

    def restricted(
        self, keep: IntArray, fixed_spins: FloatArray
    ) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep` (the others are holes), and what they add."""
        grid = self._block(fixed_spins[None])
        pull = self._scattered(self._pull(grid))[0]
        offset = float(self.energy(fixed_spins[None])[0])
        position = np.full(self.num_spins, -1)
        position[keep] = np.arange(len(keep))
        return self._moved(position, len(keep)), pull[keep], offset

    def __repr__(self) -> str:
        n, m = self.indices.shape
        return f"Kronecker({n} x {m} block of {self.num_spins} spins, {self.coefficient:.6g})"


def _from_left(matrix: Matrix, grid: FloatArray) -> FloatArray:
    """Return ``matrix @ grid[r]`` for each replica r."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix @ grid)
    count, n, m = grid.shape
    flat = matrix @ grid.transpose(1, 0, 2).reshape(n, count * m)
    return np.asarray(flat).reshape(n, count, m).transpose(1, 0, 2)


def _from_right(grid: FloatArray, matrix: Matrix) -> FloatArray:
    """Return ``grid[r] @ matrix`` for each replica r."""
    flat = np.asarray(grid.reshape(-1, grid.shape[2]) @ matrix)
    return flat.reshape(grid.shape)


def _dense(matrix: Matrix) -> FloatArray:
    return matrix if isinstance(matrix, np.ndarray) else np.asarray(matrix.toarray())


def _stored(matrix: Matrix) -> int:
    return int(np.count_nonzero(matrix) if isinstance(matrix, np.ndarray) else matrix.nnz)
