"""Cities that lie somewhere: their distances one by one, as a table, and who is near whom."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, Frozen, IntArray
from hopfield_opt.deadline import check
from hopfield_opt.errors import InputError
from hopfield_opt.io.measures import MEASURES, on_sphere

# numbers that are made at once
ENTRIES_AT_ONCE = 2**20

# of each coordinate
CURVE_BITS = 16


@dataclass(frozen=True, eq=False)
class Places(Frozen):
    """Points and what is measured between them.

    Parameters
    ----------
    points : (n, d) array
        Where the cities lie, all finite.
    measure : str
        One of `hopfield_opt.io.measures.MEASURES`.

    Examples
    --------
    >>> places = Places(np.array([[0.0, 0], [3, 4], [0, 1]]), "EUCLIDEAN")
    >>> places.between([0, 1], [1, 2]).round(3), places.nearest(1).ravel()
    (array([5.   , 4.243]), array([2, 2, 0]))
    """

    points: FloatArray
    measure: str

    def between(self, ones: Any, others: Any) -> FloatArray:
        """Return the distances from some cities to others, by their positions."""
        return MEASURES[self.measure](self.points[ones], self.points[others])

    def check_finite(self) -> None:
        """Raise InputError if distances between these places, or their sum, are no floats."""
        if not len(self.points):
            return
        corners = np.stack([self.points.min(axis=0), self.points.max(axis=0)])
        with np.errstate(over="ignore"):
            most = MEASURES[self.measure](corners[0], corners[1]) * len(self.points)
        if not np.isfinite(most):
            raise InputError("distances must have a finite sum, got one above 1.8e308. Scale them.")

    def table(self) -> FloatArray:
        """Return the distances (n, n) from each city to each, 0 to itself."""
        n, columns = self.points.shape
        table = np.empty((n, n))
        rows = max(1, ENTRIES_AT_ONCE // max(1, n * columns))
        for begin in range(0, n, rows):
            check(5.0 * rows * n * columns)
            some = self.points[begin : begin + rows, None]
            table[begin : begin + rows] = MEASURES[self.measure](some, self.points)
        # GEO has 1 there
        np.fill_diagonal(table, 0.0)
        return table

    def nearest(self, count: int) -> IntArray:
        """Return the nearest cities (n, count) of each city, nearest first, itself left out.

        Where several are as near, any of them.
        """
        # it takes a while to load
        from scipy.spatial import KDTree

        n = len(self.points)
        count = min(count, n - 1)
        where = on_sphere(self.points) if self.measure == "GEO" else self.points
        norm = {"MAN": 1.0, "MAX": np.inf}.get(self.measure[:3], 2.0)
        found: IntArray = np.asarray(KDTree(where).query(where, count + 1, p=norm)[1])
        # where many lie in one place, a city need not be among its own nearest
        own = found == np.arange(n)[:, None]
        own[~own.any(axis=1), -1] = True
        return np.ascontiguousarray(found[~own].reshape(n, count).astype(np.int64))

    def along_curve(self) -> IntArray:
        """Return the cities in the order in which a space-filling curve passes them.

        Hilbert's curve through a grid of 2^16 x 2^16 squares over the first two coordinates: some
        25 % longer than the shortest tour of uniform places.
        """
        flat = self.points[:, :2] - self.points[:, :2].min(axis=0)
        width = float(flat.max()) or 1.0
        x, y = np.minimum(flat / width * 2**CURVE_BITS, 2**CURVE_BITS - 1).astype(np.int64).T
        passed = np.zeros(len(flat), dtype=np.int64)
        for bit in reversed(range(CURVE_BITS)):
            right, top = (x >> bit) & 1, (y >> bit) & 1
            passed = 4 * passed + ((3 * right) ^ top)
            # within the next square the curve is turned, and in the last one mirrored, too
            mirror, low = (top == 0) & (right == 1), top == 0
            mask = (1 << bit) - 1
            x, y = np.where(mirror, ~x & mask, x & mask), np.where(mirror, ~y & mask, y & mask)
            x, y = np.where(low, y, x), np.where(low, x, y)
        return np.argsort(passed, kind="stable")
