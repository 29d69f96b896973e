"""Tabu search on one-hot groups: moves, books, rounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.groups import Cardinality, OneHot
from hopfield_opt.moves.potts import potts_tabu_kernel as kernel
from hopfield_opt.moves.potts.potts_tabu import PottsTabu


def network(sizes, seed, density=0.5, *, real=False):
    """Return a random network of one-hot groups whose spins are shuffled."""
    generator = np.random.default_rng(seed)
    size = sum(sizes)
    upper = np.triu(generator.integers(-4, 5, (size, size)), 1).astype(float)
    upper *= generator.random((size, size)) < density
    if real:
        upper *= generator.random((size, size))
    order = generator.permutation(size)
    groups = [OneHot(part) for part in np.split(order, np.cumsum(sizes)[:-1])]
    return ho.Hamiltonian(upper + upper.T, generator.integers(-3, 4, size), 0.5, groups=groups)


def start(hamiltonian, replicas=1, seed=0):
    """Return the layout, a state and its streams."""
    layout = PottsTabu.build(hamiltonian)
    words = rng.stream(seed, words=4 * replicas).reshape(-1, 4)
    starts = np.random.default_rng(seed).choice(
        np.array([-1, 1], np.int8), (replicas, hamiltonian.num_spins)
    )
    return layout, layout.start(starts, words), words


def states_of(hamiltonian, on):
    """Return the states in which the spins `on` (R, G) are on."""
    states = np.full((len(on), hamiltonian.num_spins), -1, np.int8)
    np.put_along_axis(states, on, 1, axis=1)
    return states


SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=8)


@settings(max_examples=40)
@given(SIZES, st.booleans(), st.integers(0, 10**6), st.sampled_from([0, 1, 50, 4000]))
def test_books_are_kept(sizes, real, seed, iterations):
    """After any number of moves costs, levels and lists are those of the states."""
    hamiltonian = network(sizes, seed, real=real)
    layout, state, words = start(hamiltonian, 2, seed)
    layout.search(state, words, iterations)
    now = states_of(hamiltonian, state.on)
    assert not any(group.violation(now).any() for group in hamiltonian.groups)
    matrix = hamiltonian.to_dense()
    first = hamiltonian.groups[0].indices
    shift = hamiltonian.energy(now) - state.book[:, kernel.LEVEL] * layout.unit
    best, marks = layout.best(state)
    assert not any(group.violation(best).any() for group in hamiltonian.groups)
    scale = 1e-12 * (np.abs(matrix).sum() + np.abs(hamiltonian.thresholds).sum() + 1)
    assert np.abs(hamiltonian.energy(best) - marks * layout.unit - shift).max() < scale
    assert (marks <= state.book[:, kernel.LEVEL]).all()
    for r, on in enumerate(state.on):
        for member in first:
            moved = now[[r]].copy()
            moved[0, first] = -1
            moved[0, member] = 1
            change = (state.c[r, member] - state.c[r, on[0]]) * layout.unit
            before, after = hamiltonian.energy(np.concatenate([now[[r]], moved]))
            assert abs(after - before - change) < scale
        busy = state.c[r, on] > layout.terms.floor
        count = state.book[r, kernel.BUSY]
        assert set(state.order[r, :count]) == set(np.flatnonzero(busy))
        assert np.array_equal(state.order[r][state.place[r]], np.arange(len(sizes)))


@settings(max_examples=40)
@given(SIZES, st.integers(0, 10**6))
def test_floors_are_never_undercut(sizes, seed):
    """No state of the other groups makes a member cheaper than the floor of its group."""
    hamiltonian = network(sizes, seed)
    layout, state, words = start(hamiltonian, 1, seed)
    for _ in range(40):
        layout.search(state, words, 1)
        for g, floor in enumerate(layout.terms.floor):
            members = hamiltonian.groups[g].indices
            assert (state.c[0, members] >= floor).all()


@settings(max_examples=40)
@given(st.lists(st.integers(2, 5), min_size=2, max_size=8), st.integers(0, 10**6))
def test_first_move_is_the_best(sizes, seed):
    """With an empty tabu list the move is the best of the groups that are not content."""
    hamiltonian = network(sizes, seed)
    layout, state, words = start(hamiltonian, 1, seed)
    on, costs, order = state.on[0].copy(), state.c[0].copy(), state.order[0].copy()
    before, count = state.book[0, kernel.LEVEL], state.book[0, kernel.BUSY]
    changes = [
        costs[i] - costs[on[g]]
        for g in (order[:count] if count else order)
        for i in hamiltonian.groups[g].indices
        if i != on[g]
    ]
    layout.search(state, words, 1)
    assert state.book[0, kernel.LEVEL] - before == min(changes)


@settings(max_examples=60)
@given(st.lists(st.integers(2, 5), min_size=1, max_size=8), st.integers(0, 10**6))
def test_moves_follow_the_rule(sizes, seed):
    """The best that is not tabu or leads below the round's best; what was left stays off."""
    hamiltonian = network(sizes, seed)
    layout, state, words = start(hamiltonian, 1, seed)
    for _ in range(40):
        on, until, costs, book = (
            one[0].copy() for one in (state.on, state.until, state.c, state.book)
        )
        level, busy = book[kernel.LEVEL], book[kernel.BUSY]
        groups = state.order[0, :busy] if busy else np.arange(len(sizes))
        changes = [
            costs[i] - costs[on[g]]
            for g in groups
            for i in hamiltonian.groups[g].indices
            if i != on[g]
            and (
                until[i] <= book[kernel.NOW] or level + costs[i] - costs[on[g]] < book[kernel.BEST]
            )
        ]
        layout.search(state, words, 1)
        moved = np.flatnonzero(state.on[0] != on)
        assert len(moved) == (len(changes) > 0)
        if changes:
            assert state.book[0, kernel.LEVEL] - level == min(changes)
            stay = int(
                min(kernel.BUSY_TENURE * busy, kernel.MOST_TENURE * len(sizes) + kernel.SPREAD)
            )
            rest = state.until[0, on[moved[0]]] - state.book[0, kernel.NOW]
            assert stay <= rest < stay + kernel.SPREAD


@pytest.mark.parametrize("real", [False, True])
def test_splits_do_not_matter(real):
    """The moves in one call, or in many across the ends of rounds, lead to the same state."""
    hamiltonian = network([3] * 6, 3, real=real)
    layout, whole, one = start(hamiltonian, 2)
    _, parts, two = start(hamiltonian, 2)
    layout.search(whole, one, 5000)
    for moves in (1, 1199, 1, 799, 3000):
        layout.search(parts, two, moves)
    assert all(np.array_equal(a, b) for a, b in zip(whole, parts, strict=True))
    assert (state_rounds := whole.book[:, kernel.SINCE]).min() > 0, state_rounds


def test_who_is_accepted():
    """Every spin must stand in a one-hot group."""
    one_hot = OneHot([0, 1])
    assert PottsTabu.accepts(ho.Hamiltonian(num_spins=2, groups=[one_hot]))
    assert not PottsTabu.accepts(ho.Hamiltonian(num_spins=3, groups=[one_hot]))
    mixed = [one_hot, Cardinality([2, 3], 1, 2)]
    assert not PottsTabu.accepts(ho.Hamiltonian(num_spins=4, groups=mixed))
