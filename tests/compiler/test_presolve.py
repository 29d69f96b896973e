"""Presolve takes away what is certain, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt.compiler.components import components
from hopfield_opt.compiler.presolve import presolve
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian

SMALL = st.integers(-3, 3).map(float)


def states(n: int) -> np.ndarray:
    """Return all states of n spins."""
    return 2 * (np.arange(1 << n)[:, None] >> np.arange(n) & 1) - 1


@settings(max_examples=300)
@given(st.data(), st.integers(1, 7))
def test_ground_energy_is_kept_and_decodes(data: st.DataObject, n: int) -> None:
    """The smaller network has the same ground energy, and its ground state is one of the larger."""
    mask = np.triu(data.draw(arrays(bool, (n, n), elements=st.booleans())), 1)
    upper = np.where(mask, data.draw(arrays(np.float64, (n, n), elements=SMALL)), 0.0)
    before = Hamiltonian(upper + upper.T, data.draw(arrays(np.float64, n, elements=SMALL)), 0.5)
    after, undos, _ = presolve(before)
    energies = after.energy(states(after.num_spins))
    assert energies.min() == before.energy(states(n)).min()
    values = states(after.num_spins).astype(float)
    for undo in reversed(undos):
        values = undo.decode(values)
    assert np.array_equal(before.energy(values), energies)
    again = values
    for undo in undos:
        again = undo.encode(again)
    assert np.array_equal(again, states(after.num_spins))


def test_trees_vanish_and_symmetry_stays() -> None:
    """A path without thresholds becomes one neuron that may point either way."""
    weights = np.diag([1.0, -2, 3, -1], 1)
    after, undos, lines = presolve(Hamiltonian(weights + weights.T))
    assert after.num_spins == 1
    assert lines == (
        "presolve fixes 0 neurons and merges 4",
        "roof duality is skipped: no threshold can decide",
    )
    values = np.array([[1.0]])
    for undo in reversed(undos):
        values = undo.decode(values)
    assert values.tolist() == [[1, 1, -1, -1, 1]] or values.tolist() == [[-1, -1, 1, 1, -1]]


def test_members_of_groups_are_left_alone() -> None:
    """A neuron in a group stays, however strong its threshold."""
    hamiltonian = Hamiltonian(None, [5.0, 5, 5], groups=[OneHot([0, 1])])
    after, _, _ = presolve(hamiltonian)
    assert after.num_spins == 2
    assert len(after.groups) == 1


def test_nobody_follows_a_member_of_a_group() -> None:
    """A neuron stays that a coupling ties to a group: the group would no longer be of its kind."""
    weights = np.zeros((3, 3))
    weights[1, 2] = weights[2, 1] = 3.0
    after, _, _ = presolve(Hamiltonian(weights, groups=[OneHot([0, 1])]))
    assert after.num_spins == 3
    assert isinstance(after.groups[0], OneHot)


@settings(max_examples=200)
@given(st.data(), st.integers(2, 8))
def test_components_are_those_of_a_search(data: st.DataObject, n: int) -> None:
    """Couplings, squares and groups join spins, whether stored dense or sparse."""
    two = st.sets(st.integers(0, n - 1), min_size=2, max_size=2)
    pairs = data.draw(st.lists(two, max_size=4))
    weights = np.zeros((n, n))
    for i, j in map(tuple, pairs):
        weights[i, j] = weights[j, i] = data.draw(st.sampled_from((-1.0, 2.0)))
    members = st.sets(st.integers(0, n - 1), min_size=1, max_size=3)
    squares = data.draw(st.lists(members, max_size=2))
    rows = np.array([[float(k in one) for k in range(n)] for one in squares]).reshape(-1, n)
    group = sorted(data.draw(members))
    parts = [{k} for k in range(n)]
    for one in [*pairs, *squares, set(group)]:
        touched = [part for part in parts if part & one]
        parts = [part for part in parts if not part & one] + [set().union(*touched)]
    for form in (np.asarray, csr_array):
        terms = [Explicit(form(weights)), Factored(form(rows), np.ones(len(rows)))]
        assert components(Hamiltonian(terms, groups=[OneHot(group)])) == len(parts)


def test_a_block_is_one_component() -> None:
    """The spins of a structured coupling belong together, holes and others do not."""
    block = Kronecker(np.eye(2, k=1), np.ones((2, 2)), np.array([[0, 2], [3, -1]]))
    assert components(Hamiltonian(block, num_spins=block.num_spins)) == block.num_spins - 2


def test_roof_duality_has_its_turn_when_rounds_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """One round of the two rules is not enough for a path, and the flow decides the rest."""
    monkeypatch.setattr("hopfield_opt.compiler.presolve.MOST_ROUNDS", 1)
    weights = np.diag([1.0, -2, 3, -1], 1)
    after, _, lines = presolve(Hamiltonian(weights + weights.T, [0.5, 0, 0, 0, 0]))
    assert after.num_spins == 0
    assert lines == ("presolve fixes 0 neurons and merges 1", "roof duality fixes 4 neurons")


def test_dense_and_sparse_couplings_presolve_alike() -> None:
    """The same neurons are fixed and merged, and the same values come back."""
    source = np.random.default_rng(3)
    for _ in range(20):
        upper = np.triu(source.integers(-9, 10, (8, 8)) * (source.random((8, 8)) < 0.4), 1)
        weights, thresholds = (upper + upper.T).astype(float), source.integers(-3, 4, 8)
        found = [
            presolve(Hamiltonian([Explicit(form(weights))], thresholds))
            for form in (np.asarray, csr_array)
        ]
        (dense, undos, lines), (sparse, others, same) = found
        assert lines == same
        assert np.array_equal(dense.to_dense(), sparse.to_dense())
        values = states(dense.num_spins).astype(float)
        again = values
        for one, other in zip(reversed(undos), reversed(others), strict=True):
            values, again = one.decode(values), other.decode(again)
        assert np.array_equal(values, again)


def test_a_square_holds_its_spins_whatever_their_signs() -> None:
    """A neuron whose factors add up to 0 is held by them all the same."""
    rows = np.array([[2.0, 3, 0], [-2.0, 0, 3]])
    before = Hamiltonian(Factored(rows, np.ones(2)), [1.0, 5, -5])
    after, undos, _ = presolve(before)
    values = states(after.num_spins).astype(float)
    energies = after.energy(values)
    for undo in reversed(undos):
        values = undo.decode(values)
    assert np.array_equal(before.energy(values), energies)
    assert energies.min() == before.energy(states(3)).min()


def test_groups_need_no_word_about_roof_duality():
    """It is for networks without groups: nobody expects it where moves keep constraints."""
    model = ho.Model()
    x = model.binary((3, 3), name="x")
    model.minimize((x * np.arange(9).reshape(3, 3)).sum())
    model.add(x.sum(axis=1) == 1)
    assert "roof duality" not in ho.compile(model).report()
