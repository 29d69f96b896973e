"""A tour that is made at once."""

from collections.abc import Hashable

import numpy as np

from hopfield_opt.io.cities import MOST_IN_A_TABLE, Cities


def nearest_neighbour(
    cities: Cities, first: Hashable | None, last: Hashable | None
) -> list[Hashable]:
    """Return the way from each city to the nearest of the rest, between ends that are given.

    Of more than MOST_IN_A_TABLE cities, which would take more than 50 ms, it is their order along a
    curve through their places, or that in which they were given.

    Parameters
    ----------
    cities : Cities
        The cities.
    first, last : hashable or None
        Where the tour begins and ends; None is anywhere.

    Examples
    --------
    >>> from hopfield_opt.io.cities import cities_at
    >>> line = cities_at({"a": [0], "c": [2], "b": [1], "d": [3]})
    >>> nearest_neighbour(line, None, "b")
    ['a', 'c', 'd', 'b']
    """
    left = np.ones(cities.size, dtype=bool)
    ends = [None if city is None else cities.index[city] for city in (first, last)]
    left[[end for end in ends if end is not None]] = False
    order = [] if ends[0] is None else [ends[0]]
    if cities.size > MOST_IN_A_TABLE:
        passed = np.arange(cities.size) if cities.places is None else cities.places.along_curve()
        order += passed[left[passed]].tolist()
        left[:] = False
    while left.any():
        away = np.where(left, cities.distances[order[-1]] if order else 0.0, np.inf)
        # where no road is left, any city will do
        order.append(int(np.argmin(away) if np.isfinite(away).any() else np.argmax(left)))
        left[order[-1]] = False
    order += [] if ends[1] is None else [ends[1]]
    return [cities.labels[place] for place in order]
