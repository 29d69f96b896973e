"""Quadratic assignments as an instance of their own, and what multipliers prove of their cost.

With ``x_ij`` for facility i at location j, ``sum_l x_ij x_kl = x_ij`` for each k, and the same of
columns. So for any multipliers a_ijk of rows and b_ijl of columns ::

    cost = sum_ij L_ij x_ij + sum_(i<k, j, l) R_ijkl x_ij x_kl
    L_ij = d_ij + sum_k a_ijk + sum_l b_ijl
    R_ijkl = f_ik d_jl + f_ki d_lj - a_ijk - b_ijl - a_kli - b_klj

where one product of each pair i < k is 1 (Gilmore 1962; Lawler 1963; Hahn & Grant 1998). The least
sum of L is at least the sum of the duals of its assignment. All numbers are whole multiples of a
power of 2.
"""

import hashlib
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.bounds.attainable import Grid
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import lowest_bits
from hopfield_opt.io.qaplib import Assignments
from hopfield_opt.model.nodes import Floats

Longs = NDArray[np.int64]

# multipliers are multiples of 2^-20 of the unit of costs, and all sums stay below 2^62
FINER, BITS = 20, 40
# n^4 numbers are held
MOST_FACILITIES = 50


@dataclass(frozen=True, eq=False)
class AssignmentInstance:
    """The costs of a quadratic assignment in whole numbers.

    Attributes
    ----------
    flows, distances : (n, n) int64
        Without their diagonals.
    single : (n, n) int64
        What facility i costs at location j by itself.
    power : int
        Costs are in units of ``2**-power``.
    """

    flows: Longs
    distances: Longs
    single: Longs
    power: int
    sense: Literal["minimize"] = "minimize"
    sign: Literal[1] = 1

    @classmethod
    def of(cls, data: Assignments) -> Self | None:
        """Return the instance of some data; None of fewer than two, many, or unwieldy numbers."""
        n = data.size
        if not 2 <= n <= MOST_FACILITIES:
            return None
        lowest = [
            int(least) if np.isfinite(least := lowest_bits(one).min(initial=np.inf)) else 0
            for one in (data.flows, data.distances, data.costs)
        ]
        own = lowest[2] if data.costs.any() else lowest[0] + lowest[1]
        unit = min(lowest[0] + lowest[1], own)
        scales = (-unit + lowest[1], -lowest[1], -unit)
        arrays = (data.flows, data.distances, data.costs)
        flows, distances, costs = map(np.ldexp, arrays, scales)
        most = [float(np.abs(one).max()) for one in (flows, distances, costs)]
        if max(most) > 2.0**BITS or n**2 * most[0] * most[1] + n * most[2] > 2.0**BITS:
            return None
        f, d, c = (one.astype(np.int64) for one in (flows, distances, costs))
        single = np.outer(np.diag(f), np.diag(d)) + c
        np.fill_diagonal(f, 0)
        np.fill_diagonal(d, 0)
        return cls(f, d, single, -unit)

    @property
    def formula(self) -> str:
        """What the user would read."""
        return f"minimize flow times distance of {len(self.single)} facilities"

    @cached_property
    def digest(self) -> str:
        """A hash of everything here."""
        whole = hashlib.sha256(repr((self.formula, self.power, self.single.shape)).encode())
        for one in (self.flows, self.distances, self.single):
            whole.update(one.astype("<i8").tobytes())
        return whole.hexdigest()

    @cached_property
    def grid(self) -> Grid:
        """Where costs lie: each pair adds flow times distance, forth and back."""
        pairs = _common(self.flows) * _common(self.distances)
        if (self.flows == self.flows.T).all():
            pairs = _common(self.flows) * _common(self.distances + self.distances.T)
        elif (self.distances == self.distances.T).all():
            pairs = _common(self.flows + self.flows.T) * _common(self.distances)
        common = math.gcd(pairs, _common(self.single))
        unit = Fraction(common) / Fraction(2) ** self.power
        return Grid(Fraction(0), unit, Fraction(0), Fraction(0))

    def least(self, rows: Longs, columns: Longs, outer: Longs) -> Fraction:
        """Return what multipliers prove all assignments to cost at least.

        Parameters
        ----------
        rows, columns : (n, n, n) int64
            a_ijk and b_ijl, in units of ``2**-20`` of that of costs.
        outer : (n,) int64
            The dual variables of the facilities.

        Raises
        ------
        InputError
            If they fit no facilities, or are too large.
        """
        n = len(self.single)
        for array, axes in ((rows, 3), (columns, 3), (outer, 1)):
            largest = most_of(n, axes)
            fits = array.shape == (n,) * axes and array.dtype.kind == "i"
            if not fits or not ((array <= largest) & (array >= -largest)).all():
                raise InputError(
                    f"multipliers must be whole numbers for {n} facilities, got shape "
                    f"{array.shape}. The certificate is damaged."
                )
        numbers = np.arange(n)
        total = sum(self._missing(i, rows, columns) for i in deadline.check_each(range(n)))
        sums = rows.sum(axis=2) - rows[numbers, :, numbers]
        sums += columns.sum(axis=2) - columns[:, numbers, numbers]
        rest = (self.single << FINER) + sums - outer[:, None]
        total += int(outer.sum()) + int(rest.min(axis=0).sum())
        return Fraction(total) / Fraction(2) ** (self.power + FINER)

    def _missing(self, i: int, rows: Longs, columns: Longs) -> int:
        """Return what the products of facility i and later ones may cost less than nothing."""
        f, d = self.flows, self.distances
        later = slice(i + 1, None)
        forth = f[i, later, None, None] * d + f[later, i, None, None] * d.T
        reduced = (forth << FINER) - rows[i, :, later].T[:, :, None] - columns[i][None]
        reduced -= rows[later, :, i][:, None, :] + columns[later].transpose(0, 2, 1)
        same = np.arange(len(d))
        reduced[:, same, same] = 0
        return int(np.minimum(reduced.min(axis=(1, 2), initial=0), 0).sum())


def most_of(n: int, axes: int) -> int:
    """Return how large multipliers of pairs (3 axes) or facilities (1) may be: sums fit int64."""
    return 2**60 // (2 * n**2 if axes == 3 else n)


def as_multipliers(values: Floats) -> Longs:
    """Return whole multipliers for some numbers in units of costs: next below, or the largest."""
    most = most_of(len(values), values.ndim)
    whole = np.clip(np.floor(np.ldexp(values, FINER)), -(2.0**61), 2.0**61).astype(np.int64)
    return np.clip(whole, -most, most)


def _common(numbers: Longs) -> int:
    return int(np.gcd.reduce(numbers.ravel()))
