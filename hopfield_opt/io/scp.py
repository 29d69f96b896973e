"""The set covering format of the OR-Library: elements, sets, weights, the sets of each element."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.arrays import canonical
from hopfield_opt.errors import ReadError
from hopfield_opt.io import text


class Cover(NamedTuple):
    """The weights (n,) of the sets, and which sets hold an element: 0 and 1, (m, n)."""

    weights: NDArray[np.float64]
    incidence: csr_array


def read(path: text.PathName) -> Cover:
    """Read an instance of set covering.

    Parameters
    ----------
    path : path-like
        Numbers between blanks and line ends: how many elements and sets there are, the weight
        of each set, then for each element how many sets hold it, and which, from 1 on.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    tokens = [(line, word) for line, row in enumerate(lines, 1) for word in row.split()]
    last = tokens[-1][0]
    if len(tokens) < 2:
        raise ReadError(path, last, "file must begin with 'elements sets', got one number.")
    # each element and each set has a number of its own below, however many are announced
    num_elements, num_sets = (
        text.count(path, line, f"number of {name}", word)
        for name, (line, word) in zip(("elements", "sets"), tokens, strict=False)
    )
    weights = [text.number(path, line, "weight", w) for line, w in tokens[2 : 2 + num_sets]]
    if len(weights) < num_sets:
        message = f"file must hold the weights of {num_sets} sets, got {len(weights)}."
        raise ReadError(path, last, f"{message} Is it cut off?")
    at, members, counts = 2 + num_sets, list[int](), list[int]()
    for element in range(1, num_elements + 1):
        if at >= len(tokens):
            message = f"file must hold the sets of {num_elements} elements, got {element - 1}."
            raise ReadError(path, last, f"{message} Is it cut off?")
        count = text.count(path, tokens[at][0], "number of sets of an element", tokens[at][1])
        row = tokens[at + 1 : at + 1 + count]
        if len(row) < count:
            message = f"element {element} must be in {count} sets, got {len(row)}."
            raise ReadError(path, last, f"{message} Is it cut off?")
        members.extend(_set_number(path, line, word, num_sets) for line, word in row)
        counts.append(count)
        at += 1 + count
    if at < len(tokens):
        message = (
            f"file must end after {num_elements} elements, got {text.show_token(tokens[at][1])}."
        )
        raise ReadError(path, tokens[at][0], message)
    ends = np.cumsum([0, *counts])
    shape = (num_elements, num_sets)
    matrix = canonical(csr_array((np.ones(len(members)), members, ends), shape=shape))
    matrix.data[:] = 1.0  # a set that was named twice
    return Cover(np.array(weights, dtype=np.float64), matrix)


def _set_number(path: text.PathName, line: int, word: str, num_sets: int) -> int:
    """Return the position of a set."""
    number = text.count(path, line, "set", word)
    if not 1 <= number <= num_sets:
        raise ReadError(
            path, line, f"set must be from 1 to {num_sets}, got {text.show_token(word)}."
        )
    return number - 1


def write(cover: Cover, path: text.PathName) -> None:
    """Write an instance of set covering, a line for each element.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    incidence = cover.incidence
    rows = [
        f"{incidence.shape[0]} {incidence.shape[1]}",
        " ".join(text.format_numbers(cover.weights)),
    ]
    for start, end in zip(incidence.indptr, incidence.indptr[1:], strict=False):
        sets = (incidence.indices[start:end] + 1).tolist()
        rows.append(" ".join(map(str, [end - start, *sets])))
    text.write_lines(path, rows)
