"""Groups against counting in plain Python, and what transformations turn them into."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.groups import (
    AtMostOne,
    Cardinality,
    Linear,
    OneHot,
    Permutation,
    check_groups,
)

SPINS = 6


def all_states(n):
    """Return the 2^n states of n spins."""
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8).reshape(2**n, n)


STATES = all_states(SPINS)
halves = st.integers(-4, 4).map(lambda k: k / 2)


def outside(value, lower, upper):
    """Return the distance of a value to a range."""
    return max(0, lower - value, value - upper)


@st.composite
def counts(draw):
    """Draw a group that bounds a count or a weighted sum, and its violation by counting."""
    members = draw(st.lists(st.integers(0, SPINS - 1), unique=True, max_size=SPINS))
    kind = draw(st.sampled_from([OneHot, AtMostOne, Cardinality, Linear]))
    if kind is OneHot:
        return OneHot(members), lambda x: abs(sum(x[i] for i in members) - 1)
    if kind is AtMostOne:
        return AtMostOne(members), lambda x: max(0, sum(x[i] for i in members) - 1)
    if kind is Cardinality:
        low, high = sorted(draw(st.lists(st.integers(-1, 7), min_size=2, max_size=2)))
        group = Cardinality(members, low, high)
        return group, lambda x: outside(sum(x[i] for i in members), low, high)
    size = len(members)
    weights = draw(st.lists(halves, min_size=size, max_size=size))
    low, high = sorted(draw(st.lists(halves, min_size=2, max_size=2)))
    low, high = draw(st.sampled_from([(low, high), (-np.inf, high), (low, np.inf)]))
    group = Linear(members, weights, low, high)
    return group, lambda x: outside(
        sum(c * x[i] for c, i in zip(weights, members, strict=True)), low, high
    )


@st.composite
def permutations(draw):
    """Draw a permutation block, and its violation by counting."""
    n = draw(st.integers(0, 2))
    spins = draw(st.permutations(range(SPINS)))[: n * n]
    places = np.array(spins, dtype=int).reshape(n, n)
    allowed = draw(st.none() | st.lists(st.booleans(), min_size=n * n, max_size=n * n))
    mask = None if allowed is None else np.array(allowed, dtype=bool).reshape(n, n)

    def violation(x):
        rows = sum(abs(sum(x[i] for i in line) - 1) for line in places.tolist())
        columns = sum(abs(sum(x[i] for i in line) - 1) for line in places.T.tolist())
        closed = [] if mask is None else places[~mask].tolist()
        return rows + columns + sum(x[i] for i in closed)

    return Permutation(places, mask), violation


cases = st.one_of(counts(), permutations())


def total(groups, states):
    """Return the sum of the violations of several groups."""
    return sum((group.violation(states) for group in groups), np.zeros(len(states)))


@given(cases)
def test_violation_is_counted(case):
    """The violation of each state is the amount by its definition."""
    group, violation = case
    binaries = ((STATES + 1) // 2).tolist()
    assert group.violation(STATES).tolist() == [violation(x) for x in binaries]


@given(cases, st.permutations(range(SPINS)))
def test_relabelled_moves_members(case, position):
    """Spin i of the old group is spin position[i] of the new one, and the kind stays."""
    group, _ = case
    position = np.array(position)
    moved = group.relabelled(position)
    assert type(moved) is type(group)
    assert (moved.violation(STATES) == group.violation(STATES[:, position])).all()


@given(cases, st.lists(st.sampled_from([-1.0, 1.0]), min_size=SPINS, max_size=SPINS))
def test_gauge_is_lossless(case, signs):
    """The new groups are violated at s by what the old one is at signs * s."""
    group, _ = case
    signs = np.array(signs)
    new = group.gauge(signs)
    assert (total(new, STATES) == group.violation(signs * STATES)).all()
    if (signs[group.members] > 0).all() and not isinstance(group, Linear):
        assert new == (group,)


@given(cases, st.lists(st.integers(0, SPINS - 1), min_size=SPINS, max_size=SPINS))
def test_contract_is_lossless(case, drawn):
    """The new groups are violated by clusters as the old one by their spins."""
    group, _ = case
    labels = np.unique(drawn, return_inverse=True)[1]
    sizes = np.bincount(labels)
    clusters = all_states(len(sizes))
    new = group.contract(labels, sizes)
    assert (total(new, clusters) == group.violation(clusters[:, labels])).all()
    if (sizes[labels[group.members]] == 1).all():
        assert [type(each) for each in new] == [type(group)]


@given(counts(), st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=SPINS, max_size=SPINS))
def test_restricted_is_lossless(case, values):
    """With some spins fixed the rest is violated as the whole state was."""
    group, _ = case
    fixed = np.array(values)
    keep = np.flatnonzero(fixed == 0)
    position = np.full(SPINS, -1)
    position[keep] = np.arange(len(keep))
    rest = all_states(len(keep))
    whole = np.tile(fixed, (len(rest), 1))
    whole[:, keep] = rest
    new = group.restricted(position, fixed)
    assert (total(new, rest) == group.violation(whole)).all()
    if len(keep) == SPINS:
        assert [each.members.tolist() for each in new] in ([], [group.members.tolist()])


@given(permutations(), st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=SPINS, max_size=SPINS))
def test_restricted_permutation_pins_its_spins(case, values):
    """The block stays whole and accepts what it did, where the pinned spins are right."""
    group, _ = case
    pins = np.zeros(SPINS)
    pins[group.members] = np.array(values)[group.members]
    (new,) = group.restricted(np.arange(SPINS), pins)
    right = ((pins == 0) | (pins == STATES)).all(axis=1)
    accepted = (group.violation(STATES) == 0) & right
    assert ((new.violation(STATES) == 0) == accepted).all()
    assert (new.indices == group.indices).all()


def test_pins_close_rows_and_columns():
    """A spin fixed on closes its row and column, one fixed off its own place, none opens."""
    block = Permutation(np.arange(9).reshape(3, 3), ~np.eye(3, dtype=bool)[::-1])
    (new,) = block.restricted(np.arange(9), np.array([0, 1.0, 0, 0, 0, 0, 0, 0, -1.0]))
    assert new.allowed.astype(int).tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]


def test_a_fixed_spin_narrows_the_kind():
    """What remains of a group is of the narrowest kind, and nothing where nothing is asked."""
    position, fixed = np.array([-1, 0, 1]), np.array([1.0, 0, 0])
    (rest,) = OneHot([0, 1, 2]).restricted(position, fixed)
    assert (type(rest), rest.bounds, rest.members.tolist()) == (Cardinality, (0, 0), [0, 1])
    (rest,) = OneHot([0, 1, 2]).restricted(position, -fixed)
    assert (type(rest), rest.members.tolist()) == (OneHot, [0, 1])
    (rest,) = AtMostOne([0, 1]).restricted(position, -fixed)
    assert (type(rest), rest.members.tolist()) == (AtMostOne, [0])
    (rest,) = Cardinality([0, 1, 2], 1, 2).restricted(position, fixed)
    assert (type(rest), rest.members.tolist()) == (AtMostOne, [0, 1])
    (rest,) = Cardinality([0, 1, 2], 0, 2).restricted(position, fixed)
    assert (type(rest), rest.members.tolist()) == (AtMostOne, [0, 1])
    (rest,) = Cardinality([0, 1, 2], 2, 2).restricted(position, fixed)
    assert (type(rest), rest.members.tolist()) == (OneHot, [0, 1])
    assert AtMostOne([0]).restricted(position, fixed) == ()
    assert Linear([0], [3], 2, 4).restricted(position, fixed) == ()
    (rest,) = OneHot([0, 1, 2]).restricted(np.array([-1, -1, 0]), np.array([1.0, 1, 0]))
    assert (type(rest), rest.bounds) == (Cardinality, (-1, -1))
    (impossible,) = OneHot([0]).restricted(position, -fixed)
    assert impossible.violation(np.ones((2, 2))).tolist() == [1, 1]


def test_rounding_is_no_violation():
    """Tenths that add up to the bound on paper do so here; a real excess counts."""
    group = Linear([0, 1, 2], [0.1, 0.2, 0.3], -np.inf, 0.3)
    assert 0.1 + 0.2 > 0.3
    states = np.array([[1, 1, -1], [1, -1, 1]])
    assert group.violation(states).tolist() == [0.0, pytest.approx(0.1)]
    assert Linear([0], [1e9], 0, 1).tolerance == 0.0


def test_no_members_are_legal():
    """Empty groups have a meaning: nothing is on."""
    state = np.ones((1, 1))
    assert OneHot([]).violation(state).tolist() == [1]
    assert AtMostOne([]).violation(state).tolist() == [0]
    assert Linear([], [], 0, 0).violation(state).tolist() == [0]
    assert Permutation(np.zeros((0, 0), dtype=int)).violation(state).tolist() == [0]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: OneHot([0, 1, 0]), "indices must be distinct, got 0 twice"),
        (lambda: AtMostOne([0.5]), "indices must be a 1-dimensional array of integers"),
        (lambda: OneHot([[0, 1]]), r"indices must be a 1-dimensional .* got shape \(1, 2\)"),
        (lambda: OneHot([-1]), "indices must be at least 0, got -1"),
        (lambda: Cardinality([0], 2, 1), "lower must be at most upper, got 2 and 1"),
        (lambda: Cardinality([0], 0.5, 1), "lower must be an integer, got 0.5"),
        (lambda: Cardinality([0], 0, True), "upper must be an integer, got True"),
        (lambda: Linear([0], [1], 2, 1), "lower must be at most upper, got 2.0 and 1.0"),
        (lambda: Linear([0], [1], np.inf, np.inf), "lower must be at most upper, got inf"),
        (lambda: Linear([0], [1], np.nan, 1), "lower must be a number, or infinite, got nan"),
        (lambda: Linear([0], [1], None, 1), "lower must be a number, got None"),
        (lambda: Linear([0], [np.inf], 0, 1), r"coefficients must be finite, got inf at \[0\]"),
        (lambda: Linear([0, 1], [1], 0, 1), r"coefficients must have shape \(2,\), got \(1,\)"),
        (lambda: Permutation([[0, 1]]), r"indices must be square, got shape \(1, 2\)"),
        (lambda: Permutation([[0]], [1]), r"allowed must be booleans of shape \(1, 1\)"),
        (lambda: Permutation([[0]], [[1]]), "allowed must be booleans .* dtype int64"),
        (lambda: check_groups([OneHot([0, 9])], 5), r"within 5 spins, got spin 9 in OneHot\("),
        (lambda: check_groups([[0, 1]], 5), r"groups must hold groups, got list at \[0\]"),
        (
            lambda: check_groups([OneHot([0, 1]), Cardinality([1, 2], 0, 1)], 5),
            r"disjoint .* got spin 1 in both OneHot\(indices=\[0, 1\]\) and Cardinality\(",
        ),
    ],
)
def test_groups_refuse_by_name(build, message):
    """What is no group is refused with its name, value and place."""
    with pytest.raises(InputError, match=message):
        build()


def test_linear_groups_may_overlap():
    """Only Linear groups share spins, with each other and with other kinds."""
    groups = (OneHot([0, 1]), Linear([0, 1], [1, 2], 0, 2), Linear([1, 2], [1, 1], 0, 1))
    assert check_groups(iter(groups), 3) == groups


def test_groups_are_immutable_and_short():
    """Arrays are copied and read-only, also after pickling; a repr leaves the middle out."""
    indices = np.arange(100)
    group = Linear(indices, np.ones(100), 0, 5)
    indices[0] = 7
    assert repr(group) == (
        "Linear(indices=[ 0, 1, ..., 98, 99], coefficients=[1., 1., ..., 1., 1.], "
        "lower=0.0, upper=5.0)"
    )
    for own in (group, pickle.loads(pickle.dumps(group))):
        with pytest.raises(ValueError, match="read-only"):
            own.coefficients[0] = 2
    with pytest.raises(AttributeError):
        group.lower = 1
    assert repr(Permutation([[0, 1], [2, 3]])) == (
        "Permutation(indices=[[0, 1], [2, 3]], allowed=None)"
    )
