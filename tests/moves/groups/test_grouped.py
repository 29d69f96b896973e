"""The kernel for networks with groups: moves keep every group, costs and energies are exact."""

import itertools

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.groups.grouped import GroupedLayout
from hopfield_opt.rng import stream

METROPOLIS, HEAT_BATH = 0, 1
SEEDS = st.integers(0, 2**32 - 1)


def every_state(size):
    """Return all states (2^N, N)."""
    return np.array(list(itertools.product((-1, 1), repeat=size)), dtype=np.int8)


def feasible_states(hamiltonian):
    """Return all states in which every group holds."""
    states = every_state(hamiltonian.num_spins)
    bad = sum((g.violation(states) for g in hamiltonian.groups), np.zeros(len(states)))
    return states[bad == 0]


def random_groups(source, size):
    """Return disjoint groups of every kind over some of the spins, and Linear ones over any."""
    spins = list(source.permutation(size))
    groups = []
    while spins and source.random() < 0.8:
        kind = source.integers(5)
        if kind == 4 and len(spins) >= 4:
            n = 3 if len(spins) >= 9 and source.random() < 0.5 else 2
            block = np.array([spins.pop() for _ in range(n * n)]).reshape(n, n)
            allowed = source.random((n, n)) < 0.7
            allowed[np.arange(n), source.permutation(n)] = True
            groups.append(Permutation(block, allowed if source.random() < 0.5 else None))
            continue
        count = min(len(spins), int(source.integers(1, 5)))
        own = [spins.pop() for _ in range(count)]
        low = int(source.integers(0, count + 1))
        high = int(source.integers(low, count + 1))
        groups.append(
            [OneHot(own), AtMostOne(own), Cardinality(own, low, high), OneHot(own)][kind % 4]
        )
    return groups


def random_lines(source, size, groups):
    """Return Linear groups around a state in which the disjoint `groups` hold."""
    base = Hamiltonian(num_spins=size, groups=groups)
    states = feasible_states(base)
    on = states[source.integers(len(states))] > 0
    lines = []
    for _ in range(source.integers(0, 3)):
        own = source.choice(size, int(source.integers(0, size + 1)), replace=False)
        weights = source.choice([-1.0, 1.0, 2.0, 3.0, 0.1], len(own))
        total = float(weights @ on[own])
        slack = source.choice([0.0, 1.0, 2.0, np.inf], 2)
        lines.append(Linear(own, weights, total - slack[0] - 1e-9, total + slack[1] + 1e-9))
    return lines


def random_terms(source, size):
    """Return couplings of all kinds."""
    whole = source.random() < 0.5
    terms = []

    def values(*shape):
        drawn = source.integers(-3, 4, shape).astype(float)
        return drawn if whole else drawn * source.normal(size=shape)

    if source.random() < 0.7:
        upper = np.triu(values(size, size), 1)
        both = upper + upper.T
        terms.append(Explicit(both if source.random() < 0.5 else scipy.sparse.csr_array(both)))
    if source.random() < 0.5:
        terms.append(Factored(values(2, size), values(2)))
    for _ in range(source.integers(0, 3)):
        n, m = int(source.integers(1, 4)), int(source.integers(1, 4))
        places = np.full(max(n * m, size), -1)
        places[:size] = source.permutation(size)
        block = source.permutation(places)[: n * m].reshape(n, m)
        left = values(n, n) if source.random() < 0.5 else scipy.sparse.csr_array(values(n, n))
        terms.append(Kronecker(left, values(m, m), block, 0.5, values(n, m), num_spins=size))
    return terms, values(size), float(values(1)[0])


def random_hamiltonian(seed, lines=True):
    """Return a small Hamiltonian with some state in which all groups hold."""
    source = np.random.default_rng(seed)
    size = int(source.integers(1, 11))
    groups = random_groups(source, size)
    if lines:
        groups += random_lines(source, size, groups)
    terms, thresholds, offset = random_terms(source, size)
    return Hamiltonian(terms, thresholds, offset, groups, num_spins=size)


