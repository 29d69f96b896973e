"""Starts where groups overlap: they keep to their share of the time."""

from types import SimpleNamespace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver import guiding
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.guiding import finds_start
from hopfield_opt.driver.plan import GUIDED, RunPlan
from hopfield_opt.dynamics import SimulatedAnnealing
from hopfield_opt.groups import Linear


def chain(last):
    """Return equal neighbours, the first of which is on; the last is on or off."""
    groups = [Linear([k, k + 1], [1, -1], 0, 0) for k in range(49)]
    groups += [Linear([0], [1], 1, 1), Linear([49], [1], last, last)]
    return ho.Hamiltonian(num_spins=50, groups=groups)


@pytest.mark.parametrize("limit", [None, 10.0])
def test_starts_are_told_from_none(limit):
    """A network has a start, or it has none, with a time limit and without one."""
    assert finds_start(chain(1), Clock(limit))
    assert not finds_start(chain(0), Clock(limit))


def test_no_time_is_no_start():
    """Where the time is over a start that is not at hand counts as none."""
    assert not finds_start(chain(1), Clock(0.0))


def test_a_start_that_was_found_is_not_lost(monkeypatch):
    """Where there is no time for better ones, some replicas begin at it."""

    def fails(*_):
        raise OutOfTime

    network, dynamics = chain(1), SimulatedAnnealing()
    plan = RunPlan(network, dynamics, 10, 0, 4, None)
    monkeypatch.setattr(guiding, "find_first_states", fails)
    attempt = SimpleNamespace(reason="")
    assert guiding.guide(plan, attempt, Clock(1.0)).guided is None
    assert finds_start(network, Clock(10.0))
    led = guiding.guide(plan, attempt, Clock(1.0))
    assert (led.start(0)[::GUIDED] == 1).all()
    assert attempt.reason == ""


@pytest.mark.parametrize("limit", [1.0, 3.0])
def test_a_short_limit_is_kept_and_answered(limit):
    """Covers that overlap have a feasible answer after a moment, and the limit is kept."""
    source = np.random.default_rng(0)
    model = ho.Model()
    x = model.binary(60, name="x")
    holds = source.random((40, 60)) < 0.15
    holds[np.arange(40), source.integers(0, 60, 40)] = True
    model.minimize((source.integers(1, 30, 60) * x).sum())
    model.add(holds.astype(int) @ x >= 1, x.reshape(30, 2).sum(axis=1) <= 1)
    ho.solve(model, time_limit=0.05, seed=0)
    result = ho.solve(model, time_limit=limit, seed=0, n_jobs=1)
    assert result.feasible
    assert result.seconds["total"] < limit + 1.0  # other processes may take the time away
