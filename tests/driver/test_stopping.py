"""When a loop ends, along trajectories made by hand, and what it does until then."""

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver import stopping
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.loop import Loop, Moment
from hopfield_opt.dynamics import Asynchronous
from hopfield_opt.result import Status


def moment(*sweeps, rests=(), share=0.0):
    """Return a moment of groups that have done so many sweeps, some of which are at rest."""
    states = [
        SimpleNamespace(sweeps=count, converged=group in rests)
        for group, count in enumerate(sweeps)
    ]
    return Moment(states, max(sweeps), share)


def first(stop, trajectory):
    """Return the number of the first moment at which a stop holds, None if it never does."""
    return next((k for k, one in enumerate(trajectory) if stop(one)), None)


def test_all_groups_come_to_rest():
    """One group that moves keeps the loop going."""
    path = [
        moment(1, 1),
        moment(2, 2, rests={0}),
        moment(2, 3, rests={1}),
        moment(2, 3, rests={0, 1}),
    ]
    assert first(stopping.has_converged, path) == 3


@pytest.mark.parametrize(("budget", "end"), [(2, 1), (3, 2), (4, 3), (5, None), (None, None)])
def test_the_budget_is_that_of_what_moves(budget, end):
    """A group at rest has used its budget, and one that lags behind has not."""
    path = [moment(1, 1), moment(2, 2), moment(3, 3), moment(3, 4, rests={0})]
    assert first(stopping.after_sweeps(budget), path) == end
    assert not stopping.after_sweeps(4)(moment(3, 4))


def test_nothing_left_to_do():
    """A share of 1 is the end of all work."""
    assert (
        first(stopping.is_done, [moment(1, share=share) for share in (0.0, 0.5, 0.999, 1.0)]) == 3
    )


def test_no_sweep_fits():
    """The time ends a loop when the pace allows no other sweep, or the last one was planned so."""
    horizons = iter([5, 2, 0])
    late = stopping.when_late(lambda: next(horizons))
    assert first(late, [moment(k) for k in range(4)]) == 2
    assert late(moment(1, share=1.0))


def test_what_the_incumbents_say():
    """The callback stops a run, a bound that is met proves it, a good enough answer ends it."""
    met = SimpleNamespace(told_to_stop=False, closed=False, enough=False)
    stops = stopping.stops_from_outside(met)
    assert list(stops) == [Status.STOPPED, Status.OPTIMAL, Status.TARGET]
    assert [holds(moment(1)) for holds in stops.values()] == [False, False, False]
    met.enough = True
    assert [holds(moment(1)) for holds in stops.values()] == [False, False, True]
    met.closed = True
    assert [holds(moment(1)) for holds in stops.values()] == [False, True, True]
    met.told_to_stop = True
    assert [holds(moment(1)) for holds in stops.values()] == [True, True, True]


class Countdown(nullcontext):
    """Work of three blocks, which notes what is asked of it."""

    def __init__(self, late_at=None):
        super().__init__()
        self.asked, self.late_at = [], late_at

    def _next(self, name, sweeps):
        self.asked.append(name)
        if name == self.late_at:
            raise OutOfTime
        return moment(sweeps, share=sweeps / 3)

    def begin(self):
        """Start at 0."""
        return self._next("begin", 0)

    def advance(self):
        """Count one up."""
        return self._next("advance", self.asked.count("advance") + 1)

    def finish(self):
        """Stay there."""
        return self._next("finish", self.asked.count("advance"))


def loop_of(work, stops, *looks):
    """Return the loop without a time limit."""
    return Loop(work, stops, looks, Clock(None))


def test_begin_look_stop_advance_finish():
    """Every moment is looked at, in order, before it is asked whether to stop; the last one too."""
    work, seen = Countdown(), []
    loop = loop_of(work, {Status.SWEEP_LIMIT: stopping.is_done}, seen.append)
    assert loop.ended is None
    loop.run()
    assert work.asked == ["begin", "advance", "advance", "advance", "finish"]
    assert [(one.sweeps, one.last) for one in seen] == [*((k, False) for k in range(4)), (3, True)]
    assert loop.ended is Status.SWEEP_LIMIT
    assert loop.moment is seen[-1]


def test_the_first_stop_that_holds_is_the_reason():
    """Of two that hold at the same moment the one that stands before the other ends the loop."""
    always = {Status.STOPPED: lambda _: True, Status.TARGET: lambda _: True}
    for stops, ended in ((always, Status.STOPPED), (dict([*always.items()][::-1]), Status.TARGET)):
        loop = loop_of(Countdown(), stops)
        loop.run()
        assert loop.ended is ended
        assert loop.work.asked == ["begin", "finish"]


def test_a_stop_from_outside_is_one_more_callable():
    """Whoever holds a flag can end the loop, and a look can raise it."""
    flag = []
    stops = {Status.TARGET: lambda _: bool(flag), Status.SWEEP_LIMIT: stopping.is_done}
    loop = loop_of(Countdown(), stops, lambda one: one.sweeps == 2 and flag.append(1))
    loop.run()
    assert (loop.ended, loop.moment.sweeps) == (Status.TARGET, 2)


def test_no_time_to_begin():
    """Then there are no states, and it was the time that ended the loop."""
    loop = loop_of(Countdown(late_at="begin"), {Status.SWEEP_LIMIT: stopping.is_done})
    loop.run()
    assert loop.is_late
    assert loop.moment.states == ()


def glass(size):
    """Return a spin glass."""
    weights = np.triu(np.random.default_rng(1).normal(size=(size, size)), 1)
    return ho.Hamiltonian(weights + weights.T)


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize(
    "method", ["asynchronous", Asynchronous("sequential"), "synchronous", "exhaustive"]
)
def test_sweeps_of_what_comes_to_rest_know_no_clock(method, n_jobs, monkeypatch):
    """However long the blocks, the sweeps are those after which nothing moved, and so in `run`."""
    network = glass(24 if method == "exhaustive" else 60)
    found = []
    for seconds in (0.0, 0.02, 1e9):
        monkeypatch.setattr("hopfield_opt.driver.clock.Pace.BLOCK_SECONDS", seconds)
        end = ho.solve(network, method=method, seed=3, replicas=130, n_jobs=n_jobs)
        found.append((end.sweeps, end.status, end.trace.sweeps.tolist(), end.value))
        assert end.status in (Status.CONVERGED, Status.OPTIMAL)
    assert found[1:] == found[:-1]
    starts = np.random.default_rng(2).choice(np.array([-1, 1], np.int8), (130, network.num_spins))
    runs = [ho.run(network, method, starts, seed=3, record=what) for what in ((), "energy", ())]
    assert len({run.sweeps for run in runs}) == 1
