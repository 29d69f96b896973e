"""What the readers share: lines, tables of numbers, and errors that name file and line."""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt import files
from hopfield_opt.arrays import check_memory
from hopfield_opt.errors import InputError, ReadError

PathName = str | PathLike[str]
Floats = NDArray[np.float64]

FEW_LINES_HOLD = 2**14
"""How many vertices, or variables, a file may announce whose lines are fewer than an eighth."""

# products of a few such numbers, and sums of all of them, are finite
LARGEST = 1e100
# From here on float64 does not hold every integer.
MOST_EXACT = 2.0**53
INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
# what a line takes as a string of its own, besides its characters (measured)
BYTES_PER_LINE = 100

# between numbers what follows one of these signs is a comment, wherever it stands;
COMMENT = re.compile(r"[#%].*")
# between words it stands behind a blank
COMMENT_BEHIND_BLANK = re.compile(r"(?:^|(?<=\s))[#%].*", re.MULTILINE)

# the mark at the beginning of a text, the longer ones first
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def read_lines(
    path: PathName,
    comment: re.Pattern[str] | None = None,
    *,
    encoding: str = "utf-8",
    empty: bool = False,
) -> list[str]:
    """Return the lines of a text file without their ends (LF, CRLF or CR).

    A file whose name ends in `.gz` is unpacked. The text is UTF-8, or what the mark at its
    beginning says (UTF-16, UTF-32).

    Parameters
    ----------
    path : path-like
        The file.
    comment : pattern or None
        What is left out before anything is looked at, even whether it is UTF-8.
    encoding : str
        Of what is not UTF-8 and has no mark.
    empty : bool
        Whether there may be nothing but comments.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If the file is empty, too large or no text.
    """
    data = files.read_bytes(path)
    if _is_packed(path):
        data = _unpack(path, data)
    check_memory(f"{path}: file", 4 * len(data) + BYTES_PER_LINE * data.count(b"\n"))
    text = _decode(path, data, encoding).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ReadError(path, None, "file must hold an instance, got nothing. Is it cut off?")
    if comment is not None:
        text = comment.sub("", text)
        if not empty and not text.strip():
            raise ReadError(path, None, "file must hold an instance, got only comments.")
    _check_text(path, text)
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _decode(path: PathName, data: bytes, encoding: str) -> str:
    """Return bytes as text, those that are none as lone surrogates."""
    for mark, marked in _MARKS.items():
        if data.startswith(mark):
            try:
                return data.removeprefix(mark).decode(marked, "surrogateescape")
            except UnicodeDecodeError:
                message = f"file must be {marked.upper()}, as its mark says, got another."
                raise ReadError(path, 1, f"{message} Save it as UTF-8.") from None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(encoding, "surrogateescape")


def _check_text(path: PathName, text: str) -> None:
    """Raise an error naming the line of the first character that is no text."""
    if text.isascii() and "\0" not in text:
        return
    if found := re.search("\0", text) or re.search("[\ud800-\udfff]", text):
        line = text.count("\n", 0, found.start()) + 1
        byte = ord(found[0]) & 0xFF
        advice = "Save it as UTF-8." if byte else "Unpack it."
        raise ReadError(path, line, f"file must be text, got byte 0x{byte:02x}. {advice}")


def _is_packed(path: PathName) -> bool:
    if isinstance(path, files.Source) and path.content is not None:
        return path.content.startswith(b"\x1f\x8b")  # an open file may unpack it itself
    return files.check_path(path).lower().endswith(".gz")


def _unpack(path: PathName, data: bytes) -> bytes:
    limit = min(files.FILE_LIMIT, files.most_unpacked(len(data)))
    try:
        with gzip.open(io.BytesIO(data)) as file:
            unpacked = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        message = f"file must be packed by gzip, got what cannot be unpacked ({error})."
        raise ReadError(path, None, f"{message} Is it cut off?") from error
    if len(unpacked) > limit:
        message = f"file must unpack to at most {limit / 2**20:.4g} MiB, got more"
        raise ReadError(path, None, f"{message} from {len(data)} bytes. Unpack it.")
    return unpacked


