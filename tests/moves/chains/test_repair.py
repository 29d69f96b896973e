"""Starts within rows that overlap: found where there are any, exact, and the same for a seed."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt import deadline
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains import repair
from hopfield_opt.moves.chains.repair import Repair
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.physics.enumeration import states_of
from hopfield_opt.rng import stream

SEEDS = st.integers(0, 2**32 - 1)


def random_rows(source, size):
    """Return ranges that overlap, of whole numbers or of decimals, around what a state has."""
    planted = source.choice([0, 1], size)
    groups = []
    for _ in range(source.integers(1, 8)):
        members = source.permutation(size)[: source.integers(1, size + 1)]
        kind = source.integers(4)
        scale = source.integers(-4, 5, len(members)) if kind else np.ones(len(members))
        if kind == 3:
            scale = source.integers(-30, 30, len(members)) / 10
        total = float(scale @ planted[members]) + source.choice([0, 0, 0, 1, -1])
        width = source.choice([0, 0, 1, 3])
        lower, upper = total - width, total + source.choice([0, 0, 2])
        ends = [(lower, upper), (-np.inf, upper), (lower, np.inf)]
        groups.append(Linear(members, scale, *ends[source.integers(3)]))
    return Hamiltonian(num_spins=size, groups=groups)


def random_mix(source):
    """Return disjoint groups of all kinds on 14 spins, and ranges that overlap them."""
    groups = [
        OneHot([0, 1, 2]),
        AtMostOne([3, 4]),
        Permutation(np.arange(5, 9).reshape(2, 2), source.random((2, 2)) < 0.9),
        Cardinality([9, 10, 11, 12], *np.sort(source.integers(0, 5, 2))),
    ]
    for _ in range(source.integers(1, 4)):
        members = source.permutation(14)[: source.integers(2, 10)]
        lower = source.integers(0, 3)
        groups.append(Linear(members, np.ones(len(members)), lower, lower + source.integers(2)))
    return Hamiltonian(num_spins=14, groups=groups)


def find_starts(hamiltonian, states, seed=0):
    """Return the repair of a network's groups, and the starts."""
    own = Repair.of(RowTerms.of(hamiltonian))
    return own.starts(states, stream(seed, words=4 * len(states)))


def random_states(source, replicas, size):
    """Return random states (R, N)."""
    return source.choice(np.array([-1, 1], np.int8), (replicas, size))


@settings(max_examples=150)
@given(seed=SEEDS, mixed=st.booleans())
def test_a_start_is_found_just_where_there_is_one(seed, mixed):
    """Of small networks every one with a feasible state has a start, in which all groups hold."""
    source = np.random.default_rng(seed)
    hamiltonian = random_mix(source) if mixed else random_rows(source, int(source.integers(1, 11)))
    size = hamiltonian.num_spins
    every = states_of(np.arange(2**size), size)
    good = np.ones(len(every), np.bool_)
    for group in hamiltonian.groups:
        good &= group.violation(every) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repair, "MOST_WORK", 300_000)
        starts = find_starts(hamiltonian, random_states(source, 3, size), seed)
    assert (starts is not None) == good.any()
    if starts is not None:
        assert not any(group.violation(starts).any() for group in hamiltonian.groups)


def assignment(n):
    """Return three families of one-hots over n x n x n cells."""
    cells = np.arange(n**3).reshape(n, n, n)
    lines = [np.moveaxis(cells, axis, 0).reshape(n, -1) for axis in range(3)]
    groups = [Linear(line, np.ones(n * n), 1, 1) for family in lines for line in family]
    return Hamiltonian(num_spins=n**3, groups=groups)


def roster(people, shifts):
    """Return rows of a roster: each shift covered exactly, one a day, at most five each."""
    cells = np.arange(people * shifts).reshape(people, shifts)
    need = np.resize([2, 3, 4], shifts)
    groups = [Linear(line, np.ones(people), n, n) for line, n in zip(cells.T, need, strict=True)]
    groups += [Linear(day, np.ones(6), 0, 1) for day in cells.reshape(-1, 6)]
    groups += [Linear(line, np.ones(shifts), 0, 5) for line in cells]
    return Hamiltonian(num_spins=cells.size, groups=groups)


