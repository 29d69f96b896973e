"""The neighbours that a local search joins a city to: near ones, on all sides.

In a cluster the nearest cities are all in it, and no move ever leads out. The axes through a city
part the rest into quadrants (octants in space), and some of each are taken before the nearest ones
fill up the list.

References
----------
D. S. Johnson, L. A. McGeoch, "The traveling salesman problem: a case study in local optimization",
in E. Aarts, J. K. Lenstra (eds.), Local Search in Combinatorial Optimization (1997), section 3.3.
"""

import numpy as np

from hopfield_opt.arrays import IntArray
from hopfield_opt.deadline import check
from hopfield_opt.io.places import Places
from hopfield_opt.jit import njit

# Quadrants are looked for among so many times as many nearest cities as are taken; so many cities
# at once.
LOOKED_AT, ROWS = 8, 2**14


def neighbours(places: Places, count: int) -> IntArray:
    """Return neighbours (n, count) of each city on all sides, nearest first, itself left out.

    A last city that is nowhere, as where a path is closed, is the nearest of all the others.

    Parameters
    ----------
    places : Places
        Where the cities lie.
    count : int
        How many of each, fewer where there are fewer cities.

    Examples
    --------
    >>> row = Places(np.array([[0.0, 0], [1, 1], [2, 1], [3, 1], [-9, -9]]), "EUCLIDEAN")
    >>> neighbours(row, 4)[1].tolist(), neighbours(row, 3)[0].tolist()
    ([2, 0, 3, 4], [1, 2, 3])
    """
    points = np.ascontiguousarray(places.points, dtype=np.float64)
    if np.isnan(points[-1:]).any():
        rest = neighbours(Places(points[:-1], places.measure), count - 1)
        found = np.pad(rest, ((0, 1), (1, 0)), constant_values=len(rest))
        found[-1] = np.arange(found.shape[1])
        return found
    some = places.nearest(LOOKED_AT * count)
    count = min(count, some.shape[1])
    found = np.empty((len(some), count), dtype=np.int64)
    for begin in range(0, len(some), ROWS):
        check(1e3 * ROWS)
        rows = slice(begin, begin + ROWS)
        _on_all_sides(points, begin, some[rows], found[rows])
    return found


@njit
def _on_all_sides(points, begin, some, found):
    """Choose rows of neighbours (K, count) among rows of more, nearest first."""
    dimensions, count = points.shape[1], found.shape[1]
    sides = 2 ** min(dimensions, 6)
    share = count // sides
    taken, have = np.empty(some.shape[1], np.bool_), np.empty(sides, np.int64)
    for k in range(len(some)):
        taken[:] = False
        have[:] = 0
        missing = count
        for rank in range(some.shape[1]):
            side = 0
            for axis in range(min(dimensions, 6)):
                beyond = points[some[k, rank], axis] > points[begin + k, axis]
                side = 2 * side + beyond
            if have[side] < share:
                have[side] += 1
                taken[rank] = True
                missing -= 1
        at = 0
        for rank in range(some.shape[1]):
            if taken[rank] or missing:
                missing -= not taken[rank]
                found[k, at] = some[k, rank]
                at += 1
