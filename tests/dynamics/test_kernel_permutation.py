"""The kernels of permutation blocks: moves, energies, validity, sampling, search."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import chisquare

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.dynamics.kernels import permutation_chain as chain
from hopfield_opt.dynamics.kernels import permutation_product as product
from hopfield_opt.dynamics.kernels import permutation_swap as swap
from hopfield_opt.dynamics.kernels.permutation import PermutationLayout, accepts, build
from hopfield_opt.dynamics.kernels.permutation_terms import product_terms, swap_terms
from hopfield_opt.errors import InputError
from hopfield_opt.groups import OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

SEQUENTIAL, HEAT_BATH = 1, 1
CHAINS = ("tour", "asymmetric tour", "path", "asymmetric path", "steps first", "shuffled steps")
KINDS = ("product", "skew product", "sparse product", "linear", "pairs", "lines", "mixed", *CHAINS)


def integers(rng, *shape):
    """Return small integers as floats."""
    return rng.integers(-4, 5, shape).astype(float)


def shift(n, closed=True):
    """Return B with B[j + 1, j] = 1: the cost of step j + 1 behind step j in a Kronecker term."""
    matrix = np.roll(np.eye(n), 1, axis=0)
    matrix[0, n - 1] = float(closed)
    return csr_array(matrix)


def chain_term(kind, n, block, rng):
    """Return the coupling of a tour or path over the block."""
    distance = integers(rng, n, n)
    if "asymmetric" not in kind:
        distance = distance + distance.T
    steps = shift(n, closed="path" not in kind)
    if kind == "shuffled steps":
        order = rng.permutation(n)
        steps = csr_array(steps[order][:, order] + 2 * steps[order][:, order].T)
    if kind == "steps first":
        return Kronecker(steps, distance, block)
    return Kronecker(distance, steps, block, 0.5, np.full((n, n), 0.5))


def terms_of(kind, n, block, rng):
    """Return the couplings of a kind."""
    spins = n * n
    if kind in CHAINS:
        return [chain_term(kind, n, block, rng)]
    pairs = np.triu(integers(rng, spins, spins) * (rng.random((spins, spins)) < 0.2), 1)
    lines = csr_array(integers(rng, 4, spins) * (rng.random((4, spins)) < 0.3))
    sparse = np.zeros((n, n))
    sparse[rng.integers(n), rng.integers(n)] = 3.0
    left = integers(rng, n, n)
    by_kind = {
        "product": [Kronecker(left + left.T, integers(rng, n, n), block)],
        "skew product": [Kronecker(left, integers(rng, n, n), block.T)],
        "sparse product": [
            Kronecker(csr_array(sparse), integers(rng, n, n), block),
            Kronecker(integers(rng, n, n), csr_array(sparse.T), block),
        ],
        "linear": [],
        "pairs": [Explicit(pairs + pairs.T)],
        "lines": [Factored(lines, integers(rng, 4))],
    }
    if kind == "mixed":
        return [term for terms in by_kind.values() for term in terms]
    return by_kind[kind]


def block_hamiltonian(kind, n, seed, allowed=None):
    """Return a random Hamiltonian of a kind on one shuffled block."""
    rng = np.random.default_rng(seed)
    block = rng.permutation(n * n).reshape(n, n)
    thresholds = integers(rng, n * n) if kind in ("linear", "mixed") else 0.0
    terms = terms_of(kind, n, block, rng)
    group = Permutation(block, allowed)
    return Hamiltonian(terms, thresholds, 2.0, [group], num_spins=n * n)


def words(layout, replicas, seed=0):
    """Return a random stream."""
    return np.random.SeedSequence(seed).generate_state(layout.rng_words(replicas), np.uint64)


def start(layout, replicas, seed=0):
    """Return replicas that were repaired from random spins."""
    rng = np.random.default_rng(seed)
    spins = layout.form.indices.size
    return layout.allocate(rng.choice(np.array([-1, 1], np.int8), (replicas, spins)), rng)


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


@settings(max_examples=60)
@given(st.sampled_from(KINDS), st.integers(0, 6), st.integers(0, 2**32), st.booleans())
def test_states_stay_permutations_and_energies_are_exact(kind, n, seed, uniform):
    """After every block each state is a permutation with exactly the energy that is reported."""
    hamiltonian = block_hamiltonian(kind, max(n, 1) if kind == "sparse product" else n, seed)
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
    """What `swap_changes` says of a proposal is what the energy does when it is made."""
    hamiltonian = block_hamiltonian(kind, n, seed)
    form = build(hamiltonian).form
    terms = swap_terms(form, None)
    rng = np.random.default_rng(seed)
    p, stream = rng.permutation(n), rng.integers(1, 2**63, 4).astype(np.uint64)
    changes = np.empty((1, 5))
    swap.swap_changes(terms, p[None].copy(), stream.copy(), changes)
    q = np.argsort(p)
    layout = plain_layout(form)
    for change in changes[0]:
        r, s = swap._partner(
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
    product._permute(terms.right, p, work)
    for r, s in permutations(range(n), 2):
        moved = p.copy()
        moved[[r, s]] = p[[s, r]]
        before, after = energies(hamiltonian, layout, np.array([p, moved]))
        assert product._delta(terms.left, terms.own, work, n, r, s) == after - before


def length(distance, tour):
    """Return the length of a closed tour."""
    return distance[tour, np.roll(tour, -1)].sum()


@settings(max_examples=60)
@given(st.integers(4, 12), st.integers(0, 2**32), st.booleans())
def test_chain_delta_is_the_difference_of_lengths(m, seed, symmetric):
    """Every uniform and near move changes the tour's length by its delta, and the inverse holds."""
    rng = np.random.default_rng(seed)
    distance = integers(rng, m, m)
    distance = distance + distance.T if symmetric else distance
    near = np.argsort(distance, axis=1)[:, : min(5, m - 1)].copy()
    near[near == np.arange(m)[:, None]] = 0
    tour, stream = rng.permutation(m), rng.integers(1, 2**63, 4).astype(np.uint64)
    position, seen = np.argsort(tour), set()
    for k in range(80):
        if k % 2:
            move = chain._uniform_move(m, symmetric, stream)
        else:
            move = chain._near_move(near, tour, position, symmetric, k % 4 == 0, stream)
        if move[2] == 0 and move[0] != chain.SWAP:
            continue
        before, delta = length(distance, tour), chain._delta(distance, tour, *move)
        chain._apply(tour, position, np.empty(m, np.int64), *move)
        assert length(distance, tour) == before + delta
        assert np.array_equal(position[tour], np.arange(m))
        seen.add((move[0], move[4]))
    assert m < 6 or len(seen) >= (4 if symmetric else 2)
