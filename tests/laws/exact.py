"""Numbers that are written down: what they mean, in fractions, and how Python reads them."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

# a number that is not whole counts as dyadic with so many significant bits, with more as decimal
MOST_BITS = 42
# so many digits are written out; longer dyadic numbers as a quotient
READABLE = 12


@dataclass(frozen=True)
class Number:
    """A number as the user writes it: whole, dyadic or decimal."""

    value: Fraction

    @property
    def exact(self) -> bool:
        """Whether it is judged exactly: whole or dyadic, and a float."""
        if Fraction(float(self.value)) != self.value:
            return False
        significant = self.value.numerator.bit_length() - _exponent(self.value.numerator, 2)
        return self.value.denominator == 1 or significant <= MOST_BITS

    @property
    def text(self) -> str:
        """The number as Python reads it, correctly rounded where it must be."""
        if self.value.denominator == 1:
            return str(self.value.numerator)
        fives, twos = _exponent(self.value.denominator, 5), _exponent(self.value.denominator, 2)
        places = max(fives, twos)
        digits = int(self.value * 10**places)
        if self.exact and len(str(abs(digits))) > READABLE:
            return f"{self.value.numerator}/2**{twos}"
        return str(Decimal(f"{digits}e-{places}"))


def _exponent(number: int, factor: int) -> int:
    count = 0
    while number and number % factor == 0:
        number, count = number // factor, count + 1
    return count


def common_unit(values: Iterable[Fraction]) -> Fraction:
    """Return the largest number that all values are multiples of; 0 if all are 0."""
    found = Fraction(0)
    for value in values:
        common = lcm(found.denominator, value.denominator)
        found = Fraction(gcd(int(found * common), int(value * common)), common)
    return found


def split(value: Fraction) -> tuple[Fraction, Fraction]:
    """Return two exact numbers, of which the second is small, that add up to a dyadic one nearly.

    The second is 0 where one number is enough.
    """
    first = _of_few_bits(value)
    return first, _of_few_bits(value - first)


def read(value: Fraction) -> Fraction:
    """Return what is read of a number: a decimal may round to a whole or dyadic one."""
    nearest = Fraction(float(value))
    return nearest if Number(nearest).exact else value


def _of_few_bits(value: Fraction) -> Fraction:
    if value == 0 or Number(value).exact:
        return value
    step = Fraction(2) ** (math.frexp(float(value))[1] - MOST_BITS)
    return round(value / step) * step


Draw = Callable[[random.Random], Fraction]


def _sign(rng: random.Random) -> int:
    return rng.choice((-1, 1))


def small(rng: random.Random) -> Fraction:
    """Draw a whole number of one digit."""
    return Fraction(_sign(rng) * rng.randint(1, 9))


def large(rng: random.Random) -> Fraction:
    """Draw a whole number of 7 to 13 digits."""
    return Fraction(_sign(rng) * rng.randint(10**6, 10 ** rng.randint(7, 13)))


def tiny_decimal(rng: random.Random) -> Fraction:
    """Draw some units of 1e-12 to 1e-7."""
    return Fraction(_sign(rng) * rng.randint(1, 99), 10 ** rng.randint(7, 12))


def tiny_dyadic(rng: random.Random) -> Fraction:
    """Draw some units of 2^-40 to 2^-20."""
    return Fraction(_sign(rng) * rng.randint(1, 99), 2 ** rng.randint(20, 40))


def dyadic(rng: random.Random) -> Fraction:
    """Draw some halves, quarters, ... or sixty-fourths."""
    return Fraction(_sign(rng) * rng.randint(1, 99), 2 ** rng.randint(1, 6))


def decimal(rng: random.Random) -> Fraction:
    """Draw a number with one to four decimals."""
    return Fraction(_sign(rng) * rng.randint(1, 999), 10 ** rng.randint(1, 4))


def _near(rng: random.Random) -> Draw:
    """Return what draws whole numbers around one large one."""
    base = rng.randint(10**6, 10 ** rng.randint(7, 12))
    return lambda own: Fraction(_sign(own) * (base + own.randint(-9, 9)))


def _one_of(*draws: Draw) -> Draw:
    return lambda own: own.choice(draws)(own)


def style(rng: random.Random) -> Draw:
    """Return what draws the numbers of one expression."""
    plain: tuple[Draw, ...] = (small, large, tiny_decimal, tiny_dyadic, dyadic, decimal)
    whole = _one_of(small, large)
    mixed_exact = _one_of(small, large, dyadic, tiny_dyadic)
    mixed = _one_of(*plain)
    return rng.choice((*plain, small, decimal, _near(rng), whole, mixed_exact, mixed))
