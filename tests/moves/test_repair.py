"""Repair of starts: groups made to hold, with as few changes as it takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import layout_of, tabu_of
from hopfield_opt.moves.groups.grouped import GroupedLayout
from hopfield_opt.moves.repair import repair_groups
from hopfield_opt.rng import stream

SEEDS = st.integers(0, 2**32 - 1)


def random_spins(source, size):
    """Return random spins (N,)."""
    return source.choice(np.array([-1, 1], np.int8), size)


@given(seed=SEEDS, size=st.integers(1, 8), bounds=st.tuples(st.integers(0, 8), st.integers(0, 8)))
def test_counts_change_as_little_as_possible(seed, size, bounds):
    """As many members flip as the count is out of its range, and nobody else."""
    source = np.random.default_rng(seed)
    group = Cardinality(range(1, size + 1), min(*bounds, size), max(bounds))
    spins = random_spins(source, size + 2)
    before = spins.copy()
    missing = group.violation(before[None])[0]
    assert repair_groups(Hamiltonian(num_spins=size + 2, groups=[group]), spins, source) is None
    assert group.violation(spins[None])[0] == 0
    assert (spins != before).sum() == missing


@given(seed=SEEDS, size=st.integers(0, 7))
def test_places_are_matched(seed, size):
    """A block with at least one allowed permutation gets one, from any start."""
    source = np.random.default_rng(seed)
    allowed = source.random((size, size)) < 0.3
    allowed[np.arange(size), source.permutation(size)] = True
    group = Permutation(source.permutation(size**2).reshape(size, size), allowed)
    spins = random_spins(source, size**2)
    assert repair_groups(Hamiltonian(num_spins=size**2, groups=[group]), spins, source) is None
    assert group.violation(spins[None])[0] == 0


@given(seed=SEEDS)
def test_what_holds_is_left_alone(seed):
    """A state in which all groups hold is not changed."""
    source = np.random.default_rng(seed)
    groups = [
        OneHot([0, 1, 2]),
        AtMostOne([3, 4]),
        Permutation(np.arange(5, 14).reshape(3, 3)),
        Linear([0, 3, 14, 15], [1, 1, 2, -1], -1, 2),
    ]
    hamiltonian = Hamiltonian(num_spins=16, groups=groups)
    layout = GroupedLayout.build(hamiltonian)
    rng = source.integers(1, 2**63, layout.rng_words(4), dtype=np.uint64)
    states = layout.feasible_start(np.array([random_spins(source, 16) for _ in range(4)]), rng)
    assert states is not None
    assert not sum(group.violation(states) for group in groups).any()
    again = layout.feasible_start(states, rng)
    assert (states == again).all()


@pytest.mark.parametrize(
    "group",
    [OneHot([]), Cardinality([0], 2, 3), Permutation([[0, 1], [2, 3]], np.eye(2)[[0, 0]] > 0)],
)
def test_what_never_holds_is_returned(group):
    """A group without any state comes back as it is."""
    source = np.random.default_rng(0)
    hamiltonian = Hamiltonian(num_spins=5, groups=[OneHot([4]), group])
    assert repair_groups(hamiltonian, random_spins(source, 5), source) is group


@given(seed=SEEDS)
def test_linear_ranges_are_reached(seed):
    """Ranges around a planted state, with one-hot groups beside them, get a start."""
    source = np.random.default_rng(seed)
    size = 24
    groups = [OneHot(range(k, k + 4)) for k in range(0, 12, 4)]
    planted = random_spins(source, size)
    repair_groups(Hamiltonian(num_spins=size, groups=groups), planted, source)
    for _ in range(6):
        own = source.choice(size, 8, replace=False)
        weights = source.integers(1, 5, 8)
        total = int(weights @ (planted[own] > 0))
        groups.append(Linear(own, weights, total - 1, total))
    layout = GroupedLayout.build(Hamiltonian(num_spins=size, groups=groups))
    rng = source.integers(1, 2**63, layout.rng_words(3), dtype=np.uint64)
    states = layout.feasible_start(np.array([random_spins(source, size) for _ in range(3)]), rng)
    assert states is not None
    assert not sum(group.violation(states) for group in groups).any()


@pytest.mark.parametrize("sampling", [False, True])
def test_whoever_moves_begins_where_any_moves_find_a_start(sampling):
    """All spins are on, or all but one break a row: walks of small moves do not find that."""
    groups = [Linear([k, (k + 1) % 400], [1, -1], 0, 0) for k in range(400)]
    network = Hamiltonian(num_spins=400, groups=[*groups, Linear([0], [1], 1, 1)])
    layout = layout_of(network, 2, sampling=sampling)
    words = stream(0, words=layout.rng_words(2))
    off = np.full((2, 400), -1, np.int8)
    starts = layout.feasible_start(off, words)
    assert (starts == 1).all()
    alone = GroupedLayout.build(network)
    assert alone.feasible_start(off, words) is None
    with pytest.raises(InputError, match="^groups must have a state in which all of them hold"):
        alone.allocate(off, words)
    energies = tabu_of(network).best(tabu_of(network).start(off, words.reshape(2, -1)))[0]
    assert (energies == 1).all()
