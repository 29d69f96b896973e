"""What the passes work on: a cost, linear constraints and groups over bits, all as arrays."""

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.compiler.cost import Cost
from hopfield_opt.compiler.exact import unit_of
from hopfield_opt.compiler.interval import interval
from hopfield_opt.compiler.terms import Terms, tally
from hopfield_opt.groups import Group
from hopfield_opt.model.nodes import Floats, Indices, Node


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
    """

    matrix: scipy.sparse.csr_array
    lower: Floats
    upper: Floats
    owner: Indices

    def __len__(self) -> int:
        return len(self.owner)

    def pick(self, chosen: NDArray[np.bool_] | Indices) -> "Rows":
        """Return some of the rows."""
        if chosen.dtype == bool and chosen.all():
            return self
        return Rows(
            scipy.sparse.csr_array(self.matrix[np.arange(len(self))[chosen]]),
            self.lower[chosen],
            self.upper[chosen],
            self.owner[chosen],
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

    def over(self, function: np.ufunc, values: NDArray[Any]) -> Floats:
        """Return a function of one number for each coefficient, row by row; 0 for empty rows."""
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
        return np.lexsort((keys, self.row_of))

    def with_data(self, data: Floats) -> "Rows":
        """Return the rows with other coefficients at the same places."""
        own = self.matrix
        matrix = scipy.sparse.csr_array((data, own.indices, own.indptr), shape=own.shape)
        return replace(self, matrix=matrix)

    def within(self, lower: Floats, upper: Floats) -> "Rows":
        """Return the rows with other bounds."""
        found = copy(self)
        # what is cached depends on the matrix alone, and stays
        vars(found).update(lower=lower, upper=upper)
        return found

    def widened(self, size: int) -> "Rows":
        """Return the rows over more bits."""
        if size == self.matrix.shape[1]:
            return self
        return replace(self, matrix=widened(self.matrix, size))


@dataclass(frozen=True, eq=False)
class Polynomials:
    """Constraints of degree above 1, `lower <= terms <= upper`, before bits stand for products."""

    terms: Terms
    lower: Floats
    upper: Floats
    owner: Indices


@dataclass(frozen=True, eq=False)
class Forbidden:
    """A rule `g == 0` with g >= 0: a penalty by itself.

    Attributes
    ----------
    cost : Cost
        The function g.
    gap : float
        The least positive value of g; 0 where none is known.
    owner : int
        The number of the rule.
    """

    cost: Cost
    gap: float
    owner: int


@dataclass(frozen=True, eq=False)
class Products:
    """New bits that stand for products of others: bit `first + k` is all of `factors[k]`.

    Attributes
    ----------
    first : int
        The first new bit.
    factors : (K, d) int
        The bits that are multiplied.
    defined : bool
        Whether a penalty makes the bits products; else the cost itself does (the form for
        negative monomials).
    """

    first: int
    factors: Indices
    defined: bool


@dataclass(frozen=True, eq=False)
class RuleInfo:
    """What the passes know of a rule of the model."""

    name: str
    penalty: float | None = None
    soft: bool = False


class Values(Protocol):
    """What penalties need to know of the values of a cost."""

    @property
    def extent(self) -> float:
        """The largest minus the smallest value, at most."""

    @property
    def unit(self) -> float:
        """A number that all differences of values are multiples of; 0 where none is known."""


@dataclass(frozen=True, eq=False)
class Objective:
    """The range of the objective and a unit of its values, found when they are asked for.

    Attributes
    ----------
    node : Node
        The objective of the model.
    lower, upper : array
        The ranges of the model's variables.
    soft : float
        The most that soft constraints can cost.
    """

    node: Node
    lower: Floats
    upper: Floats
    soft: float

    @cached_property
    def extent(self) -> float:
        """The largest minus the smallest value, at most."""
        low, high = interval(self.node, self.lower, self.upper)
        return float(high - low) + self.soft

    @cached_property
    def unit(self) -> float:
        """A number that all differences of values are multiples of; 0 where none is known."""
        if self.soft:
            return 0.0
        unit = unit_of(self.node)
        return 0.0 if unit is None else float(unit)


@dataclass(frozen=True, eq=False)
class Program:
    """A model on its way to a Hamiltonian.

    Attributes
    ----------
    is_spin : (n,) bool
        Which bits are spins of the model; products and higher degrees see their domain.
    cost : Cost
        The objective, to be minimised, over spins.
    objective : Values
        What is known of the objective's values.
    rules : tuple of RuleInfo
        The constraints by number.
    rows, polynomials, forbidden, products
        The constraints by kind.
    soft : Rows
        Linear constraints that may be violated at a price.
    groups : tuple of Group
        The constraints that the moves keep.
    fixed : (n,) int8
        -1 or +1 for bits whose value is forced, else 0.
    infeasible : str or None
        The proof that nothing satisfies the constraints.
    notes : tuple of str
        What the passes did, for the report.
    """

    is_spin: NDArray[np.bool_]
    cost: Cost
    objective: "Values"
    rules: tuple[RuleInfo, ...]
    rows: Rows
    polynomials: tuple[Polynomials, ...]
    forbidden: tuple[Forbidden, ...]
    soft: Rows
    fixed: NDArray[np.int8]
    products: tuple[Products, ...] = ()
    groups: tuple[Group, ...] = ()
    infeasible: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def num_bits(self) -> int:
        """The number of bits."""
        return len(self.is_spin)

    def noted(self, *lines: str) -> "Program":
        """Return the program with lines added to the report."""
        return replace(self, notes=self.notes + lines)

    def without_constraints(self) -> "Program":
        """Return the objective alone, with the products that it needs."""
        none = stacked([], self.num_bits)
        return replace(
            self,
            rows=none,
            soft=none,
            polynomials=(),
            forbidden=(),
            groups=(),
            fixed=np.zeros_like(self.fixed),
        )

    def grown(self, count: int) -> "Program":
        """Return the program with more bits of 0 and 1 at the end."""
        return replace(
            self,
            is_spin=np.concatenate([self.is_spin, np.zeros(count, dtype=bool)]),
            fixed=np.concatenate([self.fixed, np.zeros(count, dtype=np.int8)]),
            rows=self.rows.widened(self.num_bits + count),
            soft=self.soft.widened(self.num_bits + count),
        )


def widened(matrix: scipy.sparse.csr_array, size: int) -> scipy.sparse.csr_array:
    """Return a matrix with more columns."""
    return scipy.sparse.csr_array(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], size)
    )


def stacked(parts: list[Rows], size: int) -> Rows:
    """Return rows one below the other."""
    if len(parts) == 1:
        return parts[0].widened(size)
    if not parts:
        empty = np.empty(0)
        matrix = scipy.sparse.csr_array((0, size))
        return Rows(matrix, empty, empty, np.empty(0, dtype=np.intp))
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
    )
