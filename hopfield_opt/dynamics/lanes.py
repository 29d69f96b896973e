"""The state of the dynamics that flip single spins: replicas side by side in one kernel layout."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.dynamics import kernels
from hopfield_opt.hamiltonian import Hamiltonian, Network

# A descent flips each spin a few times; the cap only guards float rounding.
MAX_DESCENT_SWEEPS = 1000


@dataclass(frozen=True, eq=False)
class Lanes:
    """A group of replicas in the memory order of the kernels.

    Attributes
    ----------
    layout : Layout
        The couplings as the kernel wants them.
    lanes : (N, L) int8
        The states, replicas contiguous per spin, padded to whole vectors; changed in place.
    stream : uint64 array
        The stream; changed in place.
    replicas : int
        How many of the lanes are replicas; the others are padding.
    energies : (R,) float64
        Energies of the current states.
    sweeps : int
        Sweeps done since the start.
    converged : bool
        Whether no replica can move any more.
    """

    layout: Any
    lanes: NDArray[np.int8]
    stream: NDArray[np.uint64]
    replicas: int
    offset: float
    energies: NDArray[np.float64]
    sweeps: int = 0
    converged: bool = False

    @classmethod
    def init(
        cls,
        network: Hamiltonian | Network,
        start: NDArray[np.int8],
        seed: np.random.SeedSequence,
    ) -> Self:
        """Return the lanes of the replicas that begin at `start` (R, N)."""
        layout = kernels.prepare(network)
        lanes = kernels.allocate(start)
        stream = rng.words_of(seed, kernels.rng_words(lanes.shape[1]))
        offset = network.offset if isinstance(network, Hamiltonian) else 0.0
        state = cls(layout, lanes, stream, len(start), offset, np.zeros(len(start)))
        return replace(state, energies=state._swept(np.empty((0, 1))))

    def _swept(self, betas: NDArray[np.float64], **options: Any) -> NDArray[np.float64]:
        energies = kernels.sweep_block(
            self.layout, self.lanes, betas, self.stream, replicas=self.replicas, **options
        )
        return energies[: self.replicas] + self.offset

    def sweep(self, betas: NDArray[np.float64], **options: Any) -> Self:
        """Return the state after one sweep at each inverse temperature of `betas` (S, 1)."""
        return replace(
            self, energies=self._swept(betas, **options), sweeps=self.sweeps + len(betas)
        )

    def descend(self) -> Self:
        """Return the local minima below the current states; these sweeps are not counted."""
        cold = np.full((1, 1), np.inf)
        energies = self.energies
        for _ in range(MAX_DESCENT_SWEEPS):
            before = self.lanes.copy()
            energies = self._swept(cold)
            if np.array_equal(before, self.lanes):
                break
        return replace(self, energies=energies)

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the (N,) state of one replica."""
        return self.lanes[:, replica].copy()

    def states(self) -> NDArray[np.int8]:
        """Return the (R, N) states of all replicas."""
        return np.ascontiguousarray(self.lanes[:, : self.replicas].T)
