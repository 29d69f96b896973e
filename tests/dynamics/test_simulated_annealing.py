"""Simulated annealing: which temperatures, and where it ends."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import SimulatedAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut


def hamiltonian(seed=0):
    """Return a cut of a random graph as a network."""
    return ho.compile(MaxCut.random(60, p=0.2, seed=seed)).hamiltonian


def begin(dynamics, network, replicas=64):
    """Return a state at the start."""
    draw = np.random.default_rng(0).integers(0, 2, (replicas, network.num_spins))
    start = (2 * draw - 1).astype(np.int8)
    return dynamics.init(network, start, np.random.SeedSequence(0))


@pytest.mark.parametrize("shape", ["linear", "geometric"])
def test_temperature_falls_to_the_end_of_the_horizon(shape):
    """From the hot end to the ties, whatever the shape."""
    dynamics, network = SimulatedAnnealing(shape=shape), hamiltonian()
    state = begin(dynamics, network)
    schedule = state.schedule
    assert state.temperatures == pytest.approx(np.full(64, 1 / schedule.hot))
    anneal = []
    for left in range(400, 0, -1):
        state = dynamics.advance(state, 1, left)
        anneal.append(float(state.temperatures[0]))
    assert (np.diff(anneal) <= 0).all()
    assert anneal[0] == pytest.approx(1 / schedule.hot, rel=0.2)
    assert anneal[len(anneal) * 88 // 100] == pytest.approx(1 / schedule.cold, rel=0.2)
    assert anneal[-1] < 0.2 / schedule.cold


@pytest.mark.parametrize("shape", ["linear", "geometric"])
def test_end_is_a_local_minimum(shape):
    """No single flip lowers the energy of any state of the result."""
    network = hamiltonian(1)
    method = SimulatedAnnealing(shape=shape)
    result = ho.solve(network, method=method, sweeps=30, replicas=64, seed=2)
    fields = network.local_field(result.states)
    assert (result.states * fields >= 0).all()


def test_unknown_shape_is_an_error():
    """A shape that does not exist is named, with the nearest."""
    with pytest.raises(InputError, match="Did you mean 'geometric'"):
        SimulatedAnnealing(shape="geometrical")
