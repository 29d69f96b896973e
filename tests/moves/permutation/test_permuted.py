"""The kernels of permutation blocks: energies, validity, sampling, search.

One builder makes the blocks of all kinds that each law is asked of; hence the length.
"""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import chisquare

import hopfield_opt as ho
from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.deadline import OutOfTime
from hopfield_opt.errors import InputError
from hopfield_opt.groups import OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.permutation import chain, dense_products, product, swap
from hopfield_opt.moves.permutation.permutation_terms import product_terms, swap_terms
from hopfield_opt.moves.permutation.permuted import PermutationLayout, accepts, build
from hopfield_opt.problems import QuadraticAssignment
from tests.kernels import callable_part

draw_swap, permute, delta_of = map(
    callable_part, (swap.draw_swap, dense_products.permute, product.delta_of)
)
SEQUENTIAL, HEAT_BATH = 1, 1
CHAINS = ("tour", "asymmetric tour", "path", "asymmetric path", "steps first", "shuffled steps")
PRODUCTS = ("product", "skew product", "sparse items", "sparse places")
KINDS = (*PRODUCTS, *CHAINS, "linear", "pairs", "lines", "mixed")


def integers(rng, *shape):
    """Return small integers as floats."""
    return rng.integers(-4, 5, shape).astype(float)


def shift(n, closed=True):
    """Return B with B[j + 1, j] = 1: the cost of step j + 1 behind step j in a Kronecker term."""
    matrix = np.roll(np.eye(n), 1, axis=0)
    matrix[0, n - 1] = float(closed)
    return csr_array(matrix)


def binary(left, right, block):
    """Return the term and thresholds of ``sum(x * (left @ x @ right))``, x = (1 + s) / 2."""
    half = np.full(block.shape, 0.5)
    term = Kronecker(left, right, block, 1.0, half, num_spins=block.size)
    thresholds = np.zeros(block.size)
    rows, columns = (np.asarray(left.sum(axis=k)).ravel() for k in (1, 0))
    into, out = (np.asarray(right.sum(axis=k)).ravel() for k in (0, 1))
    thresholds[block] = (np.multiply.outer(rows, into) + np.multiply.outer(columns, out)) / 4
    return term, thresholds


def chain_term(kind, n, block, rng):
    """Return the coupling and thresholds of a tour or path over the block."""
    distance = integers(rng, n, n)
    if "asymmetric" not in kind:
        distance = distance + distance.T
    steps = shift(n, closed="path" not in kind)
    if kind == "shuffled steps":
        order = rng.permutation(n)
        steps = csr_array(steps[order][:, order] + 2 * steps[order][:, order].T)
    if kind == "steps first":
        return binary(steps, distance, block)
    return binary(distance, steps, block)


def parts_of(kind, n, block, rng):
    """Return a coupling of a kind, and its thresholds."""
    if kind in CHAINS:
        return chain_term(kind, n, block, rng)
    left, right = integers(rng, n, n), integers(rng, n, n)
    if kind == "product":
        return binary(left + left.T, right, block)
    if kind == "skew product":
        return binary(left, right, block.T)
    if kind.startswith("sparse"):
        thin = csr_array(([3.0], ([0], [n - 1])), shape=(n, n))
        return binary(thin, right, block) if "items" in kind else binary(right, thin, block)
    if kind == "linear":
        return Kronecker(left, right, block), integers(rng, n * n)
    if kind == "pairs":
        pairs = np.triu(integers(rng, n * n, n * n) * (rng.random((n * n, n * n)) < 0.2), 1)
        return Explicit(pairs + pairs.T), np.zeros(n * n)
    lines = csr_array(integers(rng, 4, n * n) * (rng.random((4, n * n)) < 0.3))
    return Factored(lines, integers(rng, 4)), np.zeros(n * n)


def block_hamiltonian(kind, n, seed, allowed=None):
    """Return a random Hamiltonian of a kind on one shuffled block."""
    rng = np.random.default_rng(seed)
    block = rng.permutation(n * n).reshape(n, n)
    kinds = [k for k in KINDS if k != "mixed"] if kind == "mixed" else [kind]
    parts = [parts_of(k, n, block, rng) for k in kinds]
    thresholds = sum(pull for _, pull in parts)
    return Hamiltonian([term for term, _ in parts], thresholds, 2.0, [Permutation(block, allowed)])


def words(layout, replicas, seed=0):
    """Return a random stream."""
    return np.random.SeedSequence(seed).generate_state(layout.rng_words(replicas), np.uint64)


