"""What replicas are to do: the same plan for `solve`, for `run` and for a job of an executor."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import rng
from hopfield_opt.arrays import SpinArray
from hopfield_opt.dynamics.base import Dynamics, State

# One of so many replicas begins at a good state where some are known; the others begin anywhere.
GUIDED = 4


@dataclass(frozen=True, eq=False)
class RunPlan:
    """Replicas in groups, each with random streams of its own, whoever runs it and when.

    Attributes
    ----------
    network : Hamiltonian, Network, or whatever else the dynamics moves
        What moves.
    dynamics : Dynamics
        The rule.
    sweeps : int or None
        The budget; None is until the time is over.
    seed : int
        Of all streams.
    replicas : int
        In all groups together.
    starts : (R, N) or (1, N) int8, or None
        Where each replica begins, or all of them; None is anywhere.
    round : int
        The same seed gives other random numbers in each round.
    finishes : bool
        Whether annealers descend at last, so that a run that is stopped ends in minima, too.
    guided : (K, N) int8, or None
        Where every GUIDED-th replica begins, by turns, if there are no starts.
    """

    network: Any
    dynamics: Dynamics
    sweeps: int | None
    seed: int
    replicas: int
    starts: SpinArray | None
    round: int = 0
    finishes: bool = True
    guided: SpinArray | None = None

    @property
    def groups(self) -> range:
        """The numbers of the groups."""
        return range(-(-self.replicas // self.dynamics.batch(self.network)))

    @property
    def default(self) -> int:
        """The sweeps of a run that has no budget."""
        return self.dynamics.default_sweeps(self.network)

    @property
    def budget(self) -> int:
        """The sweeps to be done, or a guess where it is the time that ends them."""
        return self.default if self.sweeps is None else self.sweeps

    def size(self, group: int) -> int:
        """Return the number of replicas of a group."""
        batch = self.dynamics.batch(self.network)
        return min(batch, self.replicas - group * batch)

    def start(self, group: int) -> SpinArray:
        """Return the (r, N) states at which the replicas of a group begin."""
        first, count = group * self.dynamics.batch(self.network), self.size(group)
        if self.starts is None:
            generator = rng.generator(self.seed, group, 2 * self.round)
            size = self.network.num_spins
            states = 2 * generator.integers(0, 2, (count, size), dtype=np.int8) - 1
            if self.guided is not None:
                led = np.arange(first, first + count)
                led = led[led % GUIDED == 0]
                states[led - first] = self.guided[(led // GUIDED) % len(self.guided)]
            return states
        if len(self.starts) == 1:
            return np.repeat(self.starts, count, axis=0)
        return self.starts[first : first + count]

    def with_first(self, state: SpinArray) -> Self:
        """Return the plan in which the first replica begins at a state (N,), the rest as before."""
        starts = np.concatenate([self.start(group) for group in self.groups])
        starts[0] = state
        return replace(self, starts=starts)

    def stream(self, group: int) -> SeedSequence:
        """Return the seed of everything that a group draws on its way."""
        return SeedSequence(self.seed, spawn_key=(group, 2 * self.round + 1))

    def begin(self, group: int) -> State:
        """Return a group at its start."""
        state: State = self.dynamics.init(self.network, self.start(group), self.stream(group))
        return state
