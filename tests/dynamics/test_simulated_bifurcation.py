"""Simulated bifurcation: the equations of Goto et al. 2021, and the laws of every dynamics."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics.simulated_bifurcation import SimulatedBifurcation
from hopfield_opt.errors import InputError
from hopfield_opt.problems import MaxCut

VARIANTS = [SimulatedBifurcation("ballistic"), SimulatedBifurcation("discrete")]


def glass(size, seed, *, biased=True):
    """Return a fully coupled network with integer weights."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.integers(-3, 4, (size, size)), 1)
    return ho.Hamiltonian((upper + upper.T).astype(float), biased * generator.integers(-2, 3, size))


def begin(dynamics, network, replicas=4, seed=0):
    """Return the state at random starts."""
    start = np.random.default_rng(seed).choice([-1, 1], (replicas, network.num_spins))
    return dynamics.init(network, start.astype(np.int8), np.random.SeedSequence(seed))


@pytest.mark.parametrize("dynamics", VARIANTS)
def test_equations(dynamics):
    """Positions follow Goto's Eqs. 5 to 8 (a_0 = 1), written out plainly, spin 0 for thresholds."""
    network, sweeps = glass(12, 1), 60
    state = begin(dynamics, network)
    x, y = state.positions.astype(np.float64), state.momenta.astype(np.float64)
    weights = np.zeros((13, 13))
    weights[:12, :12] = network.to_dense()
    weights[12, :12] = weights[:12, 12] = -network.thresholds
    sigma = np.sqrt((weights[:12] ** 2).sum() / 12)  # sigma sqrt(N): rms over the rows
    for k in range(sweeps):
        seen = np.sign(x) if dynamics.variant == "discrete" else x
        pressure = (k + 0.5) / sweeps
        y += dynamics.step * (-(1 - pressure) * x + 0.5 / sigma * (weights @ seen))
        x += dynamics.step * y
        y[np.abs(x) > 1] = 0
        x = np.clip(x, -1, 1)
    state = dynamics.advance(state, sweeps, sweeps)
    assert np.abs(state.positions - x).max() < 1e-3
    assert np.array_equal(state.states(), np.sign(x[:12] * x[12]).T)


@pytest.mark.parametrize("dynamics", VARIANTS)
def test_finish_ends_in_local_minima(dynamics):
    """After the descent no flip lowers the energy, and energies are those of the states."""
    network = glass(40, 2)
    state = dynamics.finish(dynamics.advance(begin(dynamics, network), 100, 100))
    assert (network.flip_energy(state.states()) >= 0).all()
    assert np.array_equal(state.energies, network.energy(state.states()))
    assert np.array_equal(state.spins(2), state.states()[2])


@pytest.mark.parametrize("dynamics", VARIANTS)
def test_splits_do_not_matter(dynamics):
    """The same seed gives the same positions however the sweeps are split into calls."""
    network = glass(30, 3)
    whole = dynamics.advance(begin(dynamics, network), 200, 200)
    parts, left = begin(dynamics, network), 200
    for sweeps in (1, 50, 3, 146):
        parts = dynamics.advance(parts, sweeps, left)
        left -= sweeps
    assert np.array_equal(whole.outputs, parts.outputs)
    assert np.array_equal(dynamics.finish(whole).states(), dynamics.finish(parts).states())
    assert not np.array_equal(whole.outputs, begin(dynamics, network, seed=1).outputs)


@pytest.mark.parametrize("factor", [2.0**-40, 2.0**40])
@pytest.mark.parametrize("dynamics", VARIANTS)
def test_scale_and_offset(dynamics, factor):
    """Couplings times c, and another offset, give the same positions."""
    network = glass(30, 4)
    other = ho.Hamiltonian(network.to_dense() * factor, network.thresholds * factor, -3.0)
    one = dynamics.advance(begin(dynamics, network), 100, 100)
    two = dynamics.advance(begin(dynamics, other), 100, 100)
    assert np.array_equal(one.outputs, two.outputs)


@pytest.mark.parametrize("dynamics", VARIANTS)
def test_gauge(dynamics):
    """In mirrored spins the run is the mirrored run."""
    network, sequence = glass(30, 5), np.random.SeedSequence(0)
    generator = np.random.default_rng(1)
    start, signs = generator.choice([-1, 1], (2, 1, 30)).astype(np.int8)
    plain = dynamics.advance(dynamics.init(network, start, sequence), 100, 100)
    turned = dynamics.init(network.gauge(signs[0]), start * signs, sequence)
    turned = dynamics.advance(turned, 100, 100)
    assert np.allclose(turned.outputs, plain.outputs * signs, atol=1e-3)


@pytest.mark.parametrize("dynamics", VARIANTS)
def test_finds_the_ground_state_of_small_networks(dynamics):
    """With thresholds and without, the ground state of 16 spins is among the replicas."""
    for biased in (True, False):
        network = glass(16, 6, biased=biased)
        bits = np.arange(2**16)[:, None] >> np.arange(16) & 1
        ground = network.energy((2 * bits - 1).astype(np.int8)).min()
        assert ho.solve(network, method=dynamics, seed=0).energy == ground


def test_discrete_beats_a_plain_descent_on_a_sparse_graph():
    """Half a thousand steps give a better cut than the best of as many descents."""
    problem = MaxCut.random(400, p=0.02, seed=1)
    found = ho.solve(problem, method="simulated-bifurcation", sweeps=500, replicas=32, seed=0)
    descent = ho.solve(problem, method="asynchronous", replicas=32, seed=0)
    assert found.value > 1.01 * descent.value


@pytest.mark.parametrize(
    "network",
    [
        ho.Hamiltonian(np.zeros((0, 0))),
        ho.Hamiltonian(np.zeros((1, 1)), [-0.5]),
        ho.Hamiltonian(np.zeros((3, 3))),
        ho.Hamiltonian(np.zeros((3, 3)), [1e-12, -1e-12, 2e-12]),
        ho.Hamiltonian([[0, 1e12], [1e12, 0]], [1e12, -2e12]),
        ho.Hamiltonian(np.kron(np.eye(2), [[0, 1e-12], [1e-12, 0]])),
    ],
)
@pytest.mark.parametrize("dynamics", VARIANTS)
def test_degenerate_networks(network, dynamics):
    """Empty, uncoupled and disconnected networks end in their ground states."""
    state = dynamics.finish(dynamics.advance(begin(dynamics, network), 50, 50))
    assert state.states().shape == (4, network.num_spins)
    assert (network.flip_energy(state.states()) >= 0).all()
    assert np.isfinite(state.outputs).all()


def test_start_is_seen():
    """At sweep 0 the states are the starts."""
    network = glass(10, 1)
    start = np.random.default_rng(0).choice([-1, 1], (3, 10)).astype(np.int8)
    state = VARIANTS[0].init(network, start, np.random.SeedSequence(0))
    assert np.array_equal(state.states(), start)
    assert not state.converged


def test_wrong_input_is_named():
    """Unknown variants, steps that are unstable and networks without an energy are refused."""
    with pytest.raises(InputError, match="variant must be one of ballistic, discrete"):
        SimulatedBifurcation("adiabatic")
    with pytest.raises(InputError, match="step must be positive and below 2"):
        SimulatedBifurcation(step=2.0)
    with pytest.raises(InputError, match="must be a Hamiltonian for simulated-bifurcation"):
        begin(VARIANTS[0], ho.Network([[0, 1], [-1, 0]]))
