"""The language: variables, expression arrays and constraints. Data only."""

from hopfield_opt.model.constraint import Constraint as Constraint
from hopfield_opt.model.decoded import Decoded as Decoded
from hopfield_opt.model.expression import Expression as Expression
from hopfield_opt.model.model import Model as Model

__all__ = ["Constraint", "Decoded", "Expression", "Model"]
