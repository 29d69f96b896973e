"""Groups of replicas that travel to an executor, and come back with the best they met."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray, warn
from hopfield_opt.driver import stopping
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.loop import Look, Loop, Moment, Stop
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.search import make_judge, search
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.base import energies_of, is_proven, is_tied
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.result import Status

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
    ended : Status or None
        Why its loop ended.
    proven : bool
        Whether the lowest energy is the lowest of all.
    tied : bool
        Whether rounding leaves open which of the states is the lowest.
    """

    rows: SpinArray
    energies: FloatArray
    sweeps: int
    ended: Status | None = None
    proven: bool = False
    tied: bool = False

    @classmethod
    def of(cls, plan: RunPlan, group: int) -> "Returned":
        """Return a group at its start, where there was no time to begin."""
        network, rows = plan.network, np.array(plan.start(group))
        if isinstance(network, Hamiltonian):
            for row in rows:
                repair_groups(network, row, np.random.default_rng(plan.seed))
        return cls(rows, energies_of(network, rows), 0, Status.TIME_LIMIT)

    @classmethod
    def at(cls, start: SpinArray, replicas: int, energy: float) -> "Returned":
        """Return replicas that have not left their start (N,)."""
        return cls(np.repeat(start[None], replicas, axis=0), np.full(replicas, energy), 0)

    @property
    def converged(self) -> bool:
        """Whether nothing moved any more."""
        return self.ended is Status.CONVERGED

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return np.array(self.rows[replica])

    def states(self) -> SpinArray:
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
        met = Incumbents("minimize", clock, None)
        met.begin(AsItIs())  # the user's problem stays at home
        loop = search(self.plan, met, clock, groups=[self.group], n_jobs=1)
        loop.run()
        if not loop.moment.states:  # there was no time to begin
            start = Returned.of(self.plan, self.group)
            return start, start
        (end,) = loop.moment.states
        assert met.best is not None  # the start was looked at
        best = Returned(met.best.state[None], np.array([met.best.energy]), end.sweeps)
        how = (loop.ended, is_proven(end), is_tied(end))
        return best, Returned(end.states(), end.energies, end.sweeps, *how)


class Jobs:
    """Work on all groups of a plan, each in a job of an executor.

    Groups whose worker died run again, in a fresh pool or else in this process: their streams
    are their own, and the answer is the same.

    Parameters
    ----------
    plan : RunPlan
        What is to be done.
    executor : Executor
        Where the jobs run.
    incumbents : Incumbents
        Told of what comes back.
    clock : Clock
        Time.
    """

    def __init__(
        self, plan: RunPlan, executor: Executor, incumbents: Incumbents, clock: Clock
    ) -> None:
        self._plan = plan
        self._executor = executor
        self._incumbents = incumbents
        self._deadline = None if clock.time_limit is None else time.time() + clock.remaining
        self._fresh: Executor | None = None
        self._waiting: dict[Future[tuple[Returned, Returned]], int] = {}
        self._lost: list[int] = []
        self._warned = False
        self._ends: dict[int, Returned] = {}

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        for job in self._waiting:
            job.cancel()
        if self._fresh is not None:
            self._fresh.shutdown()

    def begin(self) -> Moment:
        """Send all groups."""
        self._send(self._executor, self._plan.groups)
        return self.finish()

    def advance(self) -> Moment:
        """Take what has come back; where only those are missing that were lost, run them again."""
        if self._waiting:
            through, _ = wait(self._waiting, PATIENCE, FIRST_COMPLETED)
            for job in sorted(through, key=self._waiting.__getitem__):
                self._land(self._waiting.pop(job), job.result)
        else:
            self._try_again()
        return self.finish()

    def finish(self) -> Moment:
        """Return what has come back, in the order of the groups."""
        ends = [self._ends[group] for group in sorted(self._ends)]
        sweeps = max((end.sweeps for end in ends), default=0)
        return Moment(ends, sweeps, len(ends) / len(self._plan.groups))

    def were_late(self, moment: Moment) -> bool:
        """Whether the time ended one that is back."""
        return any(end.ended is Status.TIME_LIMIT for end in self._ends.values())

    def _send(self, executor: Executor, groups: Sequence[int]) -> None:
        for group in groups:
            try:
                self._waiting[executor.submit(self._island(group))] = group
            except BrokenExecutor:
                self._lost.append(group)

    def _island(self, group: int) -> Island:
        return Island(self._plan, group, self._deadline)

    def _land(self, group: int, result: Callable[[], tuple[Returned, Returned]]) -> None:
        """Look at what came back of a group, if it did."""
        try:
            best, end = result()
        except BrokenExecutor:
            self._lost.append(group)
            return
        self._incumbents.look([best], last=True)
        self._incumbents.look([end], last=True)
        self._ends[group] = end

    def _try_again(self) -> None:
        """Run what was lost in a pool like the one that broke; what is lost again, here."""
        lost, self._lost = sorted(self._lost), []
        if not self._warned:
            self._warned = True
            warn(
                f"A worker of the executor died: {len(lost)} of {len(self._plan.groups)} groups "
                "of replicas run again. What the others found is kept."
            )
            self._fresh = _pool_like(self._executor)
            if self._fresh is not None:
                self._send(self._fresh, lost)
                return
        self._land(lost[0], self._island(lost[0]))
        self._lost = lost[1:]


def _pool_like(executor: Executor) -> Executor | None:
    """Return a fresh pool like one of processes that broke."""
    # imported here: it takes ten milliseconds, and most runs have no pool
    from concurrent.futures import ProcessPoolExecutor

    if not isinstance(executor, ProcessPoolExecutor):
        return None
    # no public names; without them the pool has as many workers as there are CPUs
    names = ("max_workers", "mp_context", "initializer", "initargs")
    kept = {name: getattr(executor, f"_{name}", None) for name in names}
    return ProcessPoolExecutor(**{name: value for name, value in kept.items() if value is not None})


def scatter(
    plan: RunPlan, incumbents: Incumbents, clock: Clock, looks: Sequence[Look], executor: Executor
) -> Loop:
    """Return the loop that runs every group of a plan as a job of an executor.

    What a group has found is seen when it comes back. The arguments are those of `search`.
    """

    def once_all_are_back(stop: Stop) -> Stop:
        return lambda moment: stopping.is_done(moment) and stop(moment)

    jobs = Jobs(plan, executor, incumbents, clock)
    stops = stopping.stops_from_outside(incumbents) | {
        Status.CONVERGED: once_all_are_back(stopping.has_converged),
        Status.TIME_LIMIT: once_all_are_back(jobs.were_late),
        Status.SWEEP_LIMIT: stopping.is_done,
    }
    # each job keeps the time itself
    return Loop(jobs, stops, (make_judge(incumbents), *looks), Clock(None))
