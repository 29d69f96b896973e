"""The network of graded neurons: its equation, its Lyapunov energy and its limits."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

import hopfield_opt as ho
from hopfield_opt.dynamics.hopfield_tank import HopfieldTank
from hopfield_opt.dynamics.parts.transfer import TRANSFERS
from hopfield_opt.errors import InputError

FORMS = [
    (transfer, variable, decay)
    for transfer in TRANSFERS
    for variable, decay in (("field", True), ("field", False), ("output", True))
]


def glass(size, seed, *, biased=True):
    """Return a fully coupled network with normal weights, fields of about 1."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.standard_normal((size, size)), 1) / np.sqrt(size)
    return ho.Hamiltonian(upper + upper.T, 0.3 * biased * generator.standard_normal(size), 2.5)


def starts(replicas, size, seed=0):
    """Return random spins (R, N)."""
    return np.random.default_rng(seed).choice([-1, 1], (replicas, size)).astype(np.int8)


def begin(dynamics, network, replicas=4, seed=0):
    """Return the state at the start."""
    sequence = np.random.SeedSequence(seed)
    return dynamics.init(network, starts(replicas, network.num_spins, seed), sequence)


def follow(dynamics, network, steps, replicas=4):
    """Return the Lyapunov energies (steps + 1, R) along a run with one step a call."""
    state = begin(dynamics, network, replicas)
    energies = [state.lyapunov]
    for _ in range(steps):
        state = dynamics.advance(state, 1, steps)
        energies.append(state.lyapunov)
    return np.array(energies)


@pytest.mark.parametrize(("transfer", "variable", "decay"), FORMS)
def test_lyapunov_energy_never_rises_at_small_steps(transfer, variable, decay):
    """With symmetric weights and a constant u0 the Lyapunov energy falls, up to float32 noise."""
    dynamics = HopfieldTank(transfer, u0=0.4, step=0.01, variable=variable, decay=decay)
    energies = follow(dynamics, glass(40, 1), 400)
    assert np.diff(energies, axis=0).max() < 2e-5
    assert (energies[-1] < energies[0] - 1).all()


def test_energy_of_the_network_rises_when_the_sign_of_the_weights_is_wrong():
    """Driven by -W, the Lyapunov energy of W rises: a wrong sign would be noticed."""
    right, dynamics = glass(40, 1), HopfieldTank(u0=0.4, step=0.01)
    wrong = ho.Hamiltonian(-right.to_dense(), -right.thresholds)
    state = begin(dynamics, wrong)
    before = dynamics.flow(right, 0.4).lyapunov(state.outputs)
    state = dynamics.advance(state, 400, 400)
    assert (dynamics.flow(right, 0.4).lyapunov(state.outputs) > before + 1).all()


@pytest.mark.parametrize(("transfer", "variable", "decay"), FORMS)
def test_small_steps_agree_with_the_adaptive_solver(transfer, variable, decay):
    """Euler's method converges to the solution of scipy's `solve_ivp`."""
    network = glass(12, 3)
    dynamics = HopfieldTank(
        transfer, u0=0.5, tau=2.0, step=1e-3, variable=variable, decay=decay, start_size=1.0
    )
    state = begin(dynamics, network, replicas=1)
    path = dynamics.trajectory(network, state.outputs[0], duration=2.0)
    state = dynamics.advance(state, 2000, 2000)
    assert np.abs(state.outputs[0] - path.outputs[-1]).max() < 2e-3
    assert np.diff(path.lyapunov).max() < 1e-9
    assert path.lyapunov[-1] == pytest.approx(state.lyapunov[0], abs=1e-2)


@pytest.mark.parametrize(
    ("transfer", "equation"),
    [
        ("tanh", lambda v: np.arctanh(v)),
        ("logistic", lambda v: np.log((1 + v) / (1 - v))),
        ("rational", lambda v: v / (1 - v)),
    ],
)
def test_two_neurons_settle_where_theory_says(transfer, equation):
    """Two neurons with W_12 = 1 end at ``v_1 = v_2 = v`` with ``F^-1(v) u0 = v``."""
    u0 = 0.3
    expected = brentq(lambda v: equation(v) * u0 - v, 0.05, 1 - 1e-12)
    state = begin(HopfieldTank(transfer, u0=u0), ho.Hamiltonian([[0, 1], [1, 0]]), replicas=8)
    state = HopfieldTank(transfer, u0=u0).advance(state, 2000, 2000)
    assert state.converged
    assert np.allclose(np.abs(state.outputs), expected, atol=1e-5)
    assert np.allclose(state.outputs[:, 0], state.outputs[:, 1], atol=1e-5)


