"""Rows whose room is paid for: what chains are told of it, and what they find with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.groups import Linear
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.chains.chained import ChainLayout
from hopfield_opt.moves.chains.charges import SHARE, Charges
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.rng import stream


def once(spins):
    """Return a row of which one is on."""
    return Linear(spins, np.ones(len(spins)), 1, 1)


def stores(seed, things=5, places=3, mirrored=False):
    """Return things that lie in places which are paid for, by weight and by number, and costs.

    The costs are of each thing in each place, then of the places; the room of a place by weight
    comes before that by number.
    """
    source = np.random.default_rng(seed)
    x, y = np.arange(things * places).reshape(places, -1), things * places + np.arange(places)
    weight, costs = source.integers(1, 4, things), source.integers(1, 30, things * places + places)
    groups, sign = [once(line) for line in x.T], -1.0 if mirrored else 1.0
    ends = (0, np.inf) if mirrored else (-np.inf, 0)
    for place in range(places):
        for load, room in ((weight, weight.sum() - 1), (np.ones(things), things - 1)):
            groups.append(Linear([*x[place], y[place]], sign * np.append(load, -room), *ends))
    costs = costs.astype(float)
    return Hamiltonian(np.zeros((len(costs),) * 2), costs / 2.0, groups=groups), costs


def paid_back(network, costs, states):
    """Return what the rows of stores pay back in states (R, N), from their groups."""
    amount = np.zeros(len(states))
    for group in network.groups:
        own = np.argmax(group.indices)  # places come last
        if group.lower == group.upper:
            continue
        on = states[:, group.indices] > 0
        load = np.delete(on * group.coefficients, own, axis=1).sum(axis=1)
        share = load / group.coefficients[own]
        amount += SHARE * costs[group.indices[own]] * share**2 / 2.0  # two rows share it
    return amount


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.booleans())
def test_costs_are_those_of_energy_less_what_is_paid_back(seed, mirrored):
    """Where every chain is accepted costs add up to what both change, however rows are signed."""
    network, costs = stores(seed, mirrored=mirrored)
    layout, words = ChainLayout.build(network), stream(seed, words=8)
    lanes = layout.allocate(-np.ones((2, network.num_spins), np.int8), words)
    for _ in range(5):
        before = layout.extract(lanes, 2)
        found = np.nansum(layout.costs(lanes, words, sweeps=1), axis=1)
        after = layout.extract(lanes, 2)
        change = network.energy(after) - network.energy(before)
        change -= paid_back(network, costs, after) - paid_back(network, costs, before)
        assert found == pytest.approx(change, abs=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.1, np.inf]))
def test_rows_hold_and_descents_follow_the_energy(seed, beta):
    """What is paid back changes no energy that is returned, and leads no descent uphill."""
    network, _ = stores(seed)
    layout, words = ChainLayout.build(network), stream(seed, words=4)
    lanes = layout.allocate(-np.ones((1, network.num_spins), np.int8), words)
    energies = []
    for _ in range(8):
        energies.append(float(layout.sweep_block(lanes, np.full((1, 1), beta), words)[0]))
        states = layout.extract(lanes, 1)
        assert all((group.violation(states) == 0).all() for group in network.groups)
        assert energies[-1] + network.offset == pytest.approx(network.energy(states)[0])
    if beta == np.inf:
        assert (np.diff(energies) <= 1e-9).all()


def test_descents_do_not_fill():
    """What would be paid back for a fuller place is no reason to go there uphill; annealing may."""
    x = np.arange(8).reshape(2, 4)
    groups = [once(line) for line in x.T] + [once([8]), once([9])]
    groups += [Linear([*x[k], 8 + k], [1, 1, 1, 1, -4], -np.inf, 0) for k in range(2)]
    costs = np.array([0.0, 0, 0, 1, 9, 9, 9, 0, 99, 99])
    network = Hamiltonian(np.zeros((10, 10)), costs / 2.0, groups=groups)
    start = -np.ones((1, 10), np.int8)
    start[0, [0, 1, 2, 7, 8, 9]] = 1  # the last one is alone, which costs 1 less
    layout, words = ChainLayout.build(network), stream(0, words=4)
    lanes = layout.allocate(start, words)
    layout.sweep_block(lanes, np.full((50, 1), np.inf), words)
    assert (layout.spins(lanes, 0) == start[0]).all()
    layout.sweep_block(lanes, np.full((50, 1), 10.0), words)
    assert layout.spins(lanes, 0)[3] == 1


def test_rows_that_are_paid_for():
    """One spin alone that costs opens all of the row; two x and more can be filled."""
    groups = [
        Linear([0, 1, 2], [2, 1, -3], -np.inf, 0),
        Linear([3, 4], [1, -1], -np.inf, 0),  # nothing to be filled
        Linear([0, 1, 2, 4], [1, 1, -3, -2], -np.inf, 0),  # either of two
        Linear([0, 1, 2], [2, 1, -3], -np.inf, 1),  # some room is free
        Linear([0, 1, 5], [1, 1, -3], -np.inf, 0),  # costs nothing
        Linear([0, 1, 4], [-1, -1, 4], 0, np.inf),
        Linear([1, 3, 4], [1, 1, -2], -np.inf, 0),
    ]
    rows = RowTerms.of(Hamiltonian(np.zeros((6, 6)), groups=groups))
    costs = np.array([1.0, 1.0, 9.0, 1.0, 4.0, 0.0])
    charges = Charges.of(rows, costs)
    assert charges.opener.tolist() == [2, 4, -1, -1, -1, 4, 4]
    wanted = [9 / 9, 0, 0, 0, 0, 4 / 2 / 16, 4 / 2 / 4]
    assert charges.back == pytest.approx(-SHARE * np.array(wanted))
    assert charges.room[[0, 1, 5, 6]].tolist() == [-3, -1, 4, -2]
    free = Charges.of(rows, np.zeros(6))
    assert len(free.back) == len(free.opener) == 0
    pair = RowTerms.of(Hamiltonian(np.zeros((6, 6)), groups=groups[1:2]))
    assert len(Charges.of(pair, costs).back) == 0
    assert len(Charges.of(pair, costs).opener) == 1


def test_what_is_set_up_once_moves_as_a_whole():
    """All three leave a dear place for a cheap one that is closed, past one that is dear for each.

    No descent gets there by less: the cheap one has to be paid before the first has left, and what
    is open already costs each of them more than the dear place in all.
    """
    x = np.arange(9).reshape(3, 3)  # dear, cheap, open
    y = np.array([9, 10, 11])
    groups = [once(line) for line in x.T] + [once([11])]
    groups += [Linear([*x[k], y[k]], [1, 1, 1, -3], -np.inf, 0) for k in range(3)]
    costs = np.array([0.0] * 6 + [100.0] * 3 + [60.0, 40.0, 1.0])
    network = Hamiltonian(np.zeros((12, 12)), costs / 2.0, groups=groups)
    start = -np.ones((1, 12), np.int8)
    start[0, [0, 1, 2, 9, 11]] = 1
    layout, words = ChainLayout.build(network), stream(0, words=4)
    lanes = layout.allocate(start, words)
    layout.sweep_block(lanes, np.full((200, 1), np.inf), words)
    assert np.flatnonzero(layout.spins(lanes, 0) > 0).tolist() == [3, 4, 5, 10, 11]


def bins(seed):
    """Return a model of things to be packed into as few bins as there must be."""
    sizes = np.random.default_rng(seed).integers(20, 61, 40)
    model = ho.Model()
    x, y = model.binary((40, 22), name="lies in"), model.binary(22, name="used")
    model.minimize(y.sum())
    model.add(x.sum(axis=1) == 1, sizes @ x <= 100 * y)
    return model


def test_what_is_paid_back_empties_bins(monkeypatch):
    """An anneal needs fewer of them than one that is led by their number alone."""
    options = {"method": "simulated-annealing", "sweeps": 30, "n_jobs": 1, "bound": "none"}
    with_it = [ho.solve(bins(seed), seed=seed, **options).value for seed in range(2)]
    monkeypatch.setattr("hopfield_opt.moves.chains.charges.SHARE", 0.0)
    without = [ho.solve(bins(seed), seed=seed, **options).value for seed in range(2)]
    assert sum(with_it) < sum(without)
