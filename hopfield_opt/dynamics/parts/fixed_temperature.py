"""What the dynamics at a fixed temperature share."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import SpinArray, check_number
from hopfield_opt.dynamics.base import Dynamics, Flips
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import Replicas, batch_of, is_for_one
from hopfield_opt.dynamics.parts.thermal import Thermal
from hopfield_opt.dynamics.parts.walkers import Walkers
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import single

ORDERS = {"random": single.RANDOM, "sequential": single.SEQUENTIAL}


@dataclass(frozen=True)
class FixedTemperature(Dynamics):
    """Sweeps at one temperature, exact enough for sampling; the end is a sample, no minimum."""

    temperature: float = 1.0

    rule: ClassVar[int]
    needs_energy: ClassVar[bool] = False
    finish_sweeps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        keep(self, check_number, "temperature")
        if self.temperature <= 0:
            raise InputError(
                f"temperature must be positive, got {self.temperature}. "
                "For the limit of no temperature choose asynchronous."
            )

    def default_sweeps(self, network: Hamiltonian | Network) -> int:
        """Return the sweeps of a run without a budget."""
        return 1000

    def batch(self, network: Hamiltonian | Network) -> int:
        """Return how many replicas share a stream."""
        return batch_of(network)

    def default_replicas(self, network: Hamiltonian | Network) -> int:
        """Return the replicas of a run that names none: two of a large network."""
        return 2 if is_for_one(network) else super().default_replicas(network)

    def init(self, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence) -> Thermal:
        """Return the replicas at their starts (R, N)."""
        in_order = self._visits() == single.SEQUENTIAL
        replicas = Replicas.init(network, start, seed, sampling=True, in_order=in_order)
        return Thermal(replicas, np.full(len(start), 1.0 / self.temperature))

    def advance(self, state: Thermal, sweeps: int, horizon: int) -> Thermal:
        """Return the state after `sweeps` sweeps."""
        betas = np.full((sweeps, 1), 1.0 / self.temperature)
        swept = state.replicas.sweep(betas, rule=self.rule, order=self._visits())
        return replace(state, replicas=swept)

    def flips(
        self, network: Hamiltonian | Network, start: SpinArray, sweeps: int, seed: SeedSequence
    ) -> tuple[Walkers, Flips]:
        """Return the end and every flip of `sweeps` sweeps from `start` (R, N)."""
        betas = np.full(sweeps, 1.0 / self.temperature)
        return Walkers.init(network, start, seed).walk(betas, self.rule, self._visits())

    def finish(self, state: Thermal) -> Thermal:
        """Return the state as it is: a sample."""
        return state

    def _visits(self) -> int:
        return single.RANDOM


@dataclass(frozen=True)
class InOrder(FixedTemperature):
    """Sweeps at one temperature in an order that can be chosen."""

    order: str = "random"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("order", self.order, ORDERS)

    def init(self, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence) -> Thermal:
        """Return the replicas at their starts (R, N).

        Raises
        ------
        InputError
            If moves that keep groups shall come in sequential order: a move of one spin draws
            its partner among many and has no way back of the same probability within its turn.
        """
        groups: tuple[Group, ...] = getattr(network, "groups", ())
        if self.order != "random" and groups:
            raise InputError(
                f"order must be random on a network with groups, got {self.order!r}. "
                'Choose order="random", or structure="penalty".'
            )
        return super().init(network, start, seed)

    def _visits(self) -> int:
        return ORDERS[self.order]