def test_low_gain_has_one_fixed_point():
    """With u0 above the largest eigenvalue all outputs decay to 0."""
    network = glass(20, 5, biased=False)
    u0 = 1.1 * np.linalg.eigvalsh(network.to_dense())[-1]
    state = begin(HopfieldTank(u0=float(u0)), network)
    state = HopfieldTank(u0=float(u0)).advance(state, 3000, 3000)
    assert np.abs(state.outputs).max() < 1e-3


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(sorted(TRANSFERS)))
def test_high_gain_ends_in_local_minima(seed, transfer):
    """At small u0 the fixed points of the equation are those of the discrete network."""
    network = glass(16, seed)
    dynamics = HopfieldTank(transfer, u0=1e-4, step=0.02, start_size=10.0)
    state = dynamics.advance(begin(dynamics, network), 5000, 5000)
    if state.converged:
        assert (network.flip_energy(state.states()) >= 0).all()
    assert state.converged or np.abs(state.outputs).min() < 0.999


def test_network_with_self_coupling():
    """A Network keeps its diagonal: one neuron that inhibits itself settles at half its input."""
    network = ho.Network([[-1.0]], thresholds=[-1.0])
    path = HopfieldTank("rational", u0=1e-6).trajectory(network, [0.5], duration=50)
    assert path.outputs[-1] == pytest.approx(1.0, abs=1e-2)
    state = begin(HopfieldTank(u0=0.1), network)
    state = HopfieldTank(u0=0.1).advance(state, 2000, 2000)
    expected = brentq(lambda v: 0.1 * np.arctanh(v) + v - 1, 0.01, 0.999999)
    assert state.outputs == pytest.approx(expected, abs=1e-5)
    assert np.isnan(state.energies).all()
    assert np.isfinite(state.lyapunov).all()


def test_network_without_symmetric_weights_has_no_energy():
    """Antisymmetric weights turn for ever; neither energy is invented."""
    network = ho.Network([[0, -1], [1, 0]])
    dynamics = HopfieldTank(u0=0.2, decay=False)
    state = dynamics.advance(begin(dynamics, network), 500, 500)
    assert np.isnan(state.energies).all()
    assert np.isnan(state.lyapunov).all()
    assert np.isnan(dynamics.trajectory(network, [0.5, 0.1], 10.0).lyapunov).all()
    assert not state.converged


@pytest.mark.parametrize("dynamics", [HopfieldTank(), HopfieldTank(u0=0.3), HopfieldTank(u0=0.05)])
def test_splits_do_not_matter(dynamics):
    """The same seed gives the same outputs however the sweeps are split into calls."""
    network = glass(30, 7)
    whole = dynamics.advance(begin(dynamics, network), 300, 300)
    parts, left = begin(dynamics, network), 300
    for sweeps in (1, 15, 2, 100, 37, 145):
        parts = dynamics.advance(parts, sweeps, left)
        left -= sweeps
    assert np.array_equal(whole.outputs, parts.outputs)
    assert whole.sweeps == parts.sweeps
    assert whole.u0 == parts.u0
    start = starts(4, 30)
    one, other = (dynamics.init(network, start, np.random.SeedSequence(seed)) for seed in (0, 1))
    assert not np.array_equal(one.outputs, other.outputs)


@pytest.mark.parametrize("factor", [2.0**-40, 2.0**40])
def test_defaults_know_no_scale(factor):
    """Couplings times c give the same outputs."""
    network, dynamics = glass(30, 8), HopfieldTank()
    one = dynamics.advance(begin(dynamics, network), 200, 200)
    other = dynamics.advance(begin(dynamics, network.scaled(factor)), 200, 200)
    assert np.array_equal(one.outputs, other.outputs)
    assert one.energies * factor == pytest.approx(other.energies)


def test_gauge_offset_and_order_of_spins():
    """Mirrored spins, another offset and another numbering give the same run, seen that way."""
    network, dynamics = glass(24, 9), HopfieldTank(u0=0.2, start_size=0.5)
    signs, order = starts(1, 24, 5)[0], np.random.default_rng(0).permutation(24)
    sequence, start = np.random.SeedSequence(0), starts(1, 24)

    def ends(network, start):
        state = dynamics.init(network, start, sequence)
        return dynamics.advance(state, 300, 300).outputs[0]

    plain = ends(network, start)
    assert np.allclose(ends(network.gauge(signs), start * signs), plain * signs, atol=1e-4)
    moved = ho.Hamiltonian(network.to_dense(), network.thresholds, -7.0)
    assert np.array_equal(ends(moved, start), plain)
    # the magnitudes of the start belong to the spins: they move along
    same = dynamics.init(network, start, sequence)
    new = dynamics.init(network.relabelled(order), start[:, order], sequence)
    new = replace(
        new,
        levels=np.ascontiguousarray(same.levels[order]),
        graded=np.ascontiguousarray(same.graded[order]),
    )
    assert np.allclose(dynamics.advance(new, 300, 300).outputs[0], plain[order], atol=1e-4)


