"""Integer programs by HiGHS and by CP-SAT, for models of one's own."""

import time
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class ProgramArrays(NamedTuple):
    """Minimise ``costs y`` over whole numbers, ``lower <= matrix y <= upper``.

    Attributes
    ----------
    costs : (n,) float64
        What one of each costs.
    matrix : (m, n) sparse
        The rows.
    lower, upper : (m,) float64
        Their ranges.
    least, most : (n,) float64
        The ranges of the numbers.
    """

    costs: Floats
    matrix: scipy.sparse.csr_array
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats

    @property
    def is_whole(self) -> bool:
        """Whether all numbers are whole, and small enough for CP-SAT."""
        ends = np.concatenate([self.lower, self.upper])
        numbers = np.concatenate([self.costs, self.matrix.data, ends[np.isfinite(ends)]])
        return bool(((numbers == np.rint(numbers)) & (np.abs(numbers) < 2.0**40)).all())


def by_highs(program: ProgramArrays, deadline: float | None = None) -> Floats | None:
    """Return whole numbers (n,) of least cost by HiGHS, None where none were found.

    Parameters
    ----------
    program : ProgramArrays
        What is solved.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    options: Any = {"mip_rel_gap": 0.0}
    if deadline is not None:
        options["time_limit"] = max(0.01, deadline - time.monotonic())
    rules = LinearConstraint(program.matrix, program.lower, program.upper)
    found = milp(
        program.costs,
        constraints=[rules] if program.matrix.shape[0] else [],
        integrality=np.ones(len(program.costs), dtype=np.int64),
        bounds=Bounds(program.least, program.most),
        options=options,
    )
    return None if found.x is None else np.rint(found.x)


def by_cp_sat(program: ProgramArrays, deadline: float | None = None) -> Floats | None:
    """Return whole numbers (n,) of least cost by CP-SAT, None where none were found.

    Parameters
    ----------
    program : ProgramArrays
        What is solved; all of its numbers are whole.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    ends = zip(program.least.astype(int).tolist(), program.most.astype(int).tolist(), strict=True)
    numbers = [model.new_int_var(low, high, "") for low, high in ends]

    def sum_of(places: Any, factors: Any) -> Any:
        pairs = zip(places.tolist(), factors.astype(int).tolist(), strict=True)
        return cp_model.LinearExpr.weighted_sum(
            *zip(*((numbers[k], f) for k, f in pairs), strict=True)
        )

    starts, far = program.matrix.indptr, 2**62
    for row in range(program.matrix.shape[0]):
        own = slice(starts[row], starts[row + 1])
        if own.start == own.stop:
            continue
        low, high = program.lower[row], program.upper[row]
        model.add_linear_constraint(
            sum_of(program.matrix.indices[own], program.matrix.data[own]),
            int(low) if np.isfinite(low) else -far,
            int(high) if np.isfinite(high) else far,
        )
    model.minimize(sum_of(np.arange(len(numbers)), program.costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if deadline is not None:
        solver.parameters.max_time_in_seconds = max(0.01, deadline - time.monotonic())
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.value(number) for number in numbers], dtype=np.float64)
