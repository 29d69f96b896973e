"""What a result is chosen from: states, decoded and judged by the user's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Candidate:
    """One state, decoded and evaluated from the user's data.

    Attributes
    ----------
    state : (N,) int8
        The spins.
    energy : float
        Its energy in the compiled network.
    assignment : dict of str to array
        The variables of the model.
    answer : object
        The user's object; None where the assignment is none.
    value : float or None
        The value of the answer in the user's sense, computed without the energy.
    violations : dict of str to float
        Each violated constraint with its amount.
    """

    state: NDArray[np.int8]
    energy: float
    assignment: Mapping[str, NDArray[Any]]
    answer: Any
    value: float | None
    violations: Mapping[str, float]

    @property
    def feasible(self) -> bool:
        """Whether no constraint is violated."""
        return self.answer is not None and not self.violations

    def summary(self) -> str:
        """Return value and feasibility in words: states have too many entries for a line."""
        value = "no value" if self.value is None else f"value {self.value:.10g}"
        return value if self.feasible else f"{value}, infeasible"

    def __repr__(self) -> str:
        return f"Candidate({self.summary()})"

    def rank(self, sense: str) -> tuple[bool, float, float]:
        """Return a key that sorts candidates, best first: feasible, then value or violation."""
        signed = np.inf if self.value is None else self.value * (-1 if sense == "maximize" else 1)
        amount = 0.0 if self.feasible else sum(self.violations.values(), 0.0)
        return (not self.feasible, amount, signed)


class Judge(Protocol):
    """Decode and evaluate states with the user's own problem."""

    def __call__(self, state: NDArray[np.int8], energy: float) -> Candidate:
        """Return the state as a candidate."""
        ...

    def listed(self, answer: Any) -> Any:
        """Return the answer with its sets as lists in the user's order."""
        ...

    def code(self, candidate: Candidate) -> Any:
        """Return the variables of an answer, the same for all that stand for it."""
        ...
