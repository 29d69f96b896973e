"""Quadratic forms as people have them, dicts, arrays and sparse matrices, as one matrix."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from hopfield_opt.arrays import (
    FloatArray,
    Matrix,
    canonical,
    check_array,
    check_number,
    check_square,
    check_values,
    num_stored,
)
from hopfield_opt.border import as_array, as_float, as_mapping
from hopfield_opt.errors import InputError, show
from hopfield_opt.frames import in_order_of, num_axes, square_frame
from hopfield_opt.problems.parts.violations import name_violations

Labels = tuple[Hashable, ...] | None
# a dense array with fewer nonzero entries is kept as a sparse one: products are faster
DENSE = 0.25


def split_offset(form: Any, ising: bool) -> tuple[Any, bool, float]:
    """Return a form without its constant, whether it is of spins, and the constant.

    ``to_qubo()`` of most packages returns (Q, offset), ``to_ising()`` returns (h, J, offset), and
    a binary quadratic model of dimod has it all, in words that are read without dimod.
    """
    if all(hasattr(form, name) for name in ("linear", "quadratic", "offset", "vartype")):
        kind = getattr(form.vartype, "name", None)
        if kind not in ("SPIN", "BINARY") or (ising and kind == "BINARY"):
            wanted = "of spins" if ising else "of binaries or of spins"
            raise InputError(f"Q must be a model {wanted}, got {kind or type(form).__name__}.")
        fields, pairs = dict(form.linear), dict(form.quadratic)
        own = {(label, label): bias for label, bias in fields.items()}
        parts = (fields, pairs) if kind == "SPIN" else {**own, **pairs}
        return parts, kind == "SPIN", check_number("offset", form.offset)
    if isinstance(form, tuple) and len(form) == 2 + ising:
        number = as_float(form[-1])
        if number is not None:
            rest = form[:-1] if ising else form[0]
            return rest, ising, check_number("offset", number)
    return form, ising, 0.0


def qubo_form(Q: Any) -> tuple[Labels, FloatArray, Matrix]:
    """Return labels (None for a matrix), a zero vector, and the matrix of ``x'Qx``."""
    form = _as_dict("Q", Q)
    if form is None:
        labels, square = square_frame("Q", _check_kind("Q", Q))
        matrix = _lean(check_square("Q", square))
        return labels, np.zeros(matrix.shape[0]), matrix
    _check_pairs("Q", form)
    index = _number(label for pair in form for label in pair)
    return tuple(index), np.zeros(len(index)), _matrix("Q", form, index)


def ising_form(form: Any) -> tuple[Labels, FloatArray, Matrix]:
    """Return labels (None for arrays), h, and the matrix of ``h.s + s'Js``."""
    if not isinstance(_check_kind("Q", form), tuple | list) or len(form) != 2:
        raise InputError(
            f"Q must be a pair (h, J) for spins, got {type(form).__name__}. "
            "Write Qubo((h, J), ising=True)."
        )
    h, couplings = form
    fields, pairs = as_mapping("h", h), _as_dict("J", couplings)
    if fields is None if pairs is not None else isinstance(h, Mapping):
        raise InputError(
            "h and J must be both dicts or both arrays, got "
            f"{type(h).__name__} and {type(couplings).__name__}. Use dict(enumerate(h))."
        )
    if fields is None or pairs is None:
        labels, square = square_frame("J", couplings)
        matrix = _lean(check_square("J", square))
        return labels, check_array("h", in_order_of("h", h, labels), matrix.shape[:1]), matrix
    _check_pairs("J", pairs)
    index = _number([*fields, *(label for pair in pairs for label in pair)])
    field = np.zeros(len(index))
    field[[index[label] for label in fields]] = check_values("h", fields)
    return tuple(index), field, _matrix("J", pairs, index)


