"""Why a run ended: the documented order holds for whatever is known, whenever it became known."""

import functools
import itertools
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.outcome import Outcome
from hopfield_opt.problems import MaxCut
from hopfield_opt.problems.base import Evaluation
from hopfield_opt.result import Status

FACTS = [
    "interrupted",
    "stopped",
    "infeasible",
    "optimal",
    "reached",
    "feasible",
    "converged",
    "out_of_time",
]
# the documented order, and the fact that each needs; the last needs none
ORDER = [
    (Status.INTERRUPTED, "interrupted", True),
    (Status.STOPPED, "stopped", True),
    (Status.INFEASIBLE, "infeasible", True),
    (Status.OPTIMAL, "optimal", True),
    (Status.TARGET, "reached", True),
    (Status.NO_FEASIBLE, "feasible", False),
    (Status.CONVERGED, "converged", True),
    (Status.TIME_LIMIT, "out_of_time", True),
]


def test_the_first_that_applies():
    """For all combinations of what may be known the status is the first of the order that holds."""
    for values in itertools.product([False, True], repeat=len(FACTS)):
        known = dict(zip(FACTS, values, strict=True))
        applies = [status for status, fact, wanted in ORDER if known[fact] is wanted]
        assert Outcome(**known).status is [*applies, Status.SWEEP_LIMIT][0], known


def test_the_order_is_that_of_the_documentation():
    """Each status has its place, and none is left out."""
    assert [status for status, _, _ in ORDER] == list(Status)[:-1]
    assert list(Status)[-1] is Status.SWEEP_LIMIT


NODES = range(30)
BEST = {"minimize": 0.0, "maximize": 30.0}  # the ring without a cut, and with every edge cut


class Cut:
    """A ring whose edges are to be cut, or not: the same in both senses."""

    name = "ring"

    def __init__(self, sense, **optional):
        self.sense = sense
        for name, value in optional.items():
            setattr(self, name, value)

    def model(self):
        """Return the cut, in this sense."""
        model = ho.Model()
        x = model.binary(len(NODES), name="side")
        cut = (x + x.roll(-1) - 2 * x * x.roll(-1)).sum()
        (model.maximize if self.sense == "maximize" else model.minimize)(cut)
        return model

    def encode(self, answer):
        """Return the side of each node."""
        return {"side": [int(node in answer[1]) for node in NODES]}

    def decode(self, assignment):
        """Return the two sides."""
        side = np.asarray(assignment["side"]) > 0
        return set(np.flatnonzero(~side).tolist()), set(np.flatnonzero(side).tolist())

    def evaluate(self, answer):
        """Count the edges between the sides."""
        return Evaluation(
            float(sum((k in answer[0]) != ((k + 1) % 30 in answer[0]) for k in NODES))
        )

    def baselines(self):
        """Return none."""
        return ()


ALL_LEFT = (set(NODES), set())
BY_TURNS = (set(NODES[::2]), set(NODES[1::2]))
PERFECT = {"minimize": ALL_LEFT, "maximize": BY_TURNS}
SENSES = pytest.mark.parametrize("sense", ["minimize", "maximize"])
ANNEAL = {"method": "simulated-annealing", "n_jobs": 1, "seed": 0}


@SENSES
@pytest.mark.parametrize("seed", range(3))
def test_a_target_met_at_the_last_look_is_a_target(sense, seed):
    """The last descent brings the optimum of a sweep's run: the status tells that it was met."""
    options = {**ANNEAL, "sweeps": 1, "replicas": 256, "seed": seed}
    plain = ho.solve(Cut(sense), **options)
    assert plain.status is Status.SWEEP_LIMIT
    assert plain.trace.sweeps[-1] == 1  # nothing was looked at before the last look
    told = ho.solve(Cut(sense), target=plain.value, **options)
    assert (told.status, told.value, told.sweeps) == (Status.TARGET, plain.value, 1)
    beyond = np.nextafter(plain.value, -np.inf if sense == "minimize" else np.inf)
    missed = ho.solve(Cut(sense), target=beyond, **options)
    assert (missed.status, missed.value) == (Status.SWEEP_LIMIT, plain.value)


def test_karate_reaches_170():
    """What is met on the way ends the run there, however short the run."""
    karate = MaxCut(nx.karate_club_graph())
    whole = ho.solve(karate, seed=0, bound="none")
    assert (whole.status, whole.value) == (Status.SWEEP_LIMIT, 179)
    result = ho.solve(karate, target=170, seed=0, bound="none")
    assert result.status is Status.TARGET
    assert result.value >= 170
    assert result.sweeps < whole.sweeps


@SENSES
def test_a_callback_that_stops_at_the_last_look_has_stopped_it(sense):
    """What it was told of came after the last sweep; the run is stopped all the same."""
    options = {**ANNEAL, "sweeps": 1, "replicas": 256}
    last = ho.solve(Cut(sense), **options).value
    result = ho.solve(Cut(sense), callback=lambda found: found.value == last, **options)
    assert result.status is Status.STOPPED
    assert result.value == last


