"""What an expression is at least and at most, its squares taken for what they are: never below 0.

A sum of squares that is multiplied out forgets this: ``(x - 3)^2`` becomes ``x^2 - 6 x + 9``, of
which each part by itself is at least something far below 0.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.bounds.polynomials import MOST_MONOMIALS, Number, Polynomial
from hopfield_opt.errors import SizeError
from hopfield_opt.exactness import exact_numbers
from hopfield_opt.model.nodes import (
    Apply,
    Matrix,
    Node,
    Operator,
    Power,
    Product,
    Scale,
    Term,
    Total,
    View,
    addends,
    degree,
    is_sparse,
)

Objects: TypeAlias = NDArray[np.object_]
Ends: TypeAlias = tuple[Objects, Objects]


def ends_of(node: Node, affine: Callable[[Node], list[tuple[Number, Number]]]) -> Ends:
    """Return the least and the largest value of each entry of an array, by intervals.

    Parameters
    ----------
    node : Node
        The array.
    affine : callable
        Returns the ends of the entries of an affine array, in order.
    """
    if degree(node) <= 1:
        pairs = np.empty((math.prod(node.shape), 2), dtype=object)
        pairs[:] = affine(node)
        return pairs[:, 0].reshape(node.shape), pairs[:, 1].reshape(node.shape)
    parts = [_ends_of_term(term, affine) for term in addends(node)]
    low, high = parts[0]
    for one in parts[1:]:
        low, high = low + one[0], high + one[1]
    return np.asarray(low, dtype=object), np.asarray(high, dtype=object)


def _ends_of_term(term: Term, affine: Any) -> Ends:
    match term:
        case Product(left, right) if left is not right:
            one, other = ends_of(left, affine), ends_of(right, affine)
            return _hull(*(a * b for a in one for b in other))
        case Product(base, _):
            return _power(ends_of(base, affine), 2)
        case Power(base, exponent):
            return _power(ends_of(base, affine), exponent)
        case Apply(operator, child):
            return _apply(operator, ends_of(child, affine))
    return ends_of(term, affine)  # variables or numbers


def _power(ends: Ends, exponent: int) -> Ends:
    low, high = _hull(*(end**exponent for end in ends))
    if exponent % 2 == 0:
        around = np.asarray((ends[0] < 0) & (ends[1] > 0), dtype=bool)
        low = np.where(around, 0, low).astype(object)
    return low, high


def _apply(operator: Operator, ends: Ends) -> Ends:
    low, high = ends
    match operator:
        case View(positions):
            return low.ravel()[positions], high.ravel()[positions]
        case Scale(factors):
            exact = exact_numbers(factors)
            return _hull(exact * low, exact * high)
        case Total(axes):
            totals = (np.asarray(end.sum(axis=tuple(axes)), dtype=object) for end in ends)
            return next(totals), next(totals)
        case Matrix(matrix, from_left):
            if math.prod(matrix.shape) > MOST_MONOMIALS:
                raise SizeError("matrix is too large to be multiplied exactly.")
            dense = matrix.toarray() if is_sparse(matrix) else matrix
            up, down = (exact_numbers(f(dense, 0.0)) for f in (np.maximum, np.minimum))
            if from_left:
                return up @ low + down @ high, up @ high + down @ low
            return low @ up + high @ down, high @ up + low @ down


def _hull(*corners: Objects) -> Ends:
    low, high = (np.asarray(f.reduce(corners)) for f in (np.minimum, np.maximum))
    return low.astype(object), high.astype(object)


def ends_of_polynomial(
    polynomial: Polynomial, extent: Callable[[Any], tuple[int, int]]
) -> tuple[Number, Number]:
    """Return the least and the largest value of a polynomial, term by term."""
    low: Number = 0
    high: Number = 0
    for key, value in polynomial.items():
        ends = [value * end for end in extent(key)]
        low, high = low + min(ends), high + max(ends)
    return low, high


def has_squares(node: Node) -> bool:
    """Whether anywhere in an expression there is an even power, or a product with itself."""
    return any(_has_squares(term) for term in addends(node))


def _has_squares(node: Term) -> bool:
    match node:
        case Product(left, right):
            return left is right or has_squares(left) or has_squares(right)
        case Power(base, exponent):
            return exponent % 2 == 0 or has_squares(base)
        case Apply(_, child):
            return has_squares(child)
    return False
