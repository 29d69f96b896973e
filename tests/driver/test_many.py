"""Many problems at once: the same answers wherever they are found, and nothing that is lost."""

import functools
import os
import pickle
import signal
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

import hopfield_opt as ho
from hopfield_opt.driver.errands import Errands
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.problems import Knapsack, MaxCut, TravellingSalesman

PROBLEMS = {
    "cut": MaxCut.random(40, 0.2, seed=1),
    "bag": Knapsack.random(20, seed=2),
    "tour": TravellingSalesman.random(9, seed=3),
}
OPTIONS = {"sweeps": 20, "seed": 4}


class Apart(ThreadPoolExecutor):
    """Do every job as other processes would: from a copy of what was sent, and send a copy back."""

    def submit(self, job):
        """Send the job through pickle, and what it returns."""
        return super().submit(lambda: pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(job))())))


def told(results):
    """Return what the results of one call have in common with those of another."""
    return [(one.value, one.answer, one.status, one.seed, one.method) for one in results.values()]


def test_answers_are_those_of_single_calls():
    """With a seed and sweeps each problem has the answer that it has alone, on any executor."""
    alone = {title: ho.solve(one, **OPTIONS) for title, one in PROBLEMS.items()}
    here = ho.solve_many(PROBLEMS, **OPTIONS)
    assert list(here) == list(PROBLEMS)
    assert told(here) == told(alone)
    for executor in (ThreadPoolExecutor(2), Apart(2)):
        with executor:
            there = ho.solve_many(list(PROBLEMS.values()), executor=executor, **OPTIONS)
        assert told(dict(enumerate(there))) == told(alone)
        assert there[0].top(1)  # what judges came back, too


def kill_once(folder, job):
    """Do a job; the first time that the second is asked for, kill this process instead."""
    if job.job.subject.name == "knapsack":
        try:
            (folder / "killed").touch(exist_ok=False)
        except FileExistsError:
            return job()
        os.kill(os.getpid(), signal.SIGKILL)
    return job()


class Deadly(ProcessPoolExecutor):
    """Processes that are killed in the middle of the work."""

    def submit(self, job):
        """Do the job with its deed."""
        return super().submit(functools.partial(kill_once, self.folder, job))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of POSIX")
def test_what_a_killed_worker_had_is_done_again(tmp_path, monkeypatch):
    """The problems of a worker that died are solved in a fresh pool; all answers are there."""
    monkeypatch.syspath_prepend(Path(__file__).parents[2])  # where workers find this module
    with Deadly(1, mp_context=get_context("spawn")) as processes:
        processes.folder = tmp_path
        with pytest.warns(HopfieldWarning, match=r"worker of the executor died: \d of \d problems"):
            there = ho.solve_many(PROBLEMS, executor=processes, **OPTIONS)
    assert (tmp_path / "killed").exists()
    assert told(there) == told(ho.solve_many(PROBLEMS, **OPTIONS))


class Gone(Executor):
    """A host that goes away after the first job: it cancels, refuses, or is silent."""

    def __init__(self, way):
        self.way, self.count = way, 0

    def submit(self, job):
        """Do the first job only."""
        self.count += 1
        future = Future()
        if self.count == 1:
            future.set_result(job())
        elif self.way == "cancels":
            future.cancel()
            future.set_running_or_notify_cancel()
        elif self.way == "refuses":
            raise ConnectionError("no scheduler")
        return future


@pytest.mark.parametrize("way", ["cancels", "refuses"])
def test_where_the_host_goes_away_the_rest_is_done_here(way):
    """What was found there is kept, and each other problem is solved in this process."""
    with pytest.warns(HopfieldWarning, match="2 of 2 problems that are not back"):
        there = ho.solve_many(PROBLEMS, executor=Gone(way), **OPTIONS)
    assert told(there) == told(ho.solve_many(PROBLEMS, **OPTIONS))


def test_a_host_that_is_silent_does_not_hold_a_limited_run(monkeypatch):
    """Some time after the limit what is out is taken for lost: the best so far comes back."""
    monkeypatch.setattr("hopfield_opt.driver.islands.LOST_AFTER", 0.2)
    options = {"method": "simulated-annealing", "replicas": 256, "time_limit": 0.3, "seed": 0}
    with pytest.warns(HopfieldWarning, match="3 of 3 groups"):
        result = ho.solve(PROBLEMS["cut"], executor=Gone("silent"), **options)
    assert result.feasible
    assert result.status is ho.Status.TIME_LIMIT


def test_an_error_names_its_problem_and_keeps_the_others():
    """What a problem raises is raised with its place, and the results so far."""

    class Broken(MaxCut):
        def decode(self, assignment):
            raise ZeroDivisionError("no answer")

    cases = [PROBLEMS["cut"], Broken([(0, 1)])]
    with ThreadPoolExecutor(1) as threads:
        for executor in (None, threads):
            with pytest.raises(ZeroDivisionError, match="no answer") as caught:
                ho.solve_many(cases, executor=executor, **OPTIONS)
            assert "number 1 of the problems" in "".join(caught.value.__notes__)
            first, second = caught.value.result
            assert first.feasible
            assert second is None


def test_ctrl_c_returns_what_there_is(ctrl_c):
    """What was not finished is None."""
    done = threading.Event()

    class Slow(ThreadPoolExecutor):
        def submit(self, job):
            if self._threads:
                return super().submit(functools.partial(done.wait, 30))
            future = super().submit(job)
            future.result()
            signal.raise_signal(signal.SIGINT)
            return future

    with Slow(1) as executor:
        first, *others = ho.solve_many(PROBLEMS.values(), executor=executor, **OPTIONS)
        done.set()
    assert others == [None, None]
    assert first is None


@pytest.mark.parametrize(
    ("subjects", "options", "message"),
    [
        (PROBLEMS["cut"], {}, "subjects must be several problems, got MaxCut"),
        ([MaxCut], {}, "subjects must be problems, got .* at 0"),
        (3, {}, "subjects must be several problems, got int"),
        ([], {"sweps": 3}, None),
        ([PROBLEMS["cut"]], {"sweps": 3}, "Did you mean 'sweeps'"),
        ([PROBLEMS["cut"]], {"executor": 3}, "executor must be a concurrent.futures.Executor"),
        ([PROBLEMS["cut"]], {"progress": 3}, "progress must be"),
    ],
)
def test_what_cannot_be_solved_is_refused(subjects, options, message):
    """Options that `solve` lacks, and what is no problem, are named before anything runs."""
    if message is None:
        assert ho.solve_many(subjects, **options) == []
        return
    with pytest.raises(InputError, match=message):
        ho.solve_many(subjects, **options)


def return_of(errands):
    """Wait until all are back."""
    while errands.are_out:
        errands.receive()


def test_what_cannot_be_sent_is_refused():
    """A job that cannot be pickled says so instead of being taken for lost."""
    with Apart(1) as executor, Errands(executor, "things") as errands:
        errands.send({0: lambda: 1})
        with pytest.raises(InputError, match="must be picklable and importable there"):
            return_of(errands)


def test_comparisons_are_made_there():
    """The rows of a comparison are jobs: the same rows in the same order, whoever runs them."""
    options = {"baselines": ["greedy by density"], "time_limit": 0.1, "seeds": 2}
    with Apart(2) as executor:
        there = ho.compare(PROBLEMS["bag"], ["tabu", "auto"], executor=executor, **options)
    names = ["tabu", "auto", "greedy by density"]
    assert [(run.algorithm, run.seed) for run in there.runs] == [
        (name, seed) for name in names for seed in (0, 1)
    ]
    assert all(run.feasible for run in there.runs)