@pytest.mark.parametrize("kind", ["dense", "sparse", "factored", "kronecker"])
def test_couplings_are_alike_however_they_are_kept(kind):
    """Sparse, factored and Kronecker couplings drive the same outputs as the dense matrix."""
    generator = np.random.default_rng(2)
    if kind == "kronecker":
        left, right = generator.standard_normal((2, 5, 5))
        term = ho.couplings.Kronecker(left, right, np.arange(25).reshape(5, 5), 0.2)
    elif kind == "factored":
        term = ho.couplings.Factored(generator.standard_normal((4, 25)), [1, -1, 2, 0.5])
    else:
        dense = glass(25, 2).to_dense() * (generator.random((25, 25)) < 0.5)
        term = ho.couplings.Explicit(np.tril(dense) + np.tril(dense).T)
    network = ho.Hamiltonian(term, generator.standard_normal(25))
    matrix = network.to_sparse() if kind == "sparse" else network.to_dense()
    dynamics = HopfieldTank(u0=2.0, step=0.05, start_size=1.0)
    one = dynamics.advance(begin(dynamics, network), 100, 100)
    other = ho.Hamiltonian(matrix, network.thresholds, network.energy(np.ones(25)))
    other = dynamics.advance(begin(dynamics, other), 100, 100)
    assert np.abs(one.outputs - other.outputs).max() < 1e-4
    assert np.diff(one.lyapunov - other.lyapunov) == pytest.approx(0, abs=1e-2)


@pytest.mark.parametrize(
    "network",
    [
        ho.Hamiltonian(np.zeros((0, 0))),
        ho.Hamiltonian(np.zeros((1, 1)), [0.5]),
        ho.Hamiltonian(np.zeros((3, 3))),
        ho.Hamiltonian(np.zeros((3, 3)), [1e-12, -1e-12, 2e-12]),
        ho.Hamiltonian([[0, 1e12], [1e12, 0]], [1e12, -2e12]),
        ho.Hamiltonian(np.kron(np.eye(2), [[0, 1e-12], [1e-12, 0]])),
        ho.Network(np.zeros((0, 0))),
    ],
)
@pytest.mark.parametrize("dynamics", [HopfieldTank(), HopfieldTank(u0=0.1, variable="output")])
def test_degenerate_networks(network, dynamics):
    """Empty, uncoupled and disconnected networks end where their fields point."""
    state = dynamics.advance(begin(dynamics, network), 200, 200)
    states, size = state.states(), network.num_spins
    assert states.shape == (4, size)
    assert np.isfinite(state.outputs).all()
    assert len(state.lyapunov) == len(state.energies) == 4
    if isinstance(network, ho.Hamiltonian) and dynamics.u0 is None and size:
        assert (network.flip_energy(states) >= 0).all()
    assert np.array_equal(state.spins(1), states[1])


def test_start_is_seen():
    """At sweep 0 the states are the starts, and the energies are theirs."""
    network, start = glass(10, 1), starts(3, 10)
    state = HopfieldTank().init(network, start, np.random.SeedSequence(0))
    assert np.array_equal(state.states(), start)
    assert state.energies == pytest.approx(network.energy(start))
    assert np.abs(state.outputs).max() <= np.tanh(0.1) + 1e-6
    biased = HopfieldTank(start_output=-0.8, start_size=0.01).init(
        network, start, np.random.SeedSequence(0)
    )
    assert biased.outputs == pytest.approx(-0.8, abs=0.01)


def test_recall_of_a_pattern():
    """A noisy cue ends in the stored pattern."""
    patterns = starts(3, 100, 1)
    weights = patterns.T.astype(float) @ patterns / 100
    np.fill_diagonal(weights, 0)
    cue = patterns[:1].copy()
    cue[0, :15] *= -1
    dynamics = HopfieldTank(u0=0.3)
    state = dynamics.init(ho.Hamiltonian(weights), cue, np.random.SeedSequence(0))
    state = dynamics.advance(state, 500, 500)
    assert np.array_equal(state.states()[0], patterns[0])
    assert state.converged


def test_default_finds_good_states_through_solve():
    """The default gain annealing comes within 3 % of the ground state of a small glass."""
    network = glass(18, 11)
    best = ho.solve(network, seed=0).energy
    found = ho.solve(network, method="hopfield-tank", seed=0)
    assert found.energy <= best + 0.03 * abs(best - network.offset)
    again = ho.solve(network, method="hopfield-tank", seed=0, n_jobs=1)
    assert np.array_equal(found.states, again.states)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"transfer": "sine"}, "transfer must be one of"),
        ({"variable": "phase"}, "variable must be one of"),
        ({"u0": 0}, "u0 must be positive"),
        ({"step": float("nan")}, "step must be finite"),
        ({"start_output": 1.0}, "start_output must lie between -1 and 1"),
        ({"variable": "output", "decay": False}, "decay must be true"),
    ],
)
def test_parameters_are_checked(options, message):
    """A wrong parameter is named."""
    with pytest.raises(InputError, match=message):
        HopfieldTank(**options)
