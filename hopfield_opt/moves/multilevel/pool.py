"""Good states of a network with one count that is kept, and how new ones are made from them."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Cardinality
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import base
from hopfield_opt.moves.multilevel import contraction
from hopfield_opt.moves.multilevel import refinement as multilevel_chain
from hopfield_opt.moves.multilevel.contraction import Level
from hopfield_opt.moves.plans import integer_unit

Spins = NDArray[np.int8]

# Contraction ends at about so many clusters, or where it no longer gets on.
COARSEST = 60
LEAST_SHRINKAGE = 0.97
# Where a state is grown, a cluster has at most this multiple of the mean size at COARSEST.
LARGEST_SHARE = 1.5
# It is grown so often on the coarsest level.
TRIES = 8
# Chains of one refinement, and flips of a chain after its best state.
CHAINS = 12
PATIENCE = 120
# The share of the steps that start anew although the pool is full, and of the others those that
# go on from the better parent.
RESTARTS = 0.1
CONTINUATIONS = 0.5
# Where there is no unit of which all weights are multiples, they are rounded to this share of
# their sum, which is below the rounding of an energy.
FINEST_UNIT = 2.0**-56
# A dense network is contracted in a step or two, and each of its flips costs a row.
MOST_COUPLINGS = 20_000_000


class IntegerNetwork(NamedTuple):
    """A Hamiltonian in integers, with the range of the sum over the spins that are counted."""

    hamiltonian: Hamiltonian
    finest: Level
    lower: int
    upper: int
    even: bool  # whether a state and its mirror image are equally good

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the network of a Hamiltonian.

        Raises
        ------
        InputError
            If it has other groups than one Cardinality, or too many couplings.
        """
        _check(hamiltonian)
        # without a count nothing is counted: all sums are 0
        count = hamiltonian.groups[0] if hamiltonian.groups else Cardinality([], 0, 0)
        assert isinstance(count, Cardinality)
        weights, thresholds = hamiltonian.to_sparse(), hamiltonian.thresholds
        unit = integer_unit(weights.data, thresholds)
        total = float(np.abs(weights.data).sum() + np.abs(thresholds).sum())
        if unit is None or total * FINEST_UNIT > unit:
            unit = total * FINEST_UNIT
        size = hamiltonian.num_spins
        moments = np.zeros(size, dtype=np.int64)
        moments[count.members] = 1
        finest = Level(
            weights.indptr.astype(np.int64),
            weights.indices.astype(np.int64),
            np.rint(weights.data / unit).astype(np.int64),
            np.rint(thresholds / unit).astype(np.int64),
            np.ones(size, dtype=np.int64),
            moments,
        )
        lower, upper = (2 * bound - len(count.members) for bound in count.bounds)
        even = lower == -upper and not thresholds.any()
        return cls(hamiltonian, finest, lower, upper, even)

    def distance(self, a: Spins, b: Spins) -> int:
        """Return in how many spins two states differ, mirror images being the same if even."""
        differing = int(np.count_nonzero(a != b))
        return min(differing, len(a) - differing) if self.even else differing

    def level(self, spins: Spins) -> int:
        """Return twice the energy of a state in integers, without the offset."""
        return int(multilevel_chain.energy(self.finest, spins))


def _check(hamiltonian: Hamiltonian) -> None:
    """Refuse what a multilevel search cannot serve."""
    kinds = [type(group).__name__ for group in hamiltonian.groups]
    if kinds not in ([], [Cardinality.__name__]):
        raise InputError(
            f"network must have one Cardinality group for multilevel, got {', '.join(kinds)}. "
            "Choose simulated-annealing."
        )
    explicit = all(isinstance(term, Explicit) for term in hamiltonian.couplings)
    most = MOST_COUPLINGS if explicit else base.MOST_EXPANDED
    pairs = sum(term.num_couplings() for term in hamiltonian.couplings)
    if pairs > most:
        how = "" if explicit else " that are kept as factors"
        raise InputError(
            f"network must have at most {most} couplings{how} for multilevel, got {pairs}. "
            "Choose simulated-annealing."
        )


class Hierarchy(NamedTuple):
    """Contracted networks, with the parents on the coarsest of them."""

    coarsest: Level
    steps: list[tuple[Level, NDArray[np.int64], Spins]]  # the finer level, labels, signs
    parents: Spins