def _as_dict(name: str, form: Any) -> Mapping[Any, Any] | None:
    """Return coefficients by pairs of labels; None for what comes as a matrix or a table."""
    return as_mapping(name, form) if num_axes(form) == 1 else None


def _check_kind(name: str, form: Any) -> Any:
    """Return a form that is none of the objects that make one."""
    if hasattr(form, "to_qubo"):
        raise InputError(
            f"{name} must be a dict, an array or a sparse matrix, got {type(form).__name__}. "
            "Write Q, offset = it.to_qubo() and Qubo(Q, offset=offset)."
        )
    return form


def over_binaries(matrix: Matrix, field: FloatArray) -> tuple[Matrix, FloatArray]:
    """Return Q and c such that ``x'Qx + c.x`` is ``h.s + s'Js`` at s = 2x - 1, up to a constant."""
    sums = np.asarray(matrix.sum(axis=0)) + np.asarray(matrix.sum(axis=1))
    return 4 * matrix, 2 * (field - sums)


def read_answer(
    answer: Any, labels: Labels, domain: tuple[int, int], size: int
) -> tuple[FloatArray, dict[str, float]]:
    """Return one number for each variable, 0 where there is no valid one, and what is wrong."""
    names: Any = range(size) if labels is None else labels
    given: Mapping[Any, Any] | None = as_mapping("answer", answer)
    if given is None:
        # a list goes by number: where labels are others, their order is that of appearance
        if labels is not None and set(labels) != set(range(size)):
            raise InputError(
                f"answer must be a dict of labels, got {type(answer).__name__}. "
                f"Write {{{show(labels[0], 20)}: 1, ...}}."
            )
        is_vector = isinstance(answer, list | tuple | np.ndarray)
        array: NDArray[Any] = as_array("answer", answer) if is_vector else np.empty(())
        if array.shape != (size,) or (array.dtype.kind not in "biuf" and size):
            raise InputError(
                f"answer must be a dict, or one number for each of {size} variables, "
                f"got {type(answer).__name__} of shape {array.shape}."
            )
        given = dict(enumerate(list(array.tolist())))
    valid = {name: as_float(given[name]) in domain for name in names if name in given}
    known = set(names)
    wrong = {
        f"not {domain[0]} or {domain[1]}": [name for name, right in valid.items() if not right],
        "no value": [name for name in names if name not in given],
        "unknown": [name for name in given if name not in known],
    }
    values = np.array([float(given[name]) if valid.get(name) else 0.0 for name in names])
    return values, name_violations(wrong)


def _check_pairs(name: str, form: Mapping[Any, Any]) -> None:
    for key in form:
        if not isinstance(key, tuple) or len(key) != 2:
            raise InputError(f"the keys of {name} must be pairs (i, j), got {key!r}.")


def _number(labels: Iterable[Hashable]) -> dict[Hashable, int]:
    """Return the place of each label in the order of appearance."""
    return {label: place for place, label in enumerate(dict.fromkeys(labels))}


def _matrix(name: str, form: Mapping[Any, Any], index: Mapping[Hashable, int]) -> Matrix:
    values = check_values(name, form)
    rows = [index[u] for u, _ in form]
    columns = [index[v] for _, v in form]
    size = len(index)
    places = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return _lean(canonical(coo_array((values, places), shape=(size, size))))


def _lean(matrix: Matrix) -> Matrix:
    if isinstance(matrix, np.ndarray) and num_stored(matrix) < DENSE * matrix.size:
        return canonical(csr_array(matrix))
    return matrix


def symmetric(matrix: Matrix) -> csr_array:
    """Return the symmetric matrix of the same form.

    Raises
    ------
    InputError
        If half of a number is too small to be kept.
    """
    twice = csr_array(csr_array(matrix) + csr_array(matrix).T)
    half = csr_array(twice / 2)
    if (half.data * 2 != twice.data).any():
        raise InputError("weights must be above 1e-307 in size for a file, got smaller ones.")
    return half
