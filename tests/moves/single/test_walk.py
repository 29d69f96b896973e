"""The kernel that follows one replica: every flip is logged, in every order, on any weights."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt import rng
from hopfield_opt.couplings import Factored
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves.single import walk

ORDERS = [walk.RANDOM, walk.SEQUENTIAL, walk.STEEPEST, walk.RANDOM_UNIT, walk.POISSON]


def networks():
    """Yield a network of each kind of weights, with its dense weights and thresholds."""
    g = np.random.default_rng(5)
    dense = g.normal(size=(30, 30))
    dense = dense + dense.T
    np.fill_diagonal(dense, 0)
    sparse = np.where(g.random((60, 60)) < 0.03, g.normal(size=(60, 60)), 0)
    sparse = sparse + sparse.T
    np.fill_diagonal(sparse, 0)
    factors = Factored(g.normal(size=(3, 40)), g.normal(size=3))
    lopsided = g.normal(size=(25, 25))  # neither symmetric nor without self-couplings
    yield walk.DENSE, Hamiltonian(dense, g.normal(size=30)), dense
    yield walk.LISTS, Hamiltonian(scipy.sparse.csr_array(sparse), g.normal(size=60)), sparse
    yield walk.FACTORS, Hamiltonian(factors, g.normal(size=40)), factors.to_dense()
    yield walk.DENSE, Network(lopsided, g.normal(size=25)), lopsided


def walk_from_start(network, betas, order, rule=walk.METROPOLIS, seed=3):
    """Return start, end and flips of a walk."""
    weights = walk.prepare(network)
    start = np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), network.num_spins)
    state = start.copy()
    held = walk.held_of(network, weights, state[None])[0]
    words = rng.stream(seed, words=walk.RNG_WORDS)
    found = walk.walk(weights, network.thresholds, state, held, betas, words, rule, order)
    return start, state, found


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("kind", "network", "dense"), list(networks()))
def test_each_logged_flip_follows_the_rule(kind, network, dense, order):
    """Replayed one by one, every flip of a descent is of a spin whose field is against it."""
    assert walk.prepare(network).kind == kind
    start, end, (sites, times, changes, *_) = walk_from_start(network, np.full(5, np.inf), order)
    state = start.copy()
    for site, change in zip(sites, changes, strict=True):
        field = dense[site] @ state - network.thresholds[site]
        assert change == pytest.approx(2 * state[site] * field, abs=1e-9)
        assert change < 0
        state[site] *= -1
    np.testing.assert_array_equal(state, end)
    assert all(early <= late for early, late in pairwise(times))


@pytest.mark.parametrize("order", ORDERS)
def test_a_descent_ends_where_nothing_moves(order):
    """Converged means that no spin of a symmetric network is against its field."""
    _, network, dense = next(networks())
    _, end, (*_, converged, _) = walk_from_start(network, np.full(2000, np.inf), order)
    assert converged
    assert (end * (dense @ end - network.thresholds) >= 0).all()


def test_steepest_takes_the_largest_gain_first():
    """Of two spins that could move, the one that gains more goes first; the other then stays."""
    network = Hamiltonian([[0.0, -2.0], [-2.0, 0.0]], [0.0, 1.0])
    weights = walk.prepare(network)
    state = np.ones(2, dtype=np.int8)
    held = walk.held_of(network, weights, state[None])[0]
    words = rng.stream(0, words=4)
    cold = np.array([np.inf])
    sites, *_ = walk.walk(weights, network.thresholds, state, held, cold, words, 0, walk.STEEPEST)
    assert (sites.tolist(), state.tolist()) == ([1], [1, -1])


@pytest.mark.parametrize(("order", "spread"), [(walk.RANDOM_UNIT, 0), (walk.POISSON, 200)])
def test_visits_of_a_sweep(order, spread):
    """Free spins at infinite temperature flip at each visit: N a sweep, or N in the mean."""
    network = Hamiltonian(None, num_spins=400)
    _, _, (sites, times, *_) = walk_from_start(network, np.full(100, 1e-9), order)
    counts = np.bincount(np.floor(times).astype(int), minlength=100)
    if spread == 0:
        assert (counts == 400).all()
    else:  # Poisson: mean and variance N; mean within 4 standard errors, variance within 60 %
        assert abs(counts.mean() - 400) < 4 * np.sqrt(400 / 100)
        assert 160 < counts.var() < 640
    visits = np.bincount(sites, minlength=400)  # of each spin: 100, as often as any other
    assert 0.7 < visits.var() / 100 < 1.3


@pytest.mark.parametrize("rule", [walk.METROPOLIS, walk.HEAT_BATH])
@pytest.mark.parametrize("beta", [0.7, 1.4])
def test_stationary_law(rule, beta):
    """Time averages follow the Boltzmann law of the asked temperature, and of no other."""
    network = Hamiltonian([[0, 1, -0.5], [1, 0, 0.3], [-0.5, 0.3, 0]], [0.2, -0.1, 0.4])
    start, _, (sites, times, *_) = walk_from_start(
        network, np.full(60_000, beta), walk.RANDOM_UNIT, rule, seed=1
    )
    states = np.array([[1 - 2 * ((c >> k) & 1) for k in range(3)] for c in range(8)])
    code = sum(int(start[k] < 0) << k for k in range(3))
    codes = np.bitwise_xor.accumulate(np.append(code, 1 << sites))
    stay = np.diff(np.append(np.append(0, times), 60_000))
    seen = np.bincount(codes, stay, minlength=8) / 60_000
    error = [
        np.abs(seen - law / law.sum()).max()
        for law in (np.exp(-b * network.energy(states)) for b in (0.7, 1.4))
    ]
    right = 0 if beta == 0.7 else 1
    assert error[right] < 0.01
    assert error[1 - right] > 0.05
