"""A race of networks and methods for one problem: short searches, judged by value, until one leads.

Nothing here asks for the time: who is ahead is decided by what equal shares bring of what each
would have. That is a number of sweeps, or its usual run; where there is only a time limit all would
have the same time, and probes do the same work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.phases import tell
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.printing import number_text
from hopfield_opt.result import Candidate

# The first probe is so much shorter than a usual run, and each later one twice as long: so many
# where sweeps are counted, and as many as the share of a time limit allows.
SHORTER = 64
ROUNDS, MOST_ROUNDS = 3, 6
# Who is further behind than this part of the best value is out; of those who are closer than
# that, the first stays first: short probes say no more. Longer ones tell smaller differences:
# nothing counts as close that is more than half of what was too far a round before.
BEHIND, CLOSE = 0.05, 0.01
# The share of the time that is left before a race, in which all probes have to end.
SHARE = 0.25
# Of work as it is counted in `Dynamics.proposal_cost`, so much is done in a second.
WORK_PER_SECOND = 5e8
# Rounds of a search are numbered from 0 on, those of a race from here on: each has its streams.
PROBES = 2**20


@dataclass(eq=False)
class Racer:
    """A network and a method in the race, what their probes have to do, and the best of them."""

    attempt: Attempt
    best: Candidate | None = None
    plan: RunPlan | None = None

    @property
    def way(self) -> str:
        """The name of the way in which it keeps constraints."""
        return self.attempt.task.compiled.structure

    @property
    def method(self) -> str:
        """The name of its method."""
        return self.attempt.dynamics.name

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
        return bool(abs(own - other) > share * max(abs(own), abs(other)))

    @property
    def usual(self) -> int:
        """The sweeps of a run without limits."""
        return self.attempt.dynamics.default_sweeps(self.attempt.task.hamiltonian)

    def cost(self, replicas: int | None) -> float:
        """Return the work of a sweep of a probe, where replicas are limited or not."""
        network, dynamics = self.attempt.task.hamiltonian, self.attempt.dynamics
        batch = dynamics.batch(network)
        count = batch if replicas is None else min(batch, replicas)
        return float(dynamics.proposal_cost(network) * max(1, network.num_spins) * count)

    def sweeps(self, limits: Limits, racers: list["Racer"], number: int) -> int:
        """Return the sweeps of its probe in a round of a race."""
        budget, seconds, replicas = limits.sweeps, limits.time_limit, limits.replicas
        if budget is not None or seconds is None:
            whole = self.usual if budget is None else min(self.usual, budget)
            return max(1, (whole << number) // SHORTER)
        most = max(racer.usual * racer.cost(replicas) for racer in racers) / SHORTER
        rounds = len(racers) * (2**ROUNDS - 1)
        work = min(most, SHARE * seconds * WORK_PER_SECOND / rounds)
        return max(1, int(work * 2**number / self.cost(replicas)))

    @property
    def brought(self) -> str:
        """What its probes found."""
        assert self.best is not None
        return number_text(self.best.value) if self.best.feasible else "infeasible"


def racers_of(tasks: list[Task], method: Dynamics | Auto) -> list[Racer]:
    """Return the usual method in each of some networks, then the others.

    Parameters
    ----------
    tasks : list of Task
        One for each network.
    method : Dynamics or Auto
        What was asked for.
    """
    rows = zip_longest(*(Attempt.all_of(task, method) for task in tasks))
    return [Racer(attempt) for row in rows for attempt in row if attempt is not None]


def race(racers: list[Racer], limits: Limits, probe: Callable[[Racer, int, int], bool]) -> Attempt:
    """Return the attempt of the best racer, which says in its reason what each brought.

    Parameters
    ----------
    racers : list of Racer
        In the order in which they are taken where nothing tells them apart.
    limits : Limits
        Of the whole call; who leads depends on its sweeps alone, and how often that is asked on
        whether there are other limits.
    probe : callable
        Let a racer search for some sweeps in a round; tell whether to go on.
    """
    budget = limits.sweeps
    rounds = MOST_ROUNDS if budget is None and limits.time_limit is not None else ROUNDS
    # where a search ends with a proof there is nothing to be probed
    exact = [racer for racer in racers if racer.attempt.is_exact]
    few = budget is not None and budget < SHORTER // 4 * len(racers)
    if len(racers) == 1 or exact or few:
        return (exact or racers)[0].attempt
    running, best = list(racers), racers[0]
    for number in range(rounds):
        if len(running) == 1:
            break
        far = BEHIND * 0.5**number
        probed, whole = [], True
        for racer in running:
            probed.append(racer)
            if not (whole := probe(racer, racer.sweeps(limits, racers, number), number)):
                break
        if best in probed:
            # who is ahead with no more work is ahead, also where a round was cut short
            leader = min(probed, key=lambda racer: racer.rank)
            best = next(one for one in probed if not one.is_behind(leader, min(far, CLOSE)))
            running = [racer for racer in running if not racer.is_behind(leader, far)]
        if not whole:
            break
    if any(racer.best for racer in racers):
        told = _tell(racers, best)
        tell("race: %s", told)
        for racer in racers if told else ():
            racer.attempt.reason += f"; {told}"
    return best.attempt


def _tell(racers: list[Racer], best: Racer) -> str:
    """Return who is best, and what each racer that was probed brought, in a line.

    What all of those that were probed have in common is not said again.
    """
    probed = [racer for racer in racers if racer.best is not None]
    several_ways = len({racer.way for racer in racers}) > 1
    several_methods = len({racer.method for racer in probed}) > 1

    def name(racer: Racer) -> str:
        return " with ".join([racer.way] * several_ways + [racer.method] * several_methods)

    told = f"{'kept: ' * several_ways}{name(best)}"
    if len(probed) == 1:
        return told
    brought = ", ".join(f"{name(racer)} {racer.brought}" for racer in probed)
    return f"{told}, best of probes ({brought})"
