"""The range of an expression by interval arithmetic: quick, safe, and not always tight."""

from typing import cast

import numpy as np

from hopfield_opt.model.evaluate import apply
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Operator,
    Product,
    Scale,
    Term,
    Variables,
    addends,
    is_sparse,
)

Interval = tuple[Floats, Floats]


def interval(node: Node, lower: Floats, upper: Floats) -> Interval:
    """Return bounds of every entry, given bounds of all variables."""
    low = high = np.zeros(node.shape)
    for term in addends(node):
        bounds = _interval(term, lower, upper)
        low, high = low + bounds[0], high + bounds[1]
    return low, high


def _interval(node: Term, lower: Floats, upper: Floats) -> Interval:
    match node:
        case Constant(value):
            return value, value
        case Variables(index):
            return lower[index], upper[index]
        case Apply(operator, child):
            return _apply(operator, interval(child, lower, upper))
        case Product(left, right):
            one, other = interval(left, lower, upper), interval(right, lower, upper)
            ends = [a * b for a in one for b in other]
            return np.minimum.reduce(ends), np.maximum.reduce(ends)
    low, high = interval(node.base, lower, upper)
    ends = [low**node.exponent, high**node.exponent]
    least = np.minimum(*ends)
    if node.exponent % 2 == 0:
        least = np.where((low < 0) & (high > 0), 0.0, least)
    return least, np.maximum(*ends)


def _apply(operator: Operator, bounds: Interval) -> Interval:
    low, high = bounds
    if isinstance(operator, Scale):
        ends = [operator.factors * low, operator.factors * high]
        return np.minimum(*ends), np.maximum(*ends)
    if not isinstance(operator, Matrix):
        return apply(operator, low), apply(operator, high)
    up, down = _signed_part(operator, 1.0), _signed_part(operator, -1.0)
    return (
        apply(up, low) - apply(down, high),
        apply(up, high) - apply(down, low),
    )


def _signed_part(operator: Matrix, sign: float) -> Matrix:
    """Return the positive (or minus the negative) part of a matrix operator."""
    matrix = operator.matrix * sign
    part = matrix.maximum(0.0) if is_sparse(matrix) else np.maximum(matrix, 0.0)
    return Matrix(cast(Floats, part), operator.from_left)
