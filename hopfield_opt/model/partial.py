"""Assignments of some variables only: what is left open is filled in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.border import as_mapping, plain
from hopfield_opt.frames import is_labelled, table_of
from hopfield_opt.model.nodes import Floats
from hopfield_opt.model.variable import Variable

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model


def simplest(variable: Variable) -> Floats:
    """Return the values of a variable that are as near to 0 as they come; of spins, -1."""
    if variable.kind == "spin":
        return variable.lower
    return np.asarray(np.clip(0.0, variable.lower, variable.upper))


def complete(model: "Model", assignment: Any) -> Any:
    """Return an assignment in which what is left open is as near to 0 as it comes.

    Open are variables that are not named, entries that are nan, and labels that a table lacks.
    Whatever else is wrong is left to who reads it.

    Parameters
    ----------
    model : Model
        Whose variables they are.
    assignment : mapping of str to array, or anything else
        What is known of them.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> m = Model()
    >>> x, k = m.binary(3, name="x"), m.integer((), 2, 5, name="k")
    >>> {name: value.tolist() for name, value in complete(m, {"x": [1, np.nan, 1]}).items()}
    {'x': [1.0, 0.0, 1.0], 'k': 2.0}
    """
    given = as_mapping("start", assignment)
    if given is None:
        return assignment
    own = {one.name: _filled(one, given) for one in model.variables}
    return {**given, **own}


def _filled(variable: Variable, given: Mapping[Any, Any]) -> Any:
    if variable.name not in given:
        return np.array(simplest(variable))
    value = given[variable.name]
    array = value
    if is_labelled(value):  # what has no labels goes by the position that those of a table say
        array = _by_label(variable, value) if variable.labels else plain(variable.name, value)
    try:
        known = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        return value
    is_open = np.isnan(known)
    if known.shape != variable.shape or not is_open.any():
        return value
    return np.where(is_open, simplest(variable), known)


def _by_label(variable: Variable, value: Any) -> Any:
    """Return a table in the order of a variable, nan where it says nothing."""
    table = table_of(value)
    found = np.full(variable.shape, np.nan)
    if len(table.labels) != len(variable.labels):
        return value
    places = []
    for own, labels in zip(table.labels, variable.labels, strict=True):
        order = {label: place for place, label in enumerate(labels)}
        if own is None or len(set(own)) < len(own) or not set(own) <= order.keys():
            return value
        places.append([order[label] for label in own])
    found[np.ix_(*places)] = table.entries
    return found
