"""Arrays at the border: checks that name the offending entry, read-only copies, block work."""

import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from hopfield_opt.border import (
    as_array,
    as_float,
    at,
    check_digits,
    is_integer,
    is_truth,
    real_array,
    widen,
)
from hopfield_opt.errors import HopfieldWarning, InputError, SizeError, show
from hopfield_opt.frames import square_frame

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
SpinArray: TypeAlias = NDArray[np.int8]
WordArray: TypeAlias = NDArray[np.uint64]
Matrix: TypeAlias = FloatArray | csr_array
"""A matrix as the package keeps it: float64, dense in C order or canonical CSR without zeros."""

MEMORY_LIMIT = 2 * 1024**3
"""Bytes above which nothing is made that can be predicted to need them (2 GiB)."""

IMPLICIT = "Use energy, local_field and flip_energy, which never expand couplings"
"""What to do where weights would be too large."""

_FINITE = "Put a finite number there"

# Work arrays of a batched operation stay near this size: large enough for BLAS, small
# enough that the energies of 10^5 replicas do not need 10^5 x N floats at once.
WORK_BYTES = 32 * 1024**2


class Frozen:
    """Base of the frozen dataclasses that hold arrays: read-only, also after pickling."""

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, _freeze(value))

    @classmethod
    def _make(cls, **values: Any) -> Self:
        """Return an object from fields that are known to be valid, without checks."""
        new = cls.__new__(cls)
        new._set(**values)
        return new

    def _replace_fields(self, **values: Any) -> Self:
        """Return a copy with some fields replaced by valid ones, without checks."""
        return self._make(**{**self.__dict__, **values})

    def __setstate__(self, state: dict[str, Any]) -> None:
        # numpy forgets in a pickle that an array was read-only
        self._set(**state)


