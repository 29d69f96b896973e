"""Arrays with labels on their axes, as pandas has them: followed by label, or refused.

pandas is known by its manners and never imported.
"""

from collections.abc import Hashable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, show, text

Labels = tuple[Hashable, ...]


def is_labelled(value: Any) -> bool:
    """Return whether a value is a Series or DataFrame of pandas, or has their manners."""
    return isinstance(getattr(value, "axes", None), list) and hasattr(value, "to_numpy")


def axis_labels(name: str, value: Any, axis: int) -> Labels:
    """Return the labels along one axis, each of which must stand there once."""
    labels = tuple(value.axes[axis].tolist())
    seen: set[Hashable] = set()
    for label in labels:
        if label in seen or label != label:
            again = "a missing one" if label != label else f"{show(label)} twice"
            raise InputError(
                f"the labels of {name} must be distinct, got {again}. "
                "Name each row once, or write .to_numpy() to go by position."
            )
        seen.add(label)
    return labels


def _is_position(labels: Labels) -> bool:
    """Return whether labels are 0 ... n - 1 in any order: positions."""
    return set(labels) == set(range(len(labels)))


def _order(labels: Labels) -> NDArray[np.int64]:
    """Return where each position stands."""
    return np.argsort(np.array(labels, dtype=np.int64))


def by_position(name: str, value: Any) -> NDArray[Any]:
    """Return a labelled array in the order of its labels, which are 0 ... n - 1 on each axis."""
    array = np.asarray(value.to_numpy())
    for axis in range(array.ndim):
        labels = axis_labels(name, value, axis)
        if not _is_position(labels):
            raise InputError(
                f"the labels of {name} must be 0 ... {len(labels) - 1}, since it goes by position, "
                f"got {show(labels[0])} on axis {axis}. Write .to_numpy() if the order is right."
            )
        array = np.take(array, _order(labels), axis=axis)
    return array


def square_frame(name: str, value: Any) -> tuple[Labels | None, Any]:
    """Return the labels of a square labelled array, and its entries in their order on both axes.

    The columns follow the rows. Labels 0 ... n - 1 are positions: None is returned for them, as
    for anything that has none.

    Raises
    ------
    InputError
        If it is not square, or rows and columns are called differently.
    """
    if not is_labelled(value):
        return None, value
    array = np.asarray(value.to_numpy())
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InputError(
            f"{name} must be square, got a {type(value).__name__} of shape {array.shape}. "
            "A table of edges is a list of them: table.values.tolist()."
        )
    rows, columns = (axis_labels(name, value, axis) for axis in (0, 1))
    if _is_position(rows) and _is_position(columns):
        return None, array[np.ix_(_order(rows), _order(columns))]
    unnamed = tuple(range(len(rows)))
    if unnamed in (rows, columns):
        return (columns if rows == unnamed else rows), array
    return rows, array[:, _places(name, columns, rows, "the same labels on rows and columns")]


def in_order_of(name: str, value: Any, *leaders: Any) -> Any:
    """Return a labelled array with each axis in the order of a leader's labels.

    A value without labels stays as it is, and so does one whose leaders have none.

    Parameters
    ----------
    name : str
        What the value is called.
    value : object
        What is to be brought into order.
    *leaders : labels or None
        The labels to follow, axis by axis; None: there are none.
    """
    if not is_labelled(value) or all(labels is None for labels in leaders):
        return value
    array = np.asarray(value.to_numpy())
    for axis, wanted in enumerate(leaders[: array.ndim]):
        own = axis_labels(name, value, axis)
        wanted = tuple(range(len(own))) if wanted is None else wanted
        places = _places(name, own, wanted, "the labels of what it belongs to")
        array = np.take(array, places, axis=axis)
    return array


def _places(name: str, own: Any, wanted: Any, requirement: str) -> list[int]:
    """Return where each wanted label stands among its own; both must hold the same labels."""
    if stranger := set(wanted).symmetric_difference(own):
        raise InputError(
            f"{name} must have {requirement}, got "
            f"{show(min(stranger, key=text))} on one side only. "
            "Write .to_numpy() to go by position."
        )
    place = {label: position for position, label in enumerate(own)}
    return [place[label] for label in wanted]
