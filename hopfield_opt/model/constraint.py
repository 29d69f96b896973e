"""A comparison of two arrays: one object for all its entries."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from hopfield_opt.errors import InputError
from hopfield_opt.model.evaluate import evaluate
from hopfield_opt.model.formula import compact, formula
from hopfield_opt.model.nodes import Floats, Node, Shape

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model


class Constraint:
    """`node sign bound`, entry by entry; made by comparing expressions.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> x = Model().binary(3, name="x")
    >>> rule = x[:2] + x[1:] <= 1
    >>> rule
    x[:2] + x[1:] <= 1
    >>> rule.evaluate({"x": [1, 1, 0]})
    array([1., 0.])
    """

    __hash__ = object.__hash__

    def __init__(self, node: Node, sign: str, bound: Floats, model: "Model") -> None:
        self.node = node
        self.sign = sign
        self.bound = bound
        self.model = model

    def within(self, model: "Model") -> "Constraint":
        """Return the same comparison in a copy of its model."""
        return Constraint(self.node, self.sign, self.bound, model)

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.node.shape

    def amounts(self, values: Floats) -> Floats:
        """Return by how much each entry is violated, given all variables of the model."""
        excess = evaluate(self.node, values) - self.bound
        if self.sign == "==":
            return np.abs(excess)
        return np.maximum(excess if self.sign == "<=" else -excess, 0.0)

    def evaluate(self, assignment: Mapping[str, Any]) -> Floats:
        """Return by how much each entry is violated for an assignment `{name: array}`."""
        return np.array(self.amounts(self.model.pack(assignment)))

    def __repr__(self) -> str:
        return f"{formula(self.node)} {self.sign} {compact(self.bound)}"

    def __bool__(self) -> NoReturn:
        raise InputError(
            f"condition must be a Python truth value, got the constraint {self!r}. "
            "Give it to m.add(...); write a <= x <= b as two constraints."
        )
