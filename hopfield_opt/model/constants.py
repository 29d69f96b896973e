"""Numbers at the border of the language: finite, of a known shape, copied."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_matrix
from hopfield_opt.border import at, is_integer, real_array, widen
from hopfield_opt.errors import InputError, show
from hopfield_opt.model.nodes import AnyMatrix, Floats, is_sparse

_MISSING = "Look for what is missing in your data."
_COST = (
    "Forbid pairs by a constraint, such as m.add((x * (missing @ y)).sum() == 0), "
    "not by an infinite cost."
)
_INFINITE = {
    "bound": "Leave out a constraint without a bound: rows = numpy.isfinite(bound) are the others."
}
# what a factor and an addend are to a reader of the message
NAMES = {"operand": "coefficients", "matrix": "coefficients"}


def as_constant(value: Any, name: str) -> Floats:
    """Return finite numbers as a read-only float64 array of their own."""
    if is_sparse(value):
        value = widen(name, value).toarray()
    with np.errstate(over="ignore"):  # of a longer float than float64
        array = np.array(real_array(name, value), dtype=np.float64)
    _check_finite(name, array)
    array.setflags(write=False)
    return array


def as_matrix(value: Any, from_left: bool) -> tuple[AnyMatrix, bool]:
    """Return a constant factor of a matrix product as a matrix, and whether it was a vector."""
    if is_sparse(value):
        matrix = check_matrix("matrix", value)
        return matrix, False
    array = as_constant(value, "matrix")
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
    if is_integer(value) and 0 <= value < 2**63:
        return int(value)
    raise InputError(f"exponent must be an integer >= 0, got {show(value)}. Costs are polynomials.")


def first_false(good: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the place of the first False."""
    return tuple(int(k) for k in np.unravel_index(int(np.argmin(good)), good.shape))


def _check_finite(name: str, array: Floats) -> None:
    # a sum is one pass without a temporary; it is not finite if any entry is not, or on overflow
    with np.errstate(over="ignore", invalid="ignore"):
        total = array.sum()
    if np.isfinite(total) or np.isfinite(array).all():
        return
    place = first_false(np.isfinite(array))
    raise InputError(
        f"{NAMES.get(name, name)} must be finite, got {array[place]}{at(*place)}. "
        + (_INFINITE.get(name, _COST) if np.isinf(array[place]) else _MISSING)
    )
