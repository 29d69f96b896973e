"""The default: look at the network and pick a dynamics, with the reason."""

from dataclasses import dataclass
from typing import ClassVar

from hopfield_opt.couplings import Explicit
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.cluster_search import ClusterSearch
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian

# Smaller networks are solved by any anneal, and each replica of it is a read of its own.
SMALL = 100
# Beyond this mean degree replicas differ in one single cluster: nothing to recombine.
MANY_NEIGHBOURS = 64


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
        if hamiltonian.groups:
            return SimulatedAnnealing(), "its moves keep the constraints"
        if hamiltonian.num_spins <= SMALL:
            return SimulatedAnnealing(), "a small network"
        if not all(isinstance(term, Explicit) for term in hamiltonian.couplings):
            return SimulatedAnnealing(), "couplings kept as factors"
        pairs = sum(term.num_couplings() for term in hamiltonian.couplings)
        degree = pairs / hamiltonian.num_spins
        if degree > MANY_NEIGHBOURS:
            return SimulatedAnnealing(), f"{degree:.0f} couplings a spin: dense"
        return ClusterSearch(), f"{degree:.0f} couplings a spin: sparse"
