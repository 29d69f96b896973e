"""`solve`: wire compiler, dynamics and decoder together."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from hopfield_opt import rng
from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbent, Incumbents
from hopfield_opt.driver.progress import ProgressBar, wanted
from hopfield_opt.driver.search import Search, usable_cpus
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics import named
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.layouts import has_start
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Linear
from hopfield_opt.result import Result, Status

# Adaptive penalties are doubled until the answer is feasible; each is capped at its proven weight.
MOST_RAISES = 20


def solve(
    subject: Any,
    *,
    method: str | Dynamics | Auto = "auto",
    time_limit: float | None = None,
    sweeps: int | None = None,
    replicas: int | None = None,
    target: float | None = None,
    seed: int | None = None,
    start: Any = None,
    n_jobs: int | None = None,
    callback: Callable[[Incumbent], object] | None = None,
    progress: bool | None = None,
    structure: str = "auto",
    penalty: str | float = "exact",
    presolve: str = "safe",
    encoding: str | None = None,
    polish: bool = True,
) -> Result:
    """Minimise the energy of a problem, a model or a network, and check the answer.

    Parameters
    ----------
    subject : Problem, Model, Compiled or Hamiltonian
        What to solve.
    method : str or Dynamics
        A name of `hopfield-opt methods`, or a dynamics with its parameters.
    time_limit : float, optional
        Seconds. With neither limit the method's own default budget is used; with both, the
        first reached ends the run.
    sweeps : int, optional
        Sweeps of each replica; one sweep is N proposals. The same seed then gives the same
        answer on every machine.
    replicas : int, optional
        Independent copies; None is the method's default.
    target : float, optional
        Stop at a feasible value at least as good, in the user's sense (an energy for a
        Hamiltonian).
    seed : int, optional
        None draws one, which the result carries.
    start : object, optional
        Where all replicas begin: an answer for a problem, a dict of arrays for a model, spins
        for a Hamiltonian. The result is never worse than it.
    n_jobs : int, optional
        Threads; None uses the CPUs of this process. The answer does not depend on it.
    callback : callable, optional
        Called with each better `Incumbent`; a true return stops the run. An exception in it
        carries the result so far as `error.result`.
    progress : bool, optional
        Show a progress bar; None does so on a terminal or in a notebook, after a second.
    structure, penalty, presolve, encoding
        How to compile, see `hopfield_opt.compile`.
    polish : bool
        Whether the problem's own local search, if it has one, may improve the answer at last.

    Returns
    -------
    Result
        Ctrl-C returns the best so far, with `Status.INTERRUPTED`.

    Raises
    ------
    InputError
        For a budget, a method or a start that cannot be used.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, seed=0).answer
    ({0, 2}, {1, 3})
    """
    _check_budget(time_limit, sweeps, replicas, n_jobs)
    clock = Clock(time_limit)
    seed = rng.checked_seed(seed)
    dynamics, reason, compiled = _prepare(subject, method, structure, penalty, presolve, encoding)
    options = _Options(
        dynamics, reason, clock, sweeps, replicas, target, seed, n_jobs, callback, progress, polish
    )
    task = Task(compiled, subject)
    result = _attempt(task, start, options, clock.elapsed)
    for _ in range(MOST_RAISES if penalty == "adaptive" else 0):
        heavier = task.raised(result)
        if heavier is None or clock.remaining <= 0:
            break
        task = heavier
        result = _attempt(task, start, options, result.seconds["compile"])
    return result


@dataclass(frozen=True, eq=False)
class _Options:
    """What every attempt of one call of `solve` has in common."""

    dynamics: Dynamics
    reason: str
    clock: Clock
    sweeps: int | None
    replicas: int | None
    target: float | None
    seed: int
    n_jobs: int | None
    callback: Callable[[Incumbent], object] | None
    progress: bool | None
    polish: bool


def _attempt(task: Task, start: Any, options: _Options, compile_seconds: float) -> Result:
    """Search once in one network, and evaluate what was found."""
    network, clock, seed = task.hamiltonian, options.clock, options.seed
    spins = task.start(start)
    incumbents = Incumbents(task, task.sense, clock, options.target, options.callback)
    search = Search(network, options.dynamics, incumbents, clock, options.sweeps, seed)

    def result(status: Status) -> Result:
        return _conclude(task, search, status, options.reason, compile_seconds)

    if task.compiled.infeasible is not None:
        return result(Status.INFEASIBLE)
    replicas = options.replicas or options.dynamics.default_replicas(network)
    try:
        if spins is not None:
            incumbents.offer(spins, float(network.energy(spins)), 0)
        with ProgressBar(wanted(options.progress), task.title) as bar:
            status = search.run(replicas, spins, options.n_jobs or usable_cpus(), bar)
        if options.polish:
            polished = task.polish(incumbents.best, seed, clock.deadline)
            if polished is not None:
                incumbents.offer(polished, float(network.energy(polished)), search.done)
    except Exception as error:
        # whatever went wrong, what was found is not lost
        error.result = result(Status.STOPPED)  # type: ignore[attr-defined]
        raise
    return result(status)


def _check_budget(
    time_limit: float | None, sweeps: int | None, replicas: int | None, n_jobs: int | None
) -> None:
    number = isinstance(time_limit, (int, float, np.number)) and not isinstance(time_limit, bool)
    if time_limit is not None and not (number and 0 < time_limit < math.inf):
        raise InputError(f"time_limit must be a positive number of seconds, got {time_limit!r}.")
    for name, count in (("sweeps", sweeps), ("replicas", replicas), ("n_jobs", n_jobs)):
        if count is not None and (not isinstance(count, (int, np.integer)) or count < 1):
            raise InputError(f"{name} must be a positive integer, got {count!r}.")


def _prepare(
    subject: Any,
    method: str | Dynamics | Auto,
    structure: str,
    penalty: str | float,
    presolve: str,
    encoding: str | None,
) -> tuple[Dynamics, str, Compiled]:
    """Return the dynamics, why it was taken, and the network compiled for what it keeps."""
    chosen = named(method)() if isinstance(method, str) else method
    if not hasattr(chosen, "keeps"):
        raise InputError(
            f"method must be a name or a dynamics, got {method!r}. "
            "See hopfield_opt.dynamics.available()."
        )
    if isinstance(subject, Compiled):
        compiled = subject
    else:
        options: dict[str, Any] = {
            "structure": structure,
            "penalty": penalty,
            "presolve": presolve,
            "encoding": encoding,
        }
        compiled = compile(subject, keeps=chosen.keeps, **options)
        if compiled.infeasible is None and not has_start(compiled.hamiltonian):
            # no state within all ranges is at hand: let the search look for one
            compiled = compile(subject, keeps=chosen.keeps - {Linear}, **options)
    dynamics, reason = (
        chosen.pick(compiled.hamiltonian) if isinstance(chosen, Auto) else (chosen, "as asked")
    )
    for group in compiled.hamiltonian.groups:
        if type(group) not in dynamics.keeps:
            raise InputError(
                f"method must keep {type(group).__name__} groups, got {dynamics.name}. "
                'Compile with structure="penalty", or choose a method that keeps them.'
            )
    return dynamics, reason, compiled


def _conclude(
    task: Task, search: Search, status: Status, reason: str, compile_seconds: float
) -> Result:
    best = search.incumbents.best
    if status in (Status.CONVERGED, Status.TIME_LIMIT, Status.SWEEP_LIMIT) and not (
        best is not None and best.feasible
    ):
        status = Status.NO_FEASIBLE
    size = task.hamiltonian.num_spins
    states = [state.states() for state in search.states] or [np.empty((0, size), np.int8)]
    clock = search.clock
    seconds = {
        "compile": compile_seconds,
        "solve": clock.elapsed - compile_seconds - search.incumbents.judging,
        "decode": search.incumbents.judging,
        "jit": clock.jit,
        "total": clock.elapsed,
    }
    return Result(
        status=status,
        best=best,
        sense=task.sense,
        bound=None,
        states=np.concatenate(states),
        energies=np.concatenate([state.energies for state in search.states] or [np.empty(0)]),
        trace=search.incumbents.trace(),
        seed=search.seed,
        seconds=seconds,
        sweeps=search.done,
        method=search.dynamics.name,
        reason=reason,
        problem=task.title,
        num_spins=size,
        _judge=task,
    )
