"""Branch and cut beside the searches of a call, where objective and constraints are linear.

Each hears of what the other finds. What is proven by it ends the call.
"""

from typing import Any, Self

import numpy as np

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.loop import Moment
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.preparing import compile_for
from hopfield_opt.driver.prover import Prover
from hopfield_opt.driver.request import Request
from hopfield_opt.driver.search import search
from hopfield_opt.driver.task import Task
from hopfield_opt.driver.workers import usable_cpus
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.milp import Branched, Milp
from hopfield_opt.dynamics.parts.branching import ALWAYS
from hopfield_opt.result import Candidate

# Without a time limit it comes before the search, and has so many looks; larger programs may take
# seconds to the first.
LOOKS, MOST_ENTRIES = 128, 20_000
# Many a program is solved at once: nothing else begins before this share of the time is over.
AHEAD = 0.1
# On one processor it goes on beyond this share of the time only where it is not behind.
SHARE = 0.5


class BesideSearch(Prover):
    """Branch and cut in a network of its own.

    Parameters
    ----------
    attempt : Attempt
        The network and the method.
    state : Branched
        Where it begins.
    incumbents : Incumbents
        Where the best so far is kept.
    clock : Clock
        Of the call.
    """

    def __init__(
        self, attempt: Attempt, state: Branched, incumbents: Incumbents, clock: Clock
    ) -> None:
        self.attempt: Attempt = attempt
        self._state = state
        self._incumbents = incumbents
        self._clock = clock
        self._own: Candidate | None = None  # the best that was found here
        self._told: Candidate | None = None  # the best of all when it was told last
        self._until = clock.part(SHARE)

    @classmethod
    def of(
        cls, first: Attempt, asked: Request, subject: Any, incumbents: Incumbents, clock: Clock
    ) -> "Self | None":
        """Return what goes beside a first attempt, None where there is nothing for it to do.

        Parameters
        ----------
        first : Attempt
            The first one that is searched.
        asked : Request
            What is asked for.
        subject : Model, Hamiltonian or None
            What the first attempt was compiled from.
        incumbents : Incumbents
            Where the best so far is kept.
        clock : Clock
            Of the call.
        """
        if subject is None or not _is_wanted(asked) or not _needs_help(first):
            return None
        try:
            with clock.part(SHARE).limits():
                network = compile_for(subject, asked.options, Milp())
                rule = Milp().with_tolerance(2.0 * network.rounding)
                attempt = Attempt(Task(network, asked.subject), rule, "beside the search")
                hamiltonian = network.hamiltonian
                if network.infeasible is not None or _has_couplings(attempt):
                    return None
                plan = RunPlan(hamiltonian, rule, None, asked.seed, 1, None)
                attempt.search = search(plan, incumbents, clock, n_jobs=1)
                if clock.time_limit is None and _is_long(attempt):
                    return None
                start = plan.start(0)
                state = rule.init(hamiltonian, start, plan.stream(0))
                return cls(attempt, state, incumbents, clock)
        except OutOfTime:
            return None

    def begin(self) -> None:
        """Let it go ahead for a while; where the time is limited it goes on beside the search."""
        looks = LOOKS if self._clock.time_limit is None else ALWAYS
        ahead = self._clock.part(AHEAD)
        with Interruptible() as interrupt:
            self._state = self._rule.advance(self._state, looks, looks)
            while self._state.waiting and ahead.remaining > 0 and not interrupt.requested:
                self._state = self._rule.advance(self._state, looks, looks)
        self.look()
        unlimited = self._clock.time_limit is None
        if interrupt.requested:
            self._clock.end_soon()
        if unlimited or interrupt.requested:
            self.end()

    def look(self, moment: Moment | None = None) -> None:
        """Exchange what was found since the last time."""
        if self.concluded or self._state.finished:
            return
        self._state = state = self._rule.peek(self._state)
        self._incumbents.note_bound([state], self._rule.name, self.attempt.task)
        if state.best is not None:
            self._take(state)
        if state.converged:
            self._conclude(state)
        elif self._is_behind():
            self.end()
        else:
            self._tell()

    def close(self) -> None:
        """Exchange what was found for the last time, and stop it."""
        self.look()
        self.end()

    def end(self) -> None:
        """Stop it."""
        self._state = self._rule.finish(self._state)
        assert self.attempt.search is not None
        self.attempt.search.moment = Moment([self._state], self._state.sweeps, 1.0, last=True)

    @property
    def concluded(self) -> bool:
        """Whether it has proven how the call ends."""
        return self.optimal or self.infeasible

    @property
    def _has_best(self) -> bool:
        """Whether the best so far was found here."""
        return self._incumbents.by is self.attempt

    @property
    def _rule(self) -> Milp:
        rule = self.attempt.dynamics
        assert isinstance(rule, Milp)
        return rule

    def _take(self, state: Branched) -> None:
        best = state.spins(0)
        if self._own is not None and np.array_equal(best, self._own.state):
            return
        found = self.attempt.task(best, float(state.energies[0]))
        sense = self.attempt.task.sense
        if self._own is None or found.rank(sense) < self._own.rank(sense):
            self._own = found
            self._incumbents.meet(found, self.attempt)

    def _conclude(self, state: Branched) -> None:
        """Learn what it proves that it has come to its end."""
        self.end()
        task = self.attempt.task
        lowest = self._own
        if lowest is None:
            lowest = task(state.spins(0), float(self._state.energies[0]))
        proven = task.prove(lowest, float(self._state.energies[0])) if state.proven else None
        best = self._incumbents.best
        beaten = best is not None and best.rank(task.sense) < lowest.rank(task.sense)
        if proven is not None and not beaten:
            self.optimal, self.infeasible = proven, not proven
            self._incumbents.concluded = True

    def _is_behind(self) -> bool:
        """Whether it takes time from a search that has found something better."""
        if usable_cpus() > 1 or self._until.remaining > 0:
            return False
        best = self._incumbents.best
        return best is not None and best.feasible and not self._has_best

    def _tell(self) -> None:
        """Tell it of a better answer of the search: what is no better needs not be looked at."""
        best = self._incumbents.best
        if best is None or best is self._told or self._has_best or not best.feasible:
            return
        self._told = best
        spins = self.attempt.task.settle(best)[0]
        self._state.search.tell(self._state.program.point(spins))


def _is_wanted(asked: Request) -> bool:
    """Whether any method will do, and any way to keep constraints, as long as it takes."""
    method, options = asked.method, asked.options
    free = isinstance(method, Auto) and method.milp
    return (
        free
        and options.penalty == "exact"
        and options.structure == "auto"
        and (asked.limits.sweeps is None)
    )


def _needs_help(first: Attempt) -> bool:
    """Whether a first attempt proves nothing by itself, and has constraints."""
    compiled = first.task.compiled
    if first.is_exact or first.task.tightens or compiled.infeasible is not None:
        return False
    return bool(compiled.hamiltonian.groups)


def _has_couplings(attempt: Attempt) -> bool:
    return any(term.num_couplings() for term in attempt.task.hamiltonian.couplings)


def _is_long(attempt: Attempt) -> bool:
    return sum(len(group.members) for group in attempt.task.hamiltonian.groups) > MOST_ENTRIES
