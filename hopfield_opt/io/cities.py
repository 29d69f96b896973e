"""The frozen table of distances that readers, baselines and problems of tours share."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, Frozen, check_array, check_memory
from hopfield_opt.border import as_mapping
from hopfield_opt.errors import InputError
from hopfield_opt.io.distances import check_distances, check_roads
from hopfield_opt.io.places import Places

# cities whose distances are made at once: 128 MB; of more no network is made
MOST_IN_A_TABLE = 2**12


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Cities(Frozen):
    """Cities with the distances between them, and maybe where they lie.

    Parameters
    ----------
    labels : iterable of hashable
        The cities, each once.
    distances : (n, n) array
        From each city (row) to each (column); infinite or masked where there is no road. What
        the diagonal holds other than 0, inf and nan is ignored with a warning.
    coordinates : (n, 2) array or None
        Where the cities lie in a picture; distances need not agree.
    name : str
        What the instance is called in tables and titles.
    fixed : iterable of pairs of labels
        The roads that every tour must take, in this direction where the distances are not
        symmetric.

    Raises
    ------
    InputError
        If a label stands twice, a distance is neither finite nor +inf, or a fixed road does not
        join two cities.

    Examples
    --------
    >>> cities = Cities("ab", [[0, 3], [4, 0]])
    >>> cities, cities.symmetric
    (Cities(2 cities), False)
    """

    labels: tuple[Hashable, ...]
    coordinates: FloatArray | None
    name: str
    fixed: tuple[tuple[Hashable, Hashable], ...]
    places: Places | None

    def __init__(
        self,
        labels: Iterable[Hashable],
        distances: Any,
        coordinates: ArrayLike | None = None,
        name: str = "",
        fixed: Iterable[tuple[Hashable, Hashable]] = (),
    ) -> None:
        names = _check_labels(labels)
        own = check_distances(distances, names)
        drawn = None
        if coordinates is not None:
            drawn = check_array("coordinates", coordinates, (len(names), 2))
        self._set(labels=names, distances=own, coordinates=drawn, name=name, places=None)
        self._set(fixed=check_roads(fixed, set(names), self.symmetric))

    @classmethod
    def at(
        cls,
        labels: Iterable[Hashable],
        places: Places,
        coordinates: FloatArray | None = None,
        name: str = "",
        fixed: Iterable[tuple[Hashable, Hashable]] = (),
    ) -> Self:
        """Return the cities of some places; the table of distances is made when needed."""
        names = _check_labels(labels)
        places.check_finite()
        roads = check_roads(fixed, set(names), symmetric=True)
        return cls._make(
            labels=names, coordinates=coordinates, name=name, fixed=roads, places=places
        )

    @cached_property
    def distances(self) -> FloatArray:
        """The distances (n, n) from each city (row) to each (column)."""
        assert self.places is not None  # else the table was given
        check_memory("distances", 16 * self.size**2)
        table = self.places.table()
        table.flags.writeable = False
        return table

    def between(self, ones: Any, others: Any) -> FloatArray:
        """Return the distances from some cities to others, by their positions."""
        if self.places is None or "distances" in self.__dict__:
            return np.asarray(self.distances[ones, others])
        return self.places.between(ones, others)

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Cities({name}{self.size} {'city' if self.size == 1 else 'cities'})"

    @property
    def size(self) -> int:
        """The number of cities n."""
        return len(self.labels)

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """The position of each label."""
        return {label: position for position, label in enumerate(self.labels)}

    def holds(self, label: object) -> bool:
        """Return whether a label is that of a city."""
        try:
            return label in self.index
        except TypeError:  # not hashable
            return False

    @cached_property
    def symmetric(self) -> bool:
        """Whether all roads are as long forth as back."""
        return self.places is not None or bool((self.distances == self.distances.T).all())

    @cached_property
    def complete(self) -> bool:
        """Whether there is a road from each city to each other one."""
        return self.places is not None or bool(np.isfinite(self.distances).all())

    def skipped(self, steps: Iterable[tuple[Hashable, Hashable]]) -> list[Any]:
        """Return the fixed roads that some steps do not take."""
        taken = set(steps)
        if self.symmetric:
            taken |= {(v, u) for u, v in taken}
        return [road for road in self.fixed if road not in taken]

    @property
    def gain(self) -> float:
        """How much shorter each fixed road is in `fill_missing`."""
        if not self.fixed or (self.symmetric and self.size <= 2):
            return 0.0  # a tour of two cities takes its only road twice
        return self._most_and_spread()[1] * (self.size + 1)

    def _most_and_spread(self) -> tuple[float, float]:
        roads = np.isfinite(self.distances)
        np.fill_diagonal(roads, False)
        known = self.distances[roads]
        if not known.size:
            return 0.0, 1.0
        most, least = float(known.max()), float(known.min())
        return most, (most - least) or abs(most) or 1.0

    def fill_missing(self) -> FloatArray:
        """Return the distances with a finite one in place of each missing road.

        It is so long that a tour (or path) with a missing road is longer than any without:
        ``max + (n + 1) (max - min)`` or more over the roads there are. A fixed road is shorter
        by `gain`, so that a tour that takes all of them is shorter than any that does not.
        """
        if self.complete and not self.fixed:
            return self.distances
        most, spread = self._most_and_spread()
        own = np.where(np.isfinite(self.distances), self.distances, most + (self.size + 1) * spread)
        np.fill_diagonal(own, 0.0)
        index, gain = self.index, self.gain
        for u, v in self.fixed:
            own[index[u], index[v]] -= gain
            if self.symmetric:
                own[index[v], index[u]] = own[index[u], index[v]]
        return np.asarray(own)


def _check_labels(labels: Iterable[Hashable]) -> tuple[Hashable, ...]:
    names = tuple(labels)
    seen: set[Hashable] = set()
    for label in names:
        if label in seen:
            raise InputError(f"labels must be distinct, got {label!r} twice.")
        seen.add(label)
    return names


def cities_at(places: ArrayLike | Mapping[Hashable, Sequence[float]], name: str = "") -> Cities:
    """Return cities with the Euclidean distances of their places, not rounded.

    Parameters
    ----------
    places : (n, d) array, or dict of label to d numbers
        Where the cities lie; the labels of a dict are kept, those of an array are 0, 1, ...
    name : str
        What the instance is called.

    Raises
    ------
    InputError
        If the places are no rows of finite numbers.

    Examples
    --------
    >>> cities_at({"a": (0, 0), "b": (3, 4)}).distances
    array([[0., 5.],
           [5., 0.]])
    """
    named = as_mapping("places", places, rows=True)
    own = check_array("places", places if named is None else list(named.values()))
    if own.size == 0:
        own = own.reshape(0, 2)
    if own.ndim != 2:
        raise InputError(f"places must be rows of coordinates, got shape {own.shape}.")
    labels = range(len(own)) if named is None else tuple(named)
    drawn = own if own.shape[1] == 2 else None
    return Cities.at(labels, Places(own, "EUCLIDEAN"), drawn, name)
