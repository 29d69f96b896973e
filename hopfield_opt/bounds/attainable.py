"""From what an objective is at least to the least value that it can take from there on.

The values of a polynomial with whole coefficients differ by multiples of their common divisor. A
decimal coefficient stands for the simplest fraction within rounding of it, 0.1 for 1/10: values are
multiples of what these have in common, up to what that is off.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.exactness import EPS, MOST_BITS

LARGEST_DENOMINATOR = 10**6
# multiples of a unit that add up to fewer digits are added without rounding, whatever the order;
# the last digit is for energies, where each coupling is counted twice and halved
DIGITS = 52


@dataclass(frozen=True)
class Grid:
    """Where the values of an objective lie.

    Attributes
    ----------
    origin, unit : Fraction
        They are `origin` plus multiples of `unit`; nothing is known where that is 0.
    off : Fraction
        By how much exact values may be off that.
    rounding : Fraction
        By how much values in floating point may be off exact ones.
    """

    origin: Fraction
    unit: Fraction
    off: Fraction
    rounding: Fraction

    @classmethod
    def of(cls, constant: Number, terms: Iterable[tuple[Number, int]]) -> "Grid":
        """Return the grid of the values of a sum.

        Parameters
        ----------
        constant : int or Fraction
            A part that is always there.
        terms : iterable of pairs
            Coefficients, and how large what they are multiplied by is at most, a whole number.
        """
        unit = off = Fraction(0)
        size: Number = max(constant, -constant)
        origin = _simplest(constant)
        known, count = origin is not None, int(bool(constant))
        if origin is not None:
            off += abs(Fraction(constant) - origin)
        for value, most in terms:
            count += 1
            size += max(value, -value) * most
            meant = _simplest(value)
            if meant is None:
                known = False
                continue
            off += abs(Fraction(value) - meant) * most
            unit = _gcd(unit, meant)
        rounding = 2 * (count + 2) * Fraction(EPS) * size
        if not known or origin is None:
            return cls(Fraction(0), Fraction(0), Fraction(0), rounding)
        if not off and size < 2**DIGITS * _gcd(unit, origin):
            rounding = Fraction(0)
        return cls(origin, unit, off, rounding)

    def above(self, least: Number) -> Fraction:
        """Return the least value that an objective can take that is at least this."""
        if not self.unit:
            return Fraction(least)
        steps = math.ceil((least - self.off - self.origin) / self.unit)
        return max(Fraction(least), self.origin + steps * self.unit)


def _simplest(value: Number) -> Fraction | None:
    """Return the simplest fraction within rounding of a number; a dyadic one is itself."""
    exact = Fraction(value)
    if exact.denominator == 1 or exact.numerator.bit_length() <= MOST_BITS:
        return exact
    near = exact.limit_denominator(LARGEST_DENOMINATOR)
    return near if abs(near - exact) <= 8 * Fraction(EPS) * abs(exact) else None


def _gcd(one: Fraction, other: Fraction) -> Fraction:
    common = math.lcm(one.denominator, other.denominator)
    return Fraction(math.gcd(int(one * common), int(other * common)), common)
