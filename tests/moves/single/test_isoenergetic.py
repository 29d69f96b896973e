"""Cluster moves of two replicas: what is exchanged, and what stays."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.moves.single.isoenergetic import exchange_clusters


def network(size, seed, *, biased):
    """Return a random sparse network with real weights."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.standard_normal((size, size)), 1)
    upper = upper * (generator.random((size, size)) < 2 / size)
    return ho.Hamiltonian(upper + upper.T, generator.standard_normal(size) * biased)


def exchange(hamiltonian, states, seed):
    """Return the states after a move of replicas 0 and 1."""
    weights = hamiltonian.to_sparse()
    lanes = np.ascontiguousarray(states.T)
    exchange_clusters(
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int64),
        lanes,
        np.array([[0, 1]]),
        not hamiltonian.thresholds.any(),
        rng.stream(seed, words=4),
    )
    return lanes.T


@given(st.integers(0, 10**6), st.booleans())
def test_sum_of_energies_and_overlap_stay(seed, biased):
    """Both energies together stay, and so does the product of the two states; others rest."""
    hamiltonian = network(24, seed, biased=biased)
    states = np.random.default_rng(seed).choice([-1, 1], (3, 24)).astype(np.int8)
    after = exchange(hamiltonian, states, seed + 1)
    before_sum = hamiltonian.energy(states[:2]).sum()
    assert hamiltonian.energy(after[:2]).sum() == pytest.approx(before_sum, abs=1e-9)
    assert np.array_equal(after[0] * after[1], states[0] * states[1])
    assert np.array_equal(after[2], states[2])


@given(st.integers(0, 10**6), st.booleans())
def test_whole_clusters_are_exchanged(seed, biased):
    """What changed is a union of clusters in which the replicas, or the mirror image, differ."""
    hamiltonian = network(24, seed, biased=biased)
    states = np.random.default_rng(seed).choice([-1, 1], (2, 24)).astype(np.int8)
    mirror = -1 if not biased and states[0] @ states[1] < 0 else 1
    after = exchange(hamiltonian, states, seed + 1)
    changed = set(np.flatnonzero(after[0] != states[0]).tolist())
    assert changed == set(np.flatnonzero(after[1] != states[1]).tolist())
    differ = np.flatnonzero(states[0] * states[1] != mirror)
    graph = nx.from_numpy_array(hamiltonian.to_dense()).subgraph(differ.tolist())
    for cluster in nx.connected_components(graph):
        assert cluster <= changed or not cluster & changed
        changed -= cluster
    assert not changed


@pytest.mark.parametrize("size", [1, 2])
def test_each_cluster_goes_with_probability_one_half(size):
    """Of many clusters of one spin, or of two that are coupled, half are exchanged."""
    cluster = np.ones((size, size)) - np.eye(size)
    hamiltonian = ho.Hamiltonian(np.kron(np.eye(2000 // size), cluster), np.ones(2000))
    states = np.stack([np.ones(2000), -np.ones(2000)]).astype(np.int8)
    share = (exchange(hamiltonian, states, 12345)[0] < 0).mean()
    assert share == pytest.approx(0.5, abs=0.05)
