"""Patterns as blocks of text: `#` is on, `.` is off, a blank line ends a pattern."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text

ON, OFF = "#", "."


def read(path: text.PathName) -> NDArray[np.int8]:
    """Read patterns (P, height, width) of -1 and +1; blanks at the ends of lines do not count.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If a character is neither `#` nor `.`, or the shapes differ.
    """
    blocks: list[list[str]] = [[]]
    first: list[int] = [0]
    for number, line in enumerate(text.read_lines(path), 1):
        row = line.strip()
        if not row:
            if blocks[-1]:
                blocks.append([])
                first.append(0)
            continue
        _check_row(path, number, row, blocks)
        if not blocks[-1]:
            first[-1] = number
        blocks[-1].append(row)
    if not blocks[-1]:
        blocks, first = blocks[:-1], first[:-1]
    for block, number in zip(blocks, first, strict=True):
        if len(block) != len(blocks[0]):
            message = f"pattern must have {len(blocks[0])} lines as the first, got {len(block)}."
            raise ReadError(path, number, f"{message} Part patterns by one blank line.")
    cells = [[[1 if cell == ON else -1 for cell in row] for row in block] for block in blocks]
    return np.array(cells, dtype=np.int8)


def _check_row(path: text.PathName, number: int, row: str, blocks: list[list[str]]) -> None:
    wrong = next((cell for cell in row if cell not in (ON, OFF)), None)
    if wrong is not None:
        message = f"pattern must be of {ON} and {OFF}, got {text.show_token(wrong)}."
        raise ReadError(path, number, message)
    if blocks[0] and len(row) != len(blocks[0][0]):
        message = f"line must have {len(blocks[0][0])} places as the first, got {len(row)}."
        raise ReadError(path, number, message)


def write(patterns: Any, path: text.PathName) -> None:
    """Write patterns (P, height, width), or (P, N) as one line each; positive is on.

    Raises
    ------
    InputError
        If there is no pattern, or none of it, or the file cannot be written.
    """
    array = as_array("patterns", patterns)
    if array.ndim == 2:
        array = array[:, None]
    if array.ndim != 3:
        raise InputError(
            f"patterns must have rows and columns, got shape {array.shape}. Write npy instead."
        )
    if not array.size:
        raise InputError(f"patterns must have places for a file, got shape {array.shape}.")
    lines: list[str] = []
    for image in array:
        lines += ["".join(ON if cell > 0 else OFF for cell in row) for row in image]
        lines.append("")
    text.write_lines(path, lines[:-1])
