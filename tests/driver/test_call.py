"""Attempts after one another: tighter problems, proofs, executors, and memory."""

import functools
import os
import pickle
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.driver.errands import Errand
from hopfield_opt.errors import HopfieldWarning, InputError, SizeError
from hopfield_opt.problems import MaxCut
from hopfield_opt.problems.base import Evaluation


class FewItems:
    """Take few of n items, but at least `least`; feasible up to a limit."""

    name = "few-items"
    sense = "minimize"

    def __init__(self, n, least, limit):
        self.n, self.least, self.limit = n, least, limit

    def model(self):
        """Return any set of an allowed size: the search sees no objective at all."""
        model = ho.Model()
        taken = model.binary(self.n, name="taken")
        model.minimize(0 * taken.sum())
        model.add(taken.sum() >= self.least, taken.sum() <= self.limit)
        return model

    def encode(self, answer):
        """Return the indicator of a set."""
        return {"taken": np.isin(np.arange(self.n), list(answer))}

    def decode(self, assignment):
        """Return the set."""
        return set(np.flatnonzero(assignment["taken"]).tolist())

    def evaluate(self, answer):
        """Count the items."""
        short = {} if len(answer) >= self.least else {"too few": self.least - len(answer)}
        return Evaluation(float(len(answer)), short)

    def baselines(self):
        """Return none."""
        return ()


class FewestItems(FewItems):
    """Take as few as possible: each answer makes a tighter problem, until there is a proof."""

    def __init__(self, n, least, limit, proof):
        super().__init__(n, least, limit)
        self.proof = proof

    def tighten(self, answer):
        """Ask for one item less, or say that this is proven to be impossible."""
        if self.proof and len(answer) == self.least:
            return None
        return FewestItems(self.n, self.least, len(answer) - 1, self.proof)


@pytest.mark.parametrize("proof", [True, False])
def test_tightening_ends_with_the_proven_optimum(proof):
    """One item less after each answer, until the problem or the compiler proves the end."""
    seen = []
    result = ho.solve(
        FewestItems(12, 4, 10, proof), seed=0, callback=lambda found: seen.append(found.value)
    )
    assert result.status is ho.Status.OPTIMAL
    assert (result.value, result.bound, result.gap) == (4, 4, 0)
    assert len(result.answer) == 4
    assert seen == sorted(seen, reverse=True)
    assert result.trace.value.tolist() == seen
    # sweeps are counted over all attempts
    assert (np.diff(result.trace.sweeps) >= 0).all()
    assert result.trace.sweeps[-1] <= result.sweeps
    assert result.states.shape[1] == result.num_spins == len(result.state)


def test_tightening_stops_at_the_target():
    """A target in between ends the run with an answer that reaches it."""
    result = ho.solve(FewestItems(12, 2, 11, True), target=7, seed=1)
    assert result.status is ho.Status.TARGET
    assert 2 <= result.value <= 7


def test_tightening_stops_for_the_callback():
    """A true return of the callback ends the run after the first answer."""
    result = ho.solve(FewestItems(12, 2, 11, True), callback=lambda found: True, seed=1)
    assert result.status is ho.Status.STOPPED
    assert result.feasible


def test_a_start_is_tightened_at_once():
    """The search begins below the answer that the user gave."""
    result = ho.solve(FewestItems(12, 4, 12, True), start=set(range(9)), seed=0)
    assert result.trace.value[0] == 9
    assert result.value == 4


class Polished(FewItems):
    """Note when the answer is polished, and until when it may be."""

    polish_share = 0.5

    def __init__(self):
        super().__init__(12, 4, 10)
        self.calls = []

    def polish(self, answer, seed, deadline):
        """Return the answer."""
        self.calls.append((time.monotonic(), deadline))
        return answer


def test_time_is_kept_for_the_polish():
    """The search ends after a half of the time; the polish gets the other, but for judging it."""
    problem, begin = Polished(), time.monotonic()
    result = ho.solve(problem, time_limit=1.0, seed=0)
    ((moment, deadline),) = problem.calls
    assert begin + 0.9 <= deadline - result.seconds["jit"] < begin + 1.2
    assert moment < deadline - 0.4


def test_what_is_not_feasible_is_not_polished():
    """Nor is what has no answer: it violates a constraint, be it only that there must be one."""

    class Weak(Polished):
        def evaluate(self, answer):
            return Evaluation(0.0, {"weak": 1.0})

    class Nothing(Polished):
        def decode(self, assignment):
            return None

    for kind, violations in ((Weak, {"weak": 1.0}), (Nothing, {"answer": 1.0})):
        problem = kind()
        result = ho.solve(problem, method="simulated-annealing", sweeps=20, seed=0)
        assert result.status is ho.Status.NO_FEASIBLE
        assert result.violations == violations
        assert problem.calls == []


def cut(n=60, seed=3):
    """Return a random Max-Cut problem."""
    return MaxCut.random(n, p=0.3, weights="signs", seed=seed)


def test_an_executor_gives_the_same_states_as_threads():
    """Groups that run in other processes end where threads let them end."""
    options = {"method": "simulated-annealing", "sweeps": 60, "replicas": 130, "seed": 5}
    here = ho.solve(cut(), **options)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        there = ho.solve(cut(), executor=processes, **options)
    np.testing.assert_array_equal(there.states, here.states)
    np.testing.assert_array_equal(there.energies, here.energies)
    assert there.value == here.value
    assert there.status is here.status is ho.Status.SWEEP_LIMIT


