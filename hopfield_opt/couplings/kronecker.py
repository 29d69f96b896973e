"""The Kronecker coupling term: two small matrices on a rectangular block of spins."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array

from hopfield_opt.arrays import (
    FloatArray,
    IntArray,
    Matrix,
    blockwise,
    canonical,
    check_array,
    check_indices,
    check_integer,
    check_number,
    check_square,
    dense,
    num_stored,
)
from hopfield_opt.couplings.base import Coupling
from hopfield_opt.errors import InputError

# peak in bytes of a sparse expansion, per pair of an entry of A with one of B (triplets, their
# CSR, its transpose, the sum); measured with tracemalloc
_SPARSE_PEAK = 100


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Kronecker(Coupling):
    """The term ``E(s) = coefficient * sum(S * (A @ S @ B))`` with ``S = factors * s[indices]``.

    S is a block (n, m) of spins. This is quadratic assignment, and with a shift for B a tour.
    Neither matrix needs to be symmetric: W is the symmetrised ``A (x) B'``, without its diagonal,
    which is the constant ``coefficient * sum_ij factors_ij^2 A_ii B_jj``. Energies and local
    fields cost two products of small matrices; W is never formed.

    Parameters
    ----------
    left : (n, n) array or sparse matrix, finite
        A, which acts along the rows of the block; a chain is a sparse shift.
    right : (m, m) array or sparse matrix, finite
        B, which acts along its columns.
    indices : (n, m) array of int
        The spin at each place of the block, distinct; -1 is a hole, where S is 0.
    coefficient : float, default 1
        A common factor, of any sign.
    factors : (n, m) array, optional
        A factor for each place, 1 if None: a gauge, or the 1/2 of binaries.
    num_spins : int, optional
        The number of spins N of the network; by default up to the highest in `indices`.

    Raises
    ------
    InputError
        If the shapes do not fit, an entry is not finite, or a spin stands at two places.

    Examples
    --------
    >>> term = Kronecker([[0, 1], [0, 0]], [[0, 5], [0, 0]], [[0, 1], [2, 3]])
    >>> term.energy(np.array([[1, 1, 1, -1]]))  # S_01 A_01 ... = 5 * s_1 * s_2
    array([5.])
    >>> term
    Kronecker(2 x 2 block of 4 spins, coefficient 1)
    """

    left: Matrix
    right: Matrix
    indices: IntArray
    coefficient: float
    factors: FloatArray
    num_spins: int = 0

    arguments: ClassVar[dict[str, tuple[str, int]]] = {
        "left": ("f", 2),
        "right": ("f", 2),
        "indices": ("i", 2),
        "coefficient": ("f", 0),
        "factors": ("f", 2),
        "num_spins": ("i", 0),
    }
    open_ended: ClassVar[bool] = True

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
        own_left, own_right = check_square("left", left), check_square("right", right)
        shape = (int(own_left.shape[0]), int(own_right.shape[0]))
        places = check_indices("indices", indices, ndim=2, lowest=-1)
        if places.shape != shape:
            raise InputError(
                f"indices must have shape {shape}, the rows of left and of right, "
                f"got {places.shape}."
            )
        scale = np.broadcast_to(1.0, shape)
        if factors is not None:
            scale = check_array("factors", factors, shape)
        least = int(places.max(initial=-1)) + 1
        size = least if num_spins is None else num_spins
        self._set(
            left=own_left,
            right=own_right,
            indices=places,
            coefficient=check_number("coefficient", coefficient),
            factors=scale if (places >= 0).all() else np.where(places >= 0, scale, 0.0),
            num_spins=check_integer("num_spins", size, lowest=least),
        )

    @property
    def _own(self) -> FloatArray:
        """How each place acts on itself (n, m): the diagonal of ``A (x) B'``."""
        return np.asarray(np.multiply.outer(self.left.diagonal(), self.right.diagonal()))

    @property
    def constant(self) -> float:
        """The part of the energy that no spin changes."""
        return float(self.coefficient * np.sum(self.factors**2 * self._own))

    @property
    def _width(self) -> int:
        return max(self.indices.size, self.num_spins)

    def _block(self, s: FloatArray) -> FloatArray:
        """Return S (R, n, m) of states (R, N)."""
        if not self.num_spins:  # holes have nothing to look up
            return np.zeros((len(s), *self.indices.shape))
        return np.asarray(self.factors * s[:, self.indices])

    def energy(self, states: NDArray[Any]) -> FloatArray:
        """Return the energies (R,) of states (R, N), constant included."""

        def block(s: FloatArray) -> FloatArray:
            grid = self._block(s)
            image = _from_right(_from_left(self.left, grid), self.right)
            return np.asarray(self.coefficient * np.einsum("rij,rij->r", grid, image))

        return blockwise(block, states, self._width)

    def local_field(self, states: NDArray[Any]) -> FloatArray:
        """Return ``W s`` (R, N) for states (R, N)."""

        def block(s: FloatArray) -> FloatArray:
            grid = self._block(s)
            own = 2.0 * self.coefficient * self.factors * self._own * grid
            return self._scatter(own - self._gradient(grid))

        return blockwise(block, states, self._width)

    def _gradient(self, grid: FloatArray) -> FloatArray:
        """Return ``coefficient * factors * (A S B + A' S B')`` (R, n, m)."""
        image = _from_right(_from_left(self.left, grid), self.right)
        image = image + _from_right(_from_left(self.left.T, grid), self.right.T)
        return np.asarray(self.coefficient * self.factors * image)

    def _scatter(self, values: FloatArray) -> FloatArray:
        """Return values at places (R, n, m) as values at spins (R, N)."""
        spins = np.zeros((len(values), self.num_spins))
        there = self.indices >= 0
        spins[:, self.indices[there]] = values[:, there]
        return spins

    def num_couplings(self) -> int:
        """Return an upper bound of the number of nonzero entries of W."""
        size = int((self.indices >= 0).sum())
        return min(2 * self._num_pairs, size * (size - 1))

    @property
    def _num_pairs(self) -> int:
        return num_stored(self.left) * num_stored(self.right)

    def dense_bytes(self) -> int:
        """Return the memory that `to_dense` needs at its peak."""
        return 8 * self.num_spins**2

    def sparse_bytes(self) -> int:
        """Return the memory that `to_sparse` needs at its peak."""
        return _SPARSE_PEAK * self._num_pairs

    def _dense(self) -> FloatArray:
        left, right = dense(self.left), dense(self.right)
        weights = np.zeros((self.num_spins, self.num_spins))
        there = self.indices >= 0
        for i, spins in enumerate(self.indices):
            # entry (j, k, l): what the places (i, j) and (k, l) do to each other
            pairs = np.einsum("k,lj->jkl", left[i], right)
            pairs += np.einsum("k,jl->jkl", left[:, i], right)
            here = spins >= 0
            scale = self.factors[i, here, None] * self.factors[there]
            block = -self.coefficient * (scale * pairs[here][:, there])
            weights[np.ix_(spins[here], self.indices[there])] = block
        np.fill_diagonal(weights, 0.0)
        return weights

    def _sparse(self) -> csr_array:
        a, b = coo_array(self.left), coo_array(self.right)
        # the entries A_ik and B_lj couple the places (i, j) and (k, l)
        here, there = (a.row[:, None], b.col), (a.col[:, None], b.row)
        rows, columns = self.indices[here].ravel(), self.indices[there].ravel()
        scale = self.factors[here] * self.factors[there]
        values = -self.coefficient * (scale * np.multiply.outer(a.data, b.data)).ravel()
        real = (rows >= 0) & (columns >= 0) & (rows != columns)
        half = csr_array((values[real], (rows[real], columns[real])), shape=(self.num_spins,) * 2)
        return canonical(half + half.T)

    def scaled(self, factor: float) -> Self:
        """Return the term times `factor`."""
        return self._replace_fields(coefficient=self.coefficient * factor)

    def gauge(self, signs: FloatArray) -> Self:
        """Return the term whose energy at s is that of this one at ``signs * s``."""
        return self._replace_fields(factors=self._block(signs[None])[0])

    def relabelled(self, order: IntArray) -> Self:
        """Return the term whose spin k is this one's spin ``order[k]``."""
        position = np.empty_like(order)
        position[order] = np.arange(len(order))
        return self._move(position, len(order))

    def _move(self, position: IntArray, num_spins: int) -> Self:
        """Return the term after spin i became ``position[i]`` (-1: its place became a hole)."""
        # the sentinel at the end is where the index -1 of a hole looks itself up
        indices = np.append(position, -1)[self.indices]
        factors = np.where(indices >= 0, self.factors, 0.0)
        return self._replace_fields(indices=indices, factors=factors, num_spins=num_spins)

    def widened(self, num_spins: int) -> Self:
        """Return the same term in a larger network, of `num_spins` spins."""
        return self._replace_fields(num_spins=num_spins)

    def contract(self, labels: IntArray, num_clusters: int) -> Coupling:
        """Return the term over clusters, expanded where two spins of the block merge.

        The merged term is no Kronecker product any more.
        """
        clusters = labels[self.indices[self.indices >= 0]]
        if len(np.unique(clusters)) == len(clusters):
            return self._move(labels, num_clusters)
        return self.expanded().contract(labels, num_clusters)

    def restricted(self, keep: IntArray, fixed_spins: FloatArray) -> tuple[Self, FloatArray, float]:
        """Return the term over the spins `keep`, and what the others add when they are fixed.

        With F the block of `fixed_spins` (N,), which is -1 or +1 at fixed spins and 0 at kept
        ones, the energy is that of the term, in which the fixed places are holes, plus
        ``sum(S * (A F B + A' F B'))``, returned as thresholds over `keep`, plus the offset
        ``sum(F * (A F B))``, all times the coefficient.
        """
        grid = self._block(fixed_spins[None])
        thresholds = self._scatter(self._gradient(grid))[0, keep]
        offset = float(self.energy(fixed_spins[None])[0])
        position = np.full(self.num_spins, -1)
        position[keep] = np.arange(len(keep))
        return self._move(position, len(keep)), thresholds, offset

    def coupled_spins(self) -> NDArray[np.bool_]:
        """Return which spins (N,) stand in the block."""
        found = np.zeros(self.num_spins, np.bool_)
        found[self.indices[self.indices >= 0]] = True
        return found

    def __repr__(self) -> str:
        n, m = self.indices.shape
        block = f"{n} x {m} block of {self.num_spins} spins"
        return f"Kronecker({block}, coefficient {self.coefficient:.6g})"


def _from_left(matrix: Any, grid: FloatArray) -> FloatArray:
    """Return ``matrix @ grid[r]`` for each replica r."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix @ grid)
    count, n, m = grid.shape
    flat = np.asarray(matrix @ grid.transpose(1, 0, 2).reshape(n, count * m))
    return flat.reshape(n, count, m).transpose(1, 0, 2)


def _from_right(grid: FloatArray, matrix: Any) -> FloatArray:
    """Return ``grid[r] @ matrix`` for each replica r."""
    count, n, m = grid.shape
    return np.asarray(grid.reshape(count * n, m) @ matrix).reshape(count, n, m)
