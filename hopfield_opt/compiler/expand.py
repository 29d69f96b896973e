"""Two readings of an expression tree: forwards into coordinates, backwards into a sum.

Forwards (`expand`) every node becomes an array of polynomials. Backwards (`pull`) a weighted
sum of an array's entries is handed down the tree as in reverse-mode differentiation: each
operator passes the weights on through its transpose, until only variables, numbers and products
are left. A cost is read backwards, so that `(A @ x @ B).sum()` never expands anything.
"""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.terms import (
    Terms,
    constants,
    gather,
    join,
    merge,
    multiply_matrix,
    reduce_powers,
    scale,
    tally,
)
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Node,
    Operator,
    Power,
    Product,
    Scale,
    Shape,
    Term,
    Total,
    Variables,
    View,
    addends,
)


def expand(node: Node, encoding: Encoding) -> Terms:
    """Return an array (flattened) as polynomials in the bits of an encoding."""
    terms = [_expand(term, encoding) for term in deadline.check_each(addends(node), 100)]
    if len(terms) == 1:
        return terms[0]
    return merge(part for one in terms for part in one.values())


def _expand(node: Term, encoding: Encoding) -> Terms:
    match node:
        case Constant(value):
            return {0: constants(value)}
        case Variables(index):
            return encoding.terms(index)
        case Apply(operator, child):
            return _apply(operator, expand(child, encoding), child.shape)
        case Product(left, right):
            size = math.prod(node.shape)
            both = join(expand(left, encoding), expand(right, encoding), size)
            return reduce_powers(both, encoding.is_spin)
    once = expand(node.base, encoding)
    power = once
    for _ in range(node.exponent - 1):
        power = reduce_powers(join(power, once, math.prod(node.shape)), encoding.is_spin)
    return power


def _apply(operator: Operator, terms: Terms, shape: Shape) -> Terms:
    size = math.prod(shape)
    match operator:
        case View(positions):
            return gather(terms, positions.ravel(), size)
        case Scale(factors):
            return scale(terms, factors.ravel())
        case Total(axes):
            lines = math.prod(shape[axis] for axis in axes)
            if lines == 0:
                return {}
            last = range(len(shape) - len(axes), len(shape))
            places = np.moveaxis(np.arange(size).reshape(shape), axes, tuple(last))
            return gather(terms, places.ravel(), size, group=lines)
    matrix = operator
    n, m = (shape[0], math.prod(shape[1:])) if matrix.from_left else (shape[0], shape[-1])
    return multiply_matrix(matrix.matrix, terms, (n, m), matrix.from_left)


@dataclass(eq=False)
class Pulled:
    """A weighted sum of entries: a number, variables, and products with their weights."""

    constant: float = 0.0
    index: list[np.ndarray] = field(default_factory=list)
    weights: list[Floats] = field(default_factory=list)
    products: list[tuple[Product | Power, Floats]] = field(default_factory=list)

    def linear(self, num_variables: int) -> Floats:
        """Return the coefficient of each variable."""
        if not self.index:
            return np.zeros(num_variables)
        return tally(np.concatenate(self.index), np.concatenate(self.weights), num_variables)


def pull(node: Node, weights: Floats) -> Pulled:
    """Return `(weights * node).sum()` with all linear operators carried out."""
    found = Pulled()
    stack = [(node, weights)]
    while stack:
        deadline.check()
        top, own = stack.pop()
        for term in deadline.check_each(addends(top), 100):
            match term:
                case Constant(value):
                    found.constant += float((own * value).sum())
                case Variables(index):
                    found.index.append(index.ravel())
                    found.weights.append(own.ravel())
                case Apply(operator, child):
                    stack.append((child, _apply_transpose(operator, child.shape, own)))
                case _:
                    found.products.append((term, own))
    return found


def _apply_transpose(operator: Operator, shape: Shape, weights: Floats) -> Floats:
    match operator:
        case View(positions):
            return tally(positions.ravel(), weights.ravel(), math.prod(shape)).reshape(shape)
        case Total(axes):
            return np.broadcast_to(np.expand_dims(weights, axes), shape)
        case Scale(factors):
            return times(weights, factors)
    matrix = operator
    if matrix.from_left:
        return np.asarray(matrix.matrix.T @ weights)
    return np.asarray((matrix.matrix @ weights.T).T)


def uniform(array: NDArray[Any]) -> float | None:
    """Return the one number that an array repeats, where that can be seen without looking."""
    if array.size == 0 or any(
        step for step, size in zip(array.strides, array.shape, strict=True) if size > 1
    ):
        return None
    return float(array.flat[0])


def times(left: Floats, right: Floats) -> Floats:
    """Return the product; a repeated number stays one number in memory."""
    one, other = uniform(left), uniform(right)
    if one is not None and other is not None:
        return np.broadcast_to(np.float64(one * other), left.shape)
    return left * right


def split(node: Node) -> tuple[list[Node], Floats | None]:
    """Return the addends of an array that depend on variables, and the sum of the others."""
    variable: list[Node] = []
    numbers: Floats | None = None
    for term in addends(node):
        if isinstance(term, Constant):
            numbers = term.value if numbers is None else numbers + term.value
        else:
            variable.append(term)
    return variable, numbers