def latin_square(n):
    """Return rows of a Latin square: one number a cell, each number once a row and a column."""
    cells = np.arange(n**3).reshape(n, n, n)
    lines = [np.moveaxis(cells, axis, 2).reshape(-1, n) for axis in range(3)]
    groups = [Linear(line, np.ones(n), 1, 1) for family in lines for line in family]
    return Hamiltonian(num_spins=n**3, groups=groups)


def packing(items, bins):
    """Return items that go into open bins: capacities, and a count of the open ones."""
    source = np.random.default_rng(1)
    sizes = source.integers(20, 61, items)
    cells = np.arange(items * bins).reshape(items, bins)
    used = cells.size + np.arange(bins)
    groups = [OneHot(line) for line in cells]
    for column, own in zip(cells.T, used, strict=True):
        groups.append(Linear([*column, own], [*sizes, -100], -np.inf, 0))
    groups.append(Linear(used, np.ones(bins), 0, bins - 1))
    return Hamiltonian(num_spins=cells.size + bins, groups=groups)


KINDS = {
    "3D assignment": lambda: assignment(8),
    "roster": lambda: roster(20, 30),
    "Latin square": lambda: latin_square(7),
    "packing": lambda: packing(20, 11),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds(kind):
    """Each kind has starts near random states: different ones, the same for the same seed."""
    hamiltonian = KINDS[kind]()
    states = random_states(np.random.default_rng(0), 4, hamiltonian.num_spins)
    starts = find_starts(hamiltonian, states)
    assert not any(group.violation(starts).any() for group in hamiltonian.groups)
    assert len(np.unique(starts, axis=0)) == 4
    assert np.array_equal(starts, find_starts(hamiltonian, states))
    assert not np.array_equal(starts, find_starts(hamiltonian, states, seed=1))


def test_what_holds_stays_and_what_nearly_holds_changes_little():
    """A feasible state is returned as it is; one with a few flips is repaired with few."""
    hamiltonian = roster(20, 30)
    source = np.random.default_rng(0)
    good = find_starts(hamiltonian, random_states(source, 1, 600))
    assert np.array_equal(find_starts(hamiltonian, good), good)
    near = good.copy()
    near[0, source.permutation(600)[:5]] *= -1
    assert (find_starts(hamiltonian, near) != good).sum() <= 40


def test_one_that_holds_lends_its_state():
    """Where others cannot be repaired in time they begin where one does that holds."""
    hamiltonian = roster(20, 30)
    source = np.random.default_rng(0)
    good = find_starts(hamiltonian, random_states(source, 1, 600))[0]
    states = random_states(source, 3, 600)
    states[1] = good
    own, words = Repair.of(RowTerms.of(hamiltonian)), stream(0, words=12)
    with deadline.within(lambda: 0.0):
        assert (own.starts(states, words) == good).all()
        with pytest.raises(OutOfTime):
            own.starts(states[:1], words[:4])


def test_what_can_never_hold_is_seen_at_once():
    """Rows of which each leaves no choice, and which contradict each other, have no start."""
    groups = [Linear([k, k + 1], [1, -1], 0, 0) for k in range(999)]
    groups += [Linear([0], [1], 1, 1), Linear([999], [1], 0, 0)]
    hamiltonian = Hamiltonian(num_spins=1000, groups=groups)
    assert Repair.of(RowTerms.of(hamiltonian)).infeasible
    assert find_starts(hamiltonian, np.ones((1, 1000), np.int8)) is None


def test_a_large_network_takes_no_time():
    """A start for 20 000 rows over 20 000 spins is found within a second."""
    source = np.random.default_rng(0)
    groups = []
    for _ in range(20_000):
        members = source.choice(20_000, 5, replace=False)
        groups.append(Linear(members, np.ones(5), *((1, 5) if source.random() < 0.5 else (0, 2))))
    own = Repair.of(RowTerms.of(Hamiltonian(num_spins=20_000, groups=groups)))
    states = random_states(source, 1, 20_000)
    begin = time.process_time()
    starts = own.starts(states, stream(0, words=4))
    assert time.process_time() - begin < 1.0
    assert own.rows.hold(starts[0])
