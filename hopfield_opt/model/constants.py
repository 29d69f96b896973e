"""Numbers at the border of the language: finite, of a known shape, copied."""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.errors import InputError
from hopfield_opt.model.nodes import AnyMatrix, Floats, is_sparse


def as_constant(value: Any) -> Floats:
    """Return finite numbers as a read-only float64 array of their own."""
    if is_sparse(value):
        value = value.toarray()
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(
            f"operand must be a number, an array or an expression, got {type(value).__name__}. "
            "Convert it to a numpy array of numbers."
        ) from None
    _check_finite(array)
    array.setflags(write=False)
    return array


def as_matrix(value: Any, from_left: bool) -> tuple[AnyMatrix, bool]:
    """Return a constant factor of a matrix product as a matrix, and whether it was a vector."""
    if is_sparse(value):
        matrix = scipy.sparse.csr_array(value, dtype=np.float64, copy=True)
        _check_finite(matrix.data)
        return matrix, False
    array = as_constant(value)
    if array.ndim == 1:
        return (array[None, :] if from_left else array[:, None]), True
    if array.ndim != 2:
        raise InputError(
            f"matrix must have one or two axes, got shape {array.shape}. "
            "Use * and .sum(axis) for other products."
        )
    return array, False


def as_exponent(value: Any) -> int:
    """Return an exponent as an integer >= 0."""
    if isinstance(value, (int, np.integer)) and value >= 0:
        return int(value)
    raise InputError(f"exponent must be an integer >= 0, got {value!r}. Costs are polynomials.")


def first_false(good: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the place of the first False."""
    return tuple(int(k) for k in np.unravel_index(int(np.argmin(good)), good.shape))


def _check_finite(array: Floats) -> None:
    # a sum is one pass without a temporary; it is not finite if any entry is not, or on overflow
    with np.errstate(over="ignore", invalid="ignore"):
        total = array.sum()
    if np.isfinite(total) or np.isfinite(array).all():
        return
    place = first_false(np.isfinite(array))
    where = f" at {place}" if place else ""
    advice = "Look for what is missing in your data."
    if np.isinf(array[place]):
        advice = (
            "Forbid pairs by a constraint, such as m.add((x * (missing @ y)).sum() == 0), "
            "not by an infinite cost."
        )
    raise InputError(f"coefficients must be finite, got {array[place]}{where}. {advice}")
