"""Large factored networks, block by block: the same law as one spin after another."""

import numpy as np
import pytest

from hopfield_opt import moves, rng
from hopfield_opt.couplings import Factored
from hopfield_opt.dynamics import Asynchronous, Metropolis, SimulatedAnnealing
from hopfield_opt.dynamics.parts.replicas import Replicas
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import single
from hopfield_opt.moves.single.factored_blocks import FactoredBlocks, accepts
from hopfield_opt.xoshiro import shuffle
from hopfield_opt.xoshiro import uniform as uniform_part
from tests.kernels import callable_part

uniform = callable_part(uniform_part)


def network(kind, size=150, count=7, seed=0):
    """Return a network of whole or real factors, with thresholds and an offset."""
    g = np.random.default_rng(seed)
    if kind == "whole":
        term = Factored(g.choice([-1, 1], (count, size)), -0.5 / size)
        return Hamiltonian(term, 0.1 * g.normal(size=size), 3.0)
    term = Factored(g.normal(size=(count, size)), g.normal(size=count) / size)
    return Hamiltonian(term, 0.1 * g.normal(size=size), 3.0)


def starts(count, size=150):
    """Return random states."""
    return np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (count, size))


def naive(h, states, betas, rule, order, words):
    """Sweep as the layout does, but by the fields of the Hamiltonian, one spin after another."""
    states, words = states.copy(), words.copy()
    plan = np.arange(h.num_spins)
    for beta in betas:
        plan = np.arange(h.num_spins)
        if order == single.RANDOM:
            shuffle(plan, words)
        for k in plan:
            changes = h.flip_energy(states)[:, k]
            for r, change in enumerate(changes):
                if np.isinf(beta):
                    flip = change < 0
                elif rule == single.HEAT_BATH:
                    flip = uniform(words) * (1 + np.exp(beta * change)) < 1
                else:
                    flip = change <= 0 or uniform(words) < np.exp(-beta * change)
                states[r, k] *= -1 if flip else 1
    return states


@pytest.mark.parametrize("kind", ["whole", "real"])
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("order", [single.RANDOM, single.SEQUENTIAL])
@pytest.mark.parametrize("beta", [1.5, np.inf])
def test_sweeps_follow_the_rule(kind, rule, order, beta):
    """Every decision is the one that the energy asks for, with the same random numbers."""
    h = network(kind)
    layout = FactoredBlocks.build(h)
    words = rng.stream(3, words=layout.rng_words(4))
    lanes = layout.allocate(starts(4), words)
    expected = naive(h, starts(4), [beta, beta], rule, order, words)
    energies = layout.sweep_block(lanes, np.full((2, 1), beta), words, rule, order)
    np.testing.assert_array_equal(layout.extract(lanes, 4), expected)
    np.testing.assert_allclose(energies + h.offset, h.energy(expected), atol=1e-9)
    np.testing.assert_array_equal(layout.spins(lanes, 2), expected[2])


def test_ties_keep_the_state():
    """Whole numbers stay whole: two patterns that cancel leave the units between them alone."""
    patterns = starts(2, 200).astype(float)
    h = Hamiltonian(Factored(patterns, -1 / 400))
    layout, words = FactoredBlocks.build(h), rng.stream(0, words=4)
    even = (patterns.sum(axis=0) == 0) & (np.arange(200) > 0)
    state = np.where(patterns[0] == 0, 1, patterns[0]).astype(np.int8)
    lanes = layout.allocate(state[None], words)
    layout.sweep_block(lanes, np.full((9, 1), np.inf), words)
    # (xi1 . s) and (xi2 . s) differ: units where the patterns disagree follow the first
    assert (layout.extract(lanes, 1)[0] == state)[even].all()
    assert layout.columns.dtype == np.float32


def test_temperatures_by_replica_and_selection():
    """Each replica has its own temperature, and goes on from its parent's state."""
    h = network("whole")
    layout, words = FactoredBlocks.build(h), rng.stream(1, words=4)
    lanes = layout.allocate(starts(3), words)
    for _ in range(30):
        layout.sweep_block(lanes, np.array([[1e-9, 2.0, np.inf]]), words, single.HEAT_BATH)
    hot, _, cold = h.energy(layout.extract(lanes, 3))
    assert cold < hot - 10
    before = layout.extract(lanes, 3)
    layout.select(lanes, np.array([2, 2, 0]))
    np.testing.assert_array_equal(layout.extract(lanes, 3), before[[2, 2, 0]])


@pytest.mark.parametrize("dynamics", [Asynchronous(), SimulatedAnnealing(), Metropolis(0.3)])
@pytest.mark.parametrize("kind", ["whole", "real"])
def test_large_networks_take_it(monkeypatch, dynamics, kind):
    """Above the limit of expansion the dynamics run on it, and the split into calls is the same."""
    monkeypatch.setattr(moves.base, "MOST_EXPANDED", 100)
    h = network(kind, seed=5)
    ends = []
    for blocks in ([6], [1, 2, 3]):
        state, left = dynamics.init(h, starts(5), np.random.SeedSequence(2)), 6
        for block in blocks:
            state = dynamics.advance(state, block, left)
            left -= block
        ends.append(dynamics.finish(state))
    assert isinstance(moves.layout_of(h, 5), FactoredBlocks)
    np.testing.assert_array_equal(ends[0].states(), ends[1].states())
    np.testing.assert_allclose(ends[0].energies, h.energy(ends[0].states()), atol=1e-9)


@pytest.mark.parametrize("kind", ["whole", "real"])
def test_costs_are_those_of_flips(kind):
    """The schedule is told what each flip costs."""
    h = network(kind)
    layout, words = FactoredBlocks.build(h), rng.stream(0, words=4)
    costs = layout.costs(layout.allocate(starts(3), words), words)
    np.testing.assert_allclose(costs, h.flip_energy(starts(3)), atol=1e-9)


def test_what_it_accepts():
    """One dense factored term without groups."""
    h = network("real")
    assert accepts(h)
    assert not accepts(Hamiltonian(h.couplings, groups=[OneHot([0, 1])]))
    assert not accepts(Hamiltonian(np.zeros((3, 3))))


@pytest.mark.parametrize("kind", ["whole", "real"])
def test_energies_of_expanded_factors(kind):
    """Small factored networks are expanded; their energies keep what the diagonal adds."""
    h = network(kind, size=20)
    state = Replicas.init(h, starts(3, 20), np.random.SeedSequence(0))
    np.testing.assert_allclose(state.energies, h.energy(starts(3, 20)), atol=1e-9)
