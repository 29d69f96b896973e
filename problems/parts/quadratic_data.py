"""Quadratic forms as people have them, dicts, arrays and sparse matrices, as one matrix."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from hopfield_opt.arrays import (
    FloatArray,
    Matrix,
    canonical,
    checked_array,
    checked_number,
    checked_square,
    num_stored,
)
from hopfield_opt.errors import InputError
from hopfield_opt.problems.parts.violations import named

Labels = tuple[Hashable, ...] | None
# a dense array with fewer nonzero entries is kept as a sparse one: products are faster
DENSE = 0.25


def qubo_form(Q: Any) -> tuple[Labels, FloatArray, Matrix]:
    """Return labels (None for a matrix), a zero vector, and the matrix of ``x'Qx``."""
    if not isinstance(Q, Mapping):
        matrix = _lean(checked_square("Q", Q))
        return None, np.zeros(matrix.shape[0]), matrix
    _check_pairs("Q", Q)
    index = _numbered(label for pair in Q for label in pair)
    return tuple(index), np.zeros(len(index)), _matrix("Q", Q, index)


def ising_form(form: Any) -> tuple[Labels, FloatArray, Matrix]:
    """Return labels (None for arrays), h, and the matrix of ``h.s + s'Js``."""
    if not isinstance(form, tuple | list) or len(form) != 2:
        raise InputError(f"Q must be a pair (h, J) for spins, got {type(form).__name__}.")
    h, couplings = form
    if isinstance(h, Mapping) != isinstance(couplings, Mapping):
        raise InputError(
            "h and J must be both dicts or both arrays, got "
            f"{type(h).__name__} and {type(couplings).__name__}. Use dict(enumerate(h))."
        )
    if not isinstance(h, Mapping):
        matrix = _lean(checked_square("J", couplings))
        return None, checked_array("h", h, (matrix.shape[0],)), matrix
    _check_pairs("J", couplings)
    index = _numbered([*h, *(label for pair in couplings for label in pair)])
    field = np.zeros(len(index))
    for label, value in h.items():
        field[index[label]] = checked_number(f"h[{label!r}]", value)
    return tuple(index), field, _matrix("J", couplings, index)


def over_binaries(matrix: Matrix, field: FloatArray) -> tuple[Matrix, FloatArray]:
    """Return Q and c such that ``x'Qx + c.x`` is ``h.s + s'Js`` at s = 2x - 1, up to a constant."""
    sums = np.asarray(matrix.sum(axis=0)) + np.asarray(matrix.sum(axis=1))
    return 4 * matrix, 2 * (field - sums)


def answered(
    answer: Any, labels: Labels, domain: tuple[int, int], size: int
) -> tuple[FloatArray, dict[str, float]]:
    """Return one number for each variable, 0 where there is no valid one, and what is wrong."""
    names: Any = range(size) if labels is None else labels
    given = answer
    if not isinstance(answer, Mapping):
        array = np.asarray(answer if isinstance(answer, list | tuple | np.ndarray) else None)
        if array.shape != (size,) or (array.dtype.kind not in "biuf" and size):
            raise InputError(
                f"answer must be a dict, or one number for each of {size} variables, "
                f"got {type(answer).__name__} of shape {array.shape}."
            )
        given = dict(zip(names, array.tolist(), strict=True))
    valid = {name: given[name] in domain for name in names if name in given}
    known = set(names)
    wrong = {
        f"not {domain[0]} or {domain[1]}": [name for name, right in valid.items() if not right],
        "no value": [name for name in names if name not in given],
        "unknown": [name for name in given if name not in known],
    }
    values = np.array([float(given[name]) if valid.get(name) else 0.0 for name in names])
    return values, named(wrong)


def _check_pairs(name: str, form: Mapping[Any, Any]) -> None:
    for key in form:
        if not isinstance(key, tuple) or len(key) != 2:
            raise InputError(f"the keys of {name} must be pairs (i, j), got {key!r}.")


def _numbered(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    """Return the place of each label in the order of appearance."""
    return {label: place for place, label in enumerate(dict.fromkeys(labels))}


def _matrix(name: str, form: Mapping[Any, Any], index: Mapping[Hashable, int]) -> Matrix:
    values = [checked_number(f"{name}[{u!r}, {v!r}]", value) for (u, v), value in form.items()]
    rows = [index[u] for u, _ in form]
    columns = [index[v] for _, v in form]
    size = len(index)
    places = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return _lean(canonical(coo_array((np.array(values, dtype=float), places), shape=(size, size))))


def _lean(matrix: Matrix) -> Matrix:
    if isinstance(matrix, np.ndarray) and num_stored(matrix) < DENSE * matrix.size:
        return canonical(csr_array(matrix))
    return matrix