def start(layout, replicas, seed=0):
    """Return replicas that were repaired from random spins."""
    rng = np.random.default_rng(seed)
    spins = layout.form.indices.size
    states = rng.choice(np.array([-1, 1], np.int8), (replicas, spins))
    return layout.allocate(states, words(layout, replicas, seed))


def plain_layout(form):
    """Return a layout of permutations from item to place, whatever the energy."""
    return PermutationLayout(form, None, swap_terms(form, None), swap.swap_sweeps, None)


def energies(hamiltonian, layout, lanes):
    """Return the energies without offset, by the Hamiltonian."""
    return hamiltonian.energy(layout.extract(lanes, len(lanes))) - hamiltonian.offset


def all_states(hamiltonian):
    """Return all states of the block."""
    block = hamiltonian.groups[0].indices
    n = len(block)
    orders = np.array(list(permutations(range(n))))
    states = np.full((len(orders), n * n), -1, np.int8)
    np.put_along_axis(states, block[np.arange(n), orders], 1, axis=1)
    return states


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_kernel(kind):
    """Dense products (with a linear part) and chains have kernels of their own."""
    kernel = build(block_hamiltonian(kind, 8, 0)).sweeps
    if kind in CHAINS:
        assert kernel is chain.chain_sweeps
    elif kind in (*PRODUCTS, "linear"):
        assert kernel is product.product_sweeps
    else:
        assert kernel is swap.swap_sweeps


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(st.integers(1, 6), st.integers(0, 2**32), st.booleans())
def test_states_stay_permutations_and_energies_are_exact(kind, n, seed, uniform):
    """After every block each state is a permutation with exactly the energy that is reported."""
    hamiltonian = block_hamiltonian(kind, n, seed)
    layout = build(hamiltonian, uniform=uniform)
    lanes = start(layout, 3, seed)
    for beta, rule, order in ((0.0, 0, 0), (0.1, HEAT_BATH, 0), (0.3, 0, 1), (np.inf, 0, 0)):
        found = layout.sweep_block(lanes, np.full((4, 1), beta), words(layout, 3), rule, order)
        states = layout.extract(lanes, 3)
        assert not hamiltonian.groups[0].violation(states).any()
        assert np.array_equal(found, hamiltonian.energy(states) - hamiltonian.offset)
        assert np.array_equal(layout.spins(lanes, 1), states[1])


@settings(max_examples=80)
@given(st.sampled_from(KINDS), st.integers(2, 7), st.integers(0, 2**32))
def test_swap_delta_is_the_energy_difference(kind, n, seed):
    """What the kernel says of a proposal is what the energy does when it is made."""
    hamiltonian = block_hamiltonian(kind, n, seed)
    form = build(hamiltonian).form
    terms = swap_terms(form, None)
    rng = np.random.default_rng(seed)
    p, stream = rng.permutation(n), rng.integers(1, 2**63, 4).astype(np.uint64)
    changes = np.empty((1, 5))
    swap.swap_sweeps(terms, p[None].copy(), np.zeros((1, 1)), stream.copy(), 0, 0, changes)
    q = np.argsort(p)
    layout = plain_layout(form)
    for change in changes[0]:
        r, s = draw_swap(
            terms.movable, terms.choice_start, terms.choices, terms.allowed, p, q, stream
        )
        moved = p.copy()
        moved[[r, s]] = p[[s, r]]
        before, after = energies(hamiltonian, layout, np.array([p, moved]))
        assert change == after - before


@settings(max_examples=40)
@given(st.booleans(), st.integers(2, 9), st.integers(0, 2**32))
def test_product_delta_is_the_energy_difference(skew, n, seed):
    """A swap's delta in products alone is the difference of the energies, for every pair."""
    hamiltonian = block_hamiltonian("skew product" if skew else "product", n, seed)
    layout = plain_layout(build(hamiltonian).form)
    terms = product_terms(layout.form, None)
    p = np.random.default_rng(seed).permutation(n)
    work = np.zeros_like(terms.left)
    permute(terms.right, p, work)
    for r, s in permutations(range(n), 2):
        moved = p.copy()
        moved[[r, s]] = p[[s, r]]
        before, after = energies(hamiltonian, layout, np.array([p, moved]))
        assert delta_of(terms.left, terms.own, terms.linear, work, p, r, s) == after - before


