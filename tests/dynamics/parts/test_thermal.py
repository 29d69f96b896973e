"""What holds for every stochastic dynamics, whatever its rule."""

import pickle

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import (
    Glauber,
    HeatBath,
    Metropolis,
    ParallelTempering,
    PopulationAnnealing,
    SimulatedAnnealing,
)

# At temperatures in units of the couplings.
SCALED = {
    "glauber": lambda unit: Glauber(unit),
    "metropolis": lambda unit: Metropolis(unit),
    "heat-bath": lambda unit: HeatBath(unit),
    "tempering": lambda unit: ParallelTempering(
        temperatures=(4 * unit, 2 * unit, unit, unit / 2), isoenergetic=True
    ),
    "tempering-search": lambda unit: ParallelTempering(),
    "population": lambda unit: PopulationAnnealing(temperature=unit),
    "population-search": lambda unit: PopulationAnnealing(population=32),
    "annealing": lambda unit: SimulatedAnnealing(),
    "geometric": lambda unit: SimulatedAnnealing(shape="geometric"),
}
SIGNS = np.random.default_rng(2).choice(np.array([-1, 1], dtype=np.int8), 30)


def network(values="reals", *, offset=0.0):
    """Return a sparse network of 30 spins."""
    rng = np.random.default_rng(1)
    upper = np.triu(rng.random((30, 30)) < 0.15, 1)
    draw = rng.standard_normal if values == "reals" else lambda n: rng.choice([-1.0, 1.0], n)
    upper = upper * draw((30, 30))
    return ho.Hamiltonian(upper + upper.T, draw(30), offset)


def run(dynamics, hamiltonian, parts, start=None):
    """Return the state after the sweeps of all parts."""
    if start is None:
        rng = np.random.default_rng(4)
        start = (2 * rng.integers(0, 2, (64, 30)) - 1).astype(np.int8)
    state = dynamics.init(hamiltonian, start, np.random.SeedSequence(8))
    left = sum(parts)
    for part in parts:
        state = dynamics.advance(state, part, left)
        left -= part
    return state


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
@pytest.mark.parametrize("values", ["signs", "reals"])
def test_blocks_do_not_matter(make, values):
    """However the sweeps are split into calls, states and energies are the same."""
    dynamics, hamiltonian = make(1.0), network(values)
    whole = run(dynamics, hamiltonian, [300])
    split = run(dynamics, hamiltonian, [1, 6, 3, 90, 13, 100, 1, 1, 85])
    assert np.array_equal(whole.states(), split.states())
    assert np.array_equal(whole.energies, split.energies)
    assert np.array_equal(whole.temperatures, split.temperatures)
    assert whole.sweeps == split.sweeps == 300
    assert not whole.converged


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
def test_energies_and_single_states_belong_to_the_states(make):
    """Energies are those of the states, before and after the finish."""
    dynamics, hamiltonian = make(1.0), network(offset=3.0)
    state = run(dynamics, hamiltonian, [128])  # after the last sweep come exchanges of all kinds
    for _ in range(2):
        states = state.states()
        assert state.energies == pytest.approx(hamiltonian.energy(states), abs=1e-10)
        assert all(np.array_equal(states[r], state.spins(r)) for r in (0, 1, 63))
        assert state.temperatures.shape == (64,)
        state = dynamics.finish(state)


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
def test_couplings_and_temperatures_in_another_unit_give_the_same_states(make):
    """Weights times 4 at temperatures times 4: the same trajectory."""
    hamiltonian = network()
    one = run(make(1.0), hamiltonian, [200])
    other = run(make(4.0), hamiltonian.scaled(4.0), [200])
    assert np.array_equal(one.states(), other.states())
    assert np.array_equal(4 * one.energies, other.energies)
    assert np.array_equal(4 * one.temperatures, other.temperatures)


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
def test_an_offset_changes_nothing_but_the_energy(make):
    """With an offset the states are the same."""
    one = run(make(1.0), network("signs"), [200])
    other = run(make(1.0), network("signs", offset=16.0), [200])
    assert np.array_equal(one.states(), other.states())
    assert np.array_equal(one.energies + 16.0, other.energies)


@pytest.mark.parametrize("name", ["glauber", "metropolis", "heat-bath", "tempering", "population"])
def test_gauge_transformed_network_has_gauge_transformed_states(name):
    """Spins renamed from + to - by a pattern of signs move as before, apart from the signs."""
    dynamics, hamiltonian = SCALED[name](1.0), network()
    start = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (64, 30))
    one = run(dynamics, hamiltonian, [100], start)
    other = run(dynamics, hamiltonian.gauge(SIGNS), [100], start * SIGNS)
    assert np.array_equal(one.states() * SIGNS, other.states())


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
@pytest.mark.parametrize("size", [0, 1, 3])
def test_networks_without_couplings(make, size):
    """No spins, one spin, or nothing that couples them: sweeps go on and energies are 0."""
    hamiltonian = ho.Hamiltonian(np.zeros((size, size)))
    dynamics = make(1.0)
    start = np.ones((64, size), dtype=np.int8)
    state = run(dynamics, hamiltonian, [20], start)
    assert dynamics.finish(state).energies.tolist() == [0.0] * 64
    assert state.states().shape == (64, size)


@pytest.mark.parametrize("make", SCALED.values(), ids=SCALED)
def test_a_copied_state_goes_on_as_the_original(make):
    """A state that was pickled is a restart: both go on alike."""
    dynamics, hamiltonian = make(1.0), network()
    state = run(dynamics, hamiltonian, [37])
    copy = pickle.loads(pickle.dumps(state))
    one, other = dynamics.advance(state, 60, 60), dynamics.advance(copy, 60, 60)
    assert np.array_equal(one.states(), other.states())
