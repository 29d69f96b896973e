"""Seeds and streams."""

import numpy as np
import pytest

from hopfield_opt import rng
from hopfield_opt.errors import InputError


def test_seed_is_kept_or_drawn():
    """An integer is taken as it is; None draws a fresh one."""
    assert rng.check_seed(7) == 7
    assert rng.check_seed(np.int64(7)) == 7
    assert rng.check_seed(None) != rng.check_seed(None)


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True])
def test_other_seeds_are_refused(seed):
    """A seed is a non-negative integer."""
    with pytest.raises(InputError, match="seed must be a non-negative integer"):
        rng.check_seed(seed)


def test_streams_of_different_keys_differ():
    """Every key has its own stream, the same one each time."""
    streams = {tuple(rng.stream(3, *key, words=4).tolist()) for key in [(0,), (1,), (0, 0), (0, 1)]}
    assert len(streams) == 4
    assert np.array_equal(rng.stream(3, 1, words=4), rng.stream(3, 1, words=4))
    assert rng.generator(3, 1).integers(10**9) == rng.generator(3, 1).integers(10**9)