def write_lines(path: PathName, lines: Iterable[str]) -> None:
    """Write a text file wholly or not at all, packed where its name ends in `.gz`.

    Raises
    ------
    InputError
        If the file cannot be written, or would be too large to be read.
    """

    def save(file: BinaryIO) -> None:
        if _is_packed(path):
            # without name and time: the same lines give the same bytes
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(_encode(lines))
        else:
            file.writelines(_encode(lines))

    files.write_whole(path, save)


def _encode(lines: Iterable[str]) -> Iterator[bytes]:
    """Yield lines as bytes, of which there are no more than are read."""
    left = files.FILE_LIMIT
    for line in lines:
        data = f"{line}\n".encode()
        if (left := left - len(data)) < 0:
            most = f"{files.FILE_LIMIT / 2**20:.4g} MiB"
            message = f"file must have at most {most}, got more. It could not be read:"
            raise InputError(f"{message} raise hopfield_opt.files.FILE_LIMIT.")
        yield data


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
        raise ReadError(path, line, f"{name} must be {wanted}, got {show_token(token)}.")
    if not surely_exact(value) and INTEGER.fullmatch(token) and int(token) != value:
        message = f"{name} must be a number that float64 holds, got {show_token(token)}."
        advice = "Divide all of them, or write a point behind it if last digits do not matter."
        raise ReadError(path, line, f"{message} {advice}")
    return value


def usable(values: ArrayLike) -> bool:
    """Whether all numbers are finite, and none is so large that squares would not be."""
    return bool((np.abs(values) <= LARGEST).all())


def surely_exact(values: ArrayLike) -> bool:
    """Whether no integer among the numbers was rounded when it was read, and all are usable."""
    return bool((np.abs(values) < MOST_EXACT).all())


def count(path: PathName, line: int, name: str, token: str) -> int:
    """Return a token as a whole number >= 0."""
    if not (token.isascii() and token.isdigit()):
        raise ReadError(path, line, f"{name} must be a whole number >= 0, got {show_token(token)}.")
    # so many digits that Python would refuse to convert them
    return int(token) if len(token) < 19 else 10**18


def vertex_count(
    path: PathName, line: int, token: str, lines: list[str], name: str = "number of vertices"
) -> int:
    """Return a token as a number of things that the size of the file makes credible."""
    value = count(path, line, name, token)
    # isolated vertices need no line, but labels need memory: a few bytes must not take it all
    if value > (limit := most_announced(len(lines))):
        message = f"{name} must be at most {limit} in a file of {len(lines)} lines"
        raise ReadError(path, line, f"{message}, got {show_token(token)}. Correct the number.")
    return value


def most_announced(num_lines: int) -> int:
    """Return how many vertices a file of so many lines may announce."""
    return max(FEW_LINES_HOLD, 8 * num_lines)


def check_announced(number: int, num_lines: int, name: str = "vertices") -> None:
    """Refuse to write what could not be read: many things, nearly all without a line."""
    if number > (limit := most_announced(num_lines)):
        raise InputError(
            f"number of {name} must be at most {limit} in a file of {num_lines} lines, got "
            f"{number}. It could not be read: raise hopfield_opt.io.text.FEW_LINES_HOLD."
        )


def show_token(token: str) -> str:
    """Return a token as an error message shows it: quoted, and short."""
    return repr(token if len(token) <= 40 else token[:37] + "...")


def format_numbers(values: Floats) -> list[str]:
    """Return numbers as the shortest text that reads back exactly, integers without a point.

    Raises
    ------
    InputError
        If one is so large that it would not be read.

    Examples
    --------
    >>> format_numbers(np.array([3.0, -0.1, 1e30]))
    ['3', '-0.1', '1e+30']
    """
    if not usable(values):
        worst = values.ravel()[int(np.argmax(~(np.abs(values) <= LARGEST)))]
        message = f"number must be at most {LARGEST:g} in size for a file, got {float(worst)!r}."
        raise InputError(f"{message} Scale the numbers.")
    return [repr(v).removesuffix(".0") for v in values.tolist()]
