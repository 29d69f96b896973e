"""How answers name things: sets of them, two sets, lists in order."""

from collections.abc import Hashable, Mapping, Set
from typing import Any

from hopfield_opt.border import as_mapping, plain
from hopfield_opt.errors import InputError, show


def distinct_names(answer: Any, kind: str) -> list[Hashable]:
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
    >>> distinct_names(("b", "a"), "items")
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
                    f"answer must name each of the {kind} once, got {show(name)} twice. "
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
        If it is none: neither text nor a dict is two collections, even with two entries, nor are
        two names.
    """
    try:
        if isinstance(answer, str | bytes | Mapping):
            raise TypeError
        sides = list(plain("answer", answer))
        # the letters of a name are no collection of names
        if any(isinstance(side, str | bytes) for side in sides):
            raise TypeError
        first, second = map(set, sides)
    except InputError:
        raise
    except (TypeError, ValueError):
        raise InputError(
            f"answer must be two collections of {kind}, got {type(answer).__name__}. "
            "Give a pair of sets."
        ) from None
    return first, second


def ordered_names(answer: Any, kind: str) -> list[Hashable]:
    """Return an answer that names things in order, maybe one of them twice.

    Raises
    ------
    InputError
        If it has no order, or holds what is no name.
    """
    given = plain("answer", answer)
    try:
        if isinstance(given, str | bytes | Set | Mapping):
            raise TypeError
        order = list(given)
        hash(tuple(order))
    except TypeError:
        raise InputError(
            f"answer must be a list of {kind}, got {type(answer).__name__}. Give them in order."
        ) from None
    return order


def pairs_in(answer: Any, kind: str) -> list[tuple[Hashable, Hashable]]:
    """Return the pairs of names in a collection.

    Raises
    ------
    InputError
        If it is none: of a dict the keys alone would be read, of a name the letters.
    """
    try:
        if isinstance(answer, str | bytes | Mapping):
            raise TypeError
        given = list(plain("answer", answer))
        if any(isinstance(pair, str | bytes) for pair in given):
            raise TypeError
        pairs = [(u, v) for u, v in given]
        hash(tuple(pairs))
    except InputError:
        raise
    except (TypeError, ValueError):
        raise InputError(
            f"answer must be a collection of pairs of {kind}, got {show(answer)}. "
            "Give a set of tuples."
        ) from None
    return pairs


def colors_in(answer: Any) -> Mapping[Any, Any]:
    """Return the colours of vertices, by vertex.

    Raises
    ------
    InputError
        If it is no mapping.
    """
    given = as_mapping("answer", answer)
    if given is None:
        raise InputError(
            f"answer must map vertices to colours, got {type(answer).__name__}. "
            "Write dict(zip(vertices, colours))."
        )
    return given
