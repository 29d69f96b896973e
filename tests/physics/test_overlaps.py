"""Overlaps: the textbook sum, in every combination of shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.physics.overlaps import overlaps, spin_products


def test_overlaps_are_the_mean_products():
    """An overlap is (1/N) sum xi s, for one or several states and patterns."""
    g = np.random.default_rng(0)
    states, patterns = g.choice([-1, 1], (4, 9)), g.choice([-1, 1], (3, 9))
    expected = np.array([[np.mean(x * s) for x in patterns] for s in states])
    np.testing.assert_allclose(overlaps(states, patterns), expected)
    np.testing.assert_allclose(overlaps(states[0], patterns), expected[0])
    np.testing.assert_allclose(overlaps(states, patterns[1]), expected[:, 1])
    assert overlaps(states[0], patterns[1]) == pytest.approx(expected[0, 1])


@settings(max_examples=60)
@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 200), st.integers(0, 10**6))
def test_products_of_spins_are_those_of_integers(states, patterns, size, seed):
    """However many words a row takes, and whichever of both are more."""
    g = np.random.default_rng(seed)
    s, p = g.choice([-1, 1], (states, size)), g.choice(np.array([-1.0, 1.0]), (patterns, size))
    products = spin_products(s, p)
    assert np.array_equal(products, s @ p.astype(int).T)
    assert products.flags.c_contiguous


def test_sizes_must_agree():
    """A state of another size is refused."""
    with pytest.raises(InputError, match="shape"):
        overlaps([1, 1], [[1, 1, 1]])