def begin(hamiltonian, replicas=3, seed=0, uniform=False):
    """Return layout, lanes and stream of replicas that began at random spins."""
    layout = GroupedLayout.build(hamiltonian, uniform=uniform)
    rng = np.random.SeedSequence(seed).generate_state(layout.rng_words(replicas), np.uint64)
    source = np.random.default_rng(seed)
    spins = source.choice(np.array([-1, 1], np.int8), (replicas, hamiltonian.num_spins))
    return layout, layout.allocate(spins, rng), rng


def violations(hamiltonian, states):
    """Return the violation of all groups together, by replica."""
    return sum((g.violation(states) for g in hamiltonian.groups), np.zeros(len(states)))


@settings(max_examples=150)
@given(seed=SEEDS, beta=st.sampled_from([0.0, 0.3, 2.0, np.inf]), uniform=st.booleans())
def test_groups_hold_and_energies_are_exact(seed, beta, uniform):
    """After each sweep every group holds, energies and kept local fields equal recomputed ones."""
    hamiltonian = random_hamiltonian(seed)
    layout, lanes, rng = begin(hamiltonian, seed=seed, uniform=uniform)
    assert not violations(hamiltonian, lanes.states).any()
    for sweep in range(6):
        energies = layout.sweep_block(lanes, np.full((1, 1), beta), rng, sweep % 2, sweep % 3 == 0)
        assert not violations(hamiltonian, lanes.states).any()
        expected = hamiltonian.energy(lanes.states) - hamiltonian.offset
        np.testing.assert_allclose(energies, expected, atol=1e-9, rtol=1e-12)
    fresh = layout.allocate(lanes.states, rng)
    assert (fresh.states == lanes.states).all()
    np.testing.assert_allclose(
        np.delete(lanes.fields, hamiltonian.num_spins, axis=1),
        np.delete(fresh.fields, hamiltonian.num_spins, axis=1),
        atol=1e-9,
    )


@settings(max_examples=150)
@given(seed=SEEDS, uniform=st.booleans())
def test_costs_are_the_differences_of_energy(seed, uniform):
    """At beta = 0 all proposals are accepted: their costs sum to the change of the energy."""
    hamiltonian = random_hamiltonian(seed)
    layout, lanes, rng = begin(hamiltonian, seed=seed, uniform=uniform)
    for _ in range(10):
        before = hamiltonian.energy(lanes.states)
        costs = layout.costs(lanes, rng, sweeps=1)
        change = hamiltonian.energy(lanes.states) - before
        np.testing.assert_allclose(np.nansum(costs, axis=1), change, atol=1e-9)


@settings(max_examples=150)
@given(seed=SEEDS, uniform=st.booleans())
def test_every_feasible_state_is_reached(seed, uniform):
    """A walk at beta = 0 visits every state in which all groups hold, and no other."""
    hamiltonian = random_hamiltonian(seed)
    wanted = {state.tobytes() for state in feasible_states(hamiltonian)}
    layout, lanes, rng = begin(hamiltonian, 16, seed, uniform)
    found = {state.tobytes() for state in lanes.states}
    for _ in range(20_000):
        layout.sweep_block(lanes, np.zeros((1, 1)), rng)
        found |= {state.tobytes() for state in lanes.states}
        if found == wanted:
            break
    assert found == wanted


@settings(max_examples=100)
@given(seed=SEEDS)
def test_annealing_finds_the_constrained_optimum(seed):
    """The best of some anneals is the optimum over all states in which the groups hold."""
    hamiltonian = random_hamiltonian(seed)
    best = hamiltonian.energy(feasible_states(hamiltonian)).min()
    layout, lanes, rng = begin(hamiltonian, 8, seed)
    scale = np.mean(np.nan_to_num(np.abs(layout.costs(lanes, rng)))) + 1e-300
    lowest = np.inf
    for _ in range(5):
        betas = np.append(np.linspace(0.3, 12.0, 200), [np.inf] * 5)[:, None] / scale
        lowest = min(lowest, layout.sweep_block(lanes, betas, rng).min() + hamiltonian.offset)
    assert lowest == pytest.approx(best, abs=1e-9)


