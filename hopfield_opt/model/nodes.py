"""Expression trees: data only, one node for a whole array, nothing expanded.

Linear work on an array stays an operator (`View`, `Total`, `Scale`, `Matrix`) applied to a
child. Every question about an expression (its value, its range, its formula, its coefficients)
is a function over these few classes, in a file of its own.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, TypeAlias

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import check_memory

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]
Shape: TypeAlias = tuple[int, ...]
# of an array of entries that are picked one by one: their places, and their values once
BYTES_PER_ENTRY = 16
WHOLE_ARRAYS = "Write it with matrix products of whole arrays, or as squares"

AnyMatrix: TypeAlias = Any  # (p, n): a dense float64 array or a scipy.sparse.csr_array


class Shared:
    """What never changes, and is shared by all copies: a copy of it would be as deep as it is."""

    @cached_property
    def depth(self) -> int:
        """How deep the tree below is; that of each child is known when its parent is made."""
        inside = (getattr(self, name, None) for name in ("child", "left", "right", "base"))
        return 1 + max((one.depth for one in inside if one is not None), default=0)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(frozen=True, eq=False)
class View:
    """Entries picked from the child: slices, masks, roll, transpose, reshape, broadcasting."""

    positions: Indices  # of the result's shape: places in the flattened child
    label: str


@dataclass(frozen=True, eq=False)
class Total:
    """Sums along axes."""

    axes: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Scale:
    """Each entry times a number of its own; `factors` has the child's shape."""

    factors: Floats


@dataclass(frozen=True, eq=False)
class Matrix:
    """A constant matrix from the left (`matrix @ child`) or from the right."""

    matrix: AnyMatrix
    from_left: bool


Operator: TypeAlias = View | Total | Scale | Matrix


@dataclass(frozen=True, eq=False)
class Constant(Shared):
    """Numbers."""

    value: Floats

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.value.shape


@dataclass(frozen=True, eq=False)
class Variables(Shared):
    """Variables of the model by number, in any order and any number of times."""

    index: Indices
    label: str

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.index.shape

    @cached_property
    def block(self) -> slice | None:
        """The numbers as a slice, where they follow each other: it is read without a copy."""
        flat = self.index.ravel()
        if not len(flat) or (np.diff(flat) != 1).any():
            return None
        return slice(int(flat[0]), int(flat[-1]) + 1)


@dataclass(frozen=True, eq=False)
class Apply(Shared):
    """A linear operator applied to an array."""

    operator: Operator
    child: "Node"
    shape: Shape


@dataclass(frozen=True, eq=False)
class Add(Shared):
    """A sum of two arrays of one shape; long sums are chains, walked by `addends`."""

    left: "Node"
    right: "Node"

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.right.shape

    @cached_property
    def depth(self) -> int:
        """That of the deepest term: a chain is walked, however long."""
        return max(self.left.depth, self.right.depth)

    def __reduce__(self) -> tuple[Any, ...]:
        # a pickle of the chain itself would be as deep as it is long
        return _chain, tuple(addends(self))


def _chain(first: "Node", *others: "Node") -> "Node":
    whole = first
    for other in others:
        whole = Add(whole, other)
        _ = whole.depth  # known before it is the left of a longer one
    return whole


@dataclass(frozen=True, eq=False)
class Product(Shared):
    """The elementwise product of two arrays of one shape."""

    left: "Node"
    right: "Node"

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.right.shape


@dataclass(frozen=True, eq=False)
class Power(Shared):
    """The elementwise power with an integer exponent >= 2."""

    base: "Node"
    exponent: int

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.base.shape


Term: TypeAlias = Constant | Variables | Apply | Product | Power
Node: TypeAlias = Term | Add


def addends(node: Node) -> Iterator[Term]:
    """Yield the terms of a sum from left to right, without recursion."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Add):
            stack += [top.right, top.left]
        else:
            yield top


def add(left: Node, right: Node) -> Node:
    """Return the sum; zero constants vanish."""
    for zero, other in ((left, right), (right, left)):
        if isinstance(zero, Constant) and not zero.value.any():
            return other
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Constant(left.value + right.value)
    return Add(left, right)


def view(node: Node, positions: Indices, label: str) -> Node:
    """Return entries of an array; of variables and numbers at once, else as an operator."""
    check_memory("expression", BYTES_PER_ENTRY * positions.size, WHOLE_ARRAYS)
    deadline.check(2 * positions.size)
    if isinstance(node, Variables):
        return Variables(node.index.ravel()[positions], node.label + label)
    if isinstance(node, Constant):
        return Constant(node.value.ravel()[positions])
    return Apply(View(positions, label), node, positions.shape)


def broadcast(node: Node, shape: Shape) -> Node:
    """Return the array repeated to a larger shape, as numpy does."""
    if node.shape == shape:
        return node
    if isinstance(node, Constant):
        return Constant(np.broadcast_to(node.value, shape))
    places = np.arange(math.prod(node.shape)).reshape(node.shape)
    return view(node, np.broadcast_to(places, shape), "")


def scale(node: Node, factors: Floats) -> Node:
    """Return the array times numbers of the same shape."""
    if isinstance(node, Constant):
        return Constant(node.value * factors)
    if isinstance(node, Apply) and isinstance(node.operator, Scale):
        return Apply(Scale(node.operator.factors * factors), node.child, node.shape)
    return Apply(Scale(factors), node, node.shape)


def total(node: Node, axes: tuple[int, ...]) -> Node:
    """Return the sum along axes."""
    if isinstance(node, Constant):
        return Constant(np.asarray(node.value.sum(axis=axes)))
    shape = tuple(size for axis, size in enumerate(node.shape) if axis not in axes)
    return Apply(Total(axes), node, shape)


def multiply(left: Node, right: Node) -> Node:
    """Return the elementwise product."""
    if isinstance(left, Constant):
        return scale(right, left.value)
    if isinstance(right, Constant):
        return scale(left, right.value)
    return Power(left, 2) if left is right else Product(left, right)


def power(node: Node, exponent: int) -> Node:
    """Return the elementwise power with an integer exponent >= 2."""
    if isinstance(node, Constant):
        return Constant(node.value**exponent)
    return Power(node, exponent)


def matrix_product(matrix: AnyMatrix, node: Node, from_left: bool) -> Node:
    """Return `matrix @ node` or `node @ matrix` for a one- or two-dimensional node."""
    if isinstance(node, Constant):
        return Constant(np.asarray(matrix @ node.value if from_left else node.value @ matrix))
    if len(node.shape) == 1 and not from_left:
        return matrix_product(matrix.T, node, True)
    rest = node.shape[1:] if from_left else node.shape[:-1]
    size = (matrix.shape[0],) if from_left else (matrix.shape[1],)
    return Apply(Matrix(matrix, from_left), node, size + rest if from_left else rest + size)


def is_sparse(matrix: AnyMatrix) -> bool:
    """Whether a constant matrix is a scipy.sparse one."""
    return bool(scipy.sparse.issparse(matrix))


def degree(node: Node) -> int:
    """Return the degree of a polynomial, at most."""
    return max(_degree(term) for term in addends(node))


def _degree(node: Term) -> int:
    match node:
        case Constant():
            return 0
        case Variables():
            return 1
        case Apply(_, child):
            return degree(child)
        case Product(left, right):
            return degree(left) + degree(right)
    return node.exponent * degree(node.base)
