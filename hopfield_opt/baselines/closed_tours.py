"""Tours and paths as closed tours, which is what algorithms work on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, Frozen, IntArray
from hopfield_opt.io.cities import MOST_IN_A_TABLE, Cities
from hopfield_opt.io.places import Places

Tour = list[Hashable]


@dataclass(frozen=True, eq=False, init=False)
class ClosedTours(Frozen):
    """Tours or paths as closed tours: a path is one through another city, at distance 0 from all.

    A fixed end is joined to that city by a road so short that every best tour takes it, and a
    missing road is so long that no best tour does if there is a choice.

    Parameters
    ----------
    cities : Cities
        The cities.
    cycle : bool
        Whether the last city is followed by the first.
    first, last : int or None
        The positions of the fixed first and last city; `last` of paths only.
    """

    cities: Cities
    cycle: bool
    first: int | None
    last: int | None

    def __init__(
        self, cities: Cities, cycle: bool = True, first: int | None = None, last: int | None = None
    ) -> None:
        self._set(cities=cities, cycle=cycle, first=first, last=last)

    @cached_property
    def distances(self) -> FloatArray:
        """The table (m, m) of distances between all places of a closed tour."""
        n, own = self.cities.size, self.cities.fill_missing()
        if not self.cycle:
            own = np.pad(own, (0, 1))
            short = -2.0 * (n + 1) * (float(np.abs(own).max(initial=0.0)) or 1.0)
            for end, forth in ((self.first, True), (self.last, False)):
                if end is not None:
                    own[(n, end) if forth else (end, n)] = short
                    if self.cities.symmetric:
                        own[end, n] = own[n, end] = short
        own.flags.writeable = False
        return own

    @property
    def measured(self) -> FloatArray | Places:
        """The distances, as places where these are all that is needed and a table is large."""
        many = self.cities.size > MOST_IN_A_TABLE
        return self.places if many and self.places is not None else self.distances

    @cached_property
    def places(self) -> Places | None:
        """Where the cities are, if no distance of the closed tour asks for more.

        The city that closes a path is nowhere: its coordinates are nan.
        """
        own, ends = self.cities.places, (self.first, self.last)
        if own is None or self.cities.fixed or not (self.cycle or ends == (None, None)):
            return None
        if self.cycle:
            return own
        return Places(np.pad(own.points, ((0, 1), (0, 0)), constant_values=np.nan), own.measure)

    def close(self, answer: Sequence[Hashable]) -> IntArray:
        """Return the closed tour of positions that stands for an answer."""
        index = self.cities.index
        order = [index[label] for label in answer]
        return np.array(order if self.cycle else [*order, self.cities.size], dtype=np.int64)

    def open(self, tour: IntArray) -> Tour:
        """Return a closed tour as labels, from where it begins, in one of its directions.

        It begins at the first city, which is the one that was inserted first where none is
        fixed. Of the two directions of a symmetric tour the one with the smaller second city is
        taken, of a symmetric path the one that begins at the smaller end.
        """
        n = self.cities.size
        if n == 0:
            return []
        begin = n if not self.cycle else self.first or 0
        at = int(np.argmax(tour == begin))
        order = np.roll(tour, -at).tolist()
        both_ways = self.cities.symmetric
        if not self.cycle:
            order = order[1:]
            turned = both_ways and n > 1 and order[0] > order[-1]
            if self.first is not None or self.last is not None:
                turned = both_ways and (
                    (self.first is not None and order[0] != self.first)
                    or (self.last is not None and order[-1] != self.last)
                )
            order = order[::-1] if turned else order
        elif both_ways and n > 2 and order[1] > order[-1]:
            order = order[:1] + order[:0:-1]
        return [self.cities.labels[k] for k in order]

    def roads(self) -> NDArray[np.bool_]:
        """Return which roads of the closed tour there are."""
        n, there = self.cities.size, np.isfinite(self.cities.distances)
        if self.cycle:
            return np.asarray(there)
        there = np.pad(there, (0, 1), constant_values=True)
        if self.first is not None:
            there[n] = np.arange(n + 1) == self.first
        if self.last is not None:
            there[:, n] = np.arange(n + 1) == self.last
        return np.asarray(there)

    def length(self, tour: IntArray) -> float:
        """Return the length of a closed tour."""
        return float(self.distances[tour, np.roll(tour, -1)].sum())
