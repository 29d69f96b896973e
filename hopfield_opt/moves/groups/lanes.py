"""Where replicas that keep groups stand, and what a tabu search knows of them."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray


@dataclass(eq=False)
class GroupedLanes:
    """Replicas that keep the groups; the kernel changes the arrays in place.

    Attributes
    ----------
    states : (R, N) int8
        The spins.
    lists : (R, ...) int32
        Where the groups stand: members that are on, places of permutations.
    fields : (R, ...) float64
        Local fields, forms and sums of the Linear groups.
    clock : int
        Sweeps done: the fields are computed afresh on a fixed grid of them.
    """

    states: SpinArray
    lists: NDArray[np.int32]
    fields: FloatArray
    clock: int = 0

    @classmethod
    def at(cls, states: SpinArray, widths: tuple[int, int]) -> Self:
        """Return lanes at states (R, N) with room for lists and fields, which are not filled."""
        lists = np.zeros((len(states), widths[0]), np.int32)
        fields = np.zeros((len(states), widths[1]))
        return cls(np.array(states, dtype=np.int8, order="C"), lists, fields)

    @property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All arrays that go with a replica."""
        return self.states, self.lists, self.fields

    def part(self, words: WordArray, part: slice) -> tuple[NDArray[Any], ...]:
        """Return what kernels change of some replicas, their streams included, as views."""
        return self.states[part], self.lists[part], self.fields[part], words[part]

    def copy(self) -> "GroupedLanes":
        """Return lanes that do not change with these."""
        return GroupedLanes(self.states.copy(), self.lists.copy(), self.fields.copy(), self.clock)


@dataclass(eq=False)
class TabuMemory:
    """What a tabu search knows besides the states; changed in place.

    Attributes
    ----------
    expires : (R, N) int64
        The iteration from which a spin may turn again.
    energies, lowest : (R,) float64
        Of the current and of the best states, without offset.
    best : (R, N) int8
        The best states met.
    clock : int
        Iterations done.
    """

    expires: IntArray
    energies: FloatArray
    lowest: FloatArray
    best: SpinArray
    clock: int = 0

    @classmethod
    def at(cls, states: SpinArray, energies: FloatArray) -> Self:
        """Return what is known at states (R, N) with energies (R,)."""
        return cls(np.zeros(states.shape, np.int64), energies, energies.copy(), states.copy())
