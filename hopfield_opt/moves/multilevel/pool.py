"""Good states of a network, and how new ones are made from them."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Cardinality
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.multilevel.networks import ClusterNetwork, IntegerNetwork, check_couplings
from hopfield_opt.moves.multilevel.partition import PartitionNetwork

Spins = NDArray[np.int8]

# Contraction ends where it no longer gets on.
LEAST_SHRINKAGE = 0.97
# Where a state is grown, a cluster has at most this multiple of the mean size of the coarsest.
LARGEST_SHARE = 1.5
# It is grown so often on the coarsest level.
TRIES = 8
# The share of the steps that start anew although the pool is full, and of the others those that
# go on from the better parent.
RESTARTS = 0.1
CONTINUATIONS = 0.5


def misfit(hamiltonian: Hamiltonian) -> str:
    """Return which groups a network must have for a multilevel search; "" if it has them."""
    if _has_one_count(hamiltonian) or PartitionNetwork.of(hamiltonian) is not None:
        return ""
    return "one Cardinality group, or one-hot groups over labels alike with a range for each label"


def cluster_network(hamiltonian: Hamiltonian) -> ClusterNetwork[Any]:
    """Return a Hamiltonian as a multilevel search sees it.

    Raises
    ------
    InputError
        If its groups are neither one Cardinality nor a partition, or it has too many couplings.
    """
    check_couplings(hamiltonian)
    if _has_one_count(hamiltonian):
        return IntegerNetwork.of(hamiltonian)
    if (found := PartitionNetwork.of(hamiltonian)) is not None:
        return found
    raise InputError(
        f"network must have {misfit(hamiltonian)} for multilevel, got {hamiltonian!r}. "
        "Choose simulated-annealing."
    )


def _has_one_count(hamiltonian: Hamiltonian) -> bool:
    groups = hamiltonian.groups
    return len(groups) < 2 and all(isinstance(group, Cardinality) for group in groups)


class Hierarchy(NamedTuple):
    """Contracted networks, with the parents on the coarsest of them."""

    coarsest: Any
    steps: list[tuple[Any, NDArray[np.int64], Spins]]  # the finer level, labels, signs
    parents: Spins


class Pool(NamedTuple):
    """Good states that differ, and the stream of the search that goes on from them.

    Members, their energies and the stream are changed in place.
    """

    network: ClusterNetwork[Any]
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

    @property
    def size(self) -> int:
        """How large all clusters are together."""
        return int(self.network.finest.sizes.sum())

    def spins(self, replica: int) -> Spins:
        """Return the (N,) spins of one member."""
        return np.asarray(self.network.spins(self.members[replica : replica + 1])[0])

    def states(self) -> Spins:
        """Return the (R, N) spins of all members."""
        return self.network.spins(self.members)

    def refine(self, level: Any, state: Spins, *, exact: bool) -> None:
        """Refine a state in place, within the groups if asked for, else nearly so."""
        self.network.refine(level, state, self.words, exact=exact)

    def coarsen(self, parents: Spins, largest: int) -> Hierarchy:
        """Return ever smaller networks: only couplings that all parents satisfy are contracted."""
        network, steps = self.network, []
        level = network.finest
        while len(level.sizes) > network.coarsest:
            deadline.check()
            labels, signs, count = network.match(level, parents, largest, self.words)
            if count > LEAST_SHRINKAGE * len(level.sizes):
                break
            steps.append((level, labels, signs))
            level = network.contract(level, labels, signs, count)
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
        share = LARGEST_SHARE * self.size / self.network.coarsest
        hierarchy = self.coarsen(parents, max(2, int(share)))
        level = hierarchy.coarsest
        grown = [
            self.network.begin(level, self.generator, self.words)
            for _ in deadline.check_each(range(TRIES))
        ]
        best = min(grown, key=lambda state: self.network.rank(level, state))
        return self.climb(hierarchy, best, exact=False)

    def continue_from(self, parents: Spins) -> Spins:
        """Return a state no worse than the first parent, refined where the parents agree."""
        hierarchy = self.coarsen(parents, self.size)
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
        if not self.network.holds(spins):
            return
        others = np.delete(self.levels, k).min(initial=np.iinfo(np.int64).max)
        if min(level, others) <= self.levels[k] and self.distances(spins).min() > 0:
            self.put(k, spins, level)

    def improve(self) -> None:
        """Make a new state, and put it in the place of the nearest member that is no better."""
        alone = len(self.members) == 1
        new = alone or self.generator.random() < RESTARTS
        spins = self.restart() if new else self.recombine()
        if not self.network.holds(spins):
            return
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
        self.energies[k] = self.network.hamiltonian.energy(self.spins(k))
