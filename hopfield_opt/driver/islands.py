"""Groups of replicas that travel to an executor, and come back with the best they met."""

import time
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.plan import Plan
from hopfield_opt.driver.progress import ProgressBar
from hopfield_opt.driver.search import Search
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.base import energies_of
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.repair import repaired
from hopfield_opt.result import text

# Ctrl-C is looked for this often while jobs are out, in seconds.
PATIENCE = 0.05
# A job that starts after the time limit still returns a state.
LEAST_SECONDS = 1e-3


@dataclass(frozen=True, eq=False)
class Returned:
    """Where the replicas of a group ended, or the best that it met: what comes back of it.

    Attributes
    ----------
    rows : (R, N) int8
        The states.
    energies : (R,) float64
        Their energies.
    sweeps : int
        Sweeps done.
    converged, proven, out_of_time : bool
        How it ended, as of a `Search`.
    tied : bool
        Whether rounding leaves open which of the states is the lowest.
    """

    rows: NDArray[np.int8]
    energies: NDArray[np.float64]
    sweeps: int
    converged: bool = False
    proven: bool = False
    out_of_time: bool = False
    tied: bool = False

    @classmethod
    def of(cls, plan: Plan, group: int) -> "Returned":
        """Return a group at its start, where there was no time to begin."""
        network, rows = plan.network, np.array(plan.start(group))
        if isinstance(network, Hamiltonian):
            for row in rows:
                repaired(network, row, np.random.default_rng(plan.seed))
        return cls(rows, energies_of(network, rows), 0, out_of_time=True)

    @classmethod
    def at(cls, start: NDArray[np.int8], replicas: int, energy: float) -> "Returned":
        """Return replicas that have not left their start (N,)."""
        return cls(np.repeat(start[None], replicas, axis=0), np.full(replicas, energy), 0)

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the (N,) state of one replica."""
        return np.array(self.rows[replica])

    def states(self) -> NDArray[np.int8]:
        """Return the (R, N) states."""
        return np.array(self.rows)


@dataclass(frozen=True, eq=False)
class Island:
    """One group of replicas as a job: everything that it needs, ready to be pickled."""

    plan: Plan
    group: int
    deadline: float | None

    def __call__(self) -> tuple[Returned, Returned]:
        """Run the group; return the best that it met, and where it ended."""
        limit = None if self.deadline is None else max(self.deadline - time.time(), LEAST_SECONDS)
        clock = Clock(limit)
        met = Incumbents("minimize", clock, None, None)
        met.begin(AsItIs())  # the user's problem stays at home
        search = Search(self.plan, met, clock)
        try:
            search.run([self.group], 1, ProgressBar(False, ""))
        except OutOfTime:
            start = Returned.of(self.plan, self.group)
            return start, start
        (end,) = search.states
        assert met.best is not None  # the start was looked at
        best = Returned(met.best.state[None], np.array([met.best.energy]), search.done)
        how = (search.converged, search.proven, search.out_of_time)
        tied = bool(getattr(end, "tied", False))
        return best, Returned(end.states(), end.energies, search.done, *how, tied)


def scatter(search: Search, executor: Executor, bar: ProgressBar) -> None:
    """Run every group of a search as a job of an executor.

    What a group has found is seen when it comes back.
    """
    left = search.clock.remaining
    deadline = None if search.clock.time_limit is None else time.time() + left
    jobs: list[Future[tuple[Returned, Returned]]] = [
        executor.submit(Island(search.plan, group, deadline)) for group in search.plan.groups
    ]
    with Interruptible() as interrupt:
        _gather(search, jobs, interrupt, bar)
    for job in jobs:
        job.cancel()
    search.incumbents.look_deep(search.states)
    search.incumbents.look_at_ties(search.states)


def _gather(
    search: Search, jobs: list[Future[Any]], interrupt: Interruptible, bar: ProgressBar
) -> None:
    waiting = set(jobs)
    ends: dict[int, Returned] = {}
    while waiting:
        through, waiting = wait(waiting, PATIENCE, FIRST_COMPLETED)
        for job in sorted(through, key=jobs.index):
            best, end = job.result()
            search.incumbents.look([best], last=True)
            search.incumbents.look([end], last=True)
            ends[jobs.index(job)] = end
        # in the order of the groups, whoever came back first
        search.states = [ends[group] for group in sorted(ends)]
        search.done = max((end.sweeps for end in ends.values()), default=0)
        best_value = search.incumbents.best.value if search.incumbents.best else None
        bar.update(search.clock.elapsed, len(ends) / len(jobs), text(best_value))
        if interrupt.requested or search.incumbents.enough:
            return
    search.proven = all(end.proven for end in ends.values())
    search.converged = all(end.converged for end in ends.values())
    search.out_of_time = any(end.out_of_time for end in ends.values())
