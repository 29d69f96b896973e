"""Groups of replicas that travel to an executor, and come back with the best they met."""

import time
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import warn
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.progress import ProgressBar
from hopfield_opt.driver.search import Search
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.base import energies_of, is_tied
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.printing import number_text

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
    def of(cls, plan: RunPlan, group: int) -> "Returned":
        """Return a group at its start, where there was no time to begin."""
        network, rows = plan.network, np.array(plan.start(group))
        if isinstance(network, Hamiltonian):
            for row in rows:
                repair_groups(network, row, np.random.default_rng(plan.seed))
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

    plan: RunPlan
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
        return best, Returned(end.states(), end.energies, search.done, *how, is_tied(end))


def scatter(search: Search, executor: Executor, bar: ProgressBar) -> None:
    """Run every group of a search as a job of an executor.

    What a group has found is seen when it comes back. Groups whose worker died run again, in a
    fresh pool or else in this process: their streams are their own, and the answer is the same.
    """
    clock = search.clock
    deadline = None if clock.time_limit is None else time.time() + clock.remaining
    with Interruptible() as interrupt:
        trip = _Trip(search, deadline, interrupt, bar)
        lost = trip.send(executor, list(search.plan.groups))
        if lost:
            warn(
                f"A worker of the executor died: {len(lost)} of {len(search.plan.groups)} groups "
                "of replicas run again. What the others found is kept."
            )
            lost = trip.send_to_fresh(executor, lost)
        trip.stay(lost)
    ends = trip.ends.values()
    if len(ends) == len(search.plan.groups):
        search.proven = all(end.proven for end in ends)
        search.converged = all(end.converged for end in ends)
        search.out_of_time = any(end.out_of_time for end in ends)
    search.incumbents.look_deep(search.states)
    search.incumbents.look_at_ties(search.states)


@dataclass(eq=False)
class _Trip:
    """Groups of replicas on their way, and where those ended that came back."""

    search: Search
    deadline: float | None
    interrupt: Interruptible
    bar: ProgressBar
    ends: dict[int, Returned] = field(default_factory=dict)

    def send(self, executor: Executor, groups: list[int]) -> list[int]:
        """Run groups as jobs until all are back or the search is over; return those lost."""
        jobs: dict[Future[tuple[Returned, Returned]], int] = {}
        lost = []
        try:
            for group in groups:
                try:
                    jobs[executor.submit(self._island(group))] = group
                except BrokenExecutor:
                    lost.append(group)
            waiting = set(jobs)
            while waiting and not self._is_over:
                through, waiting = wait(waiting, PATIENCE, FIRST_COMPLETED)
                for job in sorted(through, key=jobs.__getitem__):
                    try:
                        self._land(jobs[job], *job.result())
                    except BrokenExecutor:
                        lost.append(jobs[job])
                self._show()
        finally:
            for job in jobs:
                job.cancel()
        return [] if self._is_over else sorted(lost)

    def send_to_fresh(self, executor: Executor, groups: list[int]) -> list[int]:
        """Run groups in a pool like one that broke; return those lost again."""
        # imported here: it takes ten milliseconds, and most runs have no pool
        from concurrent.futures import ProcessPoolExecutor

        if not isinstance(executor, ProcessPoolExecutor):
            return groups
        # no public names; without them the pool has as many workers as there are CPUs
        names = ("max_workers", "mp_context", "initializer", "initargs")
        kept = {name: getattr(executor, f"_{name}", None) for name in names}
        with ProcessPoolExecutor(**{k: v for k, v in kept.items() if v is not None}) as fresh:
            return self.send(fresh, groups)

    def stay(self, groups: list[int]) -> None:
        """Run groups in this process."""
        for group in groups:
            if not self._is_over:
                self._land(group, *self._island(group)())
                self._show()

    @property
    def _is_over(self) -> bool:
        return self.interrupt.requested or self.search.incumbents.enough

    def _island(self, group: int) -> Island:
        return Island(self.search.plan, group, self.deadline)

    def _land(self, group: int, best: Returned, end: Returned) -> None:
        """Look at what came back of a group."""
        self.search.incumbents.look([best], last=True)
        self.search.incumbents.look([end], last=True)
        self.ends[group] = end
        # in the order of the groups, whoever came back first
        self.search.states = [self.ends[number] for number in sorted(self.ends)]
        self.search.done = max(end.sweeps for end in self.ends.values())

    def _show(self) -> None:
        best = self.search.incumbents.best
        share = len(self.ends) / len(self.search.plan.groups)
        self.bar.update(self.search.clock.elapsed, share, number_text(best.value if best else None))
