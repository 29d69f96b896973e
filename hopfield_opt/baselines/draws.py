"""Random numbers inside the kernels of baselines.

The cache of a kernel holds the machine code of these two and does not see a change of them: they
stay as they are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import njit


@njit
def draw(s: NDArray[np.uint64]) -> Any:
    """Return 64 random bits by xoshiro256++ (Blackman and Vigna 2019), and step its state (4,)."""
    x = s[0] + s[3]
    output = ((x << np.uint64(23)) | (x >> np.uint64(41))) + s[0]
    shifted = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = (s[3] << np.uint64(45)) | (s[3] >> np.uint64(19))
    return output


@njit
def below(s: NDArray[np.uint64], n: int) -> Any:
    """Return a random number below n."""
    return np.int64(((draw(s) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
