"""Models from cvxpy's problems: booleans and integers, linear and quadratic."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.errors import InputError
from hopfield_opt.model.programs import Program, with_variables

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model


@dataclass(frozen=True)
class CompiledProgram:
    """A model over the integers of what cvxpy compiled, and the way back to its variables."""

    model: "Model"
    columns: IntArray  # of the vector of all integers, which entry of the model each is
    recover: Any
    shift: FloatArray

    def values(self, assignment: Any) -> FloatArray:
        """Return cvxpy's vector of all variables, continuous ones included."""
        integers = self.model.pack(assignment)[self.columns]
        found: FloatArray = self.recover @ integers + self.shift
        return found


def from_cvxpy(cls: type["Model"], problem: Any) -> "Model":
    """Return the model of a cvxpy problem over its boolean and integer variables, by their names.

    Continuous variables that equalities define, those of ``sum_squares`` too, are put in.

    Parameters
    ----------
    problem : cvxpy.Problem
        Linear or quadratic; a quadratic form that is not definite comes through
        ``quad_form(x, psd_wrap(Q))``.

    Raises
    ------
    InputError
        If it is no such problem, a continuous variable is left, or an integer has no bounds.

    Examples
    --------
    >>> import cvxpy as cp
    >>> from hopfield_opt.model import Model
    >>> x = cp.Variable(3, boolean=True, name="x")
    >>> m = Model.from_cvxpy(cp.Problem(cp.Maximize(x @ [1, 2, 4]), [x @ [2, 3, 4] <= 6]))
    >>> m.evaluate({"x": [1, 0, 1]}).value
    5.0
    """
    import cvxpy

    if not isinstance(problem, cvxpy.Problem):
        raise InputError(f"problem must be a cvxpy.Problem, got {type(problem).__name__}.")
    try:
        data, _, inverse = problem.get_problem_data(_reader())
    except cvxpy.SolverError as error:
        raise InputError(
            "problem must be linear or quadratic with linear constraints, got another. "
            "Norms and cones have no such form."
        ) from error
    offset = float(inverse[-1][cvxpy.settings.OFFSET])
    # cvxpy turns a maximum round
    sense = "maximize" if isinstance(problem.objective, cvxpy.Maximize) else "minimize"
    return read_data(cls, data, offset, sense).model


def read_data(cls: type["Model"], data: Any, offset: float, sense: str) -> CompiledProgram:
    """Return the model of what cvxpy hands to a solver of quadratic programs.

    ``data`` holds P, q, A, b, F, G, the places of booleans and integers, and bounds.
    """
    size = int(data["n_var"])
    booleans = np.array(data["bool_vars_idx"], dtype=np.int64)
    whole = np.zeros(size, dtype=np.bool_)
    whole[booleans] = whole[np.array(data["int_vars_idx"], dtype=np.int64)] = True
    low, high = np.full(size, -np.inf), np.full(size, np.inf)
    for own, given in ((low, "lower_bounds"), (high, "upper_bounds")):
        if data.get(given) is not None:
            own[:] = data[given]
    low[booleans], high[booleans] = np.maximum(low[booleans], 0), np.minimum(high[booleans], 1)
    parts = {name: data[name] for name in ("P", "q", "A", "b", "F")}
    variables = data["param_prob"].variables
    names = [f"{one.name()}[{place}]" for one in variables for place in range(one.size)]
    program = Program(**parts, g=data["G"], low=low, high=high, whole=whole, offset=offset)
    discrete, recover, shift = program.integers(lambda column: names[column])
    places = np.flatnonzero(whole)
    low, high = discrete.bounded(lambda column: names[places[column]])
    model = cls()
    columns = with_variables(model, _shapes(variables, whole), low, high)
    discrete.into(model, model.everything()[columns], sense)
    return CompiledProgram(model, columns, recover, shift)


def _shapes(variables: Any, whole: Any) -> list[tuple[str, tuple[int, ...]]]:
    """Return name and shape of the integers: of a variable, or of the entries that are whole."""
    shapes, first = [], 0
    for one in variables:
        count = int(whole[first : first + one.size].sum())
        if count:
            shapes.append((one.name(), one.shape if count == one.size else (count,)))
        first += one.size
    return shapes


def _reader() -> Any:
    """Return what cvxpy compiles a problem for, without solving it."""
    from cvxpy.reductions.solvers.qp_solvers.qp_solver import QpSolver

    class Reader(QpSolver):
        """A solver of mixed-integer quadratic programs that is never run."""

        MIP_CAPABLE = True

        def name(self) -> str:
            return "HOPFIELD"

        def import_solver(self) -> None: ...

        def cite(self, data: Any) -> str:
            return ""

        def invert(self, solution: Any, inverse_data: Any) -> Any: ...

        def solve_via_data(self, *arguments: Any, **keywords: Any) -> Any: ...

    return Reader()
