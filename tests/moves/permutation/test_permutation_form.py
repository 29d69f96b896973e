"""The energy on permutations, taken apart: the parts add up to it."""

from itertools import permutations

import numpy as np
import pytest

from hopfield_opt.couplings import Kronecker
from hopfield_opt.groups import Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.permutation import permutation_form

ITEMS = 4
BLOCK = np.random.default_rng(0).permutation(ITEMS**2).reshape(ITEMS, ITEMS)
LEFT, RIGHT, FACTORS = np.random.default_rng(1).integers(-4, 5, (3, ITEMS, ITEMS)).astype(float)
SCATTERED = np.random.default_rng(2).permutation(BLOCK.ravel()).reshape(ITEMS, ITEMS)
HOLES = np.where(np.eye(ITEMS, dtype=bool), -1, BLOCK)
SHORT = np.where(np.arange(ITEMS)[:, None] == 2, -1, BLOCK)

TERMS = {
    "on the block": Kronecker(LEFT, RIGHT, BLOCK),
    "transposed": Kronecker(LEFT, RIGHT, BLOCK.T, 3.0),
    "a line of holes": Kronecker(LEFT, RIGHT, SHORT, num_spins=ITEMS**2),
    "holes here and there": Kronecker(LEFT, RIGHT, HOLES, num_spins=ITEMS**2),
    "some lines": Kronecker(LEFT[:2, :2], RIGHT, BLOCK[[3, 1]], num_spins=ITEMS**2),
    "factors of lines": Kronecker(LEFT, RIGHT, BLOCK, 1.0, np.outer([1, 2, 4, -1], [2, 1, 0, 1])),
    "no factor but 0": Kronecker(LEFT, RIGHT, BLOCK, 1.0, np.zeros((ITEMS, ITEMS))),
    "factors of places": Kronecker(LEFT, RIGHT, BLOCK, 1.0, FACTORS),
    "scattered": Kronecker(LEFT, RIGHT, SCATTERED),
}
EXPANDED = {"holes here and there", "factors of places", "scattered"}


def network(name):
    """Return a network with the term and thresholds on one block."""
    thresholds = np.random.default_rng(3).integers(-4, 5, ITEMS**2).astype(float)
    return Hamiltonian(TERMS[name], thresholds, 2.0, [Permutation(BLOCK)])


def energy(form, places):
    """Return the energy without offset of items at some places, part by part."""
    x = np.zeros((ITEMS, ITEMS))
    x[np.arange(ITEMS), places] = 1
    linear = 0 if form.linear is None else (form.linear * x).sum()
    products = sum((p.left * (x @ p.right @ x.T)).sum() for p in form.products)
    pairs = x.ravel() @ (form.pairs @ x.ravel()) / 2
    return form.constant + linear + products + pairs


@pytest.mark.parametrize("name", TERMS)
def test_parts_add_up_to_the_energy(name):
    """On every permutation, whether a term fits the block or is expanded."""
    hamiltonian = network(name)
    form = permutation_form.permutation_form(hamiltonian)
    assert bool(form.pairs.nnz) == (name in EXPANDED)
    for places in permutations(range(ITEMS)):
        spins = np.full(ITEMS**2, -1, np.int8)
        spins[BLOCK[np.arange(ITEMS), places]] = 1
        assert energy(form, places) == hamiltonian.energy(spins) - hamiltonian.offset


@pytest.mark.parametrize("name", TERMS)
def test_what_must_be_expanded_must_be_small(name, monkeypatch):
    """Terms that fit the block are accepted in any size, others up to a limit."""
    assert permutation_form.accepts(network(name))
    monkeypatch.setattr(permutation_form, "MOST_FOREIGN", 0)
    assert permutation_form.accepts(network(name)) == (name not in EXPANDED)
