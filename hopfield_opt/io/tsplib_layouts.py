"""The matrix layouts of TSPLIB files (G. Reinelt, "TSPLIB 95", section 2)."""

import numpy as np

from hopfield_opt.arrays import IntArray


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
