"""Groups of a Hamiltonian that are not kept become proven penalties."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.compiler import compile
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

GROUPS: list[list[Group]] = [
    [OneHot([0, 1, 2]), AtMostOne([3, 4, 5])],
    [Cardinality([0, 1, 2, 3, 4, 5, 6, 7, 8], 4, 5)],
    [Linear([0, 1, 2, 3], [1.0, 2, 3, -1], 1, 4), Linear([3, 4, 5], [1.0, 1, 1], -np.inf, 2)],
    [Permutation(np.arange(9).reshape(3, 3), ~np.eye(3, dtype=bool))],
    [OneHot([0, 1]), Cardinality([2, 3, 4], 3, 4)],
]


@pytest.mark.parametrize("groups", GROUPS)
@pytest.mark.parametrize("integers", [True, False])
def test_groups_become_penalties(groups: Any, integers: bool) -> None:
    """The network without groups has the same best state, and violations lie above it."""
    rng = np.random.default_rng(1)
    upper = np.triu(rng.integers(-3, 4, (9, 9)), 1) * (1.0 if integers else 0.37)
    before = Hamiltonian(upper + upper.T, rng.integers(-2, 3, 9), 1.5, groups)
    compiled = compile(before, structure="penalty")
    assert compiled.hamiltonian.groups == ()
    found = compiled.verify()
    assert found.holds, found.failures
    states = 2 * (np.arange(512)[:, None] >> np.arange(9) & 1) - 1
    good = np.all([group.violation(states) == 0 for group in groups], axis=0)
    assert found.best == pytest.approx(before.energy(states[good]).min())
    assert "weight" in compiled.report()


def test_structured_couplings_keep_their_form() -> None:
    """Squares and blocks pass through; the energies of states that keep the groups are the same."""
    rng = np.random.default_rng(2)
    weights = rng.integers(-3, 4, (9, 9))
    terms = [
        Explicit(np.triu(weights, 1) + np.triu(weights, 1).T),
        Factored(rng.integers(-2, 3, (2, 9)), [1.0, -2.0]),
        Kronecker(weights[:3, :3], weights[3:6, :3], np.arange(9).reshape(3, 3), 0.5),
    ]
    before = Hamiltonian(terms, rng.integers(-2, 3, 9), groups=[OneHot([0, 4, 8])])
    compiled = compile(before, structure="penalty", presolve="off")
    kinds = [type(term) for term in compiled.hamiltonian.couplings]
    assert kinds.count(Factored) == kinds.count(Kronecker) == 1
    found = compiled.verify()
    assert found.holds, found.failures


def test_groups_that_contradict_each_other_are_infeasible() -> None:
    """What no state can keep is proven, and the network is that of the energies alone."""
    groups = [Linear([0, 1], [1.0, 1], 2, 2), Linear([0, 1, 2], [1.0, 1, 1], -np.inf, 1)]
    compiled = compile(Hamiltonian(None, np.ones(3), groups=groups), structure="penalty")
    assert "asks for a sum in" in str(compiled.infeasible)
    assert compiled.hamiltonian.groups == ()
    assert compiled.verify().best is None


def test_kept_groups_leave_the_network_as_it_is() -> None:
    """Nothing is done where the method keeps all groups."""
    before = Hamiltonian(None, np.ones(9), groups=GROUPS[0])
    assert compile(before).hamiltonian is before
    partly = compile(before, keeps=[OneHot])
    assert [type(group) for group in partly.hamiltonian.groups] == [OneHot]


@pytest.mark.parametrize("side", [0, 1])
def test_holes_of_a_block_change_no_penalty(side: int) -> None:
    """A block with a line of holes is the block without that line, whatever becomes of groups."""
    rng = np.random.default_rng(3)
    left, right = rng.integers(-3, 4, (2, 3, 3))
    indices = np.arange(9).reshape(3, 3)
    line = (slice(None), 1) if side else 1
    indices[line] = -1
    keep = [0, 2]
    small = [
        left if side else left[np.ix_(keep, keep)],
        right[np.ix_(keep, keep)] if side else right,
        indices[:, keep] if side else indices[keep],
    ]
    groups = [OneHot([0, 4, 8]), Cardinality([2, 3, 6], 1, 2)]
    compiled = [
        compile(Hamiltonian(term, np.arange(9.0), groups=groups), structure="penalty")
        for term in (Kronecker(left, right, indices, num_spins=9), Kronecker(*small, num_spins=9))
    ]
    assert compiled[0].verify().holds
    states = 2 * (np.arange(512)[:, None] >> np.arange(9) & 1) - 1
    networks = [one.hamiltonian for one in compiled]
    assert networks[0].energy(states).tolist() == networks[1].energy(states).tolist()


def test_a_block_without_places_stands_beside_penalties() -> None:
    """A block with no place at all is no obstacle."""
    empty = Kronecker(np.zeros((0, 0)), np.eye(2), np.zeros((0, 2), dtype=int), num_spins=3)
    before = Hamiltonian(empty, np.ones(3), groups=[OneHot([0, 1, 2])])
    assert compile(before, structure="penalty").verify().holds


def test_groups_stay_of_the_kind_that_the_user_made() -> None:
    """A range that could be a count is not made one for a method that keeps counts only."""
    before = Hamiltonian(None, np.ones(6), groups=[Linear([0, 1, 2, 3], [1.0, 1, 1, 1], 1, 2)])
    compiled = compile(before, keeps=[Cardinality, OneHot])
    assert compiled.hamiltonian.groups == ()
    assert compiled.verify().best == -4
