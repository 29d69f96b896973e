"""A block of units after another, all replicas side by side: decisions within the block.

Everything outside of a block is felt through matrix products; only what the units of one block
do to each other is followed unit by unit.
"""

from typing import Any

import numpy as np

from hopfield_opt.jit import njit
from hopfield_opt.moves.decisions import accepts_flip

# Words of the random stream (xoshiro256++).
RNG_WORDS = 4


@njit
def decide(
    weights: Any, field: Any, spins: Any, betas: Any, heat_bath: bool, words: Any, steps: Any
) -> int:
    """Ask the units of a block in all replicas, and return how many flips were made.

    Parameters
    ----------
    weights : (B, B) float
        Between the units of the block; zero diagonal.
    field : (B, R) float
        Local fields; kept true in place for units that are still to be asked.
    spins : (B, R) int8
        Changed in place.
    betas : (R,) float64
        Inverse temperatures; infinite is the deterministic rule.
    heat_bath : bool
        Instead of Metropolis.
    words : (4,) uint64
        The random stream; changed in place.
    steps : (B, R) float
        Set to the change of each spin: -2, 0 or 2.
    """
    flips = 0
    for i in range(spins.shape[0]):
        for r in range(spins.shape[1]):
            steps[i, r] = 0
            change = 2.0 * spins[i, r] * field[i, r]
            if betas[r] == np.inf:
                flip = change < 0.0
            else:
                flip = accepts_flip(change, betas[r], heat_bath, words)
            if flip:
                flips += 1
                spins[i, r] = -spins[i, r]
                step = field.dtype.type(2 * spins[i, r])
                steps[i, r] = step
                for j in range(i + 1, spins.shape[0]):
                    field[j, r] += weights[i, j] * step
    return flips
