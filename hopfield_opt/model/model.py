"""The model: variables, an objective and constraints. It knows no numerics and no solver."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self

import numpy as np

from hopfield_opt.border import as_mapping
from hopfield_opt.errors import InputError, show
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE
from hopfield_opt.model import convert
from hopfield_opt.model.constraint import Constraint
from hopfield_opt.model.decoded import Decoded
from hopfield_opt.model.expression import Expression
from hopfield_opt.model.formula import formula
from hopfield_opt.model.from_cvxpy import from_cvxpy
from hopfield_opt.model.from_dimod import from_dimod
from hopfield_opt.model.from_file import read
from hopfield_opt.model.nodes import Constant, Floats, Node, Variables
from hopfield_opt.model.precision import exact_value
from hopfield_opt.model.rule import Rule, check_constraint, make_rule
from hopfield_opt.model.variable import Kind, Variable, as_name, make_variable


class Model:
    """Variables, a cost and constraints over arrays.

    Examples
    --------
    Minimum vertex cover of a path:

    >>> import numpy as np
    >>> u, v = np.array([[0, 1], [1, 2], [2, 3]]).T
    >>> m = Model()
    >>> x = m.binary(4, name="x")
    >>> m.minimize(x.sum())
    >>> m.add(x[u] + x[v] >= 1, name="covered")
    >>> print(m)
    minimize x.sum()
    subject to
      covered: x[[0, 1, 2]] + x[[1, 2, 3]] >= 1
    variables
      x: 4 binary
    >>> m.evaluate({"x": [0, 1, 0, 0]}).violations
    {'covered': 1.0}
    """

    def __init__(self) -> None:
        self.variables: tuple[Variable, ...] = ()
        self._names: set[str] = set()
        self.rules: dict[str, Rule] = {}
        self.sense: Literal["minimize", "maximize"] = "minimize"
        self.cost: Node = Constant(np.zeros(()))
        # what a rule with decimals may be missed by; `compile` sets it in its copy
        self.feasibility_tolerance = FEASIBILITY_TOLERANCE

    def __copy__(self) -> Self:
        """Return a model of its own, with variables `copy["x"]`: nothing is added to both."""
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        new = type(self).__new__(type(self))
        memo[id(self)] = new  # for expressions and constraints that are copied along
        new.__dict__.update(self.__dict__, _names=set(self._names))
        new.rules = {
            name: replace(rule, constraint=rule.constraint.copy_into(new))
            for name, rule in self.rules.items()
        }
        return new

    # variables -----------------------------------------------------------------------------

    def binary(self, shape: Any = (), name: str | None = None, index: Any = None) -> Expression:
        """Return variables that are 0 or 1: an array of a numpy shape, named so in assignments.

        An `index` in its place, labels of one axis or a list of two, makes data of pandas go by
        label, and the answer a Series or DataFrame.
        """
        return self._variable("binary", shape, name, 0, 1, None, index)

    def spin(self, shape: Any = (), name: str | None = None, index: Any = None) -> Expression:
        """Return variables that are -1 or +1: an array, shaped and named as those of `binary`."""
        return self._variable("spin", shape, name, -1, 1, None, index)

    def integer(
        self,
        shape: Any = (),
        lower: Any = 0,
        upper: Any = None,
        name: str | None = None,
        encoding: str | None = None,
        index: Any = None,
    ) -> Expression:
        """Return an array of integers in `lower..upper`, both included.

        Parameters
        ----------
        shape : int or tuple of int
            The numpy shape.
        lower, upper : int or array of int
            The range, for all entries or for each.
        name : str, optional
            The name in assignments.
        encoding : "binary", "one-hot", "unary" or "domain-wall", optional
            How the compiler writes the integers with bits; by default it is told to `compile`.
        index : labels, optional
            As of `binary`.
        """
        if upper is None:
            raise InputError(
                f"upper must be an integer, got None with shape {show(shape)} and lower "
                f"{show(lower)}. Give it by name, upper=9, or behind the shape and the least "
                "value: integer((), 0, 9) is one number in that range."
            )
        return self._variable("integer", shape, name, lower, upper, encoding, index)

    @property
    def num_variables(self) -> int:
        """The number of variables, entries counted one by one."""
        return self.variables[-1].first + self.variables[-1].size if self.variables else 0

    def _variable(
        self, kind: Kind, shape: Any, name: Any, lower: Any, upper: Any, encoding: Any, index: Any
    ) -> Expression:
        given = (kind, shape, name, (lower, upper), encoding, index)
        variable = make_variable(self.num_variables, self._names, *given)
        self.variables += (variable,)
        self._names.add(variable.name)
        return self._all_of(variable)

    def _all_of(self, variable: Variable) -> Expression:
        numbers = np.arange(variable.first, variable.first + variable.size)
        return Expression(Variables(numbers.reshape(variable.shape), variable.name), self)

    def __getitem__(self, name: str) -> Expression:
        """Return the variable of a name."""
        for variable in self.variables:
            if isinstance(name, str) and variable.name == name:
                return self._all_of(variable)
        names = [one.name for one in self.variables]
        raise InputError(f"variable must be one of {names}, got {show(name)}. Make it first.")

    # Python would ask for model[0], model[1], ... of what may be a sequence
    __iter__ = None

    def everything(self) -> Expression:
        """Return all variables, entry by entry, as one flat array."""
        return Expression(Variables(np.arange(self.num_variables), "variables"), self)

    # objective and constraints -------------------------------------------------------------

    def minimize(self, expression: Any) -> None:
        """Set the cost, one number, to be made small.

        A model has one objective: the last one that was set, whether by this or by `maximize`.
        Several costs are one sum, ``minimize(time + 0.1 * money)``.

        Parameters
        ----------
        expression : Expression or number
            The cost.
        """
        self._objective(expression, "minimize")

    def maximize(self, expression: Any) -> None:
        """Set the value, one number, to be made large, in the place of any earlier objective.

        Parameters
        ----------
        expression : Expression or number
            The value; several are one sum, see `minimize`.
        """
        self._objective(expression, "maximize")

    def _objective(self, expression: Any, sense: Literal["minimize", "maximize"]) -> None:
        self.cost = self.as_cost(expression)
        self.sense = sense

    def as_cost(self, expression: Any) -> Node:
        """Return the node of an objective: one number in the variables of this model."""
        if isinstance(expression, Constraint):
            raise InputError(
                f"objective must be an expression, got the constraint {show(expression)}. "
                "Give it to m.add(...)."
            )
        found = expression if isinstance(expression, Expression) else self._number(expression)
        if found.model is not self:
            raise InputError(
                f"objective must be in this model's variables, got {show(found)} of another. "
                "Make all variables with one Model."
            )
        if found.shape != ():
            raise InputError(
                f"objective must be one number, got shape {found.shape} at {show(found)}. "
                "Add its entries up with .sum()."
            )
        return found.node

    def _number(self, value: Any) -> Expression:
        return Expression(Constant(np.zeros(())), self).__add__(value)

    def add(
        self,
        *constraints: Constraint,
        name: str | None = None,
        penalty: float | None = None,
        soft: bool = False,
        keep: bool | None = None,
    ) -> None:
        """Add constraints.

        Parameters
        ----------
        *constraints : Constraint
            Comparisons of expressions.
        name : str, optional
            The name in violations and reports; several constraints get `name[0]`, `name[1]`, ...
        penalty : float, optional
            The weight of the penalty, in place of the one that `compile` proves.
        soft : bool
            Whether the constraint may be violated at a price: `penalty * amount**2` is added to
            the cost (taken from the value that is maximised).
        keep : bool, optional
            Whether the moves must keep the constraint (True), or a penalty must stand for it
            (False); by default `compile` decides.
        """
        call = len(self.rules)
        for position, one in enumerate(constraints):
            check_constraint(one, self)
            label = name if name is None or len(constraints) == 1 else f"{name}[{position}]"
            label = as_name("constraint", label, self.rules)
            self.rules[label] = make_rule(one, label, penalty, soft, keep, call)

    # values --------------------------------------------------------------------------------

    def pack(self, assignment: Mapping[str, Any]) -> Floats:
        """Return the values of all variables as one vector."""
        names = [variable.name for variable in self.variables]
        given = as_mapping("assignment", assignment)
        if given is None or set(given) != set(names):
            got = show(assignment if given is None else list(given))
            raise InputError(
                f"assignment must name the variables {names}, got {got}. Give an array for each."
            )
        parts = [variable.check(given[variable.name]) for variable in self.variables]
        return np.concatenate([np.empty(0), *parts])

    def unpack(self, values: Floats) -> dict[str, Any]:
        """Return the variables by name from one vector of all their values."""
        return {
            one.name: one.restore(values[one.first : one.first + one.size])
            for one in self.variables
        }

    def judge(self, values: Floats) -> tuple[float, dict[str, float]]:
        """Return the objective and the amounts of violation of a vector of values."""
        sign = 1.0 if self.sense == "minimize" else -1.0
        value = exact_value(self.cost, values)
        violations = {}
        for rule in self.rules.values():
            amounts = rule.constraint.amounts(values, self.feasibility_tolerance)
            if rule.soft:
                value += sign * float(rule.penalty or 0) * float((amounts**2).sum())
                continue
            amount = float(amounts.sum())
            if amount:
                violations[rule.name] = amount
        return value, violations

    def evaluate(self, assignment: Mapping[str, Any]) -> Decoded:
        """Return value and violations of an assignment `{name: array}`, without compiling."""
        values = self.pack(assignment)
        return Decoded(self.unpack(values), *self.judge(values))

    def __repr__(self) -> str:
        return f"Model({', '.join(one.name for one in self.variables)}: {len(self.rules)} rules)"

    def __str__(self) -> str:
        lines = [f"{self.sense} {formula(self.cost)}"]
        if self.rules:
            lines.append("subject to")
        for rule in self.rules.values():
            extra = f"   (soft, {rule.penalty:g})" if rule.soft else ""
            lines.append(f"  {rule.name}: {rule.constraint!r}{extra}")
        lines.append("variables")
        return "\n".join([*lines, *(f"  {one}" for one in self.variables)])

    from_qubo = classmethod(convert.from_qubo)
    from_polynomial = classmethod(convert.from_polynomial)
    from_matrices = classmethod(convert.from_matrices)
    from_dimod = classmethod(from_dimod)
    from_cvxpy = classmethod(from_cvxpy)
    read = classmethod(read)
