"""What every problem offers: the protocol, and the small objects that cross it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from numpy.typing import NDArray

Sense = Literal["minimize", "maximize"]
Assignment = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Evaluation:
    """The value of an answer and what it violates, computed from the user's data.

    Parameters
    ----------
    value : float
        The objective in the user's sense, also where the answer is not feasible.
    violations : dict of str to float
        The amount (> 0) by which each broken rule is broken, by name.

    Examples
    --------
    >>> Evaluation(3.0).feasible, Evaluation(3.0, {"on no side: 'a'": 1.0}).feasible
    (True, False)
    """

    value: float
    violations: dict[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations


@dataclass(frozen=True)
class Baseline:
    """An algorithm that people would use otherwise, for `compare`.

    Parameters
    ----------
    name : str
        The row of the comparison.
    run : callable
        `run(seed, deadline) -> answer`, None where it finds none; picklable. `deadline` is a
        value of `time.monotonic()` or None. Anytime algorithms go on until then and return
        their best; the others return when they are done.
    exact : bool
        Whether an answer that is returned before the deadline is optimal.
    """

    name: str
    run: Callable[[int, float | None], Any]
    exact: bool = False


@dataclass(frozen=True)
class Relaxation:
    """A bound on the optimum from a relaxation, as a row of a comparison.

    Parameters
    ----------
    name : str
        The row of the comparison.
    run : callable
        `run(deadline) -> float`, on the optimistic side of the optimum; picklable.
    """

    name: str
    run: Callable[[float | None], float]


class Problem(Protocol):
    """The instance data of one problem, its formulation, and the way back.

    A problem also has `model() -> Model`, or `hamiltonian() -> Hamiltonian` where that is
    more natural; the assignment of the latter is `{"spins": int8 array}`. It copies what it
    needs at construction, never changes, and knows no solver.

    Optional: `read(path, format=None)` and `random(..., seed)` (class methods),
    `write(path, format=None)`, `formats` (the names of the file formats, the usual one
    first), `relaxations()`, `start` (an answer to begin from), `first_answer()` (one that is made
    at once, feasible where that is easy and as good as `start`, for a call whose time is over
    before there is a network),
    `method` (the name of the method to use), `ordered` (False where a lower energy need not be a
    better value, as in a recall, so that ground states prove nothing),
    `bounded_by_model` (True where no feasible answer has a better value than the best objective of
    its model, so that a bound on that is one on the value),
    `bounded_data()` (its data as a `hopfield_opt.bounds.instance.Bounded`, of which more is proven
    than of the model, or None),
    `polish(answer, seed, deadline) -> answer`,
    `polish_share` (the part of a time limit that is kept for it, 0 if not said),
    `tighten(answer) -> Problem | None`,
    `listed(answer)` (the answer with its sets as lists in the user's order, for JSON),
    `plot(answer, ax=None) -> Axes`, `with_tolerance(feasibility_tolerance) -> Problem` (the same
    problem, judged with another tolerance where its rules hold decimals).
    """

    @property
    def name(self) -> str:
        """The name on the command line."""

    @property
    def sense(self) -> Sense:
        """Whether a larger or a smaller value is better."""

    def encode(self, answer: Any) -> Assignment:
        """Return the assignment of the variables that stands for an answer."""

    def decode(self, assignment: Assignment) -> Any:
        """Return the answer in the user's labels, or None where the assignment is none."""

    def evaluate(self, answer: Any) -> Evaluation:
        """Return value and violations from the user's data, never from the energy."""

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the algorithms to compare with."""
