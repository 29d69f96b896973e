"""Simulated annealing: Metropolis sweeps while the temperature falls."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.dynamics.base import LANES
from hopfield_opt.dynamics.replicas import Replicas
from hopfield_opt.dynamics.schedule import SHAPES, Schedule, default_schedule
from hopfield_opt.errors import InputError, unknown
from hopfield_opt.groups import ALL_KINDS, Group, Linear
from hopfield_opt.hamiltonian import Hamiltonian

# Moves that keep groups are made replica by replica: more of them only take longer.
FEW = 4


class Annealed(NamedTuple):
    """Replicas and the schedule that they follow."""

    replicas: Replicas
    schedule: Schedule

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the current states."""
        return self.replicas.energies

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        return self.replicas.sweeps

    @property
    def converged(self) -> bool:
        """Never: another anneal may end elsewhere."""
        return False

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the (N,) state of one replica."""
        return self.replicas.spins(replica)

    def states(self) -> NDArray[np.int8]:
        """Return the (R, N) states of all replicas."""
        return self.replicas.states()


@dataclass(frozen=True)
class SimulatedAnnealing:
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

    def __post_init__(self) -> None:
        if self.shape is not None and self.shape not in SHAPES:
            raise unknown("shape", self.shape, SHAPES)
        if self.beta_range is not None:
            hot, cold = self.beta_range
            if not 0 < hot <= cold < np.inf:
                raise InputError(
                    f"beta_range must rise from a positive number, got {self.beta_range!r}. "
                    "The first is the hot end, a small inverse temperature."
                )

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal without a budget.

        A pair of domain walls on a ring of n spins meets after about n^2 sweeps: small networks
        get 10 n^2 of them, larger ones some 4 million updates of each replica.
        """
        size = max(1, network.num_spins)
        if network.groups:
            # a proposal that keeps groups takes some ten times as long as a flip, one that keeps
            # overlapping ranges a hundred times
            most = 1_000 if any(isinstance(g, Linear) for g in network.groups) else 5_000
            return int(np.clip(1_000_000 // size, 200, most))
        return max(1_000, min(10 * size**2, 4_000_000 // size))

    def batch(self, network: Hamiltonian) -> int:
        """Return how many replicas share a stream: vectors of flips, or a few with groups."""
        return FEW if network.groups else LANES

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return two batches, one for each of two threads."""
        return 2 * self.batch(network)

    def schedule(self, network: Hamiltonian) -> Schedule:
        """Return the temperatures for a network."""
        if self.beta_range is None:
            return default_schedule(network, self.shape)
        return Schedule(*self.beta_range, self.shape or "linear")

    def init(
        self, network: Hamiltonian, start: NDArray[np.int8], seed: np.random.SeedSequence
    ) -> Annealed:
        """Return the replicas at their starts (R, N)."""
        return Annealed(Replicas.init(network, start, seed), self.schedule(network))

    def advance(self, state: Annealed, sweeps: int, horizon: int) -> Annealed:
        """Return the state after `sweeps` sweeps of an anneal that ends with `horizon`."""
        done = state.sweeps
        share = (np.arange(done, done + sweeps) + 0.5) / (done + horizon)
        return state._replace(replicas=state.replicas.sweep(state.schedule.betas(share)[:, None]))

    def finish(self, state: Annealed) -> Annealed:
        """Return the local minima below the current states."""
        return state._replace(replicas=state.replicas.descend())
