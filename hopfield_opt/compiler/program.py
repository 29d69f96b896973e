"""What the passes work on: a cost, linear constraints and groups over bits, all as arrays."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler.cost import Cost
from hopfield_opt.compiler.exact import unit_of
from hopfield_opt.compiler.interval import interval
from hopfield_opt.compiler.rows import Rows, stack_rows
from hopfield_opt.compiler.terms import Terms
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.groups import Group
from hopfield_opt.model.nodes import Floats, Indices, Node, degree
from hopfield_opt.model.precision import precision


@dataclass(frozen=True, eq=False)
class Polynomials:
    """Constraints of degree above 1, `lower <= terms <= upper`, before bits stand for products."""

    terms: Terms
    lower: Floats
    upper: Floats
    owner: Indices
    slack: Floats


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
    """What the passes know of a rule.

    Attributes
    ----------
    name : str
        As the user knows it.
    penalty : float or None
        The weight that it was given.
    soft : bool
        Whether it may be violated at that price.
    keep : bool or None
        Whether it must, or must not, become a group.
    unkept : str
        Why it may not become one; "" where it may.
    call : int
        Rules of one call of `Model.add` have the same number.
    """

    name: str
    penalty: float | None = None
    soft: bool = False
    keep: bool | None = None
    unkept: str = ""
    call: int = -1


class Values(Protocol):
    """What penalties need to know of the values of a cost."""

    @property
    def extent(self) -> float:
        """The largest minus the smallest value, at most."""

    @property
    def unit(self) -> float:
        """A number that all differences of values are multiples of; 0 where none is known."""

    @property
    def last_bit(self) -> float:
        """An e where all terms over spins are multiples of 2^e; -inf where none is known."""


@dataclass(frozen=True, eq=False)
class Objective:
    """What is known of a model's objective, found when it is asked for.

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

    @cached_property
    def last_bit(self) -> float:
        """An e where all terms over spins are multiples of 2^e; -inf where none is known."""
        # x = (1 + s) / 2, and products of rows are halves and quarters of squares
        return float(precision(self.node).last.min()) - 2.0 * degree(self.node) - 2.0


@dataclass(frozen=True, eq=False)
class Program:
    """A model, or a network, on its way to a Hamiltonian.

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
    tolerance : float
        The part of the sum of ``|terms|`` by which rules with decimals may be missed.
    loose : tuple of str
        The rules whose groups hold states, too, that may be just outside.
    """

    is_spin: NDArray[np.bool_]
    cost: Cost
    objective: Values
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
    tolerance: float = FEASIBILITY_TOLERANCE
    loose: tuple[str, ...] = ()

    @property
    def num_bits(self) -> int:
        """The number of bits."""
        return len(self.is_spin)

    def add_notes(self, *lines: str) -> "Program":
        """Return the program with lines added to the report."""
        return replace(self, notes=self.notes + lines)

    def drop_constraints(self) -> "Program":
        """Return the objective alone, with the products that it needs."""
        none = stack_rows([], self.num_bits)
        return replace(
            self,
            rows=none,
            soft=none,
            polynomials=(),
            forbidden=(),
            groups=(),
            fixed=np.zeros_like(self.fixed),
        )

    def add_bits(self, count: int) -> "Program":
        """Return the program with more bits of 0 and 1 at the end."""
        return replace(
            self,
            is_spin=np.concatenate([self.is_spin, np.zeros(count, dtype=bool)]),
            fixed=np.concatenate([self.fixed, np.zeros(count, dtype=np.int8)]),
            rows=self.rows.widen(self.num_bits + count),
            soft=self.soft.widen(self.num_bits + count),
        )
