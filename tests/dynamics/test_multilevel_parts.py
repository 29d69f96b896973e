"""The multilevel search of partitions: one-hot groups over the same labels, a range for each."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.couplings import Explicit, Kronecker
from hopfield_opt.dynamics.multilevel import MultilevelSearch
from hopfield_opt.groups import Linear, OneHot
from hopfield_opt.moves.multilevel.transfers import transfer

SEARCH = MultilevelSearch()


def network(size, parts, seed, *, lower=None, upper=None, weighted=False, biased=False, off=0.0):
    """Return a random network of parts; `off` is what each bond adds wherever its ends are."""
    generator = np.random.default_rng(seed)
    bonds = np.triu(generator.integers(-2, 6, (size, size)), 1)
    bonds = bonds * (generator.random((size, size)) < 0.4)
    same = (bonds + bonds.T).astype(float)
    block = np.eye(parts) + off * np.ones((parts, parts))
    weights = np.kron(same, block)
    thresholds = generator.integers(-2, 3, size * parts) * float(biased)
    own = generator.integers(1, 4, size) if weighted else np.ones(size, int)
    grid = generator.permutation(size * parts).reshape(size, parts)  # in any order of the spins
    place = grid.ravel()
    matrix = np.empty_like(weights)
    matrix[np.ix_(place, place)] = weights
    shifted = np.empty_like(thresholds)
    shifted[place] = thresholds
    low = -np.inf if lower is None else lower
    high = -(-own.sum() // parts) + int(weighted) if upper is None else upper
    groups = [OneHot(row) for row in grid]
    groups += [Linear(grid[:, a], own, low, high) for a in range(parts)]
    return ho.Hamiltonian(matrix, shifted, 2.5, groups)


def brute_force(hamiltonian):
    """Return the lowest energy of the states within all groups."""
    hots = [group.indices for group in hamiltonian.groups if isinstance(group, OneHot)]
    picks = np.array(list(itertools.product(*hots)))
    states = np.full((len(picks), hamiltonian.num_spins), -1, np.int8)
    np.put_along_axis(states, picks, 1, axis=1)
    allowed = [group.violation(states) == 0 for group in hamiltonian.groups]
    return hamiltonian.energy(states)[np.all(allowed, axis=0)].min()


def pool(hamiltonian, seed=0, replicas=4):
    """Return the pool of random starts."""
    start = np.random.default_rng(seed).choice([-1, 1], (replicas, hamiltonian.num_spins))
    return SEARCH.init(hamiltonian, start.astype(np.int8), np.random.SeedSequence(seed))


def check(state):
    """Assert that all members are within all groups, and that the energies are theirs."""
    hamiltonian = state.network.hamiltonian
    for group in hamiltonian.groups:
        assert not group.violation(state.states()).any()
    assert state.energies == pytest.approx(hamiltonian.energy(state.states()), rel=1e-12)
    assert np.array_equal(state.spins(0), state.states()[0])


def grid_model(width, height, parts, *, exact):
    """Return the model of the shortest cut of a grid into parts of one size."""
    adjacency = nx.to_scipy_sparse_array(nx.grid_2d_graph(width, height), dtype=float)
    size = width * height
    model = ho.Model()
    x = model.binary((size, parts), name="x")
    model.minimize(adjacency.sum() / 2 - 0.5 * (x * (adjacency @ x)).sum())
    model.add(x.sum(axis=1) == 1)
    count = x.sum(axis=0)
    model.add(count == size // parts if exact else count <= size // parts)
    return model


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.booleans(), st.booleans(), st.sampled_from([0.0, 1.0, -0.5]))
def test_ground_states_of_small_networks(seed, weighted, biased, off):
    """The best of the pool is the ground state within the groups, for bonds of any sign."""
    hamiltonian = network(6, 3, seed, weighted=weighted, biased=biased, off=off)
    state = SEARCH.advance(pool(hamiltonian, seed), 25, 25)
    assert state.energies.min() == pytest.approx(brute_force(hamiltonian), abs=1e-9)
    check(state)


@pytest.mark.parametrize(("lower", "upper"), [(20, 20), (-np.inf, 21), (15, np.inf), (18, 23)])
@pytest.mark.parametrize("weighted", [False, True])
def test_pool_stays_in_the_ranges(lower, upper, weighted):
    """After every step all members are within the groups, with exact energies."""
    share = 2 if weighted else 1
    slack = 3 if weighted else 0
    hamiltonian = network(
        80, 4, 3, lower=share * lower - slack, upper=share * upper + slack, weighted=weighted
    )
    state, best = pool(hamiltonian, 1, replicas=5), np.inf
    for _ in range(15):
        state = SEARCH.advance(state, 1, 99)
        check(state)
        assert state.energies.min() <= best
        best = state.energies.min()


@pytest.mark.parametrize("weighted", [False, True])
def test_recombination_is_no_worse_than_the_better_parent(weighted):
    """What goes on from a parent is at least as good, and within the groups."""
    hamiltonian = network(150, 5, 8, weighted=weighted)
    state = SEARCH.advance(pool(hamiltonian, 3, replicas=6), 12, 12)
    for a, b in itertools.combinations(np.argsort(state.levels).tolist(), 2):
        child = state.continue_from(state.members[[a, b]].copy())
        assert state.network.level(child) <= state.levels[a]
        assert state.network.holds(child)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.booleans(), st.booleans(), st.sampled_from([None, 3, 6]))
def test_chains_between_parts_never_lose(seed, weighted, biased, lower):
    """A partition within the ranges stays there and gets no worse; what is gained is told."""
    state = pool(network(24, 4, seed, lower=lower, weighted=weighted, biased=biased), seed)
    clusters, parts = state.network, state.network.finest
    for member in state.members:
        labels = member.copy()
        gained = transfer(parts, labels, (0, 5, 20), state.words)
        assert clusters.holds(member)
        assert clusters.holds(labels)
        assert clusters.level(labels) < clusters.level(member) or not gained
        assert gained or np.array_equal(labels, member)


def test_chains_go_around():
    """Where loads are fixed, what is too much for one part goes around three to where it fits."""
    size, parts = 9, 3
    graph = nx.DiGraph([(0, 4), (0, 5), (3, 7), (3, 8), (6, 1), (6, 2)]).to_undirected()
    grid = np.arange(size * parts).reshape(size, parts)
    bonds = nx.to_numpy_array(graph, nodelist=range(size))
    groups = [OneHot(row) for row in grid]
    groups += [Linear(grid[:, a], np.ones(size), 3, 3) for a in range(parts)]
    clusters = pool(ho.Hamiltonian(np.kron(bonds, np.eye(parts)), groups=groups)).network
    labels = np.repeat(np.arange(3, dtype=np.int8), 3)
    assert transfer(clusters.finest, labels, (0, 1, 20), np.arange(1, 5, dtype=np.uint64))
    assert labels.tolist() == [1, 0, 0, 2, 1, 1, 0, 2, 2]


def test_members_differ_by_more_than_the_names_of_parts():
    """Where parts are alike, a partition with other names of them is the same."""
    state = pool(network(40, 4, 1))
    member = state.members[0]
    renamed = np.array([2, 0, 3, 1], np.int8)[member]
    assert state.network.distance(member, renamed) == 0
    assert state.network.level(member) == state.network.level(renamed)
    swapped = renamed.copy()
    swapped[[0, 1]] = (swapped[:2] + 1) % 4
    assert state.network.distance(member, swapped) == 2


def test_seeds_and_splits():
    """The same seed gives the same members, however the steps are split into calls."""
    hamiltonian = network(120, 4, 2)
    whole = SEARCH.advance(pool(hamiltonian, 5), 15, 15)
    halves = SEARCH.advance(SEARCH.advance(pool(hamiltonian, 5), 6, 15), 9, 9)
    other = SEARCH.advance(pool(hamiltonian, 6), 15, 15)
    assert np.array_equal(whole.members, halves.members)
    assert not np.array_equal(whole.members, other.members)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(("method", "sweeps"), [("auto", 400), ("multilevel", 60)])
def test_a_model_of_a_grid_is_cut_across(exact, method, sweeps):
    """One-hots and capacities that a user wrote down are kept: a grid falls into its quarters."""
    result = ho.solve(grid_model(12, 12, 4, exact=exact), method=method, seed=1, sweeps=sweeps)
    assert result.method == "multilevel"
    assert result.feasible
    assert result.value == 24
    assert (result.answer["x"].sum(axis=0) == 36).all()


def test_other_formulations_are_the_same_network():
    """Cuts written by pairs of labels, and a Kronecker product, give the same energies."""
    size, parts = 12, 3
    graph = nx.circulant_graph(size, [1, 2])
    bonds = nx.to_numpy_array(graph)
    grid = np.arange(size * parts).reshape(size, parts)
    groups = [OneHot(row) for row in grid]
    groups += [Linear(grid[:, a], np.ones(size), 4, 4) for a in range(parts)]
    terms = [
        Explicit(np.kron(bonds, np.eye(parts))),
        Explicit(-np.kron(bonds, 1 - np.eye(parts))),
        Kronecker(bonds, -0.5 * np.eye(parts), grid),
    ]
    best = []
    for term in terms:
        state = SEARCH.advance(pool(ho.Hamiltonian(term, groups=groups)), 12, 12)
        check(state)
        best.append(state.states()[np.argmin(state.energies)][grid].argmax(axis=1))
    cuts = [sum(labels[a] != labels[b] for a, b in graph.edges) for labels in best]
    assert cuts == [9, 9, 9]


def test_what_is_no_partition():
    """Labels that are not alike, weights that depend on them, rows that miss a vertex: refused."""
    size, parts = 6, 3
    grid = np.arange(size * parts).reshape(size, parts)
    hots = [OneHot(row) for row in grid]
    rows = [Linear(grid[:, a], np.ones(size), 2, 2) for a in range(parts)]
    uneven = np.kron(np.ones((size, size)) - np.eye(size), np.diag([1.0, 1.0, 2.0]))
    short = [*rows[:2], Linear(grid[1:, 2], np.ones(size - 1), 0, 3)]
    heavy = [*rows[:2], Linear(grid[:, 2], 2 * np.ones(size), 4, 4)]
    real = [Linear(grid[:, a], np.sqrt(np.arange(1, 7)), 0, 4) for a in range(parts)]
    plain = ho.Hamiltonian(num_spins=18, groups=hots + rows)
    assert not SEARCH.misfit(plain)
    for groups in (short, heavy, real, rows[:2]):
        assert SEARCH.misfit(ho.Hamiltonian(num_spins=18, groups=hots + groups))
    assert SEARCH.misfit(ho.Hamiltonian(uneven, groups=hots + rows))


def test_what_it_does_not_serve_becomes_penalties():
    """A colouring has no ranges: multilevel keeps nothing of it, and solves it all the same."""
    colouring = ho.problems.GraphColoring(nx.cycle_graph(5))
    result = ho.solve(colouring, method="multilevel", seed=0, sweeps=60)
    assert result.feasible
    assert result.value == 3
