"""Tabu search of Potts models: which networks are such, moves, books, crossings."""

import networkx as nx
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.couplings import Kronecker
from hopfield_opt.groups import Cardinality, OneHot
from hopfield_opt.jit import njit
from hopfield_opt.moves.potts import class_crossing as kernel
from hopfield_opt.moves.potts import class_tabu_kernel as moves
from hopfield_opt.moves.potts.class_tabu import ClassTabu
from hopfield_opt.moves.potts.potts_form import PottsForm
from hopfield_opt.moves.potts.potts_tabu_kernel import BUSY_TENURE, MOST_TENURE, SPREAD
from hopfield_opt.problems import GraphColoring


def network(sites, classes, seed, *, own=True, lacking=0.0, explicit=False, transposed=False):
    """Return a random Potts model whose spins are shuffled, and whose sites may lack classes."""
    generator = np.random.default_rng(seed)
    graph = np.triu(generator.integers(-3, 4, (sites, sites)), 1).astype(float)
    there = generator.random((sites, classes)) >= lacking
    there[np.arange(sites), generator.integers(0, classes, sites)] = True
    size = int(there.sum())
    grid = np.full((sites, classes), -1)
    grid[there] = np.arange(size) if explicit else generator.permutation(size)
    one = (np.eye(classes), graph, grid.T) if transposed else (graph, np.eye(classes), grid)
    term = Kronecker(*one, coefficient=0.25)
    thresholds = generator.integers(-3, 4, size) if own else np.zeros(size)
    if not own:  # classes that cost nothing by themselves, as binaries
        thresholds = -np.asarray(term.to_dense().sum(axis=1))
    groups = [OneHot(row[row >= 0]) for row in grid]
    weights = term.to_sparse() if explicit else term
    return ho.Hamiltonian(weights, thresholds, 0.5, groups=groups, num_spins=size)


def start(hamiltonian, replicas=1, seed=0):
    """Return the engine, searches from random states and their streams."""
    engine = ClassTabu(PottsForm.of(hamiltonian))
    words = rng.stream(seed, words=4 * replicas).reshape(-1, 4)
    states = np.random.default_rng(seed).choice(
        np.array([-1, 1], np.int8), (replicas, hamiltonian.num_spins)
    )
    return engine, engine.start(states, words), words


def recount(hamiltonian, form, on):
    """Return what each class would cost each site, by energies, up to a number for each site."""
    table = np.full(form.grid.shape, np.nan)
    for v, c in zip(*np.nonzero(form.grid >= 0), strict=True):
        moved = on.copy()
        moved[v] = c
        table[v, c] = hamiltonian.energy(form.states(moved[None])[0])
    return table