class Pool(NamedTuple):
    """Good states that differ, and the stream of the search that goes on from them.

    Members, their energies and the stream are changed in place.
    """

    network: IntegerNetwork
    members: Spins  # (R, N)
    levels: NDArray[np.int64]  # (R,) energies in integers, by which members are compared
    energies: NDArray[np.float64]  # (R,)
    generator: np.random.Generator
    words: NDArray[np.uint64]
    sweeps: int = 0

    @property
    def converged(self) -> bool:
        """Whether there is nothing to flip; else the next step may find something better."""
        return self.members.size == 0

    def spins(self, replica: int) -> Spins:
        """Return the (N,) state of one member."""
        return np.asarray(self.members[replica].copy())

    def states(self) -> Spins:
        """Return the (R, N) states of all members."""
        return self.members.copy()

    def refine(self, level: Level, spins: Spins, *, exact: bool) -> None:
        """Flip chains of spins in place until a chain brings nothing.

        Unless asked for, clusters may be outside the range by less than one of them, since they
        seldom meet it to the point; for single spins that is not at all.
        """
        tolerance = 0 if exact else max(0, int(level.moments.max()) - 1)
        window = (self.network.lower, self.network.upper, tolerance)
        multilevel_chain.refine(level, spins, window, CHAINS, PATIENCE, self.words)

    def coarsen(self, parents: Spins, largest: int) -> Hierarchy:
        """Return ever smaller networks: only couplings that all parents satisfy are contracted."""
        level, steps = self.network.finest, []
        while len(level.sizes) > COARSEST:
            deadline.check()
            labels, signs, count = contraction.match(level, parents, largest, self.words)
            if count > LEAST_SHRINKAGE * len(level.sizes):
                break
            steps.append((level, labels, signs))
            level = Level(*contraction.contract(level, labels, signs, count))
            coarse = np.empty((len(parents), count), dtype=np.int8)
            coarse[:, labels] = parents * signs
            parents = coarse
        return Hierarchy(level, steps, parents)

    def climb(self, hierarchy: Hierarchy, spins: Spins, *, exact: bool) -> Spins:
        """Return the state of the finest level, refined on every level on the way."""
        for finer, labels, signs in deadline.check_each(reversed(hierarchy.steps)):
            spins = spins[labels] * signs
            self.refine(finer, spins, exact=exact)
        return spins

    def grow(self, parents: Spins) -> Spins:
        """Return a state that is grown from a spin, the best of some, where the parents agree."""
        size = parents.shape[1]
        hierarchy = self.coarsen(parents, max(2, int(LARGEST_SHARE * size / COARSEST)))
        level = hierarchy.coarsest
        best, lowest = np.empty(0, dtype=np.int8), np.inf
        for _ in deadline.check_each(range(TRIES)):
            spins = np.full(len(level.sizes), self.generator.choice([-1, 1]), dtype=np.int8)
            spins[self.generator.integers(len(spins))] *= -1
            self.refine(level, spins, exact=False)
            found = multilevel_chain.energy(level, spins)
            if found < lowest:
                best, lowest = spins, found
        return self.climb(hierarchy, best, exact=False)

    def continue_from(self, parents: Spins) -> Spins:
        """Return a state no worse than the first parent, refined where the parents agree."""
        hierarchy = self.coarsen(parents, parents.shape[1])
        spins = hierarchy.parents[0].copy()
        self.refine(hierarchy.coarsest, spins, exact=True)
        return self.climb(hierarchy, spins, exact=True)

    def restart(self) -> Spins:
        """Return a state that owes nothing to the pool."""
        return self.grow(self.members[:0])

    def recombine(self) -> Spins:
        """Return a state of what two members agree on, the better of them the first parent."""
        a, b = self.generator.choice(len(self.members), 2, replace=False)
        if self.levels[b] < self.levels[a]:
            a, b = b, a
        parents = self.members[[a, b]]
        if self.generator.random() < CONTINUATIONS:
            return self.continue_from(parents)
        return self.grow(parents)

    def fill(self) -> None:
        """Put a new state in the place of the next member, unless that is the only best one."""
        k = self.sweeps
        spins = self.restart()
        level = self.network.level(spins)
        others = np.delete(self.levels, k).min(initial=np.iinfo(np.int64).max)
        if min(level, others) <= self.levels[k] and self.distances(spins).min() > 0:
            self.put(k, spins, level)

    def improve(self) -> None:
        """Make a new state, and put it in the place of the nearest member that is no better."""
        alone = len(self.members) == 1
        new = alone or self.generator.random() < RESTARTS
        spins = self.restart() if new else self.recombine()
        level, distances = self.network.level(spins), self.distances(spins)
        no_better = self.levels >= level
        if no_better.any() and distances.min() > 0:
            self.put(int(np.argmin(np.where(no_better, distances, len(spins) + 1))), spins, level)

    def distances(self, spins: Spins) -> NDArray[np.int64]:
        """Return in how many spins a state differs from each member."""
        return np.array([self.network.distance(spins, member) for member in self.members])

    def put(self, k: int, spins: Spins, level: int) -> None:
        """Replace a member."""
        self.members[k], self.levels[k] = spins, level
        self.energies[k] = self.network.hamiltonian.energy(spins)
