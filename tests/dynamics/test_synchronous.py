"""Synchronous dynamics: the periods that theory allows, and which sites flip."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics.synchronous import Synchronous
from hopfield_opt.errors import InputError


def couplings(size, seed, sign):
    """Return random weights with W' = sign W and no diagonal."""
    upper = np.triu(np.random.default_rng(seed).normal(size=(size, size)), 1)
    return upper + sign * upper.T


def starts(count, size, seed=0):
    """Return random states."""
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, size))


def test_symmetric_weights_end_in_periods_of_one_or_two():
    """Goles: symmetric networks end in fixed points and 2-cycles, spin glasses mostly in these."""
    network = ho.Hamiltonian(couplings(51, 1, +1))
    end = ho.run(network, Synchronous(), starts(100, 51), seed=0)
    assert end.status is ho.Status.CONVERGED
    assert set(end.details["periods"].tolist()) <= {1, 2}
    assert (end.details["periods"] == 2).mean() > 0.9


def test_antisymmetric_weights_end_in_period_four():
    """Without thresholds an antisymmetric network returns after 4 sweeps, negated after 2."""
    network = ho.Network(couplings(30, 2, -1))
    end = ho.run(network, "synchronous", starts(50, 30), seed=0)
    assert set(end.details["periods"].tolist()) == {4}
    assert end.details["flipping"].all()
    assert end.energy is None


@pytest.mark.parametrize("sign", [1, -1, 0.3])
def test_period_and_flipping_sites_are_those_of_the_orbit(sign):
    """Period and flipping sites agree with the orbit written out, for weights of any symmetry."""
    size = 12
    network = ho.Network(couplings(size, 3, sign), np.linspace(-0.5, 0.5, size))
    end = ho.run(network, Synchronous(), starts(40, size), 5000, seed=0)
    periods = end.details["periods"]
    assert (periods > 0).all()
    for state, period, flipping in zip(end.states, periods, end.details["flipping"], strict=True):
        orbit = [state]
        while not (len(orbit) > 1 and np.array_equal(orbit[-1], state)):
            orbit.append(np.where(network.local_field(orbit[-1]) > 0, 1, -1))
        assert len(orbit) - 1 == period
        np.testing.assert_array_equal(flipping, (np.array(orbit) != state).any(axis=0))


def test_two_memories_that_share_a_cycle():
    """Started between two patterns the network flips for ever where the patterns differ."""
    first = np.ones(100, dtype=np.int8)
    second = np.where(np.arange(100) < 28, -1, 1).astype(np.int8)
    weights = (np.outer(first, first) + np.outer(second, second)) / 100
    # neurons on which the patterns agree hold those that differ in a seesaw
    weights[:28, :28] = -np.abs(weights[:28, :28]) - 1
    weights[:28, 28:] = weights[28:, :28] = 0
    np.fill_diagonal(weights, 0)
    end = ho.run(ho.Hamiltonian(weights), Synchronous(), first, seed=0)
    assert end.details["periods"].tolist() == [2]
    assert np.flatnonzero(end.details["flipping"][0]).tolist() == list(range(28))


def test_a_field_of_zero_keeps_the_state():
    """Spins without input stay as they are, whatever they are."""
    end = ho.run(ho.Hamiltonian(None, num_spins=3), Synchronous(), [1, -1, 1], seed=0)
    assert end.state.tolist() == [1, -1, 1]
    assert end.details["periods"].tolist() == [1]


def test_a_temperature_below_0_is_refused():
    """0 is the deterministic limit, and less there is none."""
    assert Synchronous(temperature=0.0) == Synchronous()
    with pytest.raises(InputError, match="temperature must be at least 0, got -0.5"):
        Synchronous(temperature=-0.5)
