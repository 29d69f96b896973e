"""Random numbers inside kernels: xoshiro256++ (Blackman and Vigna 2021).

A stream is four words, changed in place; `rng.stream` starts one. What is short is inlined.

References
----------
D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
Mathematical Software 47 (2021), article 36.
"""

from typing import Any

import numpy as np

from hopfield_opt.jit import inlined, njit


@inlined
def draw(words: Any) -> Any:
    """Return 64 random bits."""
    total = words[0] + words[3]
    bits = ((total << np.uint64(23)) | (total >> np.uint64(41))) + words[0]
    shifted = words[1] << np.uint64(17)
    words[2] ^= words[0]
    words[3] ^= words[1]
    words[1] ^= words[2]
    words[0] ^= words[3]
    words[2] ^= shifted
    words[3] = (words[3] << np.uint64(45)) | (words[3] >> np.uint64(19))
    return bits


@inlined
def below(bits: Any, n: Any) -> Any:
    """Return a number in 0 .. n - 1 from the high 32 of 64 random bits."""
    return np.int64(((bits >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@inlined
def uniform(words: Any) -> Any:
    """Return a multiple of 2^-53 in [0, 1)."""
    return np.float64(draw(words) >> np.uint64(11)) * 2.0**-53


@inlined
def inner(words: Any) -> Any:
    """Return an odd multiple of 2^-54 in (0, 1)."""
    return (np.float64(draw(words) >> np.uint64(11)) + 0.5) * 2.0**-53


@njit
def shuffle(items: Any, words: Any) -> None:
    """Put an array into a random order, in place."""
    for last in range(len(items) - 1, 0, -1):
        other = int(uniform(words) * (last + 1))
        items[last], items[other] = items[other], items[last]
