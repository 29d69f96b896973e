"""What a layout is: all that a dynamics may ask of the moves that serve a network."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.couplings import Factored, Kronecker

# The kinds of couplings that some kernels take as they came. All others are expanded.
KEPT = (Factored, Kronecker)
# These, too, are expanded for the fast kernels up to so many entries; beyond, moves that leave them
# as they are take over.
MOST_EXPANDED = 4_000_000
# A descent flips each spin a few times; the cap only guards float rounding.
MOST_DESCENT_SWEEPS = 1000
# Where moves are drawn or dear the last gains may take ages: so many proposals at the most.
MOST_DEAR_PROPOSALS = 500_000


class Levels(NamedTuple):
    """The unit in which a kernel counts energies, and whether all of them are whole in it."""

    unit: float
    whole: bool


class TabuEngine(Protocol):
    """Moves that undo no recent one, with the books that they need; only it looks inside."""

    def start(self, states: SpinArray, words: WordArray) -> Any:
        """Return the memory of searches that begin at states (R, N)."""
        ...

    def search(self, memory: Any, words: WordArray, iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        ...

    def best(self, memory: Any) -> tuple[SpinArray, NDArray[Any]]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        ...


class Layout(ABC):
    """Couplings, thresholds and groups as one kernel wants them, and replicas in its order.

    What the methods call lanes are the replicas in that order; only the layout looks inside.

    Attributes
    ----------
    dear : bool
        Whether proposals are drawn or cost much: descents are then ended earlier.
    """

    dear: ClassVar[bool] = False

    @abstractmethod
    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""

    @abstractmethod
    def allocate(self, states: SpinArray, rng: WordArray) -> Any:
        """Return the lanes that begin at states (R, N), repaired where a group asks for it."""

    @abstractmethod
    def extract(self, lanes: Any, replicas: int) -> SpinArray:
        """Return the states (R, N) of the first `replicas`."""

    @abstractmethod
    def spins(self, lanes: Any, replica: int) -> SpinArray:
        """Return the state (N,) of one replica."""

    @abstractmethod
    def sweep_block(
        self, lanes: Any, betas: FloatArray, rng: WordArray, rule: int = 0, order: int = 0
    ) -> FloatArray:
        """Sweep in place at betas (S, 1) or (S, R); return energies without the offset."""

    @abstractmethod
    def select(self, lanes: Any, parents: IntArray) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""

    @abstractmethod
    def assign(self, lanes: Any, spins: SpinArray) -> None:
        """Give every replica the state `spins` (N,), in place."""

    @abstractmethod
    def costs(self, lanes: Any, rng: WordArray) -> FloatArray:
        """Return what proposals (R, K) at states reached from the lanes cost; nan where none."""

    def betas(self) -> tuple[float, float] | None:
        """Return inverse temperatures, hot and cold; None: they follow from the costs."""
        return None

    def feasible_start(self, states: SpinArray, rng: WordArray) -> SpinArray | None:
        """Return `states` (R, N) repaired, so that all groups hold; None if none was found."""
        return states

    def levels(self) -> Levels | None:
        """Return in what the kernel counts energies; None where it has no unit."""
        return None

    def most_descent_sweeps(self, num_spins: int) -> int:
        """Return after how many sweeps a descent is ended that has not come to rest."""
        most = MOST_DEAR_PROPOSALS // max(1, num_spins) if self.dear else MOST_DESCENT_SWEEPS
        return int(np.clip(most, 4, MOST_DESCENT_SWEEPS))
