"""Population annealing: free energies, samples, families, ground states."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import PopulationAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut


def anneal(dynamics, network, sweeps, seed, start):
    """Return the population after an anneal."""
    state = dynamics.init(network, start, np.random.SeedSequence(seed))
    return dynamics.advance(state, sweeps, sweeps)


@pytest.mark.parametrize("values", ["signs", "reals"])
def test_free_energy_is_the_enumerated_one(boltzmann, values):
    """The mean over populations meets ln Z within its error, and not that of another beta."""
    network = boltzmann.free(values, 10)
    temperature = 0.8
    dynamics = PopulationAnnealing(population=2048, temperature=temperature)
    start = boltzmann.start(network, 2048)
    found = np.array([anneal(dynamics, network, 80, seed, start).free_energy for seed in range(16)])
    levels = boltzmann.levels(network) + network.offset

    def exact(temperature):
        low = levels.min()
        return low - temperature * np.log(np.exp(-(levels - low) / temperature).sum())

    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - exact(temperature)) < 4 * error
    assert abs(found.mean() - exact(1.1 * temperature)) > 8 * error
    assert error < 0.01


def test_last_population_follows_the_law(boltzmann):
    """With a given temperature the end is a sample at it, and finish leaves it so."""
    network = boltzmann.free("reals")
    dynamics = PopulationAnnealing(population=20_480, temperature=1.25)
    state = anneal(dynamics, network, 64, 1, boltzmann.start(network, 20_480))
    states = dynamics.finish(state).states()
    assert boltzmann.p_value(network, 1 / 1.25, states) > 1e-3
    assert boltzmann.p_value(network, 1.2 / 1.25, states) < 1e-6
    assert state.temperatures.tolist() == [1.25] * 20_480


@pytest.mark.parametrize("kind", ["one-hot", "cardinality", "linear", "product"])
def test_groups_are_kept_and_sampled(boltzmann, kind):
    """With groups the population follows the law over feasible states; ln Z stays unknown."""
    network = boltzmann.grouped_network(kind)
    temperature = 0.5 if kind == "product" else 2.5
    dynamics = PopulationAnnealing(population=1024, temperature=temperature)
    state = anneal(dynamics, network, 64, 3, boltzmann.start(network, 1024))
    assert boltzmann.p_value(network, 1 / temperature, state.states()) > 1e-3
    assert boltzmann.p_value(network, 1.4 / temperature, state.states()) < 1e-6
    assert np.isnan(state.free_energy)
    # relative to the mean over the states, the estimate is there
    levels = boltzmann.levels(network)
    levels = levels[np.isfinite(levels)]
    exact = np.log(np.exp(-(levels - levels.mean()) / temperature).mean())
    assert state.log_mean + levels.mean() / temperature == pytest.approx(exact, abs=0.15)


def test_resampling_copies_by_weight(boltzmann):
    """Each replica gets the expected number of copies, rounded up or down."""
    network = boltzmann.free("reals")
    dynamics = PopulationAnnealing(population=200)
    state = dynamics.init(network, boltzmann.start(network, 200), np.random.SeedSequence(0))
    energies, states = state.energies.copy(), state.states()
    after = state.cool(0.2)
    weights = np.exp(-0.2 * energies)
    expected = 200 * weights / weights.sum()
    copies = np.bincount(after.families, minlength=200)
    assert (np.abs(copies - expected) < 1).all()
    assert np.array_equal(after.states(), states[after.families])
    assert after.log_mean == pytest.approx(np.log(weights.mean()))
    later = after.cool(0.5)
    assert np.array_equal(later.states(), states[later.families])
    assert after.effective_families < state.effective_families == pytest.approx(200)


def test_start_is_forgotten():
    """At infinite temperature every spin is drawn afresh: a uniform population."""
    network = ho.compile(MaxCut.random(40, p=0.2, seed=0)).hamiltonian
    start = np.ones((2048, network.num_spins), dtype=np.int8)
    state = PopulationAnnealing().init(network, start, np.random.SeedSequence(0))
    assert np.abs(state.states().mean(axis=0)).max() < 5 / np.sqrt(2048)
    assert state.free_energy == -np.inf
    assert state.sweeps == 0


def test_temperature_never_rises_where_the_end_moves_away(boltzmann):
    """If the horizon grows the temperature waits for it."""
    network = boltzmann.free("reals")
    dynamics = PopulationAnnealing(population=64)
    state = dynamics.init(network, boltzmann.start(network, 64), np.random.SeedSequence(0))
    state = dynamics.advance(state, 80, 100)
    before = state.betas[0]
    state = dynamics.advance(state, 80, 10_000)
    assert state.betas[0] == before
    state = dynamics.advance(state, 5000, 5000)
    assert state.betas[0] > before


def test_search_finds_the_known_cut():
    """A search ends in minima, the best of them optimal."""
    ring = MaxCut([(i, (i + 1) % 20) for i in range(20)])
    result = ho.solve(ring, method="population-annealing", seed=0, sweeps=400)
    assert result.value == 20.0


@pytest.mark.parametrize(
    "options", [{"population": 0}, {"temperature": 0.0}, {"temperature": np.nan}]
)
def test_options_are_checked(options):
    """An empty population and a temperature that is none are refused by name."""
    with pytest.raises(InputError, match=f"{next(iter(options))} must be"):
        PopulationAnnealing(**options)