def _freeze(value: Any) -> Any:
    """Set an array (dense or CSR) read-only and return it; anything else passes."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, csr_array):
        for part in (value.data, value.indices, value.indptr):
            part.flags.writeable = False
    return value


def warn(message: str) -> None:
    """Issue a HopfieldWarning that points at the line outside the package."""
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("hopfield_opt."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, HopfieldWarning, stacklevel=level)


def check_number(name: str, value: Any, *, infinite: bool = False) -> float:
    """Return `value` as a float, finite unless `infinite` is allowed, never NaN."""
    number = as_float(value)
    if number is None:
        raise InputError(f"{name} must be a number, got {show(value)}. Give one number.")
    check_digits(name, value)
    if np.isnan(number) or (np.isinf(number) and not infinite):
        wanted = "a number, or infinite" if infinite else "finite"
        raise InputError(f"{name} must be {wanted}, got {number}. {_FINITE}.")
    return number


def check_integer(name: str, value: Any, *, lowest: int | None = None) -> int:
    """Return `value` as an int that is not below `lowest`."""
    if not is_integer(value):
        raise InputError(f"{name} must be an integer, got {show(value)}.")
    if lowest is not None and value < lowest:
        raise InputError(f"{name} must be at least {lowest}, got {show(value)}.")
    if abs(int(value)) >= 2**63:
        raise InputError(f"{name} must be an integer of at most 63 bits, got {show(value)}.")
    return int(value)


def check_truth(name: str, value: Any) -> bool:
    """Return `value` as a bool; neither 0 and 1 nor text is one."""
    if not is_truth(value):
        raise InputError(f"{name} must be True or False, got {show(value)}.")
    return bool(value)


def check_array(name: str, value: Any, shape: tuple[int, ...] | None = None) -> FloatArray:
    """Return an own, finite float64 copy in C order, of the given shape if there is one."""
    with np.errstate(over="ignore"):  # of a longer float than float64
        array = real_array(name, value).astype(np.float64, order="C")
    if shape is not None and array.shape != shape:
        raise InputError(f"{name} must have shape {shape}, got {array.shape}.")
    finite = np.isfinite(array)
    if not finite.all():
        where = np.unravel_index(int(np.argmin(finite)), array.shape)
        raise InputError(f"{name} must be finite, got {array[where]}{at(*where)}. {_FINITE}.")
    return array


def check_values(name: str, given: Mapping[Any, Any]) -> FloatArray:
    """Return the values of a dict as finite float64, naming the key of the first that is wrong."""
    try:
        return check_array(name, list(given.values()), (len(given),))
    except InputError:
        for key, value in given.items():
            parts = key if isinstance(key, tuple) else (key,)
            check_number(f"{name}[{', '.join(show(part, 20) for part in parts)}]", value)
        raise


def check_vector(name: str, value: Any, size: int) -> FloatArray:
    """Return an own, finite float64 vector of length `size`; a scalar is repeated."""
    if np.isscalar(value) or getattr(value, "ndim", None) == 0:
        return np.full(size, check_number(name, value))
    return check_array(name, value, (size,))


def check_matrix(name: str, value: Any) -> Matrix:
    """Return an own, finite float64 copy: dense in C order, or canonical CSR without zeros."""
    matrix = _check_sparse(name, value) if issparse(value) else check_array(name, value)
    if matrix.ndim != 2:
        raise InputError(f"{name} must be a matrix, got shape {matrix.shape}.")
    return matrix


def check_square(name: str, value: Any) -> Matrix:
    """Return the `check_matrix` of a square matrix."""
    matrix = check_matrix(name, square_frame(name, value)[1])
    if matrix.shape[0] != matrix.shape[1]:
        raise InputError(f"{name} must be square, got shape {matrix.shape}.")
    return matrix


def _check_sparse(name: str, value: Any) -> csr_array:
    if value.ndim != 2 or value.dtype.kind not in "biuf":
        raise InputError(
            f"{name} must be a real matrix, got shape {value.shape}, dtype {value.dtype}."
        )
    matrix = csr_array(widen(name, value), dtype=np.float64, copy=True)
    try:
        # an index out of range would crash the compiled routines of scipy
        matrix.check_format(full_check=True)
        # which looks at nothing where the last pointer says that there are no entries
        if (matrix.indptr[1:] < matrix.indptr[:-1]).any():
            raise ValueError("pointers that decrease")
    except ValueError as error:
        raise InputError(f"{name} must be a valid sparse matrix, got {error}.") from None
    matrix = canonical(matrix)
    finite = np.isfinite(matrix.data)
    if not finite.all():
        k = int(np.argmin(finite))
        row = int(np.searchsorted(matrix.indptr, k, side="right")) - 1
        place = at(row, matrix.indices[k])
        raise InputError(f"{name} must be finite, got {matrix.data[k]}{place}. {_FINITE}.")
    return matrix


def canonical(matrix: Any) -> csr_array:
    """Return a fresh sparse matrix as CSR: rows sorted, no duplicates, no zeros, small indices."""
    own = csr_array(matrix)
    own.sum_duplicates()
    if not own.data.all():
        own.eliminate_zeros()
    if max(own.nnz, *own.shape) <= np.iinfo(np.int32).max:
        own.indices = own.indices.astype(np.int32, copy=False)
        own.indptr = own.indptr.astype(np.int32, copy=False)
    return own


def dense(matrix: Matrix) -> FloatArray:
    """Return the matrix as an ndarray (itself if it is one)."""
    return matrix if isinstance(matrix, np.ndarray) else np.asarray(matrix.toarray())


def num_stored(matrix: Matrix) -> int:
    """Return the number of nonzero entries."""
    return int(np.count_nonzero(matrix) if isinstance(matrix, np.ndarray) else matrix.nnz)


def split_diagonal(matrix: Matrix) -> tuple[Matrix, FloatArray]:
    """Return a square matrix, changed in place, with a zero diagonal, and the diagonal."""
    diagonal = np.array(matrix.diagonal())
    if diagonal.any():
        if isinstance(matrix, np.ndarray):
            np.fill_diagonal(matrix, 0.0)
        else:
            rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
            matrix.data[rows == matrix.indices] = 0.0
            matrix.eliminate_zeros()
    return matrix, diagonal


def check_indices(name: str, value: ArrayLike, ndim: int, lowest: int = 0) -> IntArray:
    """Return an own int64 copy: entries at least `lowest`, distinct unless negative."""
    array = as_array(name, value)
    if array.ndim != ndim or (array.dtype.kind not in "iu" and array.size):
        raise InputError(
            f"{name} must be a {ndim}-dimensional array of integers, "
            f"got shape {array.shape}, dtype {array.dtype}."
        )
    own = array.astype(np.int64)
    flat = own.ravel()
    ordered = flat if (flat[1:] > flat[:-1]).all() else np.sort(flat)
    if own.size and ordered[0] < lowest:
        raise InputError(f"{name} must be at least {lowest}, got {ordered[0]}.")
    twice = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] >= 0)]
    if twice.size:
        raise InputError(f"{name} must be distinct, got {twice[0]} twice.")
    return own


def check_spins(name: str, value: ArrayLike, num_spins: int, *, batch: bool = True) -> NDArray[Any]:
    """Return `value` as (N,), or also (R, N) for a batch, whose entries are -1 or +1."""
    spins = as_array(name, value)
    if spins.ndim not in ((1, 2) if batch else (1,)) or spins.shape[-1] != num_spins:
        wanted = f"({num_spins},) or (R, {num_spins})" if batch else f"({num_spins},)"
        raise InputError(f"{name} must have shape {wanted}, got {spins.shape}.")
    if spins.dtype.kind not in "if":
        raise InputError(
            f"{name} must be numbers -1 and +1, got dtype {spins.dtype}. "
            "For binaries x use 2 * x.astype('int8') - 1."
        )
    # not `spins * spins`: in int8 127 * 127 is 1
    wrong = np.abs(spins) != 1
    if wrong.any():
        where = np.unravel_index(int(np.argmax(wrong)), spins.shape)
        raise InputError(
            f"{name} must be -1 or +1, got {spins[where]}{at(*where)}. "
            "For binaries x use 2 * x - 1."
        )
    return spins


def blockwise(
    function: Callable[[FloatArray], FloatArray], states: NDArray[Any], width: int
) -> FloatArray:
    """Apply a function of float64 states (B, N) to blocks of rows and join the results.

    `width` is the number of floats that the function needs per row. Small integers are
    widened here, so that no product of int8 can overflow.
    """
    rows = max(1, WORK_BYTES // (8 * max(1, width)))
    parts = [
        function(states[start : start + rows].astype(np.float64))
        for start in range(0, max(1, len(states)), rows)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def check_memory(name: str, predicted: int, advice: str = "Take a smaller one") -> None:
    """Raise SizeError if what needs `predicted` bytes is above the limit."""
    if predicted > MEMORY_LIMIT:
        raise SizeError(
            f"{name} must need at most {MEMORY_LIMIT / 2**30:.3g} GiB, got about "
            f"{predicted / 2**30:.3g} GiB. {advice}, or raise hopfield_opt.arrays.MEMORY_LIMIT."
        )
