"""Errors and warnings of the package; every message says what to do."""

import difflib
from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any

# characters of a message: what the user gave may be a file of any size
LONGEST_MESSAGE = 300
# of which so many are the end, where it says what to do
_LONGEST_END = 110


class InputError(ValueError):
    """Raise for input that cannot be used, naming the offending entry.

    Parameters
    ----------
    message : str
        What is wrong and what to do; it is made one line, and shortened in the middle.
    """

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        if len(line) > LONGEST_MESSAGE:
            head = line[: LONGEST_MESSAGE - _LONGEST_END - 5]
            line = f"{head} ... {line[-_LONGEST_END:]}"
        super().__init__(line)


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
        self._parts = (path, line, message)

    def __reduce__(self) -> tuple[Any, ...]:
        # an exception is made again from its text alone, which is not how this one is made
        return type(self), self._parts


class SizeError(InputError):
    """Raise before an allocation that would exceed the memory limit."""


class HopfieldWarning(UserWarning):
    """Warn about suspicious input that has a defined meaning."""


def show(value: object, most: int = 60) -> str:
    """Return a value as it stands in a message: its repr in one line, shortened, never failing.

    Parameters
    ----------
    value : object
        Anything.
    most : int
        The number of characters.

    Examples
    --------
    >>> print(show(range(3)), show("a" * 99, most=10), show(10**5000))
    range(0, 3) 'aaaaaa... an integer of more than 4300 digits
    """
    line = " ".join(text(value).split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def text(value: object) -> str:
    """Return the repr of a value, or what it is where it has none; it never fails.

    Parameters
    ----------
    value : object
        Anything.
    """
    try:
        return repr(value)
    except Exception:
        # Python writes no integer of more digits, and the repr of others may do anything
        whole = isinstance(value, int)
        return "an integer of more than 4300 digits" if whole else f"a {type(value).__name__}"


def check_choice(kind: str, value: object, options: Iterable[str]) -> None:
    """Raise the error for an unknown name unless a value is one of the known ones.

    Parameters
    ----------
    kind : str
        What the name is of: the first word of the message.
    value : object
        What was given.
    options : iterable of str
        The known names.
    """
    known = tuple(options)
    if not (isinstance(value, str) and value in known):
        raise unknown_name(kind, value, known)


def unknown_name(
    kind: str, name: object, options: Iterable[str], others: Iterable[str] = ()
) -> InputError:
    """Return the error for an unknown name, with the nearest known one.

    Parameters
    ----------
    kind : str
        What the name is of: the first word of the message.
    name : object
        What was given.
    options : iterable of str
        The known names.
    others : iterable of str
        Known ones that are not listed, and may be meant.

    Examples
    --------
    >>> print(unknown_name("method", "tabuu", ["auto", "tabu"]))
    method must be one of auto, tabu, got 'tabuu'. Did you mean 'tabu'?
    """
    names = sorted(options)
    near = _nearest(name, [*names, *others]) if isinstance(name, str) else None
    hint = f" Did you mean {near!r}?" if near else ""
    return InputError(f"{kind} must be one of {', '.join(names)}, got {show(name)}.{hint}")


def unknown_attribute(module: str, name: str, known: Mapping[str, str]) -> AttributeError:
    """Return the error for a name that a module lacks, with the nearest that it has.

    Parameters
    ----------
    module : str
        The dotted name of the module.
    name : str
        What was asked for.
    known : mapping of str to str
        What each word that may be meant stands for; a name stands for itself.

    Examples
    --------
    >>> print(unknown_attribute("shapes", "Sqare", {"Square": "Square", "Box": "Square"}))
    module 'shapes' has no attribute 'Sqare'. Did you mean 'Square'?
    """
    words = {word.lower(): meant for word, meant in known.items()}
    near = _nearest(name.lower(), words)
    hint = f". Did you mean {words[near]!r}?" if near else ""
    # with a name of its own Python adds no second guess to the traceback
    return AttributeError(f"module {module!r} has no attribute {name!r}{hint}", name=name)


def _nearest(name: str, words: Iterable[str]) -> str | None:
    """Return the word that is most like a name, if one is like it at all."""
    return next(iter(difflib.get_close_matches(name, list(words), n=1)), None)
