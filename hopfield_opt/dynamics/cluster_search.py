"""Population search with cluster recombination, for sparse couplings."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, SpinArray, WordArray
from hopfield_opt.dynamics.base import LANES, Dynamics
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.schedule import Schedule, default_schedule
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.base import Levels
from hopfield_opt.moves.single import clusters

# The first anneal takes this share of all sweeps; what follows refines what it found.
FIRST_SHARE = 0.25
# A round is this share of all sweeps, within limits: shorter ones do not reach new minima,
# longer ones forget the incumbent as a whole.
ROUND_SHARE = 1 / 12
ROUND_LIMITS = (200, 4000)
# Rounds begin at one of these shares of the way from hot to cold: warm enough to rearrange
# regions, cold enough that the regions stay apart.
WARMTHS = np.linspace(0.1, 0.6, 8)
# The bandit tries an arm at random this often, and forgets by this factor in each round.
EXPLORE = 0.3
MEMORY = 0.95


class Bandit(NamedTuple):
    """How much each starting temperature gained, discounted."""

    gains: FloatArray
    trials: FloatArray

    def choose(self, generator: np.random.Generator) -> int:
        """Return the arm with the best mean gain, or now and then any."""
        if generator.random() < EXPLORE or not self.gains.any():
            return int(generator.integers(len(self.gains)))
        return int(np.argmax(self.gains / np.maximum(self.trials, 1e-9)))

    def update(self, arm: int, gain: float) -> "Bandit":
        """Return the bandit after `arm` gained `gain`."""
        drawn = np.arange(len(self.gains)) == arm
        return Bandit(MEMORY * self.gains + gain * drawn, MEMORY * self.trials + drawn)


class IntegerCouplings(NamedTuple):
    """Couplings (CSR) and thresholds in the unit in which they are integers, if there is one.

    Integers are added up exactly: whether a cluster is a tie must not depend on rounding.
    """

    arrays: tuple[Any, ...]
    unit: float
    integer: bool
    constant: float  # the offset, and what the diagonals of W add to all energies

    @classmethod
    def of(cls, network: Hamiltonian, levels: Levels) -> Self:
        """Return the couplings of a network in the unit that its kernel found."""
        weights = network.to_sparse()
        data, thresholds = weights.data / levels.unit, network.thresholds / levels.unit
        if levels.whole:
            data, thresholds = np.rint(data), np.rint(thresholds)
        index = (weights.indptr.astype(np.int64), weights.indices.astype(np.int64))
        arrays = (*index, data, thresholds)
        # the diagonals of couplings that are not explicit need not be whole in the unit
        constant = sum(term.constant for term in network.couplings)
        return cls(arrays, levels.unit, levels.whole, network.offset + constant)

    def level(self, energy: float) -> float:
        """Return an energy in units, without the constant part."""
        level = (energy - self.constant) / self.unit
        return float(round(level)) if self.integer else level

    def energy(self, level: float) -> float:
        """Return the energy of a level."""
        return level * self.unit + self.constant


class Lineage(NamedTuple):
    """One incumbent and the replicas that look for something better around it.

    The incumbent takes the place of replica 0 in `energies`, `spins` and `states`.
    """

    replicas: Replicas
    couplings: IntegerCouplings
    schedule: Schedule
    incumbent: SpinArray
    level: float  # its energy in units of the couplings, without the constant part
    bandit: Bandit
    generator: np.random.Generator
    words: WordArray
    begun: int = 0  # the sweep at which the present round began
    length: int = 0  # its length; 0 is the first anneal, which is as long as the budget allows
    arm: int = 0

    @property
    def energies(self) -> FloatArray:
        """(R,) energies, the incumbent's first."""
        energies = self.replicas.energies.copy()
        energies[0] = self.couplings.energy(self.level)
        return energies

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        return self.replicas.sweeps

    @property
    def converged(self) -> bool:
        """Never: the next round may find something better."""
        return False

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return self.replicas.spins(replica) if replica else self.incumbent.copy()

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        states = self.replicas.states()
        states[0] = self.incumbent
        return states

    def merge(self) -> "Lineage":
        """Return the lineage after the replicas descended and gave what they found."""
        replicas = self.replicas.descend()
        best = int(np.argmin(replicas.energies))
        incumbent, level = self.incumbent, self.level
        found = self.couplings.level(float(replicas.energies[best]))
        if not self.length or found < level:
            incumbent, level = replicas.spins(best), found
        else:
            incumbent = incumbent.copy()
        arrays = self.couplings.arrays
        even = not arrays[-1].any()
        level += clusters.merge(*arrays, incumbent, replicas.states(), even, self.words)
        return self._replace(replicas=replicas, incumbent=incumbent, level=level)


