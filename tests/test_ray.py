"""Ray, its tasks as an executor: too large for the extra, tested where it is installed."""

import os
import sys
import warnings

import pytest

import hopfield_opt as ho
from hopfield_opt.problems import MaxCut

ray = pytest.importorskip("ray", reason="Ray is installed by hand: pip install ray")

PROBLEMS = [MaxCut.random(60, 0.2, seed=seed) for seed in range(3)]


@pytest.fixture(scope="module")
def tasks():
    """Return an executor on a Ray of this machine, which ends with the tests."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what Ray imports
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            log_to_driver=False,
            object_store_memory=10**8,
            runtime_env={"env_vars": {"PYTHONPATH": path}},
        )
        yield ho.interop.RayExecutor(num_cpus=1)
        ray.shutdown()


@pytest.mark.slow
def test_tasks_of_ray_find_the_same_answers(tasks):
    """Problems, and groups of replicas, are solved there as they are here."""
    options = {"sweeps": 30, "seed": 1, "method": "simulated-annealing", "bound": "none"}
    there = ho.solve_many(PROBLEMS, executor=tasks, **options)
    here = ho.solve_many(PROBLEMS, **options)
    assert [(one.value, one.answer) for one in there] == [(one.value, one.answer) for one in here]
    groups = {**options, "replicas": 128}
    far, near = ho.solve(PROBLEMS[0], executor=tasks, **groups), ho.solve(PROBLEMS[0], **groups)
    assert (far.states == near.states).all()
