"""Tours as an instance of their own, and what multipliers of cities prove of their length.

A tour is a 1-tree: a spanning tree of all cities but one, and two roads of that one, in which each
city has two roads. With p_i added to each road of city i, every tour becomes longer by 2 sum p, so
that for any p ::

    length of a tour >= shortest 1-tree with d_ij + p_i + p_j - 2 sum_i p_i

(Held & Karp 1970). Lengths and multipliers are whole multiples of a power of 2 here, lengths
rounded down: sums in int64 are exact.
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
from hopfield_opt.exactness import EPS
from hopfield_opt.io.cities import MOST_IN_A_TABLE, Cities
from hopfield_opt.model.nodes import Floats

# bits of int64 that sums over all places may take: four numbers are added for each
BITS = 60


@dataclass(frozen=True, eq=False)
class TourInstance:
    """The lengths of the roads of closed tours; a path is closed by a last place between its ends.

    Attributes
    ----------
    roads : (n, n) float64
        The distances between the cities, infinite where there is no road.
    lengths : (m, m) int64
        Those of closed tours, the shorter of both directions, in units of ``2**-power``.
    power : int
        As above.
    largest : int
        Of the size of a length, or of a multiplier, in these units.
    formula : str
        What the user would read.
    """

    roads: Floats
    lengths: NDArray[np.int64]
    power: int
    largest: int
    formula: str
    sense: Literal["minimize"] = "minimize"
    sign: Literal[1] = 1

    @classmethod
    def of(
        cls, cities: Cities, cycle: bool, first: int | None = None, last: int | None = None
    ) -> Self | None:
        """Return the tours through cities; None of fewer than three places, or of too many.

        Parameters
        ----------
        cities : Cities
            The cities.
        cycle : bool
            Whether the tour is closed.
        first, last : int or None
            The fixed ends, of paths.
        """
        size = cities.size
        if not 3 - (not cycle) <= size <= MOST_IN_A_TABLE:
            return None
        roads = np.array(cities.distances)
        np.fill_diagonal(roads, 0.0)
        there = np.isfinite(roads)
        most = float(np.abs(roads[there]).max())
        if most and not 1e-200 < most < 1e200:
            return None
        bits = BITS - size.bit_length()
        power = bits - 2 - math.frexp(most)[1] if most else 0
        # where there is no road no tour goes: any length will do
        whole = np.floor(np.ldexp(np.where(there, roads, 2.0 * most), power)).astype(np.int64)
        if not cycle:
            whole = np.pad(whole, (0, 1))
            ends = [end for end in (first, last) if end is not None]
            if len(ends) == 2:
                whole[size] = whole[:, size] = 1 << bits - 1
                whole[size, ends] = whole[ends, size] = 0
        kind = "tour" if cycle else "path"
        formula = f"minimize the length of a {kind} through {size} cities"
        if not cycle and (first is not None or last is not None):
            formula += f", from {first} to {last}"
        return cls(roads, np.minimum(whole, whole.T), power, 1 << bits - 1, formula)

    @cached_property
    def digest(self) -> str:
        """A hash of everything here."""
        whole = hashlib.sha256(repr((self.sense, self.formula, self.roads.shape)).encode())
        whole.update(self.roads.astype("<f8").tobytes())
        return whole.hexdigest()

    @cached_property
    def grid(self) -> Grid:
        """Where the lengths of tours lie."""
        size = len(self.roads)
        known = np.where(np.isfinite(self.roads), self.roads, 0.0)
        total = size * Fraction(float(np.abs(known).max()))
        if total >= 2**53 or (np.rint(known) != known).any():
            rounding = 2 * (size + 2) * Fraction(EPS) * total
            return Grid(Fraction(0), Fraction(0), Fraction(0), rounding)
        unit = 0
        for row in known.astype(np.int64):
            unit = math.gcd(unit, int(np.gcd.reduce(row)))
            if unit == 1:
                break
        return Grid(Fraction(0), Fraction(unit), Fraction(0), Fraction(0))

    def least(self, multipliers: NDArray[np.int64]) -> Fraction:
        """Return what multipliers of the places prove tours to be at least as long as.

        Parameters
        ----------
        multipliers : (m,) int64
            In units of ``2**-power``.

        Raises
        ------
        InputError
            If they are none of these places, or too large.
        """
        size = len(self.lengths)
        fits = multipliers.shape == (size,) and multipliers.dtype.kind == "i"
        if not fits or not ((multipliers <= self.largest) & (multipliers >= -self.largest)).all():
            raise InputError(
                f"multipliers must be {size} whole numbers of at most {self.largest}, got shape "
                f"{multipliers.shape}. The certificate is damaged."
            )
        added = self.lengths + multipliers
        added += multipliers[:, None]
        total = int(np.partition(added[-1, :-1], 1)[:2].sum()) + _tree_length(added[:-1, :-1])
        return Fraction(total - 2 * int(multipliers.sum())) / Fraction(2) ** self.power


def _tree_length(lengths: NDArray[np.int64]) -> int:
    """Return the length of a shortest spanning tree, grown from the first place (Prim 1957)."""
    beyond = np.iinfo(np.int64).max
    nearest = lengths[0].copy()
    nearest[0] = beyond
    joined = np.zeros(len(lengths), dtype=bool)
    joined[0] = True
    total = 0
    for _ in deadline.check_each(range(len(lengths) - 1), 100):
        place = int(nearest.argmin())
        total += int(nearest[place])
        joined[place] = True
        np.minimum(nearest, lengths[place], out=nearest)
        nearest[joined] = beyond
    return total