def test_an_executor_keeps_the_time_limit():
    """With more groups than workers all of them end at the limit, and an answer comes back."""
    with ThreadPoolExecutor(1) as threads:
        result = ho.solve(
            cut(),
            method="simulated-annealing",
            executor=threads,
            replicas=256,
            time_limit=0.3,
            seed=0,
        )
    assert result.status is ho.Status.TIME_LIMIT
    assert result.feasible
    assert len(result.energies) == 256


def test_an_executor_stops_at_the_target():
    """What came back first is enough if it reaches the target."""
    best = ho.solve(cut(), seed=0).value
    with ThreadPoolExecutor(1) as threads:
        result = ho.solve(
            cut(), method="simulated-annealing", executor=threads, replicas=256, target=best, seed=0
        )
    assert result.status is ho.Status.TARGET


def test_an_error_in_a_job_carries_what_was_found():
    """A job that fails raises, with the result so far."""

    class Broken(ThreadPoolExecutor):
        def submit(self, job):
            return super().submit(job if job.job.group == 0 else Errand(lambda: 1 / 0))

    with Broken(1) as threads, pytest.raises(ZeroDivisionError) as caught:
        ho.solve(cut(), method="simulated-annealing", executor=threads, replicas=128, seed=0)
    assert caught.value.result.feasible


def kill_once(folder, job):
    """Run a job, but kill this process where a first one of group 1 has not done so before."""
    if job.job.group == 1:
        try:
            (folder / "killed").touch(exist_ok=False)
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return job()


def kill_outside(process, job):
    """Run a job in one process, and kill every other one that takes group 1."""
    if job.job.group == 1 and os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    return job()


class Deadly(ProcessPoolExecutor):
    """Processes that are killed in the middle of the work."""

    deed = staticmethod(kill_once)
    argument = None

    def submit(self, job):
        """Run the job with its deed."""
        return super().submit(functools.partial(self.deed, self.argument, job))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")
@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_killed_worker_loses_nothing(tmp_path, monkeypatch, times):
    """Its groups run again, in a fresh pool or at last here; the states are those of threads."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2])  # where workers find this module
    options = {"method": "simulated-annealing", "sweeps": 60, "replicas": 320, "seed": 5}
    here = ho.solve(cut(), **options)
    if times == 2:  # the fresh pool is killed, too
        monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", Deadly)
        monkeypatch.setattr(Deadly, "deed", staticmethod(kill_outside))
    monkeypatch.setattr(Deadly, "argument", tmp_path if times == 1 else os.getpid())
    with (
        Deadly(1, mp_context=get_context("spawn")) as processes,
        pytest.warns(
            HopfieldWarning, match=r"worker of the executor died: \d of \d groups"
        ) as told,
    ):
        there = ho.solve(cut(), executor=processes, **options)
    assert len(told) == 1
    assert times == 2 or (tmp_path / "killed").exists()
    np.testing.assert_array_equal(there.states, here.states)
    np.testing.assert_array_equal(there.energies, here.energies)
    assert (there.value, there.status) == (here.value, here.status)


def test_an_executor_must_be_one():
    """Anything else is refused."""
    with pytest.raises(InputError, match="executor must be"):
        ho.solve(cut(), executor=4)


def test_replicas_that_do_not_fit_are_refused():
    """The memory of the replicas is predicted before anything is allocated."""
    with pytest.raises(SizeError, match="GiB"):
        ho.solve(cut(), replicas=10**9)


class Apart(ThreadPoolExecutor):
    """Run every job as other processes would: from a copy of what was sent."""

    def submit(self, job):
        """Send the job through pickle."""
        return super().submit(pickle.loads(pickle.dumps(job)))


@pytest.mark.parametrize(
    ("method", "size", "status"),
    [("exhaustive", 12, ho.Status.OPTIMAL), ("asynchronous", 60, ho.Status.CONVERGED)],
)
def test_an_executor_brings_back_proofs_and_convergence(method, size, status):
    """A search ends for the same reason as at home: all states seen, or nothing can move."""
    here = ho.solve(cut(size), method=method, seed=0)
    with Apart(2) as executor:
        there = ho.solve(cut(size), method=method, executor=executor, seed=0)
    assert there.status is here.status is status
    assert (there.value, there.bound) == (here.value, here.bound)


def test_an_executor_is_left_at_ctrl_c(ctrl_c):
    """What came back by then is the answer; jobs that have not begun are cancelled."""
    presses = iter([functools.partial(signal.raise_signal, signal.SIGINT)])
    done = threading.Event()

    class Slow(ThreadPoolExecutor):
        def submit(self, job):
            return super().submit(job if job.job.group == 0 else functools.partial(done.wait, 60))

    with Slow(1) as executor:
        result = ho.solve(
            cut(),
            method="simulated-annealing",
            sweeps=5,
            executor=executor,
            replicas=320,
            callback=lambda found: next(presses, bool)(),
            seed=0,
        )
        done.set()
    assert result.status is ho.Status.INTERRUPTED
    assert result.feasible


@pytest.mark.parametrize("options", [{"penalty": 1e-6}, {"penalty": "adaptive"}])
def test_unproven_weights_prove_nothing(options):
    """With weights that are given or adaptive an enumeration proves neither a value nor a bound."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.minimize(-x.sum())
    model.add(x[0] + x[1] <= 1, 2 * x[0] + 3 * x[1] - x[2] <= 2)
    compiled = ho.compile(model, structure="penalty", presolve="off", **options)
    assert compiled.unproven
    assert not ho.compile(model, structure="penalty").unproven
    options |= {"structure": "penalty", "presolve": "off", "bound": "none"}
    for subject in (model, compiled):
        result = ho.solve(subject, seed=0, **options)
        assert result.status in (ho.Status.CONVERGED, ho.Status.NO_FEASIBLE)
        assert result.bound is None
