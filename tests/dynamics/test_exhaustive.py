"""Exhaustive search: exact for every mix of groups, in any blocks, within its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.exhaustive import Exhaustive
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.moves import all_states
from hopfield_opt.physics.enumeration import all_energies, states_of


def network(seed, size=11):
    """Return a random network with a random mix of groups, some of them none."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-6, 7, (size, size)), 1).astype(float)
    thresholds = generator.integers(-4, 5, size) * generator.integers(0, 2)
    order = generator.permutation(size)
    mixes = [
        [],
        [OneHot(order[:3]), OneHot(order[3:7])],
        [AtMostOne(order[:4]), Cardinality(order[4:9], 1, 3)],
        [Permutation(order[:9].reshape(3, 3), generator.random((3, 3)) < 0.9)],
        [Linear(order[:8], generator.integers(-3, 8, 8), 2, 9), OneHot(order[6:10])],
        [Linear(order, generator.random(size), 1.0, 3.0)],
    ]
    groups = mixes[generator.integers(len(mixes))]
    return ho.Hamiltonian(upper + upper.T, thresholds, 0.5, groups=groups)


def optimum(hamiltonian):
    """Return the least energy of the states in which all groups hold, and where it is reached."""
    energies = all_energies(hamiltonian.to_dense(), hamiltonian.thresholds, hamiltonian.offset)
    states = states_of(np.arange(len(energies)), hamiltonian.num_spins)
    for group in hamiltonian.groups:
        energies[group.violation(states) > 0] = np.inf
    return energies.min(), states[energies == energies.min()]


def through(hamiltonian, replicas=2, sweeps=1):
    """Return the state after all blocks."""
    start = np.ones((replicas, hamiltonian.num_spins), np.int8)
    state = Exhaustive().init(hamiltonian, start, np.random.SeedSequence(0))
    while not state.converged:
        assert not state.proven
        state = Exhaustive().advance(state, sweeps, sweeps)
    return Exhaustive().finish(state)


@settings(max_examples=80)
@given(st.integers(0, 10**6))
def test_the_optimum_is_found_and_proven(seed):
    """The end is every feasible state of the least energy."""
    hamiltonian = network(seed)
    best, ground_states = optimum(hamiltonian)
    if best == np.inf:
        with pytest.raises(InputError, match="groups must"):
            through(hamiltonian)
        return
    state = through(hamiltonian)
    assert state.proven
    assert (state.energies == best).all()
    assert np.array_equal(hamiltonian.energy(state.states()), state.energies)
    assert np.array_equal(state.spins(0), state.states()[0])
    found = sorted(map(tuple, state.states().tolist()))
    assert found == sorted(map(tuple, ground_states.tolist()))[:1024]
    assert not any(group.violation(state.states()).any() for group in hamiltonian.groups)


@pytest.mark.parametrize("choices", [2, 20])
@pytest.mark.parametrize("seed", range(8))
def test_blocks_do_not_matter(seed, choices, monkeypatch):
    """Small blocks, groups that are only checked, and long sweeps find the same."""
    hamiltonian = network(seed + 100)
    best, _ = optimum(hamiltonian)
    if best == np.inf:
        return
    monkeypatch.setattr(all_states, "GROUP_BLOCK", 4)
    if not any(isinstance(group, Permutation) for group in hamiltonian.groups):
        monkeypatch.setattr(all_states, "MOST_CHOICES", choices)
    monkeypatch.setattr("hopfield_opt.dynamics.exhaustive.SWEEP", 16)
    for sweeps in (1, 3, 1000):
        assert through(hamiltonian, sweeps=sweeps).energies[0] == best


def test_number_of_states():
    """Choices are multiplied; what is only checked counts as free spins."""
    groups = [
        OneHot([0, 1, 2]),
        AtMostOne([3, 4]),
        Cardinality([5, 6, 7, 8], 1, 2),
        Permutation(np.arange(9, 18).reshape(3, 3)),
        Linear([0, 20], [1.0, 1.0], 1, 1),
    ]
    hamiltonian = ho.Hamiltonian(num_spins=21, groups=groups)
    assert all_states.num_states(hamiltonian) == 3 * 3 * 10 * 6 * 2**3


@pytest.mark.parametrize(
    "hamiltonian",
    [
        ho.Hamiltonian(num_spins=31),
        ho.Hamiltonian(num_spins=5000),
        ho.Hamiltonian(num_spins=100, groups=[Permutation(np.arange(100).reshape(10, 10))]),
    ],
)
def test_too_many_states(hamiltonian):
    """More than 2^30 states are refused with advice."""
    with pytest.raises(InputError, match="Choose another method"):
        ho.solve(hamiltonian, method="exhaustive")


@pytest.mark.parametrize("size", [0, 1, 2, 17])
def test_few_spins(size):
    """No spin, one spin and more blocks than one are looked through."""
    hamiltonian = ho.Hamiltonian(num_spins=size, thresholds=np.arange(size) - 2.5)
    result = ho.solve(hamiltonian, method="exhaustive")
    assert result.energy == -np.abs(np.arange(size) - 2.5).sum()
    assert result.method == "exhaustive"


def test_groups_that_can_never_hold():
    """Without a feasible state there is an error, not an infeasible answer."""
    hamiltonian = ho.Hamiltonian(num_spins=3, groups=[Linear([0, 1, 2], [2.0, 2.0, 2.0], 1, 1)])
    with pytest.raises(InputError, match="groups must"):
        through(hamiltonian)


def test_sweeps_are_counted_in_blocks(monkeypatch):
    """A sweep is the same number of blocks whichever way sweeps are split into calls."""
    monkeypatch.setattr("hopfield_opt.dynamics.exhaustive.SWEEP", 2**16)
    hamiltonian = ho.Hamiltonian(num_spins=19, thresholds=np.arange(19) - 7.0)
    start = np.ones((1, 19), np.int8)
    state = Exhaustive().init(hamiltonian, start, np.random.SeedSequence(0))
    assert (state.done, state.blocks.num_blocks) == (1, 8)
    assert Exhaustive().default_sweeps(hamiltonian) == 8
    whole = Exhaustive().advance(state, 5, 5)
    parts = Exhaustive().advance(Exhaustive().advance(state, 2, 5), 3, 3)
    assert whole.done == parts.done == 6
    assert np.array_equal(whole.energies, parts.energies)
