"""Whole numbers between blanks and line ends, of any length."""

import re
from collections.abc import Iterable

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text

# Python refuses to convert more than 4300 digits
_WHOLE = re.compile(r"[+-]?[0-9]{1,4000}")


def read(path: text.PathName) -> list[int]:
    """Read whole numbers.

    Parameters
    ----------
    path : path-like
        Numbers between blanks and line ends; what follows a `#` or `%` is skipped.

    Raises
    ------
    ReadError
        If the file holds anything else, naming the line.
    """
    numbers = []
    for line, row in enumerate(text.read_lines(path, text.COMMENT), 1):
        for word in row.split():
            if not _WHOLE.fullmatch(word):
                message = f"number must be whole, got {text.show_token(word)}."
                raise ReadError(path, line, f"{message} Scale the numbers.")
            numbers.append(int(word))
    return numbers


def write(numbers: Iterable[int], path: text.PathName) -> None:
    """Write whole numbers, one a line.

    Raises
    ------
    InputError
        If there is no number, since an empty file would pass for one that was cut off, or the
        file cannot be written.
    """
    lines = list(map(str, numbers))
    if not lines:
        raise InputError("numbers must be at least one for a file, got none.")
    text.write_lines(path, lines)
