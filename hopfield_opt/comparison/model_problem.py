"""A model of one's own as a problem with baselines: the integer program that it is, by others."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hopfield_opt.baselines.integer_programs import ProgramArrays, by_cp_sat, by_highs
from hopfield_opt.bounds import arrays_of
from hopfield_opt.model import Model
from hopfield_opt.model.nodes import Floats
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense


@dataclass(frozen=True, eq=False)
class ModelProblem:
    """A model whose answers are its assignments.

    Parameters
    ----------
    own : Model
        The model.
    """

    own: Model
    name: ClassVar[str] = "model"
    bounded_by_model: ClassVar[bool] = True

    @property
    def sense(self) -> Sense:
        """The model's."""
        return self.own.sense

    def model(self) -> Model:
        """Return the model."""
        return self.own

    def encode(self, answer: Any) -> Assignment:
        """Return the answer, which is an assignment."""
        found: Assignment = answer
        return found

    def decode(self, assignment: Assignment) -> Any:
        """Return the assignment, which is the answer."""
        return dict(assignment)

    def evaluate(self, answer: Any) -> Evaluation:
        """Return the value of an assignment, and what it violates."""
        decoded = self.own.evaluate(answer)
        return Evaluation(decoded.value, decoded.violations)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return HiGHS, and CP-SAT where it is installed, if the model is an integer program."""
        found = arrays_of(self.own)
        if found is None:
            return ()
        program = ProgramArrays(*found)
        rows = [Baseline("HiGHS", OfProgram(self.own, program, by_highs), exact=True)]
        if program.is_whole and importlib.util.find_spec("ortools"):
            rows.append(Baseline("CP-SAT", OfProgram(self.own, program, by_cp_sat), exact=True))
        return tuple(rows)


@dataclass(frozen=True, eq=False)
class OfProgram:
    """A solver of the integer program of a model, as a baseline."""

    own: Model
    program: ProgramArrays
    solver: Callable[[ProgramArrays, float | None], Floats | None]

    def __call__(self, seed: int, deadline: float | None) -> Any:
        """Return the assignment that it finds; it has no use for the seed."""
        found = self.solver(self.program, deadline)
        if found is None:
            return None
        # products come last; a spin stands there as a bit
        values = [
            2.0 * part - 1.0 if one.kind == "spin" else part
            for one in self.own.variables
            for part in [found[one.first : one.first + one.size]]
        ]
        return self.own.unpack(np.concatenate([np.empty(0), *values]))
