"""Clusters and pools of others: workers that die, come late, and a scheduler that goes away."""

import os
import subprocess
import sys
import threading
import time

import pytest

import hopfield_opt as ho
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.problems import MaxCut

distributed = pytest.importorskip("distributed")
loky = pytest.importorskip("joblib.externals.loky")

PROBLEMS = [MaxCut.random(60, 0.2, seed=seed) for seed in range(4)]


class Cluster:
    """A scheduler and workers of Dask, each a process that can be killed."""

    def __init__(self, folder, workers):
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
        self.environment = {**os.environ, "PYTHONPATH": path}
        self.file = str(folder / "scheduler.json")
        self.folder = folder
        self.processes = []
        self.scheduler = self.start("scheduler", "--port", "0", "--host", "127.0.0.1")
        for _ in range(workers):
            self.join()
        self.client = distributed.Client(scheduler_file=self.file, timeout=60)
        self.client.wait_for_workers(workers, timeout=60)

    def start(self, kind, *words):
        """Return a process of Dask."""
        module = f"distributed.cli.dask_{kind}"
        shared = ("--scheduler-file", self.file, "--no-dashboard")
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *shared, *words],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def join(self):
        """Return another worker; without a nanny it stays dead when it is killed."""
        return self.start("worker", "--nthreads", "1", "--no-nanny")

    def close(self):
        """End everything."""
        for process in self.processes:
            process.kill()
            process.wait()
        self.client.close(timeout=1)


@pytest.fixture
def cluster(tmp_path):
    """Return two workers, ended at last."""
    found = Cluster(tmp_path, 2)
    yield found
    found.close()


def values(results):
    """Return values and answers."""
    return [(result.value, result.answer) for result in results]


def test_a_worker_dies_and_another_comes_late(cluster):
    """What the dead one had is done again; those that come late take their part, even all of it."""
    executor = cluster.client.get_executor()
    options = {"sweeps": 30, "seed": 1, "bound": "none", "method": "simulated-annealing"}
    wanted = values(ho.solve_many(PROBLEMS, **options))
    assert values(ho.solve_many(PROBLEMS, executor=executor, **options)) == wanted
    first, second = cluster.processes[1:]
    longer = {**options, "sweeps": None, "time_limit": 1.0}

    def change():
        time.sleep(0.5)  # in the middle
        first.kill()
        cluster.join()
        cluster.client.wait_for_workers(2, timeout=60)
        second.kill()

    changing = threading.Thread(target=change)
    changing.start()
    there = ho.solve_many(PROBLEMS * 3, executor=executor, **longer)
    changing.join()
    assert all(result.feasible for result in there)
    (late,) = cluster.client.scheduler_info()["workers"].values()
    assert late["nthreads"] == 1
    # replicas in groups travel as well, and their states are those of threads
    groups = {**options, "replicas": 128}
    here = ho.solve(PROBLEMS[0], **groups)
    assert (ho.solve(PROBLEMS[0], executor=executor, **groups).states == here.states).all()


def test_the_scheduler_goes_away(cluster):
    """The best so far comes back where the time is limited; what was not found is found here."""
    executor = cluster.client.get_executor()
    options = {"method": "simulated-annealing", "replicas": 256, "time_limit": 2.0, "seed": 1}
    killing = threading.Timer(0.7, cluster.scheduler.kill)
    killing.start()
    with pytest.warns(HopfieldWarning, match=r"died: \d of \d groups"):
        result = ho.solve(PROBLEMS[0], executor=executor, **options)
    assert result.feasible
    assert result.status is ho.Status.TIME_LIMIT


def test_pools_of_joblib():
    """The processes of loky take what those of the standard library take."""
    options = {"sweeps": 30, "seed": 1, "method": "tabu"}
    pool = loky.get_reusable_executor(max_workers=2)
    try:
        there = ho.solve_many(PROBLEMS[:2], executor=pool, **options)
    finally:
        pool.shutdown(kill_workers=True)
    assert values(there) == values(ho.solve_many(PROBLEMS[:2], **options))


def test_a_client_is_no_executor():
    """Who hands over the client of Dask is told what to write."""

    class Client:
        def get_executor(self):
            """Return an executor, as Dask's does."""

        def submit(self, job):
            """Return a future that is none of the standard library."""

    with pytest.raises(InputError, match=r"Write \.get_executor\(\)"):
        ho.solve_many(PROBLEMS, executor=Client())