MODELS = st.builds(
    network,
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(0, 10**6),
    own=st.booleans(),
    lacking=st.sampled_from([0.0, 0.3]),
    transposed=st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(MODELS, st.integers(0, 10**6), st.sampled_from([0, 1, 50, 3000]))
def test_books_are_kept(hamiltonian, seed, iterations):
    """After any number of moves and crossings costs, levels and lists are those of the states."""
    engine, state, words = start(hamiltonian, 2, seed)
    engine.search(state, words, iterations)
    form, book = engine.form, state.book
    now = form.states(state.on)
    best, marks = engine.best(state)
    for states in (now, best):
        assert not any(group.violation(states).any() for group in hamiltonian.groups)
    zero = hamiltonian.energy(now) - book[:, moves.LEVEL] * form.unit
    assert np.allclose(zero, zero[0])
    assert np.allclose(hamiltonian.energy(best) - marks * form.unit, zero[0])
    assert (marks <= book[:, moves.LEVEL]).all()
    for r, on in enumerate(state.on):
        there = form.grid >= 0
        expected = recount(hamiltonian, form, on) - hamiltonian.energy(now[r])
        found = state.cost[r] - np.take_along_axis(state.cost[r], on[:, None], axis=1)
        assert np.allclose(found[there], expected[there] / form.unit)
        busy = np.take_along_axis(state.cost[r], on[:, None], axis=1)[:, 0] > form.terms.floor
        assert set(state.order[r, : book[r, moves.BUSY]]) == set(np.flatnonzero(busy))
        assert np.array_equal(state.order[r][state.place[r]], np.arange(len(on)))


@settings(max_examples=40, deadline=None)
@given(MODELS, st.integers(0, 10**6))
def test_content_sites_cannot_do_better(hamiltonian, seed):
    """No state of the others makes a site cheaper than its floor."""
    engine, state, words = start(hamiltonian, 1, seed)
    for _ in range(30):
        engine.search(state, words, 1)
        assert (state.cost[0] >= engine.form.terms.floor[:, None]).all()


@settings(max_examples=40, deadline=None)
@given(MODELS, st.integers(0, 10**6))
def test_moves_follow_the_rule(hamiltonian, seed):
    """The best that is not tabu or leads below the best; what a site left is tabu for a while."""
    engine, state, words = start(hamiltonian, 1, seed)
    form = engine.form
    for _ in range(40):
        on, until, cost, book = (
            one[0].copy() for one in (state.on, state.until, state.cost, state.book)
        )
        count, needed = book[moves.BUSY], book[moves.BEST] - book[moves.LEVEL]
        sites = state.order[0, :count].copy()
        changes = [
            int(cost[v, c]) - int(cost[v, on[v]])
            for v in sites
            for c in np.flatnonzero(form.grid[v] >= 0)
            if c != on[v]
            and (until[v, c] <= book[moves.NOW] or int(cost[v, c]) - cost[v, on[v]] < needed)
        ]
        state.book[:, kernel.SPAN] = 2**30
        engine.search(state, words, 1)
        moved = np.flatnonzero(state.on[0] != on)
        assert len(moved) == (len(changes) > 0)
        if changes:
            assert state.book[0, moves.LEVEL] - book[moves.LEVEL] == min(changes)
            stay = int(min(BUSY_TENURE * count, MOST_TENURE * len(on) + SPREAD))
            rest = state.until[0, moved[0], on[moved[0]]] - state.book[0, moves.NOW]
            assert stay <= rest < stay + SPREAD


@pytest.mark.parametrize("own", [False, True])
def test_splits_do_not_matter(own):
    """The moves in one call, or in many across the ends of turns, lead to the same state."""
    hamiltonian = network(12, 3, 3, own=own)
    engine, whole, one = start(hamiltonian, 2)
    _, parts, two = start(hamiltonian, 2)
    engine.search(whole, one, 5000)
    for count in (1, 239, 1, 759, 4000):
        engine.search(parts, two, count)
    pairs = zip(whole, parts, strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
    assert (whole.book[:, kernel.SPAN] > 240).any() or (whole.book[:, kernel.CROSSED] > 0).any()


@njit
def run_cross(one, other, on, symmetric, sizes, free, words):
    """Cross two states: only kernels call what does it."""
    kernel.cross(one, other, on, symmetric, sizes, free, words)


def crossed(one, other, symmetric, seed=0):
    """Return what comes of two states."""
    count, on = 1 + max(*one, *other), np.empty(len(one), np.int32)
    scratch = (np.empty((2, count), np.int64), np.empty(count, np.bool_))
    parents = (np.array(one, np.int32), np.array(other, np.int32))
    run_cross(*parents, on, symmetric, *scratch, rng.stream(seed, words=4))
    return on.tolist()


def test_crossing_by_hand():
    """The largest class of the one, the largest of what is left of the other, and so on."""
    one, other = [0, 0, 0, 0, 1, 1, 2], [1, 1, 0, 2, 0, 0, 2]
    # {0, 1, 2, 3} of the one, {4, 5} of the other, {6} of the one
    assert crossed(one, other, True) == [0, 0, 0, 0, 1, 1, 2]
    # with names: {0, 1, 2, 3} is 0, of the other {6} is 2, and {4, 5} of the one is 1
    assert crossed(one, other, False) == [0, 0, 0, 0, 1, 1, 2]
    # what is in neither of two is left, and a class has another name where names mean nothing
    assert crossed([1, 1, 1, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1, 0], True) == [0, 0, 0, -1, 1, 1, 0]
    assert crossed([1, 1, 1, 0, 0, 0, 1], [0, 0, 0, 0, 1, 1, 0], False) == [1, 1, 1, 0, -1, -1, 1]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 5), st.booleans(), st.integers(0, 10**6))
