"""Errors and warnings of the package; every message says what to do."""

import difflib
from collections.abc import Iterable
from os import PathLike


class InputError(ValueError):
    """Raise for input that cannot be used, naming the offending entry."""


class ReadError(InputError):
    """Raise for a file that cannot be read, naming file and line.

    Parameters
    ----------
    path : path-like
        The file.
    line : int or None
        The line, counted from 1; None where the whole file is meant.
    message : str
        What is wrong and what to do.
    """

    def __init__(self, path: str | PathLike[str], line: int | None, message: str) -> None:
        super().__init__(f"{path}: {message}" if line is None else f"{path}:{line}: {message}")
        self.line = line


class SizeError(InputError):
    """Raise before an allocation that would exceed the memory limit."""


class HopfieldWarning(UserWarning):
    """Warn about suspicious input that has a defined meaning."""


def unknown(kind: str, name: object, options: Iterable[str]) -> InputError:
    """Return the error for an unknown name, with the nearest known ones.

    Parameters
    ----------
    kind : str
        What the name is of: the first word of the message.
    name : object
        What was given.
    options : iterable of str
        The known names.

    Examples
    --------
    >>> print(unknown("method", "tabuu", ["auto", "tabu"]))
    method must be one of auto, tabu, got 'tabuu'. Did you mean 'tabu'?
    """
    names = sorted(options)
    near = difflib.get_close_matches(str(name), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return InputError(f"{kind} must be one of {', '.join(names)}, got {name!r}.{hint}")
