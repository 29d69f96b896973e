"""Seeds and streams: one stream for each fixed group of replicas, never for a thread."""

import secrets

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, show


def check_seed(seed: int | None) -> int:
    """Return the seed itself, or a fresh one where it is None.

    Raises
    ------
    InputError
        If `seed` is neither None nor a non-negative integer.
    """
    if seed is None:
        # 32 bits: short enough to be copied from a result by hand
        return secrets.randbits(32)
    # a span of time is an integer to numpy
    truth_or_time = isinstance(seed, bool | np.timedelta64)
    if truth_or_time or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"seed must be a non-negative integer or None, got {show(seed)}.")
    return int(seed)


def generator(seed: int, *key: int) -> np.random.Generator:
    """Return numpy's generator for the stream `key` of `seed`."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def stream(seed: int, *key: int, words: int) -> NDArray[np.uint64]:
    """Return `words` 64-bit words that start the kernels' stream `key` of `seed`.

    Streams of different keys are independent (numpy's `SeedSequence`).

    Examples
    --------
    >>> bool((stream(1, 0, words=4) == stream(1, 0, words=4)).all())
    True
    >>> bool((stream(1, 0, words=4) == stream(1, 1, words=4)).any())
    False
    """
    return words_of(np.random.SeedSequence(seed, spawn_key=key), words)


def words_of(sequence: np.random.SeedSequence, words: int) -> NDArray[np.uint64]:
    """Return `words` 64-bit words drawn from a seed sequence."""
    return sequence.generate_state(words, np.uint64).astype(np.uint64, copy=False)
