"""Section 8, the letters of the demonstration: 8 x 8 pixels, A to G, all with 32 pixels on."""

import numpy as np
import pytest

import hopfield_opt as ho


def test_8_5_energies_of_letters_by_their_overlaps():
    """Energies depend on overlaps only: 64, 4, -4 give -30.75, and -262208 for rectified cubes.

    The demonstration shows -64.0625 and -524288: its diagonal was kept in part, and A was stored
    twice.
    """
    g = np.random.default_rng(0)
    first = g.choice([-1, 1], 64)
    others = np.tile(first, (2, 1))
    others[0, :30] *= -1
    others[1, 30:] *= -1
    patterns = np.array([first, *others])
    assert (patterns @ first).tolist() == [64, 4, -4]
    square = ho.AssociativeMemory(patterns).hamiltonian.energy(first)
    assert square == pytest.approx(-30.75)
    cubic = ho.DenseAssociativeMemory(patterns, "rectified", degree=3).hamiltonian
    assert cubic.energy(first) == -262208.0


def test_8_5_higher_degrees_tell_like_letters_apart(noisy):
    """Seven pictures that are much alike: Hebb holds few, rectified degrees more and more."""
    g = np.random.default_rng(1)
    base = np.where(g.permutation(64) < 32, 1, -1)
    letters = noisy(np.repeat(base[None], 7, axis=0), 0.25, seed=2)
    held = []
    for degree in (2, 3, 4, 6):
        energy = ho.DenseAssociativeMemory(letters, "rectified", degree).hamiltonian
        held.append(int((energy.flip_energy(letters) >= 0).all(axis=1).sum()))
    assert held == sorted(held)
    assert held[0] < 7
    assert held[-1] == 7
    field = ho.AssociativeMemory(letters, "pseudo-inverse").hamiltonian.local_field(letters)
    assert (letters * field > 0).all()
