"""Simulated annealing: Metropolis sweeps while the temperature falls."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import FloatArray, SpinArray, check_array
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.parts.replicas import Replicas, batch_of, is_for_one
from hopfield_opt.dynamics.parts.schedule import SHAPES, Schedule, default_schedule
from hopfield_opt.dynamics.parts.thermal import Thermal
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.groups import ALL_KINDS, Group, Linear
from hopfield_opt.hamiltonian import Hamiltonian


@dataclass(frozen=True, eq=False)
class Annealed(Thermal):
    """Replicas and the schedule that they follow.

    Attributes
    ----------
    schedule : Schedule
        The temperatures.
    """

    schedule: Schedule

    def sweep(self, betas: FloatArray) -> "Annealed":
        """Return the state after a sweep at each inverse temperature."""
        last = np.full(len(self.betas), betas[-1])
        return replace(self, replicas=self.replicas.sweep(betas[:, None]), betas=last)


@dataclass(frozen=True)
class SimulatedAnnealing(Dynamics):
    """Propose flips in random order and accept those uphill with ``exp(-beta dE)``.

    The inverse temperature beta grows from sweep to sweep, from one at which everything moves
    to one at which only ties do; the end is a descent. One anneal fills the whole budget.

    Parameters
    ----------
    beta_range : (float, float), optional
        Inverse temperatures, hot before cold; None derives both from the network, see
        `default_schedule`.
    shape : {"linear", "geometric"}, optional
        How beta grows; None is what suits the moves.

    References
    ----------
    S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Science 220, 671 (1983).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method=SimulatedAnnealing(shape="geometric"), seed=0).value
    4.0
    """

    beta_range: tuple[float, float] | None = None
    shape: str | None = None

    name: ClassVar[str] = "simulated-annealing"
    summary: ClassVar[str] = "Metropolis sweeps while the temperature falls"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    keeps_overlaps: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.shape is not None:
            check_choice("shape", self.shape, SHAPES)
        if self.beta_range is not None:
            given = check_array("beta_range", self.beta_range)
            if given.shape != (2,) or not 0 < given[0] <= given[1]:
                raise InputError(
                    "beta_range must be two numbers that rise from a positive one, "
                    f"got {show(self.beta_range)}. "
                    "The first is the hot end, a small inverse temperature."
                )
            object.__setattr__(self, "beta_range", tuple(given.tolist()))

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal without a budget.

        A pair of domain walls on a ring of n spins meets after about n^2 sweeps: small networks
        get 10 n^2 of them, larger ones some 4 million updates of each replica.
        """
        size = max(1, network.num_spins)
        if network.groups:
            # proposals that keep groups are dear, see `proposal_cost`, and dearest are those
            # that keep overlapping ranges
            most = 1_000 if any(isinstance(g, Linear) for g in network.groups) else 5_000
            return int(np.clip(1_000_000 // size, 200, most))
        return max(1_000, min(10 * size**2, 4_000_000 // size))

    def batch(self, network: Hamiltonian) -> int:
        """Return how many replicas share a stream: vectors of flips, or a few with groups."""
        return batch_of(network)

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return the replicas of a run that names none: a large network gets one long anneal."""
        return 1 if is_for_one(network) else super().default_replicas(network)

    def schedule(self, network: Hamiltonian) -> Schedule:
        """Return the temperatures for a network."""
        if self.beta_range is None:
            return default_schedule(network, self.shape)
        return Schedule(*self.beta_range, self.shape or "linear")

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Annealed:
        """Return the replicas at their starts (R, N)."""
        schedule = self.schedule(network)
        replicas = Replicas.init(network, start, seed)
        return Annealed(replicas, np.full(len(start), schedule.hot), schedule)

    def advance(self, state: Annealed, sweeps: int, horizon: int) -> Annealed:
        """Return the state after `sweeps` sweeps of an anneal that ends with `horizon`."""
        if not sweeps:
            return state
        done = state.sweeps
        share = (np.arange(done, done + sweeps) + 0.5) / (done + horizon)
        return state.sweep(state.schedule.betas(share))

    def finish(self, state: Annealed) -> Annealed:
        """Return the local minima below the current states."""
        return replace(state, replicas=state.replicas.descend())