def test_a_callback_may_stop_at_the_deep_look():
    """Ends that violate something are judged one by one until the callback has seen enough."""

    class Forbidden(Cut):
        def evaluate(self, answer):
            return Evaluation(0.0, {"forbidden": 1.0 / (1 + len(answer[1]))})

    seen = []
    result = ho.solve(
        Forbidden("maximize"),
        callback=lambda found: seen.append(found) or len(seen) == 3,
        **{**ANNEAL, "sweeps": 1, "replicas": 256},
    )
    assert result.status is Status.STOPPED
    assert len(seen) == 3
    assert not result.feasible


@SENSES
@pytest.mark.parametrize("executor", [False, True])
def test_a_start_at_the_target_ends_the_run_at_once(sense, executor):
    """Not a sweep is done: every replica is where it began."""
    with ThreadPoolExecutor(1) as threads:
        result = ho.solve(
            Cut(sense),
            start=PERFECT[sense],
            target=BEST[sense],
            time_limit=60,
            replicas=70,
            executor=threads if executor else None,
            **ANNEAL,
        )
    assert (result.status, result.sweeps, result.value) == (Status.TARGET, 0, BEST[sense])
    assert (result.states == result.state).all()
    assert result.energies.tolist() == [result.energy] * 70
    assert result.answer == PERFECT[sense]


def test_the_start_of_the_problem_counts_as_one():
    """Where the problem brings its own start, and where the callback stops at it."""
    problem = Cut("maximize", start=BY_TURNS)
    assert ho.solve(problem, target=30, **ANNEAL).sweeps == 0
    result = ho.solve(problem, callback=lambda found: True, **ANNEAL)
    assert (result.status, result.sweeps, result.value) == (Status.STOPPED, 0, 30)


@SENSES
def test_a_start_short_of_the_target_is_searched_from(sense):
    """By the smallest step short is short."""
    beyond = np.nextafter(BEST[sense], -1 if sense == "minimize" else 31)
    result = ho.solve(Cut(sense), start=PERFECT[sense], target=beyond, sweeps=3, **ANNEAL)
    assert (result.status, result.sweeps) == (Status.SWEEP_LIMIT, 3)


@SENSES
def test_a_target_met_in_the_polish_is_a_target(sense):
    """The problem's own local search brings what the sweeps did not."""
    problem = Cut(sense, polish=lambda answer, seed, deadline: PERFECT[sense])
    worst = PERFECT["maximize" if sense == "minimize" else "minimize"]
    options = {"start": worst, "sweeps": 1, "replicas": 1, **ANNEAL}
    assert ho.solve(problem, **options, polish=False).value != BEST[sense]
    result = ho.solve(problem, target=BEST[sense], **options)
    assert (result.status, result.value) == (Status.TARGET, BEST[sense])
    stopped = ho.solve(problem, callback=lambda found: found.value == BEST[sense], **options)
    assert stopped.status is Status.STOPPED


def test_what_has_reached_the_target_is_not_polished():
    """Nor is what the callback has stopped: a run that is over begins nothing new."""
    problem = Cut("maximize", polish=lambda *_: pytest.fail("it was polished"))
    assert ho.solve(problem, target=10, **ANNEAL).status is Status.TARGET
    stopped = ho.solve(problem, callback=lambda found: found.value >= 10, **ANNEAL)
    assert stopped.status is Status.STOPPED


def test_what_is_proven_goes_before_the_target():
    """An exhaustive search that is through has a proof, whatever the target."""
    square = MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    seen = ho.solve(square, method="exhaustive", target=4, seed=0)
    assert seen.status in (Status.OPTIMAL, Status.TARGET)
    stopped = ho.solve(square, method="exhaustive", callback=lambda found: True, seed=0)
    assert stopped.status is Status.STOPPED
    model = ho.Model()
    x = model.binary(3, name="x")
    model.minimize(x.sum())
    model.add(x.sum() >= 4)
    assert ho.solve(model, target=100, seed=0).status is Status.INFEASIBLE


@SENSES
def test_jobs_of_an_executor_end_as_threads_do(sense):
    """Target and callback hold for what the jobs bring back, the last one included."""
    options = {**ANNEAL, "sweeps": 1, "replicas": 256}
    last = ho.solve(Cut(sense), **options).value
    with ThreadPoolExecutor(1) as threads:
        options["executor"] = threads
        assert ho.solve(Cut(sense), target=last, **options).status is Status.TARGET
        stop = ho.solve(Cut(sense), callback=lambda found: found.value == last, **options)
        assert stop.status is Status.STOPPED
        assert ho.solve(Cut(sense), **options).status is Status.SWEEP_LIMIT


def test_a_job_cut_by_the_time_makes_a_time_limit():
    """Though another one has done all its sweeps."""

    class Late(ThreadPoolExecutor):
        def submit(self, job):
            wait = functools.partial(time.sleep, 1.0 if job.job.group else 0.0)
            return super().submit(lambda: (wait(), job())[1])

    options = {**ANNEAL, "sweeps": 20000, "replicas": 128}
    with Late(1) as threads:
        result = ho.solve(Cut("maximize"), time_limit=1.0, executor=threads, **options)
    assert result.sweeps == 20000
    assert result.status is Status.TIME_LIMIT


def test_ctrl_c_goes_before_all(ctrl_c):
    """Even where the callback stops and the target is met by the same answer."""
    press = functools.partial(signal.raise_signal, signal.SIGINT)
    result = ho.solve(
        Cut("maximize"), start=BY_TURNS, target=30, callback=lambda found: press() or True, seed=0
    )
    assert result.status is Status.INTERRUPTED
