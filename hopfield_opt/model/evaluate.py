"""The value of an expression: numpy does what the tree says."""

from typing import cast

import numpy as np
import scipy.sparse

from hopfield_opt.model.nodes import (
    AnyMatrix,
    Apply,
    Constant,
    Floats,
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

# a large matrix with at most one entry in so many, as of a permutation, is multiplied as sparse
LARGE = 1 << 12
SPARSE = 8


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
    factor: AnyMatrix = array
    if array.size > LARGE and array.ndim == 2 and SPARSE * np.count_nonzero(array) < array.size:
        factor = scipy.sparse.csr_array(array)
    product = operator.matrix @ factor if operator.from_left else factor @ operator.matrix
    return product.toarray() if is_sparse(product) else np.asarray(product)


def _term(node: Term, values: Floats) -> Floats:
    match node:
        case Constant(value):
            return value
        case Variables(index):
            return values[index] if node.block is None else values[node.block].reshape(node.shape)
        case Apply(operator, child):
            return apply(operator, evaluate(child, values))
        case Product(left, right):
            return evaluate(left, values) * evaluate(right, values)
    return evaluate(node.base, values) ** node.exponent
