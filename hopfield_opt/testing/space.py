"""Everything that a small problem can answer, by enumeration of its compiled network."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.compiler import Compiled, compile
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.physics.enumeration import states_of
from hopfield_opt.problems.base import Evaluation

# 2^16 states are decoded and evaluated one by one in some seconds
MAX_SPINS = 16
# Energies are sums of rounded terms as large as the largest penalty.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Point:
    """One assignment that keeps all groups.

    Attributes
    ----------
    assignment : dict of str to array
        The variables.
    broken : dict of str to float
        What the model says that it violates.
    answer : object
        What the problem decodes; may be None.
    evaluation : Evaluation or None
        What the problem says of the answer.
    """

    assignment: Mapping[str, NDArray[Any]]
    broken: Mapping[str, float]
    answer: Any
    evaluation: Evaluation | None

    @property
    def feasible(self) -> bool:
        """Whether the answer violates nothing."""
        return self.evaluation is not None and self.evaluation.feasible

    @property
    def value(self) -> float:
        """The value of the answer."""
        assert self.evaluation is not None
        return self.evaluation.value


@dataclass(frozen=True, eq=False)
class Space:
    """All points of a problem, the network that they come from, and the best value."""

    compiled: Compiled
    points: tuple[Point, ...]
    best: float | None

    @classmethod
    def of(cls, problem: Any) -> Self:
        """Return all points; presolve is off, so that no assignment is left out."""
        compiled = compile(problem, presolve="off")
        if compiled.infeasible is not None:
            return cls(compiled, (), None)
        states = feasible_states(compiled.hamiltonian)
        points = tuple(points_of(problem, compiled, states))
        best = best_of(problem.sense, [point.value for point in points if point.feasible])
        return cls(compiled, points, best)

    @property
    def values(self) -> list[float]:
        """The values of all feasible answers, in their order."""
        return sorted(point.value for point in self.points if point.feasible)


def best_of(sense: str, values: list[float]) -> float | None:
    """Return the best of some values in the user's sense, None of none."""
    if not values:
        return None
    return max(values) if sense == "maximize" else min(values)


def feasible_states(network: Hamiltonian) -> NDArray[np.int8]:
    """Return all states that keep every group."""
    if network.num_spins > MAX_SPINS:
        raise InputError(
            f"problem must compile to at most {MAX_SPINS} spins, got {network.num_spins}. "
            "Check a smaller instance."
        )
    states = states_of(np.arange(1 << network.num_spins), network.num_spins)
    for group in network.groups:
        states = states[group.violation(states) == 0]
    return states


def points_of(problem: Any, compiled: Compiled, states: NDArray[np.int8]) -> Iterator[Point]:
    """Yield the points that states stand for."""
    for decoded in compiled.decode(states):
        answer = problem.decode(decoded.assignment)
        before = pickle.dumps(answer)
        evaluation = None if answer is None else problem.evaluate(answer)
        same = pickle.dumps(answer) == before
        assert same, f"{problem.name}: evaluate leaves its argument as it is, got {answer!r}"
        right = answer is None or isinstance(evaluation, Evaluation)
        assert right, f"{problem.name}: evaluate returns an Evaluation, got {evaluation!r}"
        yield Point(decoded.assignment, decoded.violations, answer, evaluation)


def ground_points(problem: Any, compiled: Compiled) -> list[Point]:
    """Return the points of lowest energy."""
    states = feasible_states(compiled.hamiltonian)
    energies = np.atleast_1d(compiled.hamiltonian.energy(states))
    if not len(states):
        return []
    lowest = energies <= energies.min() + ROUNDING * max(1.0, float(np.abs(energies).max()))
    return list(points_of(problem, compiled, states[lowest]))


def close(one: float, other: float, scale: float = 1.0) -> bool:
    """Whether two values differ by rounding only."""
    return abs(one - other) <= ROUNDING * max(1.0, abs(one), abs(other), scale)


def worse_by(problem: Any, value: float, other: float) -> float:
    """Return by how much a value is worse than another, 0 where rounding may be the reason."""
    if close(value, other):
        return 0.0
    return other - value if problem.sense == "maximize" else value - other
