"""Assignments by scipy and by enumeration."""

import time

import numpy as np
import pytest
from scipy.optimize import quadratic_assignment

from hopfield_opt.baselines import assignments
from hopfield_opt.errors import InputError
from hopfield_opt.io import Assignments
from hopfield_opt.problems import QuadraticAssignment


@pytest.mark.parametrize(("run", "method"), [("faq", "faq"), ("two_opt", "2opt")])
def test_one_run_is_scipy(run, method):
    """Without a deadline the cost is that of one run of scipy with the same stream."""
    problem = QuadraticAssignment.random(12, seed=1)
    data = problem.data
    draws = np.random.default_rng(np.random.SeedSequence(4, spawn_key=()))
    expected = quadratic_assignment(
        data.flows, data.distances, method=method, options={"rng": draws}
    )
    found = problem.evaluate(getattr(assignments, run)(data, 4, None))
    assert found.feasible
    assert found.value == expected.fun


@pytest.mark.parametrize("run", [assignments.faq, assignments.two_opt])
def test_restarts_keep_the_best(run, spending):
    """Until the deadline runs are repeated, and the best is returned in numbers from `first`."""
    problem = QuadraticAssignment(
        Assignments(*np.random.default_rng(0).integers(0, 50, (2, 12, 12)), first=1)
    )
    once = problem.evaluate(run(problem.data, 0, None))
    with spending(0.0, 1.0):
        often = problem.evaluate(run(problem.data, 0, time.monotonic() + 0.3))
    assert once.feasible
    assert often.feasible
    assert often.value < once.value


def test_enumeration_is_refused_above_eight():
    """Nine facilities have too many orders."""
    with pytest.raises(InputError, match="facilities must be at most 8, got 9"):
        assignments.enumeration(QuadraticAssignment.random(9, seed=0).data, 0)