def pattern(kind, n, seed):
    """Return places that leave at least one permutation: pins, or a few forbidden ones."""
    rng = np.random.default_rng(seed)
    mask = rng.random((n, n)) < (0.6 if kind == "scattered" else 1.0)
    order = rng.permutation(n)
    mask[np.arange(n), order] = True
    for item in range({"one pin": 1, "two pins": 2}.get(kind, 0)):
        mask[item] = np.arange(n) == order[item]
    return mask


@settings(max_examples=80)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(["one pin", "two pins", "scattered"]),
    st.integers(2, 7),
    st.integers(0, 2**32),
    st.booleans(),
)
def test_allowed_places_are_kept(kind, closed, n, seed, uniform):
    """Starts are repaired to allowed permutations and no move leaves them."""
    allowed = pattern(closed, n, seed)
    hamiltonian = block_hamiltonian(kind, n, seed, allowed)
    layout = build(hamiltonian, uniform=uniform)
    lanes = start(layout, 4, seed)
    group = hamiltonian.groups[0]
    assert not group.violation(layout.extract(lanes, 4)).any()
    for order in (0, SEQUENTIAL):
        found = layout.sweep_block(lanes, np.full((3, 1), 0.05), words(layout, 4), 0, order)
        assert not group.violation(layout.extract(lanes, 4)).any()
        assert np.array_equal(found, energies(hamiltonian, layout, lanes))


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_can_be_split(kind):
    """Ten sweeps in one call, or in calls of 3, 0 and 7, or lane by lane, are the same."""
    hamiltonian = block_hamiltonian(kind, 6, 1)
    layout = build(hamiltonian)
    whole, parts, alone = (start(layout, 3) for _ in range(3))
    betas = np.random.default_rng(0).random((10, 3))
    stream, split = words(layout, 3), words(layout, 3)
    layout.sweep_block(whole, betas, stream)
    for piece in (betas[:3], betas[:0], betas[3:]):
        layout.sweep_block(parts, piece, split)
    for lane in range(3):
        one = slice(lane, lane + 1)
        layout.sweep_block(alone[one], betas[:, one], words(layout, 3)[4 * lane : 4 * lane + 4])
    assert np.array_equal(whole, parts)
    assert np.array_equal(whole, alone)
    assert np.array_equal(stream, split)


def p_value(layout, hamiltonian, beta, assumed, rule):
    """Return the probability of what sweeps at `beta` visit if `assumed` were the beta."""
    states, replicas = all_states(hamiltonian), 3000
    lanes = start(layout, replicas)
    layout.sweep_block(lanes, np.full((20, 1), beta), words(layout, replicas), rule)
    weights = np.exp(-assumed * (hamiltonian.energy(states) - hamiltonian.energy(states).min()))
    places = states @ (2.0 ** np.arange(states.shape[1]))
    order = np.argsort(places)
    seen = layout.extract(lanes, replicas) @ (2.0 ** np.arange(states.shape[1]))
    counts = np.bincount(np.searchsorted(places[order], seen), minlength=len(order))
    expected = (weights / weights.sum())[order] * replicas
    usual = expected >= 5
    table = np.append(counts[usual], counts[~usual].sum())
    wanted = np.append(expected[usual], expected[~usual].sum())
    kept = wanted > 0
    return chisquare(table[kept], wanted[kept]).pvalue


@pytest.mark.parametrize("rule", [0, HEAT_BATH])
@pytest.mark.parametrize("kind", KINDS)
def test_uniform_sweeps_sample_boltzmann(kind, rule):
    """Over all 4! permutations the visits fit the Boltzmann distribution, and no other beta's."""
    hamiltonian = block_hamiltonian(kind, 4, 5)
    layout = build(hamiltonian, uniform=True)
    beta = 0.7 / np.std(hamiltonian.energy(all_states(hamiltonian)))
    assert p_value(layout, hamiltonian, beta, beta, rule) > 1e-3
    assert p_value(layout, hamiltonian, 1.5 * beta, beta, rule) < 1e-6


@pytest.mark.parametrize("kind", ["product", "tour", "path", "lines"])
def test_uniform_sweeps_sample_allowed_places(kind):
    """With forbidden places the visits fit the Boltzmann distribution over what is allowed."""
    allowed = np.ones((4, 4), np.bool_)
    allowed[0, 3] = allowed[2, 1] = False
    hamiltonian = block_hamiltonian(kind, 4, 3, allowed)
    layout = build(hamiltonian, uniform=True)
    states = all_states(hamiltonian)
    kept = hamiltonian.groups[0].violation(states) == 0
    assert 0 < kept.sum() < len(states)
    beta, replicas = 0.5 / np.std(hamiltonian.energy(states)), 2000
    lanes = start(layout, replicas)
    layout.sweep_block(lanes, np.full((60, 1), beta), words(layout, replicas))
    found, counts = np.unique(layout.extract(lanes, replicas), axis=0, return_counts=True)
    weights = np.exp(-beta * hamiltonian.energy(np.unique(states[kept], axis=0)))
    assert np.array_equal(found, np.unique(states[kept], axis=0))
    assert chisquare(counts, weights / weights.sum() * replicas).pvalue > 1e-3


