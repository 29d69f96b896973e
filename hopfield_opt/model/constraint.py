"""A comparison of two arrays: one object for all its entries."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError
from hopfield_opt.exactness import beyond, exact_numbers, last_bits, need_no_rounding
from hopfield_opt.model.evaluate import evaluate
from hopfield_opt.model.formula import compact, formula
from hopfield_opt.model.nodes import Floats, Node, Shape
from hopfield_opt.model.precision import Precision, evaluate_exactly, precision

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

    def copy_into(self, model: "Model") -> "Constraint":
        """Return the same comparison in a copy of its model."""
        return Constraint(self.node, self.sign, self.bound, model)

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.node.shape

    @cached_property
    def precision(self) -> Precision:
        """What floating point can say of the left side."""
        return precision(self.node)

    @cached_property
    def last(self) -> Floats:
        """The e of which both sides are multiples of 2^e; -inf where a decimal stands."""
        return np.minimum(self.precision.last, last_bits(self.bound))

    @cached_property
    def _never_rounds(self) -> NDArray[np.bool_]:
        """Whether no value within the ranges of the variables needs rounding."""
        ranges = [np.maximum(np.abs(v.lower), np.abs(v.upper)) for v in self.model.variables]
        largest = np.concatenate([np.empty(0), *(one.ravel() for one in ranges)])
        return need_no_rounding(self.last, self.sizes_at(largest))

    def sizes_at(self, values: Floats) -> Floats:
        """Return the sum of ``|terms|`` of each entry, bound included."""
        return np.asarray(self.precision.sizes_at(values) + np.abs(self.bound))

    def amounts(self, values: Floats, tolerance: float) -> Floats:
        """Return by how much each entry is violated, given all variables of the model.

        Exact where all numbers are whole or have few digits in binary. Where an entry holds
        decimals, up to `tolerance` times ``sum |terms|``, bound included, counts as none.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            excess = evaluate(self.node, values) - self.bound
        if self._never_rounds.all():
            sizes = errors = np.zeros(self.shape)
        else:
            sizes = self.sizes_at(values)
            errors = np.where(self._never_rounds, 0.0, self.precision.errors(sizes))
        found = np.zeros(self.shape)
        for sign, symbol in ((1.0, "<="), (-1.0, ">=")):
            if self.sign in (symbol, "=="):

                def resolve(sign: float = sign) -> Any:
                    own = evaluate_exactly(self.node, values) - exact_numbers(self.bound)
                    return own * int(sign)

                found += beyond(
                    sign * excess, sizes, self.last > -np.inf, errors, tolerance, resolve
                )
        return found

    def evaluate(self, assignment: Mapping[str, Any]) -> Floats:
        """Return by how much each entry is violated for an assignment `{name: array}`."""
        model = self.model
        return np.array(self.amounts(model.pack(assignment), model.feasibility_tolerance))

    def __repr__(self) -> str:
        return f"{formula(self.node)} {self.sign} {compact(self.bound)}"

    def __bool__(self) -> NoReturn:
        raise InputError(
            f"condition must be a Python truth value, got the constraint {self!r}. "
            "Give it to m.add(...); write a <= x <= b as two constraints."
        )
