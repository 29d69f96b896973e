"""Exhaustive search: every state, so that the best one is proven."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.parts.proving import Proving
from hopfield_opt.errors import InputError
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.all_states import MOST_KEPT, FreeBlocks, GroupBlocks, lowest_of, num_states
from hopfield_opt.moves.known import Known

# 2^30 states of free spins take a second or two; each further spin doubles that.
MOST_STATES = 2**30
# A sweep is so many states, some milliseconds.
SWEEP = 2**20
# All replicas are one state: what comes out is what is lowest, not where each began.
REPLICAS = 2**20
# No two energies of a network differ by as much, nor does a sum with it overflow.
LARGEST_MARGIN = 1e300

_known: Known[Any] = Known()


class Enumerated(NamedTuple):
    """How far an enumeration is, and all states of the lowest energy so far."""

    blocks: Any
    network: Hamiltonian
    best: SpinArray
    levels: FloatArray  # energies without the offset
    margin: float  # energies that differ by no more may be equal
    done: int = 0  # blocks
    sweeps: int = 0

    @property
    def energies(self) -> FloatArray:
        """(K,) the lowest energy so far, of each state that has it."""
        return self.levels + self.network.offset

    @property
    def converged(self) -> bool:
        """Whether all states were looked at."""
        return self.done >= int(self.blocks.num_blocks)

    @property
    def proven(self) -> bool:
        """Whether the ground states are among the best states: all states were looked at."""
        all_kept = len(self.levels) < MOST_KEPT or self.margin <= self.blocks.rounding
        return self.converged and all_kept

    @property
    def tied(self) -> bool:
        """Whether rounding leaves open which of the best states is the ground state."""
        return len(self.levels) > 1 and self.margin > 0.0

    def spins(self, replica: int) -> SpinArray:
        """Return one of the (N,) best states."""
        return np.array(self.best[replica])

    def states(self) -> SpinArray:
        """Return the (K, N) best states."""
        return np.array(self.best)

    def through(self, sweeps: int) -> "Enumerated":
        """Return the state after so many more sweeps."""
        blocks = sweeps * _blocks_per_sweep(self.blocks)
        last = min(self.done + blocks, int(self.blocks.num_blocks))
        best, levels = self.best, self.levels
        wanted = deadline.check_each(range(self.done, last))
        for states in self.blocks.minima(wanted, self.margin):
            best = np.concatenate([best, states])
            levels = np.append(levels, self.blocks.hamiltonian.energy(states))
            kept = lowest_of(levels, self.margin)
            best, levels = best[kept], levels[kept]
        return self._replace(best=best, levels=levels, done=last)


@dataclass(frozen=True)
class Exhaustive(Proving):
    """Look at every state in which all groups hold, at most 2^30 of them.

    A sweep is some 2^20 states. Free spins follow a Gray code, of a network
    without thresholds only one of a state and its mirror image is looked at; with groups, only
    choices that they allow are put together. When all are through the result is exact (up to
    the rounding of energies, where these are no multiples of one power of two), and the ground
    states are all at hand, 1024 at the most.

    Parameters
    ----------
    tolerance : float
        Energies that differ by no more may be equal: all of their states are kept.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> triangle = ho.Hamiltonian([[0, -1, -1], [-1, 0, -1], [-1, -1, 0]])
    >>> ho.solve(triangle, method="exhaustive").energy
    -1.0
    """

    name: ClassVar[str] = "exhaustive"
    summary: ClassVar[str] = "every state, at most 2^30 of them: a proof"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    keeps_overlaps: ClassVar[bool] = True
    needs_start: ClassVar[bool] = False

    def show_all(self, network: Hamiltonian) -> Self:
        """Return the search that ends with all states of a network, if these are few."""
        few = num_states(network) < MOST_KEPT
        return replace(self, tolerance=LARGEST_MARGIN) if few else self

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps through all states."""
        blocks = _blocks_of(network)
        return max(1, -(-int(blocks.num_blocks) // _blocks_per_sweep(blocks)))

    def batch(self, network: Hamiltonian) -> int:
        """Return how many replicas share a state: as many as there are."""
        return REPLICAS

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return 1: there is only one result."""
        return 1

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Enumerated:
        """Return the state after a first sweep: the start (R, N) need not be a state that it shows.

        With groups it goes on to the first states in which they hold.

        Raises
        ------
        InputError
            If there are more than 2^30 states, or none in which all groups hold.
        """
        blocks = _blocks_of(network)
        margin = max(self.tolerance, float(blocks.rounding))
        state = Enumerated(blocks, network, start[:0], np.empty(0), margin)
        while not len(state.levels):
            if state.converged:
                raise InputError(
                    "groups must have a state in which all of them hold, got none. "
                    "Turn one of them into a penalty."
                )
            state = state.through(1)
        return state

    def advance(self, state: Enumerated, sweeps: int, horizon: int) -> Enumerated:
        """Return the state after so many more sweeps, fewer if all states are through."""
        seen = state.through(sweeps)
        count = -(-(seen.done - state.done) // _blocks_per_sweep(state.blocks))
        return seen._replace(sweeps=state.sweeps + count)

    def finish(self, state: Enumerated) -> Enumerated:
        """Return the state as it is."""
        return state


def _blocks_of(network: Hamiltonian) -> Any:
    """Return the blocks of a network; with groups they take a moment to set up."""
    return _known.of(network, _blocks)


def _blocks(network: Hamiltonian) -> Any:
    states = num_states(network)
    if states > MOST_STATES:
        raise InputError(
            "hamiltonian must have at most 2^30 states for exhaustive (30 free spins), got more "
            f"than 2^{states.bit_length() - 1}. Choose another method."
        )
    # without the offset, next to which small energies would lose digits
    parts = (network.couplings, network.thresholds, 0.0, network.groups)
    bare = Hamiltonian(*parts, num_spins=network.num_spins)
    return GroupBlocks.of(bare) if network.groups else FreeBlocks.of(bare)


def _blocks_per_sweep(blocks: Any) -> int:
    return max(1, SWEEP // max(1, int(blocks.block_size)))
