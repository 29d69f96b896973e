"""How problems read the names in an answer, and name what is wrong with it."""

from collections.abc import Hashable, Iterable, Mapping, Set
from typing import Any

from hopfield_opt.border import plain
from hopfield_opt.errors import InputError, shown


def named_once(answer: Any, kind: str) -> list[Hashable]:
    """Return the names in a collection, each of which stands there once.

    A list with a name twice is more likely a vector of 0 and 1 than a set.

    Parameters
    ----------
    answer : object
        What the user gave.
    kind : str
        What is named, for the message.

    Raises
    ------
    InputError
        If it is no collection of names, or one of them stands there twice.

    Examples
    --------
    >>> named_once(("b", "a"), "items")
    ['b', 'a']
    """
    given = plain("answer", answer)
    found: dict[Hashable, None] = {}
    try:
        if isinstance(given, str | bytes):
            raise TypeError
        for name in given:
            if name in found:
                raise InputError(
                    f"answer must name each of the {kind} once, got {shown(name)} twice. "
                    "A vector x of 0 and 1 becomes names by numpy.flatnonzero(x)."
                )
            found[name] = None
    except TypeError:
        raise InputError(
            f"answer must be a collection of {kind}, got {type(answer).__name__}. "
            "Give a set of them."
        ) from None
    return list(found)


def two_sets(answer: Any, kind: str) -> tuple[set[Hashable], set[Hashable]]:
    """Return an answer that is two collections of names as two sets.

    Raises
    ------
    InputError
        If it is none: neither text nor a dict is two collections, even with two entries.
    """
    try:
        if isinstance(answer, str | bytes | Mapping):
            raise TypeError
        first, second = (set(side) for side in plain("answer", answer))
    except InputError:
        raise
    except (TypeError, ValueError):
        raise InputError(
            f"answer must be two collections of {kind}, got {type(answer).__name__}. "
            "Give a pair of sets."
        ) from None
    return first, second


def listed_order(answer: Any, kind: str) -> list[Hashable]:
    """Return an answer that names things in order, maybe one of them twice.

    Raises
    ------
    InputError
        If it has no order, or holds what is no name.
    """
    given = plain("answer", answer)
    try:
        if isinstance(given, bytes | Set | Mapping):
            raise TypeError
        order = list(given)
        hash(tuple(order))
    except TypeError:
        raise InputError(
            f"answer must be a list of {kind}, got {type(answer).__name__}. Give them in order."
        ) from None
    return order


def named(wrong: Mapping[str, Iterable[Hashable]]) -> dict[str, float]:
    """Return the violations: how many things of each kind are wrong, and the first three.

    Examples
    --------
    >>> named({"unknown": ["a", "b"], "missing": []})
    {"unknown: 'a', 'b'": 2.0}
    """
    violations = {}
    for kind, things in wrong.items():
        if listed := list(things):
            names = ", ".join(map(shown, listed[:3])) + ", ..." * (len(listed) > 3)
            violations[f"{kind}: {names}"] = float(len(listed))
    return violations
