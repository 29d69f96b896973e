"""Groups of replicas that move block by block, in threads of this process."""

from collections.abc import Callable, Sequence
from functools import partial

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.clock import Clock, Pace
from hopfield_opt.driver.loop import Moment
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.workers import Workers, usable_cpus
from hopfield_opt.dynamics.base import Dynamics, State, is_waiting


class Blocks:
    """Work on some groups of a plan.

    Parameters
    ----------
    plan : RunPlan
        What is to be done.
    groups : sequence of int
        The groups that are moved here.
    clock : Clock
        Time.
    every : callable
        Returns the sweeps between two looks, which no block crosses; asked once the time counts.
    n_jobs : int or None
        Threads; None uses the CPUs of this process.
    fewest : int
        The least sweeps of a block, where neither the next look nor the end comes before.
    """

    _pace: Pace
    _grid: int

    def __init__(
        self,
        plan: RunPlan,
        groups: Sequence[int],
        clock: Clock,
        every: Callable[[], int],
        n_jobs: int | None = None,
        fewest: int = 1,
    ) -> None:
        self._plan = plan
        self._groups = groups
        self._clock = clock
        self._every = every
        self._fewest = fewest
        self._workers = Workers(n_jobs or usable_cpus())
        self._states: list[State] = []

    def __enter__(self) -> None:
        self._workers.__enter__()

    def __exit__(self, *error: object) -> None:
        self._workers.__exit__(*error)

    def begin(self) -> Moment:
        """Return the groups at their starts."""
        self._states = self._workers.map(self._plan.begin, self._groups)
        plan = self._plan
        finish = plan.dynamics.finish_sweeps
        self._pace = Pace(self._clock, plan.sweeps, plan.default, finish, self._fewest)
        self._grid = self._every()
        return self._moment(float(self.horizon() < 1))

    def horizon(self) -> int:
        """Return the sweeps that are still to come, as far as the time allows them."""
        return self._pace.horizon()

    def advance(self) -> Moment:
        """Return the groups after a block of sweeps, or as they were where the time was over."""
        block, horizon = self._pace.next_block(self._grid)
        before = self._clock.at_work
        advance = partial(_advance, self._plan.dynamics, sweeps=block, horizon=horizon)
        self._states = self._workers.map(advance, self._states)
        if not any(map(is_waiting, self._states)):
            self._pace.measure(block, self._clock.at_work - before)
        return self._moment(self._pace.done / max(1, self._pace.done + horizon - block))

    def finish(self) -> Moment:
        """Return the groups fit to be answers: annealers descend, whenever a run is stopped."""
        if self._plan.finishes:
            self._states = self._workers.map(self._plan.dynamics.finish, self._states)
        return self._moment(1.0)

    def _moment(self, share: float) -> Moment:
        sweeps = max(state.sweeps for state in self._states)
        return Moment(self._states, sweeps, share, due=sweeps % self._grid == 0)


def _advance(dynamics: Dynamics, state: State, sweeps: int, horizon: int) -> State:
    """Return the state after so many sweeps; as it was if it rests or the deadline came first."""
    if state.converged:
        return state  # its sweeps are those until it came to rest
    try:
        moved: State = dynamics.advance(state, sweeps, horizon)
    except OutOfTime:
        return state
    return moved
