"""What is measured between places: the weight types of TSPLIB, and plain Euclidean distances.

References
----------
G. Reinelt, "TSPLIB 95" (1995), section 2.
"""

from collections.abc import Callable

import numpy as np

from hopfield_opt.arrays import FloatArray

# as the library itself defines them for GEO
PI, EARTH_RADIUS = 3.141592, 6378.388


def _euclidean(ones: FloatArray, others: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(((ones - others) ** 2).sum(axis=-1)))


def _nint(distances: FloatArray) -> FloatArray:
    """Round as the library's `nint`: halves go up."""
    return np.asarray(np.floor(distances + 0.5))


def _manhattan(ones: FloatArray, others: FloatArray) -> FloatArray:
    return np.asarray(np.abs(ones - others).sum(axis=-1))


def _maximum(ones: FloatArray, others: FloatArray) -> FloatArray:
    return np.asarray(_nint(np.abs(ones - others)).max(axis=-1))


def _pseudo_euclidean(ones: FloatArray, others: FloatArray) -> FloatArray:
    exact = np.sqrt(((ones - others) ** 2).sum(axis=-1) / 10.0)
    rounded = _nint(exact)
    return np.where(rounded < exact, rounded + 1.0, rounded)


def radians(places: FloatArray) -> FloatArray:
    """Return latitude and longitude, given as degrees and minutes, in radians."""
    degrees = np.trunc(places)
    return np.asarray(PI * (degrees + 5.0 * (places - degrees) / 3.0) / 180.0)


def _geographical(ones: FloatArray, others: FloatArray) -> FloatArray:
    one, other = radians(ones), radians(others)
    q1 = np.cos(one[..., 1] - other[..., 1])
    q2 = np.cos(one[..., 0] - other[..., 0])
    q3 = np.cos(one[..., 0] + other[..., 0])
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.asarray(np.trunc(EARTH_RADIUS * np.arccos(cosine) + 1.0))


def on_sphere(places: FloatArray) -> FloatArray:
    """Return the points (n, 3) of latitudes and longitudes on a sphere of radius 1."""
    latitude, longitude = radians(places).T
    flat = np.cos(latitude)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], 1)


MEASURES: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "EUCLIDEAN": _euclidean,
    "EUC_2D": lambda ones, others: _nint(_euclidean(ones, others)),
    "EUC_3D": lambda ones, others: _nint(_euclidean(ones, others)),
    "MAN_2D": lambda ones, others: _nint(_manhattan(ones, others)),
    "MAN_3D": lambda ones, others: _nint(_manhattan(ones, others)),
    "MAX_2D": _maximum,
    "MAX_3D": _maximum,
    "CEIL_2D": lambda ones, others: np.ceil(_euclidean(ones, others)),
    "ATT": _pseudo_euclidean,
    "GEO": _geographical,
}
"""The distances from each of some places (..., d) to others."""

# the weight types of TSPLIB, and how many coordinates a city has
COLUMNS: dict[str, int] = {
    name: 3 if name.endswith("3D") else 2 for name in MEASURES if name != "EUCLIDEAN"
}
