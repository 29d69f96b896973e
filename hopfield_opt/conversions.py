"""QUBO and Ising forms, one formula for each direction."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, issparse, triu

from hopfield_opt.arrays import (
    FloatArray,
    Matrix,
    checked_array,
    checked_count,
    checked_number,
    checked_square,
)
from hopfield_opt.errors import InputError


def to_qubo(weights: Matrix, thresholds: FloatArray, offset: float) -> tuple[Matrix, float]:
    """Return (Q upper triangular, offset) with ``E = x'Qx + offset``, ``x = (1 + s) / 2``."""
    sums = np.asarray(weights.sum(axis=1))
    linear = 2.0 * (sums + thresholds)
    constant = offset - 0.5 * float(sums.sum()) - float(thresholds.sum())
    if isinstance(weights, np.ndarray):
        return np.diag(linear) + _upper(-4.0 * weights), constant
    diagonal = csr_array((linear, np.arange(len(linear)), np.arange(len(linear) + 1)))
    matrix = csr_array(_upper(-4.0 * weights) + diagonal)
    matrix.eliminate_zeros()
    return matrix, constant


def from_qubo(
    matrix: Any, offset: float, num_spins: int | None
) -> tuple[Matrix, FloatArray, float]:
    """Return (weights, thresholds, offset) of ``E = x'Qx + offset``."""
    own = _square("Q", matrix, num_spins)
    linear = np.array(own.diagonal())
    pairs = _without_diagonal(own + own.T)
    sums = np.asarray(pairs.sum(axis=1))
    constant = checked_number("offset", offset) + float(linear.sum()) / 2 + float(sums.sum()) / 8
    return _negative(pairs / 4.0), linear / 2 + sums / 4, constant


def to_ising(weights: Matrix, thresholds: FloatArray, offset: float) -> tuple[FloatArray, Matrix, float]:
    """Return (h, J upper triangular, offset) with ``E = sum h s + sum J s s + offset``."""
    return thresholds.copy(), _upper(_negative(weights)), offset


def from_ising(
    h: Any, J: Any, offset: float, num_spins: int | None
) -> tuple[Matrix, FloatArray, float]:
    """Return (weights, thresholds, offset) of ``E = sum h s + sum J s s + offset``."""
    if isinstance(h, Mapping):
        labels, values = _entries("h", h, 1)
        size = max(int(labels.max(initial=-1)) + 1, num_spins or 0)
        if isinstance(J, Mapping):
            size = max(size, int(_entries("J", J, 2)[0].max(initial=-1)) + 1)
        else:
            size = max(size, np.shape(J)[0] if np.ndim(J) else 0)
        thresholds = np.bincount(labels[:, 0], weights=values, minlength=size).astype(np.float64)
    else:
        thresholds = checked_array("h", h, np.shape(h)[:1])
        size = len(thresholds)
    own = _square("J", J, size)
    return _negative(own + own.T), thresholds, checked_number("offset", offset)


def _upper(matrix: Matrix) -> Matrix:
    """Return the part strictly above the diagonal."""
    if isinstance(matrix, np.ndarray):
        return np.triu(matrix, 1) + 0.0
    return csr_array(triu(matrix, 1, format="csr"))


def _negative(matrix: Matrix) -> Matrix:
    # 0.0 - x and not -x, which would fill dense matrices with -0.0
    return 0.0 - matrix if isinstance(matrix, np.ndarray) else csr_array(-matrix)


def _without_diagonal(matrix: Matrix) -> Matrix:
    if isinstance(matrix, np.ndarray):
        np.fill_diagonal(matrix, 0.0)
        return matrix
    return csr_array(matrix - csr_array(np.diag(np.zeros(0))) if 0 else _cleared(matrix))


def _cleared(matrix: csr_array) -> csr_array:
    own = csr_array(matrix)
    rows = np.repeat(np.arange(own.shape[0]), np.diff(own.indptr))
    own.data[rows == own.indices] = 0.0
    own.eliminate_zeros()
    return own


def _square(name: str, value: Any, num_spins: int | None) -> Matrix:
    """Return a dict {(i, j): value}, dense or sparse matrix as a checked square matrix."""
    if isinstance(value, Mapping):
        labels, values = _entries(name, value, 2)
        size = int(labels.max(initial=-1)) + 1 if num_spins is None else num_spins
        if labels.max(initial=-1) >= size:
            raise InputError(f"{name} must lie within {size} spins, got spin {labels.max()}.")
        return checked_square(name, csr_array((values, (labels[:, 0], labels[:, 1])), (size, size)))
    own = checked_square(name, value)
    if num_spins is not None and own.shape[0] != num_spins:
        raise InputError(f"{name} must have shape {(num_spins,) * 2}, got {own.shape}.")
    return own


def _entries(name: str, value: Mapping[Any, float], width: int) -> tuple[Any, FloatArray]:
    labels = np.array(list(value), dtype=None).reshape(len(value), -1)
    if len(value) and (labels.shape[1] != width or labels.dtype.kind not in "iu"):
        raise InputError(f"{name} must have spins 0, 1, ... as keys, got {next(iter(value))!r}.")
    return labels.astype(np.int64).reshape(-1, width), np.array(list(value.values()), np.float64)
