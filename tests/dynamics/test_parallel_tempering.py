"""Parallel tempering samples every temperature, and finds ground states."""

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import ParallelTempering
from hopfield_opt.errors import InputError
from hopfield_opt.physics.enumeration import ground_states
from hopfield_opt.problems import MaxCut

TEMPERATURES = (4.0, 2.5, 1.6, 1.0)


def torus(side, seed):
    """Return a cubic +-1 torus as a cut problem."""
    graph = nx.grid_graph((side,) * 3, periodic=True)
    signs = np.random.default_rng(seed).choice([-1, 1], graph.number_of_edges())
    for (_, _, data), sign in zip(graph.edges(data=True), signs.tolist(), strict=True):
        data["weight"] = sign
    return MaxCut(graph)


@pytest.mark.parametrize(
    ("kernel", "values", "clusters"),
    [
        ("neighbours", "signs", True),
        ("neighbours", "reals", True),
        ("neighbours", "reals", False),
        ("rows", "reals", True),
        ("lists", "integers", True),
        ("terms", "kronecker", None),
    ],
)
def test_every_temperature_is_sampled(boltzmann, monkeypatch, kernel, values, clusters):
    """At the coldest and the hottest temperature states follow the law, and not the others'."""
    network = boltzmann.served_network(monkeypatch, values, kernel)
    dynamics = ParallelTempering(temperatures=TEMPERATURES, isoenergetic=clusters)
    replicas, looks = (640, 32) if kernel == "terms" else (4096, 10)
    states, temperatures = boltzmann.samples(dynamics, network, replicas, looks, gap=16)
    for temperature, wrong in ((1.0, 1.6), (1.6, 1.0), (4.0, 2.5)):
        chosen = states[np.isclose(temperatures, temperature)]
        assert len(chosen) == replicas // 4 * looks
        assert boltzmann.p_value(network, 1 / temperature, chosen) > 1e-3
        assert boltzmann.p_value(network, 1 / wrong, chosen) < 1e-6


@pytest.mark.parametrize("kind", ["one-hot", "cardinality", "linear", "product"])
def test_groups_are_kept_and_sampled(boltzmann, kind):
    """With groups the coldest and the hottest replicas follow the law over feasible states."""
    network = boltzmann.grouped_network(kind)
    ladder = (1.0, 0.5) if kind == "product" else (4.0, 2.0)
    dynamics = ParallelTempering(temperatures=ladder)
    states, temperatures = boltzmann.samples(dynamics, network, 240, 24, gap=16)
    for temperature, wrong in (ladder, ladder[::-1]):
        chosen = states[np.isclose(temperatures, temperature)]
        assert boltzmann.p_value(network, 1 / temperature, chosen) > 1e-3
        assert boltzmann.p_value(network, 1 / wrong, chosen) < 1e-6


def test_exchange_frees_what_is_stuck(boltzmann):
    """Two deep minima far apart: with hot replicas on the ladder the cold visit both evenly."""
    size = 8
    network = ho.Hamiltonian(np.ones((size, size)) - np.eye(size))
    start = np.ones((64, size), dtype=np.int8)
    alone, ladder = (0.6,), (20.0, 8.0, 4.0, 0.6)
    shares = []
    for temperatures in (alone, ladder):
        dynamics = ParallelTempering(temperatures=temperatures, isoenergetic=False)
        state = dynamics.init(network, start, np.random.SeedSequence(1))
        found = []
        for _ in range(40):
            state = dynamics.advance(state, 50, 1)
            cold = state.temperatures < 1
            found.append((state.states()[cold].sum(axis=1) > 0).mean())
        shares.append(np.mean(found))
    assert shares[0] == 1.0
    assert 0.3 < shares[1] < 0.7


