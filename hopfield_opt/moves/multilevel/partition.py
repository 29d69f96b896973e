"""Networks that are partitions: one-hot groups over the same labels, a range of weight for each."""

import copy
from dataclasses import dataclass
from typing import Any, Self
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hopfield_opt.groups import Linear, OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.multilevel import contraction, parts
from hopfield_opt.moves.multilevel.contraction import Level
from hopfield_opt.moves.multilevel.networks import CHAINS, PATIENCE, ClusterNetwork, whole_units
from hopfield_opt.moves.multilevel.parts import Parts
from hopfield_opt.moves.multilevel.refinement import refine
from hopfield_opt.moves.multilevel.transfers import transfer
from hopfield_opt.moves.plans import integer_unit

Ints = NDArray[np.int64]
Labels = NDArray[np.int8]
Words = NDArray[np.uint64]

# Labels are bytes.
MOST_PARTS = 127
# The coarsest network has so many clusters for each part.
CLUSTERS_A_PART = 15


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the spins of a partition stand, and what its parts may weigh.

    Attributes
    ----------
    spins : (n, k) int64
        The spin of each vertex and label.
    weights : (n,) int64
        What each vertex weighs.
    lower, upper : (k,) int64
        The range of the weight of each part.
    """

    spins: Ints
    weights: Ints
    lower: Ints
    upper: Ints

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> Self | None:
        """Return the frame of a network, None where its groups are no partition.

        All spins stand in one-hot groups of one size k, and k rows with as many members hold
        them all, each with one member of every group, whose weight is the same in each row.
        """
        hots = [group for group in hamiltonian.groups if isinstance(group, OneHot)]
        rows = [group for group in hamiltonian.groups if isinstance(group, Linear)]
        size, count, num_spins = len(hots), len(rows), hamiltonian.num_spins
        if not 2 <= count <= MOST_PARTS or size + count != len(hamiltonian.groups):
            return None
        if any(len(group.indices) != count for group in hots) or size * count != num_spins:
            return None
        if any(len(row.indices) != size for row in rows):
            return None
        vertex = np.empty(num_spins, np.int64)
        vertex[np.concatenate([group.indices for group in hots])] = np.repeat(range(size), count)
        spins, weights = np.full((size, count), -1), np.empty((size, count))
        for label, row in enumerate(rows):
            spins[vertex[row.indices], label] = row.indices
            weights[vertex[row.indices], label] = row.coefficients
        if len(np.unique(spins)) < num_spins or (spins < 0).any():
            return None
        if (weights[:, 0] <= 0).any() or (weights != weights[:, :1]).any():
            return None
        unit = integer_unit(weights[:, 0])
        if unit is None:
            return None
        whole = np.rint(weights[:, 0] / unit).astype(np.int64)
        total = int(whole.sum())
        ends = np.array([(row.lower, row.upper) for row in rows]) / unit
        ends = np.clip(ends, -1, total + 1)  # whatever is out of reach
        lower = np.ceil(ends[:, 0] - parts.ROUNDING).astype(np.int64)
        upper = np.floor(ends[:, 1] + parts.ROUNDING).astype(np.int64)
        return cls(spins, whole, lower, upper)


def _bonds_of(hamiltonian: Hamiltonian, frame: Frame) -> tuple[scipy.sparse.csr_array, Ints] | None:
    """Return bonds (n, n) and costs (n, k) in whole units, None where labels are not alike."""
    size, count = frame.spins.shape
    matrix: Any = scipy.sparse.coo_array(scipy.sparse.csr_array(hamiltonian.weights))
    costs = 2 * (hamiltonian.thresholds + np.asarray(matrix.sum(axis=1)).ravel())
    vertex, label = np.empty(costs.shape, np.int64), np.empty(costs.shape, np.int64)
    vertex[frame.spins], label[frame.spins] = np.arange(size)[:, None], np.arange(count)
    row, column = matrix.coords
    apart = (vertex[row] < vertex[column]) & (matrix.data != 0)
    row, column = row[apart], column[apart]
    whole, linear = whole_units(-4 * matrix.data[apart], costs)
    same = label[row] == label[column]
    key = vertex[row] * size + vertex[column]
    pairs = np.unique(key)
    found = []
    for kind, number in ((same, count), (~same, count * (count - 1))):
        own, at, counts = np.unique(key[kind], return_inverse=True, return_counts=True)
        values = np.zeros(len(own), np.int64)
        values[at] = whole[kind]
        if (counts != number).any() or (values[at] != whole[kind]).any():
            return None
        total = np.zeros(len(pairs), np.int64)
        total[np.searchsorted(pairs, own)] = values
        found.append(total)
    place = (pairs // max(1, size), pairs % max(1, size))
    half = scipy.sparse.coo_array((found[1] - found[0], place), shape=(size, size)).tocsr()
    linear = linear[frame.spins]
    return half + half.T, linear - linear.min(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class PartitionNetwork(ClusterNetwork[Parts]):
    """A Hamiltonian whose states are partitions, in integers; its states are labels (n,).

    Attributes
    ----------
    hamiltonian : Hamiltonian
        With the groups that are kept.
    frame : Frame
        Where its spins stand.
    finest : Parts
        The network.
    alike : bool
        Whether a partition with other names of its parts is equally good.
    """

    hamiltonian: Hamiltonian
    frame: Frame
    finest: Parts
    alike: bool

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> "PartitionNetwork | None":
        """Return the network of a Hamiltonian; None where it is no partition.

        The energy has to be a sum over pairs of vertices that depends only on whether they are
        in one part, and over vertices. To see that takes a look at all couplings, and several ask.
        """
        if hamiltonian not in _known:
            # of a copy: what is kept for a network must not prolong its life
            _known[hamiltonian] = cls._read(copy.copy(hamiltonian))
        return _known[hamiltonian]

    @classmethod
    def _read(cls, hamiltonian: Hamiltonian) -> "PartitionNetwork | None":
        frame = Frame.of(hamiltonian)
        found = None if frame is None else _bonds_of(hamiltonian, frame)
        if frame is None or found is None:
            return None
        bonds, costs = found
        size = len(frame.weights)
        graph = Level(
            bonds.indptr.astype(np.int64),
            bonds.indices.astype(np.int64),
            bonds.data.astype(np.int64),
            np.zeros(size, np.int64),
            frame.weights,
            frame.weights,
        )
        ends = np.unique(np.stack([frame.lower, frame.upper]), axis=1)
        alike = not costs.any() and ends.shape[1] == 1
        return cls(hamiltonian, frame, Parts(graph, costs, frame.lower, frame.upper), alike)

    @property
    def coarsest(self) -> int:
        """At about how many clusters contraction ends."""
        return max(super().coarsest, CLUSTERS_A_PART * len(self.frame.lower))

    def first(self) -> Labels:
        """Return a state that is within all ranges where that is easy, as with equal weights."""
        order = np.argsort(-self.frame.weights, kind="stable")
        return np.asarray(parts.pack(self.finest, order), np.int8)

    def start(
        self, spins: NDArray[np.int8], generator: np.random.Generator, words: Words
    ) -> Labels:
        """Return the labels of spins (N,), repaired where a group does not hold.

        It is not refined: from states far off that takes longer than to grow one.
        """
        on, ties = spins[self.frame.spins] > 0, generator.random(self.frame.spins.shape)
        labels = np.asarray((on + ties).argmax(axis=1), np.int8)
        parts.rebalance(self.finest, labels)
        return labels if self.holds(labels) else self.first()

    def spins(self, states: Labels) -> NDArray[np.int8]:
        """Return the spins (R, N) of labels (R, n)."""
        found = np.full((len(states), self.hamiltonian.num_spins), -1, np.int8)
        on = self.frame.spins[np.arange(states.shape[1]), states]
        np.put_along_axis(found, on, 1, axis=1)
        return found

    def holds(self, state: Labels) -> bool:
        """Whether a state is within all ranges."""
        return bool(parts.excess(self.finest, state, 0) == 0)

    def distance(self, a: Labels, b: Labels) -> int:
        """Return how many vertices are elsewhere, whatever parts are called if they are alike."""
        if not self.alike:
            return int(np.count_nonzero(a != b))
        count = len(self.frame.lower)
        shared = np.bincount(a.astype(np.int64) * count + b, minlength=count * count)
        shared = shared.reshape(count, count)
        return len(a) - int(shared[linear_sum_assignment(shared, maximize=True)].sum())

    def level(self, state: Labels) -> int:
        """Return twice the energy of a state in integers, but for a constant."""
        return int(parts.energy(self.finest, state))

    def match(
        self, level: Parts, parents: Labels, largest: int, words: Words
    ) -> tuple[Ints, Labels, int]:
        """Return pairs of clusters that all parents have in one part."""
        together = level.graph._replace(weights=np.maximum(level.graph.weights, 0))
        found: tuple[Ints, Labels, int] = contraction.match(together, parents, largest, words)
        return found

    def contract(self, level: Parts, labels: Ints, signs: Labels, count: int) -> Parts:
        """Return the network of the clusters."""
        graph = Level(*contraction.contract(level.graph, labels, signs, count))
        costs = np.zeros((count, level.costs.shape[1]), np.int64)
        if level.costs.any():
            np.add.at(costs, labels, level.costs)
        return level._replace(graph=graph, costs=costs)

    def refine(self, level: Parts, state: Labels, words: Words, *, exact: bool) -> None:
        """Refine a state in place; within the ranges unless clusters may be too large for it."""
        tolerance = 0 if exact else self._tolerance(level)
        if parts.excess(level, state, tolerance):
            parts.rebalance(level, state)
        limits = (tolerance, CHAINS, PATIENCE)
        transfer(level, state, limits, words)
        parts.refine_pairs(level, state, limits, words)

    def begin(self, level: Parts, generator: np.random.Generator, words: Words) -> Labels:
        """Return a state that is bisected again and again, each time grown from a cluster."""
        labels = np.zeros(len(level.sizes), np.int8)
        self._bisect(level, labels, (0, len(level.lower)), generator, words)
        self.refine(level, labels, words, exact=False)
        return labels

    def rank(self, level: Parts, state: Labels) -> tuple[int, int]:
        """Return a key that sorts states, best first."""
        outside = parts.excess(level, state, self._tolerance(level))
        return int(outside), int(parts.energy(level, state))

    def _tolerance(self, level: Parts) -> int:
        if level is self.finest:
            return 0
        return max(0, int(level.graph.moments.max()) - 1)

    def _bisect(
        self,
        level: Parts,
        labels: Labels,
        own: tuple[int, int],
        generator: np.random.Generator,
        words: Words,
    ) -> None:
        """Spread the clusters of a part over the labels of a range."""
        first, last = own
        members = np.flatnonzero(labels == first)
        if last - first < 2 or len(members) == 0:
            return
        middle = (first + last) // 2
        graph = parts.extract(level.graph, members, np.full(len(labels), -1))
        total = int(graph.moments.sum())
        lower = [int(level.lower[a:b].sum()) for a, b in ((first, middle), (middle, last))]
        upper = [int(level.upper[a:b].sum()) for a, b in ((first, middle), (middle, last))]
        low, high = max(lower[0], total - upper[1]), min(upper[0], total - lower[1])
        if low > high:
            low = high = total * (middle - first) // (last - first)
        window = (2 * low - total, 2 * high - total, self._tolerance(level))
        spins = np.full(len(members), generator.choice([-1, 1]), dtype=np.int8)
        spins[generator.integers(len(spins))] *= -1
        refine(graph, spins, window, CHAINS, PATIENCE, words)
        labels[members[spins < 0]] = middle
        for half in ((first, middle), (middle, last)):
            self._bisect(level, labels, half, generator, words)


_known: WeakKeyDictionary[Hamiltonian, PartitionNetwork | None] = WeakKeyDictionary()
