"""What is to be solved, from the user's side: how to start, to decode and to evaluate."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hopfield_opt.arrays import SpinArray
from hopfield_opt.border import real_array
from hopfield_opt.compiler import Compiled
from hopfield_opt.driver import hooks
from hopfield_opt.driver.judging import SAME, NetworkJudge
from hopfield_opt.errors import InputError, show
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model.labels import with_labels, without_labels
from hopfield_opt.problems.base import Problem
from hopfield_opt.result import Candidate


def is_problem(subject: Any) -> bool:
    """Whether `subject` is a Problem: it can be evaluated and be turned into an energy."""
    return (
        hasattr(subject, "evaluate")
        and (hasattr(subject, "model") or hasattr(subject, "hamiltonian"))
        and not isinstance(subject, Compiled)
    )


def polish_share_of(subject: Any) -> float:
    """Return the share of a time limit that a problem's own local search wants."""
    return hooks.polish_share(subject) if is_problem(subject) else 0.0


@dataclass(frozen=True, eq=False)
class Task(NetworkJudge):
    """A compiled network together with the problem that it came from.

    Attributes
    ----------
    compiled : Compiled
        The network and the way back to the variables.
    subject : Problem, Model, Compiled or Hamiltonian
        What the user handed over.
    tighter : Problem or None
        The problem that this network was compiled from, if it is not the user's own: its
        feasible answers are better than one that was found.
    """

    compiled: Compiled
    subject: Any
    tighter: Problem | None = None

    @property
    def hamiltonian(self) -> Hamiltonian:
        """The network to be minimised."""
        return self.compiled.hamiltonian

    @property
    def problem(self) -> Problem | None:
        """The user's problem, if it is one."""
        return self.subject if is_problem(self.subject) else None

    @property
    def sense(self) -> str:
        """Whether the user's value is to be minimised or maximised."""
        return self.compiled.sense if self.problem is None else hooks.sense(self.problem)

    @property
    def title(self) -> str:
        """The kind of problem, as the command line calls it."""
        kind = type(self.subject)
        return str(getattr(kind, "name", kind.__name__))

    def __call__(self, state: SpinArray, energy: float) -> Candidate:
        """Return the state as a candidate, evaluated from the user's data."""
        if self.problem is None:
            decoded = self.compiled.decode(state)
            labelled = getattr(self.compiled.front, "variables", ())
            answer: Any = with_labels(labelled, decoded.assignment)
            if isinstance(self.subject, Hamiltonian):
                # groups that became penalties give the network other spins than the user's
                answer = answer["spins"]
            judged = (answer, decoded.value, decoded.violations)
            return Candidate(state, energy, decoded.assignment, *judged)
        assignment = self.compiled.assignment(state)
        answer = hooks.decode(self.tighter or self.problem, assignment)
        if answer is None:
            # no object of the user's kind: the model says what is violated
            violations = self.compiled.decode(state).violations or {"answer": 1.0}
            return Candidate(state, energy, assignment, None, None, violations)
        evaluation = hooks.evaluate(self.problem, answer)
        return Candidate(state, energy, assignment, answer, evaluation.value, evaluation.violations)

    def bound(self, least: float) -> float | None:
        """Return the bound on all values where no energy is less than `least`, None if it is none.

        The energy of a feasible answer is its value, in the sense of what is minimised.
        """
        problem = self.problem
        known = problem is None or getattr(problem, "bounded_by_model", False)
        if not known or self.tighter is not None or self.compiled.unproven:
            return None
        least -= 2.0 * self.compiled.rounding
        return least if self.sense == "minimize" else -least

    def settle(self, candidate: Candidate) -> tuple[SpinArray, float]:
        """Return the state of a candidate, slacks and products at their best, and its energy."""
        state = self.compiled.encode(candidate.assignment)
        return state, float(self.hamiltonian.energy(state))

    def listed(self, answer: Any) -> Any:
        """Return the answer with its sets as lists in the user's order."""
        listed = getattr(self.problem, "listed", None)
        return without_labels(answer) if listed is None else listed(answer)

    def code(self, candidate: Candidate) -> Any:
        """Return the variables of an answer, the same for all that stand for it."""
        if self.problem is None or candidate.answer is None:
            return candidate.assignment
        return self.problem.encode(candidate.answer)

    @property
    def tightens(self) -> bool:
        """Whether the problem makes a tighter one of each answer that was found."""
        return hasattr(self.problem, "tighten")

    def find_broken(self, candidate: Candidate) -> tuple[str, ...]:
        """Return what a candidate of this network breaks for want of heavier penalties."""
        if self.compiled.options.penalty != "adaptive":
            return ()
        return self.compiled.find_violated(candidate.state)

    def raise_penalties(self, candidate: Candidate) -> "Task | None":
        """Return the task with heavier penalties on what a candidate of this network breaks.

        None if it breaks nothing, or if no penalty of these can be raised.
        """
        heavier = self.compiled.raise_penalties(self.find_broken(candidate))
        return None if heavier is self.compiled else replace(self, compiled=heavier)

    def prove(self, lowest: Candidate, least: float) -> bool | None:
        """Return what the lowest of all states of this network proves, None if nothing.

        Parameters
        ----------
        lowest : Candidate
            The best that was met.
        least : float
            The energy of the lowest states.

        Notes
        -----
        With proven penalties it is the best answer if it is feasible (True), and there is no
        feasible one if it is not (False). Problem and model must agree on which it is; a tighter
        problem has constraints that the user's own does not know.
        """
        if not getattr(self.problem, "ordered", True):
            return None
        broken = self.compiled.decode(lowest.state).violations
        feasible = not broken
        loose = set(self.compiled.loose)
        above = lowest.energy - least > 2.0 * self.compiled.rounding + SAME * abs(least)
        if loose and (above or (broken and set(broken) <= loose)):
            # a state that lies just outside a rule may stand before one that lies inside
            return None
        agreed = feasible == lowest.feasible or (self.tighter is not None and not feasible)
        return feasible if agreed and not self.compiled.unproven else None

    def polish(self, best: Candidate | None, seed: int, deadline: float | None) -> SpinArray | None:
        """Return the state of the answer after the problem's own local search, if it has one."""
        problem = self.problem
        if problem is None or not hasattr(problem, "polish"):
            return None
        if best is None or not best.feasible:
            return None
        answer = hooks.polish(problem, best.answer, seed, deadline)
        source = f"what {type(problem).__name__}.polish returned"
        return hooks.encode(self.tighter or problem, self.compiled, answer, source)

    def start(self, start: Any, own: Any = None) -> SpinArray | None:
        """Return the user's start as spins: an answer, a dict of arrays, or spins.

        Parameters
        ----------
        start : object
            The user's, or None.
        own : object
            The problem's own start, if it was made before.
        """
        problem, source = self.tighter or self.problem, "the start"
        if start is None and problem is not None:
            start = hooks.start(problem) if own is None else own
            source = f"{type(problem).__name__}.start"
        if start is None:
            return None
        if problem is not None:
            return hooks.encode(problem, self.compiled, start, source)
        if isinstance(start, dict):
            return self.compiled.encode(start)
        own = self.subject if isinstance(self.subject, Hamiltonian) else self.hamiltonian
        spins, size = real_array("start", start), own.num_spins
        is_state = spins.shape == (size,) and spins.dtype != bool
        if not is_state or not np.isin(spins, (-1, 1)).all():
            raise InputError(
                f"start must be {size} spins of -1 and +1, got {show(start)}, "
                f"of shape {spins.shape}. "
                "Give an answer for a problem, a dict of arrays for a model."
            )
        spins = spins.astype(np.int8)
        return spins if own is self.hamiltonian else self.compiled.encode({"spins": spins})


class AsItIs(NetworkJudge):
    """Judge spins as spins: the value is the energy, if there is one."""

    def __call__(self, state: SpinArray, energy: float) -> Candidate:
        """Return the state as a candidate."""
        value = None if np.isnan(energy) else energy
        return Candidate(state, energy, {"spins": state}, state, value, {})

    def listed(self, answer: Any) -> Any:
        """Return the answer: it holds no sets."""
        return answer

    def code(self, candidate: Candidate) -> Any:
        """Return the spins by name."""
        return candidate.assignment
