"""Conflicts between pairs: which networks are such, and the books and rules of their search."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import problems, rng
from hopfield_opt.groups import OneHot
from hopfield_opt.moves import conflicts_of, tabu_of
from hopfield_opt.moves.conflicts import conflict_tabu_kernel as kernel
from hopfield_opt.moves.conflicts.conflict_tabu import ConflictTabu
from hopfield_opt.physics.enumeration import all_energies, states_of

SIZES, SEEDS, SIGNS = st.integers(2, 9), st.integers(0, 10**6), st.sampled_from([1, -1])


def pairs_of(size, seed, density=0.4):
    """Return conflicts (upper triangle) and worths, some of them negative."""
    generator = np.random.default_rng(seed)
    joined = np.triu(generator.random((size, size)) < density, 1)
    joined[0, 1] = True  # what has no couplings is no search
    worths = generator.integers(-2, 12, size).astype(float)
    extra = generator.integers(0, 5, (size, size))
    return joined * (np.maximum(np.minimum.outer(worths, worths), 0.0) + extra + 1.0), worths


def network(conflicts, worths, sign=1):
    """Return the network of sum q_ij x_i x_j - sum c_i x_i, where x are on at `sign`."""
    both = (conflicts + conflicts.T) / 4
    return ho.Hamiltonian(-both, sign * (both.sum(axis=1) - worths / 2), 0.25)


def joined_of(form):
    """Return the matrix of conflicts."""
    begins, neighbours, worths = form.terms
    joined = np.zeros((len(worths),) * 2, bool)
    joined[np.repeat(np.arange(len(worths)), np.diff(begins)), neighbours] = True
    return joined


def started(hamiltonian, replicas=2, seed=0, starts=None):
    """Return the engine, a state and its streams."""
    engine = tabu_of(hamiltonian)
    assert isinstance(engine, ConflictTabu)
    words = rng.stream(seed, words=4 * replicas).reshape(-1, 4)
    if starts is None:
        shape, spins = (replicas, hamiltonian.num_spins), np.array([-1, 1], np.int8)
        starts = np.random.default_rng(seed).choice(spins, shape)
    return engine, engine.start(starts, words), words


def chosen(state, r):
    """Return who is chosen, sorted."""
    return np.sort(state.lists[r, kernel.CHOSEN, : state.counts[r, kernel.CHOSEN]])


@settings(max_examples=40)
@given(SIZES, SEEDS, SIGNS, st.sampled_from([1.0, 0.3, 2.0**-20]))
def test_a_lowest_state_has_no_conflict(size, seed, sign, scale):
    """The least energy is that of the heaviest independent set of the form, whatever the units."""
    conflicts, worths = pairs_of(size, seed)
    hamiltonian = network(scale * conflicts, scale * worths, sign)
    form = conflicts_of(hamiltonian)
    energies = all_energies(hamiltonian.to_dense(), hamiltonian.thresholds, hamiltonian.offset)
    x = states_of(np.arange(len(energies)), size) * form.sign > 0
    free = np.einsum("ki,ij,kj->k", x, joined_of(form), x) == 0
    free &= ~x[:, form.terms.worths == 0].any(axis=1)
    best = np.argmax(np.where(free, x @ form.terms.worths, -1))
    assert np.isclose(energies[best], energies.min(), rtol=1e-12, atol=1e-12 * scale)


@settings(max_examples=40)
@given(SIZES, SEEDS, SIGNS)
def test_a_conflict_that_is_worth_breaking_is_none(size, seed, sign):
    """Where both of a pair would rather be on, the network has no such form."""
    conflicts, worths = pairs_of(size, seed)
    worths[:2] = np.abs(worths[:2]) + 3.0
    conflicts[0, 1] = worths[:2].min() - 1.0
    # but those that are off may be in conflict
    form = conflicts_of(network(conflicts, worths, sign))
    assert form is None or form.sign == -sign


def test_other_networks_have_no_such_form():
    """Bonds that want to agree, groups, and factors are served by other moves."""
    conflicts, worths = pairs_of(6, 1)
    good = network(conflicts, worths)
    assert conflicts_of(good) is not None
    mixed = good.to_dense()
    mixed[2, 5] = mixed[5, 2] = 0.5
    assert conflicts_of(ho.Hamiltonian(mixed, good.thresholds)) is None
    grouped = ho.Hamiltonian(good.to_dense(), good.thresholds, groups=[OneHot([0, 1])])
    assert conflicts_of(grouped) is None
    assert conflicts_of(ho.Hamiltonian(num_spins=3)) is None


@pytest.mark.parametrize("kind", ["independent-set", "vertex-cover", "clique"])
def test_vertex_sets_compile_to_conflicts(kind):
    """Sets, covers and cliques have the form, also where vertices have weights."""
    problem = problems.named(kind).random(60, p=0.4, seed=2)
    assert conflicts_of(ho.compile(problem).hamiltonian) is not None
    weights = dict(enumerate(np.random.default_rng(3).integers(1, 50, 60).tolist()))
    weighted = problems.named(kind)(problem.graph, weight=weights)
    assert conflicts_of(ho.compile(weighted).hamiltonian) is not None


@settings(max_examples=40)
@given(st.integers(2, 40), SEEDS, SIGNS, st.sampled_from([0, 1, 30, 3000]))
def test_books_are_kept(size, seed, sign, moves):
    """After any number of moves counts, loads, lists and levels are those of the members."""
    conflicts, worths = pairs_of(size, seed, 0.15)
    hamiltonian = network(conflicts, worths, sign)
    engine, state, words = started(hamiltonian, seed=seed)
    engine.search(state, words, moves)
    units, joined = engine.form.terms.worths, joined_of(engine.form)
    for r in range(2):
        x = np.zeros(size, bool)
        x[chosen(state, r)] = True
        joins = joined[:, x]
        live = units > 0
        assert not joined[np.ix_(x, x)].any()
        assert np.array_equal(state.tight[r][live], joins.sum(axis=1)[live])
        assert np.array_equal(state.load[r][live], (joins @ units[x])[live])
        for segment in (kernel.FREE, kernel.ONE, kernel.TWO):
            own = state.lists[r, segment, : state.counts[r, segment]]
            expected = live & ~x & (joins.sum(axis=1) == segment)
            assert np.array_equal(np.sort(own), np.flatnonzero(expected))
            assert np.array_equal(state.place[r][own], np.arange(len(own)))
        assert state.book[r, kernel.LEVEL] == -units[x].sum()
        assert state.book[r, kernel.NOW] == moves
    best, marks = engine.best(state)
    on = best == engine.form.sign
    assert not np.einsum("ki,ij,kj->k", on, joined, on).any()
    assert np.array_equal(marks, -(on @ units))
    assert (marks <= state.book[:, kernel.LEVEL]).all()


@settings(max_examples=40)
@given(st.integers(2, 30), SEEDS)
def test_splits_do_not_matter(size, seed):
    """One call or many: the same members, the same best."""
    hamiltonian = network(*pairs_of(size, seed, 0.2))
    ends = []
    for parts in ((600,), (1, 1, 1, 97, 500)):
        engine, state, words = started(hamiltonian, seed=seed)
        for moves in parts:
            engine.search(state, words, moves)
        ends.append((state.place, *engine.best(state), words))
    for one, other in zip(*ends, strict=True):
        assert np.array_equal(one, other)


@settings(max_examples=40)
@given(st.integers(3, 30), SEEDS)
def test_moves_follow_the_rule(size, seed):
    """One comes in and just those in its way go; who went stays out, but for a new best."""
    engine, state, words = started(network(*pairs_of(size, seed, 0.2)), replicas=1, seed=seed)
    joined = joined_of(engine.form)
    for now in range(60):
        before, until, lowest = chosen(state, 0), state.until[0].copy(), state.book[0, 2]
        free = state.lists[0, kernel.FREE, : state.counts[0, kernel.FREE]].copy()
        engine.search(state, words, 1)
        after = chosen(state, 0)
        came, went = np.setdiff1d(after, before), np.setdiff1d(before, after)
        if not len(came):
            assert len(went) <= 1
            continue
        assert len(came) == 1
        assert set(went) == set(before[joined[came[0], before]])
        assert until[came[0]] <= now or state.book[0, kernel.LEVEL] < lowest
        assert (state.until[0, went] >= now + kernel.BASE).all()
        if (until[free] <= now).any() and len(free) <= kernel.SAMPLE:
            assert not len(went)


@settings(max_examples=30)
@given(SIZES, SEEDS, SIGNS)
def test_the_optimum_of_a_small_network_is_found(size, seed, sign):
    """Some thousand moves meet the lowest of all states."""
    hamiltonian = network(*pairs_of(size, seed), sign)
    engine, state, words = started(hamiltonian, seed=seed)
    engine.search(state, words, 2000)
    energies = all_energies(hamiltonian.to_dense(), hamiltonian.thresholds, hamiltonian.offset)
    found = hamiltonian.energy(engine.best(state)[0])
    assert np.allclose(found, energies.min(), rtol=1e-12, atol=1e-12)


@settings(max_examples=30)
@given(st.integers(2, 40), SEEDS, SIGNS)
def test_a_start_without_conflicts_is_kept(size, seed, sign):
    """Who is chosen at the start stays, whoever else is free comes in."""
    hamiltonian = network(*pairs_of(size, seed, 0.2), sign)
    engine, state, _ = started(hamiltonian, seed=seed)
    first = engine.best(state)[0]
    fewer, on = first.copy(), engine.form.sign
    fewer[:, ::2] = -on
    engine, state, _ = started(hamiltonian, seed=seed + 1, starts=fewer)
    again = engine.best(state)[0]
    assert (again[fewer == on] == on).all()
    assert not state.counts[:, kernel.FREE].any()


def test_a_planted_set_is_found():
    """Some thousand moves meet a set much larger than those that a random graph has."""
    planted = np.random.default_rng(7).permutation(300)[:60]
    joined = np.triu(np.random.default_rng(8).random((300, 300)) < 0.1, 1)
    joined[np.ix_(planted, planted)] = False
    edges = [(int(a), int(b)) for a, b in np.argwhere(joined)]
    result = ho.solve(problems.MaxIndependentSet(edges), sweeps=20_000, replicas=1, seed=0)
    assert result.method == "tabu"
    assert result.value >= 60
