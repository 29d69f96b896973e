"""Sets of elements as users write them, in an order that is always the same."""

from collections.abc import Hashable, Iterable, Set
from typing import Any

from hopfield_opt.border import as_mapping, plain
from hopfield_opt.errors import InputError, show, text


def elements_of(universe: Iterable[Hashable]) -> Iterable[Hashable]:
    """Return the elements of a universe, each once."""
    try:
        if isinstance(universe, str | bytes):
            raise TypeError
        return _listed("universe", universe)
    except TypeError:
        raise InputError(
            f"universe must be a collection of elements, got {show(universe)}. Give a set."
        ) from None


def _listed(name: str, content: Any) -> list[Hashable]:
    """Return the elements of a collection, each once, in an order that is always the same."""
    found = list(dict.fromkeys(plain(name, content)))
    hashes_vary = not all(isinstance(element, int | float) for element in found)
    # that of a set depends on PYTHONHASHSEED
    return sorted(found, key=text) if isinstance(content, Set) and hashes_vary else found


def named_sets(sets: Any) -> tuple[tuple[Hashable, ...], list[list[Hashable]]]:
    """Return the names of the sets, and of each its elements once, in their order."""
    if getattr(sets, "ndim", 1) != 1:
        raise InputError(
            f"sets must be collections of elements, got a {type(sets).__name__} of shape "
            f"{sets.shape}. A table of 0 and 1, one row for each set, becomes sets by "
            "[numpy.flatnonzero(row) for row in table]."
        )
    named_sets = as_mapping("sets", sets)
    try:
        if isinstance(sets, str | bytes):
            raise TypeError(f"{type(sets).__name__}")
        found = dict(enumerate(sets)) if named_sets is None else dict(named_sets)
        for name, content in found.items():
            if isinstance(content, str | bytes):
                raise TypeError(f"{show(content)} at {show(name)}")
        contents = [_listed("sets", content) for content in found.values()]
    except TypeError as error:
        raise InputError(
            f"sets must be collections of elements, got {error}. Give a list of sets."
        ) from None
    return tuple(found), contents