@settings(max_examples=40)
@given(st.sampled_from(KINDS), st.integers(1, 7), st.integers(0, 2**32))
def test_descent_never_raises_the_energy(kind, n, seed):
    """Energies fall or stay at beta = inf; when an ordered sweep moves nothing, no swap helps."""
    hamiltonian = block_hamiltonian(kind, n, seed)
    layout = build(hamiltonian)
    lanes, stream, cold = start(layout, 3, seed), words(layout, 3), np.full((1, 1), np.inf)
    last = energies(hamiltonian, layout, lanes)
    for step in range(100):
        before = lanes.copy()
        found = layout.sweep_block(lanes, cold, stream, 0, int(step > 3))
        assert (found <= last).all()
        last = found
        if step > 4 and np.array_equal(before, lanes):
            break
    best = layout.permutations(lanes)[0]
    plain = plain_layout(layout.form)
    for r, s in permutations(range(n), 2):
        moved = best.copy()
        moved[[r, s]] = best[[s, r]]
        assert energies(hamiltonian, plain, moved[None])[0] >= last[0]


@pytest.mark.parametrize("kind", KINDS)
def test_annealing_finds_the_optimum(kind):
    """The best of eight short anneals is the optimum by enumeration, n = 6."""
    hamiltonian = block_hamiltonian(kind, 6, 11)
    layout = build(hamiltonian)
    lanes = start(layout, 8)
    betas = np.geomspace(0.01, 3.0, 100)[:, None]
    found = layout.sweep_block(lanes, betas, words(layout, 8))
    assert found.min() + hamiltonian.offset == hamiltonian.energy(all_states(hamiltonian)).min()


@settings(max_examples=30)
@given(st.sampled_from([*PRODUCTS, "linear"]), st.integers(2, 8), st.integers(0, 2**32))
def test_tabu_knows_all_deltas(kind, n, seed):
    """After any number of tabu swaps the deltas and energies are those of the permutation."""
    hamiltonian = block_hamiltonian(kind, n, seed)
    layout = build(hamiltonian)
    if not layout.has_tabu:
        return
    state, stream = layout.tabu_start(start(layout, 2, seed)), words(layout, 2)
    for _ in range(3):
        best = layout.tabu_block(state, 7, stream)
        assert np.array_equal(best, energies(hamiltonian, layout, state.best))
        now = energies(hamiltonian, layout, state.current)
        assert np.array_equal(now - layout.form.constant, state.energies[:, 0])
        assert (best <= now).all()
        for r, s in zip(*np.triu_indices(n, 1), strict=True):
            moved = state.current.copy()
            moved[:, [r, s]] = moved[:, [s, r]]
            change = energies(hamiltonian, layout, moved) - now
            assert np.array_equal(change, state.deltas[:, r, s])


def test_tabu_of_thirds_does_not_drift():
    """Where neither factors nor linear parts are whole, deltas stay those of the permutation."""
    hamiltonian = block_hamiltonian("linear", 9, 4).scaled(1 / 3)
    layout = build(hamiltonian)
    state = layout.tabu_start(start(layout, 1))
    layout.tabu_block(state, 3000, words(layout, 1))
    now = energies(hamiltonian, layout, state.current)
    assert np.allclose(now - layout.form.constant, state.energies[:, 0], rtol=1e-12)
    for r, s in combinations(range(9), 2):
        moved = state.current.copy()
        moved[:, [r, s]] = moved[:, [s, r]]
        change = energies(hamiltonian, layout, moved) - now
        assert np.allclose(change, state.deltas[:, r, s], rtol=1e-10)
        assert state.deltas[0, r, s] == state.deltas[0, s, r]


