"""Scaling, gauges, relabelling, fixing and merging: energies and groups move along."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

N = 6
halves = st.integers(-6, 6).map(lambda k: k / 2)
signs_of_all = st.lists(st.sampled_from([-1, 1]), min_size=N, max_size=N)


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


def violation(hamiltonian, states):
    """Return the sum of the violations of all groups."""
    return sum((g.violation(states) for g in hamiltonian.groups), np.zeros(len(states)))


@st.composite
def hamiltonians(draw):
    """Draw a Hamiltonian with every kind of term, and some kinds of groups."""
    vector = st.lists(halves, min_size=N, max_size=N)
    upper = np.triu(np.array(draw(st.lists(vector, min_size=N, max_size=N))), 1)
    explicit = csr_array(upper + upper.T) if draw(st.booleans()) else upper + upper.T
    left = np.array(draw(st.lists(halves, min_size=4, max_size=4))).reshape(2, 2)
    block = np.array(draw(st.permutations(range(N)))[:4]).reshape(2, 2)
    terms = [Explicit(explicit), Factored([draw(vector)]), Kronecker(left, left.T + 1, block)]
    spins = draw(st.permutations(range(N)))
    groups = draw(
        st.sampled_from(
            [
                [],
                [Permutation(np.reshape(spins[:4], (2, 2))), OneHot(spins[4:])],
                [OneHot(spins[:3]), AtMostOne(spins[3:5])],
                [Cardinality(spins[:4], 1, 2)],
            ]
        )
    )
    groups = [*groups, Linear(spins[2:], draw(vector)[2:], -2, 3)]
    return Hamiltonian(terms, draw(vector), draw(halves), groups)


@given(hamiltonians(), st.integers(1, 9).map(lambda k: k / 4))
def test_scaled(hamiltonian, factor):
    """All energies are multiplied; the groups stay."""
    new = hamiltonian.scaled(factor)
    states = all_states(N)
    assert (new.energy(states) == factor * hamiltonian.energy(states)).all()
    assert new.groups == hamiltonian.groups


@given(hamiltonians(), signs_of_all)
def test_gauge(hamiltonian, signs):
    """E'(s) = E(signs * s), and the same holds of the violations."""
    new = hamiltonian.gauge(signs)
    states = all_states(N)
    assert (new.energy(states) == hamiltonian.energy(states * signs)).all()
    assert (violation(new, states) == violation(hamiltonian, states * np.array(signs))).all()
    assert (new.gauge(signs).energy(states) == hamiltonian.energy(states)).all()


@given(hamiltonians(), st.permutations(range(N)))
def test_relabelled(hamiltonian, order):
    """New spin k is old spin order[k]; the kinds of the groups stay."""
    new = hamiltonian.relabelled(order)
    states = all_states(N)
    assert (new.energy(states[:, order]) == hamiltonian.energy(states)).all()
    assert (violation(new, states[:, order]) == violation(hamiltonian, states)).all()
    assert list(map(type, new.groups)) == list(map(type, hamiltonian.groups))
    back = new.relabelled(np.argsort(order))
    assert (back.to_dense() == hamiltonian.to_dense()).all()


@given(hamiltonians(), st.dictionaries(st.integers(0, N - 1), st.sampled_from([-1, 1])))
def test_fixed(hamiltonian, spins):
    """Energies and feasibility are those of the whole state with the spins as fixed."""
    new = hamiltonian.fixed(spins)
    pinned = {
        i for g in hamiltonian.groups if isinstance(g, Permutation) for i in g.members.tolist()
    }
    keep = [i for i in range(N) if i not in spins or i in pinned]
    states = all_states(len(keep))
    whole = np.zeros((len(states), N), dtype=np.int8)
    for i, s in spins.items():
        whole[:, i] = s
    whole[:, keep] = states
    assert new.num_spins == len(keep)
    assert (new.energy(states) == hamiltonian.energy(whole)).all()
    right = np.all([whole[:, i] == s for i, s in spins.items()], axis=0)
    accepted = (violation(hamiltonian, whole) == 0) & right
    assert ((violation(new, states) == 0) == accepted).all()


