"""The bqp format of the OR-Library: how many instances, then for each `n m` and m lines `i j q`."""

from collections.abc import Sequence

from scipy.sparse import csr_array

from hopfield_opt.errors import ReadError
from hopfield_opt.io import qubo, text


def read(path: text.PathName) -> list[csr_array]:
    """Read the symmetric matrices Q of a file, of which ``x'Qx`` is meant to be maximised.

    Parameters
    ----------
    path : path-like
        The first line holds the number of instances. Each has a line with its numbers of
        variables and entries, then a line for each entry: two variables, from 1 on, and the
        number that stands at both places of the matrix. A pair of different variables counts
        twice in ``x'Qx``. Blank lines are skipped.

    Returns
    -------
    list of csr_array
        The matrices.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    filled = [k for k, line in enumerate(lines) if line.strip()]
    first = lines[filled[0]].split()
    if len(first) != 1:
        message = (
            f"first line must be the number of instances, got {text.show_token(' '.join(first))}."
        )
        raise ReadError(path, filled[0] + 1, f"{message} Is the file of another format?")
    announced = text.count(path, filled[0] + 1, "number of instances", first[0])
    matrices: list[csr_array] = []
    at, variables = 1, 0
    while at < len(filled) and len(matrices) < announced:
        size, num_entries = qubo.header(path, lines, filled[at])
        if (variables := variables + size) > text.most_announced(len(lines)):
            message = f"variables must be at most {text.most_announced(len(lines))} in all of "
            message = f"{message}{len(lines)} lines, got more. Correct the numbers."
            raise ReadError(path, filled[at] + 1, message)
        end = at + 1 + num_entries
        if end > len(filled):
            message = f"instance {len(matrices) + 1} must hold {num_entries} entries"
            message = f"{message}, got {len(filled) - at - 1}. Is it cut off?"
            raise ReadError(path, len(lines), message)
        begin, last = filled[at] + 1, filled[end - 1] + 1
        matrices.append(qubo.symmetric(path, lines[begin:last], begin, size))
        at = end
    if len(matrices) < announced:
        message = f"file must hold {announced} instances, got {len(matrices)}. Is it cut off?"
        raise ReadError(path, len(lines), message)
    if at < len(filled):
        message = f"file must end after {announced} instances, got another line."
        raise ReadError(path, filled[at] + 1, message)
    return matrices


def write(matrices: Sequence[csr_array], path: text.PathName) -> None:
    """Write symmetric matrices.

    Raises
    ------
    InputError
        If it could not be read, a number is too large, or the file cannot be written.
    """
    sizes = sum(matrix.shape[0] for matrix in matrices)
    lines = 1 + len(matrices) + sum(matrix.nnz // 2 for matrix in matrices)
    text.check_announced(sizes, lines, "variables")
    bodies = (line for matrix in matrices for line in qubo.format_matrix(matrix))
    text.write_lines(path, [str(len(matrices)), *bodies])
