"""Energy landscapes and overlaps of all states: items 2.1, 2.2, 2.9 and 2.10."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.physics.enumeration import all_energies, states_of
from hopfield_opt.physics.landscapes import landscape
from hopfield_opt.physics.overlaps import overlaps


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


def local_minima(energies):
    """Return how many states have no lower neighbour, by direct comparison."""
    codes = np.arange(energies.size)
    size = energies.size.bit_length() - 1
    return sum(bool((energies[c] <= energies[c ^ (1 << np.arange(size))]).all()) for c in codes)


def test_2_1_staircase_of_overlaps():
    """Of 12 spins there are 13 levels M = 1 - k / 6, each C(12, k) times (Fig. 4A)."""
    m = overlaps(states_of(np.arange(2**12), 12), spins(0, 12))
    levels, counts = np.unique(m.round(12), return_counts=True)
    np.testing.assert_allclose(levels, 1 - np.arange(12, -1, -1) / 6, atol=1e-12)
    assert counts.tolist() == [math.comb(12, k) for k in range(13)]
    assert counts[6] == 924


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(2, 10))
def test_2_2_energy_is_the_parabola_of_overlaps(seed, num_patterns, size):
    """-N/2 sum M^2 is -1/2 s'Ws with the diagonal, and lies P / 2 below that without."""
    patterns = spins(seed, num_patterns, size)
    states = states_of(np.arange(2**size), size)
    parabola = -size / 2 * (overlaps(states, patterns) ** 2).sum(axis=1)
    np.testing.assert_allclose(parabola, all_energies(hebb(patterns, diagonal=True)), atol=1e-12)
    np.testing.assert_allclose(
        parabola, all_energies(hebb(patterns)) - num_patterns / 2, atol=1e-12
    )


def test_2_9_one_memory_has_two_wells():
    """Levels and multiplicities of N = 10, P = 1, and wells at the memory and its negative."""
    pattern = spins(1, 10)
    energies = all_energies(hebb([pattern]))
    levels, counts = np.unique(energies.round(9), return_counts=True)
    np.testing.assert_allclose(levels, [-4.5, -2.7, -1.3, -0.3, 0.3, 0.5], atol=1e-9)
    assert counts.tolist() == [2, 20, 90, 240, 420, 252]
    wells = landscape(energies)
    found = states_of(np.concatenate(wells.bottoms), 10)
    assert sorted(map(tuple, found)) == sorted([tuple(pattern), tuple(-pattern)])


@given(st.integers(0, 10**6), st.integers(1, 9), st.booleans())
def test_2_9_order_of_the_landscape(seed, size, hebbian):
    """Each state once; each well falls monotonously to its bottom and rises monotonously."""
    random = np.random.default_rng(seed)
    upper = np.triu(random.standard_normal((size, size)), 1)
    energies = all_energies(hebb(spins(seed, 3, size)) if hebbian else upper + upper.T)
    wells = landscape(energies)
    assert sorted(wells.codes.tolist()) == list(range(2**size))
    np.testing.assert_array_equal(wells.energies, energies[wells.codes])
    assert (np.diff(wells.wells) >= 0).all()
    for k in range(wells.num_wells):
        own = wells.energies[wells.wells == k]
        bottom = int(np.argmin(own))
        assert (np.diff(own[: bottom + 1]) <= 1e-12).all()
        assert (np.diff(own[bottom:]) >= -1e-12).all()
    widths = np.bincount(wells.wells, minlength=wells.num_wells)
    for k, bottoms in enumerate(wells.bottoms):
        at = np.flatnonzero(wells.codes == 2**size - 1 - bottoms[0])
        assert widths[k] == widths[wells.wells[at[0]]]  # a well and its mirror image
    if not hebbian and size > 1:  # energies of all states but mirror images differ
        assert wells.num_wells == local_minima(energies)


def test_2_9_plateaus_are_one_well_and_shoulders_none():
    """Connected minima of one energy are one well; a plateau with a way down is none."""
    flat = landscape(np.zeros(8))
    assert flat.num_wells == 1
    assert len(flat.bottoms[0]) == 8
    shoulder = landscape([0.0, 0.0, -1.0, 0.0])  # 0 and 1 are as high, and 0 leads to 2
    assert [part.tolist() for part in shoulder.bottoms] == [[2]]


def test_2_10_average_of_memory_and_noise():
    """The mean of 1000 landscapes of W_rand + W is the Hebb landscape, sqrt(45 / 1000) off."""
    random = np.random.default_rng(2)
    stored = hebb(spins(3, 2, 10))
    upper = np.triu(random.standard_normal((1000, 10, 10)), 1)
    noise = (upper + upper.transpose(0, 2, 1)).mean(axis=0)
    residual = all_energies(stored + noise) - all_energies(stored)
    assert residual.std() == pytest.approx(np.sqrt(45 / 1000), rel=3 / np.sqrt(90))
    assert landscape(all_energies(stored)).num_wells >= 4


@pytest.mark.parametrize("energies", [np.zeros(3), np.zeros((2, 2)), np.zeros(0), [0.0, np.nan]])
def test_energies_are_checked(energies):
    """The energies must be those of all states."""
    with pytest.raises(InputError, match="energies must be"):
        landscape(energies)
