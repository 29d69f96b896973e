"""How large an expression is, as operators and expanded, without expanding it."""

import math

import numpy as np

from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.expand import uniform
from hopfield_opt.model.evaluate import apply
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Power,
    Product,
    Scale,
    Variables,
    View,
    addends,
    is_sparse,
)


def row_counts(node: Node, encoding: Encoding) -> Floats:
    """Return how many monomials each entry of an array has at most, numbers not counted."""
    total: Floats = np.zeros(node.shape)
    for term in addends(node):
        match term:
            case Variables(index) if encoding.is_identity:
                total = total + np.broadcast_to(np.float64(1.0), index.shape)
            case Variables(index):
                total = total + (encoding.starts[index + 1] - encoding.starts[index])
            case Apply(Scale(), child):
                total = total + row_counts(child, encoding)
            case Apply(Matrix(matrix, from_left), child):
                pattern = Matrix((matrix != 0).astype(np.float64), from_left)
                counts = row_counts(child, encoding)
                if counts.ndim == 2 and counts.size and (counts == counts.flat[0]).all():
                    # one line stands for all
                    counts = counts[:, :1] if from_left else counts[:1]
                total = total + apply(pattern, counts)
            case Apply(operator, child):
                total = total + apply(operator, row_counts(child, encoding))
            case Product(left, right):
                total = total + row_counts(left, encoding) * row_counts(right, encoding)
            case Power(base, exponent):
                total = total + row_counts(base, encoding) ** exponent
    return total


def footprint(node: Node) -> float:
    """Return the bytes that the operators and indices of an expression hold."""
    total = 0.0
    for term in addends(node):
        match term:
            case Constant(value):
                total += _bytes(value)
            case Variables(index):
                total += 8 * index.size
            case Apply(operator, child):
                total += footprint(child)
                if isinstance(operator, Matrix):
                    total += _matrix_bytes(operator)
                elif isinstance(operator, Scale):
                    total += _bytes(operator.factors)
                elif isinstance(operator, View):
                    total += 8 * operator.positions.size
            case Product(left, right):
                total += footprint(left) + footprint(right)
            case Power(base, _):
                total += footprint(base)
    return total


def _bytes(array: Floats) -> int:
    return 8 if uniform(array) is not None else 8 * array.size


def _matrix_bytes(operator: Matrix) -> int:
    matrix = operator.matrix
    return int(12 * matrix.nnz) if is_sparse(matrix) else 8 * math.prod(matrix.shape)
