"""Local search of tours of any kind, with kicks, until a deadline."""

import time

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.baselines.tour_kernel import NEAREST, search_block
from hopfield_opt.deadline import check

# The share of a usual distance below which a gain is rounding: such gains could go in circles.
ROUNDING = 1e-9
# A kicked tour may be longer than the best by so many usual roads; after each block of so many
# seconds the search goes back to the best.
SLACK, BLOCK_SECONDS = 1.0, 0.1
# numbers of which a median is taken, and that are sorted at once
ENTRIES_FOR_MEDIAN = 2**24
ENTRIES_AT_ONCE = 2**20
# Without a deadline.
FEWEST_KICKS, KICKS_PER_CITY = 1000, 5


def improve_tour(
    distance: FloatArray, tour: NDArray[np.int64], seed: int, deadline: float | None = None
) -> IntArray:
    """Return a closed tour that is no longer than a given one, by local search and kicks.

    Parameters
    ----------
    distance : (m, m) array
        From each city to each; need not be symmetric.
    tour : (m,) array of int
        The cities in order.
    seed : int
        Of the kicks.
    deadline : float or None
        A value of `time.monotonic()`; None makes 1000 kicks, and 5 for each city.

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
    size = len(distance)
    improved = np.array(tour, dtype=np.int64)
    if size < 4:
        return improved
    check(5.0 * size**2 + 5e3 * size)  # before the first look at the clock
    own = np.ascontiguousarray(distance, dtype=np.float64)
    least = ROUNDING * usual(own)
    arguments = (own, nearest(own, NEAREST), bool((own == own.T).all()), improved)
    words = rng.stream(seed, words=4)
    search_block(*arguments, 0, least, 0.0, words)
    # of a usual road, not of those that are made up to be very short or very long
    slack = SLACK * float(np.median(np.abs(own[improved, np.roll(improved, -1)])))
    if deadline is None:
        search_block(*arguments, FEWEST_KICKS + KICKS_PER_CITY * size, least, slack, words)
        return improved
    block = 8
    while (before := time.monotonic()) < deadline:
        search_block(*arguments, block, least, slack, words)
        now = time.monotonic()
        seconds = min(BLOCK_SECONDS, max(deadline - now, 0.0))
        block = max(1, int(block * min(4.0, seconds / max(now - before, 1e-6))))
    return improved


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
