"""How large an affine array is, as operators and expanded, without expanding it."""

import math
from typing import Any, cast

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.compiler.encodings import Encoding
from hopfield_opt.compiler.expand import uniform
from hopfield_opt.model.evaluate import apply
from hopfield_opt.model.nodes import (
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Operator,
    Scale,
    Term,
    Variables,
    View,
    addends,
    is_sparse,
)


def row_counts(node: Node, encoding: Encoding) -> Floats:
    """Return how many monomials each entry of an affine array has at most, numbers not counted."""
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
                total = total + _spread(matrix, row_counts(child, encoding), from_left)
            case Apply(operator, child):
                total = total + apply(operator, row_counts(child, encoding))
    return total


def _spread(matrix: Any, counts: Floats, from_left: bool) -> Floats:
    """Return the product of the pattern of a matrix and counts.

    Most arrays have as many monomials in each line, or everywhere: one line stands for all, and
    non-zeros are counted, not multiplied.
    """
    deadline.check()
    if counts.ndim == 2 and counts.size:
        if (counts == counts[:, :1]).all():
            column = counts[:, :1]
            if from_left:
                return _times(matrix, column)
            return np.asarray(column * _nonzeros(matrix, axis=0))
        if (counts == counts[:1]).all():
            row = counts[:1]
            if from_left:
                return np.asarray(_nonzeros(matrix, axis=1)[:, None] * row)
            return _times(matrix.T, row.T).T
    return apply(Matrix(_pattern(matrix), from_left), counts)


def _times(matrix: Any, column: Floats) -> Floats:
    """Return the product of the pattern of a matrix and a column."""
    if (column == column[0]).all():
        return np.asarray(_nonzeros(matrix, axis=1)[:, None] * column[0])
    return np.asarray(_pattern(matrix) @ column)


def _nonzeros(matrix: Any, axis: int) -> Floats:
    """Return how many entries of each line are not zero."""
    if is_sparse(matrix):
        return np.asarray((matrix != 0).sum(axis=axis), dtype=np.float64).ravel()
    return np.asarray(np.count_nonzero(matrix, axis=axis), dtype=np.float64)


def _pattern(matrix: Any) -> Any:
    """Return 1 where a matrix is not zero."""
    return (matrix != 0).astype(np.float64)


def footprint(node: Node) -> float:
    """Return the bytes that the operators and indices of an affine array hold."""
    return sum(_footprint(term) for term in addends(node))


def _footprint(node: Term) -> float:
    match node:
        case Variables(index):
            return 8 * index.size
        case Apply(operator, child):
            return _operator_bytes(operator) + footprint(child)
    return _bytes(cast(Constant, node).value)


def _operator_bytes(operator: Operator) -> int:
    match operator:
        case View(positions):
            return 8 * positions.size
        case Scale(factors):
            return _bytes(factors)
        case Matrix(matrix):
            return int(12 * matrix.nnz) if is_sparse(matrix) else 8 * math.prod(matrix.shape)
    return 0


def _bytes(array: Floats) -> int:
    return 8 if uniform(array) is not None else 8 * array.size
