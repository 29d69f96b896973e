"""What the weight types and matrix layouts of TSPLIB mean (G. Reinelt, "TSPLIB 95", section 2)."""

from collections.abc import Callable

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray

# as the library itself defines them for GEO
PI, EARTH_RADIUS = 3.141592, 6378.388


def _differences(places: FloatArray) -> FloatArray:
    return np.asarray(np.abs(places[:, None] - places[None]))


def _euclidean(places: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((_differences(places) ** 2).sum(axis=2)))


def _nint(distances: FloatArray) -> FloatArray:
    """Round as the library's `nint`: halves go up."""
    return np.asarray(np.floor(distances + 0.5))


def _pseudo_euclidean(places: FloatArray) -> FloatArray:
    exact = np.sqrt((_differences(places) ** 2).sum(axis=2) / 10.0)
    rounded = _nint(exact)
    return np.where(rounded < exact, rounded + 1.0, rounded)


def _geographical(places: FloatArray) -> FloatArray:
    degrees = np.trunc(places)
    latitude, longitude = (PI * (degrees + 5.0 * (places - degrees) / 3.0) / 180.0).T
    q1 = np.cos(longitude[:, None] - longitude)
    q2 = np.cos(latitude[:, None] - latitude)
    q3 = np.cos(latitude[:, None] + latitude)
    cosine = np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0)
    return np.asarray(np.trunc(EARTH_RADIUS * np.arccos(cosine) + 1.0))


# what each weight type makes of coordinates, and how many of them a city has
FUNCTIONS: dict[str, tuple[int, Callable[[FloatArray], FloatArray]]] = {
    "EUC_2D": (2, lambda places: _nint(_euclidean(places))),
    "EUC_3D": (3, lambda places: _nint(_euclidean(places))),
    "MAN_2D": (2, lambda places: _nint(_differences(places).sum(axis=2))),
    "MAN_3D": (3, lambda places: _nint(_differences(places).sum(axis=2))),
    "MAX_2D": (2, lambda places: _nint(_differences(places)).max(axis=2)),
    "MAX_3D": (3, lambda places: _nint(_differences(places)).max(axis=2)),
    "CEIL_2D": (2, lambda places: np.ceil(_euclidean(places))),
    "ATT": (2, _pseudo_euclidean),
    "GEO": (2, _geographical),
}


def triangle(n: int, upper: bool, by_row: bool, diagonal: bool) -> tuple[IntArray, IntArray]:
    """Return the two cities of each of a triangle's entries, in the order of the file."""
    shift = 0 if diagonal else 1
    # the upper triangle column by column is the lower one row by row, transposed
    return np.triu_indices(n, shift) if upper == by_row else np.tril_indices(n, -shift)


# triangle, direction and diagonal of each layout; None is the whole matrix
LAYOUTS: dict[str, tuple[bool, bool, bool] | None] = {
    "FULL_MATRIX": None,
    "UPPER_ROW": (True, True, False),
    "LOWER_ROW": (False, True, False),
    "UPPER_DIAG_ROW": (True, True, True),
    "LOWER_DIAG_ROW": (False, True, True),
    "UPPER_COL": (True, False, False),
    "LOWER_COL": (False, False, False),
    "UPPER_DIAG_COL": (True, False, True),
    "LOWER_DIAG_COL": (False, False, True),
}
