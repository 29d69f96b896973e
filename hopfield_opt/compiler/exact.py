"""Exact arithmetic behind the penalties: common denominators of numbers given as floats.

A float stands for the simplest fraction within rounding of it, 0.1 and 0.3 - 0.2 for 1/10, with
a denominator of at most 10^6.
"""

import math
from fractions import Fraction
from typing import cast

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.exactness import are_exact, lowest_bits
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Product,
    Scale,
    Term,
    Variables,
    addends,
    is_sparse,
)

LARGEST_DENOMINATOR = 10**6
# beyond this products with coefficients and bounds are no floats
LARGEST_FACTOR = 1e280
# tried for all entries at once before fractions are looked at one by one
COMMON = (1, 2, 4, 8, 16, 64, 256, 1024, 10, 100, 1000, 3, 6, 12, 10**4, 10**5, 10**6)
MOST_FRACTIONS = 2000
# numbers that are looked at together
PART = 1 << 16
# relative: a number that took a few operations to make is off by a few units in the last place
ROUNDING = 8 * np.finfo(np.float64).eps


def denominator(values: Floats) -> int | None:
    """Return the smallest known integer that makes all values integers, or None.

    Examples
    --------
    >>> denominator(np.array([0.1, 0.25])), denominator(np.array([np.pi]))
    (20, None)
    """
    for candidate in deadline.check_each(COMMON[:8]):
        if _fits(values, candidate):
            return candidate
    # measured data have no denominator: a few entries tell, and spare sorting all of them
    if _common(values.ravel()[:8].tolist()) is None:
        return None
    deadline.check(5 * values.size)
    distinct = np.unique(values)
    if len(distinct) > MOST_FRACTIONS:
        return next((one for one in COMMON if _fits(values, one)), None)
    return _common(distinct.tolist())


def _common(values: list[float]) -> int | None:
    common = 1
    for value in values:
        fraction = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
        if abs(float(fraction) - value) > ROUNDING * abs(value):
            return None
        common = math.lcm(common, fraction.denominator)
        if common > LARGEST_DENOMINATOR:
            return None
    return common


def _fits(values: Floats, candidate: int) -> bool:
    # part by part: measured data are seen not to fit at once, and need no more memory
    flat = values.ravel()
    return all(
        bool((np.abs(np.rint(scaled) - scaled) <= ROUNDING * np.abs(scaled)).all())
        for first in range(0, len(flat), PART)
        for scaled in [flat[first : first + PART] * candidate]
    )


def unit(values: Floats) -> Fraction | None:
    """Return the largest number that all values are multiples of; 0 if all are 0."""
    if not values.size:
        return Fraction(0)
    if are_exact(values):
        return _exact_unit(values)
    common = denominator(values)
    if common is None or np.abs(values).max() * common > 2**53:
        return None
    whole = np.rint(values * common).astype(np.int64)
    return Fraction(int(np.gcd.reduce(np.abs(whole), axis=None)), common)


def _exact_unit(values: Floats) -> Fraction | None:
    if _are_whole(values) and np.gcd.reduce(values.ravel()[:PART].astype(np.int64)) == 1:
        return Fraction(1)  # the usual case, seen at once
    lowest = float(lowest_bits(values).min())
    if not np.isfinite(lowest):
        return Fraction(0)
    with np.errstate(over="ignore"):  # beside numbers near 1e-308; then there is no unit
        digits = np.ldexp(np.abs(values), -int(lowest))
    if not digits.max() <= 2**53:
        return None
    return int(np.gcd.reduce(digits.astype(np.int64), axis=None)) * Fraction(2) ** int(lowest)


def _are_whole(values: Floats) -> bool:
    """Return whether all values are integers that float64 tells apart."""
    flat = values.ravel()
    return all(
        bool((np.rint(part) == part).all() and np.abs(part).max() <= 2**53)
        for first in range(0, len(flat), PART)
        for part in [flat[first : first + PART]]
    )


def unit_of(node: Node) -> Fraction | None:
    """Return a number that every value of an expression is a multiple of, where there is one."""
    found = Fraction(0)
    for term in deadline.check_each(addends(node), 100):
        own = _unit_of(term)
        if own is None:
            return None
        found = _gcd(found, own)
    return found


def _unit_of(node: Term) -> Fraction | None:
    match node:
        case Constant(value):
            return unit(value)
        case Variables():
            return Fraction(1)
        case Apply(Scale(factors), child):
            return _times(unit(factors), unit_of(child))
        case Apply(Matrix(matrix), child):
            numbers = matrix.data if is_sparse(matrix) else matrix
            return _times(unit(cast(Floats, numbers)), unit_of(child))
        case Apply(_, child):
            return unit_of(child)
        case Product(left, right):
            return _times(unit_of(left), unit_of(right))
    own = unit_of(node.base)
    return None if own is None else own**node.exponent


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other


def _gcd(one: Fraction, other: Fraction) -> Fraction:
    common = math.lcm(one.denominator, other.denominator)
    return Fraction(math.gcd(int(one * common), int(other * common)), common)


def row_scales(matrix: scipy.sparse.csr_array, rounded: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return for each row what makes its entries coprime integers: a factor, and a divisor.

    Both are nan where nothing does. Rows that are not `rounded` have exact entries; those of the
    others stand for numbers near them.
    """
    rows, data = matrix.shape[0], matrix.data
    deadline.check(4 * len(data))
    owner = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    factors, divisors = np.ones(rows), np.ones(rows)
    off = np.where(rounded[owner], ROUNDING * np.abs(data), 0.0)
    whole = np.abs(data - np.rint(data)) <= off
    if not whole.all():
        for row in deadline.check_each(np.unique(owner[~whole]).tolist(), 20):
            own = data[matrix.indptr[row] : matrix.indptr[row + 1]]
            factors[row] = _find_factor(own) if rounded[row] else _power(own)
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    integers = np.rint(data * np.nan_to_num(factors, nan=0.0)[owner])
    # beyond these floats are no integers of their own, and would not fit into int64
    large = np.abs(integers) > 2**53
    factors[owner[large]], integers[large] = np.nan, 0.0
    if len(filled):
        common = np.gcd.reduceat(np.abs(integers).astype(np.int64), matrix.indptr[filled])
        divisors[filled] = np.maximum(common, 1)
    return factors, np.where(np.isnan(factors), np.nan, divisors)


def _find_factor(values: Floats) -> float:
    """Return what makes values near integers, as they are or as parts of the least; else nan."""
    common = denominator(values)
    if common is not None:
        return float(common)
    least = float(np.abs(values).min())
    common = denominator(values / least)
    return np.nan if common is None or least * LARGEST_FACTOR < common else common / least


def _power(values: Floats) -> float:
    """Return the power of 2 that makes values integers; nan where there is none in range."""
    with np.errstate(over="ignore"):  # as above
        factor = float(np.ldexp(1.0, -int(lowest_bits(values).min())))
    return factor if factor <= LARGEST_FACTOR else np.nan
