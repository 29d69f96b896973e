"""A race of networks for one problem: short searches in each, judged by value, until one is ahead.

Nothing here asks for the time: who is ahead is decided by what equal shares of a usual run bring.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.dynamics.exhaustive import Exhaustive
from hopfield_opt.dynamics.separable import Separable
from hopfield_opt.printing import number_text
from hopfield_opt.result import Candidate

# The first probe is so much shorter than a usual run, and each later one twice as long.
SHORTER = 64
ROUNDS = 3
# Who is further behind than this part of the best value is out; of those who are closer than
# that, the first stays first: short probes say no more.
BEHIND, CLOSE = 0.05, 0.01
# The share of a time limit in which all probes have to end.
SHARE = 0.25
# Rounds of a search are numbered from 0 on, those of a race from here on: each has its streams.
PROBES = 2**20


@dataclass(eq=False)
class Racer:
    """A network in the race, and the best of its probes."""

    attempt: Attempt
    best: Candidate | None = None

    @property
    def way(self) -> str:
        """The name of the way in which it keeps constraints."""
        return self.attempt.task.compiled.structure

    @property
    def is_exact(self) -> bool:
        """Whether its search ends with a proof, so that there is nothing to be probed."""
        return isinstance(self.attempt.dynamics, (Exhaustive, Separable))

    @property
    def rank(self) -> tuple[bool, float, float]:
        """A key that sorts racers, best first."""
        if self.best is None:
            return True, float("inf"), 0.0
        return self.best.rank(self.attempt.task.sense)

    def learn(self, found: Candidate | None) -> None:
        """Take what a probe has found, if it is better than what is known."""
        if found is not None and Racer(self.attempt, found).rank < self.rank:
            self.best = found

    def is_behind(self, leader: "Racer", share: float = BEHIND) -> bool:
        """Whether it is infeasible where the leader is not, or worth less by a share."""
        if self.best is None or leader.best is None or not leader.best.feasible:
            return False
        own, other = self.best.value, leader.best.value
        if not self.best.feasible or own is None or other is None:
            return True
        return abs(own - other) > share * max(abs(own), abs(other))

    def sweeps(self, budget: int | None, number: int) -> int:
        """Return the sweeps of its probe in a round, of all those of a call."""
        usual = self.attempt.dynamics.default_sweeps(self.attempt.task.hamiltonian)
        whole = usual if budget is None else min(usual, budget)
        return max(1, (whole << number) // SHORTER)

    def __str__(self) -> str:
        if self.best is None:
            return f"{self.way} not probed"
        if not self.best.feasible:
            return f"{self.way} infeasible"
        return f"{self.way} {number_text(self.best.value)}"


def race(
    racers: list[Racer], budget: int | None, probe: Callable[[Racer, int, int], bool]
) -> Attempt:
    """Return the attempt of the best racer, which says in its reason what each brought.

    Parameters
    ----------
    racers : list of Racer
        In the order in which they are taken where nothing tells them apart.
    budget : int or None
        The sweeps of the whole call, if they are limited.
    probe : callable
        Let a racer search for some sweeps in a round; tell whether to go on.
    """
    exact = [racer for racer in racers if racer.is_exact]
    few = budget is not None and budget < SHORTER // 4 * len(racers)
    if len(racers) == 1 or exact or few:
        return (exact or racers)[0].attempt
    running, best = list(racers), racers[0]
    for number in range(ROUNDS):
        if len(running) == 1:
            break
        if not all(probe(racer, racer.sweeps(budget, number), number) for racer in running):
            break
        leader = min(running, key=lambda racer: racer.rank)
        running = [racer for racer in running if not racer.is_behind(leader)]
        best = next(racer for racer in running if not racer.is_behind(leader, CLOSE))
    brought = ", ".join(map(str, racers))
    for racer in racers if any(one.best for one in racers) else ():
        racer.attempt.reason += f"; kept: {best.way}, best of probes ({brought})"
    return best.attempt
