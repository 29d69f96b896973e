"""Arrays at the border: conversion, checks that name the offending entry, read-only copies."""

from collections.abc import Callable
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from hopfield_opt.errors import InputError, SizeError

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Matrix: TypeAlias = FloatArray | csr_array

MEMORY_LIMIT = 2 * 1024**3
"""Bytes above which an implicit coupling is not expanded (2 GiB)."""

# Work arrays of a batched operation stay near this size: large enough for BLAS, small
# enough that energies of 10^5 replicas do not need 10^5 x N floats at once.
_WORK_BYTES = 32 * 1024**2


def freeze(value: Any) -> Any:
    """Set an array (dense or CSR) read-only and return it; anything else passes."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, csr_array):
        for part in (value.data, value.indices, value.indptr):
            part.flags.writeable = False
    return value


class Frozen:
    """Base of the frozen dataclasses that hold arrays: read-only, also after pickling."""

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, freeze(value))

    @classmethod
    def _make(cls, **values: Any) -> Self:
        """Return an object from fields that are known to be valid, without checks."""
        new = cls.__new__(cls)
        new._set(**values)
        return new

    def _changed(self, **values: Any) -> Self:
        """Return a copy with some fields replaced by valid ones, without checks."""
        return self._make(**{**self.__dict__, **values})

    def __setstate__(self, state: dict[str, Any]) -> None:
        # numpy forgets the flag in a pickle
        self._set(**state)


def checked_number(name: str, value: Any) -> float:
    """Return `value` as a finite float."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number, got {value!r}.") from None
    if not np.isfinite(number):
        raise InputError(f"{name} must be finite, got {number}.")
    return number


def checked_count(name: str, value: Any) -> int:
    """Return `value` as a non-negative int."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer) or value < 0:
        raise InputError(f"{name} must be a non-negative integer, got {value!r}.")
    return int(value)


def _real(name: str, value: ArrayLike) -> FloatArray:
    """Return an own float64 copy in C order of anything that numpy understands."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biufO":
            raise InputError(f"{name} must be real numbers, got dtype {array.dtype}.")
        return array.astype(np.float64, order="C")
    except InputError:
        raise
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be an array of real numbers, got {error}.") from None


def checked_array(name: str, value: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Return an own, finite float64 copy of the given shape."""
    array = _real(name, value)
    if array.shape != shape:
        raise InputError(f"{name} must have shape {shape}, got {array.shape}.")
    finite = np.isfinite(array)
    if not finite.all():
        where = np.unravel_index(int(np.argmin(finite)), shape)
        raise InputError(f"{name} must be finite, got {array[where]} at {_place(*where)}.")
    return array


def checked_vector(name: str, value: ArrayLike, size: int) -> FloatArray:
    """Return an own, finite float64 vector of length `size`; a scalar is repeated."""
    if np.ndim(value) == 0:
        return np.full(size, checked_number(name, value))
    return checked_array(name, value, (size,))


def checked_matrix(name: str, value: Any) -> Matrix:
    """Return an own, finite float64 copy: an ndarray, or a canonical CSR without zeros."""
    if issparse(value):
        return _checked_sparse(name, value)
    shape = np.shape(value)
    if len(shape) != 2:
        raise InputError(f"{name} must be a matrix, got shape {shape}.")
    return checked_array(name, value, shape)


def checked_square(name: str, value: Any) -> Matrix:
    """Return `checked_matrix` of a square matrix."""
    matrix = checked_matrix(name, value)
    if matrix.shape[0] != matrix.shape[1]:
        raise InputError(f"{name} must be square, got shape {matrix.shape}.")
    return matrix


def _checked_sparse(name: str, value: Any) -> csr_array:
    if value.ndim != 2 or value.dtype.kind not in "biufO":
        raise InputError(
            f"{name} must be a real matrix, got shape {value.shape}, dtype {value.dtype}."
        )
    matrix = csr_array(value, dtype=np.float64, copy=True)
    try:
        matrix.check_format(full_check=True)
    except ValueError as error:
        raise InputError(f"{name} must be a valid sparse matrix, got {error}.") from None
    matrix.sum_duplicates()
    finite = np.isfinite(matrix.data)
    if not finite.all():
        k = int(np.argmin(finite))
        where = _place(np.searchsorted(matrix.indptr, k, side="right") - 1, matrix.indices[k])
        raise InputError(f"{name} must be finite, got {matrix.data[k]} at {where}.")
    if not matrix.data.all():
        matrix.eliminate_zeros()
    return matrix


def checked_indices(name: str, value: ArrayLike, ndim: int, lowest: int = 0) -> IntArray:
    """Return an own int64 copy: entries >= `lowest`, distinct (a negative one may repeat)."""
    array = np.asarray(value)
    if array.size == 0 and array.ndim == ndim:
        return array.astype(np.int64)
    if array.ndim != ndim or array.dtype.kind not in "iu":
        raise InputError(
            f"{name} must be a {ndim}-d array of integers, "
            f"got shape {array.shape}, dtype {array.dtype}."
        )
    array = array.astype(np.int64)
    ordered = np.sort(array, axis=None)
    if ordered[0] < lowest:
        raise InputError(f"{name} must be at least {lowest}, got {ordered[0]}.")
    twice = (ordered[1:] == ordered[:-1]) & (ordered[1:] >= 0)
    if twice.any():
        raise InputError(f"{name} must be distinct, got {ordered[1:][twice][0]} twice.")
    return array


def checked_spins(name: str, value: ArrayLike, num_spins: int) -> NDArray[Any]:
    """Return `value` as an array of shape (N,) or (R, N) whose entries are -1 or +1."""
    states = np.asarray(value)
    if states.ndim not in (1, 2) or states.shape[-1] != num_spins:
        raise InputError(
            f"{name} must have shape ({num_spins},) or (R, {num_spins}), got {states.shape}."
        )
    if states.dtype.kind not in "if":
        raise InputError(
            f"{name} must be numbers -1 and +1, got dtype {states.dtype}. "
            "For binaries x use 2 * x.astype('int8') - 1."
        )
    # not states * states: in int8 127 * 127 is 1
    wrong = np.abs(states) != 1
    if wrong.any():
        where = np.unravel_index(int(np.argmax(wrong)), states.shape)
        raise InputError(
            f"{name} must be -1 or +1, got {states[where]} at {_place(*where)}. "
            "For binaries x use 2 * x - 1."
        )
    return states


def blockwise(
    function: Callable[[FloatArray], FloatArray], states: NDArray[Any], width: int
) -> FloatArray:
    """Apply a function of (B, N) float64 states to blocks of rows and join the results.

    `width` is the number of floats per row that the function works with.
    """
    rows = max(1, _WORK_BYTES // (8 * max(1, width)))
    parts = [
        function(states[start : start + rows].astype(np.float64))
        for start in range(0, max(1, len(states)), rows)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def check_memory(name: str, predicted: int) -> None:
    """Raise SizeError if an expansion of `predicted` bytes is above the limit."""
    if predicted > MEMORY_LIMIT:
        raise SizeError(
            f"{name} must fit into {MEMORY_LIMIT / 2**30:.3g} GiB when expanded, got about "
            f"{predicted / 2**30:.3g} GiB. Use energy and local_field, which never expand "
            "couplings, or raise hopfield_opt.arrays.MEMORY_LIMIT."
        )


def _place(*where: Any) -> str:
    return str([int(k) for k in where])
