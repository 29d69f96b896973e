"""Local search of tours of any kind, with kicks, until a deadline."""

import time
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.baselines.tour_distances import as_measured
from hopfield_opt.baselines.tour_kernel import NEAREST, Room, search_block
from hopfield_opt.baselines.tour_neighbours import neighbours
from hopfield_opt.deadline import check, is_over
from hopfield_opt.io.places import Places

# The share of a usual distance below which a gain is rounding: such gains could go in circles.
ROUNDING = 1e-9
# Kicks between two looks at the clock take so many seconds.
BLOCK_SECONDS = 0.1
# The search improves at so many cities between two looks at the clock, and what a look takes, in
# passes over numbers.
CITIES_AT_ONCE, LOOKS_PER_CITY = 10_000, 5e3
# numbers of which a median is taken, and that are sorted at once
ENTRIES_FOR_MEDIAN = 2**24
ENTRIES_AT_ONCE = 2**20
# Without a deadline.
FEWEST_KICKS, KICKS_PER_CITY = 1000, 5


def improve_tour(
    distance: FloatArray | Places,
    tour: NDArray[np.int64],
    seed: int,
    deadline: float | None = None,
    places: Places | None = None,
) -> IntArray:
    """Return a closed tour that is no longer than a given one, by local search and kicks.

    Parameters
    ----------
    distance : (m, m) array or Places
        From each city to each; need not be symmetric. Of places no table is made.
    tour : (m,) array of int
        The cities in order.
    seed : int
        Of the kicks.
    deadline : float or None
        A value of `time.monotonic()`; None makes 1000 kicks, and 5 for each city.
    places : Places or None
        Where the cities of a table lie: neighbours are then looked for on all sides.

    Returns
    -------
    (m,) array of int
        The tour, which may begin elsewhere.

    Examples
    --------
    >>> places = np.exp(2j * np.pi * np.arange(6) / 6)
    >>> distance = abs(places[:, None] - places)
    >>> tour = improve_tour(distance, np.array([0, 3, 1, 4, 2, 5]), seed=0)
    >>> float(distance[tour, np.roll(tour, -1)].sum().round(3))
    6.0
    """
    improved = np.array(tour, dtype=np.int64)
    if len(improved) >= 4:
        with suppress(KeyboardInterrupt):  # what was found by then is not lost
            _improve(_roads(distance, places), improved, rng.stream(seed, words=4), deadline)
    return improved


def _improve(roads: "_Roads", tour: IntArray, words: Any, deadline: float | None) -> None:
    """Improve a tour in place."""
    room = Room.of(len(tour))
    for some in np.split(tour.copy(), range(CITIES_AT_ONCE, len(tour), CITIES_AT_ONCE)):
        search_block(*roads.arguments, tour, some, 0, roads.least, words, room)
        if len(some) < len(tour) and is_over(deadline):
            return
    _kick(roads, tour, words, room, deadline)


def _kick(roads: "_Roads", tour: IntArray, words: Any, room: Room, deadline: float | None) -> None:
    """Kick a tour until the deadline, in blocks, or for a while."""
    none = np.empty(0, dtype=np.int64)
    if deadline is None:
        kicks = FEWEST_KICKS + KICKS_PER_CITY * len(tour)
        for done in range(0, kicks, CITIES_AT_ONCE):
            some = min(CITIES_AT_ONCE, kicks - done)
            search_block(*roads.arguments, tour, none, some, roads.least, words, room)
        return
    block = 8
    while not is_over(deadline):
        before = time.monotonic()
        search_block(*roads.arguments, tour, none, block, roads.least, words, room)
        now = time.monotonic()
        seconds = min(BLOCK_SECONDS, max(deadline - now, 0.0))
        block = max(1, int(block * min(4.0, seconds / max(now - before, 1e-6))))


class _Roads(NamedTuple):
    """What the kernel is given of distances, and the least gain."""

    arguments: tuple[Any, IntArray, bool]
    least: float


def _roads(distance: FloatArray | Places, places: Places | None) -> _Roads:
    """Return the neighbours of each city and the size of a usual distance."""
    if isinstance(distance, Places):
        size = len(distance.points)
        check(LOOKS_PER_CITY * size)
        near = neighbours(distance, NEAREST)
        some = np.arange(0, size, max(1, size // 1000))
        least = ROUNDING * float(np.nanmedian(distance.between(some[:, None], some)))
        return _Roads((as_measured(distance), near, True), least)
    size = len(distance)
    check(5.0 * size**2 + LOOKS_PER_CITY * size)  # before the first look at the clock
    own = np.array(distance, dtype=np.float64)
    least = ROUNDING * usual(own)
    near = nearest(own, NEAREST) if places is None else neighbours(places, NEAREST)
    return _Roads((own, near, bool((own == own.T).all())), least)


def usual(distance: FloatArray) -> float:
    """Return the size of a usual distance: the median, of some rows where there are many."""
    step = max(1, distance.size // ENTRIES_FOR_MEDIAN)
    return float(np.median(np.abs(distance[::step])))


def nearest(distance: FloatArray, count: int) -> IntArray:
    """Return the nearest cities (m, count) of each city, nearest first, itself left out."""
    size = len(distance)
    count = min(count, size - 1)
    found = np.empty((size, count), dtype=np.int64)
    # some rows at a time: a copy of all, and the order in each, would be in the way
    rows = max(1, ENTRIES_AT_ONCE // size)
    for begin in range(0, size, rows):
        others = np.array(distance[begin : begin + rows])
        own = np.arange(len(others))
        others[own, begin + own] = np.inf
        first = np.argpartition(others, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(others, first, axis=1), axis=1, kind="stable")
        found[begin : begin + rows] = np.take_along_axis(first, order, axis=1)
    return found
