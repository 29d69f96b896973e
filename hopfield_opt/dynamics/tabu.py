"""Tabu search: always the best move that does not undo a recent one."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline, rng
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.parts.replicas import is_for_one
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import is_partitioned, knows_all_swaps, potts_of, tabu_effort, tabu_of
from hopfield_opt.moves.base import TabuEngine

# A run without a budget looks at about so many moves in each replica, within limits.
MOVES = 400_000_000
SWEEP_LIMITS = (1_000, 200_000)
# ... and a large network, where moves are cheap, about so many for each spin.
MOVES_PER_SPIN = 20
# A place in a table of moves takes 2 to 5 ns: some two flips of a fast kernel.
TABLED_COST = 2
# All swaps of a permutation, brought up to date in vectors: .2 to .6 flips for each place, of 25 to
# 150 items.
SWAP_COST = 0.3
# Words of a replica's stream.
WORDS = 4


class Shown(NamedTuple):
    """The best states of some replicas, what their engine marks them by, and their energies."""

    best: NDArray[np.int8]
    marks: NDArray[Any]
    energies: NDArray[np.float64]


@dataclass(eq=False)
class Searched:
    """Replicas, each shown by the best state that it met: where a search roams says little.

    `energies`, `spins` and `states` are those of the best states since `init`. They are asked of
    the engine when somebody looks: an energy may take as long as thousands of moves.
    """

    hamiltonian: Hamiltonian
    engine: TabuEngine
    memory: Any
    words: NDArray[np.uint64]
    sweeps: int = 0
    _shown: Shown | None = None

    @property
    def converged(self) -> bool:
        """Never: the search goes on from where it finds nothing."""
        return False

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the best states."""
        return self._show().energies

    def spins(self, replica: int) -> NDArray[np.int8]:
        """Return the best (N,) state of one replica."""
        return np.array(self._show().best[replica])

    def states(self) -> NDArray[np.int8]:
        """Return the best states (R, N) of all replicas."""
        return np.array(self._show().best)

    def _show(self) -> Shown:
        """Return what there is to be seen, with the energies of what is new."""
        best, marks = self.engine.best(self.memory)
        known = self._shown
        if known is None:
            energies = self.hamiltonian.energy(best)
        elif (changed := marks < known.marks).any():
            energies = known.energies.copy()
            energies[changed] = self.hamiltonian.energy(best[changed])
        else:
            return known
        self._shown = Shown(best.copy(), marks.copy(), energies)
        return self._shown


@dataclass(frozen=True)
class TabuSearch(Dynamics):
    """Make the best move that does not undo a recent one, uphill where there is no other.

    A sweep is one such move in each replica: all N flips (in one-hot groups all moves to another
    member, in permutations all swaps) are looked at, and the best is made. Where couplings are
    conflicts between pairs, as in an independent set, a few spins are drawn of those that may
    come in, and those in conflict with the best of them go. What was moved must
    not move back for a while, unless that leads below the best of the round. Equal moves are
    drawn from. After a round of moves good states are recombined:

    * single flips: 5 N of them; an elite of 8, and the greedy path from one member towards
      another, of which the best in the middle third is where the next round begins;
    * conflicts: none; now and then a move costs, in one of fifty to one of some thousands;
    * sites in classes, as in a colouring: 20 n for n sites; two searches in each replica, whose
      largest classes are crossed;
    * other one-hot groups: until nothing better is met for long; the best of all, shaken;
    * permutations: robust tabu search in short rounds, and crosses of an elite of 15;
    * any other groups: crosses of an elite of 8.

    The states that it shows are the best that were met, so that nothing is lost between two
    looks.

    References
    ----------
    F. Glover, ORSA J. Comput. 1, 190 (1989). G. Palubeckis, Ann. Oper. Res. 131, 259 (2004) and
    Y. Wang, Z. Lu, F. Glover, J.-K. Hao, Eur. J. Oper. Res. 223, 595 (2012), for flips and paths.
    Q. Wu, J.-K. Hao, F. Glover, Ann. Oper. Res. 196, 611 (2012), for conflicts. P. Galinier,
    J.-K. Hao, J. Comb. Optim. 3, 379 (1999), for one-hot groups and classes; L. Moalic, A. Gondran,
    J. Heuristics 24, 1 (2018), for pairs of searches. E. Taillard, Parallel Comput. 17, 443 (1991),
    for permutations.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method="tabu", seed=0).value
    4.0
    """

    name: ClassVar[str] = "tabu"
    summary: ClassVar[str] = "the best move that undoes no recent one, and recombination"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS
    bytes_per_spin: ClassVar[int] = 170
    finish_sweeps: ClassVar[int] = 0
    begins_anew: ClassVar[bool] = True

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the moves of a run without a budget: some 4 10^8 that are looked at."""
        least, most = SWEEP_LIMITS
        most = max(most, MOVES_PER_SPIN * network.num_spins)
        return int(np.clip(MOVES // tabu_effort(network), least, most))

    def batch(self, network: Hamiltonian) -> int:
        """Return 1: each replica has an elite of its own."""
        return 1

    def default_replicas(self, network: Hamiltonian) -> int:
        """Return one for each of two threads, or one that has all the time.

        That is on a large network, and on a permutation: an elite of 15 is seldom done with.
        """
        return 1 if is_for_one(network) or knows_all_swaps(network) else 2

    def proposal_cost(self, network: Hamiltonian) -> float:
        """Return what a move that is looked at costs: a place in a table, a proposal, or a flip."""
        if knows_all_swaps(network):
            return SWAP_COST
        if network.groups and potts_of(network) is None:
            return TABLED_COST if is_partitioned(network) else super().proposal_cost(network)
        return tabu_effort(network) / max(1, network.num_spins)

    def init(
        self, network: Hamiltonian, start: NDArray[np.int8], seed: np.random.SeedSequence
    ) -> Searched:
        """Return the searches that begin at `start` (R, N), or at the minima below."""
        deadline.check()
        engine = tabu_of(network)
        words = rng.words_of(seed, WORDS * len(start)).reshape(-1, WORDS)
        memory = engine.start(np.ascontiguousarray(start), words)
        return Searched(network, engine, memory, words)

    def advance(self, state: Searched, sweeps: int, horizon: int) -> Searched:
        """Return the state after so many more moves in each replica; no schedule ends."""
        state.engine.search(state.memory, state.words, sweeps)
        return replace(state, sweeps=state.sweeps + sweeps)

    def finish(self, state: Searched) -> Searched:
        """Return the state as it is: the best that was met is a local minimum."""
        return state
