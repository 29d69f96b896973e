"""Tables of numbers, a row in each line."""

from collections.abc import Callable

import numpy as np

from hopfield_opt.errors import ReadError
from hopfield_opt.io import text


def number_table(
    path: text.PathName,
    body: list[str],
    first: int,
    columns: dict[int, str],
    *,
    last: float | None = None,
) -> tuple[text.Floats, Callable[[int], int]]:
    """Return the numbers of some lines of a file, and the line number of each row.

    Parameters
    ----------
    path : path-like
        The file, for errors.
    body : list of str
        The lines; blank ones are skipped.
    first : int
        How many lines of the file stand before them.
    columns : dict of int to str
        The allowed numbers of columns, each with the words for such a line.
    last : float or None
        What stands in the last column of a line without it; None: all lines have the same number.

    Raises
    ------
    ReadError
        If a token is no finite number, or a line has another number of columns.
    """

    def line_of(row: int) -> int:
        filled = (number for number, line in enumerate(body, first + 1) if line.strip())
        return next(number for k, number in enumerate(filled) if k == row)

    if not any(line.strip() for line in body):
        return np.empty((0, max(columns))), line_of
    table = fast_table(body)
    if table is None or table.shape[1] not in columns:
        table = _scan(path, body, first, columns, last)
    return table, line_of


def fast_table(lines: list[str]) -> text.Floats | None:
    """Return the numbers of lines that are not all blank, or None where something is wrong.

    A C parser, ten times faster than a loop, but its errors do not know the line.
    """
    try:
        table = np.loadtxt(lines, comments=None, ndmin=2)
    except ValueError:
        return None
    return table if text.surely_exact(table) else None


def _scan(
    path: text.PathName, body: list[str], first: int, columns: dict[int, str], last: float | None
) -> text.Floats:
    """Read the table line by line, to find the line that is wrong."""
    rows: list[list[float]] = []
    for line, row in enumerate(body, first + 1):
        tokens = row.split()
        if not tokens:
            continue
        alike = bool(rows) and last is None
        allowed = {len(rows[0]): columns[len(rows[0])]} if alike else columns
        if len(tokens) not in allowed:
            expected = " or ".join(map(repr, allowed.values()))
            like = " as in the lines before" if alike else ""
            message = f"line must be {expected}{like}, got {text.show_token(row.strip())}."
            raise ReadError(path, line, message)
        rows.append([text.number(path, line, "entry", token) for token in tokens])
    width = max(map(len, rows))
    return np.array([row if len(row) == width else [*row, last] for row in rows], dtype=np.float64)
