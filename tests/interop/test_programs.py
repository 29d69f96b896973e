"""cvxpy: programs over integers are solved, proven where it is said, and refused by name."""

import itertools
import warnings

import cvxpy as cp
import numpy as np
import pytest
from cvxpy.error import SolverError

import hopfield_opt as ho
from hopfield_opt.interop import CvxpySolver
from hopfield_opt.model import Model


def solved(problem, **keywords):
    """Return the value of a problem; what is not proven is warned of by cvxpy."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Solution may be inaccurate")
        return problem.solve(solver=CvxpySolver(seed=1), **keywords)


def best_of_all(problem, variables, ranges):
    """Return the best value over all assignments that keep the constraints."""
    values = []
    sizes = [one.size for one in variables]
    spaces = [
        range(low, high + 1) for (low, high), n in zip(ranges, sizes, strict=True) for _ in range(n)
    ]
    for flat in itertools.product(*spaces):
        first = 0
        for one, size in zip(variables, sizes, strict=True):
            one.value = np.array(flat[first : first + size], float).reshape(one.shape, order="F")
            first += size
        if all(rule.value() for rule in problem.constraints):
            values.append(problem.objective.value)
    pick = max if isinstance(problem.objective, cp.Maximize) else min
    return pick(values)


def knapsack():
    """Return a linear program over booleans, an array of two axes."""
    x = cp.Variable((2, 3), boolean=True, name="x")
    worth = np.array([[3, 5, 2], [7, 1, 4]])
    rules = [cp.sum(cp.multiply(x, worth + 1)) <= 13, x[0, 1] + x[1, 0] >= 1]
    return cp.Problem(cp.Maximize(cp.sum(cp.multiply(worth, x)) + 2.5), rules), [x], [(0, 1)]


def squares():
    """Return squares of integers, which cvxpy writes with continuous variables."""
    k = cp.Variable(2, integer=True, name="k", bounds=[0, 5])
    x = cp.Variable(2, boolean=True, name="x")
    cost = cp.sum_squares(k - np.array([1.5, 2.25])) + cp.square(x[0] + k[1] - 3) - x[1]
    return (
        cp.Problem(cp.Minimize(cost), [k[0] + x[1] <= 2, k[0] == k[1] - x[0]]),
        [k, x],
        [(0, 5), (0, 1)],
    )


def implied():
    """Return integers whose upper bounds are rows."""
    k = cp.Variable(3, integer=True, name="k", nonneg=True)
    return cp.Problem(cp.Maximize(k @ [1, 2, 3]), [k @ [2, 3, 5] <= 11]), [k], [(0, 5)]


def indefinite():
    """Return a quadratic form of booleans that is not convex."""
    Q = np.random.default_rng(3).integers(-9, 10, (8, 8)).astype(float)
    x = cp.Variable(8, boolean=True, name="x")
    form = cp.quad_form(x, cp.psd_wrap(Q + Q.T))
    return cp.Problem(cp.Minimize(form + cp.sum(x) - 1), [cp.sum(x) == 4]), [x], [(0, 1)]


PROGRAMS = [knapsack, squares, implied, indefinite]


@pytest.mark.parametrize("build", PROGRAMS)
def test_value_is_the_best_of_all(build):
    """The optimum of enumeration is found, its status is proven, and the values attain it."""
    problem, variables, ranges = build()
    best = best_of_all(problem, variables, ranges)
    assert solved(problem) == pytest.approx(best)
    assert problem.objective.value == pytest.approx(best)
    assert all(rule.value() for rule in problem.constraints)
    told = problem.solver_stats.extra_stats
    assert (told["status"] == "OPTIMAL") == (problem.status == "optimal")
    sign = -1 if isinstance(problem.objective, cp.Maximize) else 1
    if told["bound"] is not None:
        assert told["bound"] <= sign * best + 1e-9
        assert told["gap"] >= 0


@pytest.mark.parametrize("build", PROGRAMS)
def test_model_is_the_program(build):
    """The model of a problem has its names, shapes, values and rules for each assignment."""
    problem, variables, ranges = build()
    model = Model.from_cvxpy(problem)
    assert {one.name: one.shape for one in model.variables} == {
        v.name(): v.shape for v in variables
    }
    draws = np.random.default_rng(2)
    seen = set()
    for _ in range(60):
        for one, (low, high) in zip(variables, ranges, strict=True):
            one.value = draws.integers(low, high + 1, one.shape).astype(float)
        given = {one.name(): one.value.astype(int) for one in variables}
        if any((given[one.name] > one.upper).any() for one in model.variables):  # from rows
            assert not all(rule.value() for rule in problem.constraints)
            continue
        found = model.evaluate(given)
        assert found.value == pytest.approx(problem.objective.value)
        kept = all(rule.value() for rule in problem.constraints)
        assert found.feasible == kept
        seen.add(kept)
    assert True in seen or build is not knapsack
    assert ho.solve(model, seed=0).value == pytest.approx(solved(problem))


def test_what_is_not_proven_is_said():
    """A large program ends by its limit: cvxpy warns, and the bound is in the statistics."""
    Q = np.random.default_rng(1).integers(-100, 101, (60, 60)).astype(float)
    x = cp.Variable(60, boolean=True)
    problem = cp.Problem(cp.Minimize(cp.quad_form(x, cp.psd_wrap(Q + Q.T))))
    with pytest.warns(UserWarning, match="may be inaccurate"):
        value = problem.solve(solver=CvxpySolver(sweeps=20), seed=1)
    assert problem.status == "user_limit"
    told = problem.solver_stats.extra_stats
    assert (told["status"], told["seed"]) == ("SWEEP_LIMIT", 1)
    assert told["bound"] <= value == pytest.approx(x.value @ (Q + Q.T) @ x.value)


def test_infeasible_only_where_it_is_proven():
    """More ones than there are booleans: infeasible, by a proof."""
    x = cp.Variable(4, boolean=True)
    problem = cp.Problem(cp.Minimize(cp.sum(x)), [cp.sum(x) >= 5])
    assert solved(problem) == np.inf
    assert problem.status == "infeasible"


def test_nothing_found_is_an_error():
    """Where nothing feasible is found there is no value, and nothing is claimed."""
    draws = np.random.default_rng(5)
    x = cp.Variable(40, boolean=True)
    rows = draws.integers(1, 10**6, (4, 40))
    problem = cp.Problem(cp.Minimize(cp.sum(x)), [rows @ x == rows.sum(axis=1) // 2 + 1])
    with pytest.raises(SolverError, match="found no feasible answer, which proves nothing"):
        problem.solve(solver=CvxpySolver(sweeps=1, seed=1))


def test_parameters_may_change():
    """A second solve sees the new values of parameters."""
    x, c = cp.Variable(3, boolean=True), cp.Parameter(3)
    problem = cp.Problem(cp.Maximize(c @ x), [cp.sum(x) <= 1])
    c.value = np.array([1.0, 5.0, 2.0])
    assert solved(problem) == 5
    c.value = np.array([7.0, 5.0, 2.0])
    assert solved(problem) == 7


BOUNDED = cp.Variable(2, integer=True, name="k", bounds=[0, 5])


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (cp.norm1(BOUNDED), "must be boolean or integer, or defined by equalities"),
        (cp.sum(BOUNDED) + cp.Variable(name="t", nonneg=True), "got a continuous one at t"),
        (cp.sum(cp.Variable(2, integer=True, name="q")), r"must have bounds, got none at q\[0\]"),
    ],
)
def test_programs_that_are_refused(cost, message):
    """A variable that is no integer, or has no bounds, is named, by the solver and the model."""
    problem = cp.Problem(cp.Minimize(cost))
    with pytest.raises(SolverError, match=message):
        problem.solve(solver=CvxpySolver())
    with pytest.raises(ValueError, match=message):
        Model.from_cvxpy(problem)


def test_cones_and_strangers_are_refused():
    """A cone has no quadratic form, and a dict is no problem."""
    with pytest.raises(ValueError, match="problem must be linear or quadratic"):
        Model.from_cvxpy(cp.Problem(cp.Minimize(cp.norm(BOUNDED))))
    with pytest.raises(ValueError, match=r"problem must be a cvxpy.Problem, got dict"):
        Model.from_cvxpy({})
