"""Section 2, the Hopfield model: overlaps, energies, Hebb's rule and the pseudo-inverse."""

import numpy as np

import hopfield_opt as ho
from hopfield_opt import learning
from hopfield_opt.physics.overlaps import overlaps


def test_2_3_orthogonal_patterns_are_eigenvectors():
    """Hebb's W (diagonal kept) has eigenvalue 1 on the span of orthogonal patterns, 0 elsewhere."""
    hadamard = np.array([[1]])
    for _ in range(4):
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    weights = learning.hebb(hadamard[:5], diagonal=True)
    assert (weights == weights.T).all()
    np.testing.assert_allclose(weights @ hadamard[:5].T, hadamard[:5].T, atol=1e-12)
    np.testing.assert_allclose(weights @ hadamard[5:].T, 0, atol=1e-12)


def test_2_5_correlated_pictures(random_patterns, noisy):
    """26 pictures that are much alike: Hebb keeps none, the pseudo-inverse (diagonal 0) all."""
    base = random_patterns(1, 100, seed=3)
    letters = noisy(np.repeat(base, 26, axis=0), 0.15, seed=4)
    fixed = {}
    for rule in ("hebb", "pseudo-inverse"):
        field = ho.AssociativeMemory(letters, rule).hamiltonian.local_field(letters)
        fixed[rule] = int((letters * field > 0).all(axis=1).sum())
    assert fixed == {"hebb": 0, "pseudo-inverse": 26}


def test_2_6_energies_of_the_letters(lattice):
    """H, X: -58.68 each; H, X, #: -58.90, -58.26, -49.30. Their number of active units differs."""
    two = np.array([lattice["H"], lattice["X"]])
    energies = ho.AssociativeMemory(two).hamiltonian.energy(two)
    np.testing.assert_allclose(energies, [-58.68, -58.68], atol=1e-9)
    three = np.array([*two, lattice["#"]])
    memory = ho.AssociativeMemory(three)
    energies = memory.hamiltonian.energy(three)
    np.testing.assert_allclose(energies, [-58.90, -58.26, -49.30], atol=1e-9)
    formula = -50 * (overlaps(three, three) ** 2).sum(axis=1) + 1.5
    np.testing.assert_allclose(energies, formula, atol=1e-9)


def test_2_7_negatives_are_memories_too(random_patterns):
    """E(s) = E(-s) without thresholds, and -xi is fixed where xi is; thresholds break it."""
    patterns = random_patterns(10, 101)
    network = ho.AssociativeMemory(patterns).hamiltonian
    assert (network.energy(patterns) == network.energy(-patterns)).all()
    np.testing.assert_array_equal(
        network.flip_energy(patterns) > 0, network.flip_energy(-patterns) > 0
    )
    tilted = ho.AssociativeMemory(patterns, thresholds=0.3).hamiltonian
    difference = tilted.energy(patterns) - tilted.energy(-patterns)
    np.testing.assert_allclose(difference, 0.6 * patterns.sum(axis=1, dtype=int), atol=1e-9)
