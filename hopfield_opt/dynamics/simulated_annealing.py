"""Simulated annealing: Metropolis sweeps while the temperature falls."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.dynamics.base import LANES
from hopfield_opt.dynamics.lanes import Lanes
from hopfield_opt.dynamics.schedule import SHAPES, Schedule, default_schedule
from hopfield_opt.errors import InputError, unknown
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian


class Annealed(NamedTuple):
    """Replicas and the schedule that they follow."""

    lanes: Lanes
    schedule: Schedule

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the current states."""
        return self.lanes.energies

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        return self.lanes.sweeps

    @property
    def converged(self) -> bool:
        """Never: another anneal may end elsewhere."""
        return False

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the (N,) state of one replica."""
        return self.lanes.spins(replica)

    def states(self) -> NDArray[np.int8]:
        """Return the (R, N) states of all replicas."""
        return self.lanes.states()


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
    shape : {"linear", "geometric"}
        How beta grows.

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
    shape: str = "linear"

    name: ClassVar[str] = "simulated-annealing"
    summary: ClassVar[str] = "Metropolis sweeps while the temperature falls"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
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
        return max(1_000, min(10 * size**2, 4_000_000 // size))

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return two groups of replicas, one for each of two threads."""
        return 2 * LANES

    def schedule(self, network: Hamiltonian) -> Schedule:
        """Return the temperatures for a network."""
        if self.beta_range is None:
            return default_schedule(network, self.shape)
        return Schedule(*self.beta_range, self.shape)

    def init(
        self, network: Hamiltonian, start: NDArray[np.int8], seed: np.random.SeedSequence
    ) -> Annealed:
        """Return the replicas at their starts (R, N)."""
        return Annealed(Lanes.init(network, start, seed), self.schedule(network))

    def advance(self, state: Annealed, sweeps: int, horizon: int) -> Annealed:
        """Return the state after `sweeps` sweeps of an anneal that ends with `horizon`."""
        done = state.sweeps
        share = (np.arange(done, done + sweeps) + 0.5) / (done + horizon)
        return state._replace(lanes=state.lanes.sweep(state.schedule.betas(share)[:, None]))

    def finish(self, state: Annealed) -> Annealed:
        """Return the local minima below the current states."""
        return state._replace(lanes=state.lanes.descend())
