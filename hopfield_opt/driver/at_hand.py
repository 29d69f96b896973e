"""An answer without a search: what is returned where the time is over before there is a network."""

import time
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import SpinArray
from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver import hooks
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.task import Task, is_problem
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.model.labels import with_labels
from hopfield_opt.model.partial import complete
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Candidate


@dataclass(frozen=True, eq=False)
class FirstAnswer:
    """What a problem makes at once, judged before anything else takes the time for it.

    Attributes
    ----------
    start : object
        The problem's own `start`, None if it has none.
    candidate : Candidate or None
        The problem's `first_answer`, else its start, judged.
    seconds : float
        What judging took: decoding and evaluating another answer will take about as long.
    """

    start: Any = None
    candidate: Candidate | None = None
    seconds: float = 0.0

    @classmethod
    def of(cls, subject: Any) -> Self:
        """Return what a subject makes at once: nothing, unless it is a problem.

        Where a better value is not what a search is for, nothing goes before it.
        """
        is_class = isinstance(subject, type)
        if is_class or not is_problem(subject) or not getattr(subject, "ordered", True):
            return cls()
        start = hooks.start(subject)
        answer = hooks.first_answer(subject)
        answer = start if answer is None else answer
        if answer is None:
            return cls()
        before = time.monotonic()
        candidate = _evaluate(subject, answer, {})
        return cls(start, candidate, time.monotonic() - before)

    @property
    def is_made(self) -> bool:
        """Whether the problem made an answer by a rule, and it is feasible."""
        found = self.candidate
        return found is not None and found.feasible and found.answer is not self.start

    def state(self, task: Task) -> SpinArray | None:
        """Return the state of the answer in the network of a task, if the problem made one.

        It is none of a tighter problem.
        """
        if self.candidate is None or not self.is_made or task.tighter is not None:
            return None
        return task.start(self.candidate.answer)

    @property
    def name(self) -> str:
        """What an answer that was not improved is called."""
        return "greedy" if self.is_made else "the start"

    def is_level(self, best: Candidate | None, sense: str) -> bool:
        """Whether the best is feasible, and no better than this."""
        if best is None or self.candidate is None or not best.feasible:
            return False
        return self.candidate.rank(sense) <= best.rank(sense)

    def beats(self, best: Candidate | None, sense: str) -> bool:
        """Whether a search has found nothing, or nothing as good as this."""
        if best is None or self.candidate is None:
            return best is None
        return self.candidate.rank(sense) < best.rank(sense)


@dataclass(frozen=True, eq=False)
class AtHand(Task):
    """A task that was never searched, and the one answer that is known of it.

    Attributes
    ----------
    candidate : Candidate or None
        The user's start; else the problem's own `start` or `first_answer`; else the simplest
        assignment of its variables. None where nothing is known of them.
    """

    candidate: Candidate | None = None

    @classmethod
    def of(
        cls,
        subject: Any,
        formulation: Model | Hamiltonian | None,
        start: Any,
        known: Candidate | None,
        tolerance: float,
    ) -> Self:
        """Return what is at hand of a subject whose model or network is known, or is not.

        Parameters
        ----------
        subject : Problem, Model, Compiled or Hamiltonian
            What the user handed over.
        formulation : Model, Hamiltonian or None
            What it was found to mean, as far as there was time for that.
        start : object
            The user's start.
        known : Candidate or None
            What was judged already.
        tolerance : float
            The part of its terms by which a constraint with decimals may be missed.
        """
        with deadline.within(None):  # it is past, and this must be done
            if isinstance(subject, Compiled):
                compiled = subject
            elif isinstance(formulation, Hamiltonian):
                compiled = compile(formulation)  # all groups are kept: it is taken as it is
            else:
                front = Model() if formulation is None else copy(formulation)
                front.feasibility_tolerance = tolerance
                compiled = replace(compile(Model()), front=front)
                formulation = None if formulation is None else front
            task = cls(compiled, subject)
            return replace(task, candidate=known or task._find(formulation, start))

    def _find(self, formulation: Model | Hamiltonian | None, start: Any) -> Candidate | None:
        if self.problem is not None:
            if start is not None:
                return _evaluate(self.problem, start, {})
            if (first := FirstAnswer.of(self.problem).candidate) is not None:
                return first
        if isinstance(formulation, Model):
            return self._assign(formulation, start)
        # nothing is known of a problem that is not formulated
        known = formulation is not None or isinstance(self.subject, Compiled)
        return self._with_few_on(start) if known else None

    def _assign(self, model: Model, start: Any) -> Candidate | None:
        """Return the user's assignment, or all variables as near to 0 as they come."""
        values = model.pack(complete(model, {} if start is None else start))
        assignment = model.unpack(values)
        if self.problem is not None:
            return _evaluate(self.problem, hooks.decode(self.problem, assignment), assignment)
        state = np.empty(0, dtype=np.int8)
        answer = with_labels(model.variables, assignment)
        return Candidate(state, np.nan, assignment, answer, *model.judge(values))

    def _with_few_on(self, start: Any) -> Candidate:
        """Return the user's spins, or those nearest to "all off" in which the groups hold."""
        network = self.hamiltonian
        spins = self.start(start)
        if spins is None:
            spins = np.full(network.num_spins, -1, dtype=np.int8)
            repair_groups(network, spins, np.random.default_rng(0))
        return Task.__call__(self, spins, float(network.energy(spins)))

    def __call__(self, state: SpinArray, energy: float) -> Candidate:
        """Return the one candidate."""
        assert self.candidate is not None  # else there is no state to be judged
        return self.candidate

    def offer(self, incumbents: Incumbents, clock: Clock, done: int, seed: int | None) -> Self:
        """Offer the answer, and what the problem's own local search makes of it, as the best.

        Parameters
        ----------
        incumbents : Incumbents
            What the best is kept in; it has none.
        clock : Clock
            The local search gets what it says is left.
        done : int
            Sweeps of all attempts.
        seed : int or None
            Of the local search; None is none.
        """
        self._offer_to(incumbents, done)
        if seed is not None and not incumbents.over:
            clock = clock.shorten(1.0, incumbents.longest)
            with clock.limits(grace=True), suppress(OutOfTime):
                better = self._polish(seed, clock.deadline)
                better._offer_to(incumbents, done)
                return better if incumbents.best is better.candidate else self
        return self

    def _offer_to(self, incumbents: Incumbents, done: int) -> None:
        if self.candidate is not None:
            incumbents.begin(self, done)
            incumbents.offer(self.candidate.state, self.candidate.energy, 0)

    def _polish(self, seed: int, deadline: float | None) -> Self:
        known = self.candidate
        if self.problem is None or not hasattr(self.problem, "polish"):
            return self
        if known is None or not known.feasible:
            return self
        better = hooks.polish(self.problem, known.answer, seed, deadline)
        return replace(self, candidate=_evaluate(self.problem, better, {}))


def _evaluate(problem: Problem, answer: Any, assignment: Any) -> Candidate:
    """Return an answer as a candidate without spins."""
    value, violations = None, {"answer": 1.0}
    if answer is not None:
        evaluation = hooks.evaluate(problem, answer)
        value, violations = evaluation.value, evaluation.violations
    return Candidate(np.empty(0, np.int8), np.nan, assignment, answer, value, violations)
