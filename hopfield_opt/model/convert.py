"""Models from what people already have: QUBO matrices, polynomials, matrices of a program."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hopfield_opt.errors import InputError
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
    if isinstance(qubo, Mapping):
        return from_polynomial(cls, {**qubo, (): qubo.get((), 0.0) + offset})
    shape = np.shape(qubo)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise InputError(f"qubo must be a square matrix, got shape {shape}. Give (n, n).")
    model = cls()
    x = model.binary(shape[0], name="x")
    model.minimize(x @ (qubo @ x) + offset)
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
    model = cls()
    make = model.spin if kind == "spin" else model.binary
    labels: list[Any] = list(dict.fromkeys(label for key in polynomial for label in key))
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
            f"labels must be all numbers or all strings, got {labels[:4]!r}. Map them."
        )
    model.minimize(_polynomial(x, polynomial, number))
    return model


def _polynomial(x: "Expression", polynomial: Mapping[Any, float], number: Mapping[Any, Any]) -> Any:
    by_degree: dict[int, list[tuple[Any, ...]]] = {}
    for key in polynomial:
        by_degree.setdefault(len(key), []).append(key)
    cost: Any = float(polynomial.get((), 0.0))
    for degree in sorted(by_degree.keys() - {0}):
        keys = by_degree[degree]
        index: Indices = np.array([[number[label] for label in key] for key in keys], dtype=np.intp)
        term: Any = np.array([polynomial[key] for key in keys], dtype=np.float64)
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
    given = [one for one in (c, Q, A_eq, A_ub) if one is not None]
    if not given:
        raise InputError("c must be given where Q, A_eq and A_ub are not, got None. Give a cost.")
    n = np.shape(given[0])[-1]
    low, high = _bounds(bounds, n)
    model = cls()
    binary = bool((low == 0).all() and (high == 1).all())
    x = model.binary(n, name="x") if binary else model.integer(n, low, high, name="x")
    cost: Any = 0.0
    if c is not None:
        cost = (x * np.asarray(c)).sum() + cost
    if Q is not None:
        cost = x @ (Q @ x) + cost
    model.minimize(cost)
    if A_eq is not None:
        model.add(_rows(A_eq, n) @ x == b_eq, name="equalities")
    if A_ub is not None:
        model.add(_rows(A_ub, n) @ x <= b_ub, name="inequalities")
    return model


def _rows(matrix: Any, n: int) -> Any:
    rows = matrix if is_sparse(matrix) else np.atleast_2d(matrix)
    if rows.shape[1] != n:
        raise InputError(f"matrix must have {n} columns, got shape {rows.shape}. Check its sides.")
    return rows


def _bounds(bounds: Any, n: int) -> tuple[Floats, Floats]:
    pairs = np.asarray(bounds if isinstance(bounds, (Sequence, Iterable)) else [bounds])
    if pairs.shape not in ((2,), (n, 2)) or pairs.dtype == object:
        raise InputError(
            f"bounds must be one pair or {n} pairs (lower, upper), got {bounds!r}. "
            "Integer variables need both bounds."
        )
    low, high = np.broadcast_to(pairs, (n, 2)).T
    return low, high
