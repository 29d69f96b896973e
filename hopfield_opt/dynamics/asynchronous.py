"""Asynchronous descent: Hopfield's dynamics of 1982."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import SpinArray
from hopfield_opt.dynamics.base import LANES, Dynamics, Flips
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.walkers import Walkers
from hopfield_opt.errors import check_choice
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import is_large, single
from hopfield_opt.moves.single import walk
from hopfield_opt.moves.single.factored_blocks import accepts

# The orders in which many replicas can be asked side by side, and all orders.
SHARED = {"random": single.RANDOM, "sequential": single.SEQUENTIAL}
ORDERS = {
    "random": walk.RANDOM,
    "sequential": walk.SEQUENTIAL,
    "steepest": walk.STEEPEST,
    "random-unit": walk.RANDOM_UNIT,
    "poisson": walk.POISSON,
}


@dataclass(frozen=True)
class Asynchronous(Dynamics):
    """Let one neuron after another follow its local field until nothing moves.

    ``s_i <- sign(h_i)`` with ``h = W s - thresholds``; ``h_i = 0`` keeps the state. With
    symmetric weights and no self-coupling the energy never rises, and the end is a local
    minimum under single flips.

    Parameters
    ----------
    order : {"random", "sequential", "steepest", "random-unit", "poisson"}
        Who is asked next: a fresh random order in each sweep, the neurons by number, always
        the one that lowers the energy most, any neuron each time, or each at the ticks of a
        clock of its own (a Poisson process of rate 1 per sweep).

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> ho.solve(pair, method="asynchronous", seed=0).energy
    -1.0
    """

    order: str = "random"

    name: ClassVar[str] = "asynchronous"
    summary: ClassVar[str] = "one neuron at a time follows its field (Hopfield 1982)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    bytes_per_spin: ClassVar[int] = 16
    needs_energy: ClassVar[bool] = False
    finish_sweeps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        check_choice("order", self.order, ORDERS)

    def default_sweeps(self, network: Hamiltonian | Network) -> int:
        """Return a generous budget: a descent that is not through by then is reported so."""
        return 10_000

    def batch(self, network: Hamiltonian | Network) -> int:
        """Return how many replicas share a stream."""
        return LANES

    def init(
        self, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence
    ) -> Replicas | Walkers:
        """Return the replicas at their starts (R, N)."""
        if self._side_by_side(network):
            return Replicas.init(network, start, seed, in_order=self.order == "sequential")
        return Walkers.init(network, start, seed)

    def _side_by_side(self, network: Hamiltonian | Network) -> bool:
        """Whether the replicas share an order: a random one if it is a full shuffle.

        The kernels for searches shuffle within blocks of spins, which shifts the odds of the
        attractors towards those of sequential order. Factored weights are shuffled in full.
        """
        if is_large(network):
            return self.order in SHARED and accepts(network)
        return self.order == "sequential"

    def advance(self, state: Any, sweeps: int, horizon: int) -> Any:
        """Return the state after at most `sweeps` sweeps, converged if nothing can move."""
        if isinstance(state, Walkers):
            return state.sweep(np.full(sweeps, np.inf), walk.METROPOLIS, ORDERS[self.order])
        cold = np.full((1, 1), np.inf)
        for _ in range(sweeps):
            before = state.lanes.copy()
            state = state.sweep(cold, order=SHARED[self.order])
            if np.array_equal(before, state.lanes):
                return replace(state, converged=True)
        return state

    def flips(
        self, network: Hamiltonian | Network, start: SpinArray, sweeps: int, seed: SeedSequence
    ) -> tuple[Walkers, Flips]:
        """Return the end and every flip of at most `sweeps` sweeps from `start` (R, N)."""
        start_state = Walkers.init(network, start, seed)
        return start_state.walk(np.full(sweeps, np.inf), walk.METROPOLIS, ORDERS[self.order])

    def finish(self, state: Any) -> Any:
        """Return the state as it is: where a descent stands is its answer."""
        return state