@settings(max_examples=60)
@given(seed=SEEDS, rule=st.sampled_from([METROPOLIS, HEAT_BATH]), cut=st.integers(0, 150))
def test_split_into_blocks_does_not_matter(seed, rule, cut):
    """The same sweeps in one call or in several give the same states, bit for bit."""
    hamiltonian = random_hamiltonian(seed)
    betas = np.linspace(0.1, 3.0, 150)[:, None]
    layout, lanes, rng = begin(hamiltonian, seed=seed)
    other, twin = lanes.copy(), rng.copy()
    one = layout.sweep_block(lanes, betas, rng, rule)
    layout.sweep_block(other, betas[:cut], twin, rule)
    two = layout.sweep_block(other, betas[cut:], twin, rule)
    assert (one == two).all()
    assert (lanes.states == other.states).all()
    assert (rng == twin).all()


@settings(max_examples=60)
@given(seed=SEEDS)
def test_descent_never_rises_and_ends(seed):
    """At beta = inf the energy never rises, and sweeps of a state at rest change nothing."""
    hamiltonian = random_hamiltonian(seed)
    layout, lanes, rng = begin(hamiltonian, seed=seed)
    last = hamiltonian.energy(lanes.states)
    for _ in range(50):
        now = layout.sweep_block(lanes, np.full((1, 1), np.inf), rng) + hamiltonian.offset
        assert (now <= last + 1e-9).all()
        last = now


@pytest.mark.parametrize(
    "groups",
    [
        [AtMostOne([])],
        [Cardinality([], 0, 0)],
        [Cardinality([], -3, 5), OneHot([1])],
        [OneHot([0]), AtMostOne([1]), Permutation([[2]])],
        [Permutation(np.zeros((0, 0), int))],
        [Cardinality([0, 1, 2], 3, 3)],
        [Cardinality([0, 1, 2], 0, 0)],
        [Permutation([[0, 1], [2, 3]], [[True, False], [False, True]])],
        [Linear([], [], 0, 0)],
        [Linear([0, 1, 2], [1, 2, 4], 5, 5)],
        [Linear([0, 1, 2, 3], [1, 1, -1, -1], 2, np.inf)],
        [OneHot([0, 1]), OneHot([2, 3]), Linear([0, 2], [1, 1], 2, 2)],
        [Linear([0, 1], [0, 0], 0, 0)],
    ],
)
def test_small_and_tight_groups(groups):
    """Groups of no or one spin, and groups with a single state, are kept."""
    hamiltonian = Hamiltonian(np.ones((5, 5)) - np.eye(5), groups=groups)
    layout, lanes, rng = begin(hamiltonian)
    layout.sweep_block(lanes, np.zeros((20, 1)), rng)
    layout.sweep_block(lanes, np.full((20, 1), np.inf), rng)
    assert not violations(hamiltonian, lanes.states).any()


def test_no_spins_at_all():
    """A network without spins has one state, of energy 0."""
    layout, lanes, rng = begin(Hamiltonian(num_spins=0))
    assert layout.sweep_block(lanes, np.ones((3, 1)), rng).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "group",
    [
        OneHot([]),
        Cardinality([0, 1], 3, 4),
        Cardinality([0, 1], -2, -1),
        Permutation([[0, 1], [2, 3]], [[True, False], [True, False]]),
        Linear([0, 1], [2, 2], 1, 1),
        Linear([], [], 1, 2),
    ],
)
def test_impossible_group_is_named(group):
    """Where a group can never hold the error names it, and there is no feasible start."""
    hamiltonian = Hamiltonian(
        num_spins=4, groups=[AtMostOne([2]), group] if (2 not in group.members) else [group]
    )
    layout = GroupedLayout.build(hamiltonian)
    rng = np.arange(8, dtype=np.uint64) + 1
    spins = np.ones((2, 4), np.int8)
    assert layout.feasible_start(spins, rng) is None
    with pytest.raises(InputError, match=f"groups must have a state .* {type(group).__name__}"):
        layout.allocate(spins, rng)


