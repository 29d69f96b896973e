"""Annealing and tabu search in turns: which of them suits a permutation is seen afterwards."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.simulated_annealing import Annealed, SimulatedAnnealing
from hopfield_opt.dynamics.tabu import Searched, TabuSearch
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian

# Tabu moves that take about as long as a sweep of the anneal: 5.5 to 9.7 on permutations of 12 to
# 150 items.
MOVES = 8


class Both(NamedTuple):
    """An anneal and a tabu search from the same starts; each replica is shown by its better one."""

    annealed: Annealed
    searched: Searched

    @property
    def energies(self) -> FloatArray:
        """(R,) the lower of both energies."""
        return np.minimum(self.annealed.energies, self.searched.energies)

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        return self.annealed.sweeps

    @property
    def converged(self) -> bool:
        """Never: either may still find something better."""
        return False

    def _better(self, replica: int) -> Any:
        lower = self.annealed.energies[replica] < self.searched.energies[replica]
        return self.annealed if lower else self.searched

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        spins: SpinArray = self._better(replica).spins(replica)
        return spins

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return np.array([self.spins(replica) for replica in range(len(self.energies))])


@dataclass(frozen=True)
class Alternating(Dynamics):
    """Give half of the time to simulated annealing and half to tabu search.

    A sweep is one of the anneal and eight tabu moves, which take about as long. Both keep the
    groups; neither sees what the other finds.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> model = ho.Model()
    >>> x = model.binary((3, 3), name="x")
    >>> cost = [[2, 1, 3], [3, 4, 2], [1, 2, 2]]
    >>> _ = model.minimize((x * cost).sum())
    >>> _ = model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    >>> ho.solve(model, method="alternating", seed=0).value
    4.0
    """

    name: ClassVar[str] = "alternating"
    summary: ClassVar[str] = "half annealing, half tabu search (permutations)"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    bytes_per_spin: ClassVar[int] = 240

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal."""
        return SimulatedAnnealing().default_sweeps(network)

    def batch(self, network: Hamiltonian) -> int:
        """Return 1: one anneal and one search share the time."""
        return 1

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Both:
        """Return both at their starts (R, N)."""
        one, other = seed.spawn(2)
        annealed = SimulatedAnnealing().init(network, start, one)
        return Both(annealed, TabuSearch().init(network, start, other))

    def advance(self, state: Both, sweeps: int, horizon: int) -> Both:
        """Return both after `sweeps` sweeps of an anneal that ends with `horizon`."""
        return state._replace(
            annealed=SimulatedAnnealing().advance(state.annealed, sweeps, horizon),
            searched=TabuSearch().advance(state.searched, sweeps * MOVES, horizon),
        )

    def finish(self, state: Both) -> Both:
        """Return the local minima below the states of the anneal, and the best of the search."""
        return state._replace(annealed=SimulatedAnnealing().finish(state.annealed))
