"""A search in one network, and how long its rounds are."""

from dataclasses import dataclass
from typing import Self

from hopfield_opt.driver.choice import find_candidates
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.loop import Loop
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.exhaustive import Exhaustive
from hopfield_opt.dynamics.parts.proving import Proving

# Where any feasible answer will do, the first round is so much shorter than a usual run, and with
# a time limit the last so long that no limit is left.
SHORTER = 256
LONGEST = 2**40


@dataclass(eq=False)
class Attempt:
    """A search in one network."""

    task: Task
    dynamics: Dynamics
    reason: str
    search: Loop | None = None

    @classmethod
    def of(cls, task: Task, method: Dynamics | Auto) -> Self:
        """Return the attempt to solve a task by a method, or by the usual one for it."""
        return cls.all_of(task, method)[0]

    @classmethod
    def all_of(cls, task: Task, method: Dynamics | Auto) -> list[Self]:
        """Return the attempts by all methods that may suit, the usual one first."""
        found, reason = find_candidates(method, task.hamiltonian)
        compiled = task.compiled
        attempts = []
        for dynamics in found:
            why = reason if dynamics is found[0] else f"usually {found[0].name}: {reason}"
            if isinstance(dynamics, Exhaustive) and (compiled.loose or compiled.unproven):
                # an answer may lie above states that are none: where there are few, all are judged
                dynamics = dynamics.show_all(compiled.hamiltonian)
            if isinstance(dynamics, Proving):
                # either of two energies may be off
                dynamics = dynamics.with_tolerance(2.0 * compiled.rounding)
            attempts.append(cls(task, dynamics, why))
        return attempts

    @property
    def is_exact(self) -> bool:
        """Whether its search ends with a proof."""
        return isinstance(self.dynamics, Proving)

    def budgets(self, sweeps: int | None, clock: Clock) -> list[int | None]:
        """Return the sweeps of each round.

        Where any feasible answer will do, short anneals come first, and twice as long ones after,
        unless a search begins anew by itself.
        """
        if sweeps is not None or not self.task.tightens or self.dynamics.begins_anew:
            return [sweeps]
        default = self.dynamics.default_sweeps(self.task.hamiltonian)
        budgets: list[int | None] = []
        sweeps = max(1, default // SHORTER)
        while sweeps < default or (clock.time_limit is not None and sweeps < LONGEST):
            budgets.append(sweeps)
            sweeps *= 2
        return [*budgets, max(sweeps, default)]
