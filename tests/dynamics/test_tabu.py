"""Tabu search as a dynamics: optima, laws, groups, splits, degenerate input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.alternating import Alternating
from hopfield_opt.dynamics.tabu import TabuSearch
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.physics.enumeration import all_energies, states_of

GROUPS = {
    "none": [],
    "one-hot": [OneHot([3 * k, 3 * k + 1, 3 * k + 2]) for k in range(4)],
    "at most one": [AtMostOne([0, 1, 2]), OneHot([5, 4])],
    "count": [Cardinality(np.arange(10), 4, 4)],
    "range": [Cardinality(np.arange(10), 2, 5)],
    "linear": [Linear(np.arange(9), np.arange(1.0, 10), 5, 20)],
    "permutation": [Permutation(np.arange(9).reshape(3, 3))],
    "forbidden": [Permutation(np.arange(9).reshape(3, 3), ~np.eye(3, dtype=bool))],
}


def network(kind, seed=0, size=12):
    """Return a random dense network with groups of a kind."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-6, 7, (size, size)), 1).astype(float)
    thresholds = generator.integers(-4, 5, size)
    return ho.Hamiltonian(upper + upper.T, thresholds, 2.0, groups=GROUPS[kind])


def optimum(hamiltonian):
    """Return the least energy of the states in which all groups hold."""
    energies = all_energies(hamiltonian.to_dense(), hamiltonian.thresholds, hamiltonian.offset)
    states = states_of(np.arange(len(energies)), hamiltonian.num_spins)
    for group in hamiltonian.groups:
        energies[group.violation(states) > 0] = np.inf
    return energies.min()


def begin(dynamics, hamiltonian, replicas=2, seed=0):
    """Return a state at random starts."""
    starts = np.random.default_rng(seed).choice(
        np.array([-1, 1], np.int8), (replicas, hamiltonian.num_spins)
    )
    return dynamics.init(hamiltonian, starts, np.random.SeedSequence(seed))


@pytest.mark.parametrize("kind", GROUPS)
@pytest.mark.parametrize("seed", range(3))
def test_finds_the_optimum_and_keeps_groups(kind, seed):
    """Some thousand moves find the optimum of every kind of group, and no group is left."""
    hamiltonian = network(kind, seed)
    state = TabuSearch().advance(begin(TabuSearch(), hamiltonian, seed=seed), 3000, 3000)
    states = TabuSearch().finish(state).states()
    assert not any(group.violation(states).any() for group in hamiltonian.groups)
    assert np.array_equal(state.energies, hamiltonian.energy(states))
    assert np.array_equal(state.spins(1), states[1])
    assert state.energies.min() == optimum(hamiltonian)


@pytest.mark.parametrize("kind", GROUPS)
@pytest.mark.parametrize("dynamics", [TabuSearch(), Alternating()])
def test_splits_do_not_matter(kind, dynamics):
    """One call, or many across the ends of rounds: the same best states; another seed differs."""
    hamiltonian = network(kind, 5)
    whole = dynamics.advance(begin(dynamics, hamiltonian), 700, 700)
    parts, left = begin(dynamics, hamiltonian), 700
    for sweeps in (1, 2, 97, 200, 400):
        parts = dynamics.advance(parts, sweeps, left)
        left -= sweeps
    assert parts.sweeps == whole.sweeps == 700
    assert np.array_equal(whole.states(), parts.states())
    assert np.array_equal(whole.energies, parts.energies)


@pytest.mark.parametrize("kind", GROUPS)
def test_the_best_is_never_lost(kind):
    """From block to block the energies that are shown never rise."""
    hamiltonian = network(kind, 7)
    state = begin(TabuSearch(), hamiltonian)
    for _ in range(30):
        before = state.energies.copy()
        state = TabuSearch().advance(state, 25, 1000)
        assert (state.energies <= before).all()


