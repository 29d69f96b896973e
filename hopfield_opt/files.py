"""Files written wholly or not at all, so that neither a full disk nor Ctrl-C spoils an old one."""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable
from os import PathLike
from typing import BinaryIO

from hopfield_opt.errors import InputError


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
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            _replace(os.path.realpath(path), mode, save)
        else:
            with open(path, "wb") as file:
                save(file)
    except (OSError, ValueError) as error:
        raise InputError(
            f"file must be writable, got {os.fspath(path)!r} ({reason(error)}). Name another one."
        ) from error


def reason(error: OSError | ValueError) -> str:
    """Return why the system refused a file, without the number and the name."""
    return getattr(error, "strerror", None) or str(error)


def _mode(path: str | PathLike[str]) -> int | None:
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
