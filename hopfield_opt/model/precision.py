"""What floating point can say of an expression: its last bits, sizes, and its exact value.

All values of variables are whole numbers. With constants that are exact, so is every value of an
expression: a multiple of a power of two.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.exactness import (
    EPS,
    exact_numbers,
    finite,
    last_bits,
    need_no_rounding,
    plus,
)
from hopfield_opt.model.evaluate import evaluate
from hopfield_opt.model.nodes import (
    Add,
    AnyMatrix,
    Apply,
    Constant,
    Floats,
    Matrix,
    Node,
    Operator,
    Power,
    Product,
    Scale,
    Term,
    Total,
    Variables,
    View,
    addends,
    is_sparse,
)

# Python's integers are slow: a dense cost of so many variables takes 50 ms
MOST_EXACT = 300
# rows of a dense matrix that are looked at together
STRIPE = 256


@dataclass(frozen=True, eq=False)
class Precision:
    """What is known of the values of an array, entry by entry.

    Attributes
    ----------
    last : array
        e where all values are multiples of 2^e; inf where all are 0, -inf where a decimal stands.
    sizes : Node
        The sum of the sizes of all terms, as an expression in the sizes of the variables.
    operations : int
        How many roundings one value may suffer.
    """

    last: Floats
    sizes: Node
    operations: int

    def sizes_at(self, values: Floats) -> Floats:
        """Return the sum of ``|terms|`` of each entry."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(evaluate(self.sizes, np.abs(values)))

    def errors(self, sizes: Floats) -> Floats:
        """Return how far values may be off by rounding."""
        return np.asarray((self.operations + 2.0) * EPS * sizes)


def precision(node: Node) -> Precision:
    """Return what is known of the values of an array."""
    return Precision(_last_bits(node), _absolute(node), _operations(node))


def evaluate_exactly(node: Node, values: Floats) -> NDArray[np.object_]:
    """Return the value of an array as Python integers and fractions."""
    return _exact(node, exact_numbers(values))


