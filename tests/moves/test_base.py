"""Every layout does what a dynamics may ask of it, whatever serves the network."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import moves, rng
from hopfield_opt.couplings import Factored, Kronecker
from hopfield_opt.dynamics.parts.schedule import default_schedule
from hopfield_opt.groups import Cardinality, Linear, OneHot, Permutation
from hopfield_opt.moves import single


def networks():
    """Return a network for each kind of layout."""
    source = np.random.default_rng(4)
    weights = np.triu(source.integers(-3, 4, (9, 9)), 1)
    free = ho.Hamiltonian((weights + weights.T).astype(float), source.integers(-2, 3, 9))
    groups = [OneHot([0, 1, 2]), Cardinality([3, 4, 5, 6], 1, 3), Linear([7, 8], [1, 2], 0, 3)]
    block = np.arange(16).reshape(4, 4)
    ring = np.roll(np.eye(4), 1, axis=1)
    near = source.integers(1, 9, (4, 4))
    costs = (near + near.T - 2 * np.diag(np.diag(near))).astype(float)
    return {
        "flips": free,
        "blocks": ho.Hamiltonian([Factored(source.integers(-2, 3, (3, 9)).astype(float))]),
        "groups": ho.Hamiltonian(free.weights, free.thresholds, groups=groups),
        "tour": ho.Hamiltonian([Kronecker(costs, ring, block)], groups=[Permutation(block)]),
        "assignment": ho.Hamiltonian([Kronecker(costs, costs, block)], groups=[Permutation(block)]),
    }


NETWORKS = networks()


@pytest.fixture(params=NETWORKS)
def served(request, monkeypatch):
    """Return a network, its layout for five replicas, lanes and the stream of words."""
    if request.param == "blocks":
        monkeypatch.setattr(moves.base, "MOST_EXPANDED", 1)
    network = NETWORKS[request.param]
    layout = moves.layout_of(network, 5)
    words = rng.stream(3, words=layout.rng_words(5))
    draw = np.random.default_rng(8).choice(np.array([-1, 1], np.int8), (5, network.num_spins))
    return network, layout, layout.allocate(draw, words), words


def energies(layout, lanes, words):
    """Return the energies of five replicas as the layout computes them."""
    return layout.sweep_block(lanes, np.empty((0, 1)), words)[:5]


def test_energies_are_those_of_the_states(served):
    """What a layout says of its lanes is what the network says of the states, and groups hold."""
    network, layout, lanes, words = served
    states = layout.extract(lanes, 5)
    assert np.allclose(energies(layout, lanes, words) + network.offset, network.energy(states))
    assert all((group.violation(states) == 0).all() for group in network.groups)
    assert np.array_equal(layout.spins(lanes, 3), states[3])


def test_an_assigned_state_is_that_of_every_replica(served):
    """`assign` leaves nothing of what was there, neither in spins nor in what is kept."""
    network, layout, lanes, words = served
    layout.sweep_block(lanes, np.full((4, 1), 0.3), words)
    state = layout.spins(lanes, 2)
    layout.assign(lanes, state)
    assert (layout.extract(lanes, 5) == state).all()
    assert np.allclose(energies(layout, lanes, words) + network.offset, network.energy(state))
    after = layout.sweep_block(lanes, np.full((6, 1), 0.5), words)[:5]
    assert np.allclose(after + network.offset, network.energy(layout.extract(lanes, 5)))


def test_selected_replicas_go_on_from_their_parents(served):
    """`select` copies states and what is kept with them."""
    network, layout, lanes, words = served
    before = layout.extract(lanes, 5)
    parents = np.array([4, 4, 0, 1, 2])
    layout.select(lanes, parents)
    assert np.array_equal(layout.extract(lanes, 5), before[parents])
    after = layout.sweep_block(lanes, np.full((6, 1), 0.5), words)[:5]
    assert np.allclose(after + network.offset, network.energy(layout.extract(lanes, 5)))


def test_costs_are_of_the_scale_of_energies(served):
    """A proposal costs no more than two feasible states can differ by."""
    network, layout, lanes, words = served
    costs = layout.costs(lanes, words)
    costs = np.abs(costs[np.isfinite(costs)])
    size = network.num_spins
    states = 2 * (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(np.int8) - 1
    for group in network.groups:
        states = states[group.violation(states) == 0]
    spread = np.ptp(network.energy(states))
    assert 0 < costs.max() <= spread + 1e-9


def test_the_fast_kernels_count_in_a_unit_and_the_others_do_not(served):
    """`levels` is what clusters of single flips are compared in."""
    network, layout, *_ = served
    levels = layout.levels()
    assert (levels is None) == (not moves.flips_alone(network))
    assert levels is None or (levels.whole and levels.unit == 1.0)


def test_descents_end(served):
    """However large the network, a descent has a last sweep."""
    layout = served[1]
    most = [layout.most_descent_sweeps(size) for size in (1, 10**3, 10**6, 10**9)]
    assert most == sorted(most, reverse=True)
    assert most[-1] >= 4


def test_to_choose_a_layout_builds_none(monkeypatch):
    """Which moves serve a network is known without preparing a kernel, and so are temperatures."""

    def refuse(*arguments, **options):
        raise AssertionError("a kernel was prepared")

    monkeypatch.setattr(single, "prepare", refuse)
    network = ho.Hamiltonian(NETWORKS["flips"].weights)
    assert moves.flips_alone(network)
    schedule = default_schedule(network)
    assert 0 < schedule.hot < schedule.cold