@given(hamiltonians(), st.integers(0, N - 1))
def test_a_group_of_which_nothing_is_fixed_has_new_numbers_only(hamiltonian, spin):
    """It is of its kind, with its bounds, over the same spins."""
    groups = [group for group in hamiltonian.groups if spin not in group.members]
    new = Hamiltonian(np.zeros((N, N)), groups=groups).fixed({spin: 1})
    position = np.arange(N) - (np.arange(N) > spin)
    assert list(map(repr, new.groups)) == [repr(one.relabelled(position)) for one in groups]


@given(hamiltonians(), st.lists(st.integers(0, N - 1), min_size=N, max_size=N))
def test_contract(hamiltonian, drawn):
    """A state of the clusters has the energy and the violations of its spins."""
    labels = np.unique(drawn, return_inverse=True)[1]
    new = hamiltonian.contract(labels)
    states = all_states(new.num_spins)
    assert new.num_spins == len(set(drawn))
    assert (new.energy(states) == hamiltonian.energy(states[:, labels])).all()
    assert (violation(new, states) == violation(hamiltonian, states[:, labels])).all()


def test_contract_sums_weights_by_hand():
    """Two pairs of a square: weights between the pairs add up, those within go to the offset."""
    ring = np.roll(np.eye(4), 1, axis=0) + np.roll(np.eye(4), -1, axis=0)
    for weights in (ring, csr_array(ring)):
        new = Hamiltonian(weights, [1, 2, 3, 4], groups=[Cardinality(range(4), 2, 2)])
        new = new.contract([0, 0, 1, 1])
        assert new.to_dense().tolist() == [[0, 2], [2, 0]]
        assert new.thresholds.tolist() == [3, 7]
        assert new.offset == -2
        (group,) = new.groups
        assert group.coefficients.tolist() == [2, 2]
        assert (group.lower, group.upper) == (2, 2)


def test_contraction_of_disjoint_groups_can_never_clash():
    """Two one-hots that come to share a cluster become Linear, which may overlap."""
    hamiltonian = Hamiltonian(num_spins=5, groups=[OneHot([0, 1]), OneHot([2, 3]), OneHot([4])])
    new = hamiltonian.contract([0, 1, 1, 2, 3])
    assert list(map(type, new.groups)) == [Linear, Linear, OneHot]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda h: h.scaled(0), "factor must be positive, got 0.0"),
        (lambda h: h.scaled(np.nan), "factor must be finite, got nan"),
        (lambda h: h.gauge([1, -1]), r"signs must have shape \(3,\), got \(2,\)"),
        (lambda h: h.gauge([[1, -1, 1]]), r"signs must have shape \(3,\), got \(1, 3\)"),
        (lambda h: h.gauge([1, 0, 1]), r"signs must be -1 or \+1, got 0 at \[1\]"),
        (lambda h: h.relabelled([0, 1]), "order must be a permutation of 3 spins, got 2 numbers"),
        (lambda h: h.relabelled([0, 1, 3]), "order must .* got 3 numbers up to 3"),
        (lambda h: h.relabelled([0, 1, 1]), "order must be distinct, got 1 twice"),
        (lambda h: h.fixed({3: 1}), "a spin to fix must be below 3, got 3"),
        (lambda h: h.fixed({-1: 1}), "a spin to fix must be at least 0, got -1"),
        (lambda h: h.fixed({"a": 1}), "a spin to fix must be an integer, got 'a'"),
        (lambda h: h.fixed({1: 0}), r"a fixed spin must be -1 or \+1, got 0 at \[1\]"),
        (
            lambda h: h.contract([0, 1]),
            r"labels must be integers of shape \(3,\), got shape \(2,\)",
        ),
        (lambda h: h.contract([0, 1, 0.5]), "labels must be integers .* dtype float64"),
        (lambda h: h.contract([0, 1, 3]), "labels must lie in 0 to 2, got 0 to 3"),
        (lambda h: h.contract([0, 2, 2]), "labels must use every number up to 2, got no 1"),
    ],
)
def test_transformations_refuse_by_name(call, message):
    """What is no factor, sign, order, spin or label is refused with its value."""
    with pytest.raises(InputError, match=message):
        call(Hamiltonian(num_spins=3))


def test_transformations_of_nothing():
    """Without spins every transformation gives no spins."""
    empty = Hamiltonian(num_spins=0, offset=1)
    for new in (empty.gauge([]), empty.relabelled([]), empty.fixed({}), empty.contract([])):
        assert (new.num_spins, new.offset) == (0, 1)
    assert Hamiltonian([[0]], [2]).fixed({0: -1}).energy([]) == -2
