"""Single flips, replicas side by side: one of the fast kernels, and what speaks to it."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import single
from hopfield_opt.moves.base import Layout, Levels


@dataclass(frozen=True, eq=False)
class FreeSpins(Layout):
    """Single flips, replicas side by side: the fast kernels for networks without groups."""

    network: Hamiltonian | Network
    kernel: Any
    replicas: int
    constant: float = 0.0  # what the diagonals of factored and Kronecker terms add to all energies

    @classmethod
    def build(
        cls, network: Hamiltonian | Network, replicas: int, *, sampling: bool, in_order: bool
    ) -> Self:
        """Return the layout that serves so many replicas; arguments as of `layout_of`."""
        kernel = single.prepare(network, precise=sampling, replicas=replicas, in_order=in_order)
        constant = sum(term.constant for term in getattr(network, "couplings", ()))
        return cls(network, kernel, replicas, constant)

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        return single.rng_words(-(-replicas // single.LANES) * single.LANES)

    def allocate(self, states: SpinArray, rng: WordArray) -> SpinArray:
        """Return the lanes (N, L) that begin at states (R, N)."""
        return single.allocate(states, self.kernel)

    def extract(self, lanes: SpinArray, replicas: int) -> SpinArray:
        """Return the states (R, N) of the first `replicas`."""
        return single.extract(lanes, replicas, self.kernel)

    def spins(self, lanes: SpinArray, replica: int) -> SpinArray:
        """Return the state (N,) of one replica."""
        spins: SpinArray = self.extract(lanes[:, replica : replica + 1], 1)[0]
        return spins

    def sweep_block(
        self,
        lanes: SpinArray,
        betas: FloatArray,
        rng: WordArray,
        rule: int = single.METROPOLIS,
        order: int = single.RANDOM,
    ) -> FloatArray:
        """Sweep in place at betas (S, 1) or (S, R); return energies (L,) without the offset."""
        if betas.shape[1] > 1:  # what only fills the lanes goes on as the first replicas do
            betas = betas[:, np.arange(lanes.shape[1]) % self.replicas]
        energies = single.sweep_block(
            self.kernel, lanes, betas, rng, rule, order, replicas=self.replicas
        )
        return energies + self.constant

    def assign(self, lanes: SpinArray, spins: SpinArray) -> None:
        """Give every replica the state `spins` (N,), in place."""
        numbers = self.kernel.numbers
        lanes[:] = (spins if numbers is None else spins[numbers])[:, None]

    def costs(self, lanes: SpinArray, rng: WordArray) -> FloatArray:
        """Return the costs of all flips (R, N): ``2 s_k h_k``."""
        states = self.extract(lanes, self.replicas)
        return np.asarray(2.0 * states * self.network.local_field(states))

    def levels(self) -> Levels:
        """Return the unit of the kernel, and whether all energies are whole in it."""
        return Levels(self.kernel.unit, self.kernel.integer)

    def select(self, lanes: SpinArray, parents: IntArray) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        lanes[:, : len(parents)] = lanes[:, parents]
