"""Multipliers of a linear program, by HiGHS. What they prove is reckoned elsewhere, exactly."""

from typing import Any

import numpy as np
import scipy.sparse

from hopfield_opt import deadline
from hopfield_opt.bounds.instance import instance_of
from hopfield_opt.bounds.linearised import Linearised
from hopfield_opt.bounds.polynomials import Number
from hopfield_opt.errors import SizeError
from hopfield_opt.exactness import finite
from hopfield_opt.model import Model
from hopfield_opt.model.nodes import Floats

# beyond this HiGHS takes numbers for infinite, or for no numbers at all
LARGEST = 1e15


def multipliers_of(program: Linearised, seconds: float) -> Floats | None:
    """Return multipliers of the rows that prove much; None where there was no time, or no optimum.

    Parameters
    ----------
    program : Linearised
        What is solved.
    seconds : float
        How long HiGHS may take.
    """
    from scipy.optimize import linprog

    costs, matrix, lower, upper, *ranges = in_floats(program)
    if not len(costs):  # rows without variables, which linprog refuses
        return None
    limits = np.concatenate([one[np.isfinite(one)] for one in (lower, upper)])
    if np.abs(np.concatenate([costs, matrix.data, limits])).max(initial=0.0) > LARGEST:
        return None
    equal = np.flatnonzero(lower == upper)
    above = np.flatnonzero((lower < upper) & np.isfinite(upper))
    below = np.flatnonzero((lower < upper) & np.isfinite(lower))
    deadline.check(100 * matrix.nnz)
    solve: Any = linprog
    found = solve(
        costs,
        A_ub=scipy.sparse.vstack([matrix[above], -matrix[below]], format="csr"),
        b_ub=np.concatenate([upper[above], -lower[below]]),
        A_eq=matrix[equal],
        b_eq=lower[equal],
        bounds=np.stack(ranges, axis=1),
        method="highs",
        options={"time_limit": max(0.01, seconds)},
    )
    if found.status != 0:
        return None
    multipliers = np.zeros(len(program.rows))
    multipliers[equal] = found.eqlin.marginals
    multipliers[above] += np.minimum(found.ineqlin.marginals[: len(above)], 0.0)
    multipliers[below] -= np.minimum(found.ineqlin.marginals[len(above) :], 0.0)
    return multipliers


def in_floats(
    program: Linearised,
) -> tuple[Floats, scipy.sparse.csr_array, Floats, Floats, Floats, Floats]:
    """Return costs, rows, their lower and upper ends, and the ends of the columns, rounded."""
    number = {key: place for place, key in enumerate(program.ranges)}
    costs = np.zeros(len(number))
    for key, value in program.objective.items():
        if key:
            costs[number[key]] = finite(value)
    lower = np.array([_bound(row.lower, -np.inf) for row in program.rows])
    upper = np.array([_bound(row.upper, np.inf) for row in program.rows])
    ranges = np.array(list(program.ranges.values()), dtype=np.float64).reshape(-1, 2)
    return costs, _matrix(program, number), lower, upper, ranges[:, 0], ranges[:, 1]


def arrays_of(model: Model) -> tuple[Any, ...] | None:
    """Return a model as an integer program, see `in_floats`, whose first columns are its variables.

    None where it is none: with a soft constraint, or a product of integers, or too large.
    """
    if any(rule.soft for rule in model.rules.values()):
        return None
    try:
        instance = instance_of(model, model.feasibility_tolerance)
    except SizeError:
        return None
    program = Linearised.of(instance)
    if not all(len(key) == 1 or all(instance.is_bit[k] for k in key) for key in program.ranges):
        return None
    return in_floats(program)


def _bound(value: Number | None, without: float) -> float:
    return without if value is None else finite(value)


def _matrix(program: Linearised, number: dict[Any, int]) -> scipy.sparse.csr_array:
    columns = [number[key] for row in program.rows for key in row.terms]
    data = [finite(value) for row in program.rows for value in row.terms.values()]
    starts = np.cumsum([0, *(len(row.terms) for row in program.rows)])
    shape = (len(program.rows), len(number))
    return scipy.sparse.csr_array((data, columns, starts), shape=shape)
