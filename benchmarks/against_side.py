"""One of the two sides of `benchmarks.against`: a process that measures what it is asked to.

The Python of either side runs this file, so it keeps to public names that both have. A line in
is a request, `{"ask": one of ASKS, ...arguments}`, and a line out its answer, both in JSON. All
clocks count CPU seconds of this process, those of the solver too: one side waits while the other
measures, and other processes of the machine matter little.
"""

import functools
import inspect
import json
import sys
import time
from collections.abc import Callable
from typing import Any

# before the package is imported, so that whoever asks for the time gets this one
time.monotonic = time.process_time

import numpy as np  # noqa: E402
import scipy.sparse  # noqa: E402

import hopfield_opt as ho  # noqa: E402

# a rate is that of the calls that fill so many seconds, after one that loads the kernels
RATE_SECONDS, WARM_SWEEPS = 0.4, 40
# a budget of sweeps that suits a rate: one call takes so long, or has so many
CALL_SECONDS, MOST_SWEEPS = 0.25, 1 << 17
WARM_SECONDS = 0.3

Call = Callable[[int], Any]


@functools.cache
def network(path: str) -> Any:
    """Return the couplings of a file as a network, dense ones as a full matrix."""
    weights = scipy.sparse.load_npz(path)
    dense = 2 * weights.nnz > weights.shape[0] ** 2
    return ho.Hamiltonian(weights.toarray() if dense else weights)


@functools.cache
def instance(kind: str, path: str) -> Any:
    """Return the problem of a file."""
    return ho.problems.named(kind).read(path)


@functools.cache
def generated(kind: str, size: int, options: str) -> Any:
    """Return a random problem; its options come as JSON, which can be a key."""
    return ho.problems.named(kind).random(size, seed=0, **json.loads(options))


def annealing(path: str, replicas: int, betas: list[float]) -> Call:
    """Return an anneal by its sweeps, on a network between two inverse temperatures."""
    return moving(path, replicas, ho.dynamics.SimulatedAnnealing(beta_range=tuple(betas)))


def moving(path: str, replicas: int, method: Any) -> Call:
    """Return a run of a dynamics by its sweeps."""
    moved = network(path)
    start = np.random.default_rng(0).choice([-1, 1], (replicas, moved.num_spins))
    return lambda sweeps: ho.run(moved, method, start, sweeps, seed=1, progress=False)


def solving(kind: str, size: int, options: str, method: str) -> Call:
    """Return a search of a random problem by its sweeps, without what comes after the search."""
    problem = generated(kind, size, options)
    fixed: dict[str, Any] = {"polish": False, "n_jobs": 1, "seed": 1, "progress": False}
    if "bound" in inspect.signature(ho.solve).parameters:
        # a bound that runs beside the search takes CPU seconds, but proposes nothing
        fixed["bound"] = "none"
    return lambda sweeps: ho.solve(problem, method=method, sweeps=sweeps, **fixed)


CALLS: dict[str, Callable[..., Call]] = {
    "annealing": annealing,
    "moving": moving,
    "solving": solving,
}


def fitting(call: str, **arguments: Any) -> dict[str, Any]:
    """Return the sweeps of a call that takes long enough to be timed."""
    act, sweeps = CALLS[call](**arguments), WARM_SWEEPS
    act(sweeps)
    while sweeps < MOST_SWEEPS:
        begin = time.process_time()
        done = act(sweeps).sweeps
        if time.process_time() - begin > CALL_SECONDS or done < sweeps:
            break
        sweeps *= 2
    return {"sweeps": sweeps}


def rate(call: str, sweeps: int, **arguments: Any) -> dict[str, Any]:
    """Return the millions of proposals per second of CPU time, and the energy at the end."""
    act = CALLS[call](**arguments)
    act(min(sweeps, WARM_SWEEPS))
    proposals, seconds = 0, 0.0
    while seconds < RATE_SECONDS:
        begin = time.process_time()
        result = act(sweeps)
        took = time.process_time() - begin
        # what comes before and after a search is none of its moves
        seconds += result.seconds.get("solve", took)
        # as asked for: of those after everything has come to rest some count all, some none
        proposals += result.num_spins * len(result.states) * sweeps
    return {"number": 1e-6 * proposals / seconds, "answer": float(np.min(result.energies))}


def quality(kind: str, path: str, seconds: float, seed: int) -> dict[str, Any]:
    """Return the value that is reached within a time limit; None if nothing feasible is."""
    problem = instance(kind, path)
    fixed: dict[str, Any] = {"n_jobs": 1, "progress": False}
    ho.solve(problem, time_limit=min(seconds, WARM_SECONDS), seed=99, **fixed)
    result = ho.solve(problem, time_limit=seconds, seed=seed, **fixed)
    return {"number": result.value if result.feasible else None}


def where() -> dict[str, Any]:
    """Return which package this is."""
    return {"package": ho.__file__}


ASKS: dict[str, Callable[..., dict[str, Any]]] = {
    "where": where,
    "fitting": fitting,
    "rate": rate,
    "quality": quality,
}

if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(ASKS[request.pop("ask")](**request)), flush=True)
