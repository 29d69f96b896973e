"""A job is a call in the background: it can be asked, stopped and awaited."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import wait

import pytest
from threadpoolctl import threadpool_info

import hopfield_opt as ho
from hopfield_opt.driver.workers import Workers
from hopfield_opt.errors import InputError
from hopfield_opt.result import Status

HARD = ho.problems.MaxCut.random(300, seed=0)
SMALL = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])


def test_a_job_is_the_call_that_solve_is():
    """The same seed gives the same answer."""
    job = ho.submit(HARD, sweeps=30, seed=5)
    own = ho.solve(HARD, sweeps=30, seed=5)
    assert (job.result().states == own.states).all()
    assert job.done()
    assert job.future.result() is job.result()
    assert job.incumbent.value == own.value


def test_a_job_can_be_watched_and_stopped():
    """Its best so far and how far it is are there while it goes on, and the best is its result."""
    job = ho.submit(HARD, time_limit=60, seed=0)
    assert not job.done()
    while job.incumbent is None or job.progress.sweeps == 0:
        time.sleep(0.01)
    assert job.incumbent.answer() is not None
    assert 0 < job.progress.share < 1
    assert job.progress.seconds < 60
    with pytest.raises(TimeoutError):
        job.result(timeout=0.01)
    assert repr(job).startswith("Job(running, Incumbent(value ")
    job.cancel()
    result = job.result()
    assert result.status is Status.STOPPED
    assert result.value == job.incumbent.value
    assert repr(job).startswith(f"Job(done, Incumbent(value {result.value:g}, after ")
    assert job.progress.value <= result.value
    job.cancel()  # nothing is left to be stopped
    assert job.result() is result


def test_whoever_listens_is_told_as_well():
    """A callback, a stop and a function for progress of the user's own are heard."""
    told, shown, stop = [], [], threading.Event()
    options = {"callback": told.append, "progress": shown.append, "stop": stop}
    job = ho.submit(HARD, time_limit=60, seed=0, **options)
    while not shown:
        time.sleep(0.01)
    stop.set()
    assert job.result().status is Status.STOPPED
    assert told[-1] is job.incumbent
    assert shown[-1] is job.progress
    first = ho.submit(HARD, time_limit=60, seed=0, callback=lambda found: True)
    assert first.result().status is Status.STOPPED


def test_progress_is_of_the_limit_or_of_the_budget():
    """It grows to 1 with the time, or with the sweeps, and knows the best."""
    seen = []
    result = ho.solve(HARD, sweeps=200, seed=0, method="simulated-annealing", progress=seen.append)
    assert seen[-1].share == 1.0
    assert seen[-1].sweeps == 200
    assert seen[-1].value == result.value
    seen.clear()
    ho.solve(HARD, time_limit=0.4, seed=0, progress=seen.append)
    shares = [one.share for one in seen]
    assert shares == sorted(shares)
    assert 0.5 < shares[-1] <= 1.0


def test_errors_come_with_the_result():
    """Those of a wrong name at once, those of the call and of a callback from `result`."""
    with pytest.raises(TypeError, match="unexpected keyword argument 'sweps'"):
        ho.submit(HARD, sweps=3)
    with pytest.raises(InputError, match="sweeps must be a positive integer, got 0"):
        ho.submit(HARD, sweeps=0).result()
    with pytest.raises(InputError, match="callback must be a function"):
        ho.submit(HARD, callback=5)

    def fail(found):
        raise SystemExit("enough")

    with pytest.raises(SystemExit, match="enough") as caught:
        ho.submit(HARD, time_limit=60, callback=fail).result()
    assert caught.value.result.value is not None


def test_a_job_can_be_awaited():
    """The event loop goes on meanwhile, several jobs side by side."""
    gate = threading.Event()  # none of the jobs can be done before the loop has gone on

    async def ask():
        hold = {"callback": lambda _: not gate.wait(20)}
        jobs = [ho.submit(SMALL, seed=seed, **hold) for seed in range(3)]
        ticks, answers = 0, asyncio.gather(*(wait_for(job) for job in jobs))
        while not all(job.done() for job in jobs):
            ticks += 1
            await asyncio.sleep(0.001)
            if ticks == 5:
                assert not any(job.done() for job in jobs)
                gate.set()
        return ticks, await answers

    async def wait_for(job):
        return await job

    ticks, results = asyncio.run(ask())
    assert ticks >= 5
    assert [result.value for result in results] == [4.0] * 3


def test_whoever_is_cancelled_while_awaiting_cancels():
    """A time-out of asyncio stops the job, too."""
    job = ho.submit(HARD, time_limit=60, seed=0)

    async def ask():
        async with asyncio.timeout(0.2):
            await job

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    assert job.result(timeout=10).status is Status.STOPPED


def test_the_futures_can_be_waited_for_together():
    """They are those of concurrent.futures."""
    jobs = [ho.submit(SMALL, seed=seed) for seed in range(2)]
    through, left = wait([job.future for job in jobs])
    assert len(through) == 2
    assert not left


def test_matrix_products_get_their_threads_back():
    """Whichever search ends first: the threads are as they were before the first began."""

    def threads():
        return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

    before = threads()
    first, second = Workers(1), Workers(1)
    first.__enter__()
    second.__enter__()
    first.__exit__()
    assert set(threads()) <= {1}
    second.__exit__()
    assert threads() == before


FORGOTTEN = """
import hopfield_opt as ho
job = ho.submit(ho.problems.MaxCut.random(300, seed=0), time_limit=60)
while job.incumbent is None:
    pass
print("left")
"""


def test_nobody_has_to_wait_for_a_job(elsewhere):
    """A program that ends stops it, in silence."""
    began = time.monotonic()
    said = subprocess.run([sys.executable, "-c", FORGOTTEN], **elsewhere, capture_output=True)
    assert (said.returncode, said.stdout.strip(), said.stderr) == (0, "left", "")
    assert time.monotonic() - began < 50


def test_a_job_says_in_a_line_how_far_it_is():
    """Whoever prints it, or its best so far, reads the value and not hundreds of spins."""
    job = ho.submit(HARD, sweeps=10, seed=5)
    value = job.result().value
    assert repr(job.incumbent.candidate) == f"Candidate(value {value:.10g})"
    assert repr(job.incumbent).startswith(f"Incumbent(value {value:.10g}, after ")
    assert repr(job) == f"Job(done, {job.incumbent!r})"
    failed = ho.submit("no problem")
    with pytest.raises(InputError):
        failed.result()
    assert repr(failed) == "Job(failed, None)"
