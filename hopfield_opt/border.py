"""What users hand over as numbers, before numpy reads it: masked, labelled, text, objects.

numpy drops the mask of a masked array and the labels of a pandas object, and takes text for
numbers. Here they are looked at once: a mask with anything behind it is refused, and labels are
followed where two things carry them and refused where only positions count. pandas is known by
its manners and never imported.
"""

import numbers
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from hopfield_opt.errors import InputError, shown, text

Labels = tuple[Hashable, ...]

_KINDS = {
    "S": "bytes",
    "T": "text",
    "U": "text",
    "V": "records",
    "M": "dates",
    "c": "complex numbers",
    "m": "spans of time",
}

# numpy has no more axes than this: lists nested deeper hold themselves
_DEEPEST = 64


def as_float(value: Any) -> float | None:
    """Return a real number as a float, infinite above the largest, or None if it is no number.

    Text is none, nor are truth-like, complex, masked and dated things; a zero-dimensional array
    is what it holds.
    """
    if type(value) is float:
        return value
    if np.ma.is_masked(value) or getattr(getattr(value, "dtype", None), "kind", "f") in "mM":
        return None
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, numbers.Real | Decimal):
        return None
    number: Any = value
    try:
        return float(number)
    except OverflowError:  # an integer above the largest float
        return float("inf" if number > 0 else "-inf")


def real_array(name: str, value: Any) -> NDArray[Any]:
    """Return an array of real numbers by position, of kind b, i, u or f; maybe the user's own.

    Raises
    ------
    InputError
        If an entry is no real number or masked, or if labels are not 0, 1, ... .
    """
    array = as_array(name, value)
    if array.dtype.kind == "O":
        return _from_objects(name, array)
    if array.dtype.kind not in "biuf":
        raise InputError(
            f"{name} must be an array of real numbers, got dtype {array.dtype}, "
            f"{_KINDS[array.dtype.kind]}. Convert its entries to numbers first."
        )
    return array


def as_array(name: str, value: Any) -> NDArray[Any]:
    """Return an array of anything by position; maybe the user's own.

    Raises
    ------
    InputError
        If rows have different lengths, an entry is masked, or labels are not 0, 1, ... .
    """
    if issparse(value):
        raise InputError(
            f"{name} must be an array of real numbers, got a sparse {type(value).__name__}. "
            "Write .toarray()."
        )
    given = plain(name, value)
    try:
        return np.asarray(given)
    except (TypeError, ValueError, RecursionError):
        raise InputError(
            f"{name} must be an array of real numbers, got ragged rows: {shown(value)}. "
            "Give all of them one length."
        ) from None


def is_integer(value: Any) -> bool:
    """Return whether a value is a whole number of Python or numpy, and no truth value."""
    # a span of time is an integer to numpy
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.timedelta64)


def _from_objects(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    """Return an array of Python objects as floats, naming the first that is no number."""
    own = np.empty(array.shape)
    for where, value in np.ndenumerate(array):
        number = as_float(value)
        if number is None:
            got = shown(value) + at(*where) if where else type(value).__name__
            raise InputError(
                f"{name} must be an array of real numbers, got {got}. "
                "Give numbers, a list or an array of them."
            )
        own[where] = number
    return own


def plain(name: str, value: Any) -> Any:
    """Return what numpy may read by position: the value, or the array inside of it.

    Raises
    ------
    InputError
        If anything is masked, or labels are other than 0, 1, ... .
    """
    if isinstance(value, np.ma.MaskedArray):
        return _unmasked(name, value)
    if is_labelled(value):
        return _by_position(name, value)
    if isinstance(value, list | tuple) and _anywhere(value, _is_special):
        return [plain(f"{name}[{k}]", part) for k, part in enumerate(value)]
    return value


def _is_special(kind: type) -> bool:
    return issubclass(kind, np.ma.MaskedArray) or (
        hasattr(kind, "axes") and hasattr(kind, "to_numpy")
    )


def _anywhere(value: Any, wanted: Callable[[type], bool], depth: int = 0) -> bool:
    """Return whether a type fits among the entries of nested lists."""
    kinds = set(map(type, value))
    if any(map(wanted, kinds)):
        return True
    deeper = depth < _DEEPEST and any(issubclass(kind, list | tuple) for kind in kinds)
    return deeper and any(
        _anywhere(part, wanted, depth + 1) for part in value if isinstance(part, list | tuple)
    )


def _unmasked(name: str, value: Any) -> NDArray[Any]:
    mask = np.ma.getmaskarray(value)
    if mask.dtype != np.bool_ or mask.any():
        where = np.argwhere(mask)[0] if mask.dtype == np.bool_ else ()
        raise InputError(
            f"{name} must have no masked entries, got one{at(*where)}. "
            "Say what it stands for, for example .filled(0)."
        )
    return np.asarray(value.data)


# labels ------------------------------------------------------------------------------------


def is_labelled(value: Any) -> bool:
    """Return whether a value is a Series or DataFrame of pandas, or has their manners."""
    return isinstance(getattr(value, "axes", None), list) and hasattr(value, "to_numpy")


def axis_labels(name: str, value: Any, axis: int) -> Labels:
    """Return the labels along one axis, each of which must stand there once."""
    labels = tuple(value.axes[axis].tolist())
    seen: set[Hashable] = set()
    for label in labels:
        if label in seen or label != label:
            again = "a missing one" if label != label else f"{shown(label)} twice"
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


def _by_position(name: str, value: Any) -> NDArray[Any]:
    """Return a labelled array in the order of its labels, which are 0 ... n - 1 on each axis."""
    array = np.asarray(value.to_numpy())
    for axis in range(array.ndim):
        labels = axis_labels(name, value, axis)
        if not _is_position(labels):
            raise InputError(
                f"the labels of {name} must be 0 ... {len(labels) - 1}, since it goes by position, "
                f"got {shown(labels[0])} on axis {axis}. Write .to_numpy() if the order is right."
            )
        array = np.take(array, _order(labels), axis=axis)
    return array


def as_mapping(name: str, value: Any, rows: bool = False) -> Mapping[Any, Any] | None:
    """Return a dict as it is, and a labelled array as one from its labels; None for others.

    A sparse matrix of scipy in the format dok is a dict by birth only, and is none here.

    Parameters
    ----------
    name : str
        What the value is called.
    value : object
        Anything.
    rows : bool
        Whether each label may have a row of values.
    """
    if is_labelled(value):
        if len(value.axes) > 1 and not rows:
            raise InputError(
                f"{name} must have one value for each label, got a {type(value).__name__}. "
                "Choose one of its columns."
            )
        return dict(zip(axis_labels(name, value, 0), value.to_numpy(), strict=True))
    return value if isinstance(value, Mapping) and not issparse(value) else None


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
    place = {label: position for position, label in enumerate(columns)}
    if stranger := set(rows).symmetric_difference(columns):
        raise InputError(
            f"{name} must have the same labels on rows and columns, got "
            f"{shown(min(stranger, key=text))} on one side only. "
            "Write .to_numpy() to go by position."
        )
    return rows, array[:, [place[label] for label in rows]]


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
        place = {label: position for position, label in enumerate(own)}
        if stranger := set(wanted).symmetric_difference(own):
            raise InputError(
                f"{name} must have the labels of what it belongs to, got "
                f"{shown(min(stranger, key=text))} on one side only. "
                "Write .to_numpy() to go by position."
            )
        array = np.take(array, [place[label] for label in wanted], axis=axis)
    return array


def at(*where: Any) -> str:
    """Return the place of an entry as the end of a message: nothing for a single number."""
    return f" at {[int(k) for k in where]}" if where else ""
