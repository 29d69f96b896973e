"""Chains of flips keep rows that overlap."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Linear, OneHot
from hopfield_opt.moves import layout_of
from hopfield_opt.moves.chains.chained import ChainLayout
from hopfield_opt.moves.plans import HEAT_BATH, RANDOM, SEQUENTIAL
from hopfield_opt.rng import stream


def random_network(seed, num_spins=12, dense=False, decimals=False):
    """Return a network with random rows that overlap and hold at a random state."""
    source = np.random.default_rng(seed)
    state = source.choice([-1, 1], num_spins)
    groups = []
    for _ in range(source.integers(1, 6)):
        spins = source.permutation(num_spins)[: source.integers(2, 7)]
        factors = source.choice([1, -1, 2, 3], len(spins)) if source.random() < 0.5 else 1
        factors = factors * np.ones(len(spins))
        if decimals:
            factors = factors * 0.1
        total = factors @ (state[spins] > 0)
        width = source.choice([0, 0, 1, 2]) * (0.1 if decimals else 1)
        groups.append(Linear(spins, factors, total - width, total))
    weights = np.triu(source.integers(-4, 5, (num_spins, num_spins)), 1).astype(float)
    if not dense:
        weights *= source.random(weights.shape) < 0.2
    if decimals:
        weights *= 0.1
    return ho.Hamiltonian(
        scipy.sparse.csr_array(weights + weights.T),
        thresholds=source.integers(-5, 6, num_spins) * (0.1 if decimals else 1.0),
        offset=3.0,
        groups=groups,
    )


def feasible_states(network):
    """Return all states of a small network in which all groups hold."""
    states = np.array(list(itertools.product([-1, 1], repeat=network.num_spins)), np.int8)
    good = np.all([group.violation(states) == 0 for group in network.groups], axis=0)
    return states[good]


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6), st.booleans(), st.booleans(), st.sampled_from([0.0, 0.3, 2.0, np.inf])
)
def test_rows_hold_and_energies_are_exact(seed, dense, decimals, beta):
    """No sweep leaves a row, and the energies it returns are those of the states."""
    network = random_network(seed, dense=dense, decimals=decimals)
    layout, words = ChainLayout.build(network), stream(seed, words=8)
    random = np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (2, 12))
    lanes = layout.allocate(random, words)
    for rule, order in ((0, RANDOM), (HEAT_BATH, RANDOM), (0, SEQUENTIAL)):
        energies = layout.sweep_block(lanes, np.full((5, 1), beta), words, rule, order)
        states = layout.extract(lanes, 2)
        for group in network.groups:
            assert (group.violation(states) == 0).all()
        assert energies + network.offset == pytest.approx(network.energy(states), abs=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.booleans())
def test_books_are_those_of_a_fresh_start(seed, pushes):
    """Fields, sums, steps and lists after many chains are what the states alone would give."""
    network = random_network(seed, dense=bool(seed % 2))
    layout = replace(ChainLayout.build(network), pushes=pushes)
    words = stream(seed, words=4)
    lanes = layout.allocate(np.ones((1, 12), np.int8), words)
    layout.sweep_block(lanes, np.full((20, 1), 0.3), words)
    fresh = layout.allocate(layout.extract(lanes, 1), stream(1, words=4))
    for name in ("fields", "totals", "steps", "highs"):
        old, new = getattr(lanes.arrays, name), getattr(fresh.arrays, name)
        assert old == pytest.approx(new, abs=1e-9)
    rows = layout.tables.rows
    for r, high in enumerate(lanes.arrays.highs[0]):
        begin, middle, end = rows.start[r], rows.start[r] + high, rows.start[r + 1]
        for one in (lanes, fresh):
            assert set(one.arrays.listed[0, begin:middle]) == set(
                fresh.arrays.listed[0, begin:middle]
            )
        assert set(lanes.arrays.listed[0, begin:end]) == set(range(begin, end))
    slots = lanes.arrays.slots[0]
    assert (lanes.arrays.listed[0][slots] == np.arange(len(slots))).all()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_costs_are_the_differences_of_energy(seed, dense, pushes):
    """Where every chain is accepted their costs add up to what the energy changes.

    So it is where fields follow each flip, and where they wait until the chain is accepted.
    """
    network = random_network(seed, dense=dense)
    layout = replace(ChainLayout.build(network), pushes=pushes)
    words = stream(seed, words=8)
    lanes = layout.allocate(-np.ones((2, 12), np.int8), words)
    for _ in range(5):
        before = network.energy(layout.extract(lanes, 2))
        costs = layout.costs(lanes, words, sweeps=1)
        change = network.energy(layout.extract(lanes, 2)) - before
        assert np.nansum(costs, axis=1) == pytest.approx(change, abs=1e-9)


@pytest.mark.parametrize("dense", [False, True])
def test_same_seed_gives_the_same_states_however_sweeps_are_split(dense):
    """What a seed gives depends neither on blocks of sweeps nor on the run."""
    network = random_network(3, dense=dense, decimals=True)
    found = []
    for blocks in ((40,), (1,) * 40, (7, 33)):
        layout, words = ChainLayout.build(network), stream(5, words=8)
        lanes = layout.allocate(-np.ones((2, 12), np.int8), words)
        betas = np.linspace(0.1, 3.0, 40)[:, None]
        for part in np.split(betas, np.cumsum(blocks)[:-1]):
            layout.sweep_block(lanes, part, words)
        found.append(layout.extract(lanes, 2))
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()


def test_select_and_assign_move_whole_replicas():
    """Replicas that are copied go on from the same place as their parents."""
    network = random_network(11)
    layout, words = ChainLayout.build(network), stream(0, words=12)
    lanes = layout.allocate(-np.ones((3, 12), np.int8), words)
    layout.sweep_block(lanes, np.full((3, 1), 0.1), words)
    layout.select(lanes, np.array([2, 2, 1]))
    states = layout.extract(lanes, 3)
    assert (states[0] == states[1]).all()
    layout.assign(lanes, states[2])
    energies = layout.sweep_block(lanes, np.empty((0, 1)), words)
    assert (layout.extract(lanes, 3) == states[2]).all()
    assert energies + network.offset == pytest.approx(network.energy(states[[2, 2, 2]]))


def test_copies_of_lanes_do_not_change_with_them():
    """Nor do they with their copies, and both go on alike."""
    network = random_network(11)
    layout, betas = ChainLayout.build(network), np.full((3, 1), 0.1)
    lanes = layout.allocate(-np.ones((3, 12), np.int8), stream(0, words=12))
    before, copy = layout.extract(lanes, 3), lanes.copy()
    layout.sweep_block(lanes, betas, stream(1, words=12))
    assert (layout.extract(lanes, 3) != before).any()
    assert (layout.extract(copy, 3) == before).all()
    layout.sweep_block(copy, betas, stream(1, words=12))
    assert (layout.extract(copy, 3) == layout.extract(lanes, 3)).all()


def test_what_followers_bring_is_learned_where_there_are_any():
    """Who opens a site pays by those that follow; where rows allow one value nobody does."""
    sites = np.arange(12).reshape(3, 4)  # three clients and the site, in each row
    groups = [count(sites[:, client], 1, 1) for client in range(3)]
    groups += [Linear([k, site[3]], [1, -1], -1, 0) for site in sites for k in site[:3]]
    costs = np.random.default_rng(0).integers(1, 30, (3, 4))
    costs[:, 3] = 12
    facility = ho.Hamiltonian(np.zeros((12, 12)), costs.ravel() / 2.0, groups=groups)
    lines = [count(line, 1, 1) for line in (*sites.reshape(4, 3), *sites.reshape(4, 3).T[:1])]
    rigid = ho.Hamiltonian(np.zeros((12, 12)), costs.ravel() / 2.0, groups=lines)
    brought = []
    for network in (facility, rigid):
        layout, words = ChainLayout.build(network), stream(0, words=4)
        lanes = layout.allocate(-np.ones((1, 12), np.int8), words)
        layout.sweep_block(lanes, np.full((50, 1), 0.05), words)
        brought.append(lanes.arrays.reach[0, 1])
    assert brought[0] > 0.0
    assert brought[1] == 0.0


@pytest.mark.parametrize("method", ["parallel-tempering", "population-annealing"])
def test_ladders_and_populations_move_by_chains(method):
    """A search with other temperatures than those of annealing finds what two knapsacks hold."""
    model = ho.Model()
    x = model.binary(6, name="x")
    model.maximize(x.sum() + 3 * x[0] * x[1])
    weights = np.arange(1, 7)
    model.add((x * weights).sum() <= 6, (x * weights[::-1]).sum() <= 11)
    assert ho.solve(model, method=method, sweeps=50, seed=0).value == 5


def _models():
    """Yield the name and a small network of each kind of rows that overlap."""
    cells = np.arange(8).reshape(2, 2, 2)
    lines = [np.moveaxis(cells, axis, 0).reshape(2, -1) for axis in range(3)]
    yield "3D assignment", 8, [count(line, 1, 1) for axis in lines for line in axis]
    grid = np.arange(9).reshape(3, 3)
    yield (
        "counts and at-most-ones",
        9,
        [*(count(line, 1, 2) for line in grid), *(count(line, 0, 1) for line in grid.T)],
    )
    yield (
        "sites and clients",
        9,
        [
            *(count([client, 3 + client], 1, 1) for client in range(3)),
            *(
                Linear([3 * site + client, 6 + site], [1, -1], -1, 0)
                for site in range(2)
                for client in range(3)
            ),
        ],
    )
    yield (
        "capacities",
        8,
        [
            *(count([job, 4 + job], 1, 1) for job in range(4)),
            Linear(range(4), [2, 3, 4, 5], -np.inf, 9),
            Linear(range(4, 8), [3, 3, 2, 4], -np.inf, 8),
        ],
    )
    yield (
        "partition",
        7,
        [count([0, 1, 2], 1, 1), count([1, 3, 4], 1, 1), count([0, 4, 5, 6], 1, 1)],
    )
    yield (
        "equal parts",
        8,
        [*(count([2 * k, 2 * k + 1], 1, 1) for k in range(4)), count([0, 2, 4, 6], 2, 2)],
    )
    yield (
        "coverage",
        7,
        [
            Linear([0, 1, 4], [1, 1, -1], 0, np.inf),
            Linear([1, 2, 5], [1, 1, -1], 0, np.inf),
            Linear([2, 3, 6], [1, 1, -1], 0, np.inf),
            count([0, 1, 2, 3], 0, 2),
        ],
    )


def count(spins, lower, upper):
    """Return a count as a Linear group, which may overlap."""
    return Linear(spins, np.ones(len(spins)), lower, upper)


MODELS = {name: (size, groups) for name, size, groups in _models()}


@pytest.mark.parametrize("name", MODELS)
def test_all_feasible_states_are_reached(name):
    """A walk that accepts all chains meets every state in which all rows hold."""
    size, groups = MODELS[name]
    network = ho.Hamiltonian(np.zeros((size, size)), groups=groups)
    layout, words = ChainLayout.build(network), stream(0, words=4)
    lanes = layout.allocate(-np.ones((1, size), np.int8), words)
    met = set()
    for _ in range(3000):
        layout.sweep_block(lanes, np.zeros((1, 1)), words)
        met.add(layout.spins(lanes, 0).tobytes())
    assert met == {state.tobytes() for state in feasible_states(network)}


@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_of_small_networks_is_found(seed):
    """An anneal of a few sweeps ends at the lowest state of small random networks."""
    network = random_network(seed, dense=bool(seed % 2))
    result = ho.solve(network, method="simulated-annealing", sweeps=200, seed=0)
    assert result.energy == network.energy(feasible_states(network)).min()


def test_chains_serve_ranges_that_overlap_in_searches_alone():
    """Disjoint groups, and whoever samples, keep the moves that they have."""
    overlapping = random_network(0)
    disjoint = ho.Hamiltonian(np.zeros((4, 4)), groups=[OneHot([0, 1]), AtMostOne([2, 3])])
    assert isinstance(layout_of(overlapping, 1), ChainLayout)
    assert not isinstance(layout_of(overlapping, 1, sampling=True), ChainLayout)
    assert not isinstance(layout_of(disjoint, 1), ChainLayout)


def test_rows_that_cannot_hold_are_named():
    """A network whose rows contradict each other is refused with one of them."""
    groups = [Linear([0, 1], [1, 1], 1, 1), Linear([0, 1, 2], [1, 1, 1], 3, 3)]
    network = ho.Hamiltonian(np.zeros((3, 3)), groups=groups)
    layout = ChainLayout.build(network)
    with pytest.raises(InputError, match="groups must have a state in which all of them hold"):
        layout.allocate(-np.ones((1, 3), np.int8), stream(0, words=4))


def test_many_rows_take_memory_by_their_entries():
    """Lanes and tables of many rows are linear in the entries."""
    size = 20_000
    groups = [Linear([k, k + 1, k + 2], [1, 1, 1], 1, 1) for k in range(size - 2)]
    network = ho.Hamiltonian(scipy.sparse.csr_array((size, size)), groups=groups)
    layout = ChainLayout.build(network)
    start = np.where(np.arange(size) % 3 == 0, 1, -1).astype(np.int8)[None]
    lanes = layout.allocate(start, stream(0, words=4))
    assert sum(array.nbytes for array in lanes.arrays) < 60 * 3 * size
