"""Arrays with labels on their axes, as others have them: followed by label, or refused.

Series and DataFrames of pandas, DataFrames of polars, whose rows are named by a first column that
holds no numbers, and DataArrays of xarray. Each is known by its manners and none is imported.
"""

from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, show, text

Labels = tuple[Hashable, ...]

# what a class has that says whose it is
_PANDAS = ("axes", "to_numpy")
_POLARS = ("columns", "to_series", "to_numpy")
_XARRAY = ("dims", "coords", "to_numpy")


class Table(NamedTuple):
    """An array, and the labels along each axis, None where there are none."""

    entries: NDArray[Any]
    labels: tuple[Labels | None, ...]


def has_manners(kind: type) -> bool:
    """Return whether what is of a class has labels."""
    return any(_has(kind, manners) for manners in (_PANDAS, _POLARS, _XARRAY))


def _has(kind: type, manners: tuple[str, ...]) -> bool:
    return all(hasattr(kind, name) for name in manners)


def is_labelled(value: Any) -> bool:
    """Return whether a value is a Series, a DataFrame or a DataArray, or has their manners."""
    return has_manners(type(value))


def num_axes(value: Any) -> int:
    """Return the number of axes of an array or a table, 1 for what says of none."""
    return table_of(value).entries.ndim if is_labelled(value) else getattr(value, "ndim", 1)


def table_of(value: Any) -> Table:
    """Return what is labelled as an array and its labels, in the order in which they stand."""
    kind = type(value)
    if _has(kind, _PANDAS):
        axes = tuple(tuple(axis.tolist()) for axis in value.axes)
        return Table(np.asarray(value.to_numpy()), axes)
    if _has(kind, _XARRAY):
        indexes = value.indexes
        names = (indexes.get(dim) for dim in value.dims)
        own = tuple(None if axis is None else tuple(axis.tolist()) for axis in names)
        return Table(np.asarray(value.to_numpy()), own)
    return _from_polars(value)


def _from_polars(frame: Any) -> Table:
    """Return the numbers of a frame; a first column of others names its rows."""
    first = frame.dtypes[0] if frame.columns else None
    if first is None or first.is_numeric() or str(first) == "Boolean":
        return Table(np.asarray(frame.to_numpy()), (None, tuple(frame.columns)))
    rows, rest = tuple(frame.to_series(0).to_list()), frame.drop(frame.columns[0])
    if rest.shape[1] == 1:  # names and values: a series
        return Table(np.asarray(rest.to_series(0).to_numpy()), (rows,))
    return Table(np.asarray(rest.to_numpy()), (rows, tuple(rest.columns)))


def distinct(name: str, labels: Iterable[Hashable]) -> Labels:
    """Return labels, each of which must stand there once."""
    own = tuple(labels)
    seen: set[Hashable] = set()
    for label in own:
        if label in seen or label != label or label is None:
            missing = label is None or label != label
            again = "a missing one" if missing else f"{show(label)} twice"
            raise InputError(
                f"the labels of {name} must be distinct, got {again}. "
                "Name each row once, or write .to_numpy() to go by position."
            )
        seen.add(label)
    return own


def axis_labels(name: str, value: Any, axis: int) -> Labels | None:
    """Return the labels along one axis, each of which must stand there once; None without any."""
    labels = table_of(value).labels[axis]
    return None if labels is None else distinct(name, labels)


def _is_position(labels: Labels) -> bool:
    """Return whether labels are 0 ... n - 1 in any order: positions."""
    return set(labels) == set(range(len(labels)))


def _order(labels: Labels) -> NDArray[np.int64]:
    """Return where each position stands."""
    return np.argsort(np.array(labels, dtype=np.int64))


def by_position(name: str, value: Any) -> NDArray[Any]:
    """Return a labelled array in the order of its labels, which are 0 ... n - 1 on each axis."""
    array, axes = table_of(value)
    for axis, own in enumerate(axes):
        if own is None:
            continue
        labels = distinct(name, own)
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
    array, axes = table_of(value)
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InputError(
            f"{name} must be square, got a {type(value).__name__} of shape {array.shape}. "
            "A table of edges is a list of them: table.values.tolist()."
        )
    if axes == (None, None):
        return None, array
    rows, columns = (distinct(name, _named(name, own, axis)) for axis, own in enumerate(axes))
    if _is_position(rows) and _is_position(columns):
        return None, array[np.ix_(_order(rows), _order(columns))]
    unnamed = tuple(range(len(rows)))
    if unnamed in (rows, columns):
        return (columns if rows == unnamed else rows), array
    return rows, array[:, _places(name, columns, rows, "the same labels on rows and columns")]


def _named(name: str, labels: Labels | None, axis: int) -> Labels:
    """Return the labels of an axis, where there must be some."""
    if labels is None:
        raise InputError(
            f"{name} must have labels on axis {axis}, got none there. Name them (in polars by a "
            "first column of names), or write .to_numpy() to go by position."
        )
    return labels


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
    array, axes = table_of(value)
    for axis, (wanted, labels) in enumerate(zip(leaders, axes, strict=False)):
        if wanted is None and labels is None:
            continue
        own = distinct(name, _named(name, labels, axis))
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
