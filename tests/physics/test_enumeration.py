"""The Gray-code enumeration against brute force over all states."""

import itertools
import time
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.physics import enumeration, gray_code
from hopfield_opt.physics.enumeration import all_energies, ground_states, states_of


@st.composite
def instances(draw, largest=9, numbers=None):
    """Return symmetric weights with zero diagonal, thresholds or None, and an offset."""
    size = draw(st.integers(0, largest))
    numbers = st.integers(-4, 4) if numbers is None else numbers
    weights = np.zeros((size, size))
    for i, j in itertools.combinations(range(size), 2):
        weights[i, j] = weights[j, i] = draw(numbers)
    thresholds = draw(st.none() | st.lists(numbers, min_size=size, max_size=size))
    return weights, thresholds, draw(numbers)


def brute_force(weights, thresholds, offset):
    """Return all states in the order of their codes, and their energies by the formula."""
    size = len(weights)
    # the last factor of a product runs fastest, the first spin has the smallest bit
    states = np.array(list(itertools.product((-1, 1), repeat=size)), dtype=float)
    states = states.reshape(2**size, size)[:, ::-1]
    linear = 0.0 if thresholds is None else states @ np.array(thresholds, dtype=float)
    energies = -0.5 * ((states @ weights) * states).sum(axis=1) + linear + offset
    return states, energies


@given(instances())
def test_integers_are_exact(instance):
    """Minimum, all ground states and all energies are those of the formula, bit by bit."""
    states, energies = brute_force(*instance)
    assert np.array_equal(all_energies(*instance), energies)
    found = ground_states(*instance)
    assert found.energy == energies.min()
    assert np.array_equal(found.states, states[energies == energies.min()])
    assert found.count == len(found.states)
    assert found.complete
    assert found.states.dtype == np.int8


@given(instances(), st.sampled_from([0, 1, 2, 3]), st.sampled_from([1, 4, 2**16]))
def test_the_result_does_not_depend_on_the_blocks(instance, low, block):
    """Any number of tabulated spins and any size of block give the same."""
    expected, energies = ground_states(*instance), all_energies(*instance)
    with mock.patch.multiple(gray_code, LOW_SPINS=low, BLOCK=max(block, 2**low)):
        found = ground_states(*instance)
        assert np.array_equal(all_energies(*instance), energies)
    assert found.energy == expected.energy
    assert np.array_equal(found.states, expected.states)
    assert found.count == expected.count


@given(instances(numbers=st.integers(-(10**4), 10**4).map(lambda number: number / 1000)))
def test_floats(instance):
    """With any weights the energies are those of the formula up to rounding."""
    states, energies = brute_force(*instance)
    assert np.allclose(all_energies(*instance), energies, rtol=0, atol=1e-12)
    found = ground_states(*instance)
    assert found.energy == pytest.approx(energies.min(), abs=1e-12)
    listed = {tuple(state) for state in found.states.tolist()}
    assert {tuple(state) for state in states[energies < energies.min() + 1e-15]} <= listed
    assert {tuple(state) for state in states[energies < energies.min() + 1e-9]} >= listed


def test_more_spins_than_are_tabulated():
    """Twelve and thirteen spins, with and without thresholds, where the Gray code flips."""
    rng = np.random.default_rng(5)
    for size in (11, 12, 13):
        weights = np.triu(rng.integers(-3, 4, (size, size)), 1).astype(float)
        weights += weights.T
        for thresholds in (None, rng.integers(-2, 3, size)):
            states, energies = brute_force(weights, thresholds, 0.25)
            assert np.array_equal(all_energies(weights, thresholds, 0.25), energies)
            found = ground_states(weights, thresholds, 0.25)
            assert np.array_equal(found.states, states[energies == energies.min()])


def test_ties_of_floats_are_found():
    """States that are equal but for rounding count as equal: a ring of couplings 0.1 and 0.3."""
    weights = np.zeros((6, 6))
    for i in range(6):
        weights[i, (i + 1) % 6] = weights[(i + 1) % 6, i] = -0.1 if i % 2 else -0.3
    weights[0, 3] = weights[3, 0] = 0.7
    states, energies = brute_force(weights, None, 0.0)
    expected = states[energies < energies.min() + 1e-9]
    assert np.array_equal(ground_states(weights).states, expected)


