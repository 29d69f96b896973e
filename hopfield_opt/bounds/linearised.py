"""An instance as a linear program in exact numbers, and what multipliers of its rows prove.

A product of variables becomes a column of its own, with the inequalities of McCormick (1976). For
any multipliers y, those of a row with a lower bound alone >= 0 and so on, ::

    c x >= sum_i y_i (the bound of row i on the side of y_i)
           + sum_j min over the range of x_j of (c_j - sum_i y_i a_ij) x_j

(Neumaier & Shcherbina 2004). Floats are dyadic rationals: nothing is rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.bounds.instance import Instance, Row
from hopfield_opt.bounds.polynomials import Monomial, Number, Polynomial
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import lowest_bits
from hopfield_opt.model.nodes import Floats


@dataclass(frozen=True, eq=False)
class Linearised:
    """The linear program of an instance; a column is the product that it stands for.

    Attributes
    ----------
    ranges : dict of Monomial to pair of int
        The columns, and where each lies.
    objective : Polynomial
        What is minimised, with its constant.
    rows : list of Row
        The instance's own, then those of products.
    """

    ranges: dict[Monomial, tuple[int, int]]
    objective: Polynomial
    rows: list[Row]

    @classmethod
    def of(cls, instance: Instance) -> "Linearised":
        """Return the linear program of an instance."""
        keys: set[Monomial] = {(number,) for number in range(len(instance.lower))}
        keys |= {key for key in instance.objective if key}
        keys |= {key for row in instance.rows for key in row.terms}
        # the order of rows and columns is part of what multipliers mean
        columns = sorted(keys, key=lambda key: (len(key), key))
        ranges = {key: instance.extent(key) for key in deadline.check_each(columns, 1000)}
        rows = list(instance.rows)
        for key in columns:
            if len(key) > 1:
                rows += _product_rows(key, instance)
        return cls(ranges, instance.objective, rows)

    def least(self, multipliers: Floats) -> Fraction:
        """Return what multipliers prove the objective to be at least.

        Raises
        ------
        InputError
            If they are none of these rows.
        """
        if multipliers.shape != (len(self.rows),) or not np.isfinite(multipliers).all():
            raise InputError(
                f"multipliers must be {len(self.rows)} finite numbers, got shape "
                f"{multipliers.shape}. The certificate is damaged."
            )
        whole, unit = as_integers(multipliers)
        costs = {key: _over(value, unit) for key, value in self.objective.items() if key}
        total: Number = 0
        for row, y in deadline.check_each(zip(self.rows, whole, strict=True), 100):
            if y:
                limit = row.lower if y > 0 else row.upper
                if limit is None:
                    raise InputError(
                        f"multipliers must have the signs of their rows, got {y} at {row.name}. "
                        "The certificate is damaged."
                    )
                total += y * limit
                for key, value in row.terms.items():
                    costs[key] = costs.get(key, 0) - y * value
        for key, cost in costs.items():
            low, high = self.ranges[key]
            total += min(cost * low, cost * high)
        return Fraction(self.objective.get((), 0)) + unit * total


def _over(value: Number, unit: Fraction) -> Number:
    found = value / unit
    return found.numerator if found.denominator == 1 else found


def as_integers(multipliers: Floats) -> tuple[list[int], Fraction]:
    """Return integers and what they are multiples of."""
    last = lowest_bits(multipliers).min(initial=np.inf)
    if not np.isfinite(last):
        return [0] * len(multipliers), Fraction(1)
    unit = Fraction(2) ** int(last)
    return [int(Fraction(one) / unit) if one else 0 for one in multipliers.tolist()], unit


def _product_rows(key: Monomial, instance: Instance) -> Iterator[Row]:
    """Yield what holds of a product: for bits, and for two integers or the square of one."""
    name = "product" + "".join(f"[{number}]" for number in key)
    if all(instance.is_bit[number] for number in key):
        for number in key:
            yield Row(f"{name} <= [{number}]", {key: 1, (number,): -1}, None, 0)
        some: Polynomial = {(number,): -1 for number in key}
        yield Row(f"{name} >= all", {key: 1, **some}, 1 - len(key), None)
    elif len(key) == 2:
        i, j = key
        ends = [(instance.lower[k], instance.upper[k]) for k in key]
        for a, b, above in ((0, 0, False), (1, 1, False), (0, 1, True), (1, 0, True)):
            # (x_i - p)(x_j - q) has one sign in the box
            p, q = ends[0][a], ends[1][b]
            terms: Polynomial = {key: 1, (i,): -q}
            terms[j,] = terms.get((j,), 0) - p
            limit = -p * q
            yield Row(f"{name} at {a}{b}", terms, *((None, limit) if above else (limit, None)))
