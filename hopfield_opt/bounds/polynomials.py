"""Expressions as polynomials with exact coefficients, for proofs: Python's integers and fractions.

A float is what it is, a dyadic rational; nothing is rounded here, and nothing is shared with the
passes that compile. Spins are written with bits, s = 2 x - 1, and a bit is its own square.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.errors import SizeError
from hopfield_opt.exactness import exact_numbers
from hopfield_opt.model.nodes import (
    AnyMatrix,
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Power,
    Product,
    Scale,
    Shape,
    Term,
    Total,
    Variables,
    View,
    addends,
)
from hopfield_opt.model.variable import Variable

Number: TypeAlias = int | Fraction
Monomial: TypeAlias = tuple[int, ...]
Polynomial: TypeAlias = dict[Monomial, Number]

# A few seconds of Python, and some 100 MB.
MOST_MONOMIALS = 1_000_000


@dataclass(eq=False)
class Expansion:
    """The variables of a model as polynomials, and how much was expanded so far.

    Attributes
    ----------
    is_bit : list of bool
        Which variables are bits; the others are integers.
    leaves : list of Polynomial
        Each variable in bits and integers.
    """

    is_bit: list[bool]
    leaves: list[Polynomial]
    count: int = 0

    @classmethod
    def of(cls, variables: Iterable[Variable]) -> "Expansion":
        """Return the leaves of the variables of a model."""
        is_bit: list[bool] = []
        leaves: list[Polynomial] = []
        for variable in variables:
            for number in range(variable.first, variable.first + variable.size):
                spin = variable.kind == "spin"
                leaves.append({(number,): 2, (): -1} if spin else {(number,): 1})
                is_bit.append(variable.kind != "integer")
        return cls(is_bit, leaves)

    def expand(self, node: Node) -> list[Polynomial]:
        """Return the entries of an array, in order, without zeros.

        Raises
        ------
        SizeError
            If they are too many.
        """
        return [drop_zeros(one) for one in self._sum(node)]

    def _sum(self, node: Node) -> list[Polynomial]:
        terms = addends(node)
        found = self._term(next(terms))
        if not isinstance(node, (Constant, Variables, Apply, Product, Power)):
            found = [dict(one) for one in found]
            for term in terms:
                for own, other in zip(found, self._term(term), strict=True):
                    self._add(own, other, 1)
        return found

    def _term(self, node: Term) -> list[Polynomial]:
        match node:
            case Constant(value):
                return [{(): one} if one else {} for one in exact_numbers(value).ravel()]
            case Variables(index):
                return [self.leaves[number] for number in index.ravel().tolist()]
            case Product(left, right):
                pairs = zip(self._sum(left), self._sum(right), strict=True)
                return [self._times(one, other) for one, other in pairs]
            case Power(base, exponent):
                return [self._power(one, exponent) for one in self._sum(base)]
            case Apply(View(positions), child):
                entries = self._sum(child)
                return [entries[place] for place in positions.ravel().tolist()]
            case Apply(Scale(factors), child):
                return self._scale(self._sum(child), factors)
            case Apply(Total(axes), child):
                return self._totals(self._sum(child), child.shape, axes)
            case Apply(Matrix(matrix, from_left), child):
                return self._multiply(matrix, self._sum(child), child.shape, from_left)
        raise AssertionError("all kinds of nodes are named")

    def _scale(self, entries: list[Polynomial], factors: Floats) -> list[Polynomial]:
        found: list[Polynomial] = []
        for one, factor in zip(entries, exact_numbers(factors).ravel(), strict=True):
            self._note(len(one))
            found.append({key: value * factor for key, value in one.items()})
        return found

    def _totals(
        self, entries: list[Polynomial], shape: Shape, axes: Sequence[int]
    ) -> list[Polynomial]:
        places = np.moveaxis(np.arange(len(entries)).reshape(shape), axes, range(len(axes)))
        together = math.prod(shape[axis] for axis in axes)
        rest = math.prod(places.shape[len(axes) :])
        lines = places.reshape(together, rest).T.tolist()
        return [self._join([entries[k] for k in line], [1] * len(line)) for line in lines]

    def _multiply(
        self, matrix: AnyMatrix, entries: list[Polynomial], shape: Shape, from_left: bool
    ) -> list[Polynomial]:
        places = np.arange(len(entries)).reshape(shape)
        columns = places.reshape(shape[0], math.prod(shape[1:])) if from_left else places.T
        rows = scipy.sparse.csr_array(matrix if from_left else matrix.T)
        values = exact_numbers(rows.data)
        found = []
        for r in range(rows.shape[0]):
            own = slice(rows.indptr[r], rows.indptr[r + 1])
            factors, inside = values[own].tolist(), columns[rows.indices[own]]
            found.append([self._join([entries[k] for k in c], factors) for c in inside.T.tolist()])
        if not from_left:
            found = [list(line) for line in zip(*found, strict=True)]
        return [one for line in found for one in line]

    def _join(self, entries: list[Polynomial], factors: list[Number]) -> Polynomial:
        total: Polynomial = {}
        for entry, factor in zip(entries, factors, strict=True):
            self._add(total, entry, factor)
        return total

    def _add(self, total: Polynomial, other: Polynomial, factor: Number) -> None:
        self._note(len(other))
        for key, value in other.items():
            total[key] = total.get(key, 0) + factor * value

    def _power(self, base: Polynomial, exponent: int) -> Polynomial:
        found = base
        for _ in range(exponent - 1):
            found = self._times(found, base)
        return found

    def _times(self, one: Polynomial, other: Polynomial) -> Polynomial:
        self._note(len(one) * len(other))
        found: Polynomial = {}
        for key, value in one.items():
            for factor, number in other.items():
                both = self._reduce(key + factor) if key and factor else key or factor
                found[both] = found.get(both, 0) + value * number
        return found

    def _reduce(self, key: Monomial) -> Monomial:
        whole = sorted(key)
        return tuple(
            number
            for place, number in enumerate(whole)
            if not (place and whole[place - 1] == number and self.is_bit[number])
        )

    def _note(self, monomials: int) -> None:
        if (self.count + monomials) // 1000 > self.count // 1000:
            deadline.check()
        self.count += monomials
        if self.count > MOST_MONOMIALS:
            raise SizeError(
                f"expression must have at most {MOST_MONOMIALS} monomials to be expanded exactly. "
                "Take a smaller model."
            )


def drop_zeros(polynomial: Polynomial) -> Polynomial:
    """Return the polynomial without monomials whose coefficient is 0."""
    return {key: value for key, value in polynomial.items() if value}
