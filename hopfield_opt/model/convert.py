"""Models from what people already have: QUBO matrices, polynomials, matrices of a program."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hopfield_opt.arrays import (
    check_array,
    check_number,
    check_square,
    check_values,
    check_vector,
)
from hopfield_opt.border import as_mapping, real_array
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.frames import num_axes
from hopfield_opt.model.nodes import Floats, Indices, is_sparse

if TYPE_CHECKING:
    from hopfield_opt.model.expression import Expression
    from hopfield_opt.model.model import Model


def from_qubo(cls: type["Model"], qubo: Any, offset: float = 0.0) -> "Model":
    """Return the model of `min x'Qx + offset` over binaries.

    Parameters
    ----------
    qubo : dict of (i, j) to float, dense array, or sparse matrix
        Any square matrix, symmetric or not; in a dict labels may be numbers from 0 or strings.
    offset : float
        A constant.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> m = Model.from_qubo({(0, 0): -1, (0, 1): 2, (1, 1): -1})
    >>> m.evaluate({"x": [1, 0]}).value
    -1.0
    """
    constant = check_number("offset", offset)
    form = as_mapping("qubo", qubo) if num_axes(qubo) == 1 else None
    if form is not None:
        own = check_number("qubo[()]", form.get((), 0.0))
        return from_polynomial(cls, {**form, (): own + constant})
    if hasattr(qubo, "to_qubo"):
        raise InputError(
            f"qubo must be a dict, an array or a sparse matrix, got {type(qubo).__name__}. "
            "Write Q, offset = it.to_qubo() and from_qubo(Q, offset)."
        )
    matrix = check_square("qubo", qubo)
    model = cls()
    x = model.binary(matrix.shape[0], name="x")
    model.minimize(x @ (matrix @ x) + constant)
    return model


def from_polynomial(
    cls: type["Model"],
    polynomial: Mapping[tuple[Hashable, ...], float],
    kind: Literal["binary", "spin"] = "binary",
) -> "Model":
    """Return the model of the minimum of a polynomial of any degree.

    Parameters
    ----------
    polynomial : dict of tuples to float
        `{(): 1.0, (0,): -2.0, (0, 1, 2): 3.0}`. With numbers as labels the variable is one array
        "x"; with strings each label is a variable of its own.
    kind : "binary" or "spin"
        What the variables are.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> m = Model.from_polynomial({("a", "b", "c"): 2.0, ("a",): -1.0}, kind="spin")
    >>> m.evaluate({"a": 1, "b": 1, "c": -1}).value
    -3.0
    """
    check_choice("kind", kind, ("binary", "spin"))
    model = cls()
    make = model.spin if kind == "spin" else model.binary
    labels = _labels(polynomial)
    if all(isinstance(label, (int, np.integer)) for label in labels):
        if labels and min(labels) < 0:
            raise InputError(f"labels must be >= 0, got {min(labels)!r}. Count from 0.")
        x = make(int(max(labels)) + 1 if labels else 0, name="x")
        number = {label: label for label in labels}
    elif all(isinstance(label, str) for label in labels):
        for label in labels:
            make((), name=str(label))
        x = model.everything()
        number = {label: place for place, label in enumerate(labels)}
    else:
        raise InputError(
            f"labels must be all numbers or all strings, got {show(labels[:4])}. Map them."
        )
    model.minimize(_polynomial(x, polynomial, number))
    return model


def _labels(polynomial: Any) -> list[Any]:
    """Return the labels in the keys of a polynomial in the order of appearance."""
    if not isinstance(polynomial, Mapping):
        raise InputError(
            f"polynomial must be a dict of tuples to numbers, got {type(polynomial).__name__}. "
            "Write {(0,): -2.0, (0, 1): 3.0}."
        )
    for key in polynomial:
        if not isinstance(key, tuple):
            raise InputError(
                f"the keys of the polynomial must be tuples of labels, got {show(key)}. "
                f"Write ({show(key, 20)},)."
            )
    return list(dict.fromkeys(label for key in polynomial for label in key))


def _polynomial(x: "Expression", polynomial: Mapping[Any, float], number: Mapping[Any, Any]) -> Any:
    coefficients = check_values("polynomial", polynomial)
    by_degree: dict[int, list[tuple[Any, ...]]] = {}
    value_of = dict(zip(polynomial, coefficients.tolist(), strict=True))
    for key in polynomial:
        by_degree.setdefault(len(key), []).append(key)
    cost: Any = value_of.get((), 0.0)
    for degree in sorted(by_degree.keys() - {0}):
        keys = by_degree[degree]
        index: Indices = np.array([[number[label] for label in key] for key in keys], dtype=np.intp)
        term: Any = np.array([value_of[key] for key in keys])
        for column in index.T:
            term = x[column] * term
        cost = term.sum() + cost
    return cost


def from_matrices(
    cls: type["Model"],
    c: Any = None,
    Q: Any = None,
    A_eq: Any = None,
    b_eq: Any = None,
    A_ub: Any = None,
    b_ub: Any = None,
    bounds: Any = (0, 1),
) -> "Model":
    """Return the model of `min c'x + x'Qx` with `A_eq x = b_eq`, `A_ub x <= b_ub`.

    Parameters
    ----------
    c, Q : array, optional
        The cost; `Q` dense or sparse.
    A_eq, b_eq, A_ub, b_ub : arrays, optional
        The constraints; matrices dense or sparse.
    bounds : pair or sequence of pairs
        The integer range of all variables, or of each.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> m = Model.from_matrices(c=[-3, -4], A_ub=[[2, 3]], b_ub=[4], bounds=(0, 2))
    >>> m.evaluate({"x": [2, 0]})
    Decoded(assignment={'x': array([2, 0])}, value=-6.0, violations={})
    """
    parts = {"c": c, "Q": Q, "A_eq": A_eq, "A_ub": A_ub}
    given = [_numbers(name, one) for name, one in parts.items() if one is not None]
    if not given:
        raise InputError("c must be given where Q, A_eq and A_ub are not, got None. Give a cost.")
    n = given[0].shape[-1] if given[0].shape else 1
    low, high = _bounds(bounds, n)
    model = cls()
    binary = bool((low == 0).all() and (high == 1).all())
    x = model.binary(n, name="x") if binary else model.integer(n, low, high, name="x")
    cost: Any = 0.0
    if c is not None:
        cost = (x * check_array("c", c, (n,))).sum() + cost
    if Q is not None:
        cost = x @ (check_square("Q", Q) @ x) + cost
    model.minimize(cost)
    if A_eq is not None:
        rows = _rows("A_eq", A_eq, n)
        model.add(rows @ x == _sides("b_eq", b_eq, rows), name="equalities")
    if A_ub is not None:
        rows = _rows("A_ub", A_ub, n)
        model.add(rows @ x <= _sides("b_ub", b_ub, rows), name="inequalities")
    return model


def _numbers(name: str, value: Any) -> Any:
    return value if is_sparse(value) else real_array(name, value)


def _sides(name: str, value: Any, rows: Any) -> Floats:
    if value is None:
        raise InputError(f"{name} must be given with its matrix, got None. Give one for each row.")
    return check_vector(name, value, rows.shape[0])


def _rows(name: str, matrix: Any, n: int) -> Any:
    rows = _numbers(name, matrix)
    rows = rows if is_sparse(rows) else np.atleast_2d(rows)
    if rows.shape[1:] != (n,):
        raise InputError(f"{name} must have {n} columns, got shape {rows.shape}. Check its sides.")
    return rows


def _bounds(bounds: Any, n: int) -> tuple[Floats, Floats]:
    pairs = real_array("bounds", bounds)
    if pairs.shape not in ((2,), (n, 2)):
        raise InputError(
            f"bounds must be one pair or {n} pairs (lower, upper), got {show(bounds)}. "
            "Integer variables need both bounds."
        )
    low, high = np.broadcast_to(pairs, (n, 2)).T
    return low, high