def test_large_integers_are_told_apart():
    """Energies that differ by one in 2^50 are different."""
    weights = np.array([[0.0, 2**50, 0], [2**50, 0, 1], [0, 1, 0]])
    found = ground_states(weights)
    assert found.energy == -(2**50) - 1
    assert found.count == 2


def test_known_ground_states():
    """Published by hand: a ferromagnet, an odd and an even antiferromagnetic ring."""
    ferromagnet = ground_states(np.ones((5, 5)) - np.eye(5))
    assert (ferromagnet.energy, ferromagnet.count) == (-10.0, 2)
    for size, energy, count in ((9, -7.0, 18), (10, -10.0, 2), (20, -20.0, 2)):
        ring = np.zeros((size, size))
        for i in range(size):
            ring[i, (i + 1) % size] = ring[(i + 1) % size, i] = -1
        found = ground_states(ring)
        assert (found.energy, found.count) == (energy, count)


def test_the_diagonal_is_a_constant():
    """A diagonal adds the same to all energies."""
    weights = np.array([[2.0, 1], [1, 4]])
    assert all_energies(weights).tolist() == [-4.0, -2.0, -2.0, -4.0]


def test_no_spins():
    """The empty network has one state, with the offset as its energy."""
    found = ground_states(np.empty((0, 0)), offset=1.5)
    assert (found.energy, found.count, found.states.shape) == (1.5, 1, (1, 0))
    assert all_energies([]).tolist() == [0.0]


def test_many_ground_states_are_counted_and_not_all_listed():
    """Beyond the limit ground states are counted only."""
    with mock.patch.object(enumeration, "MAX_STATES", 100):
        for thresholds in (None, [0.0] * 11 + [1.0]):
            found = ground_states(np.zeros((12, 12)), thresholds)
            assert found.count == (2**12 if thresholds is None else 2**11)
            assert len(found.states) == 100
            assert len({tuple(state) for state in found.states.tolist()}) == 100
            assert thresholds is None or (found.states[:, -1] == -1).all()


def test_deadline():
    """After the deadline the best state so far is returned, and is said to be that."""
    rng = np.random.default_rng(1)
    weights = np.triu(rng.normal(size=(26, 26)), 1)
    weights += weights.T
    found = ground_states(weights, deadline=time.monotonic() - 1)
    assert not found.complete
    state = found.states[0].astype(float)
    assert found.energy == pytest.approx(-0.5 * state @ weights @ state)
    assert found.energy > ground_states(weights).energy
    assert ground_states(weights[:8, :8], deadline=time.monotonic() - 1).complete


def test_the_arrays_are_left_alone():
    """Neither the weights nor the thresholds are changed, and read-only ones are fine."""
    weights, thresholds = np.array([[3.0, 1], [1, 3]]), np.array([1.0, 0])
    for array in (weights, thresholds):
        array.flags.writeable = False
    ground_states(weights, thresholds)
    assert weights[0, 0] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.zeros((2, 3)),), r"weights must be a square matrix, got shape \(2, 3\)"),
        ((np.zeros((31, 31)),), "weights must be of at most 30 spins"),
        (([[0, 1], [2, 0]],), r"weights must be symmetric, got 1 and 2 at \[0, 1\]"),
        (([[0, np.nan], [np.nan, 0]],), "weights must be finite, got nan"),
        (([[0, 1], [1, 0]], [1]), r"thresholds must have shape \(2,\), got \(1,\)"),
        (([[0, 1], [1, 0]], [1, np.inf]), "thresholds must be finite"),
        (([[0, 1], [1, 0]], None, np.nan), "offset must be finite"),
        (([[0, 1e308], [1e308, 0]], [1e308, 1e308]), "weights must have a finite sum"),
    ],
)
def test_bad_input(arguments, message):
    """Each argument is checked by name."""
    with pytest.raises(InputError, match=message):
        ground_states(*arguments)


def test_all_energies_of_too_many():
    """The list of all energies has a lower limit of its own."""
    with pytest.raises(InputError, match="at most 24 spins"):
        all_energies(np.zeros((25, 25)))


def test_codes():
    """Bit i of a code is spin i."""
    assert states_of([5], 4).tolist() == [[1, -1, 1, -1]]
    assert states_of([0], 0).shape == (1, 0)
