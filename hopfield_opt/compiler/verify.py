"""Falsify a compiled network by enumeration: every state against the model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import SizeError
from hopfield_opt.model.nodes import Floats

if TYPE_CHECKING:
    from hopfield_opt.compiler.compiled import Compiled

MOST_SPINS = 22
BLOCK = 1 << 15
# energies are sums of many terms: relative rounding that is allowed
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Verification:
    """What the enumeration found.

    Attributes
    ----------
    failures : tuple of str
        What does not hold, with the assignment that shows it; empty if all is well.
    states : int
        How many states were looked at.
    best : float or None
        The best feasible value in the user's sense; None if there is none.
    """

    failures: tuple[str, ...]
    states: int
    best: float | None

    @property
    def holds(self) -> bool:
        """Whether nothing was falsified."""
        return not self.failures


def verify(compiled: "Compiled") -> Verification:
    """Check by enumeration that energies are values, and that penalties are large enough.

    For every assignment the energy, auxiliaries at their best, is the objective if it is
    feasible, and lies strictly above that of the best feasible assignment if it is not. Only
    states that keep the groups are looked at.
    """
    if compiled.hamiltonian.num_spins > MOST_SPINS:
        raise SizeError(
            f"network must have at most {MOST_SPINS} spins to be enumerated, got "
            f"{compiled.hamiltonian.num_spins}. Verify a smaller instance of the same model."
        )
    assignments, energies = lowest_energies(compiled)
    sign = 1.0 if compiled.sense == "minimize" else -1.0
    judged = [compiled.front.judge(row) for row in assignments]
    costs = np.array([sign * value for value, _ in judged])
    feasible = np.array([not violations for _, violations in judged], dtype=bool)
    # in the units of the objective: penalties are far larger
    scale = TOLERANCE * (float(np.abs(costs).max(initial=0.0)) or 1.0)
    failures = [
        _failure("energy must be the objective", compiled, assignments[k], energies[k], costs[k])
        for k in np.flatnonzero(feasible & (np.abs(energies - costs) > scale))[:3].tolist()
    ]
    best = float(costs[feasible].min()) if feasible.any() else np.inf
    failures += [
        _failure("infeasible must lie above the best", compiled, assignments[k], energies[k], best)
        for k in np.flatnonzero(~feasible & (energies <= best))[:3].tolist()
        if np.isfinite(best)
    ]
    if compiled.infeasible is not None and feasible.any():
        failures.append(f"model is called infeasible ({compiled.infeasible}), and is not")
    found = sign * best if feasible.any() else None
    return Verification(tuple(failures), 2**compiled.hamiltonian.num_spins, found)


def lowest_energies(compiled: "Compiled") -> tuple[Floats, Floats]:
    """Return all assignments that states stand for, and the lowest energy of each."""
    n = compiled.hamiltonian.num_spins
    rows, energies = [], []
    for first in range(0, 1 << n, BLOCK):
        states = _states(first, min(first + BLOCK, 1 << n), n)
        for group in compiled.hamiltonian.groups:
            states = states[group.violation(states) == 0]
        values = states.astype(np.float64)
        for undo in reversed(compiled.undos):
            values = undo.decode(values)
        distinct, inverse = np.unique(values, axis=0, return_inverse=True)
        least = np.full(len(distinct), np.inf)
        np.minimum.at(least, inverse.ravel(), compiled.hamiltonian.energy(states))
        rows.append(distinct)
        energies.append(least)
    distinct, inverse = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    least = np.full(len(distinct), np.inf)
    np.minimum.at(least, inverse.ravel(), np.concatenate(energies))
    return distinct, least


def _states(first: int, last: int, n: int) -> NDArray[np.int8]:
    numbers = np.arange(first, last)
    bits: NDArray[np.int8] = (numbers[:, None] >> np.arange(n) & 1).astype(np.int8)
    return 2 * bits - 1


def _failure(rule: str, compiled: "Compiled", values: Floats, energy: float, other: float) -> str:
    assignment = {name: array.tolist() for name, array in compiled.front.unpack(values).items()}
    return f"{rule}, got energy {energy:g} against {other:g} at {assignment}"
