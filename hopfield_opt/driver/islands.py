"""Groups of replicas that travel to an executor, and come back with the best they met."""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.driver import stopping
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.errands import Errands
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.loop import Look, Loop, Moment, Stop
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.search import make_judge, search
from hopfield_opt.driver.task import AsItIs
from hopfield_opt.dynamics.base import energies_of, is_proven, is_tied
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.result import Status

# Nothing more is expected of a host that is silent so many seconds after the time limit: kernels
# may be compiled there, which does not count.
LOST_AFTER = 60.0
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

    Groups that were lost run again: their streams are their own, and the answer is the same.

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
        self._errands = Errands(executor, "groups of replicas")
        self._incumbents = incumbents
        self._deadline = None if clock.time_limit is None else time.time() + clock.remaining
        self._ends: dict[int, Returned] = {}

    def __enter__(self) -> None:
        self._errands.__enter__()

    def __exit__(self, *error: object) -> None:
        self._errands.__exit__(*error)

    def begin(self) -> Moment:
        """Send all groups."""
        plan = self._plan
        self._errands.send({group: Island(plan, group, self._deadline) for group in plan.groups})
        return self.finish()

    def advance(self) -> Moment:
        """Take what has come back; where only those are missing that were lost, run them again."""
        if self._deadline is not None and time.time() > self._deadline + LOST_AFTER:
            self._errands.give_up()
        for group, (best, end) in self._errands.receive().items():
            self._incumbents.look([best], last=True)
            self._incumbents.look([end], last=True)
            self._ends[group] = end
        return self.finish()

    def finish(self) -> Moment:
        """Return what has come back, in the order of the groups."""
        ends = [self._ends[group] for group in sorted(self._ends)]
        sweeps = max((end.sweeps for end in ends), default=0)
        return Moment(ends, sweeps, len(ends) / len(self._plan.groups))

    def were_late(self, moment: Moment) -> bool:
        """Whether the time ended one that is back."""
        return any(end.ended is Status.TIME_LIMIT for end in self._ends.values())


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
