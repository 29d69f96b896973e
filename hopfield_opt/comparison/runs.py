"""One run of one algorithm with one seed, as it was measured."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["method", "baseline", "relaxation"]


@dataclass(frozen=True)
class Run:
    """What one algorithm did with one seed.

    Attributes
    ----------
    problem, algorithm : str
        The rows that this run belongs to.
    kind : {"method", "baseline", "relaxation"}
        One of ours, somebody else's, or a bound.
    seed : int
        The seed.
    value : float or None
        The value of the answer by `problem.evaluate`, feasible or not; of a relaxation the
        bound. None where there is no answer.
    feasible : bool
        Whether the answer violates nothing.
    seconds : float
        What the run took.
    optimal : bool
        Whether the answer was proven to be optimal.
    moments, values : tuple of float
        The feasible improvements: when, and their values. Of a baseline only the end is known.
    note : str
        What went wrong, empty if nothing did.
    """

    problem: str
    algorithm: str
    kind: Kind
    seed: int
    value: float | None = None
    feasible: bool = False
    seconds: float = 0.0
    optimal: bool = False
    moments: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    note: str = ""
