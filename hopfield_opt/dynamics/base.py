"""What every dynamics is, and what its states are: the whole contract with the driver."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves import knows_all_swaps, moves_by_chains

# Replicas that the kernels for single flips serve side by side.
LANES = 64
# A proposal that keeps groups takes as long as some 30 flips of a fast kernel, of 2 ns each; a
# chain of flips 1 to 25 us, mostly 4; a sweep of swaps with products 1.3 to 3.4 flips a place.
GROUPED_COST, CHAINED_COST, SWAP_COST = 30, 2_000, 2


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
    """Where a group of replicas stands: what the next `advance` needs, and no more.

    It may also have

    - `observables`, a mapping: what `run` can record of it besides energy, overlap and states.
      Each name is that of an attribute with a row for each replica, or with one number that
      holds for all of them. A trace has it by the name, `details` of the end by the attribute,
      which is a plural where there is one number for each replica, as in ``{"level": "levels"}``;
    - `proven`: whether everything was seen, so that the lowest energy is the lowest of all;
    - `tied`: whether rounding leaves open which of the states is the lowest;
    - `bound`: what the energy of all states in which the groups hold is at least;
    - `waiting`: whether it is still at the sweeps of the last `advance`, which the next one goes on
      with.
    """

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the current states, exact, offset included; nan for a Network."""
        ...

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`, until nothing moved any more: no clock has a part in it."""
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


def observables_of(state: State) -> Mapping[str, str]:
    """Return what can be recorded of a state besides energy, overlap and states.

    Parameters
    ----------
    state : State
        Of any dynamics.
    """
    found: Mapping[str, str] = getattr(state, "observables", {})
    return found


def is_proven(state: State) -> bool:
    """Whether the lowest energy of a state is proven to be the lowest of all.

    Parameters
    ----------
    state : State
        Of any dynamics.
    """
    return bool(getattr(state, "proven", False))


def is_tied(state: State) -> bool:
    """Whether rounding leaves open which replica of a state has the lowest energy.

    Parameters
    ----------
    state : State
        Of any dynamics.
    """
    return bool(getattr(state, "tied", False))


def bound_of(state: State) -> float:
    """Return what the energy of all states is at least, minus infinity where nothing is known.

    Parameters
    ----------
    state : State
        Of any dynamics.
    """
    return float(getattr(state, "bound", -np.inf))


def is_waiting(state: State) -> bool:
    """Whether a state is still at the sweeps that were asked for last.

    Parameters
    ----------
    state : State
        Of any dynamics.
    """
    return bool(getattr(state, "waiting", False))


@dataclass(frozen=True, eq=False)
class Flips:
    """Every flip of some replicas, in the order in which they happened.

    Attributes
    ----------
    sites : (R, F) int64
        The spins that were flipped; -1 after the last flip of a replica.
    times : (R, F) float64
        When, in sweeps; nan after the last.
    changes : (R, F) float64
        By how much each changed the energy, if there is one; 0 after the last.
    """

    sites: NDArray[np.int64]
    times: NDArray[np.float64]
    changes: NDArray[np.float64]

    @classmethod
    def concatenate(cls, logs: list[list[tuple[Any, Any, Any]]]) -> Self:
        """Return the flips of each replica's calls, one after another, padded to the longest."""
        counts = [sum(len(sites) for sites, _, _ in calls) for calls in logs]
        shape = (len(logs), max(counts, default=0))
        flips = cls(np.full(shape, -1), np.full(shape, np.nan), np.zeros(shape))
        for r, calls in enumerate(logs):
            begin = 0
            for sites, times, changes in calls:
                part = (r, slice(begin, begin + len(sites)))
                flips.sites[part], flips.times[part], flips.changes[part] = sites, times, changes
                begin += len(sites)
        return flips


class Dynamics(ABC):
    """A rule that moves spins: frozen parameters that make and advance states.

    `advance` takes the state over: go on with the one that it returns. A state carries its own
    stream, so that the same seed gives the same states however the sweeps are split into calls.
    A long sweep looks at `hopfield_opt.deadline`: an `advance` that raises OutOfTime has left the
    state as it was; `finish` never raises it, but returns early.

    Attributes
    ----------
    name, summary : str
        What `solve(method=...)` takes, and what it is, in a line.
    keeps : frozenset of types
        The kinds of groups that its moves keep.
    keeps_alone : frozenset of types or None
        What is left to it where it has a `misfit` with all that it keeps; None: nothing is.
    keeps_overlaps : bool
        Whether they keep equalities that overlap other groups, too.
    keeps_all_rows : bool
        Whether it keeps any other linear constraint as well, however it is.
    needs_start : bool
        Whether good first states are worth their time: False if it makes its own.
    needs_energy : bool
        False if local fields suffice: it then also runs on a `Network`.
    begins_anew : bool
        Whether it begins anew by itself where it finds nothing: one long search is as good as many.
    finish_sweeps : int
        About how many sweeps `finish` takes: a descent from a cold state, or none.
    bytes_per_spin : int
        What one replica needs at the most: start, states, populations, states of the result.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    keeps_alone: ClassVar[frozenset[type[Group]] | None] = None
    keeps_overlaps: ClassVar[bool] = False
    keeps_all_rows: ClassVar[bool] = False
    needs_start: ClassVar[bool] = True
    needs_energy: ClassVar[bool] = True
    begins_anew: ClassVar[bool] = False
    finish_sweeps: ClassVar[int] = 8
    bytes_per_spin: ClassVar[int] = 6

    @abstractmethod
    def default_sweeps(self, network: Any) -> int:
        """Return the sweeps of a run without a budget."""

    @abstractmethod
    def batch(self, network: Any) -> int:
        """Return how many replicas share a stream and a state."""

    def default_replicas(self, network: Any) -> int:
        """Return the replicas of a run that names none: two groups, one for each of two threads."""
        return 2 * self.batch(network)

    def proposal_cost(self, network: Any) -> float:
        """Return how dear a proposal is, in flips of a fast kernel.

        It decides how often states are looked at, and how long probes are that race.

        Parameters
        ----------
        network : Hamiltonian or Network
            What moves.
        """
        if not getattr(network, "groups", ()):
            return 1
        if knows_all_swaps(network):
            return SWAP_COST
        # who samples never moves by chains
        chained = self.keeps_overlaps and moves_by_chains(network)
        return CHAINED_COST if chained else GROUPED_COST

    def misfit(self, network: Any) -> str:
        """Return what a network must have, or be, and is not; "" where the rule serves it.

        Kinds of groups are asked for elsewhere, see `keeps`.

        Parameters
        ----------
        network : Hamiltonian or Network
            What is to move.
        """
        return ""

    @abstractmethod
    def init(self, network: Any, start: NDArray[np.int8], seed: np.random.SeedSequence) -> Any:
        """Return the state of R replicas that begin at `start` (R, N)."""

    @abstractmethod
    def advance(self, state: Any, sweeps: int, horizon: int) -> Any:
        """Return the state after `sweeps` more sweeps.

        Parameters
        ----------
        state : State
            Taken over; it has not converged.
        sweeps : int
            At least 1.
        horizon : int
            The sweeps that are still to come, these included: schedules end with it.
        """

    @abstractmethod
    def finish(self, state: Any) -> Any:
        """Return the state made fit to be an answer (annealers descend), at any moment."""

    def flips(
        self, network: Any, start: NDArray[np.int8], sweeps: int, seed: np.random.SeedSequence
    ) -> tuple[Any, Flips] | None:
        """Return the end and every flip of a run from `start` (R, N).

        None, as here, where it is not one spin at a time that moves.

        Parameters
        ----------
        network : Hamiltonian or Network
            Without groups.
        start : (R, N) int8
            Where the replicas begin.
        sweeps : int
            At most so many.
        seed : SeedSequence
            Of all that is drawn.
        """
        return None
