"""Replicas of neurons with graded outputs, and how they become spins."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.base import LANES, Dynamics, energies_of
from hopfield_opt.dynamics.parts.fields import Fields, Floats
from hopfield_opt.dynamics.parts.flow import Flow
from hopfield_opt.hamiltonian import Hamiltonian, Network

# A group of replicas has so many that an array of 1 MiB holds them, so that all arrays stay near
# the cache, but no fewer than fill a vector, unless an array would need more than 64 MiB.
CACHE_CELLS = 2**18
FULL_VECTOR = 16
MOST_CELLS = 2**24


class SideBySide(Dynamics):
    """The budgets of dynamics that move all spins at once, by products with the couplings."""

    def default_sweeps(self, network: Hamiltonian | Network) -> int:
        """Return the sweeps of a run without a budget."""
        return 1_000

    def batch(self, network: Hamiltonian | Network) -> int:
        """Return how many replicas share a product with the couplings."""
        size = max(1, network.num_spins)
        vectors = CACHE_CELLS // size // FULL_VECTOR
        cached = int(np.clip(vectors * FULL_VECTOR, FULL_VECTOR, LANES))
        return max(1, min(cached, MOST_CELLS // size))


def signs(outputs: Floats) -> SpinArray:
    """Return the signs of outputs, 0 counted as +1."""
    return np.where(outputs < 0, -1, 1).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Graded:
    """Replicas of graded neurons.

    Attributes
    ----------
    flow : Flow
        The equation with its present u0.
    fields : Fields
        The local fields of the network.
    levels : (N, R) float32
        The inputs u in units of the network; changed in place.
    graded : (N, R) float32
        The outputs v; changed in place.
    pulls, earlier : (N, R) float32
        Work space, and what relaxes (u or v) when it was last looked at.
    sweeps : int
        Steps done since the start.
    converged : bool
        Whether the outputs of all replicas stand still.
    """

    flow: Flow
    fields: Fields
    levels: Floats
    graded: Floats
    pulls: Floats
    earlier: Floats
    sweeps: int = 0
    converged: bool = False

    observables: ClassVar[Mapping[str, str]] = {"outputs": "outputs", "lyapunov": "lyapunov"}

    @property
    def u0(self) -> float:
        """The gain scale of the last step, in units of energy."""
        return self.flow.u0

    @property
    def outputs(self) -> FloatArray:
        """(R, N) outputs v, from -1 to 1."""
        return self.graded.T.astype(np.float64)

    @cached_property
    def lyapunov(self) -> FloatArray:
        """(R,) Lyapunov energies, see `HopfieldTank`; nan without symmetric weights."""
        if self.flow.by_output:
            # the integral of the rational function diverges at 1
            outputs = np.clip(self.outputs, -1 + 2.0**-24, 1 - 2.0**-24)
        else:
            inputs = self.levels.T.astype(np.float64) * (self.fields.unit / self.u0)
            outputs = self.flow.transfer.function(inputs)
        return self.flow.lyapunov(outputs)

    @cached_property
    def energies(self) -> FloatArray:
        """(R,) energies of the rounded states; nan for a Network."""
        return energies_of(self.flow.network, self.states())

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) signs of the outputs of one replica; 0 counts as +1."""
        return signs(self.graded[:, replica])

    def states(self) -> SpinArray:
        """Return the (R, N) signs of the outputs of all replicas; 0 counts as +1."""
        return signs(self.graded.T)
