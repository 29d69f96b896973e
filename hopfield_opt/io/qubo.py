"""What the formats of quadratic forms share: lines `i j q`, each pair of variables once."""

import numpy as np
from scipy.sparse import coo_array, csr_array, triu

from hopfield_opt.arrays import canonical
from hopfield_opt.errors import ReadError
from hopfield_opt.io import tables, text


def header(path: text.PathName, lines: list[str], at: int) -> tuple[int, int]:
    """Return the numbers of variables and of entries that line `at`, from 0, announces."""
    tokens = lines[at].split()
    if len(tokens) != 2:
        message = f"line must be 'variables entries', got {text.show_token(lines[at].strip())}."
        raise ReadError(path, at + 1, f"{message} Is the file of another format?")
    size = text.vertex_count(path, at + 1, tokens[0], lines, "number of variables")
    return size, text.count(path, at + 1, "number of entries", tokens[1])


def symmetric(path: text.PathName, body: list[str], first: int, size: int) -> csr_array:
    """Return the symmetric matrix of some lines, before which the file has `first` others.

    Each pair stands in one line, and its number at both places of the matrix: in x'Qx it
    counts twice.
    """
    table, line_of = tables.number_table(path, body, first, {3: "i j q"})
    ends = table[:, :2]
    wrong = (ends != np.floor(ends)) | (ends < 1) | (ends > size)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        message = f"variable must be an integer from 1 to {size}, got {ends[row, column]:g}."
        raise ReadError(path, line_of(int(row)), message)
    low, high = np.sort(ends.astype(np.int64) - 1, axis=1).T
    code = low * size + high
    order = np.argsort(code, kind="stable")
    again = order[1:][code[order][1:] == code[order][:-1]]
    if len(again):
        row = int(again.min())
        pair = f"({low[row] + 1}, {high[row] + 1})"
        message = f"pair must stand in one line, got {pair} once more. Add the two up."
        raise ReadError(path, line_of(row), message)
    off = low != high
    values = table[:, 2]
    places = (np.concatenate([low, high[off]]), np.concatenate([high, low[off]]))
    entries = np.concatenate([values, values[off]])
    return canonical(coo_array((entries, places), shape=(size, size)))


def format_matrix(matrix: csr_array) -> list[str]:
    """Return the lines of a symmetric matrix: `n m`, then its upper triangle.

    Raises
    ------
    InputError
        If so many variables have no entry that it could not be read, or a number is too large.
    """
    upper = coo_array(triu(csr_array(matrix), format="coo"))
    rows, columns = ((part + 1).tolist() for part in upper.coords)
    text.check_announced(matrix.shape[0], 1 + len(upper.data), "variables")
    values = text.format_numbers(np.asarray(upper.data, dtype=np.float64))
    body = [f"{i} {j} {q}" for i, j, q in zip(rows, columns, values, strict=True)]
    return [f"{matrix.shape[0]} {len(body)}", *body]
