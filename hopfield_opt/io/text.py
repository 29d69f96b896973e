"""What the readers share: lines, tables of numbers, and errors that name file and line."""

import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterable
from os import PathLike
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.files import reason, write_whole

PathName = str | PathLike[str]
Floats = NDArray[np.float64]

# a few packed bytes must not take all memory: honest text shrinks to a tenth, zeros to a thousandth
SHORT_TEXT, MOST_UNPACKED = 2**24, 32
# products of a few such numbers, and sums of all of them, are finite
LARGEST = 1e100
# bytes of what is no regular file
LONGEST_STREAM = 2**28


def read_lines(path: PathName) -> list[str]:
    """Return the lines of a text file without their ends (LF, CRLF or CR).

    A file whose name ends in `.gz` is unpacked.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is empty or no text.
    """
    data = read_bytes(path)
    if _is_packed(path):
        data = _unpacked(path, data)
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    bad, text = data.find(b"\0"), ""
    if bad < 0:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            bad = error.start
    if bad >= 0:
        line = data.count(b"\n", 0, bad) + 1
        advice = "Save it as UTF-8." if data[bad] else "Unpack it."
        raise ReadError(path, line, f"file must be text, got byte 0x{data[bad]:02x}. {advice}")
    if not text.strip():
        raise ReadError(path, None, "file must hold an instance, got nothing. Is it cut off?")
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def read_bytes(path: PathName) -> bytes:
    """Return what is in a file.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If it is a stream, such as `/dev/zero`, that does not end.
    """
    try:
        with open(path, "rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return file.read()
            data = file.read(LONGEST_STREAM + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if len(data) > LONGEST_STREAM:
        message = f"file must end, got {LONGEST_STREAM >> 20} MiB and more."
        raise ReadError(path, None, f"{message} Store it on a disk.")
    return data


def unreadable(path: PathName, error: OSError | ValueError) -> InputError:
    """Return the error for a file that the system does not let us read."""
    message = f"file must be readable, got {os.fspath(path)!r} ({reason(error)}). Check the path."
    return InputError(message)


def _is_packed(path: PathName) -> bool:
    return os.fspath(path).lower().endswith(".gz")


def _unpacked(path: PathName, data: bytes) -> bytes:
    limit = max(SHORT_TEXT, MOST_UNPACKED * len(data))
    try:
        with gzip.open(io.BytesIO(data)) as file:
            unpacked = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"file must be packed by gzip, got what cannot be unpacked ({error})."
        raise ReadError(path, None, f"{message} Is it cut off?") from error
    if len(unpacked) > limit:
        message = f"file must unpack to at most {limit >> 20} MiB, got more"
        raise ReadError(path, None, f"{message} from {len(data)} bytes. Unpack it.")
    return unpacked


def without_comments(path: PathName) -> list[str]:
    """Return the lines of a text file, of each what stands before a `#`."""
    lines = [line.partition("#")[0] for line in read_lines(path)]
    if not any(line.strip() for line in lines):
        raise ReadError(path, None, "file must hold an instance, got only comments.")
    return lines


def write_lines(path: PathName, lines: Iterable[str]) -> None:
    """Write a text file wholly or not at all, packed where its name ends in `.gz`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    data = (f"{line}\n".encode() for line in lines)

    def save(file: BinaryIO) -> None:
        if _is_packed(path):
            # without name and time: the same lines give the same bytes
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(data)
        else:
            file.writelines(data)

    write_whole(path, save)


def plain(token: str) -> bool:
    """Whether `float` is not more generous than other languages: 1_0 and Arabic digits are not."""
    return token.isascii() and "_" not in token


def number(path: PathName, line: int, name: str, token: str) -> float:
    """Return a token as a finite number that is not too large."""
    try:
        value = float(token) if plain(token) else float("nan")
    except ValueError:
        value = float("nan")
    if not usable(value):
        wanted = f"at most {LARGEST:g} in size" if np.isfinite(value) else "a finite number"
        raise ReadError(path, line, f"{name} must be {wanted}, got {shown(token)}.")
    return value


def usable(values: ArrayLike) -> bool:
    """Whether all numbers are finite, and none is so large that squares would not be."""
    return bool((np.abs(values) <= LARGEST).all())


def count(path: PathName, line: int, name: str, token: str) -> int:
    """Return a token as a whole number >= 0."""
    if not (token.isascii() and token.isdigit()):
        raise ReadError(path, line, f"{name} must be a whole number >= 0, got {shown(token)}.")
    # so many digits that Python would refuse to convert them
    return int(token) if len(token) < 19 else 10**18


def vertex_count(
    path: PathName, line: int, token: str, lines: list[str], name: str = "number of vertices"
) -> int:
    """Return a token as a number of things that the size of the file makes credible."""
    value = count(path, line, name, token)
    # isolated vertices need no line, but labels need memory: a few bytes must not take it all
    if value > (limit := max(2**20, 8 * len(lines))):
        message = f"{name} must be at most {limit} in a file of {len(lines)} lines"
        raise ReadError(path, line, f"{message}, got {shown(token)}. Correct the number.")
    return value


def shown(token: str) -> str:
    """Return a token as an error message shows it: quoted, and short."""
    return repr(token if len(token) <= 40 else token[:37] + "...")


def number_table(
    path: PathName, lines: list[str], first: int, columns: dict[int, str]
) -> tuple[Floats, Callable[[int], int]]:
    """Return the numbers of the lines from `first` on, and the line number of each row.

    Parameters
    ----------
    path : path-like
        The file, for errors.
    lines : list of str
        All lines of the file; blank ones are skipped.
    first : int
        Where the table begins, counted from 0.
    columns : dict of int to str
        The allowed numbers of columns, each with the words for such a line. All lines have
        the same number.

    Raises
    ------
    ReadError
        If a token is no finite number, or a line has another number of columns.
    """
    body = lines[first:]

    def line_of(row: int) -> int:
        filled = (number for number, line in enumerate(body, first + 1) if line.strip())
        return next(number for k, number in enumerate(filled) if k == row)

    if not any(line.strip() for line in body):
        return np.empty((0, max(columns))), line_of
    table = fast_table(body)
    if table is None or table.shape[1] not in columns:
        table = _scanned(path, body, first, columns)
    return table, line_of


def fast_table(lines: list[str]) -> Floats | None:
    """Return the numbers of lines that are not all blank, or None where something is wrong.

    A C parser, ten times faster than a loop, but its errors do not know the line.
    """
    try:
        table = np.loadtxt(lines, comments=None, ndmin=2)
    except ValueError:
        return None
    return table if usable(table) else None


def _scanned(path: PathName, body: list[str], first: int, columns: dict[int, str]) -> Floats:
    """Read the table line by line, to find the line that is wrong."""
    rows: list[list[float]] = []
    for line, text in enumerate(body, first + 1):
        tokens = text.split()
        if not tokens:
            continue
        allowed = {len(rows[0]): columns[len(rows[0])]} if rows else columns
        if len(tokens) not in allowed:
            expected = " or ".join(map(repr, allowed.values()))
            like = " as in the lines before" if rows else ""
            message = f"line must be {expected}{like}, got {shown(text.strip())}."
            raise ReadError(path, line, message)
        rows.append([number(path, line, "entry", token) for token in tokens])
    return np.array(rows)


def formatted(values: Floats) -> list[str]:
    """Return numbers as the shortest text that reads back exactly, integers without a point.

    Examples
    --------
    >>> formatted(np.array([3.0, -0.1, 1e300]))
    ['3', '-0.1', '1e+300']
    """
    return [repr(v).removesuffix(".0") for v in values.tolist()]
