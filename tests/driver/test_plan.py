"""The plan of replicas: who begins where, and with which random numbers."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from hopfield_opt.driver.plan import RunPlan
from hopfield_opt.hamiltonian import Hamiltonian

NETWORK = Hamiltonian(num_spins=40)
FOUR_A_GROUP = SimpleNamespace(batch=lambda network: 4)


def plan(replicas, starts=None, number=0):
    """Return a plan of groups of four replicas."""
    return RunPlan(NETWORK, FOUR_A_GROUP, None, 7, replicas, starts, number)


@pytest.mark.parametrize(("replicas", "sizes"), [(1, [1]), (4, [4]), (5, [4, 1]), (10, [4, 4, 2])])
def test_groups_hold_all_replicas_and_no_more(replicas, sizes):
    """The last group is what is left, and each replica has its start where there is one."""
    own = np.arange(replicas * 40).reshape(replicas, 40)
    for starts in (None, own[:1], own):
        found = plan(replicas, starts)
        parts = [found.start(group) for group in found.groups]
        assert [len(part) for part in parts] == sizes
    assert np.concatenate(parts).tolist() == own.tolist()


def test_no_two_groups_or_rounds_share_their_random_numbers():
    """Starts and streams differ from group to group, from round to round, and from each other."""
    plans = [plan(12, number=number) for number in range(3)]
    streams = [one.stream(group).generate_state(2).tolist() for one in plans for group in range(3)]
    starts = [row.tolist() for one in plans for group in range(3) for row in one.start(group)]
    for drawn in (streams, starts):
        assert len(np.unique(drawn, axis=0)) == len(drawn)
    again = [plan(12, number=number).stream(2).generate_state(2).tolist() for number in range(3)]
    assert again == streams[2::3]


def test_good_states_go_to_some_replicas_and_the_others_stay_as_they_are():
    """Every fourth replica of all groups begins at a good state, by turns; a start goes before."""
    good = np.ones((2, 40), np.int8)
    good[1, :20] = -1
    plain = plan(18)
    led = replace(plain, guided=good)
    before = np.concatenate([plain.start(group) for group in plain.groups])
    after = np.concatenate([led.start(group) for group in led.groups])
    assert np.array_equal(after[::4], good[[0, 1, 0, 1, 0]])
    others = np.arange(18) % 4 != 0
    assert np.array_equal(after[others], before[others])
    assert (replace(led, starts=-good[:1]).start(0) == -1).all()
