"""A cost over spins, kept as a sum of parts, with the bounds that penalties are proven by."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.terms import Part, Terms, merge
from hopfield_opt.model.nodes import AnyMatrix, Floats, Indices, is_sparse


@dataclass(frozen=True, eq=False)
class Pairs:
    """`sum_k coefficients[k] * s[heads[k]] * s[tails[k]]`; a pair may come more than once."""

    heads: Indices
    tails: Indices
    coefficients: Floats


@dataclass(frozen=True, eq=False)
class Squares:
    """`sum_k coefficients[k] * (rows[k] @ s + shift[k])**2`."""

    rows: AnyMatrix  # (K, n) dense or CSR
    shift: Floats
    coefficients: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """`coefficient * sum(S * (left @ S @ right))` with `S = factors * s[grid]`.

    The grid has -1 at holes, where the factors are 0.
    """

    left: AnyMatrix
    right: AnyMatrix
    grid: Indices
    factors: Floats
    coefficient: float

    def by_spin(self, values: Floats, size: int) -> Floats:
        """Return values at the places (n, m) as values at `size` spins."""
        places, found = self.grid.ravel(), values.ravel()
        if places.min(initial=0) < 0:
            places, found = places[places >= 0], found[places >= 0]
        return np.bincount(places, found, size).astype(np.float64, copy=False)


@dataclass(frozen=True, eq=False)
class Cost:
    """A polynomial over n spins in parts; `higher` holds degrees above 2, over bits."""

    constant: float
    linear: Floats
    pairs: tuple[Pairs, ...] = ()
    squares: tuple[Squares, ...] = ()
    blocks: tuple[Block, ...] = ()
    higher: Terms = field(default_factory=dict)

    def __add__(self, other: "Cost") -> "Cost":
        size = max(len(self.linear), len(other.linear))
        return Cost(
            self.constant + other.constant,
            _pad(self.linear, size) + _pad(other.linear, size),
            self.pairs + other.pairs,
            self.squares + other.squares,
            self.blocks + other.blocks,
            merge([*self.higher.values(), *other.higher.values()]),
        )

    @property
    def is_constant(self) -> bool:
        """Whether nothing depends on the spins."""
        parts = self.pairs or self.squares or self.blocks or self.higher
        return not (parts or self.linear.any())

    def scaled(self, factor: float) -> "Cost":
        """Return the cost times a number."""
        return Cost(
            self.constant * factor,
            self.linear * factor,
            tuple(replace(one, coefficients=one.coefficients * factor) for one in self.pairs),
            tuple(replace(one, coefficients=one.coefficients * factor) for one in self.squares),
            tuple(replace(one, coefficient=one.coefficient * factor) for one in self.blocks),
            {
                degree: Part(part.rows, part.factors, part.coefficients * factor)
                for degree, part in self.higher.items()
            },
        )

    def influence(self, size: int) -> tuple[Floats, Floats]:
        """Return (centre, radius) of what a flip of each spin from -1 to +1 can change.

        The change is 2 dE/ds_i, an affine function of the other spins: its middle is `centre`,
        and no state of the others takes it further away than `radius`. Degrees above 2 must
        have been removed.
        """
        centre = 2.0 * _pad(self.linear, size)
        radius = np.zeros(size)
        for pairs in self.pairs:
            deadline.check(3 * len(pairs.heads))
            strength = 2.0 * np.abs(pairs.coefficients)
            radius += np.bincount(pairs.heads, strength, size)
            radius += np.bincount(pairs.tails, strength, size)
        for squares in self.squares:
            middle, reach = _square_influence(squares)
            centre += _pad(middle, size)
            radius += _pad(reach, size)
        for block in self.blocks:
            radius += block.by_spin(_block_influence(block), size)
        return centre, radius


def zero_cost(size: int) -> Cost:
    """Return the cost that is 0 everywhere."""
    return Cost(0.0, np.zeros(size))


def cost_of_terms(terms: Terms, is_spin: NDArray[np.bool_]) -> Cost:
    """Return a scalar polynomial in bits as a cost over spins; rows are all added up.

    A bit is `middle + half * s`: 1/2 + s/2 for 0 and 1, s itself for a spin.
    """
    size = len(is_spin)
    middle, half = np.where(is_spin, 0.0, 0.5), np.where(is_spin, 1.0, 0.5)
    constant, linear, pairs = 0.0, np.zeros(size), []
    higher = {}
    for degree, part in terms.items():
        c = part.coefficients
        if degree == 0:
            constant += float(c.sum())
        elif degree == 1:
            i = part.factors[:, 0]
            constant += float(c @ middle[i])
            linear += np.bincount(i, c * half[i], size)
        elif degree == 2:
            shift, pull, pair = _pairs_of_bits(part, middle, half)
            constant += shift
            linear += pull
            pairs.append(pair)
        else:
            higher[degree] = Part(np.zeros(len(c), dtype=np.intp), part.factors, c)
    return Cost(constant, linear, tuple(pairs), higher=higher)


def _pairs_of_bits(part: Part, middle: Floats, half: Floats) -> tuple[float, Floats, Pairs]:
    i, j = part.factors.T
    c = part.coefficients
    deadline.check(4 * len(c))
    size = len(middle)
    linear = np.zeros(size)
    equal = i == j
    constant = 0.0
    if equal.any():
        # x^2 = x and s^2 = 1: with v = m + h s, v^2 = m^2 + h^2 + 2 m h s is just that
        own = i[equal]
        constant += float(c[equal] @ (middle[own] ** 2 + half[own] ** 2))
        linear += np.bincount(own, 2.0 * c[equal] * middle[own] * half[own], size)
        i, j, c = i[~equal], j[~equal], c[~equal]
    if middle.any():
        constant += float(c @ (middle[i] * middle[j]))
        linear += np.bincount(i, c * (half[i] * middle[j]), size)
        linear += np.bincount(j, c * (middle[i] * half[j]), size)
        c = c * (half[i] * half[j])
    return constant, linear, Pairs(i, j, c)


def _pad(values: Floats, size: int) -> Floats:
    if len(values) == size:
        return values
    return np.concatenate([values, np.zeros(size - len(values))])


def _square_influence(squares: Squares) -> tuple[Floats, Floats]:
    # c (r + b + a s)^2 changes by 4 c a (r + b) when s goes from -1 to +1; |r| <= |a|_1 - |a_i|
    size = np.abs(squares.rows)
    strength = 4.0 * np.abs(squares.coefficients)
    centre = np.asarray(squares.rows.T @ (4.0 * squares.coefficients * squares.shift))
    reach = np.asarray(size.T @ (strength * np.asarray(size.sum(axis=1)).ravel()))
    own = (size * size).T @ strength
    return centre, reach - np.asarray(own)


def triple_product(left: AnyMatrix, middle: Floats, right: AnyMatrix) -> Floats:
    """Return `left @ middle @ right`, by sums of lines where the middle repeats one number."""
    if middle.size and (middle == middle.flat[0]).all():
        deadline.check(2 * middle.size)
        return np.outer(middle.flat[0] * left.sum(axis=1), right.sum(axis=0))
    n, m = middle.shape
    # dense matrices are multiplied some hundred times as fast as numbers one by one
    sizes = (one.nnz if is_sparse(one) else 1e-2 * one.size for one in (left, right))
    deadline.check(sum(float(size) * lines for size, lines in zip(sizes, (m, n), strict=True)))
    return np.asarray((right.T @ (left @ middle).T).T)


def _block_influence(block: Block) -> Floats:
    left, right, size = abs(block.left), abs(block.right), np.abs(block.factors)
    both = triple_product(left, size, right) + triple_product(left.T, size, right.T)
    own = 2.0 * np.outer(left.diagonal(), right.diagonal()) * size
    return np.asarray(2.0 * abs(block.coefficient) * size * (both - own))
