"""The value of an expression: numpy does what the tree says."""

from typing import cast

import numpy as np

from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Node,
    Operator,
    Power,
    Product,
    Scale,
    Total,
    Variables,
    View,
    addends,
)


def evaluate(node: Node, values: Floats) -> Floats:
    """Return the value of an array, given the values of all variables of the model."""
    result: Floats | None = None
    for term in addends(node):
        value = _term(term, values)
        result = value if result is None else result + value
    return cast(Floats, result)


def apply(operator: Operator, array: Floats) -> Floats:
    """Return a linear operator applied to numbers."""
    match operator:
        case View(positions):
            return array.ravel()[positions]
        case Total(axes):
            return np.asarray(array.sum(axis=axes))
        case Scale(factors):
            return array * factors
    return np.asarray(
        operator.matrix @ array if operator.from_left else (operator.matrix.T @ array.T).T
    )


def _term(node: Node, values: Floats) -> Floats:
    match node:
        case Constant(value):
            return value
        case Variables(index):
            return values[index]
        case Apply(operator, child):
            return apply(operator, evaluate(child, values))
        case Product(left, right):
            return evaluate(left, values) * evaluate(right, values)
        case Power(base, exponent):
            return evaluate(base, values) ** exponent
    raise AssertionError("addends yields no sums")
