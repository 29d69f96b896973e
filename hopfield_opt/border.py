"""What users hand over as numbers, before numpy reads it: masked, labelled, text, objects.

numpy drops the mask of a masked array and the labels of a pandas object, and takes text for
numbers. Here they are looked at once: a mask with anything behind it is refused, and labels are
followed where two things carry them and refused where only positions count.
"""

import math
import numbers
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import by_position, distinct, has_manners, is_labelled, table_of

# of a float64
DIGITS = 53

_KINDS = {
    "S": "bytes",
    "T": "text",
    "U": "text",
    "V": "records",
    "M": "dates",
    "c": "complex numbers",
    "m": "spans of time",
}

# sparse formats whose entries are one array of numbers
_FLAT = ("bsr", "coo", "csc", "csr", "dia")

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
    except ValueError:  # a signalling nan of decimal
        return float("nan")


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
    check_digits(name, array)
    return array


def check_digits(name: str, values: Any) -> None:
    """Refuse integers that float64 does not hold: they would lose their last digits.

    Parameters
    ----------
    name : str
        What the values are called.
    values : array, or one number
        Only integers are looked at: what has a fraction is rounded anyhow.
    """
    if isinstance(values, int):
        lost = [] if as_float(values) in (values, math.inf, -math.inf) else [values]
    elif getattr(values, "dtype", None) in (np.int64, np.uint64):
        lost = _too_long_for_floats(np.ravel(values)).tolist()
    else:
        return
    if lost:
        raise InputError(
            f"{name} must be numbers that float64 holds, whole ones up to 2^53, got "
            f"{show(lost[0])}. Divide them, or write float(...) if last digits do not matter."
        )


def widen(name: str, matrix: Any) -> Any:
    """Return a sparse matrix of real numbers whose entries of one place add up without overflow.

    scipy adds them up in the type that they have: 200 and 200 in 8 bits is 144.
    """
    if matrix.dtype.kind not in "iuf":
        return matrix
    if matrix.dtype in (np.int64, np.uint64):
        check_digits(name, matrix.data if matrix.format in _FLAT else matrix.tocoo().data)
    return matrix.astype(np.float64, copy=False)


def _too_long_for_floats(values: NDArray[Any]) -> NDArray[Any]:
    """Return those of 64-bit integers that have more digits than a float."""
    if not values.size or max(int(values.max()), -int(values.min())) <= 2**DIGITS:
        return values[:0]
    # the odd part of a number is what takes digits; that of 0 is 0
    sizes = np.abs(values).astype(np.uint64)
    lowest = np.maximum(sizes & (~sizes + np.uint64(1)), np.uint64(1))
    return np.compress(sizes // lowest > 2**DIGITS, values)


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
            f"{name} must be an array of real numbers, got ragged rows: {show(value)}. "
            "Give all of them one length."
        ) from None


def is_integer(value: Any) -> bool:
    """Return whether a value is a whole number of Python or numpy, and no truth value."""
    # a span of time is an integer to numpy
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.timedelta64)


def is_truth(value: Any) -> bool:
    """Return whether a value is a truth value of Python or numpy."""
    return isinstance(value, bool | np.bool_)


def as_list(value: Any) -> list[Any] | None:
    """Return the members of a collection, or None for text and what is no collection."""
    if isinstance(value, str | bytes):
        return None
    try:
        return list(value)
    except TypeError:  # some things only look iterable
        return None


def _from_objects(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    """Return an array of Python objects as floats, naming the first that is no number."""
    own = np.empty(array.shape)
    for where, value in np.ndenumerate(array):
        number = as_float(value)
        if number is None:
            got = show(value) + at(*where) if where else type(value).__name__
            raise InputError(
                f"{name} must be an array of real numbers, got {got}. "
                "Give numbers, a list or an array of them."
            )
        check_digits(name, value)
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
        return _unmask(name, value)
    if is_labelled(value):
        return by_position(name, value)
    if isinstance(value, list | tuple) and _anywhere(value, _is_special):
        return [plain(f"{name}[{k}]", part) for k, part in enumerate(value)]
    _check_no_result(name, value)
    return value


def _check_no_result(name: str, value: Any) -> None:
    """Raise InputError for what holds an answer where the answer is wanted."""
    if hasattr(value, "answer") and not isinstance(value, Mapping):
        raise InputError(
            f"{name} must be the answer alone, got a {type(value).__name__}. Give its .answer."
        )


def _is_special(kind: type) -> bool:
    return issubclass(kind, np.ma.MaskedArray) or has_manners(kind)


def _anywhere(value: Any, wanted: Callable[[type], bool], depth: int = 0) -> bool:
    """Return whether a type fits among the entries of nested lists."""
    kinds = set(map(type, value))
    if any(map(wanted, kinds)):
        return True
    deeper = depth < _DEEPEST and any(issubclass(kind, list | tuple) for kind in kinds)
    return deeper and any(
        _anywhere(part, wanted, depth + 1) for part in value if isinstance(part, list | tuple)
    )


def _unmask(name: str, value: Any) -> NDArray[Any]:
    mask = np.ma.getmaskarray(value)
    if mask.dtype != np.bool_ or mask.any():
        where = np.argwhere(mask)[0] if mask.dtype == np.bool_ else ()
        raise InputError(
            f"{name} must have no masked entries, got one{at(*where)}. "
            "Say what it stands for, for example .filled(0)."
        )
    return np.asarray(value.data)


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
        entries, labels = table_of(value)
        if entries.ndim > 1 and not rows:
            raise InputError(
                f"{name} must have one value for each label, got a {type(value).__name__}. "
                "Choose one of its columns."
            )
        if not labels or labels[0] is None:
            return None
        return dict(zip(distinct(name, labels[0]), entries, strict=True))
    _check_no_result(name, value)
    return value if isinstance(value, Mapping) and not issparse(value) else None


def at(*where: Any) -> str:
    """Return the place of an entry as the end of a message: nothing for a single number."""
    return f" at {[int(k) for k in where]}" if where else ""
