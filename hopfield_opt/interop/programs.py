"""A solver for cvxpy: boolean and integer programs, linear or quadratic, definite or not."""

from typing import Any, ClassVar

import cvxpy.settings as s
from cvxpy.error import SolverError
from cvxpy.reductions.solution import Solution, failure_solution
from cvxpy.reductions.solvers.qp_solvers.qp_solver import QpSolver

from hopfield_opt.driver import solve
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model
from hopfield_opt.model.from_cvxpy import CompiledProgram, read_data
from hopfield_opt.result import Result, Status


class CvxpySolver(QpSolver):
    """Solve cvxpy's problems over booleans and integers: ``prob.solve(solver=CvxpySolver())``.

    Objectives may be linear or quadratic; one that is not convex comes through
    ``quad_form(x, psd_wrap(Q))``. The status is `optimal` only where the bound is proven to be
    met, `infeasible` only where that is proven, else `user_limit`, of which cvxpy warns.
    ``prob.solver_stats.extra_stats`` has `bound` (on the value of the minimised form), `gap`,
    `status` and `seed`.

    Parameters
    ----------
    time_limit : float, optional
        Seconds.
    sweeps : int, optional
        Sweeps of each replica.
    seed : int, optional
        The same seed and sweeps give the same answer. None draws one.

    References
    ----------
    S. Diamond, S. Boyd, "CVXPY: a Python-embedded modeling language for convex optimization",
    Journal of Machine Learning Research 17 (2016).

    Examples
    --------
    >>> import cvxpy as cp
    >>> x = cp.Variable(3, boolean=True)
    >>> problem = cp.Problem(cp.Maximize(x @ [1, 2, 4]), [x @ [2, 3, 4] <= 6])
    >>> float(problem.solve(solver=CvxpySolver(seed=0))), problem.status
    (5.0, 'optimal')
    """

    MIP_CAPABLE: ClassVar[bool] = True

    def __init__(
        self,
        time_limit: float | None = None,
        sweeps: int | None = None,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self.limits = {"time_limit": time_limit, "sweeps": sweeps, "seed": seed}

    def name(self) -> str:
        """Return the name that cvxpy shows."""
        return "HOPFIELD"

    def import_solver(self) -> None:
        """Load what is needed, which is this package itself."""

    def cite(self, data: Any) -> str:
        """Return no reference of its own."""
        return ""

    def solve_via_data(
        self,
        data: Any,
        warm_start: bool,
        verbose: bool,
        solver_opts: Any,
        solver_cache: Any = None,
    ) -> tuple[CompiledProgram, Result]:
        """Solve what cvxpy compiled; keywords of `Problem.solve` stand above the solver's own.

        Raises
        ------
        SolverError
            If the program has a variable that is no integer, or one without bounds.
        InputError
            If a limit is none.
        """
        try:
            program = read_data(Model, data, 0.0, "minimize")
        except InputError as error:
            raise SolverError(f"HOPFIELD: {error}") from error
        options = {**self.limits, **solver_opts}
        return program, solve(program.model, progress=bool(verbose), **options)

    def invert(self, solution: tuple[CompiledProgram, Result], inverse_data: Any) -> Solution:
        """Return the values of all variables, and what is proven of them.

        Raises
        ------
        SolverError
            If nothing feasible was found: there is no value then.
        """
        program, result = solution
        offset = float(inverse_data[s.OFFSET])
        bound = None if result.bound is None else result.bound + offset
        found = {
            "bound": bound,
            "gap": _gap(result.value, result.bound, offset),
            "status": result.status.name,
            "seed": result.seed,
        }
        told = {
            s.SOLVE_TIME: result.seconds["total"],
            s.NUM_ITERS: result.sweeps,
            s.EXTRA_STATS: found,
        }
        if result.status is Status.INFEASIBLE:
            return failure_solution(s.INFEASIBLE, told)
        if not result.feasible or result.value is None:
            raise SolverError(
                "HOPFIELD found no feasible answer, which proves nothing. Give it more time: "
                "time_limit=10."
            )
        status = s.OPTIMAL if result.status is Status.OPTIMAL else s.USER_LIMIT
        values = {inverse_data[self.VAR_ID]: program.values(result.assignment)}
        return Solution(status, result.value + offset, values, {}, told)


def _gap(value: float | None, bound: float | None, offset: float) -> float | None:
    """Return how far value and bound are from each other, relative to the larger of the two."""
    if value is None or bound is None:
        return None
    largest = max(abs(value + offset), abs(bound + offset))
    return abs(value - bound) / largest if value != bound else 0.0