def test_sparse_products_have_tabu_search():
    """Products of many items that sweeps go along lists of are known to tabu search as well."""
    rng = np.random.default_rng(3)
    roads = np.triu(rng.random((70, 70)) < 0.04, 1).astype(float)
    assignment = QuadraticAssignment(roads + roads.T, rng.integers(0, 9, (70, 70)))
    hamiltonian = ho.compile(assignment).hamiltonian
    layout = build(hamiltonian)
    assert layout.sweeps is swap.swap_sweeps
    state = layout.tabu_start(start(layout, 1))
    found = layout.tabu_block(state, 200, words(layout, 1))
    assert np.array_equal(found, energies(hamiltonian, layout, state.best))
    assert found < energies(hamiltonian, layout, start(layout, 1))


def test_tabu_blocks_can_be_split():
    """Forty tabu swaps in one call, or in calls of 1, 0 and 39, are the same."""
    layout = build(block_hamiltonian("product", 8, 2))
    whole, parts = (layout.tabu_start(start(layout, 2)) for _ in range(2))
    one, two = words(layout, 2), words(layout, 2)
    layout.tabu_block(whole, 40, one)
    for count in (1, 0, 39):
        layout.tabu_block(parts, count, two)
    assert all(np.array_equal(a, b) for a, b in zip(whole, parts, strict=True))


@pytest.mark.parametrize("kind", ["product", "skew product", "linear"])
def test_tabu_finds_the_optimum(kind):
    """The best of four short searches is the optimum by enumeration, n = 6, from bad starts."""
    hamiltonian = block_hamiltonian(kind, 6, 11)
    layout, states = build(hamiltonian), all_states(hamiltonian)
    worst = states[np.argsort(hamiltonian.energy(states))[-4:]]
    state = layout.tabu_start(layout.allocate(worst, words(layout, 1)))
    found = layout.tabu_block(state, 300, words(layout, 4))
    assert found.min() + hamiltonian.offset == hamiltonian.energy(states).min()


@pytest.mark.parametrize("kind", KINDS)
def test_betas_are_free_of_scale(kind):
    """Four times the energy has a fourth of the betas, and hot comes before cold."""
    hamiltonian = block_hamiltonian(kind, 7, 0)
    hot, cold = build(hamiltonian).betas()
    assert 0 < hot <= cold < np.inf
    assert np.allclose(build(hamiltonian.scaled(4.0)).betas(), (hot / 4, cold / 4))


def test_what_is_accepted():
    """One permutation block that covers all spins, with couplings that fit it, is accepted."""
    block = np.arange(9).reshape(3, 3)
    assert accepts(Hamiltonian(None, 0.0, 0.0, [Permutation(block)], num_spins=9))
    assert not accepts(Hamiltonian(None, 0.0, 0.0, [Permutation(block)], num_spins=10))
    assert not accepts(Hamiltonian(None, 0.0, 0.0, [OneHot(range(9))], num_spins=9))
    assert not accepts(Hamiltonian(None, num_spins=9))


def test_impossible_starts_are_refused():
    """Places that leave no permutation are an error that names an item."""
    allowed = np.array([[True, False, False], [True, False, False], [True, True, True]])
    layout = build(block_hamiltonian("product", 3, 0, allowed))
    with pytest.raises(InputError, match=r"^allowed must leave a permutation of the 3 items"):
        start(layout, 1)


def test_valid_starts_are_kept():
    """A start that is an allowed permutation is not changed."""
    hamiltonian = block_hamiltonian("path", 5, 4)
    layout = build(hamiltonian)
    states = all_states(hamiltonian)[[3, 50]]
    lanes = layout.allocate(states, words(layout, 1))
    assert np.array_equal(layout.extract(lanes, 2), states)


def test_an_empty_block_has_one_state():
    """A block without items is swept and has the energy 0."""
    group = Permutation(np.empty((0, 0), int))
    layout = build(Hamiltonian(None, 0.0, 3.0, [group], num_spins=0))
    lanes = layout.allocate(np.empty((2, 0), np.int8), words(layout, 1))
    found = layout.sweep_block(lanes, np.ones((2, 1)), words(layout, 2))
    assert found.tolist() == [0.0, 0.0]
    assert layout.extract(lanes, 2).shape == (2, 0)


def test_temperatures_look_at_the_deadline_between_descents():
    """Wherever the time ends among the minima that are sampled, nothing more is swept."""
    layout = build(block_hamiltonian("product", 12, 2))
    looks = []
    with deadline.within(lambda: looks.append(1) or 1.0):
        whole = layout.betas()
    assert whole == layout.betas()
    assert len(looks) >= 60
    for end in (1, 7, 40):
        with deadline.within(iter([1.0] * end + [0.0]).__next__), pytest.raises(OutOfTime):
            layout.betas()
