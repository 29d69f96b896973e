"""A call ends soon after somebody outside wants it to, and gives back the best so far."""

import threading
import time

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver import clock, listening
from hopfield_opt.driver.clock import Clock, Switch
from hopfield_opt.driver.listening import Listener
from hopfield_opt.errors import InputError
from hopfield_opt.result import Status

P = ho.problems
# that take longer than the test
LONG = {
    "coloring": lambda: P.GraphColoring.random(60, seed=0),
    "cover": lambda: P.SetCover.random(200, 100, seed=0),
    "cut": lambda: P.MaxCut.random(200, seed=0),
    "knapsack": lambda: P.Knapsack.random(200, seed=0),
    "matching": lambda: P.WeightedMatching.random(60, seed=0),
    "model": lambda: roster(12),
    "qap": lambda: P.QuadraticAssignment.random(20, seed=0),
    "tour": lambda: P.TravellingSalesman.random(60, seed=0),
}


def roster(n):
    """Return a model of n times n binaries with constraints that overlap."""
    draws = np.random.default_rng(0)
    m = ho.Model()
    x = m.binary((n, n), name="x")
    m.minimize((x * draws.integers(0, 9, (n, n))).sum())
    m.add(x.sum(axis=0) >= 2, x.sum(axis=1) <= 4, (x[:3] * draws.integers(1, 5, n)).sum() <= 40)
    return m


class After:
    """A stop that is wanted after so many questions, and counts those after it."""

    def __init__(self, questions):
        self.questions, self.asked = questions, 0

    def __call__(self):
        """Whether to stop."""
        self.asked += 1
        return self.asked > self.questions


@pytest.mark.parametrize("time_limit", [60, None])
@pytest.mark.parametrize("questions", [0, 1, 10, 100])
@pytest.mark.parametrize("name", sorted(LONG))
def test_any_call_can_be_stopped_anywhere(name, questions, time_limit, monkeypatch):
    """While it compiles, races, searches or polishes: the best so far is a judged answer."""
    monkeypatch.setattr(clock, "BETWEEN_QUESTIONS", 0.0)
    subject, stop = LONG[name](), After(questions)
    result = ho.solve(subject, time_limit=time_limit, stop=stop, seed=0)
    if stop.asked <= questions:
        assert result.status is not Status.STOPPED  # it had ended before
        return
    assert result.status is Status.STOPPED
    assert result.best is not None
    judged = subject.evaluate(result.answer)
    assert (judged.value, judged.violations) == (result.value, result.violations)


def test_once_told_a_clock_has_no_time_left_but_some_grace():
    """The limit is forgotten; what a complete answer needs is granted, and less than else."""
    told = threading.Event()
    limited, endless = Clock(100.0, told.is_set), Clock(None, told.is_set)
    part = limited.shorten(0.5)
    assert limited.remaining > 99
    assert endless.remaining == np.inf
    assert not endless.may_end
    told.set()
    time.sleep(2 * clock.BETWEEN_QUESTIONS)
    for one in (limited, endless, part):
        assert one.is_stopped
        assert one.may_end
        assert -1.0 < one.remaining <= 0.0
        assert one.deadline <= time.monotonic()


def test_a_switch_asks_no_more_than_need_be(monkeypatch):
    """It waits between two questions, and never asks again once it knows."""
    now = [0.0]
    monkeypatch.setattr(clock.time, "monotonic", lambda: now[0])
    stop = After(1)
    switch = Switch(stop)
    assert switch.over is None
    assert switch.over is None
    assert stop.asked == 1
    now[0] = 1.0
    assert switch.over == 0.0
    now[0] = 3.0
    assert switch.over == 2.0
    assert stop.asked == 2


def test_a_stop_that_never_comes_changes_nothing():
    """The same seed gives the same states with a stop that could have come."""
    for subject in (LONG["cut"](), roster(5)):
        ends = [
            ho.solve(subject, sweeps=20, seed=3, stop=stop) for stop in (None, threading.Event())
        ]
        assert (ends[0].states == ends[1].states).all()
        assert ends[0].status is ends[1].status


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LONG))
def test_the_end_comes_within_fifty_milliseconds(name):
    """Of the processor's time: others may hold up the clock."""
    subject = LONG[name]()
    ho.solve(subject, time_limit=2, seed=0)  # kernels are compiled
    took = []
    for wait in (0.0, 0.1, 0.3, 0.6):
        told, at = threading.Event(), []

        def tell(told=told, at=at):
            at.append(time.process_time())
            told.set()

        timer = threading.Timer(wait, tell)
        timer.start()
        result = ho.solve(subject, time_limit=60, seed=1, stop=told)
        timer.cancel()
        if result.status is Status.STOPPED:
            took.append(time.process_time() - at[0])
    assert max(took, default=0.0) <= 0.05


@pytest.mark.parametrize("bad", [5, "now", threading.Event, [True]])
def test_what_is_no_stop(bad):
    """It is refused before anything begins."""
    message = "stop must be a threading.Event or a function without arguments, got"
    with pytest.raises(InputError, match=message):
        ho.solve(LONG["cut"](), stop=bad)


def test_an_error_of_a_stop_carries_the_result():
    """As an error of a callback does."""
    asked = After(300)

    def fail():
        if asked():
            raise OSError("the line is dead")
        return False

    with pytest.raises(OSError, match="the line is dead") as caught:
        ho.solve(LONG["cut"](), time_limit=60, stop=fail, seed=0)
    assert caught.value.result.status is Status.STOPPED


def incumbents(count):
    """Return incumbents that are told apart by their number."""
    return [listening.Incumbent(None, float(k), k) for k in range(count)]


def test_a_callback_hears_of_the_best_of_each_while(monkeypatch):
    """At once of the first, then of the last one when the time is over, and at the end."""
    now, seen = [10.0], []
    monkeypatch.setattr(listening.time, "monotonic", lambda: now[0])
    listener = Listener(lambda one: seen.append(one.sweeps), every=1.0)
    one, two, three, four = incumbents(4)
    listener.tell(one)
    listener.tell(two)
    listener.tell(three)
    listener.flush()
    assert seen == [0]
    now[0] = 11.0
    listener.flush()
    listener.flush()
    assert seen == [0, 2]
    listener.tell(four)
    listener.flush(last=True)
    assert seen == [0, 2, 3]


def test_a_call_tells_of_its_best_at_the_end():
    """However seldom the callback is to be called, what it heard last is the answer."""
    seen = []
    note = lambda one: seen.append(one.value)  # noqa: E731
    result = ho.solve(LONG["cut"](), sweeps=50, seed=0, callback=note, callback_every=3600)
    assert len(seen) == 2
    assert seen[-1] == result.value
    with pytest.raises(InputError, match="callback_every must be a positive number of seconds"):
        ho.solve(LONG["cut"](), callback_every=0)
