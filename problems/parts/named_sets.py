"""Sets of elements as users write them, in an order that is always the same."""

from collections.abc import Hashable, Iterable, Set
from itertools import compress
from typing import Any

import numpy as np

from hopfield_opt.border import as_mapping, plain, real_array
from hopfield_opt.errors import InputError, show, text
from hopfield_opt.frames import axis_labels, is_labelled, num_axes, table_of


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


def _rows_of(table: Any) -> dict[Hashable, list[Hashable]]:
    """Return the sets of a labelled table of 0 and 1: the columns that hold 1 in each row."""
    rows, columns = (axis_labels("sets", table, axis) for axis in (0, 1))
    entries = real_array("sets", table_of(table).entries)
    if rows is None or columns is None or not np.isin(entries, (0, 1)).all():
        raise InputError(
            "sets must be a table of 0 and 1 with names of the sets and of their elements, got "
            f"a {type(table).__name__} of other numbers, or without names. Compare it with 0."
        )
    members = entries.astype(bool)
    return {row: list(compress(columns, line)) for row, line in zip(rows, members, strict=True)}


def universe_of(sets: Any) -> Iterable[Hashable] | None:
    """Return the elements that a labelled table names, those in none of its sets, too."""
    return axis_labels("sets", sets, 1) if _is_table(sets) else None


def _is_table(sets: Any) -> bool:
    return is_labelled(sets) and num_axes(sets) == 2


def named_sets(sets: Any) -> tuple[tuple[Hashable, ...], list[list[Hashable]]]:
    """Return the names of the sets, and of each its elements once, in their order."""
    if _is_table(sets):
        sets = _rows_of(sets)
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