def test_crossing_takes_whole_classes(sites, classes, symmetric, seed):
    """What stands together in the end stood together in one of the two; names are kept."""
    generator = np.random.default_rng(seed)
    pair = generator.integers(0, classes, (2, sites))
    pair[:, 0] = classes - 1
    found = np.array(crossed(*pair.tolist(), symmetric, seed))
    for c in range(classes):
        members = np.flatnonzero(found == c)
        names = [set(parent[members].tolist()) for parent in pair]
        assert not len(members) or min(map(len, names)) == 1
        if not symmetric and len(members):
            assert {c} in names
    # no larger class could have come first
    sizes = np.bincount(pair[0], minlength=classes)
    first = np.bincount(found[found >= 0], minlength=classes)
    assert first.max(initial=0) >= sizes.max()


@pytest.mark.parametrize("explicit", [False, True])
def test_which_networks_are_potts_models(explicit):
    """Kronecker terms and matrices in which one graph stands for each class, and no others."""
    whole = network(6, 3, 1, explicit=explicit)
    form = PottsForm.of(whole)
    assert form is not None
    assert not form.is_symmetric
    assert form.has_preferences
    lacking = PottsForm.of(network(6, 3, 1, lacking=0.5))
    assert (lacking.grid < 0).any()
    assert not lacking.is_symmetric
    assert PottsForm.of(network(6, 3, 1, own=False, explicit=explicit)).is_symmetric
    groups, weights = whole.groups, whole.to_dense()
    # a coupling that is not the same in all classes, or one across them, is none of a Potts model
    here, there = groups[0].indices[0], groups[1].indices
    coupled = np.flatnonzero(weights[here])[0]
    for spin in (coupled, *there[:2]):
        other = weights.copy()
        other[here, spin] += 1.0
        other[spin, here] += 1.0
        assert PottsForm.of(ho.Hamiltonian(other, whole.thresholds, groups=groups)) is None
    # two members of a group never meet
    inside = weights.copy()
    pair = tuple(groups[0].indices[:2])
    inside[pair] = inside[pair[::-1]] = 5.0
    assert PottsForm.of(ho.Hamiltonian(inside, groups=groups)) is not None


def test_who_is_accepted():
    """Every spin must stand in a one-hot group, and weights must be whole in some unit."""
    one_hot = OneHot([0, 1])
    assert PottsForm.of(ho.Hamiltonian(num_spins=2, groups=[one_hot])) is not None
    assert PottsForm.of(ho.Hamiltonian(num_spins=3, groups=[one_hot])) is None
    mixed = [one_hot, Cardinality([2, 3], 1, 2)]
    assert PottsForm.of(ho.Hamiltonian(num_spins=4, groups=mixed)) is None
    assert PottsForm.of(ho.Hamiltonian(num_spins=2)) is None
    grid = np.arange(4).reshape(2, 2)
    groups = [OneHot(row) for row in grid]
    graph = scipy.sparse.csr_array([[0, 1.0], [0, 0]])
    for right, found in ((np.eye(2), True), (np.diag([1.0, 2.0]), False), (np.ones((2, 2)), False)):
        potts = ho.Hamiltonian(Kronecker(graph, right, grid), groups=groups)
        assert (PottsForm.of(potts) is not None) == found
    odd = Kronecker(np.pi * graph, np.eye(2), grid)
    assert PottsForm.of(ho.Hamiltonian(odd, np.exp(np.arange(4)), groups=groups)) is None


def test_planted_colouring_is_found():
    """Of 60 vertices in six classes with all edges across: only the planted one is left."""
    graph = nx.complete_multipartite_graph(*[10] * 6)
    hamiltonian = ho.compile(GraphColoring(graph, 6)).hamiltonian
    engine, state, words = start(hamiltonian)
    engine.search(state, words, 20_000)
    assert engine.best(state)[1][0] == 0


def test_what_is_needed_is_never_undercut():
    """A graph without triangles that needs five classes: four always leave a conflict."""
    graph = nx.mycielski_graph(5)
    for classes, least in ((5, 0), (4, 1)):
        hamiltonian = ho.compile(GraphColoring(graph, classes)).hamiltonian
        engine, state, words = start(hamiltonian)
        engine.search(state, words, 20_000)
        assert engine.best(state)[1][0] * engine.form.unit == least
