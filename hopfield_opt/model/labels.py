"""Labels of variables: data with labels goes by them, and answers come back in them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.frames import Labels, axis_labels, in_order_of, is_labelled, num_axes
from hopfield_opt.model.constants import as_constant, as_matrix
from hopfield_opt.model.nodes import (
    Add,
    AnyMatrix,
    Apply,
    Floats,
    Matrix,
    Node,
    Power,
    Product,
    Scale,
    Total,
    Variables,
)
from hopfield_opt.model.variable import Variable

if TYPE_CHECKING:
    from hopfield_opt.model.expression import Expression

# of each axis: the labels, None where it has none
AxisLabels = tuple[Labels | None, ...]


def with_labels(variables: tuple[Variable, ...], assignment: Mapping[str, Any]) -> dict[str, Any]:
    """Return an assignment with a Series or DataFrame for each variable that has labels."""
    found = dict(assignment)
    for one in variables:
        if one.labels:
            import pandas as pd

            kind: Any = pd.Series if len(one.labels) == 1 else pd.DataFrame
            axes = [pd.Index(axis, tupleize_cols=False) for axis in one.labels]
            found[one.name] = kind(assignment[one.name], *axes)
    return found


def without_labels(assignment: Any) -> Any:
    """Return an assignment with arrays only."""
    if not isinstance(assignment, Mapping):
        return assignment
    return {
        name: value.to_numpy() if is_labelled(value) else value
        for name, value in assignment.items()
    }


def constant_for(expression: "Expression", value: Any, name: str) -> Floats:
    """Return numbers that meet an expression, labelled ones in the order of its labels."""
    return as_constant(_aligned(expression, value, name, expression.ndim), name)


def matrix_for(expression: "Expression", value: Any, from_left: bool) -> tuple[AnyMatrix, bool]:
    """Return a factor of a matrix product, its inner axis in the order of the labels."""
    own = axes_of(expression)[0 if from_left else -1] if expression.ndim else None
    if is_labelled(value) and own is not None:
        leaders = [axis_labels("matrix", value, axis) for axis in range(num_axes(value))]
        leaders[-1 if from_left else 0] = own
        value = in_order_of("matrix", value, *leaders)
    return as_matrix(value, from_left)


def _aligned(expression: "Expression", value: Any, name: str, ndim: int) -> Any:
    if not is_labelled(value) or num_axes(value) > ndim:
        return value
    return in_order_of(name, value, *axes_of(expression)[ndim - num_axes(value) :])


def axes_of(expression: "Expression") -> AxisLabels:
    """Return the labels along each axis of an expression, as far as its parts have them."""
    return _axes(expression.node, expression.model.variables)


def _axes(node: Node, variables: tuple[Variable, ...]) -> AxisLabels:
    if isinstance(node, Variables):
        return _picked(node, variables)
    if isinstance(node, Add | Product):
        left, right = _axes(node.left, variables), _axes(node.right, variables)
        return tuple(one or other for one, other in zip(left, right, strict=True))
    if isinstance(node, Power):
        return _axes(node.base, variables)
    none: AxisLabels = (None,) * len(node.shape)
    if not isinstance(node, Apply):
        return none
    inside = _axes(node.child, variables)
    if isinstance(node.operator, Scale):
        return inside
    if isinstance(node.operator, Total):
        return tuple(one for axis, one in enumerate(inside) if axis not in node.operator.axes)
    if isinstance(node.operator, Matrix) and len(inside) == len(none) == 2:
        return (None, inside[1]) if node.operator.from_left else (inside[0], None)
    return none


def _picked(node: Variables, variables: tuple[Variable, ...]) -> AxisLabels:
    """Return the labels of entries of one variable: those that are the same along an axis."""
    none: AxisLabels = (None,) * node.index.ndim
    if not node.index.size:
        return none
    least, most = node.index.min(), node.index.max()
    for one in variables:
        if one.labels and one.first <= least and most < one.first + one.size:
            places = np.unravel_index(node.index - one.first, one.shape)
            return tuple(_along(places, axis, one.labels) for axis in range(node.index.ndim))
    return none


def _along(places: Any, axis: int, labels: tuple[Labels, ...]) -> Labels | None:
    for own, names in zip(places, labels, strict=True):
        line = np.moveaxis(own, axis, 0).reshape(own.shape[axis], -1)
        distinct = len(set(line[:, 0].tolist())) == len(line)
        if distinct and (line == line[:, :1]).all():
            return tuple(names[place] for place in line[:, 0])
    return None
