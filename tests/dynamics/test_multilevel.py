"""The multilevel search: chains within the range, the pool, recombination."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.couplings import Factored
from hopfield_opt.dynamics.multilevel import MultilevelSearch
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Cardinality, OneHot

SEARCH = MultilevelSearch()


def network(size, seed, *, lower=None, upper=None, density=0.3, real=False, biased=True):
    """Return a random network with weights of both signs and a count over most of its spins."""
    generator = np.random.default_rng(seed)
    upper_half = np.triu(generator.integers(-4, 5, (size, size)), 1)
    upper_half = upper_half * (generator.random((size, size)) < density)
    weights = upper_half + upper_half.T + (0.0 if real else 0)
    if real:
        noise = np.triu(generator.normal(size=(size, size)), 1) * (upper_half != 0)
        weights = noise + noise.T
    thresholds = generator.integers(-2, 3, size) * biased
    counted = np.sort(generator.permutation(size)[: max(1, size - 2)])
    half = len(counted) // 2
    low, high = half if lower is None else lower, half + 1 if upper is None else upper
    group = Cardinality(counted, low, high)
    return ho.Hamiltonian(weights.astype(float), thresholds.astype(float), 3.5, [group])


def grid(width, height):
    """Return the network of the balanced cut of a grid."""
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(width, height))
    size = width * height
    group = Cardinality(np.arange(size), size // 2, size - size // 2)
    return ho.Hamiltonian(nx.to_scipy_sparse_array(graph, dtype=float) / 2, groups=[group])


def pool(hamiltonian, seed=0, replicas=4):
    """Return the pool of random starts."""
    start = np.random.default_rng(seed).choice([-1, 1], (replicas, hamiltonian.num_spins))
    return SEARCH.init(hamiltonian, start.astype(np.int8), np.random.SeedSequence(seed))


def check(state):
    """Assert that all members are in the range, and that the energies are theirs."""
    hamiltonian = state.network.hamiltonian
    for group in hamiltonian.groups:
        assert not group.violation(state.states()).any()
    assert state.energies == pytest.approx(hamiltonian.energy(state.states()), rel=1e-12)


def brute_force(hamiltonian):
    """Return the lowest energy of the states within the range."""
    states = np.array(list(itertools.product((-1, 1), repeat=hamiltonian.num_spins)), np.int8)
    allowed = [group.violation(states) == 0 for group in hamiltonian.groups]
    return hamiltonian.energy(states)[np.all(allowed, axis=0)].min()


@given(st.integers(0, 10**6), st.booleans())
def test_chains_never_raise_the_energy_in_the_range(seed, real):
    """A state within the range stays there and gets no worse; one outside is brought back."""
    hamiltonian = network(16, seed, real=real)
    state = pool(hamiltonian, seed)
    assert not hamiltonian.groups[0].violation(state.members).any()
    before = state.members.copy()
    for member in state.members:
        state.refine(state.network.finest, member, exact=True)
    assert not hamiltonian.groups[0].violation(state.members).any()
    energies = hamiltonian.energy(state.members)
    assert (energies <= hamiltonian.energy(before) + 1e-12).all()


@pytest.mark.parametrize("seed", range(6))
def test_a_chain_is_brute_force_when_it_is_allowed_everything(seed):
    """On two spins a chain sees every state: the ground state within the range is met."""
    generator = np.random.default_rng(seed)
    weight, thresholds = float(generator.normal()), generator.normal(size=2)
    hamiltonian = ho.Hamiltonian(
        [[0, weight], [weight, 0]], thresholds, groups=[Cardinality([0, 1], 1, 2)]
    )
    state = pool(hamiltonian, seed)
    assert state.energies.min() == pytest.approx(brute_force(hamiltonian))


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_ground_states_of_small_networks(seed, real, biased):
    """The best of the pool is the ground state within the range, of weights of any sign."""
    hamiltonian = network(10, seed, real=real, biased=biased)
    state = SEARCH.advance(pool(hamiltonian, seed), 20, 20)
    assert state.energies.min() == pytest.approx(brute_force(hamiltonian), abs=1e-9)
    check(state)


@pytest.mark.parametrize(("lower", "upper"), [(0, 0), (0, 60), (7, 7), (20, 41), (60, 60)])
@pytest.mark.parametrize("real", [False, True])
def test_pool_stays_in_the_range(lower, upper, real):
    """After every step all members are in the range, with exact energies; the best never rises."""
    hamiltonian = network(62, 3, lower=lower, upper=upper, density=0.1, real=real)
    state = pool(hamiltonian, 1, replicas=5)
    best = np.inf
    for _ in range(25):
        state = SEARCH.advance(state, 1, 99)
        check(state)
        assert state.energies.min() <= best
        best = state.energies.min()
    if lower < upper:
        distances = [
            state.network.distance(a, b) for a, b in itertools.combinations(state.members, 2)
        ]
        assert min(distances) > 0


@pytest.mark.parametrize("replicas", [1, 3, 12])
def test_splits_do_not_matter(replicas):
    """However the steps are split into calls, the members are the same."""
    hamiltonian = grid(17, 12)
    whole = SEARCH.advance(pool(hamiltonian, 5, replicas), 30, 30)
    parts = pool(hamiltonian, 5, replicas)
    for k in (1, 10, 2, 17):
        parts = SEARCH.advance(parts, k, 99 - k)
    assert np.array_equal(whole.members, parts.members)
    assert whole.sweeps == parts.sweeps == 30
    other = SEARCH.advance(pool(hamiltonian, 6, replicas), 30, 30)
    assert replicas == 1 or not np.array_equal(whole.members, other.members)


def test_scale_and_offset_do_not_matter():
    """Multiplied couplings and another offset give the same members."""
    hamiltonian = network(90, 4, density=0.05)
    plain = SEARCH.advance(pool(hamiltonian, 2), 25, 25)
    moved = ho.Hamiltonian(
        hamiltonian.to_sparse() * 0.37, hamiltonian.thresholds * 0.37, -8.0, hamiltonian.groups
    )
    other = SEARCH.advance(pool(moved, 2), 25, 25)
    assert np.array_equal(plain.members, other.members)
    assert other.energies == pytest.approx(0.37 * (plain.energies - 3.5) - 8.0)


def hubs(size, seed):
    """Return the network of the balanced cut of a graph with hubs: its clusters are uneven."""
    graph = nx.barabasi_albert_graph(size, 2, seed=seed)
    group = Cardinality(np.arange(size), size // 2, size - size // 2)
    return ho.Hamiltonian(nx.to_scipy_sparse_array(graph, dtype=float) / 2, groups=[group])


@pytest.mark.parametrize(
    "hamiltonian",
    [hubs(300, 1), network(150, 8, density=0.03), network(150, 8, density=0.03, real=True)],
)
def test_recombination_is_no_worse_than_the_better_parent(hamiltonian):
    """What goes on from a parent is at least as good, on networks with and without frustration."""
    state = SEARCH.advance(pool(hamiltonian, 3, replicas=8), 40, 40)
    order = np.argsort(state.levels).tolist()
    for a, b in itertools.combinations(order, 2):
        parents = state.members[[a, b]].copy()
        child = state.continue_from(parents)
        assert state.network.level(child) <= state.levels[a]
        assert hamiltonian.energy(child) <= state.energies[a] + 1e-9
        assert not hamiltonian.groups[0].violation(child[None]).any()
        assert np.array_equal(parents, state.members[[a, b]])


def test_recombination_starts_from_the_better_parent(monkeypatch):
    """Two members are drawn, and the first parent is the better one."""
    hamiltonian = network(150, 8, density=0.03)
    state = SEARCH.advance(pool(hamiltonian, 3, replicas=8), 8, 8)
    seen = []

    def noted(_, parents):
        seen.append([state.network.level(parent) for parent in parents])
        return parents[0]

    for way in ("continue_from", "grow"):
        monkeypatch.setattr(type(state), way, noted)
    for _ in range(40):
        state.recombine()
    assert all(first <= second for first, second in seen)
    assert len({tuple(pair) for pair in seen}) > 5


def test_a_good_start_is_not_lost():
    """The pool of a start at the optimum keeps it, though all its members begin there."""
    hamiltonian = grid(20, 10)
    start = np.repeat(np.where(np.arange(200) < 100, 1, -1)[None], 6, axis=0).astype(np.int8)
    state = SEARCH.init(hamiltonian, start, np.random.SeedSequence(1))
    state = SEARCH.advance(state, 12, 12)
    assert state.energies.min() == hamiltonian.energy(start[0])


def test_what_replaces_whom(monkeypatch):
    """A new state takes the place of the nearest member that is no better; copies never do."""
    hamiltonian = network(60, 5, density=0.1, lower=0, upper=60)
    state = pool(hamiltonian, 3, replicas=5)
    generator = np.random.default_rng(0)
    for _ in range(60):
        new = state.members[generator.integers(5)].copy()
        new[generator.integers(60, size=generator.integers(0, 9))] *= -1
        level, before = state.network.level(new), state.members.copy()
        distances = [np.count_nonzero(member != new) for member in before]
        for way in ("restart", "recombine"):
            monkeypatch.setattr(type(state), way, lambda _, new=new: new)
        places = [k for k in range(5) if state.levels[k] >= level]
        state.improve()
        if places and min(distances) > 0:
            before[min(places, key=distances.__getitem__)] = new
        assert np.array_equal(state.members, before)
        check(state)


def test_equal_starts_become_members_that_differ():
    """Copies of one start give way to other states."""
    hamiltonian = network(150, 8, density=0.03)
    state = SEARCH.init(hamiltonian, np.ones((6, 150), np.int8), np.random.SeedSequence(1))
    state = SEARCH.advance(state, 6, 6)
    assert len({member.tobytes() for member in state.members}) == 6


@pytest.mark.parametrize("seed", range(3))
def test_grids_are_cut_across(seed):
    """The shortest balanced cut of a grid is a straight line."""
    hamiltonian = grid(30, 20)
    result = ho.solve(hamiltonian, method="multilevel", seed=seed, sweeps=30)
    edges = hamiltonian.to_sparse().sum()
    assert result.energy + edges / 2 == 20
    assert not hamiltonian.groups[0].violation(result.states).any()


def test_threads_do_not_matter():
    """Two pools give the same members in one thread and in two."""
    runs = [
        ho.solve(grid(12, 9), method="multilevel", seed=2, sweeps=25, replicas=24, n_jobs=jobs)
        for jobs in (1, 2)
    ]
    assert np.array_equal(runs[0].states, runs[1].states)


@pytest.mark.parametrize(
    "hamiltonian",
    [
        ho.Hamiltonian(num_spins=0),
        ho.Hamiltonian(num_spins=1),
        ho.Hamiltonian(num_spins=5, groups=[Cardinality([0, 1, 2, 3, 4], 2, 3)]),
        ho.Hamiltonian(num_spins=3, groups=[Cardinality([], 0, 0)]),
        ho.Hamiltonian(num_spins=80, groups=[Cardinality(np.arange(80), 40, 40)]),
        ho.Hamiltonian([[0, 1e-12], [1e-12, 0]], groups=[Cardinality([0, 1], 1, 1)]),
        ho.Hamiltonian([[0, 1e12], [1e12, 0]], [1e-9, 0.3], groups=[Cardinality([1], 1, 1)]),
        ho.Hamiltonian(
            nx.to_numpy_array(nx.star_graph(70)), groups=[Cardinality(range(71), 35, 36)]
        ),
    ],
)
def test_degenerate_networks(hamiltonian):
    """No spins, no couplings, nothing counted, a star: members are in the range all the same."""
    state = SEARCH.advance(pool(hamiltonian), 20, 20)
    check(SEARCH.finish(state))
    assert state.converged == (hamiltonian.num_spins == 0)
    assert state.sweeps == (0 if state.converged else 20)


def test_a_range_that_no_state_meets_ends():
    """Where no state is in the range, the nearest ones are kept, and nothing hangs."""
    hamiltonian = ho.Hamiltonian(num_spins=6, groups=[Cardinality(range(6), 9, 9)])
    state = SEARCH.advance(pool(hamiltonian), 5, 5)
    assert (state.members > 0).all()


def test_what_it_cannot_serve(monkeypatch):
    """Other groups, several counts and too many couplings are refused with the reason."""
    two = [Cardinality([0, 1], 1, 1), Cardinality([2, 3], 1, 1)]
    for groups in (two, [OneHot([0, 1])]):
        with pytest.raises(InputError, match="network must have one Cardinality group, or one-hot"):
            pool(ho.Hamiltonian(num_spins=4, groups=groups))
    monkeypatch.setattr("hopfield_opt.moves.multilevel.networks.MOST_COUPLINGS", 5)
    with pytest.raises(InputError, match="at most 5 couplings for multilevel, got 12"):
        pool(ho.Hamiltonian(np.ones((4, 4)) - np.eye(4)))
    monkeypatch.setattr("hopfield_opt.moves.base.MOST_EXPANDED", 5)
    with pytest.raises(InputError, match="kept as factors"):
        pool(ho.Hamiltonian(Factored([[1, 1, 1, 1]])))


def test_default_budget():
    """The default is some hundred steps, fewer on many spins."""
    assert SEARCH.default_sweeps(ho.Hamiltonian(num_spins=0)) == 400
    assert SEARCH.default_sweeps(ho.Hamiltonian(num_spins=10**5)) == 24
