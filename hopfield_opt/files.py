"""Files: opened by a name, read up to a limit, and written wholly or not at all."""

import contextlib
import errno
import os
import secrets
import select
import stat
import time
from collections.abc import Callable, Sequence
from io import BufferedReader
from os import PathLike
from typing import Any, BinaryIO, cast

from hopfield_opt.errors import InputError, ReadError

FILE_LIMIT = 2**28
"""Bytes above which no text and no image is read or written, packed or unpacked (256 MiB)."""

# a few packed bytes must not take all memory: honest text shrinks to a tenth, zeros to a thousandth
SHORT, MOST_UNPACKED = 2**24, 32


# seconds for which the other end of a pipe is waited for, and between two looks
WAIT, LOOK = 5.0, 0.02


class Source(str):
    """The name of an instance, with what was read of it, and the columns that are wanted.

    It is what a reader is given in the place of a path, and stands in messages as one.
    """

    content: bytes | None
    columns: tuple[str, ...]

    @classmethod
    def of(cls, path: Any, columns: Sequence[str] = ()) -> "Source":
        """Return the source that a path or an open file is; an open file is read to its end.

        Parameters
        ----------
        path : path-like, or file object
            An open file, of text or bytes: a StringIO, `sys.stdin`.
        columns : sequence of str
            Names of columns of a table, in the order of their use.

        Raises
        ------
        InputError
            If it is neither.
        """
        if isinstance(path, Source):
            return path
        content = _read_open(path) if hasattr(path, "read") else None
        own = cls(name_of(path))
        own.content, own.columns = content, tuple(columns)
        return own


def _read_open(file: Any) -> bytes:
    """Return what is left of an open file, up to what is refused as too large."""
    try:
        found = file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise unreadable(name_of(file), error) from error
    return found.encode("utf-8", "surrogateescape") if isinstance(found, str) else bytes(found)


def name_of(path: Any) -> str:
    """Return the name of a path or an open file, which may have none."""
    if not hasattr(path, "read"):
        return check_path(path)
    name = getattr(path, "name", None)
    return name if isinstance(name, str) else f"<{type(path).__name__}>"


def check_path(path: object) -> str:
    """Return the name of a file as a string.

    Raises
    ------
    InputError
        If it is neither a string, nor bytes, nor a path: an open file, None, a number.

    Examples
    --------
    >>> from pathlib import Path
    >>> check_path(Path("graph.rud"))
    'graph.rud'
    """
    if isinstance(path, str):
        return path
    if isinstance(path, bytes | PathLike):
        return os.fsdecode(path)
    raise InputError(f"path must be a string or a path, got {type(path).__name__}. Name a file.")


def read_bytes(path: str | PathLike[str], limit: int | None = None) -> bytes:
    """Return what is in a file, whose size is looked at first.

    Parameters
    ----------
    path : path-like
        The file; a pipe or a device is read up to the limit.
    limit : int or None
        The most bytes; None is `FILE_LIMIT`.

    Raises
    ------
    InputError
        If there is no such file.
    ReadError
        If it is larger, or a stream, such as `/dev/zero`, that does not end.
    """
    name, most = check_path(path), FILE_LIMIT if limit is None else limit
    if isinstance(path, Source) and path.content is not None:
        if len(path.content) > most:
            raise ReadError(path, None, f"file must have at most {most / 2**20:.4g} MiB, got more.")
        return path.content
    try:
        with _open(name, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = _await_writer(file) + _read(file, size, most) if size <= most else b""
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if max(size, len(data)) > most:
        got = f"{size / 2**20:.4g} MiB" if size > most else "more, from what may have no end"
        raise ReadError(path, None, f"file must have at most {most / 2**20:.4g} MiB, got {got}.")
    return data


def _read(file: BinaryIO, size: int, most: int) -> bytes:
    """Return up to `most` + 1 bytes of a file that has `size`, or none that is known."""
    parts, left = [file.read(size)], most + 1 - size
    # Python takes as much memory as is asked for, whatever there is to read
    while left > 0 and (part := file.read(min(left, 2**20))):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def unreadable(path: str | PathLike[str], error: OSError | ValueError) -> InputError:
    """Return the error for a file that the system does not let us read."""
    message = f"file must be readable, got {os.fspath(path)!r} ({reason(error)}). Check the path."
    return InputError(message)


def most_unpacked(packed: int) -> int:
    """Return how many bytes a packed file of that many bytes may unpack to."""
    return max(SHORT, MOST_UNPACKED * packed)


def write_whole(path: str | PathLike[str], save: Callable[[BinaryIO], object]) -> None:
    """Write a file wholly or not at all, by a function that is given the open file.

    The content goes into a hidden file of the same folder, which takes the place of the old one
    when it is complete. A link stays a link, and an old file keeps its permissions. What is no
    regular file (a pipe, a terminal, `/dev/null`) is written to as it is.

    Parameters
    ----------
    path : path-like
        The file.
    save : callable
        Writes the content to the binary file that it is given.

    Raises
    ------
    InputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/greeting", lambda file: file.write(b"hello"))
    ...     os.listdir(folder)
    ['greeting']
    """
    name = check_path(path)
    try:
        mode = _mode(name)
        if mode is None or stat.S_ISREG(mode):
            _replace(os.path.realpath(name), mode, save)
        else:
            with _open(name, "wb") as file:
                if hasattr(os, "set_blocking"):
                    os.set_blocking(file.fileno(), True)
                save(file)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(
            f"file must be writable, got {name!r} ({reason(error)}). Name another one."
        ) from error


def _open(name: str, mode: str) -> BinaryIO:
    """Return an open file; a pipe that is written to gets a reader soon, or is refused."""
    end = time.monotonic() + WAIT
    while True:
        try:
            file = open(name, mode, opener=_open_at_once)  # noqa: SIM115
            break
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > end:
                raise
            time.sleep(LOOK)
    return cast("BinaryIO", file)


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0), 0o666)


def _await_writer(file: BinaryIO) -> bytes:
    """Wait until somebody writes into a pipe; return what has been read meanwhile."""
    first = b""
    if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
        end = time.monotonic() + WAIT
        # ready are data and an end; nothing at once is a pipe that nobody has opened as yet
        while not select.select([file], [], [], 0)[0]:
            found = cast("BufferedReader", file).raw.read(1)
            if found is None or found:
                first = found or b""
                break
            if time.monotonic() > end:
                raise OSError(errno.ENXIO, "a pipe that nobody writes into")
            time.sleep(LOOK)
    if hasattr(os, "set_blocking"):
        os.set_blocking(file.fileno(), True)
    return first


def reason(error: OSError | ValueError) -> str:
    """Return why the system refused a file, without the number and the name."""
    return getattr(error, "strerror", None) or str(error)


def _mode(path: str) -> int | None:
    """Return type and permissions of what stands there, or None."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _replace(target: str, mode: int | None, save: Callable[[BinaryIO], object]) -> None:
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    # a short name of its own: that of the target may be as long as names can be
    draft = os.path.join(os.path.dirname(target), f".{secrets.token_hex(8)}.part")
    try:
        with open(draft, "xb") as file:
            save(file)
        if mode is not None:
            os.chmod(draft, stat.S_IMODE(mode))
        os.replace(draft, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
