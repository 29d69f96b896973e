"""What a multilevel search asks of a network, and networks with one count that is kept."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.couplings import Explicit
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Cardinality
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import base
from hopfield_opt.moves.multilevel import contraction
from hopfield_opt.moves.multilevel import refinement as multilevel_chain
from hopfield_opt.moves.multilevel.contraction import Level
from hopfield_opt.moves.plans import integer_unit

Ints = NDArray[np.int64]
Bytes = NDArray[np.int8]
Words = NDArray[np.uint64]

# Contraction ends at about so many clusters.
COARSEST = 60
# Chains of one refinement, and flips of a chain after its best state.
CHAINS = 12
PATIENCE = 120
# Where there is no unit of which all weights are multiples, they are rounded to this share of
# their sum, which is below the rounding of an energy.
FINEST_UNIT = 2.0**-56
# A dense network is contracted in a step or two, and each of its flips costs a row.
MOST_COUPLINGS = 20_000_000


class Sized(Protocol):
    """A network of clusters, of whatever kind."""

    @property
    def sizes(self) -> Ints:
        """How many original ones are in each."""
        ...


LevelT = TypeVar("LevelT", bound=Sized)


class ClusterNetwork(ABC, Generic[LevelT]):
    """A Hamiltonian as a multilevel search sees it: states of bytes, on levels of clusters.

    Attributes
    ----------
    hamiltonian : Hamiltonian
        What the energies are of.
    finest : level
        The network of single ones.
    coarsest : int
        At about how many clusters contraction ends.
    """

    hamiltonian: Hamiltonian
    finest: LevelT

    @property
    def coarsest(self) -> int:
        """At about how many clusters contraction ends."""
        return COARSEST

    @abstractmethod
    def start(self, spins: Bytes, generator: np.random.Generator, words: Words) -> Bytes:
        """Return the state of spins (N,), within the groups if possible."""

    @abstractmethod
    def spins(self, states: Bytes) -> Bytes:
        """Return the spins (R, N) of states (R, n)."""

    @abstractmethod
    def holds(self, state: Bytes) -> bool:
        """Whether a state of the finest level may be an answer."""

    @abstractmethod
    def distance(self, a: Bytes, b: Bytes) -> int:
        """Return by how much two states differ."""

    @abstractmethod
    def level(self, state: Bytes) -> int:
        """Return twice the energy of a state in integers, without the offset."""

    @abstractmethod
    def match(
        self, level: LevelT, parents: Bytes, largest: int, words: Words
    ) -> tuple[Ints, Bytes, int]:
        """Return which clusters become one: labels, signs, and how many there will be."""

    @abstractmethod
    def contract(self, level: LevelT, labels: Ints, signs: Bytes, count: int) -> LevelT:
        """Return the network of the new clusters."""

    @abstractmethod
    def refine(self, level: LevelT, state: Bytes, words: Words, *, exact: bool) -> None:
        """Refine a state in place; within the groups if asked for, else nearly so."""

    @abstractmethod
    def begin(self, level: LevelT, generator: np.random.Generator, words: Words) -> Bytes:
        """Return a state of the coarsest level that is grown from nothing."""

    @abstractmethod
    def rank(self, level: LevelT, state: Bytes) -> Any:
        """Return a key that sorts states of a level, best first."""


def whole_units(*arrays: NDArray[np.float64]) -> list[Ints]:
    """Return numbers in a unit of which all are multiples, rounded if there is none."""
    unit = integer_unit(*arrays)
    total = float(sum(np.abs(array).sum() for array in arrays))
    if unit is None or total * FINEST_UNIT > unit:
        unit = total * FINEST_UNIT or 1.0
    return [np.rint(array / unit).astype(np.int64) for array in arrays]


@dataclass(frozen=True, eq=False)
class IntegerNetwork(ClusterNetwork[Level]):
    """A Hamiltonian in integers, with the range of the sum over the spins that are counted."""

    hamiltonian: Hamiltonian
    finest: Level
    lower: int
    upper: int
    even: bool  # whether a state and its mirror image are equally good

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the network of a Hamiltonian with one Cardinality group, or none."""
        # without a count nothing is counted: all sums are 0
        count = hamiltonian.groups[0] if hamiltonian.groups else Cardinality([], 0, 0)
        assert isinstance(count, Cardinality)
        weights, thresholds = hamiltonian.to_sparse(), hamiltonian.thresholds
        couplings, own = whole_units(weights.data, thresholds)
        size = hamiltonian.num_spins
        moments = np.zeros(size, dtype=np.int64)
        moments[count.members] = 1
        finest = Level(
            weights.indptr.astype(np.int64),
            weights.indices.astype(np.int64),
            couplings,
            own,
            np.ones(size, dtype=np.int64),
            moments,
        )
        lower, upper = (2 * bound - len(count.members) for bound in count.bounds)
        even = lower == -upper and not thresholds.any()
        return cls(hamiltonian, finest, lower, upper, even)

    def distance(self, a: Bytes, b: Bytes) -> int:
        """Return in how many spins two states differ, mirror images being the same if even."""
        differing = int(np.count_nonzero(a != b))
        return min(differing, len(a) - differing) if self.even else differing

    def level(self, spins: Bytes) -> int:
        """Return twice the energy of a state in integers, without the offset."""
        return self.rank(self.finest, spins)

    def start(self, spins: Bytes, generator: np.random.Generator, words: Words) -> Bytes:
        """Return the spins (N,), refined."""
        state = np.array(spins, dtype=np.int8)
        self.refine(self.finest, state, words, exact=True)
        return state

    def spins(self, states: Bytes) -> Bytes:
        """Return the spins (R, N): these are the states."""
        return states.copy()

    def holds(self, state: Bytes) -> bool:
        """Return True: chains lead into the range wherever there is a way."""
        return True

    def match(
        self, level: Level, parents: Bytes, largest: int, words: Words
    ) -> tuple[Ints, Bytes, int]:
        """Return pairs whose couplings are satisfied in all parents."""
        found: tuple[Ints, Bytes, int] = contraction.match(level, parents, largest, words)
        return found

    def contract(self, level: Level, labels: Ints, signs: Bytes, count: int) -> Level:
        """Return the network of the new clusters."""
        return Level(*contraction.contract(level, labels, signs, count))

    def refine(self, level: Level, state: Bytes, words: Words, *, exact: bool) -> None:
        """Flip chains of spins in place until a chain brings nothing.

        Unless asked for, clusters may be outside the range by less than one of them, since they
        seldom meet it to the point; for single spins that is not at all.
        """
        tolerance = 0 if exact else max(0, int(level.moments.max()) - 1)
        window = (self.lower, self.upper, tolerance)
        multilevel_chain.refine(level, state, window, CHAINS, PATIENCE, words)

    def begin(self, level: Level, generator: np.random.Generator, words: Words) -> Bytes:
        """Return a state that is grown from a spin."""
        spins = np.full(len(level.sizes), generator.choice([-1, 1]), dtype=np.int8)
        spins[generator.integers(len(spins))] *= -1
        self.refine(level, spins, words, exact=False)
        return spins

    def rank(self, level: Level, state: Bytes) -> int:
        """Return twice the energy: states of a level are about as far out of range."""
        return int(multilevel_chain.energy(level, state))


def check_couplings(hamiltonian: Hamiltonian) -> None:
    """Refuse more couplings than can be contracted."""
    explicit = all(isinstance(term, Explicit) for term in hamiltonian.couplings)
    most = MOST_COUPLINGS if explicit else base.MOST_EXPANDED
    pairs = sum(term.num_couplings() for term in hamiltonian.couplings)
    if pairs > most:
        how = "" if explicit else " that are kept as factors"
        raise InputError(
            f"network must have at most {most} couplings{how} for multilevel, got {pairs}. "
            "Choose simulated-annealing."
        )
