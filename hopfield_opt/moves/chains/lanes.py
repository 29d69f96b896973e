"""Where replicas that move by chains stand, and the room that a chain needs."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import SpinArray
from hopfield_opt.moves.chains import chain_state


class Lanes(NamedTuple):
    """Replicas, a row of each array for each; the kernels change them in place.

    Attributes
    ----------
    states : (R, N) int8
        The spins.
    fields : (R, N) float64
        Local fields.
    totals : (R, M) float64
        Sums of the rows.
    steps : (R, 2 M) float32
        By how much one more, or one less, violates each row.
    listed, slots : (R, nnz) int32
        The entries of each row, the high ones first, and the place of each entry.
    highs : (R, M) int32
        How many entries of each row are high.
    reach : (R, 2) float64
        What accepted chains have cost on their way beyond their end, and before others followed.
    """

    states: SpinArray
    fields: NDArray[np.float64]
    totals: NDArray[np.float64]
    steps: NDArray[np.float32]
    listed: NDArray[np.int32]
    slots: NDArray[np.int32]
    highs: NDArray[np.int32]
    reach: NDArray[np.float64]


@dataclass(eq=False)
class ChainLanes:
    """Replicas, the room for a chain, and the proposals made so far."""

    arrays: Lanes
    chain: chain_state.Chain
    clock: int = 0

    @property
    def states(self) -> SpinArray:
        """(R, N) the spins."""
        return self.arrays.states

    def copy(self) -> "ChainLanes":
        """Return lanes that do not change with these; the room holds nothing between chains."""
        copies: Any = [array.copy() for array in self.arrays]
        return ChainLanes(Lanes(*copies), self.chain, self.clock)
