"""The distance between two cities for the local search: from a table, or from their places.

`gap(d, a, b)` is one function to whoever calls it. A kernel is compiled for the kind of `d` that
it is given: a table (m, m), or a pair of points (m, d) and the number of a measure, which are
those of `hopfield_opt.io.measures`.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from hopfield_opt.io.measures import EARTH_RADIUS, radians
from hopfield_opt.io.places import Places
from hopfield_opt.jit import part

EUCLIDEAN, ROUNDED, CEILED, MANHATTAN, MAXIMUM, PSEUDO_EUCLIDEAN, GEOGRAPHICAL = range(7)
NUMBERS = {
    "EUCLIDEAN": EUCLIDEAN,
    "EUC_2D": ROUNDED,
    "EUC_3D": ROUNDED,
    "CEIL_2D": CEILED,
    "MAN_2D": MANHATTAN,
    "MAN_3D": MANHATTAN,
    "MAX_2D": MAXIMUM,
    "MAX_3D": MAXIMUM,
    "ATT": PSEUDO_EUCLIDEAN,
    "GEO": GEOGRAPHICAL,
}


def as_measured(places: Places) -> tuple[Any, np.int64]:
    """Return places as `gap` takes them, angles in radians."""
    is_angle = places.measure == "GEO"
    points = radians(places.points) if is_angle else np.array(places.points)
    return np.ascontiguousarray(points), np.int64(NUMBERS[places.measure])


@part
def _measure(points, kind, a, b):
    """Return the distance between two places; 0 from and to the city that is nowhere."""
    if np.isnan(points[a, 0]) or np.isnan(points[b, 0]):
        return 0.0
    if kind == GEOGRAPHICAL:
        q1 = np.cos(points[a, 1] - points[b, 1])
        q2 = np.cos(points[a, 0] - points[b, 0])
        q3 = np.cos(points[a, 0] + points[b, 0])
        cosine = 0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)
        return np.trunc(EARTH_RADIUS * np.arccos(min(1.0, max(-1.0, cosine))) + 1.0)
    squares, total, most = 0.0, 0.0, 0.0
    for k in range(points.shape[1]):
        size = abs(points[a, k] - points[b, k])
        squares += size * size
        total += size
        most = max(most, np.floor(size + 0.5))
    if kind == EUCLIDEAN:
        return np.sqrt(squares)
    if kind == ROUNDED:
        return np.floor(np.sqrt(squares) + 0.5)
    if kind == CEILED:
        return np.ceil(np.sqrt(squares))
    if kind == MANHATTAN:
        return np.floor(total + 0.5)
    if kind == MAXIMUM:
        return most
    exact = np.sqrt(squares / 10.0)
    rounded = np.floor(exact + 0.5)
    return rounded + 1.0 if rounded < exact else rounded


def gap(d: Any, a: int, b: int) -> float:
    """Return the distance from one city to another."""
    return float(d[a, b] if isinstance(d, np.ndarray) else _measure(*d, a, b))


@overload(gap)
def _gap(d, a, b):
    if isinstance(d, types.Array):
        return lambda d, a, b: d[a, b]
    return lambda d, a, b: _measure(d[0], d[1], a, b)
