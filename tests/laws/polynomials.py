"""Arrays of polynomials beside the text that a user would write for them."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm, prod
from typing import Any

import numpy as np

from .exact import Draw, Number

Polynomial = Mapping[tuple[int, ...], Fraction]
Assignment = tuple[int, ...]


@dataclass(frozen=True)
class Array:
    """An array of variables: flat numbers from `first` on."""

    name: str
    kind: str
    shape: tuple[int, ...]
    lower: int
    upper: int
    first: int
    encoding: str | None = None

    @property
    def size(self) -> int:
        """How many variables it holds."""
        return prod(self.shape)

    @property
    def numbers(self) -> list[int]:
        """The numbers of its variables."""
        return list(range(self.first, self.first + self.size))

    @property
    def domain(self) -> tuple[int, ...]:
        """What each variable may be."""
        return (-1, 1) if self.kind == "spin" else tuple(range(self.lower, self.upper + 1))

    @property
    def text(self) -> str:
        """How the user makes it."""
        shape = self.shape[0] if len(self.shape) == 1 else self.shape
        bounds = f", {self.lower}, {self.upper}" if self.kind == "integer" else ""
        encoding = f", encoding={self.encoding!r}" if self.encoding else ""
        return f"{self.name} = m.{self.kind}({shape}{bounds}, name={self.name!r}{encoding})"

    def entry(self, place: int) -> str:
        """Return how the user writes one of its variables."""
        if not self.shape:
            return self.name
        where = ", ".join(str(k) for k in np.unravel_index(place, self.shape))
        return f"{self.name}[{where}]"


@dataclass(frozen=True)
class Piece:
    """A text and the polynomials that it stands for, one for each entry."""

    text: str
    polynomials: tuple[Polynomial, ...]

    @property
    def exact(self) -> bool:
        """Whether floats hold all its coefficients."""
        return all(Number(c).exact for p in self.polynomials for c in p.values())


def add(polynomials: Iterable[Polynomial]) -> Polynomial:
    """Return a sum."""
    total: dict[tuple[int, ...], Fraction] = {}
    for one in polynomials:
        for monomial, coefficient in one.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
    return total


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """Return a product."""
    return add({a + b: c * d} for (a, c) in left.items() for (b, d) in right.items())


@dataclass(frozen=True)
class Space:
    """All assignments of some arrays."""

    arrays: tuple[Array, ...]

    @cached_property
    def table(self) -> np.ndarray:
        """(A, V) whole numbers, an assignment in each row."""
        domains = [array.domain for array in self.arrays for _ in range(array.size)]
        return np.array(list(product(*domains)), dtype=np.int64)

    def values(self, polynomial: Polynomial) -> tuple[np.ndarray, int]:
        """Return the exact value at each assignment: whole numbers and their denominator."""
        common = lcm(1, *(c.denominator for c in polynomial.values()))
        total = np.zeros(len(self.table), dtype=object)
        for monomial, coefficient in polynomial.items():
            total = total + self.table[:, monomial].prod(axis=1).astype(object) * int(
                coefficient * common
            )
        return total, common

    def size_of(self, polynomial: Polynomial) -> Fraction:
        """Return the sum of the sizes that the terms can have."""
        most = np.abs(self.table).max(axis=0)
        sizes = (abs(c) * int(most[list(m)].prod()) for m, c in polynomial.items())
        return sum(sizes, Fraction(0))


class Writer:
    """Draws expressions over some arrays, with numbers of one style."""

    def __init__(self, rng: random.Random, arrays: Sequence[Array], draw: Draw) -> None:
        self.rng = rng
        self.arrays = arrays
        self.draw = draw

    def number(self) -> Number:
        """Draw a number."""
        return Number(self.draw(self.rng))

    def one(self) -> tuple[str, int]:
        """Draw a variable: how it is written, and its number."""
        array = self.rng.choice(self.arrays)
        place = self.rng.randrange(array.size)
        return array.entry(place), array.first + place

    def weighted(self, array: Array) -> Piece:
        """Return all variables of an array, each with a number, added up."""
        numbers = [self.number() for _ in array.numbers]
        terms = zip(array.numbers, numbers, strict=True)
        polynomial = add({(k,): number.value} for k, number in terms)
        factors = _list(np.array([n.text for n in numbers], dtype=object).reshape(array.shape))
        text = f"({array.name} * {factors}).sum()"
        if len(array.shape) == 1 and self.rng.random() < 0.3:
            text = f"np.array({factors}) @ {array.name}"
        return Piece(text, (polynomial,))

    def monomial(self, degree: int) -> Piece:
        """Return a number times some variables, the same one twice now and then."""
        number, chosen = self.number(), [self.one() for _ in range(degree)]
        key = tuple(sorted(k for _, k in chosen))
        text = " * ".join([number.text, *(name for name, _ in chosen)])
        return Piece(text, ({key: number.value},))

    def linear(self) -> Piece:
        """Return a weighted sum over one or two arrays and single variables."""
        pieces = [self.weighted(self.rng.choice(self.arrays))]
        pieces += [self.monomial(1) for _ in range(self.rng.choice((0, 0, 1, 2)))]
        if self.rng.random() < 0.2:
            constant = self.number()
            pieces.append(Piece(constant.text, ({(): constant.value},)))
        return plus(pieces)

    def pairs(self) -> Piece:
        """Return products of all pairs of two arrays, by a matrix or by broadcasting."""
        left, right = (self.rng.choice(self.arrays) for _ in range(2))
        numbers = np.array(
            [[self.number() for _ in right.numbers] for _ in left.numbers], dtype=object
        )
        polynomial = add(
            {(i, j): numbers[a, b].value}
            for a, i in enumerate(left.numbers)
            for b, j in enumerate(right.numbers)
        )
        texts = _list(np.vectorize(lambda n: n.text, otypes=[object])(numbers))
        one, other = (f"{array.name}.reshape({array.size})" for array in (left, right))
        text = f"{one} @ (np.array({texts}) @ {other})"
        if self.rng.random() < 0.5:
            text = f"({one}[:, None] * {other} * {texts}).sum()"
        return Piece(text, (polynomial,))

    def neighbours(self) -> Piece:
        """Return a number times the products of neighbours in an array, around its end."""
        array, number = self.rng.choice(self.arrays), self.number()
        ring = array.numbers[1:] + array.numbers[:1]
        polynomial = add({(i, j): number.value} for i, j in zip(array.numbers, ring, strict=True))
        flat = f"{array.name}.reshape({array.size})"
        return Piece(f"{number.text} * ({flat} * {flat}.roll(-1)).sum()", (polynomial,))

    def square(self) -> Piece:
        """Return a squared weighted sum."""
        inner = self.linear()
        return Piece(f"({inner.text}) ** 2", (multiply(*(2 * inner.polynomials)),))


def plus(pieces: Sequence[Piece]) -> Piece:
    """Return a sum of single polynomials."""
    text = " + ".join(piece.text for piece in pieces)
    return Piece(text, (add(piece.polynomials[0] for piece in pieces),))


def _list(texts: Any) -> str:
    if np.ndim(texts) == 0:
        return str(texts if not isinstance(texts, np.ndarray) else texts.item())
    return f"[{', '.join(_list(part) for part in texts)}]"
