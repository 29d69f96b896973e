"""The one loop: it owns replicas, clock, progress, incumbents and stopping."""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from threadpoolctl import ThreadpoolController

from hopfield_opt import jit
from hopfield_opt.arrays import check_memory
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.clock import Clock, Pace
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.progress import ProgressBar
from hopfield_opt.dynamics.base import Dynamics, State, is_proven
from hopfield_opt.printing import number_text

# States are looked at after about this many spin updates: some 10 to 20 ms of a fast kernel.
UPDATES_BETWEEN_LOOKS = 20_000_000
# A run that has a target looks for it at least so often, however short it is.
LOOKS_FOR_TARGET = 32


@dataclass(eq=False)
class Search:
    """A plan at work, one state for each group of replicas.

    Attributes
    ----------
    plan : Plan
        What is to be done.
    incumbents : Incumbents
        Where the best so far is kept.
    clock : Clock
        Time.
    states : list of State
        Where the groups are.
    done : int
        Sweeps.
    converged, proven, out_of_time : bool
        How it ended: nothing moved any more, every state was seen, no time was left.
    """

    plan: RunPlan
    incumbents: Incumbents
    clock: Clock
    states: list[State] = field(default_factory=list)
    done: int = 0
    converged: bool = False
    proven: bool = False
    out_of_time: bool = False

    def run(self, groups: Sequence[int], n_jobs: int, bar: ProgressBar) -> None:
        """Run some groups to the end of the budget.

        Raises
        ------
        OutOfTime
            If there is no time to begin.
        """
        with Interruptible() as interrupt, Workers(n_jobs) as workers:
            with self.clock.limits(grace=True):
                self.states = workers.map(self.plan.begin, groups)
                self.incumbents.look(self.states)
            with self.clock.limits():
                self._loop(interrupt, workers, bar)
            with self.clock.limits(grace=True):
                # annealers descend, so that an interrupted run ends in local minima, too
                self.states = workers.map(self.plan.dynamics.finish, self.states)
                self.incumbents.look(self.states, last=True)
                self.incumbents.look_deep(self.states)
                self.incumbents.look_at_ties(self.states)

    def _loop(self, interrupt: Interruptible, workers: "Workers", bar: ProgressBar) -> None:
        dynamics, network = self.plan.dynamics, self.plan.network
        default = dynamics.default_sweeps(network)
        grid = self._grid(self.plan.sweeps or default)
        pace = Pace(self.clock, self.plan.sweeps, dynamics.finish_sweeps)
        while not self._is_over(interrupt) and (horizon := pace.horizon(default)) > 0:
            block = pace.block(horizon, grid)
            before, loaded = self.clock.elapsed, jit.load_seconds()
            advance = partial(_advance, dynamics, sweeps=block, horizon=horizon)
            self.states = workers.map(advance, self.states)
            # kernels that were loaded meanwhile say nothing about the next block
            loading = jit.load_seconds() - loaded
            pace.measure(block, self.clock.elapsed - before - loading)
            self.done = pace.done
            if pace.done % grid == 0:
                self.incumbents.look(self.states)
            self._show(bar, pace.done, horizon - block)
            if block == horizon:
                break
        over = self._is_over(interrupt)  # what the last block brought counts, too
        limited = self.clock.time_limit is not None and self.done != self.plan.sweeps
        self.out_of_time = limited and not over

    def _grid(self, budget: int) -> int:
        """Return the sweeps between looks: a count, so that what is seen depends on no machine."""
        network = self.plan.network
        cost = self.plan.dynamics.proposal_cost(network)
        updates = max(1, cost * network.num_spins * self.plan.replicas)
        grid = UPDATES_BETWEEN_LOOKS // updates
        if self.incumbents.target is not None:
            grid = min(grid, budget // LOOKS_FOR_TARGET)
        return max(1, grid)

    def _is_over(self, interrupt: Interruptible) -> bool:
        """Whether the search is to end before its budget."""
        self.converged = all(state.converged for state in self.states)
        self.proven = self.converged and all(is_proven(state) for state in self.states)
        return interrupt.requested or self.incumbents.enough or self.converged

    def _show(self, bar: ProgressBar, done: int, left: int) -> None:
        best = self.incumbents.best
        bar.update(
            self.clock.elapsed,
            done / max(1, done + left),
            number_text(best.value if best else None),
        )


def _advance(dynamics: Dynamics, state: State, sweeps: int, horizon: int) -> State:
    """Return the state after so many sweeps, or as it was where the deadline came first."""
    try:
        moved: State = dynamics.advance(state, sweeps, horizon)
    except OutOfTime:
        return state
    return moved


def check_memory_of(dynamics: Dynamics, num_spins: int, replicas: int) -> None:
    """Raise SizeError if so many replicas would not fit into memory."""
    advice = f"Take fewer than {replicas} of {num_spins} spins"
    check_memory("replicas", dynamics.bytes_per_spin * num_spins * replicas, advice)


class Workers:
    """Map a function over groups in `n_jobs` threads; kernels release the GIL.

    Meanwhile matrix products run in one thread: theirs would compete with ours (ten times
    slower on small matrices), and their sums depend on how many there are.
    """

    def __init__(self, n_jobs: int) -> None:
        self._pool = ThreadPoolExecutor(n_jobs) if n_jobs > 1 else None

    def __enter__(self) -> "Workers":
        self._blas = _libraries(len(sys.modules)).limit(limits=1, user_api="blas")
        return self

    def __exit__(self, *error: object) -> None:
        self._blas.restore_original_limits()
        if self._pool is not None:
            self._pool.shutdown()

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Return the results in the order of the items."""
        if self._pool is None or len(items) < 2:
            return [function(item) for item in items]
        # each in a context of its own that has the deadline of this one
        jobs = [self._pool.submit(copy_context().run, function, item) for item in items]
        return [job.result() for job in jobs]


@lru_cache(maxsize=1)
def _libraries(num_modules: int) -> ThreadpoolController:
    """Return the libraries that are loaded; a module that was imported since may bring another."""
    return ThreadpoolController()


def usable_cpus() -> int:
    """Return the number of CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