@settings(max_examples=20)
@given(st.sampled_from(list(GROUPS)), st.integers(0, 10**6), st.sampled_from([0.25, 1024.0]))
def test_scale_and_offset_do_not_matter(kind, seed, factor):
    """With other units, or another offset, the same states are met."""
    hamiltonian = network(kind, seed)
    other = ho.Hamiltonian(
        factor * hamiltonian.to_dense(), factor * hamiltonian.thresholds, -3.0, groups=GROUPS[kind]
    )
    ends = [TabuSearch().advance(begin(TabuSearch(), h), 40, 40) for h in (hamiltonian, other)]
    assert np.array_equal(ends[0].states(), ends[1].states())


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([12, 40]))
def test_gauge_does_not_matter(seed, size):
    """With the meaning of spins turned around the search meets the turned states."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-6, 7, (size, size)), 1).astype(float)
    hamiltonian = ho.Hamiltonian(upper + upper.T, generator.integers(-4, 5, size))
    signs = generator.choice(np.array([-1, 1], np.int8), size)
    starts = generator.choice(np.array([-1, 1], np.int8), (2, size))
    states = []
    for network, turned in ((hamiltonian, starts), (hamiltonian.gauge(signs), starts * signs)):
        state = TabuSearch().init(network, turned, np.random.SeedSequence(1))
        states.append(TabuSearch().advance(state, 60, 60).states())
    assert np.array_equal(states[0], states[1] * signs)


@pytest.mark.parametrize("dynamics", [TabuSearch(), Alternating()])
@pytest.mark.parametrize(
    "hamiltonian",
    [
        ho.Hamiltonian(num_spins=0),
        ho.Hamiltonian(num_spins=1),
        ho.Hamiltonian(num_spins=1, thresholds=[2.0]),
        ho.Hamiltonian(num_spins=5),
        ho.Hamiltonian([[0, 1e12], [1e12, 0]]),
        ho.Hamiltonian([[0, 1e-12], [1e-12, 0]]),
        ho.Hamiltonian(num_spins=2, groups=[OneHot([0]), OneHot([1])]),
        ho.Hamiltonian(num_spins=3, groups=[OneHot([0, 1]), AtMostOne([])]),
        ho.Hamiltonian(num_spins=1, groups=[Permutation([[0]])]),
        ho.Hamiltonian(num_spins=4, groups=[Permutation([[0, 1], [2, 3]], np.eye(2, dtype=bool))]),
        ho.Hamiltonian(num_spins=3, groups=[Cardinality([0, 1, 2], 3, 3)]),
        ho.Hamiltonian(num_spins=2, groups=[Linear([0, 1], [1.0, 1.0], 2, 2)]),
    ],
)
def test_degenerate_networks(hamiltonian, dynamics):
    """No spins, one spin, no couplings, groups of one, one feasible state: an answer, no error."""
    state = dynamics.finish(dynamics.advance(begin(dynamics, hamiltonian), 30, 30))
    states = state.states()
    assert states.shape == (2, hamiltonian.num_spins)
    assert not any(group.violation(states).any() for group in hamiltonian.groups)
    assert np.array_equal(state.energies, hamiltonian.energy(states))
    assert state.energies.min() <= -abs(hamiltonian.thresholds).sum()


def test_large_permutations_and_tours():
    """Swaps on products, and tours, end well below their starts and stay permutations."""
    generator = np.random.default_rng(3)
    flow = generator.integers(0, 10, (15, 15))
    distance = generator.integers(0, 10, (15, 15))
    for tour in (False, True):
        model = ho.Model()
        x = model.binary((15, 15), name="x")
        other = x.roll(-1, axis=1) if tour else x @ flow
        model.minimize((x * (distance @ other)).sum())
        model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
        random = ho.solve(model, method="tabu", sweeps=1, seed=1, replicas=1)
        result = ho.solve(model, method="tabu", sweeps=4000, seed=1)
        assert result.feasible
        assert result.value < 0.97 * random.value


def test_alternating_shows_the_better_of_both():
    """The energies are the lower ones of the anneal and the search, with their states."""
    hamiltonian = network("permutation", 2)
    state = begin(Alternating(), hamiltonian, 4)
    state = Alternating().finish(Alternating().advance(state, 50, 50))
    both = np.array([state.annealed.energies, state.searched.energies])
    assert np.array_equal(state.energies, both.min(axis=0))
    assert np.array_equal(hamiltonian.energy(state.states()), state.energies)
