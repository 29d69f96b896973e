"""Recognise `left @ X @ right`: constant matrices around a rectangular block of variables."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.compiler.expand import uniform
from hopfield_opt.model.nodes import (
    AnyMatrix,
    Apply,
    Indices,
    Matrix,
    Node,
    Scale,
    Shape,
    Variables,
    View,
    is_sparse,
)


@dataclass(frozen=True, eq=False)
class Sandwich:
    """`coefficient * left @ variables[grid] @ right`; None stands for the identity."""

    grid: Indices
    left: AnyMatrix | None = None
    right: AnyMatrix | None = None
    coefficient: float = 1.0


def sandwich(node: Node) -> Sandwich | None:
    """Return a two-dimensional array as matrices around variables, if it is just that."""
    if len(node.shape) != 2:
        return None
    if isinstance(node, Variables):
        return Sandwich(node.index)
    if not isinstance(node, Apply):
        return None
    inner = sandwich(node.child)
    if inner is None:
        return None
    operator = node.operator
    if isinstance(operator, Matrix):
        if operator.from_left:
            left = product(operator.matrix, inner.left)
            return Sandwich(inner.grid, left, inner.right, inner.coefficient)
        right = product(inner.right, operator.matrix)
        return Sandwich(inner.grid, inner.left, right, inner.coefficient)
    if isinstance(operator, Scale) and (factor := uniform(operator.factors)) is not None:
        return Sandwich(inner.grid, inner.left, inner.right, inner.coefficient * factor)
    if isinstance(operator, View):
        return _view(inner, operator.positions, node.child.shape)
    return None


def _view(inner: Sandwich, positions: Indices, shape: Shape) -> Sandwich | None:
    lines = separate(positions, shape)
    if lines is None:
        return None
    rows, columns, turned = lines
    left = product(selection(rows, shape[0]), inner.left)
    right = product(inner.right, _transpose(selection(columns, shape[1])))
    if not turned:
        return Sandwich(inner.grid, left, right, inner.coefficient)
    # (L X R)' = R' X' L'
    return Sandwich(inner.grid.T, _transpose(right), _transpose(left), inner.coefficient)


def separate(positions: Indices, shape: Shape) -> tuple[Indices, Indices, bool] | None:
    """Return rows r, columns c with `positions[i, j] = (r[i], c[j])`, or, turned, (r[j], c[i])."""
    if positions.size == 0 or (positions < 0).any():
        return None
    row, column = np.divmod(positions, shape[1])
    for turned in (False, True):
        if turned:
            row, column = row.T, column.T
        if (row == row[:, :1]).all() and (column == column[:1]).all():
            return row[:, 0], column[0], turned
    return None


def locate(index: Indices, grid: Indices, num_variables: int) -> tuple[Any, Any, bool] | None:
    """Return how a block of variables is cut out of a grid by rows and columns."""
    if np.array_equal(index, grid):
        return np.arange(grid.shape[0]), np.arange(grid.shape[1]), False
    place = np.full(num_variables, -1)
    place[grid.ravel()] = np.arange(grid.size)
    return separate(place[index], grid.shape)


def common_form(
    one: Sandwich, other: Sandwich, grid: Indices, num_variables: int
) -> tuple[AnyMatrix, AnyMatrix] | None:
    """Return A, B with `sum(one * other) = sum(X * (A @ X @ B))` for X on the grid.

    With one = L X R and other = M X N it is A = L'M and B = N R'.
    """
    first = locate(one.grid, grid, num_variables)
    second = locate(other.grid, grid, num_variables)
    if first is None or second is None or first[2] != second[2]:
        return None
    n, m = grid.shape
    matrices = []
    for found, side in ((first, one), (second, other)):
        pick, put = selection(found[0], n), _transpose(selection(found[1], m))
        if found[2]:
            # the block is (P X Q)': L (P X Q)' R turned is R' P X Q L'
            matrices.append(
                (product(_transpose(side.right), pick), product(put, _transpose(side.left)))
            )
        else:
            matrices.append((product(side.left, pick), product(put, side.right)))
    (left_one, right_one), (left_other, right_other) = matrices
    return (
        _plain(product(_transpose(left_one), left_other), n),
        _plain(product(right_other, _transpose(right_one)), m),
    )


def selection(lines: Indices, size: int) -> scipy.sparse.csr_array | None:
    """Return the matrix that picks lines, None where it takes all of them in order."""
    count = len(lines)
    if count == size and np.array_equal(lines, np.arange(size)):
        return None
    return scipy.sparse.csr_array(
        (np.ones(count), lines, np.arange(count + 1)), shape=(count, size)
    )


def product(left: AnyMatrix | None, right: AnyMatrix | None) -> Any:
    """Return the product of two matrices, of which None is the identity."""
    if left is None or right is None:
        return right if left is None else left
    deadline.check()
    return left @ right


def _plain(matrix: AnyMatrix | None, size: int) -> AnyMatrix:
    deadline.check()
    if matrix is None:
        return scipy.sparse.csr_array(scipy.sparse.eye_array(size))
    # in one order in memory: kernels are compiled for it
    return scipy.sparse.csr_array(matrix) if is_sparse(matrix) else np.ascontiguousarray(matrix)


def _transpose(matrix: AnyMatrix | None) -> AnyMatrix | None:
    return None if matrix is None else matrix.T
