"""Quadratic assignments by scipy and by enumeration, as baselines."""

import itertools
import math
from typing import Any

import numpy as np

from hopfield_opt import rng
from hopfield_opt.arrays import IntArray
from hopfield_opt.baselines.restarts import best_of_runs
from hopfield_opt.errors import InputError
from hopfield_opt.io.qaplib import Assignments

# 40320 orders, a fraction of a second
MAX_SIZE_EXACT = 8


def cost(assignments: Assignments, places: IntArray) -> float:
    """Return ``sum_ij a_ij b_p(i)p(j) + sum_i c_i,p(i)`` for places p counted from 0."""
    quadratic = (assignments.flows * assignments.distances[np.ix_(places, places)]).sum()
    return float(quadratic + assignments.costs[np.arange(len(places)), places].sum())


def faq(assignments: Assignments, seed: int, deadline: float | None = None) -> Any:
    """Return the best of scipy's `quadratic_assignment` with method "faq" from random starts.

    Parameters
    ----------
    assignments : Assignments
        Without linear costs.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run, from the barycentre.
    """
    return _best_of_runs(assignments, "faq", seed, deadline)


def two_opt(assignments: Assignments, seed: int, deadline: float | None = None) -> Any:
    """Return the best of scipy's `quadratic_assignment` with method "2opt" from random starts.

    Parameters
    ----------
    assignments : Assignments
        Without linear costs.
    seed : int
        The same seed gives the same runs.
    deadline : float or None
        A value of `time.monotonic()`; None makes one run.
    """
    return _best_of_runs(assignments, "2opt", seed, deadline)


def _best_of_runs(assignments: Assignments, method: str, seed: int, deadline: float | None) -> Any:
    from scipy import optimize

    # its types want each method written out
    run: Any = optimize.quadratic_assignment
    draws = rng.generator(seed)

    def assign(number: int) -> tuple[float, IntArray]:
        if assignments.size < 2:
            return 0.0, np.arange(assignments.size)
        options: dict[str, Any] = {"rng": draws}
        if number and method == "faq":
            # the first run begins at the barycentre, the next ones at random
            options["P0"] = "randomized"
        found = run(assignments.flows, assignments.distances, method=method, options=options)
        places = np.asarray(found.col_ind, dtype=np.int64)
        return cost(assignments, places), places

    best = best_of_runs(assign, deadline if assignments.size > 1 else None)
    return assignments.answer(best.tolist())


def enumeration(assignments: Assignments, seed: int, deadline: float | None = None) -> Any:
    """Return a cheapest assignment of at most eight facilities.

    Parameters
    ----------
    assignments : Assignments
        The instance.
    seed, deadline
        Not used: the answer is always the same.

    Raises
    ------
    InputError
        If there are more than eight facilities.
    """
    if assignments.size > MAX_SIZE_EXACT:
        raise InputError(
            f"facilities must be at most {MAX_SIZE_EXACT}, got {assignments.size}. "
            "Use another baseline."
        )
    n = assignments.size
    orders = np.array(list(itertools.permutations(range(n))), dtype=np.int64)
    orders = orders.reshape(math.factorial(n), n)
    costs = assignments.costs[np.arange(n), orders].sum(axis=1)
    for i, j in itertools.product(range(n), repeat=2):
        costs = costs + assignments.flows[i, j] * assignments.distances[orders[:, i], orders[:, j]]
    return assignments.answer(orders[int(costs.argmin())].tolist())
