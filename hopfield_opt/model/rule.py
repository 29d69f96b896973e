"""A constraint of a model, with how it is to be kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.arrays import check_truth
from hopfield_opt.border import as_float
from hopfield_opt.errors import InputError, show
from hopfield_opt.model.constraint import Constraint

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model


@dataclass(frozen=True, eq=False)
class Rule:
    """A constraint of a model, with its name and how it is to be kept.

    Those of one call of `add` have the same number `call`.
    """

    constraint: Constraint
    name: str
    penalty: float | None
    soft: bool
    keep: bool | None
    call: int


def check_constraint(one: Any, model: "Model") -> None:
    """Raise InputError for what is no constraint in the variables of a model."""
    if isinstance(one, (Sequence, Iterator)):
        raise InputError(
            f"constraint must be a comparison of expressions, got {show(one)}. "
            "Write a star before what holds several: m.add(*constraints)."
        )
    if not isinstance(one, Constraint):
        raise InputError(
            f"constraint must be a comparison of expressions, got {show(one)}. "
            "Write for example m.add(x.sum() == 1)."
        )
    if one.model is not model:
        raise InputError(
            f"constraint must be in this model's variables, got {show(one)} of another. "
            "Make all variables with one Model."
        )


def make_rule(one: Constraint, name: str, penalty: Any, soft: Any, keep: Any, call: int) -> Rule:
    """Return the rule for a constraint, or say why it cannot be kept so."""
    weight = None if penalty is None else as_float(penalty)
    soft = check_truth("soft", soft)
    right = not soft if penalty is None else weight is not None and 0 < weight < np.inf
    if not right:
        raise InputError(
            f"penalty must be a finite number > 0, got {show(penalty)} at {show(one)}. "
            "A soft constraint needs its weight; for others leave it out."
        )
    if keep is not None and check_truth("keep", keep) and penalty is not None:
        raise InputError(
            f"keep must be None or False for a constraint with a penalty, got True at "
            f"{show(one)}. What the moves keep needs no weight: leave one of the two out."
        )
    return Rule(one, name, weight, soft, keep, call)
