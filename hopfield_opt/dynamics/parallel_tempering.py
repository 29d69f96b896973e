"""Parallel tempering: replicas at many temperatures exchange them."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import rng
from hopfield_opt.arrays import (
    FloatArray,
    SpinArray,
    WordArray,
    check_array,
    check_integer,
    check_truth,
)
from hopfield_opt.couplings import Explicit
from hopfield_opt.dynamics.base import LANES, Dynamics
from hopfield_opt.dynamics.parts.ladder import ROUNDS, Ladder
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.dynamics.parts.schedule import default_schedule
from hopfield_opt.dynamics.parts.thermal import Thermal, interval, steps
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.groups import ALL_KINDS, Group
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.single import isoenergetic
from hopfield_opt.moves.single.numbering import renumber

# Neighbouring temperatures overlap if there are about as many as the root of the number of
# spins: the next of these, so that ladders fill the lanes.
LENGTHS = (8, 16, 32)
# Both ends are colder than those of an anneal by this factor: exchange sets free what a little
# heat does not, and replicas that stay cold all the time need colder ones to see the minima. On
# a graph of 800 nodes and two cubic tori 2 was better than 1, and as good as 3 and 4.
COLDER = 2.0
# Every so many exchanges replicas at equal temperatures exchange clusters, and copies of all
# replicas descend: both take as long as some ten sweeps.
CLUSTERS_EVERY = 4
DESCENT_EVERY = 32
# Clusters of differing spins percolate where spins have many neighbours: one giant cluster.
MANY_NEIGHBOURS = 6.0


@dataclass(frozen=True, eq=False)
class Tempered(Thermal):
    """Replicas on ladders of temperatures.

    In a search the best state that was met takes the place of replica 0 in `energies`, `spins`
    and `states`.

    Attributes
    ----------
    ladder : Ladder
        The temperatures, and who is at which.
    bonds : (indptr, indices) or None
        Who is coupled to whom, where clusters are exchanged.
    even : bool
        Whether there are no thresholds.
    every : int
        Sweeps between two exchanges.
    best : (N,) int8 or None
        The best state met; None while sampling.
    lowest : float
        Its energy.
    """

    ladder: Ladder
    bonds: tuple[Any, Any] | None
    even: bool
    every: int
    best: SpinArray | None
    lowest: float
    generator: np.random.Generator
    words: WordArray

    @property
    def energies(self) -> FloatArray:
        """(R,) energies."""
        energies = self.replicas.energies
        if self.best is None:
            return energies
        return np.append(self.lowest, energies[1:])

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        if replica == 0 and self.best is not None:
            return self.best.copy()
        return self.replicas.spins(replica)

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        states = self.replicas.states()
        if self.best is not None:
            states[0] = self.best
        return states

    def sweep(self, sweeps: int) -> "Tempered":
        """Return the state after sweeps at the temperatures as they are."""
        betas = np.repeat(self.betas[None], sweeps, axis=0)
        return replace(self, replicas=self.replicas.sweep(betas))

    def exchange(self) -> "Tempered":
        """Return the state after an exchange of temperatures, and of clusters if it is time."""
        ladder = self.ladder
        draws = self.generator.random((len(ladder.holders), len(ladder.betas) - 1))
        ladder = ladder.exchange(self.replicas.energies, draws).adapt()
        state = replace(self, ladder=ladder, betas=ladder.by_replica())
        if self.bonds is not None and ladder.exchanges % CLUSTERS_EVERY == 0:
            state = state._exchange_clusters(self.bonds)
        return state

    def _exchange_clusters(self, bonds: tuple[Any, Any]) -> "Tempered":
        count, temperatures = self.ladder.holders.shape
        # one after another, every ladder meets every other
        turn = self.ladder.exchanges // CLUSTERS_EVERY
        order = np.roll(np.arange(count), turn) if turn % 2 else np.arange(count)
        cold = self.ladder.holders[order, temperatures // 2 :]
        half = count // 2 * 2
        pairs = np.stack([cold[0:half:2].ravel(), cold[1:half:2].ravel()], axis=1)
        lanes = self.replicas.lanes
        isoenergetic.exchange_clusters(*bonds, lanes, pairs, self.even, self.words)
        # no sweep: only the energies are computed anew
        return replace(self, replicas=self.replicas.sweep(np.empty((0, 1))))

    def descend(self) -> "Tempered":
        """Return the state that knows the minima below all replicas."""
        copy = replace(self.replicas, lanes=self.replicas.lanes.copy()).descend()
        found = int(np.argmin(copy.energies))
        if not copy.energies[found] < self.lowest:
            return self
        return replace(self, best=copy.spins(found), lowest=float(copy.energies[found]))


@dataclass(frozen=True)
class ParallelTempering(Dynamics):
    """Sweep replicas at many temperatures and let neighbours exchange their temperatures.

    Replicas at inverse temperatures beta and beta' with energies E and E' exchange them with
    probability ``min(1, exp((beta' - beta) (E' - E)))``: the joint law, a product of Boltzmann
    distributions, is kept, and a replica that is stuck in the cold climbs to the hot end and
    comes back elsewhere. The temperatures are chosen so that all pairs are exchanged as often
    (from measured rates, for some 1000 exchanges; then they stay).

    Where couplings are sparse, two ladders stand side by side, and replicas of equal, low
    temperature exchange clusters of spins in which they differ.

    With `temperatures` this is a sampler: random numbers of 32 bits, the given temperatures
    from the first sweep on, states that stay as they are. Without, it is a search: 16 bits, and
    copies of all replicas descend now and then; replica 0 of the result is the best one met.

    Parameters
    ----------
    num_temperatures : int, optional
        Temperatures of a ladder; None is 8, 16 or 32, by the root of the number of spins.
    temperatures : sequence of float, optional
        The temperatures themselves, in units of energy.
    isoenergetic : bool, optional
        Whether clusters are exchanged; None is where spins have 6 neighbours or fewer on average.

    References
    ----------
    K. Hukushima, K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996), for the exchange;
    Z. Zhu, A. J. Ochoa, H. G. Katzgraber, Phys. Rev. Lett. 115, 077201 (2015), and
    J. Houdayer, Eur. Phys. J. B 22, 479 (2001), for the clusters.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> square = ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> ho.solve(square, method=ParallelTempering(num_temperatures=4), seed=0).value
    4.0
    """

    num_temperatures: int | None = None
    temperatures: tuple[float, ...] | None = None
    isoenergetic: bool | None = None

    name: ClassVar[str] = "parallel-tempering"
    summary: ClassVar[str] = "replicas at many temperatures exchange them"
    keeps: ClassVar[frozenset[type[Group]]] = ALL_KINDS

    def __post_init__(self) -> None:
        keep(self, check_integer, "num_temperatures", lowest=1)
        keep(self, check_truth, "isoenergetic")
        if self.temperatures is None:
            return
        if self.num_temperatures is not None:
            raise InputError(
                f"num_temperatures must be None where temperatures are given, "
                f"got {self.num_temperatures}. Give one of them."
            )
        given = check_array("temperatures", self.temperatures)
        if given.ndim != 1 or not len(given) or (given <= 0).any():
            raise InputError(
                f"temperatures must be positive numbers, got {self.temperatures!r}. "
                "They are in units of energy."
            )
        object.__setattr__(self, "temperatures", tuple(sorted(given.tolist(), reverse=True)))

    def default_sweeps(self, network: Hamiltonian) -> int:
        """Return the sweeps of an anneal."""
        return SimulatedAnnealing().default_sweeps(network)

    def batch(self, network: Hamiltonian) -> int:
        """Return the replicas that exchange: full lanes of ladders, or one ladder with groups."""
        ladder = self._length(network)
        return ladder if network.groups else ladder * max(1, LANES // ladder)

    def _length(self, network: Hamiltonian) -> int:
        if self.temperatures is not None:
            return len(self.temperatures)
        if self.num_temperatures is not None:
            return self.num_temperatures
        root = network.num_spins**0.5
        return next((length for length in LENGTHS if length >= root), LENGTHS[-1])

    def _ladder(self, network: Hamiltonian, replicas: int) -> Ladder:
        """Return the ladders for so many replicas, all of the same length."""
        length = self._length(network)
        if self.temperatures is not None:
            if replicas % length:
                raise InputError(
                    f"replicas must be a multiple of the {length} temperatures, got a batch of "
                    f"{replicas}. Choose another number of replicas."
                )
            return Ladder.of(1 / np.array(self.temperatures), replicas, 0)
        # few replicas make a short ladder, some too many a longer one
        ladders = next(k for k in range(max(1, replicas // length), 0, -1) if replicas % k == 0)
        schedule = default_schedule(network)
        betas = COLDER * np.linspace(schedule.hot, schedule.cold, replicas // ladders)
        return Ladder.of(betas, replicas, ROUNDS)

    def _bonds(self, network: Hamiltonian, layout: Any) -> tuple[Any, Any] | None:
        explicit = all(isinstance(term, Explicit) for term in network.couplings)
        possible = explicit and not network.groups
        if self.isoenergetic and not possible:
            raise InputError(
                "isoenergetic must be False on a network with groups or couplings that are kept "
                "as factors, got True. Leave it out."
            )
        if self.isoenergetic is False or not possible:
            return None
        weights: Any = network.to_sparse()
        if not self.isoenergetic and weights.nnz > MANY_NEIGHBOURS * network.num_spins:
            return None
        numbers = layout.kernel.numbers
        if numbers is not None:
            weights = renumber(weights, numbers)
        return weights.indptr.astype(np.int64), weights.indices.astype(np.int64)

    def init(self, network: Hamiltonian, start: SpinArray, seed: SeedSequence) -> Tempered:
        """Return the ladders of the replicas that begin at `start` (R, N)."""
        sampling = self.temperatures is not None
        ladder = self._ladder(network, len(start))
        replicas = Replicas.init(network, start, seed, sampling=sampling)
        own, words = seed.spawn(2)
        best = int(np.argmin(replicas.energies))
        return Tempered(
            replicas=replicas,
            betas=ladder.by_replica(),
            ladder=ladder,
            bonds=self._bonds(network, replicas.layout),
            even=not network.thresholds.any(),
            every=interval(network.num_spins),
            best=None if sampling else replicas.spins(best),
            lowest=float(replicas.energies[best]),
            generator=np.random.default_rng(own),
            words=rng.words_of(words, 4),
        )

    def advance(self, state: Tempered, sweeps: int, horizon: int) -> Tempered:
        """Return the state after `sweeps` more sweeps, with the exchanges between them."""
        for step in steps(state.sweeps, sweeps, state.every):
            state = state.sweep(step)
            if state.sweeps % state.every == 0:
                state = state.exchange()
                if state.best is not None and state.ladder.exchanges % DESCENT_EVERY == 0:
                    state = state.descend()
        return state

    def finish(self, state: Tempered) -> Tempered:
        """Return the state that knows the best minimum; a sample stays as it is."""
        return state if state.best is None else state.descend()
