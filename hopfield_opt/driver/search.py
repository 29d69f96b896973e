"""The one loop: it owns replicas, clock, progress, incumbents and stopping."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.driver.clock import Clock, Pace
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.progress import ProgressBar
from hopfield_opt.dynamics.base import Dynamics, State
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.result import Status, text

# States are looked at after about this many spin updates: some 10 to 20 ms of a fast kernel.
UPDATES_BETWEEN_LOOKS = 20_000_000


@dataclass(eq=False)
class Search:
    """A dynamics at work on a network, one state for each group of replicas.

    Attributes
    ----------
    hamiltonian : Hamiltonian
        The network to be minimised.
    dynamics : Dynamics
        The rule.
    incumbents : Incumbents
        Where the best so far is kept.
    clock : Clock
        Time.
    sweeps : int or None
        The budget of sweeps.
    seed : int
        Of all streams.
    """

    hamiltonian: Hamiltonian
    dynamics: Dynamics
    incumbents: Incumbents
    clock: Clock
    sweeps: int | None
    seed: int
    states: list[State] = field(default_factory=list)
    done: int = 0

    def run(
        self, replicas: int, start: NDArray[np.int8] | None, n_jobs: int, bar: ProgressBar
    ) -> Status:
        """Run to the end of the budget and return why it ended."""
        with Interruptible() as interrupt, Workers(n_jobs) as workers:
            starts = list(self._starts(replicas, start))
            groups = range(len(starts))
            self.states = workers.map(lambda g: self._begin(g, starts[g]), groups)
            self.incumbents.look(self.states)
            status = self._loop(interrupt, workers, bar)
            # annealers descend, so that an interrupted run ends in local minima, too
            self.states = workers.map(self.dynamics.finish, self.states)
            self.incumbents.look(self.states, last=True)
            self.incumbents.look_deep(self.states)
        return status

    def _starts(self, replicas: int, start: NDArray[np.int8] | None) -> Iterable[NDArray[np.int8]]:
        """Yield the starts of each group: the user's, or random from the group's own stream."""
        size = self.hamiltonian.num_spins
        batch = self.dynamics.batch(self.hamiltonian)
        for group, first in enumerate(range(0, replicas, batch)):
            count = min(batch, replicas - first)
            if start is not None:
                yield np.repeat(start[None], count, axis=0)
            else:
                bits = rng.generator(self.seed, group, 0).integers(
                    0, 2, (count, size), dtype=np.int8
                )
                yield 2 * bits - 1

    def _begin(self, group: int, start: NDArray[np.int8]) -> State:
        stream = np.random.SeedSequence(self.seed, spawn_key=(group, 1))
        state: State = self.dynamics.init(self.hamiltonian, start, stream)
        return state

    def _advance(self, state: State, sweeps: int, horizon: int) -> State:
        advanced: State = self.dynamics.advance(state, sweeps, horizon)
        return advanced

    def _loop(self, interrupt: Interruptible, workers: "Workers", bar: ProgressBar) -> Status:
        updates = max(1, self.hamiltonian.num_spins * sum(len(s.energies) for s in self.states))
        grid = max(1, UPDATES_BETWEEN_LOOKS // updates)
        default = self.dynamics.default_sweeps(self.hamiltonian)
        pace = Pace(self.clock, self.sweeps)
        while (horizon := pace.horizon(default)) > 0:
            status = self._stopped(interrupt)
            if status is not None:
                return status
            block = pace.block(horizon, grid)
            before = self.clock.elapsed
            advance = partial(self._advance, sweeps=block, horizon=horizon)
            self.states = workers.map(advance, self.states)
            pace.measure(block, self.clock.elapsed - before)
            self.done = pace.done
            if pace.done % grid == 0:
                self.incumbents.look(self.states)
            self._show(bar, pace.done, horizon - block)
            if block == horizon:
                break
        out_of_time = self.clock.time_limit is not None and self.done != self.sweeps
        return self._stopped(interrupt) or (
            Status.TIME_LIMIT if out_of_time else Status.SWEEP_LIMIT
        )

    def _stopped(self, interrupt: Interruptible) -> Status | None:
        if interrupt.requested:
            return Status.INTERRUPTED
        if self.incumbents.stopped:
            return Status.STOPPED
        if self.incumbents.reached:
            return Status.TARGET
        if all(state.converged for state in self.states):
            return Status.CONVERGED
        return None

    def _show(self, bar: ProgressBar, done: int, left: int) -> None:
        best = self.incumbents.best
        bar.update(
            self.clock.elapsed, done / max(1, done + left), text(best.value if best else None)
        )


class Workers:
    """Map a function over groups in `n_jobs` threads; kernels release the GIL."""

    def __init__(self, n_jobs: int) -> None:
        self._pool = ThreadPoolExecutor(n_jobs) if n_jobs > 1 else None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Return the results in the order of the items."""
        if self._pool is None or len(items) < 2:
            return [function(item) for item in items]
        return list(self._pool.map(function, items))


def usable_cpus() -> int:
    """Return the number of CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
