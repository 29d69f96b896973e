"""Linear constraints as the rows of a matrix, with what is known of each row."""

from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.terms import tally
from hopfield_opt.model.nodes import Floats, Indices


@dataclass(frozen=True, eq=False)
class Rows:
    """Linear constraints `lower <= matrix @ x <= upper` over x = 0 or 1, for every kind of bit.

    Attributes
    ----------
    matrix : (m, n) CSR
        The coefficients, for spins those of x = (1 + s) / 2.
    lower, upper : (m,) float64
        The bounds; infinite where there is none.
    owner : (m,) int
        The number of the rule that each row belongs to.
    slack : (m,) float64
        By how much the user's rule may be missed at most, and by how much the row may be off:
        0 where both are exact.
    """

    matrix: scipy.sparse.csr_array
    lower: Floats
    upper: Floats
    owner: Indices
    slack: Floats = field(default_factory=lambda: np.zeros(1))

    def __post_init__(self) -> None:
        object.__setattr__(self, "slack", np.broadcast_to(self.slack, self.owner.shape))

    def __len__(self) -> int:
        return len(self.owner)

    def pick(self, chosen: NDArray[np.bool_] | Indices) -> "Rows":
        """Return some of the rows."""
        if chosen.dtype == bool and chosen.all():
            return self
        deadline.check(2 * self.matrix.nnz if chosen.dtype == bool else len(chosen))
        return Rows(
            scipy.sparse.csr_array(self.matrix[np.arange(len(self))[chosen]]),
            self.lower[chosen],
            self.upper[chosen],
            self.owner[chosen],
            self.slack[chosen],
        )

    @cached_property
    def lengths(self) -> Indices:
        """The number of bits in each row."""
        return np.diff(self.matrix.indptr).astype(np.intp)

    @cached_property
    def row_of(self) -> Indices:
        """The row of each stored coefficient."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @cached_property
    def activity(self) -> tuple[Floats, Floats]:
        """The smallest and the largest value of each row."""
        data = self.matrix.data
        low = self.over(np.add, np.minimum(data, 0.0))
        return low, self.over(np.add, np.maximum(data, 0.0))

    @cached_property
    def largest(self) -> Floats:
        """The largest size of a coefficient of each row, 0 where there is none."""
        return self.over(np.maximum, np.abs(self.matrix.data))

    @cached_property
    def unit(self) -> NDArray[np.bool_]:
        """Whether all coefficients of a row are 1 or -1."""
        return ~self.some(np.abs(self.matrix.data) != 1.0)

    @cached_property
    def is_count(self) -> NDArray[np.bool_]:
        """Whether all coefficients of a row are 1."""
        return np.asarray(self.unit & (self.activity[0] == 0))

    def over(self, function: np.ufunc, values: NDArray[Any]) -> Floats:
        """Return a function of one number for each coefficient, row by row; 0 for empty rows."""
        deadline.check(len(values))
        filled = np.flatnonzero(self.lengths)
        return tally(filled, function.reduceat(values, self.matrix.indptr[filled]), len(self))

    def some(self, found: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return in which rows something is found for any coefficient."""
        return self.over(np.logical_or, found) > 0

    def order(self, keys: Floats) -> Indices:
        """Return the places of the coefficients, those of each row by growing key."""
        falls = keys[1:] < keys[:-1]
        if not (falls & (self.row_of[1:] == self.row_of[:-1])).any():
            return np.arange(len(keys))
        deadline.check(10 * len(keys))
        return np.lexsort((keys, self.row_of))

    def with_data(self, data: Floats) -> "Rows":
        """Return the rows with other coefficients at the same places."""
        own = self.matrix
        matrix = scipy.sparse.csr_array((data, own.indices, own.indptr), shape=own.shape)
        return replace(self, matrix=matrix)

    def with_bounds(self, lower: Floats, upper: Floats) -> "Rows":
        """Return the rows with other bounds."""
        found = copy(self)
        # what is cached of the matrix alone stays
        vars(found).pop("reach", None)
        vars(found).update(lower=lower, upper=upper)
        return found

    @cached_property
    def reach(self) -> tuple[Floats, Floats]:
        """The bounds, as far away as a state may be that does not violate the rule."""
        return self.lower - self.slack, self.upper + self.slack

    def widen(self, size: int) -> "Rows":
        """Return the rows over more bits."""
        if size == self.matrix.shape[1]:
            return self
        return replace(self, matrix=widen_matrix(self.matrix, size))


def widen_matrix(matrix: scipy.sparse.csr_array, size: int) -> scipy.sparse.csr_array:
    """Return a matrix with more columns."""
    return scipy.sparse.csr_array(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], size)
    )


def stack_rows(parts: list[Rows], size: int) -> Rows:
    """Return rows one below the other."""
    if len(parts) == 1:
        return parts[0].widen(size)
    if not parts:
        empty = np.empty(0)
        matrix = scipy.sparse.csr_array((0, size))
        return Rows(matrix, empty, empty, np.empty(0, dtype=np.intp))
    deadline.check(2 * sum(part.matrix.nnz for part in parts))
    lengths = np.concatenate([part.lengths for part in parts])
    matrix = scipy.sparse.csr_array(
        (
            np.concatenate([part.matrix.data for part in parts]),
            np.concatenate([part.matrix.indices for part in parts]),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(lengths), size),
    )
    return Rows(
        matrix,
        np.concatenate([part.lower for part in parts]),
        np.concatenate([part.upper for part in parts]),
        np.concatenate([part.owner for part in parts]),
        np.concatenate([part.slack for part in parts]),
    )