def test_replicas_and_temperatures():
    """Each replica may have its own temperature; its stream is its own."""
    hamiltonian = random_hamiltonian(12)
    layout, lanes, rng = begin(hamiltonian, 4)
    alone, words = lanes.copy(), rng.copy()
    betas = np.tile([0.0, 0.5, 1.0, np.inf], (30, 1))
    layout.sweep_block(lanes, betas, rng)
    layout.sweep_block(alone, betas[:, 1:2], words)
    assert (lanes.states[1] == alone.states[1]).all()
    assert (layout.extract(lanes, 2) == lanes.states[:2]).all()
    assert (layout.spins(lanes, 3) == lanes.states[3]).all()


@pytest.mark.parametrize("factor", [2.0**-40, 2.0**40])
def test_scale_drops_out(factor):
    """Couplings times c and betas over c: the same trajectory."""
    hamiltonian = random_hamiltonian(77)
    layout, lanes, rng = begin(hamiltonian)
    other, twin, words = begin(hamiltonian.scaled(factor))
    layout.sweep_block(lanes, np.full((40, 1), 0.5), rng)
    other.sweep_block(twin, np.full((40, 1), 0.5 / factor), words)
    assert (lanes.states == twin.states).all()


def neighbours(hamiltonian, state):
    """Return all feasible states one move away: flip, exchange in a counting group, swap."""
    moves = []
    grouped = {int(k) for g in hamiltonian.groups if not isinstance(g, Linear) for k in g.members}
    moves += [[k] for k in range(hamiltonian.num_spins) if k not in grouped]
    for group in hamiltonian.groups:
        if isinstance(group, Permutation):
            rows, columns = np.nonzero(state[group.indices] > 0)
            for a, b in itertools.combinations(range(len(rows)), 2):
                lines, turned = [rows[a], rows[b]], [columns[a], columns[b]]
                moves.append(group.indices[np.ix_(lines, turned)].ravel())
        elif not isinstance(group, Linear):
            moves += [[k] for k in group.members]
            moves += [
                list(p)
                for p in itertools.combinations(group.members, 2)
                if state[p[0]] != state[p[1]]
            ]
    found = np.tile(state, (len(moves), 1))
    for row, move in zip(found, moves, strict=True):
        row[move] *= -1
    return found[violations(hamiltonian, found) == 0]


@settings(max_examples=100)
@given(seed=SEEDS)
def test_tabu_makes_the_best_move(seed):
    """Without a tabu list the first move is the best of all neighbours, where one spin leaves."""
    hamiltonian = random_hamiltonian(seed, lines=seed % 2 == 0)
    layout, lanes, rng = begin(hamiltonian, seed=seed)
    near = [neighbours(hamiltonian, state) for state in lanes.states]
    memory = layout.tabu_memory(lanes)
    layout.tabu_block(lanes, memory, 1, rng)
    assert not violations(hamiltonian, lanes.states).any()
    now = hamiltonian.energy(lanes.states)
    np.testing.assert_allclose(now - hamiltonian.offset, memory.energies, atol=1e-9)
    choice = any(isinstance(g, Cardinality) and g.upper > 1 for g in hamiltonian.groups)
    for r, states in enumerate(near):
        if len(states):
            least = hamiltonian.energy(states).min()
            assert now[r] > least - 1e-9
            assert choice or now[r] == pytest.approx(least, abs=1e-9)


@settings(max_examples=100)
@given(seed=SEEDS, cut=st.integers(0, 60))
def test_tabu_keeps_groups_and_its_books(seed, cut):
    """Groups hold, the best energies are those of the best states, and splits do not matter."""
    hamiltonian = random_hamiltonian(seed)
    layout, lanes, rng = begin(hamiltonian, seed=seed)
    memory, other, twin = layout.tabu_memory(lanes), lanes.copy(), rng.copy()
    again = layout.tabu_memory(other)
    lowest = layout.tabu_block(lanes, memory, 60, rng)
    layout.tabu_block(other, again, cut, twin)
    split = layout.tabu_block(other, again, 60 - cut, twin)
    assert not violations(hamiltonian, lanes.states).any()
    assert not violations(hamiltonian, memory.best).any()
    np.testing.assert_allclose(lowest, memory.lowest, atol=1e-9)
    assert (lanes.states == other.states).all()
    assert (lowest == split).all()


