"""The `.sparse` format of Biq Mac: `n m`, then m lines `i j q`."""

from collections.abc import Sequence

from scipy.sparse import csr_array

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import qubo, text


def read(path: text.PathName) -> list[csr_array]:
    """Read a symmetric matrix Q, of which ``x'Qx`` is meant to be minimised.

    Parameters
    ----------
    path : path-like
        The first line holds the numbers of variables and entries, each following line two
        variables, from 1 on, and the number that stands at both places of the matrix: a pair
        of different variables counts twice in ``x'Qx``. Blank lines are skipped.

    Returns
    -------
    list of csr_array
        The one matrix.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    filled = [k for k, line in enumerate(lines) if line.strip()]
    size, num_entries = qubo.header(path, lines, filled[0])
    if len(filled) - 1 != num_entries:
        line = filled[num_entries + 1] if len(filled) - 1 > num_entries else len(lines) - 1
        message = f"file must hold {num_entries} entries as line {filled[0] + 1} says"
        message = f"{message}, got {len(filled) - 1}."
        cut = " Is it cut off?" if len(filled) - 1 < num_entries else ""
        raise ReadError(path, line + 1, message + cut)
    return [qubo.symmetric(path, lines[filled[0] + 1 :], filled[0] + 1, size)]


def write(matrices: Sequence[csr_array], path: text.PathName) -> None:
    """Write one symmetric matrix.

    Raises
    ------
    InputError
        If there is not just one matrix, or the file cannot be written.
    """
    if len(matrices) != 1:
        message = f"file must hold one matrix, got {len(matrices)}. Write them in the bqp format."
        raise InputError(message)
    text.write_lines(path, qubo.format_matrix(matrices[0]))
