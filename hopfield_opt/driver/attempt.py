"""A search in one network, and how long its rounds are."""

from dataclasses import dataclass

from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.search import Search
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics.base import Dynamics

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
    search: Search | None = None

    def budgets(self, sweeps: int | None, clock: Clock) -> list[int | None]:
        """Return the sweeps of each round.

        Where any feasible answer will do, short anneals come first, and twice as long ones after.
        """
        if sweeps is not None or not self.task.tightens:
            return [sweeps]
        default = self.dynamics.default_sweeps(self.task.hamiltonian)
        budgets: list[int | None] = []
        sweeps = max(1, default // SHORTER)
        while sweeps < default or (clock.time_limit is not None and sweeps < LONGEST):
            budgets.append(sweeps)
            sweeps *= 2
        return [*budgets, max(sweeps, default)]
