"""QUBO and Ising forms of an energy, one formula for each direction."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array, diags_array, issparse, triu

from hopfield_opt.arrays import (
    IMPLICIT,
    FloatArray,
    IntArray,
    Matrix,
    canonical,
    check_array,
    check_memory,
    check_number,
    check_square,
    check_values,
    split_diagonal,
)
from hopfield_opt.border import as_mapping, plain, real_array
from hopfield_opt.couplings import Coupling, Explicit, check_fitting_size
from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import num_axes, square_frame

# beyond this sums, and what is made of them, are no floats
LARGEST_ENERGY = 1e306


def sparse_bytes(terms: Sequence[Coupling]) -> int:
    """Return what terms need as one CSR matrix; a place of a dense one takes 8 bytes."""
    return 12 * sum(term.num_couplings() for term in terms)


def sparse_sum(terms: Sequence[Coupling], size: int) -> csr_array:
    """Return the sum of terms as a CSR matrix (N, N)."""
    check_memory("weights", sparse_bytes(terms), IMPLICIT)
    weights = csr_array((size, size), dtype=np.float64)
    for term in terms:
        weights = canonical(weights + term.to_sparse())
    return weights


def dense_sum(terms: Sequence[Coupling], size: int) -> FloatArray:
    """Return the sum of terms as a dense matrix (N, N)."""
    check_memory("weights", 8 * size**2, IMPLICIT)
    weights = np.zeros((size, size))
    for term in terms:
        weights += term.to_dense()
    return weights


def check_energies(terms: Sequence[Coupling], thresholds: FloatArray, offset: float) -> None:
    """Raise InputError where energies, and what is made of them, would be no floats."""
    with np.errstate(over="ignore"):
        total = float(np.abs(thresholds).sum()) + abs(offset)
        total += sum(_most(term.matrix) for term in terms if isinstance(term, Explicit))
    if not total < LARGEST_ENERGY:
        raise InputError(
            f"weights and thresholds must give energies below {LARGEST_ENERGY:g}, got larger ones. "
            "Scale them."
        )


def _most(matrix: Matrix) -> float:
    """Return the sum of the sizes of all entries, or a bound on it where that is small."""
    entries = matrix.data if issparse(matrix) else np.asarray(matrix)
    if not entries.size:
        return 0.0
    largest = max(float(entries.max()), -float(entries.min()))
    bound = largest * entries.size
    return bound if bound < LARGEST_ENERGY else float(np.abs(entries).sum())


def to_qubo(weights: Matrix, thresholds: FloatArray, offset: float) -> tuple[Matrix, float]:
    """Return (Q, offset) with ``E = x'Qx + offset`` for ``x = (1 + s) / 2``, Q upper triangular.

    ``Q_ij = -4 W_ij`` (i < j), ``Q_ii = 2 sum_j W_ij + 2 thresholds_i``, and the offset is
    ``offset - 1/2 sum_ij W_ij - sum_i thresholds_i``: s = 2x - 1 put into the energy.
    """
    sums = np.asarray(weights.sum(axis=1))
    linear = 2.0 * (sums + thresholds)
    constant = offset - 0.5 * float(sums.sum()) - float(thresholds.sum())
    upper = _upper(weights, -4.0)
    if isinstance(upper, np.ndarray):
        return upper + np.diag(linear), constant
    return canonical(upper + diags_array(linear)), constant


def from_qubo(
    matrix: Any, offset: float, num_spins: int | None
) -> tuple[Matrix, FloatArray, float]:
    """Return (weights, thresholds, offset) of ``E = x'Qx + offset`` for ``x = (1 + s) / 2``.

    With P = Q + Q' off the diagonal, ``W = -P / 4``, ``thresholds_i = Q_ii / 2 + sum_j P_ij / 4``
    and the offset is ``offset + sum_i Q_ii / 2 + sum_(i<j) P_ij / 4``.
    """
    entries = _parse("Q", matrix, 2)
    size = check_fitting_size(_size("Q", entries) if num_spins is None else num_spins)
    own = _square("Q", entries, size)
    linear = np.array(own.diagonal())
    pairs, _ = split_diagonal(_plus_transpose(own))
    sums = np.asarray(pairs.sum(axis=1))
    constant = check_number("offset", offset) + float(linear.sum()) / 2 + float(sums.sum()) / 8
    return _times(pairs, -0.25), linear / 2 + sums / 4, constant


def to_ising(
    weights: Matrix, thresholds: FloatArray, offset: float
) -> tuple[FloatArray, Matrix, float]:
    """Return (h, J, offset) with ``E = sum h s + sum J s s + offset``, J upper triangular.

    ``h = thresholds``, ``J_ij = -W_ij`` (i < j), the offset stays.
    """
    return thresholds.copy(), _upper(weights, -1.0), offset


def from_ising(
    h: Any, coupling: Any, offset: float, num_spins: int | None
) -> tuple[Matrix, FloatArray, float]:
    """Return (weights, thresholds, offset) of ``E = sum h s + sum J s s + offset``.

    ``W = -(J + J')``, ``thresholds = h``, the offset stays.
    """
    linear, pairs = _parse("h", h, 1), _parse("J", coupling, 2)
    size = check_fitting_size(
        max(_size("h", linear), _size("J", pairs)) if num_spins is None else num_spins
    )
    field = _vector("h", linear, size)
    weights = _times(_plus_transpose(_square("J", pairs, size)), -1.0)
    return weights, field, check_number("offset", offset)


def _upper(matrix: Matrix, factor: float) -> Matrix:
    """Return `factor` times the part strictly above the diagonal."""
    if isinstance(matrix, np.ndarray):
        return _times(np.triu(matrix, 1), factor)
    return _times(csr_array(triu(matrix, 1, format="csr")), factor)


def _times(matrix: Matrix, factor: float) -> Matrix:
    if isinstance(matrix, np.ndarray):
        return np.asarray(factor * matrix + 0.0)  # + 0.0 turns -0.0 into 0.0
    return canonical(matrix * factor)


def _plus_transpose(matrix: Matrix) -> Matrix:
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix + matrix.T)
    return canonical(matrix + matrix.T)


class _Entries(NamedTuple):
    """A dict as arrays: spins (m, 1) or pairs of spins (m, 2), and their values (m,)."""

    labels: IntArray
    values: FloatArray


def _parse(name: str, value: Any, width: int) -> Any:
    """Return a dict as `_Entries`; a vector or matrix passes, its labels are positions."""
    given = as_mapping(name, value) if num_axes(value) == 1 else None
    if given is None:
        if hasattr(value, "to_qubo"):
            raise InputError(
                f"{name} must be a dict, an array or a sparse matrix, got a "
                f"{type(value).__name__}. Take what its to_qubo() or to_ising() returns."
            )
        return value if issparse(value) else plain(name, square_frame(name, value)[1])
    return _Entries(_labels(name, list(given), width), check_values(name, given))


def _labels(name: str, keys: list[Any], width: int) -> IntArray:
    """Return the keys of a dict as an array (m, width) of spins."""
    try:
        labels = np.array(keys)
    except ValueError:  # some are pairs and some are not
        labels = np.empty(0)
    wanted = (len(keys),) if width == 1 else (len(keys), width)
    right = labels.shape == wanted and labels.dtype.kind in "iu" and labels.min(initial=0) >= 0
    if keys and not right:
        culprit = next((key for key in keys if not _is_label(key, width)), keys[0])
        text = "spins 0, 1, ..." if width == 1 else "pairs (i, j) of spins 0, 1, ..."
        raise InputError(f"the keys of {name} must be {text}, got {show(culprit)}. Number them.")
    return labels.astype(np.int64).reshape(len(keys), width)


def _is_label(key: Any, width: int) -> bool:
    parts = key if width == 2 and isinstance(key, tuple) else (key,)
    return len(parts) == width and all(isinstance(k, int | np.integer) and k >= 0 for k in parts)


def _size(name: str, part: Any) -> int:
    """Return the number of spins that a dict, vector or matrix speaks of."""
    if isinstance(part, _Entries):
        return int(part.labels.max(initial=-1)) + 1
    entries: Any = part if issparse(part) else real_array(name, part)
    return int(entries.shape[0]) if entries.ndim else 0


def _vector(name: str, part: Any, size: int) -> FloatArray:
    if not isinstance(part, _Entries):
        return check_array(name, part, (size,))
    _check_range(name, part, size)
    return np.bincount(part.labels[:, 0], part.values, minlength=size).astype(np.float64)


def _square(name: str, part: Any, size: int) -> Matrix:
    if isinstance(part, _Entries):
        _check_range(name, part, size)
        rows, columns = part.labels.T
        return check_square(name, csr_array((part.values, (rows, columns)), shape=(size, size)))
    matrix = check_square(name, part)
    if matrix.shape[0] != size:
        raise InputError(f"{name} must have shape {(size, size)}, got {matrix.shape}.")
    return matrix


def _check_range(name: str, part: _Entries, size: int) -> None:
    if _size(name, part) > size:
        raise InputError(f"the keys of {name} must be below {size}, got {part.labels.max()}.")
