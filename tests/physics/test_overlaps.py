"""Overlaps: the textbook sum, in every combination of shapes."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.physics.overlaps import overlaps


def test_overlaps_are_the_mean_products():
    """An overlap is (1/N) sum xi s, for one or several states and patterns."""
    g = np.random.default_rng(0)
    states, patterns = g.choice([-1, 1], (4, 9)), g.choice([-1, 1], (3, 9))
    expected = np.array([[np.mean(x * s) for x in patterns] for s in states])
    np.testing.assert_allclose(overlaps(states, patterns), expected)
    np.testing.assert_allclose(overlaps(states[0], patterns), expected[0])
    np.testing.assert_allclose(overlaps(states, patterns[1]), expected[:, 1])
    assert overlaps(states[0], patterns[1]) == pytest.approx(expected[0, 1])


def test_sizes_must_agree():
    """A state of another size is refused."""
    with pytest.raises(InputError, match="shape"):
        overlaps([1, 1], [[1, 1, 1]])
