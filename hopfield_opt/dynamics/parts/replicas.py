"""The state of the dynamics that move spins: a group of replicas in the order of its kernel."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import deadline, rng
from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.dynamics.base import LANES
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import layout_of, single
from hopfield_opt.moves.base import Layout

# Above so many spins one long anneal goes further than 64 short ones side by side.
LARGE = 25_000
# Above so many spins with groups replicas are moved one by one.
LARGE_GROUPED = 5_000
# Moves that keep groups are made replica by replica: more of them only take longer.
FEW = 4


def batch_of(network: Hamiltonian | Network) -> int:
    """Return how many replicas share a stream.

    Vectors of flips; a few with groups, where the states of more would leave the cache.
    """
    if getattr(network, "groups", ()):
        return FEW if network.num_spins <= LARGE_GROUPED else 1
    return LANES


def is_for_one(network: Hamiltonian | Network) -> bool:
    """Whether all the time of a search should go into one anneal.

    In 8 s one goes further than 64 side by side on random graphs of degree 6 with 30 000 to 10^6
    spins; on the torus G81 with 20 000 it is the other way.
    """
    return network.num_spins > LARGE and not getattr(network, "groups", ())


@dataclass(frozen=True, eq=False)
class Replicas:
    """Replicas that share a stream and a visiting order.

    Attributes
    ----------
    layout : Layout
        The couplings as the kernel wants them.
    lanes : object
        The states as the kernel wants them; changed in place.
    stream : uint64 array
        Where the random numbers stand; changed in place.
    count : int
        How many replicas.
    energies : (R,) float64
        Energies of the current states.
    sweeps : int
        Sweeps done since the start.
    converged : bool
        Whether no replica can move any more.
    """

    layout: Layout
    lanes: Any
    stream: WordArray
    count: int
    offset: float
    energies: FloatArray
    sweeps: int = 0
    converged: bool = False

    @classmethod
    def init(
        cls,
        network: Hamiltonian | Network,
        start: SpinArray,
        seed: SeedSequence,
        *,
        sampling: bool = False,
        in_order: bool = False,
    ) -> Self:
        """Return the replicas that begin at `start` (R, N).

        With `sampling` sweeps at one temperature follow Boltzmann's law; with `in_order`
        sequential ones follow the numbers of the spins, see `layout_of`.
        """
        deadline.check()
        layout = layout_of(network, len(start), sampling=sampling, in_order=in_order)
        stream = rng.words_of(seed, layout.rng_words(len(start)))
        lanes = layout.allocate(start, stream)
        offset = network.offset if isinstance(network, Hamiltonian) else 0.0
        state = cls(layout, lanes, stream, len(start), offset, np.zeros(len(start)))
        return replace(state, energies=state._sweep(np.empty((0, 1))))

    def _sweep(self, betas: FloatArray, **options: Any) -> FloatArray:
        energies = self.layout.sweep_block(self.lanes, betas, self.stream, **options)
        return energies[: self.count] + self.offset

    def sweep(self, betas: FloatArray, **options: Any) -> Self:
        """Return the state after a sweep at each inverse temperature, (S, 1) or (S, R)."""
        return replace(
            self, energies=self._sweep(betas, **options), sweeps=self.sweeps + len(betas)
        )

    def descend(self) -> Self:
        """Return the local minima below the current states; these sweeps are not counted.

        Where the deadline passes on the way, it is the states that were reached.
        """
        cold = np.full((1, 1), np.inf)
        energies = self.energies
        for _ in range(self.layout.most_descent_sweeps(len(self.spins(0)))):
            if deadline.has_passed():
                break
            # in this order every move is proposed once: if none is made, none can be
            below = self._sweep(cold, order=single.SEQUENTIAL)
            if np.array_equal(below, energies):
                break
            energies = below
        return replace(self, energies=energies)

    def select(self, parents: IntArray) -> Self:
        """Return the state in which replica r goes on from where ``parents[r]`` stands."""
        self.layout.select(self.lanes, parents)
        return replace(self, energies=self.energies[parents])

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return self.layout.spins(self.lanes, replica)

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return self.layout.extract(self.lanes, self.count)