@dataclass(frozen=True)
class ClusterSearch(Dynamics):
    """Anneal replicas, recombine their clusters into an incumbent, and anneal again from it.

    Where a replica differs from the incumbent, the differing spins fall into clusters that no
    coupling joins. Each is flipped in the incumbent if that lowers the energy, ties at random:
    the incumbent is then at least as good as any replica in every region. All replicas go on
    from it at a moderate temperature, chosen by a bandit among several.

    Each group of replicas is a lineage of its own and exchanges nothing with the others.

    References
    ----------
    Z. Zhu, A. J. Ochoa, H. G. Katzgraber, Phys. Rev. Lett. 115, 077201 (2015), for clusters of
    two replicas.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> grid = [(i, i + 1) for i in range(9)]
    >>> ho.solve(ho.problems.MaxCut(grid), method="cluster-search", seed=0).value
    9.0
    """

    name: ClassVar[str] = "cluster-search"
    summary: ClassVar[str] = "anneal, recombine clusters of replicas, and again (sparse couplings)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal."""
        return SimulatedAnnealing().default_sweeps(network)

    def batch(self, network: Hamiltonian) -> int:
        """Return the replicas of one lineage."""
        return LANES

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Lineage:
        """Return the lineage of the replicas that begin at `start` (R, N)."""
        replicas = Replicas.init(network, start, seed)
        levels = replicas.layout.levels()
        if levels is None:
            raise InputError(
                "method must work on couplings that are kept as factors, got cluster-search. "
                "Choose simulated-annealing."
            )
        couplings = IntegerCouplings.of(network, levels)
        own, words = seed.spawn(2)
        best = int(np.argmin(replicas.energies))
        none = np.zeros(len(WARMTHS))
        return Lineage(
            replicas,
            couplings,
            default_schedule(network),
            replicas.spins(best),
            couplings.level(float(replicas.energies[best])),
            Bandit(none, none),
            np.random.default_rng(own),
            rng.words_of(words, 4),
        )

    def advance(self, state: Lineage, sweeps: int, horizon: int) -> Lineage:
        """Return the state after `sweeps` sweeps of a search that ends with `horizon`."""
        total = state.sweeps + horizon
        while sweeps > 0:
            length = state.length or max(1, int(FIRST_SHARE * total))
            done = state.sweeps - state.begun
            step = min(sweeps, max(1, length - done))
            warm = WARMTHS[state.arm] if state.length else 0.0
            share = warm + (1 - warm) * (np.arange(done, done + step) + 0.5) / length
            betas = state.schedule.betas(np.minimum(share, 1.0))
            state = state._replace(replicas=state.replicas.sweep(betas[:, None]))
            sweeps -= step
            if done + step >= length:
                state = self._next_round(state, total)
        return state

    def _next_round(self, state: Lineage, total: int) -> Lineage:
        before = state.level
        state = state.merge()
        bandit = state.bandit
        if state.length:
            bandit = bandit.update(state.arm, before - state.level)
        state.replicas.layout.assign(state.replicas.lanes, state.incumbent)
        return state._replace(
            bandit=bandit,
            arm=bandit.choose(state.generator),
            begun=state.sweeps,
            length=int(np.clip(ROUND_SHARE * total, *ROUND_LIMITS)),
        )

    def finish(self, state: Lineage) -> Lineage:
        """Return the lineage with what the replicas have found by now."""
        return state.merge()
