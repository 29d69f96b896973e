"""What every dynamics is: parameters, `init`, `advance`, `finish`."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network

# Replicas that the kernels for single flips serve side by side.
LANES = 64


def energies_of(network: Hamiltonian | Network, states: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return the energies (R,) of states (R, N); nan for a Network, which has none.

    Parameters
    ----------
    network : Hamiltonian or Network
        What the states are of.
    states : (R, N) int8
        Spins.
    """
    if isinstance(network, Network):
        return np.full(len(states), np.nan)
    return np.asarray(network.energy(states), np.float64)


class State(Protocol):
    """Where a group of replicas stands: what the next `advance` needs, and no more."""

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the current states, exact, offset included; nan for a Network."""
        ...

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        ...

    @property
    def converged(self) -> bool:
        """Whether no replica can move any more."""
        ...

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the (N,) state of one replica."""
        ...

    def states(self) -> NDArray[np.int8]:
        """Return the (R, N) states of all replicas, or of all that a search has to show."""
        ...


class Dynamics(Protocol):
    """A rule that moves spins: frozen parameters that make and advance states.

    `advance` takes the state over: go on with the one that it returns. A state carries its own
    stream, so that the same seed gives the same states however the sweeps are split into calls.
    Where a sweep takes long, it looks at `hopfield_opt.deadline`: an `advance` that raises
    OutOfTime has left the state as it was; `finish` never raises it, but returns early.

    Optional: `needs_energy` (False if local fields suffice: it then also runs on a `Network`),
    `flips(network, start, sweeps, seed)` (the end and every flip of a run, for `run`),
    `proposal_cost` (of a proposal, in flips of a fast kernel: how often states are looked at),
    `finish_sweeps` (about how many sweeps `finish` takes), `bytes_per_spin` (of one replica, at
    the most, with all that goes with it). A state whose `proven` is true has
    seen everything: its lowest energy is the lowest of all.
    """

    @property
    def name(self) -> str:
        """What `solve(method=...)` takes."""
        ...

    @property
    def keeps(self) -> frozenset[type[Group]]:
        """The kinds of groups that its moves keep."""
        ...

    def default_sweeps(self, network: Any) -> int:
        """Return the sweeps of a run without a budget."""
        ...

    def batch(self, network: Any) -> int:
        """Return how many replicas share a stream and a state."""
        ...

    def default_replicas(self, network: Any) -> int:
        """Return the replicas of a run that names none."""
        ...

    def init(
        self,
        network: Any,
        start: NDArray[np.int8],
        seed: np.random.SeedSequence,
    ) -> Any:
        """Return the state of R replicas that begin at `start` (R, N)."""
        ...

    def advance(self, state: Any, sweeps: int, horizon: int) -> Any:
        """Return the state after `sweeps` more sweeps.

        Parameters
        ----------
        state : State
            Taken over.
        sweeps : int
            At least 1.
        horizon : int
            The sweeps that are still to come, these included: schedules end with it.
        """
        ...

    def finish(self, state: Any) -> Any:
        """Return the state made fit to be an answer (annealers descend), at any moment."""
        ...
