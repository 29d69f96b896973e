"""Cluster recombination: what is merged, and the search around it."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.couplings import Factored
from hopfield_opt.errors import InputError
from hopfield_opt.moves.single.clusters import merge
from hopfield_opt.problems import MaxCut


def network(size, density, seed, *, biased):
    """Return a random sparse network with integer weights, with or without thresholds."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-3, 4, (size, size)), 1)
    upper = upper * (generator.random((size, size)) < density)
    thresholds = generator.integers(-2, 3, size) * biased
    return ho.Hamiltonian((upper + upper.T).astype(float), thresholds)


def merge_into(hamiltonian, incumbent, lanes, seed=1):
    """Return the merged incumbent and the change of energy that the kernel reports."""
    weights = hamiltonian.to_sparse()
    incumbent = incumbent.copy()
    change = merge(
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int64),
        weights.data,
        hamiltonian.thresholds.copy(),
        incumbent,
        np.ascontiguousarray(lanes),
        not hamiltonian.thresholds.any(),
        rng.stream(seed, words=4),
    )
    return incumbent, change


@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([0.05, 0.15, 0.5]))
def test_merge_is_the_best_choice_of_clusters_of_one_replica(seed, biased, density):
    """With one replica the result is the best of all 2^k choices among its k clusters."""
    hamiltonian = network(12, density, seed, biased=biased)
    incumbent, other = np.random.default_rng(seed + 1).choice([-1, 1], (2, 12)).astype(np.int8)
    if not biased and incumbent @ other < 0:
        other = -other
    after, change = merge_into(hamiltonian, incumbent, other[None])
    assert hamiltonian.energy(after) == hamiltonian.energy(incumbent) + change

    graph = nx.from_numpy_array(hamiltonian.to_dense())
    clusters = list(nx.connected_components(graph.subgraph(np.flatnonzero(incumbent != other))))
    best = np.inf
    for choice in range(2 ** len(clusters)):
        state = incumbent.copy()
        for k, cluster in enumerate(clusters):
            if choice >> k & 1:
                state[list(cluster)] *= -1
        best = min(best, hamiltonian.energy(state))
    assert hamiltonian.energy(after) == best


@given(st.integers(0, 10**6), st.booleans())
def test_merged_is_at_least_as_good_as_every_replica(seed, biased):
    """The incumbent ends no higher than itself and every single replica."""
    hamiltonian = network(30, 0.08, seed, biased=biased)
    states = np.random.default_rng(seed).choice([-1, 1], (9, 30)).astype(np.int8)
    after, change = merge_into(hamiltonian, states[0], states[1:])
    assert change <= 0
    assert hamiltonian.energy(after) <= hamiltonian.energy(states).min()


def test_mirror_image_differs_nowhere():
    """Without thresholds a state and its mirror image are the same: nothing is flipped."""
    hamiltonian = network(20, 0.2, 3, biased=False)
    state = np.random.default_rng(0).choice([-1, 1], 20).astype(np.int8)
    after, change = merge_into(hamiltonian, state, -state[None])
    assert change == 0
    assert np.array_equal(after, state)


@pytest.mark.parametrize("seed", range(3))
def test_search_beats_its_own_first_anneal(seed):
    """On a +-1 torus the rounds lower what the first anneal found."""
    graph = nx.grid_2d_graph(60, 60, periodic=True)
    signs = np.random.default_rng(seed).choice([-1, 1], graph.number_of_edges())
    for (_, _, data), sign in zip(graph.edges(data=True), signs.tolist(), strict=True):
        data["weight"] = sign
    problem = MaxCut(graph)
    whole = ho.solve(problem, method="cluster-search", seed=seed, sweeps=800)
    first = ho.solve(problem, method="simulated-annealing", seed=seed, sweeps=200)
    assert whole.value > first.value
    assert whole.energy == ho.compile(problem).hamiltonian.energy(whole.state)


def test_blocks_do_not_matter(monkeypatch):
    """However the sweeps are split into calls, the lineages are the same."""
    problem = MaxCut.random(200, p=0.02, seed=1)
    whole = ho.solve(problem, method="cluster-search", seed=4, sweeps=900, n_jobs=2)
    monkeypatch.setattr("hopfield_opt.driver.clock.Pace.BLOCK_SECONDS", 0.0)
    single = ho.solve(problem, method="cluster-search", seed=4, sweeps=900, n_jobs=1)
    assert np.array_equal(whole.states, single.states)


def test_couplings_kept_as_factors_are_refused():
    """Clusters need the bonds one by one; the message names a method that does not."""
    network = ho.Hamiltonian(Factored(np.ones((1, 3000))))  # 4.5 million couplings
    with pytest.raises(InputError, match="Choose simulated-annealing"):
        ho.solve(network, method="cluster-search", sweeps=1, seed=0)


def test_energies_hold_the_diagonals_of_squares():
    """What squares add to every energy is there, whole in the unit of the couplings or not."""
    rows = np.array([[1, 1, 0, 2, 0, 1], [0, 1, 1, 0, 1, 0]])
    hamiltonian = ho.Hamiltonian(Factored(rows, [0.5, 1.0]), offset=0.25)
    result = ho.solve(hamiltonian, method="cluster-search", sweeps=20, seed=0, progress=False)
    assert result.energy == hamiltonian.energy(result.state)
    assert result.energies.tolist() == hamiltonian.energy(result.states).tolist()
