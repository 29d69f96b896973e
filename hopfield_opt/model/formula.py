"""Expressions as a reader would write them."""

from typing import Any

import numpy as np

from hopfield_opt.model.nodes import (
    Add,
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Operator,
    Product,
    Scale,
    Term,
    Total,
    Variables,
    View,
    addends,
    is_sparse,
)

LONGEST = 12  # terms of a sum, or entries of an array, that are printed


def compact(array: Floats) -> str:
    """Return numbers in few characters: one for a constant array, a shape for a long one."""
    if array.size and (array == array.flat[0]).all():
        return f"{array.flat[0]:.6g}"
    while array.ndim and array.strides[0] == 0 and array.shape[0] > 1:
        array = array[0]  # repeated by broadcasting
    if array.size <= LONGEST:
        return _nest(array)
    return f"array{array.shape}"


def _nest(array: Floats) -> str:
    if array.ndim == 0:
        return f"{array:.6g}"
    return "[" + ", ".join(_nest(np.asarray(row)) for row in array) + "]"


def formula(node: Node) -> str:
    """Return the formula of an array."""
    terms = []
    for count, term in enumerate(addends(node)):
        if count == LONGEST:
            terms.append("...")
            break
        terms.append(_term(term))
    return " + ".join(terms).replace(" + -", " - ")


def _term(node: Term) -> str:
    match node:
        case Constant(value):
            return compact(value)
        case Variables(_, label):
            return label
        case Product(left, right):
            return f"{_factor(left)} * {_factor(right)}"
        case Apply(operator, child):
            return _apply(operator, child)
    return f"{_atom(node.base)}**{node.exponent}"


def _apply(operator: Operator, child: Node) -> str:
    match operator:
        case Scale(factors):
            if (factors == -1.0).all():
                return f"-{_factor(child)}"
            if factors.ndim == 0 or factors.strides == (0,) * factors.ndim:
                return f"{compact(factors)} * {_factor(child)}"
            return f"{_factor(child)} * {compact(factors)}"
        case Matrix(matrix, from_left):
            kind = "sparse" if is_sparse(matrix) else "matrix"
            name = f"{kind}{matrix.shape}"
            return f"{name} @ {_atom(child)}" if from_left else f"{_atom(child)} @ {name}"
        case View(_, label):
            return _atom(child) + label
    axes = operator.axes
    if len(axes) == len(child.shape):
        return f"{_atom(child)}.sum()"
    return f"{_atom(child)}.sum(axis={axes[0] if len(axes) == 1 else axes})"


def _atom(node: Node) -> str:
    """Return a formula that an attribute or a power may follow."""
    simple = isinstance(node, (Constant, Variables)) or (
        isinstance(node, Apply) and isinstance(node.operator, (View, Total))
    )
    text = formula(node)
    return text if simple and not text.startswith("-") else f"({text})"


def _factor(node: Node) -> str:
    """Return a formula that may stand in a product."""
    text = formula(node)
    product = isinstance(node, Apply) and isinstance(node.operator, Matrix)
    loose = product or isinstance(node, Add) or text.startswith("-")
    return f"({text})" if loose else text


def key_text(key: Any) -> str:
    """Return an index as one would write it, long arrays shortened."""
    if isinstance(key, tuple):
        return ", ".join(key_text(part) for part in key)
    if isinstance(key, slice):
        ends = ["" if end is None else str(end) for end in (key.start, key.stop)]
        return ":".join(ends + ([str(key.step)] if key.step is not None else []))
    if key is Ellipsis or key is None or isinstance(key, (int, np.integer)):
        return "..." if key is Ellipsis else str(key)
    array = np.asarray(key)
    return str(array.tolist()) if array.size <= 4 else f"<{array.size} entries>"