@settings(max_examples=60)
@given(seed=SEEDS)
def test_tabu_finds_the_constrained_optimum(seed):
    """Some hundred moves from a few starts meet the optimum where no Linear group is in the way."""
    hamiltonian = random_hamiltonian(seed, lines=False)
    if any(isinstance(g, Permutation) and g.allowed is not None for g in hamiltonian.groups):
        return
    layout, lanes, rng = begin(hamiltonian, 16, seed)
    lowest = layout.tabu_block(lanes, layout.tabu_memory(lanes), 500, rng, (1, 4))
    best = hamiltonian.energy(feasible_states(hamiltonian)).min()
    assert lowest.min() + hamiltonian.offset == pytest.approx(best, abs=1e-9)


def cheapest_leave(hamiltonian, state, near):
    """Return the neighbours without the exchanges that turn off a dearer member than another.

    None where several members are the cheapest: one of them is drawn.
    """
    kept = np.ones(len(near), bool)
    for group in hamiltonian.groups:
        if isinstance(group, Cardinality) and group.upper > 1:
            costs = np.where(state > 0, hamiltonian.flip_energy(state), np.inf)[group.members]
            dear = np.isfinite(costs) & (costs > costs.min() + 1e-9)
            if np.isfinite(costs).sum() - dear.sum() > 1:
                return None
            changed = (near != state)[:, group.members]
            kept &= ~((changed.sum(axis=1) == 2) & changed[:, dear].any(axis=1))
    return near[kept]


@settings(max_examples=100)
@given(seed=SEEDS, tenure=st.integers(0, 6))
def test_tabu_follows_its_rule(seed, tenure):
    """Each move is the best that is not tabu, or that leads below all energies met so far."""
    hamiltonian = random_hamiltonian(seed, lines=False)
    layout, lanes, rng = begin(hamiltonian, 1, seed)
    memory, until = layout.tabu_memory(lanes), np.zeros(hamiltonian.num_spins, int)
    state = lanes.states[0].copy()
    lowest = hamiltonian.energy(state)
    for now in range(25):
        near = cheapest_leave(hamiltonian, state, neighbours(hamiltonian, state))
        if near is None:
            return
        alone = (near != state).sum(axis=1) == 1
        on = (near != state) & ((near > 0) | alone[:, None])
        energies = hamiltonian.energy(near)
        free = ~(on & (until > now)).any(axis=1) | (energies < lowest - 1e-9)
        layout.tabu_block(lanes, memory, 1, rng, (tenure, 1))
        moved = lanes.states[0] != state
        if free.any():
            assert hamiltonian.energy(lanes.states[0]) == pytest.approx(energies[free].min())
        else:
            assert not moved.any()
        until[moved & ((state > 0) | (moved.sum() == 1))] = now + 1 + tenure
        state = lanes.states[0].copy()
        lowest = min(lowest, hamiltonian.energy(state))


def test_a_walk_into_ranges_is_the_same_however_it_is_cut(monkeypatch):
    """Between its pieces the deadline is looked at, and nothing else is different."""
    source = np.random.default_rng(3)
    size = 40
    ranges = [Linear(range(size), source.integers(1, 9, size), 60, 62) for _ in range(3)]
    hamiltonian = Hamiltonian(num_spins=size, groups=ranges)
    start = np.full((2, size), -1, np.int8)
    found = []
    monkeypatch.setattr("hopfield_opt.moves.groups.grouped.MEND_WORK", 10**12)
    for piece in (1, 7, 10**6):
        monkeypatch.setattr("hopfield_opt.moves.groups.grouped.MOST_MEND_PIECE", piece)
        layout = GroupedLayout.build(hamiltonian)
        words = stream(5, words=layout.rng_words(2))
        found.append((layout.feasible_start(start, words), words))
    for states, words in found[1:]:
        np.testing.assert_array_equal(states, found[0][0])
        np.testing.assert_array_equal(words, found[0][1])
