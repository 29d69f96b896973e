"""Simulated annealing: which temperatures, and where it ends."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import SimulatedAnnealing
from hopfield_opt.dynamics.simulated_annealing import MOST_PILOT, PILOT_SHARE
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut


def hamiltonian(seed=0):
    """Return a cut of a random graph as a network."""
    return ho.compile(MaxCut.random(60, p=0.2, seed=seed)).hamiltonian


def begun(dynamics, network, replicas=64):
    """Return a state at the start."""
    draw = np.random.default_rng(0).integers(0, 2, (replicas, network.num_spins))
    start = (2 * draw - 1).astype(np.int8)
    return dynamics.init(network, start, np.random.SeedSequence(0))


@pytest.mark.parametrize("shape", ["linear", "geometric", "adaptive"])
def test_temperature_falls_to_the_end_of_the_horizon(shape):
    """From the hot end to the ties, whatever the shape; an adaptive one falls twice."""
    dynamics, network = SimulatedAnnealing(shape=shape), hamiltonian()
    state = begun(dynamics, network)
    schedule = state.schedule
    assert state.temperatures == pytest.approx(np.full(64, 1 / schedule.hot))
    found = []
    for left in range(400, 0, -1):
        state = dynamics.advance(state, 1, left)
        found.append(float(state.temperatures[0]))
    first = int(PILOT_SHARE * 400) if shape == "adaptive" else 0
    anneal = np.array(found[first:])
    assert (np.diff(anneal) <= 0).all()
    assert anneal[0] == pytest.approx(1 / schedule.hot, rel=0.2)
    assert anneal[len(anneal) * 88 // 100] == pytest.approx(1 / schedule.cold, rel=0.2)
    assert anneal[-1] < 0.2 / schedule.cold
    if first:
        assert (np.diff(found[:first]) < 0).all()
        assert len(state.schedule.knots) > 0


def test_adaptive_temperatures_move_at_constant_speed():
    """Steps of beta times the fluctuation there are alike; those of a linear schedule are not."""
    dynamics, network = SimulatedAnnealing(shape="adaptive"), hamiltonian(3)
    state = begun(dynamics, network)
    state = dynamics.advance(state, 400, 4000)
    assert state.pilot is None
    betas = state.schedule.betas(np.linspace(0, 0.9, 9))
    fluctuation = []
    for beta in (betas[1:] + betas[:-1]) / 2:
        energies = []
        sample = begun(ho.dynamics.HeatBath(1 / beta), network)
        for _ in range(20):
            sample = ho.dynamics.HeatBath(1 / beta).advance(sample, 10, 10)
            energies.append(sample.energies)
        fluctuation.append(np.std(energies[5:]))
    speed = np.diff(betas) * fluctuation
    assert speed.max() < 1.4 * speed.min()
    assert max(fluctuation) > 2 * min(fluctuation)


def test_short_anneal_is_short():
    """The anneal that measures takes a tenth of the sweeps, or as many as are allowed."""
    dynamics, network = SimulatedAnnealing(shape="adaptive"), hamiltonian()
    for horizon, length in ((500, 50), (100_000, MOST_PILOT), (1, 1)):
        state = dynamics.advance(begun(dynamics, network), 1, horizon)
        assert state.length == length


@pytest.mark.parametrize("replicas", [1, 3])
def test_adaptive_anneal_works_with_few_replicas_and_groups(replicas):
    """One replica fluctuates in time; groups are kept."""
    method = SimulatedAnnealing(shape="adaptive")
    ring = MaxCut([(i, (i + 1) % 12) for i in range(12)])
    assert ho.solve(ring, method=method, replicas=replicas, sweeps=2000, seed=0).value == 12.0
    tour = ho.problems.TravellingSalesman.random(8, seed=1)
    result = ho.solve(tour, method=method, replicas=replicas, sweeps=300, seed=0)
    assert result.feasible


@pytest.mark.parametrize("shape", ["linear", "geometric", "adaptive"])
def test_end_is_a_local_minimum(shape):
    """No single flip lowers the energy of any state of the result."""
    network = hamiltonian(1)
    method = SimulatedAnnealing(shape=shape)
    result = ho.solve(network, method=method, sweeps=30, replicas=64, seed=2)
    fields = network.local_field(result.states)
    assert (result.states * fields >= 0).all()


def test_unknown_shape_is_an_error():
    """A shape that does not exist is named, with the nearest."""
    with pytest.raises(InputError, match="Did you mean 'adaptive'"):
        SimulatedAnnealing(shape="adaptiv")
