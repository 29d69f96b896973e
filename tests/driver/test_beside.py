"""Branch and cut beside a search: what it proves, who found the answer, and when it stays away."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import Auto
from tests.dynamics.test_milp import hard, solvers


def roster(people=12, shifts=15, seed=0):
    """Return a model of who works when: each shift is covered, one shift a day, few in all."""
    rng = np.random.default_rng(seed)
    model = ho.Model()
    x = model.binary((people, shifts), name="x")
    model.maximize((x * rng.integers(0, 11, (people, shifts))).sum())
    model.add(x.sum(axis=0) == rng.integers(2, 4, shifts), name="covered")
    model.add(x.reshape(people, shifts // 3, 3).sum(axis=2) <= 1, name="one a day")
    model.add(x.sum(axis=1) <= 4, name="few")
    return model


def never():
    """Return a model with no answer, which no pass of the compiler sees."""
    model = ho.Model()
    x = model.binary((9, 8), name="x")
    model.minimize(x.sum())
    model.add(x.sum(axis=1) == 1, x.sum(axis=0) <= 1)
    return model


@pytest.mark.parametrize("limit", [{}, {"time_limit": 10}])
def test_a_linear_model_is_solved_with_a_proof(limit):
    """The result says that it was found beside, and by what it is bounded."""
    model = roster()
    result = ho.solve(model, seed=0, **limit)
    alone = ho.solve(model, method="milp", seed=0)
    assert result.status is alone.status is ho.Status.OPTIMAL
    assert result.value == alone.value == result.bound
    assert model.evaluate(result.assignment).value == result.value
    assert result.energy == pytest.approx(-result.value)
    assert result.method == "milp"
    assert "beside" in result.reason


@pytest.mark.parametrize("limit", [{}, {"time_limit": 10}])
def test_that_there_is_no_answer_is_proven(limit):
    """Nine guests and eight chairs."""
    result = ho.solve(never(), seed=0, **limit)
    assert result.status is ho.Status.INFEASIBLE
    assert result.bound is None


@pytest.mark.parametrize(
    "asked",
    [
        {"method": Auto(milp=False)},
        {"method": "simulated-annealing"},
        {"sweeps": 40},
        {"structure": "counts"},
        {"penalty": "adaptive"},
    ],
)
def test_it_stays_away_where_the_engine_alone_is_asked_for(asked):
    """So it is with a method, a number of sweeps, a way to keep constraints, or without it."""
    limit = {} if "sweeps" in asked else {"time_limit": 0.3}
    result = ho.solve(roster(), seed=0, bound="none", **limit, **asked)
    assert result.method != "milp"
    assert "milp" not in result.reason
    assert result.bound is None


def test_without_a_limit_the_answer_is_the_same_each_time(monkeypatch):
    """Looks are counted, and then it stops: no clock has a part in it."""
    monkeypatch.setattr("hopfield_opt.driver.beside.LOOKS", 2)
    one, other = (ho.solve(hard(22, 3), seed=1) for _ in range(2))
    assert one.method != "milp"
    assert one.bound_by
    assert (one.value, one.bound, one.method) == (other.value, other.bound, other.method)
    assert np.array_equal(one.state, other.state)


def test_what_it_cannot_solve_in_time_it_bounds():
    """The search goes on, its answer is as good as without, and all threads end."""
    result = ho.solve(hard(), time_limit=1.5, seed=0, bound="none")
    alone = ho.solve(hard(), time_limit=0.5, seed=0, bound="none", method=Auto(milp=False))
    assert result.feasible
    assert result.value >= 0.99 * alone.value
    assert result.bound > result.value
    assert result.bound_by == "milp"
    until = time.monotonic() + 20
    while solvers() and time.monotonic() < until:
        time.sleep(0.02)
    assert not solvers()


def test_ctrl_c_ends_both():
    """The best so far is returned, also while it goes ahead."""
    pressed = []

    def press(found):
        if not pressed:
            pressed.append(time.monotonic())
            threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGINT]).start()

    result = ho.solve(hard(), time_limit=60, seed=0, bound="none", callback=press)
    assert result.status is ho.Status.INTERRUPTED
    assert time.monotonic() - pressed[0] < 10


def test_a_callback_hears_of_what_it_finds():
    """Each improvement is told, whoever found it, and a true return ends both."""
    told = []
    result = ho.solve(roster(), seed=0, callback=lambda found: told.append(found.value))
    assert told[-1] == result.value
    assert told == sorted(told)
    stopped = ho.solve(roster(), seed=0, callback=lambda found: found.feasible)
    assert stopped.status is ho.Status.STOPPED


def test_a_target_ends_both():
    """What is good enough ends the call."""
    result = ho.solve(roster(), seed=0, target=50, time_limit=20)
    assert result.value >= 50
    assert result.status in (ho.Status.TARGET, ho.Status.OPTIMAL)


def test_integers_and_soft_constraints_are_judged_by_the_model():
    """Values are those of the model, whatever stands for them."""
    model = ho.Model()
    k = model.integer(6, 0, 9, name="k")
    model.maximize((k * [3, 5, 2, 7, 4, 6]).sum())
    model.add((k * [2, 4, 1, 6, 3, 5]).sum() <= 60, k[:3].sum() >= 5, k[0] + k[3] == 7)
    result = ho.solve(model, seed=0)
    assert result.status is ho.Status.OPTIMAL
    assert result.value == ho.solve(model, method="milp", seed=0).value
    assert model.evaluate(result.assignment).feasible
