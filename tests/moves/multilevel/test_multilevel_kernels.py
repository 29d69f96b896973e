"""Contraction: what becomes of energies, sums and parents."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.groups import Cardinality
from hopfield_opt.moves.multilevel import contraction, refinement
from hopfield_opt.moves.multilevel.contraction import Level
from hopfield_opt.moves.multilevel.pool import IntegerNetwork


def network(size, seed):
    """Return a random network with weights of both signs and a count over most of its spins."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-4, 5, (size, size)), 1)
    upper = upper * (generator.random((size, size)) < 0.3)
    counted = generator.permutation(size)[:-2]
    group = Cardinality(counted, size // 2 - 1, size // 2)
    weights = (upper + upper.T).astype(float)
    return ho.Hamiltonian(weights, generator.integers(-2, 3, size).astype(float), groups=[group])


def words(seed):
    """Return a stream for a kernel."""
    return np.random.default_rng(seed).integers(1, 2**63, 4, dtype=np.uint64)


@given(st.integers(0, 10**6), st.integers(0, 2))
def test_contraction_keeps_energies_and_sums(seed, num_parents):
    """States of clusters have the energies and sums of the states they stand for."""
    level = IntegerNetwork.of(network(14, seed)).finest
    parents = np.random.default_rng(seed).choice([-1, 1], (num_parents, 14)).astype(np.int8)
    labels, signs, count = contraction.match(level, parents, 14, words(seed))
    coarse = Level(*contraction.contract(level, labels, signs, count))
    assert np.bincount(labels, minlength=count).max() <= 2
    assert (coarse.moments >= 0).all()
    assert np.array_equal(coarse.sizes, np.bincount(labels, level.sizes))
    states = np.random.default_rng(seed + 1).choice([-1, 1], (6, count)).astype(np.int8)
    fine = states[:, labels] * signs
    assert np.array_equal(states @ coarse.moments, fine @ level.moments)
    energies = [refinement.energy(coarse, state) for state in states]
    whole = [refinement.energy(level, state) for state in fine]
    assert len({a - b for a, b in zip(energies, whole, strict=True)}) == 1
    # both parents stand on the coarse level
    for parent in parents:
        cluster = np.zeros(count, dtype=np.int8)
        cluster[labels] = parent * signs
        assert np.array_equal(cluster[labels] * signs, parent)


def test_heavy_couplings_are_contracted_first():
    """Of a triangle the heavy edge goes, and of equal ones that to the smaller cluster."""
    hamiltonian = ho.Hamiltonian([[0, 1, 9], [1, 0, 2], [9, 2, 0]])
    level = IntegerNetwork.of(hamiltonian).finest
    for seed in range(9):
        labels, _, _ = contraction.match(level, np.empty((0, 3), np.int8), 3, words(seed))
        # the first spin to choose may be the one in the middle
        assert labels[0] == labels[2] or labels[1] == labels[2]
    path = IntegerNetwork.of(ho.Hamiltonian(nx.to_numpy_array(nx.path_graph(3)))).finest
    heavy = path._replace(sizes=np.array([1, 1, 5]))
    labels = {
        tuple(contraction.match(heavy, np.empty((0, 3), np.int8), 9, words(seed))[0] == [0, 0, 1])
        for seed in range(40)
    }
    assert (True, True, True) in labels
    labels, signs, _ = contraction.match(level, np.empty((0, 3), np.int8), 1, words(0))
    assert len(set(labels)) == 3
    assert (signs == 1).all()


@given(st.integers(0, 10**6))
def test_spins_that_oppose_each_other_are_contracted_too(seed):
    """A path stays a path when some spins are turned: it is contracted as before."""
    signs = np.random.default_rng(seed).choice([-1, 1], 40)
    path = nx.to_numpy_array(nx.path_graph(40)) * np.outer(signs, signs)
    level = IntegerNetwork.of(ho.Hamiltonian(path)).finest
    labels, turned, count = contraction.match(level, np.empty((0, 40), np.int8), 40, words(seed))
    assert count <= 28
    coarse = Level(*contraction.contract(level, labels, turned, count))
    ground = np.zeros(count, dtype=np.int8)
    ground[labels] = signs * turned
    assert np.array_equal(ground[labels] * turned, signs)
    assert refinement.energy(coarse, ground) == -2 * (count - 1)
