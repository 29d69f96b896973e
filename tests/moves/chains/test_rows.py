"""All groups of a network as rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.moves.chains.rows import RowTerms

SPINS = 14


def network(groups):
    """Return a network without couplings that has these groups."""
    return ho.Hamiltonian(np.zeros((SPINS, SPINS)), groups=groups)


@st.composite
def some_groups(draw):
    """Groups of all kinds; the Linear ones overlap the others."""
    source = np.random.default_rng(draw(st.integers(0, 10**6)))
    allowed = source.random((2, 2)) < 0.8
    groups = [OneHot([0, 3, 5]), AtMostOne([1, 2]), Cardinality([4, 6, 7, 8], 1, 3)]
    groups.append(Permutation([[9, 10], [11, 12]], allowed))
    for _ in range(draw(st.integers(0, 4))):
        spins = source.permutation(SPINS)[: source.integers(1, 6)]
        kinds = [source.integers(-3, 4, len(spins)), source.normal(size=len(spins)).round(3)]
        low, high = np.sort(source.integers(-2, 4, 2))
        low = draw(st.sampled_from([low, -np.inf]))
        groups.append(Linear(spins, draw(st.sampled_from(kinds)), low, high))
    return groups


@settings(deadline=None)
@given(some_groups(), st.integers(0, 10**6))
def test_rows_hold_where_groups_hold(groups, seed):
    """All rows hold at a state where no group is violated, and at no other."""
    source = np.random.default_rng(seed)
    rows = RowTerms.of(network(groups))
    states = source.choice(np.array([-1, 1], np.int8), (64, SPINS))
    states[:, [0, 3, 5, 1, 2, 4]] = [1, -1, -1, -1, 1, 1]
    good = np.all([group.violation(states) == 0 for group in groups], axis=0)
    assert [rows.hold(state) for state in states] == good.tolist()


@settings(deadline=None)
@given(some_groups())
def test_entries_by_spin_are_those_by_row(groups):
    """What a spin knows of its rows is what the rows have of it, and no coefficient is zero."""
    rows = RowTerms.of(network(groups))
    spin = np.repeat(np.arange(SPINS), np.diff(rows.spin_start))
    row = np.repeat(np.arange(len(rows.lower)), np.diff(rows.start))
    assert (rows.spin[rows.spin_entry] == spin).all()
    assert (row[rows.spin_entry] == rows.spin_row).all()
    assert (rows.coefficient[rows.spin_entry] == rows.spin_coefficient).all()
    assert (rows.coefficient != 0).all()


def test_many_rows_take_little_memory():
    """The memory of many rows is linear in their entries."""
    source = np.random.default_rng(0)
    groups = [Linear(source.choice(SPINS, 3, replace=False), [1, 1, -2], 0, 2)] * 100_000
    rows = RowTerms.of(network(groups))
    assert len(rows.spin) == 300_000
    assert sum(array.nbytes for array in rows) < 60 * 300_000


def test_no_groups_are_no_rows():
    """A network without groups has no rows, and each state holds."""
    rows = RowTerms.of(network([]))
    assert len(rows.lower) == 0
    assert rows.hold(np.ones(SPINS, np.int8))


@pytest.mark.parametrize("value", [0.1, 0.3])
def test_sums_of_decimals_never_drift(value):
    """Coefficients are on a grid on which sums are exact, in any order."""
    rows = RowTerms.of(network([Linear(range(10), np.full(10, value), -np.inf, 10 * value)]))
    assert sum(rows.coefficient) == sum(sorted(rows.coefficient)) == rows.coefficient[0] * 10
    assert rows.hold(np.ones(SPINS, np.int8))
