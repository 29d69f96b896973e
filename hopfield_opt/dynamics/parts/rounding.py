"""From graded outputs to spins: the descent at the end of an anneal of graded neurons."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.parts.fields import Fields
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian


@dataclass(frozen=True, eq=False)
class Rounded(ABC):
    """Replicas of graded outputs, and the spins that they were rounded to at last.

    Attributes
    ----------
    network : Hamiltonian
        What they move in.
    fields : Fields
        Its local fields.
    rounded : Replicas
        Where a descent takes place.
    sweeps : int
        Sweeps done since `init`.
    finished : bool
        Whether `rounded` is the answer.
    """

    network: Hamiltonian
    fields: Fields
    rounded: Replicas
    sweeps: int = field(default=0, kw_only=True)
    finished: bool = field(default=False, kw_only=True)

    @property
    def converged(self) -> bool:
        """Never: another run may end elsewhere."""
        return False

    @cached_property
    def energies(self) -> FloatArray:
        """(R,) energies of the rounded states."""
        if self.finished:
            return self.rounded.energies
        return np.asarray(self.network.energy(self.states()), np.float64)

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        if self.finished:
            return self.rounded.spins(replica)
        return np.asarray(self.round(slice(replica, replica + 1))[0])

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return self.rounded.states() if self.finished else self.round(slice(None))

    @abstractmethod
    def round(self, replicas: slice) -> SpinArray:
        """Return the states (R, N) nearest to the outputs of some replicas."""

    def descend(self) -> Self:
        """Return the local minima below the rounded states."""
        return replace(self, rounded=descend(self.rounded, self.states()), finished=True)


def descend(replicas: Replicas, states: SpinArray) -> Replicas:
    """Return the local minima below states (R, N)."""
    lanes = replicas.layout.allocate(states, replicas.stream)
    # no energy equals nan: the first sweep of the descent is never taken for the last
    unknown = np.full(len(states), np.nan)
    return replace(replicas, lanes=lanes, energies=unknown).descend()


def check_energy(name: str, network: object) -> None:
    """Raise for a network without an energy."""
    if not isinstance(network, Hamiltonian):
        raise InputError(
            f"network must be a Hamiltonian for {name}, got {network!r}, which has no energy. "
            "Use hopfield-tank, which needs only the local field."
        )
