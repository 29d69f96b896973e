"""Which numbers are exact, and what a sum of them exceeds.

A number is *exact* if it is whole, or has at most 42 significant bits (0.5, 0.375, 2**-40). Any
other (0.1, 1/3, pi) is *decimal*: it stands for what somebody meant, up to rounding. Sums of exact
numbers are judged exactly; sums with decimals may exceed a bound by a tolerance, relative to the
sum of the sizes of their terms, the bound included.
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, show

Floats: TypeAlias = NDArray[np.float64]

FEASIBILITY_TOLERANCE = 1e-12
"""The part of the sum of ``|terms|`` by which a rule with decimals may be missed."""

# a float of a decimal fraction has as few bits as this by chance once in 2048
MOST_BITS = 42
DIGITS = 53
LEAST_BIT = -1074
# twice the unit roundoff: what one operation may be off, and the second order with it
EPS = float(np.finfo(np.float64).eps)


def check_tolerance(value: Any) -> float:
    """Return a feasibility tolerance: a finite number >= 0."""
    real = isinstance(value, int | float | np.integer | np.floating)
    if real and not isinstance(value, bool | np.timedelta64) and 0 <= value <= sys.float_info.max:
        return float(value)
    raise InputError(
        f"feasibility_tolerance must be a finite number >= 0, got {show(value)}. "
        "It is relative: 1e-12 is the default."
    )


def last_bits(values: Any) -> Floats:
    """Return e for each number that is an odd integer times 2^e; inf for 0, -inf for a decimal.

    Examples
    --------
    >>> last_bits([1.0, 12.0, 0.375, 0.0, 0.1])
    array([  0.,   2.,  -3.,  inf, -inf])
    """
    array = np.asarray(values, dtype=np.float64)
    lowest = lowest_bits(array)
    # the first bit stands at the exponent less 1
    bits = np.frexp(array)[1] - lowest
    return np.where((lowest < 0) & (bits > MOST_BITS), -np.inf, lowest)


def lowest_bits(values: Floats) -> Floats:
    """Return e for each number that is an odd integer times 2^e; inf for 0."""
    mantissas, exponents = np.frexp(values)
    digits = np.ldexp(mantissas, DIGITS).astype(np.int64)
    # the lowest bit of two's complement, as a power of 2
    zeros = np.frexp((digits & -digits).astype(np.float64))[1] - 1.0
    return np.where(values == 0, np.inf, exponents - DIGITS + zeros)


def plus(one: Floats, other: Floats) -> Floats:
    """Return the last bits of products; 0 times a decimal is 0."""
    zero = np.isposinf(one) | np.isposinf(other)
    # no sum of inf and -inf is formed
    return np.where(zero, np.inf, np.where(zero, 0.0, one) + np.where(zero, 0.0, other))


def are_exact(values: Any) -> bool:
    """Whether none of the numbers is a decimal.

    Examples
    --------
    >>> are_exact([1e15, 0.25]), are_exact([0.1])
    (True, False)
    """
    array = np.asarray(values, dtype=np.float64)
    # whole numbers, nearly always, are seen at once
    return bool((np.rint(array) == array).all()) or bool((last_bits(array) > -np.inf).all())


def need_no_rounding(last: Floats, sizes: Floats) -> NDArray[np.bool_]:
    """Whether float64 holds every sum exactly: multiples of 2^last that add up to sizes at most."""
    room = np.where(np.isposinf(last), np.inf, np.ldexp(1.0, _powers(last) + DIGITS))
    return ((last >= LEAST_BIT) & (sizes <= room)) | np.isposinf(last)


def _powers(last: Floats) -> NDArray[np.int32]:
    return np.where(np.isfinite(last), np.clip(last, LEAST_BIT, 970), 0).astype(np.int32)


def beyond(
    excess: Floats,
    sizes: Floats,
    exact: NDArray[np.bool_],
    errors: Floats,
    tolerance: float,
    resolve: Callable[[], Any],
) -> Floats:
    """Return by how much sums exceed their bounds, 0 for those that do not.

    Parameters
    ----------
    excess : array
        Sum minus bound in floating point.
    sizes : array
        The sum of ``|terms|``, the bound included.
    exact : array of bool
        Whether all numbers of the sum are exact: no tolerance then.
    errors : array
        How far `excess` may be off by rounding.
    tolerance : float
        The part of `sizes` by which the other sums may exceed their bounds.
    resolve : callable
        Returns all sums minus bounds as exact numbers; called where rounding could decide.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        allowed = np.where(exact, 0.0, tolerance * sizes)
        amounts = np.where(excess > allowed, excess, 0.0)
        # written so that nan is unclear, too
        unclear = (errors > 0) & ~(np.abs(excess - allowed) > errors)
    if unclear.any():
        true = np.broadcast_to(np.asarray(resolve(), dtype=object), excess.shape)
        for place in map(tuple, np.argwhere(unclear).tolist()):
            limit = 0 if exact[place] else Fraction(tolerance) * Fraction(finite(sizes[place]))
            amounts[place] = finite(true[place]) if true[place] > limit else 0.0
    return np.asarray(amounts)


def finite(value: Any) -> float:
    """Return a number as a float, the largest one where it is beyond it."""
    largest = sys.float_info.max
    return float(max(-largest, min(largest, value)))


def exact_numbers(values: Any) -> NDArray[np.object_]:
    """Return floats as Python integers and fractions, in an array of objects."""
    array = np.asarray(values, dtype=np.float64)
    # each value once: data repeats few of them, and fractions are slow to make
    numbers, places = np.unique(array.ravel(), return_inverse=True)
    found = np.empty(numbers.size, dtype=object)
    found[:] = [int(one) if one.is_integer() else Fraction(one) for one in numbers.tolist()]
    return np.asarray(found[places], dtype=object).reshape(array.shape)


def find_excess(matrix: Floats, numbers: Any, bounds: Floats, tolerance: float) -> Floats:
    """Return by how much `matrix @ numbers` exceeds bounds (m,), for whole numbers (n,) below 2^53.

    Examples
    --------
    >>> find_excess(np.array([[1e9, 1.0], [0.1, 0.2]]), np.ones(2), np.array([1e9, 0.3]), 1e-12)
    array([1., 0.])
    """
    counts = np.asarray(numbers, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        excess = matrix @ counts - bounds
        sizes = np.abs(matrix) @ np.abs(counts) + np.abs(bounds)
    last = np.minimum(last_bits(matrix).min(axis=1, initial=np.inf), last_bits(bounds))
    plain = need_no_rounding(last, sizes)
    errors = np.where(plain, 0.0, (len(counts) + 3.0) * EPS * sizes)

    def resolve() -> Any:
        return exact_numbers(matrix) @ exact_numbers(counts) - exact_numbers(bounds)

    return beyond(excess, sizes, last > -np.inf, errors, tolerance, resolve)