def exact_value(node: Node, values: Floats) -> float:
    """Return the value of one number, of exact ones without any rounding but the last.

    Beyond `MOST_EXACT` variables that takes too long: it is then the value in floating point.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        value = float(evaluate(node, values))
    if len(values) > MOST_EXACT:
        return value
    known = _cached_precision(node)
    sizes = known.sizes_at(values)
    if need_no_rounding(known.last, sizes).all() or known.last.min() == -np.inf:
        return value
    return finite(evaluate_exactly(node, values).item())


@lru_cache(maxsize=8)
def _cached_precision(node: Node) -> Precision:
    return precision(node)


# last bits -------------------------------------------------------------------------------


def _last_bits(node: Node) -> Floats:
    found = np.full(node.shape, np.inf)
    for term in addends(node):
        found = np.minimum(found, _of_term(term))
    return found


def _of_term(node: Term) -> Floats:
    match node:
        case Constant(value):
            return last_bits(value)
        case Variables(index):
            return np.zeros(index.shape)
        case Apply(operator, child):
            return _apply(operator, _last_bits(child))
        case Product(left, right):
            return plus(_last_bits(left), _last_bits(right))
    return node.exponent * _last_bits(node.base)


def _apply(operator: Operator, last: Floats) -> Floats:
    match operator:
        case View(positions):
            return last.ravel()[positions]
        case Total(axes):
            return np.asarray(last.min(axis=axes, initial=np.inf))
        case Scale(factors):
            return plus(last_bits(factors), last)
    matrix = operator.matrix if operator.from_left else operator.matrix.T
    lines = np.atleast_2d(last) if operator.from_left else np.atleast_2d(last).T
    if last.ndim == 1:
        return _least(matrix, last)
    if not lines.size or (lines == lines.flat[0]).all():
        lines = lines[:, :1]  # one line stands for all
    wide = last.shape[1] if operator.from_left else last.shape[0]
    found = np.empty((matrix.shape[0], 0))
    if wide:
        found = np.stack([_least(matrix, line) for line in lines.T], axis=1)
    found = np.broadcast_to(found, (matrix.shape[0], wide))
    return found if operator.from_left else found.T


def _least(matrix: AnyMatrix, last: Floats) -> Floats:
    """Return for each row of a matrix the last bits of its product with a vector."""
    if not is_sparse(matrix):
        # a few rows at a time: the bits of a dense matrix take several times its memory
        parts = (matrix[first : first + STRIPE] for first in range(0, len(matrix), STRIPE))
        least = [plus(last_bits(part), last).min(axis=1, initial=np.inf) for part in parts]
        return np.concatenate([np.empty(0), *least])
    rows = scipy.sparse.csr_array(matrix)
    found = np.full(rows.shape[0], np.inf)
    filled = np.flatnonzero(np.diff(rows.indptr))
    own = plus(last_bits(rows.data), last[rows.indices])
    if len(filled):
        found[filled] = np.minimum.reduceat(own, rows.indptr[filled])
    return found


# sizes -----------------------------------------------------------------------------------


def _absolute(node: Node) -> Node:
    """Return the expression with the sizes of all numbers."""
    found: Node | None = None
    for term in addends(node):
        own = _absolute_term(term)
        found = own if found is None else Add(found, own)
    assert found is not None  # a sum has terms
    return found


def _absolute_term(node: Term) -> Term:
    match node:
        case Constant(value):
            return Constant(np.abs(value))
        case Variables():
            return node
        case Apply(Scale(factors), child):
            return Apply(Scale(np.abs(factors)), _absolute(child), node.shape)
        case Apply(Matrix(matrix, from_left), child):
            return Apply(Matrix(abs(matrix), from_left), _absolute(child), node.shape)
        case Apply(operator, child):
            return Apply(operator, _absolute(child), node.shape)
        case Product(left, right):
            return Product(_absolute(left), _absolute(right))
    return Power(_absolute(node.base), node.exponent)


def _operations(node: Node) -> int:
    terms = [_operations_of(term) for term in addends(node)]
    return len(terms) + max(terms)


def _operations_of(node: Term) -> int:
    match node:
        case Apply(Total(), child):
            return _operations(child) + int(np.prod(child.shape))
        case Apply(Matrix(matrix), child):
            return _operations(child) + int(max(matrix.shape))
        case Apply(_, child):
            return _operations(child) + 1
        case Product(left, right):
            return _operations(left) + _operations(right) + 1
        case Power(base, exponent):
            return int(exponent) * (_operations(base) + 1)
    return 0


# exact values ----------------------------------------------------------------------------


def _exact(node: Node, values: NDArray[np.object_]) -> NDArray[np.object_]:
    found: Any = np.zeros(node.shape, dtype=object)
    for term in addends(node):
        found = found + _exact_term(term, values)
    return np.asarray(found, dtype=object)


def _exact_term(node: Term, values: NDArray[np.object_]) -> Any:
    match node:
        case Constant(value):
            return exact_numbers(value)
        case Variables(index):
            return values[index]
        case Apply(operator, child):
            return _apply_exactly(operator, _exact(child, values))
        case Product(left, right):
            return _exact(left, values) * _exact(right, values)
    return _exact(node.base, values) ** node.exponent


def _apply_exactly(operator: Operator, array: NDArray[np.object_]) -> Any:
    match operator:
        case View(positions):
            return array.ravel()[positions]
        case Total(axes):
            return array.sum(axis=axes, initial=0)
        case Scale(factors):
            return array * exact_numbers(factors)
    matrix = operator.matrix if operator.from_left else operator.matrix.T
    other = array if operator.from_left else array.T
    if not is_sparse(matrix):
        found = exact_numbers(matrix) @ other
    else:
        rows = scipy.sparse.csr_array(matrix)
        found = np.zeros((rows.shape[0], *other.shape[1:]), dtype=object)
        numbers = exact_numbers(rows.data)
        for row in np.flatnonzero(np.diff(rows.indptr)).tolist():
            own = slice(rows.indptr[row], rows.indptr[row + 1])
            found[row] = numbers[own] @ other[rows.indices[own]]
    return found if operator.from_left else found.T
