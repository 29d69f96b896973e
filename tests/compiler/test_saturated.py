"""Rows of a big M become rows of what they ask for, before they become penalties."""

from itertools import product

import numpy as np
import pytest

import hopfield_opt as ho


def linked(big: float) -> ho.Model:
    """Return a model in which two amounts are 0 unless their switches are on."""
    model = ho.Model()
    amount = model.integer(2, 0, 3, name="amount")
    switch = model.binary(2, name="switch")
    model.minimize((amount * [2, 1]).sum() + (switch * [1, 9]).sum())
    model.add(amount <= big * switch, amount.sum() >= 3)
    return model


@pytest.mark.parametrize("big", [3, 10, 1e6, 1e9, 1e12])
def test_the_size_of_a_big_m_does_not_matter(big: float) -> None:
    """A network of penalties needs no more spins for 10^12 than for 3, and finds the best, 7."""
    compiled, least = (ho.compile(linked(m), structure="penalty") for m in (big, 3))
    assert compiled.hamiltonian.num_spins == least.hamiltonian.num_spins
    result = ho.solve(linked(big), structure="penalty", seed=0)
    assert (result.status, result.value) == (ho.Status.OPTIMAL, 7.0)
    assert compiled.verify().holds


@pytest.mark.parametrize("seed", range(25))
def test_rows_with_large_coefficients_admit_the_same(seed: int) -> None:
    """A small row and one with some large coefficients, of any signs and side: the best stays."""
    rng = np.random.default_rng(seed)
    model, cost = ho.Model(), rng.integers(-5, 6, 5)
    x = model.binary(5, name="x")
    model.minimize((cost * x).sum())
    rules = []
    for side, large in zip(rng.choice([-1, 1], 2), (1, 1000), strict=True):
        row = rng.integers(-3, 4, 5) * rng.choice([1, 1, large], 5)
        bound = int(row @ rng.integers(0, 2, 5))
        model.add((row * x).sum() <= bound if side > 0 else (row * x).sum() >= bound)
        rules.append((side * row, side * bound))
    states = np.array(list(product((0, 1), repeat=5)))
    held = np.all([states @ row <= bound for row, bound in rules], axis=0)
    result = ho.solve(model, structure="penalty", seed=0)
    if held.any():
        assert (result.status, result.value) == (ho.Status.OPTIMAL, (states @ cost)[held].min())
    else:
        assert result.status is ho.Status.INFEASIBLE