@pytest.mark.parametrize("seed", range(3))
def test_ground_state_of_small_spin_glass(seed):
    """On 3 x 3 x 3 spins the search finds the enumerated minimum, with any cluster option."""
    problem = torus(3, seed)
    hamiltonian = ho.compile(problem).hamiltonian
    exact = ground_states(hamiltonian.to_dense(), offset=hamiltonian.offset).energy
    for clusters in (None, True, False):
        method = ParallelTempering(isoenergetic=clusters)
        result = ho.solve(problem, method=method, sweeps=300, replicas=64, seed=seed)
        assert result.energy == exact
        assert result.energies[0] == exact


def test_temperatures_of_a_search_are_adapted_and_then_stay():
    """Exchange rates become alike, and the ladder stands after about a thousand exchanges."""
    hamiltonian = ho.compile(torus(6, 0)).hamiltonian
    dynamics = ParallelTempering(num_temperatures=16)
    start = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (64, 216))
    state = dynamics.init(hamiltonian, start, np.random.SeedSequence(0))
    linear = state.ladder.betas
    assert state.ladder.holders.shape == (4, 16)
    state = dynamics.advance(state, 9000, 1)
    assert state.ladder.rounds == 0
    assert not np.allclose(linear, state.ladder.betas)
    stands = state.ladder.betas
    state = dynamics.advance(state, 4000, 1)
    assert np.array_equal(stands, state.ladder.betas)
    rates = state.ladder.accepted / state.ladder.asked
    assert rates.min() > 0.6 * rates.max()


@pytest.mark.parametrize(
    ("replicas", "ladders"), [(64, 8), (8, 1), (7, 1), (1, 1), (40, 5), (41, 1)]
)
def test_any_number_of_replicas_makes_ladders(replicas, ladders):
    """Ladders of one length take all replicas; what does not fill them lengthens them."""
    hamiltonian = ho.compile(torus(3, 1)).hamiltonian
    start = np.ones((replicas, 27), dtype=np.int8)
    state = ParallelTempering(num_temperatures=8).init(
        hamiltonian, start, np.random.SeedSequence(0)
    )
    assert state.ladder.holders.shape == (ladders, replicas // ladders)
    assert sorted(state.ladder.holders.ravel().tolist()) == list(range(replicas))
    after = ParallelTempering(num_temperatures=8).advance(state, 40, 40)
    assert after.energies.shape == (replicas,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_temperatures": 0}, "num_temperatures must be at least 1"),
        ({"temperatures": ()}, "temperatures must be positive"),
        ({"temperatures": (1.0, 0.0)}, "temperatures must be positive"),
        ({"temperatures": (1.0,), "num_temperatures": 3}, "num_temperatures must be None"),
    ],
)
def test_options_are_checked(options, message):
    """Ladders that make no sense are refused by name."""
    with pytest.raises(InputError, match=message):
        ParallelTempering(**options)


def test_what_does_not_fit_the_network_is_refused(boltzmann):
    """Clusters on groups, and replicas that do not fill given temperatures, are errors."""
    network = boltzmann.grouped_network("one-hot")
    seed = np.random.SeedSequence(0)
    with pytest.raises(InputError, match="isoenergetic must be False"):
        ParallelTempering(isoenergetic=True).init(network, boltzmann.start(network, 8), seed)
    with pytest.raises(InputError, match="replicas must be a multiple of the 3 temperatures"):
        ParallelTempering(temperatures=(1, 2, 3)).init(network, boltzmann.start(network, 8), seed)


def test_energies_are_those_of_the_states_after_any_number_of_sweeps():
    """Also right after clusters were exchanged; a sample stays where its last sweep left it."""
    network = ho.compile(torus(3, 1)).hamiltonian
    dynamics = ParallelTempering(temperatures=TEMPERATURES, isoenergetic=True)
    start = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (64, network.num_spins))
    state = dynamics.init(network, start, np.random.SeedSequence(1))
    for _ in range(20):
        state = dynamics.advance(state, 1, 1)
        np.testing.assert_allclose(state.energies, network.energy(state.states()), atol=1e-9)
    np.testing.assert_array_equal(dynamics.finish(state).states(), state.states())
