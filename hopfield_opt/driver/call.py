"""One call of `solve`: attempts in one network after another, and the best of all of them."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from hopfield_opt.compiler import Compiled, formulate
from hopfield_opt.deadline import OutOfTime, check
from hopfield_opt.driver import hooks
from hopfield_opt.driver.at_hand import AtHand, FirstAnswer
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.guiding import guide
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.driver.loop import Loop
from hopfield_opt.driver.outcome import Outcome
from hopfield_opt.driver.packing import pack_result
from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.driver.preparing import compile_for, networks
from hopfield_opt.driver.race import SHARE, Racer, race, racers_of
from hopfield_opt.driver.request import Request
from hopfield_opt.driver.rounds import Rounds
from hopfield_opt.driver.task import Task
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.errors import SizeError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Result

# Adaptive penalties are doubled until the answer is feasible; each is capped at its proven weight.
MOST_RAISES = 20


@dataclass(eq=False)
class Call:
    """What one call of `solve` asks for, and what was found so far."""

    asked: Request
    clock: Clock
    outcome: Outcome = field(default_factory=Outcome)  # of what has ended so far
    raises: int = 0
    compile_seconds: float = 0.0
    others: Iterator[Compiled] = field(default_factory=lambda: iter(()))  # ways to keep constraints
    formulation: Model | Hamiltonian | None = None
    interrupt: Interruptible = field(default_factory=Interruptible)
    first: FirstAnswer = field(default_factory=FirstAnswer)
    incumbents: Incumbents = field(init=False)
    rounds: Rounds = field(init=False)
    fallback: Attempt = field(init=False)  # stands for the call where nothing is found

    def run(self, start: Any) -> Result:
        """Search until nothing better is to be expected, and return the best."""
        attempt = self.fallback = self._first(start)
        sense, target = attempt.task.sense, self.asked.limits.target
        self.incumbents = Incumbents(sense, self.clock, target, self.asked.make_listener())
        self.incumbents.note_judging(self.first.seconds)
        self.rounds = Rounds(self.asked, self.clock, self.interrupt, self.incumbents)
        with self.interrupt:  # whatever goes wrong, what was found is not lost
            try:
                with Interruptible(raises=True):
                    self._follow(attempt, start)
                self.rounds.close()
            except KeyboardInterrupt as error:
                self._learn(interrupted=True)
                if self.interrupt.presses > 1 or self.incumbents.best is None:
                    self._attach(error)
                    raise
            except BaseException as error:  # SystemExit, too
                self._learn(stopped=True)
                self._attach(error)
                raise
            return self._result()

    def _attach(self, error: BaseException) -> None:
        """Let an error carry the result so far."""
        with suppress(Exception):  # what went wrong first is told, whatever else does
            error.result = self._result()  # type: ignore[attr-defined]

    def _first(self, start: Any) -> Attempt:
        """Return the first attempt; one without a network where there is no time for it."""
        share = self.asked.polish_share
        try:
            if start is None and (self.asked.meets_first or self.clock.time_limit is not None):
                with self.clock.limits():
                    self.first = FirstAnswer.of(self.asked.subject)
                if self.first.candidate is not None:
                    with self.clock.limits(grace=True):
                        check()
            # with a local search, its share is grace enough
            with self.clock.shorten(1.0 - share).limits(grace=not share):
                return self._prepare(None)
        except OutOfTime:
            self.compile_seconds = self.clock.elapsed - self.first.seconds
            return self._skip_search(start, "no time for a search: it was still being compiled")
        except SizeError:
            if not self.asked.needs_no_network:
                raise
            return self._skip_search(start, "too large for a network: a local search of its own")

    def _skip_search(self, start: Any, why: str = "no time for a search") -> Attempt:
        known = (self.formulation, start, self.first.candidate)
        task = AtHand.of(self.asked.subject, *known, self.asked.options.feasibility_tolerance)
        return Attempt(task, cast(Dynamics, self.asked.method), why)  # only its name is asked for

    def _follow(self, first: Attempt, start: Any) -> None:
        """Make one attempt after another, until there is no reason or no time for the next."""
        begun = False
        try:
            self.rounds.begin_provers(first, self.formulation)
            if self.rounds.is_over and self.incumbents.concluded:
                return
            attempt: Attempt | None = self._race(first, start)
            while attempt is not None:
                self._search(attempt, None if begun else start)
                begun = True
                with self.clock.limits():
                    attempt = self._next(attempt)
        except OutOfTime:
            limited = self.clock.may_end
            self._learn(out_of_time=limited, converged=not limited)
        skips, best = isinstance(first.task, AtHand), self.incumbents.best
        if skips or (self.outcome.out_of_time and self.first.beats(best, self.owner.task.sense)):
            known = self.fallback = first if skips else self._skip_search(start)
            assert isinstance(known.task, AtHand)
            seed, done = self.asked.seed if self.asked.polish else None, self.rounds.done
            known.task = known.task.offer(self.incumbents, self.clock, done, seed)

    def _prepare(self, tighter: Problem | None) -> Attempt:
        """Compile the subject, or a tighter problem, for what the method keeps."""
        before = self.clock.elapsed
        compiled: Any = self.asked.subject if tighter is None else tighter
        if not isinstance(compiled, Compiled):
            self.formulation = formulate(compiled)
            compiled = compile_for(self.formulation, self.asked.options, self.asked.method)
        self.others = networks(compiled, self.asked.method, self.clock)
        task = Task(next(self.others), self.asked.subject, tighter)
        attempt = Attempt.of(task, self.asked.method)
        self.compile_seconds += self.clock.elapsed - before
        return attempt

    def _race(self, first: Attempt, start: Any) -> Attempt:
        """Return the best of several methods and ways to keep constraints, after probes."""
        if first.task.tightens or first.task.compiled.infeasible is not None:
            return first
        tasks, before, part = [first.task], self.clock.elapsed, self.clock.part(SHARE)
        if not isinstance(self.asked.subject, Compiled):
            with part.limits(), suppress(OutOfTime):
                tasks += [Task(compiled, self.asked.subject) for compiled in self.others]
        racers = racers_of(tasks, self.asked.method)
        self.compile_seconds += self.clock.elapsed - before
        return race(racers, self.asked.limits, partial(self._probe, start, part))

    def _probe(self, start: Any, part: Clock, racer: Racer, sweeps: int, number: int) -> bool:
        attempt = racer.attempt
        if racer.plan is None:
            plan = self.rounds.plan(attempt, self._start(attempt, start))
            racer.plan = self.rounds.begin_at(plan, self._greedy(attempt))
        return self.rounds.probe(racer, sweeps, number, part)

    def _start(self, attempt: Attempt, start: Any) -> Any:
        """Return the state in which all replicas begin, if there is one."""
        with self.clock.limits():
            return attempt.task.start(start, None if attempt.task.tighter else self.first.start)

    def _greedy(self, attempt: Attempt) -> Any:
        # where penalties are the user's, what they lead to is to be seen
        told = self.asked.any_will_do and self.asked.options.penalty == "exact"
        with self.clock.limits():
            return self.first.state(attempt.task) if told else None

    def _known(self, attempt: Attempt) -> Any:
        """Return the best state of a network that is known before its search, if there is one."""
        best, task = self.incumbents.best, attempt.task
        if best is None or not self.rounds.may_adopt(task):
            return self._greedy(attempt)
        return best.state if task is self.owner.task else task.settle(best)[0]

    def _search(self, attempt: Attempt, start: Any) -> None:
        """Search in one network; keep the best and how the search ended."""
        if isinstance(attempt.task, AtHand):
            raise OutOfTime
        spins, task = self._start(attempt, start), attempt.task
        if task.compiled.infeasible is not None:
            return
        plan, known = self.rounds.plan(attempt, spins), self._known(attempt)
        plan = self.rounds.begin_at(guide(plan, attempt, self.clock), known)
        share = self.asked.polish_share
        try:
            for number, sweeps in enumerate(attempt.budgets(self.rounds.sweeps, self.clock)):
                any_will_do = task.tightens
                self.incumbents.begin(task, self.rounds.done, by=attempt, any_will_do=any_will_do)
                if known is not None:
                    self.incumbents.offer(known, float(task.hamiltonian.energy(known)), 0)
                plan = replace(plan, sweeps=sweeps, round=number)
                loop = self._round(attempt, plan, share)
                if (
                    share
                    and loop.is_late
                    and not (self.incumbents.has_answer or self.rounds.is_over)
                ):
                    # there is nothing to polish: the time kept for it is for the search
                    loop = self._round(attempt, replace(plan, round=number + 1), 0.0)
                ended = loop.is_proven or loop.is_late
                if ended or self.incumbents.found or self.rounds.is_over:
                    break
        finally:
            if self.rounds.may_adopt(task):
                self.incumbents.adopt()

    def _round(self, attempt: Attempt, plan: RunPlan, share: float) -> Loop:
        loop = self.rounds.search(attempt, plan, share)
        if loop.ended is not None:
            self._learn(converged=loop.is_at_rest, out_of_time=loop.is_late)
        return loop

    def _next(self, attempt: Attempt) -> Attempt | None:
        """Return the next attempt, or None; learn what is proven by then."""
        best, task = self.incumbents.best, attempt.task
        if self.rounds.is_over:
            return None
        if task.compiled.infeasible is not None:
            # a tighter problem is proven to have no answer: what was found is the optimum
            self._learn(infeasible=best is None, optimal=best is not None)
            return None
        assert attempt.search is not None
        tightens = task.tightens and self.incumbents.found
        if attempt.search.is_proven and not tightens:
            self._conclude(attempt)
        if self.outcome.infeasible or self.outcome.optimal:
            return None
        if (heavier := self._heavier(attempt)) is not None:
            return heavier
        if not tightens:
            return None
        assert task.problem is not None
        assert best is not None
        tighter = hooks.tighten(task.problem, best.answer)
        if tighter is None:
            self._learn(optimal=True)
            return None
        if self.clock.remaining <= 0:
            self._learn(out_of_time=True)
            return None
        return self._prepare(tighter)

    def _conclude(self, attempt: Attempt) -> None:
        """Learn what it proves that every state of a network was seen."""
        lowest, search = self.incumbents.own, attempt.search
        if lowest is None or search is None:
            return
        least = min(float(state.energies.min()) for state in search.moment.states)
        proven = attempt.task.prove(lowest, least)
        if proven is None:
            return
        if not self.incumbents.has_answer:
            self._learn(infeasible=True)
        elif proven is (attempt.task.tighter is None):
            # with nothing feasible in a tighter problem what was found is the optimum
            self._learn(optimal=True)
            if proven:
                self.incumbents.adopt()

    @property
    def owner(self) -> Attempt:
        """The attempt that stands for the call: the one that found the best."""
        return self.incumbents.by or self.fallback

    def _learn(self, **known: bool) -> None:
        self.outcome = replace(self.outcome, **known)

    def _heavier(self, attempt: Attempt) -> Attempt | None:
        """Return the attempt with heavier penalties on what the last one broke, if asked for."""
        own, task = self.incumbents.own, attempt.task
        done = task.tighter is not None and self.incumbents.has_answer
        if done or own is None or self.raises == MOST_RAISES or self.clock.remaining <= 0:
            return None
        before = self.clock.elapsed
        if (heavier := task.raise_penalties(own)) is None:
            return None
        self.raises += 1
        raised = Attempt.of(heavier, self.asked.method)
        self.compile_seconds += self.clock.elapsed - before
        return raised

    def _result(self) -> Result:
        self.rounds.close()
        owner = self.rounds.credit(self.owner)
        outcome = self.rounds.add_to(self.outcome)
        told = owner.search is None or outcome.optimal
        if not told and self.first.is_level(self.incumbents.best, owner.task.sense):
            owner.reason += f"; {self.first.name}, not improved"
        spent = (self.asked.seed, self.rounds.done, self.compile_seconds)
        return pack_result(owner, self.incumbents, outcome, self.clock, *spent)
