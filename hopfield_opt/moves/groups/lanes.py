"""Where replicas that keep groups stand, and what a tabu search knows of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray


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
