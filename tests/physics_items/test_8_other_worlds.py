"""Optics, biology and quanta: items 8.1, greedy recall, 8.2, spikes, and 8.6, tunnelling."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

import hopfield_opt as ho
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.memory.spiking import (
    SpikeResponse,
    SpikingMemory,
    firing_rate,
    rate_overlaps,
)
from hopfield_opt.physics.enumeration import all_energies, states_of
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.physics.quantum import quantum_ground_state, quantum_overlaps
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_8_1_greedy_recall_flips_the_spin_that_lowers_the_energy_most(seed):
    """Asynchronous(order="steepest") is the rule of the cavity: the largest fall each time."""
    random = np.random.default_rng(seed)
    upper = np.triu(random.standard_normal((12, 12)), 1)
    network = ho.Hamiltonian(upper + upper.T)
    path = ho.run(
        network, Asynchronous("steepest"), spins(seed, 12), record="states", every="flip", seed=0
    ).trace.states[:, 0]
    for before, after in pairwise(path):
        costs = network.flip_energy(before)
        assert costs.min() < 0
        assert np.flatnonzero(before != after).tolist() == [int(costs.argmin())]
    assert (network.flip_energy(path[-1]) >= -1e-9).all()


def test_8_1_greedy_recall_above_the_hebbian_capacity():
    """At P / N = 0.2 greedy recall finds the cued pattern more often than random order.

    Each network is a pair, both rules from the same cues, so that the error is that of the
    difference.
    """
    gains = []
    for k in range(100):
        random = np.random.default_rng(k)
        patterns = random.choice(np.array([-1, 1]), (12, 60))
        network = ho.Hamiltonian(hebb(patterns))
        cues = np.repeat(patterns[:1], 8, axis=0)
        for cue in cues:
            cue[random.permutation(60)[:12]] *= -1
        greedy, plain = (
            ho.run(network, Asynchronous(order), cues, seed=k, progress=False).states
            for order in ("steepest", "random")
        )
        found = [(end == patterns[0]).all(axis=1).mean() for end in (greedy, plain)]
        gains.append(found[0] - found[1])
    assert np.mean(gains) > 3 * np.std(gains) / np.sqrt(len(gains))


def test_8_1_minima_of_a_glass_are_the_memories_of_a_cavity():
    """Glasses of 16 spins: steepest descent holds 3.5 pairs of minima, random order .6.

    Held is a minimum to which nine of ten states one flip away lead back; .138 N are 2.2.
    """
    held = {"steepest": [], "random": []}
    for seed in range(20):
        glass = ho.Hamiltonian(sherrington_kirkpatrick(16, seed))
        states = states_of(np.arange(2**15), 16)  # of each mirrored pair one
        minima = states[(glass.flip_energy(states) > 0).all(axis=1)]
        targets = np.repeat(minima, 64, axis=0)
        cues = targets * np.tile(1 - 2 * np.eye(16, dtype=np.int8), (4 * len(minima), 1))
        for order, counts in held.items():
            ends = ho.run(glass, Asynchronous(order), cues, seed=seed, progress=False).states
            back = (ends == targets).all(axis=1).reshape(len(minima), 64).mean(axis=1)
            counts.append((back >= 0.9).sum())
    assert np.mean(held["steepest"]) == pytest.approx(3.5, abs=0.4)
    assert np.mean(held["random"]) == pytest.approx(0.6, abs=0.3)


def test_8_2_rate_of_a_leaky_integrate_and_fire_neuron():
    """The rate f = 1 / (Delta + tau ln(RI / (RI - theta))) is that of the equation within 0.1 %."""

    def reaches(_, u):
        return u[0] - 1.0

    reaches.terminal = True
    for drive in (1.05, 2.0, 5.0):
        path = solve_ivp(
            lambda _, u, drive=drive: (drive - u) / 10, (0, 100), [0.0], events=reaches, rtol=1e-9
        )
        interval = path.t_events[0][0]
        assert firing_rate(drive, refractory=2.0) == pytest.approx(1 / (2 + interval), rel=1e-3)
    assert firing_rate([0.5, 1.0]).tolist() == [0, 0]


def test_8_2_spike_response_without_noise_fires_at_that_rate():
    """A spike-response neuron under a constant drive is the integrate-and-fire neuron."""
    neuron = SpikeResponse(noise=0.0, refractory=0.0)
    memory = SpikingMemory([[1, -1]], neuron, gain=0.0, drive=1.3)
    spikes = memory.recall([1, 1], 1000, cue_strength=0.0, step=0.01, seed=0).spikes[:, 0]
    times = np.flatnonzero(spikes) * 0.01
    rate = (len(times) - 1) / (times[-1] - times[0])
    assert rate == pytest.approx(float(firing_rate(1.3)), rel=1e-3)


def test_8_2_potentials_are_sums_of_the_kernels():
    """The potential u = sum eta + sum w epsilon + drive to 1e-6: SRM is LIF."""
    memory = SpikingMemory(spins(0, 2, 12))
    trains = memory.recall(memory.patterns.spins[0], 120, cue_strength=0.0, step=0.5, seed=3)
    assert trains.spikes.sum() > 20
    neuron, times = memory.neuron, trains.times
    for k in (50, 120, 239):
        past = times[k] - times[:k]
        own = neuron.eta(past) @ trains.spikes[:k]
        synaptic = memory.weights @ (neuron.epsilon(past) @ trains.spikes[:k])
        drive = memory.drive * (1 - np.exp(-times[k] / neuron.tau_membrane))
        np.testing.assert_allclose(trains.potentials[k], own + synaptic + drive, atol=1e-6)
    # the response to an input spike is that of tau_m du/dt = -u + i, tau_s di/dt = -i
    path = solve_ivp(
        lambda _, y: [(-y[0] + y[1]) / 10, -y[1] / 20], (0, 50), [0, 1 / 20], rtol=1e-10, atol=1e-12
    )
    np.testing.assert_allclose(path.y[0], neuron.epsilon(path.t), atol=1e-6)
    grid = np.linspace(0, 1000, 200_001)
    assert np.trapezoid(neuron.epsilon(grid), grid) == pytest.approx(1, abs=1e-5)


def test_8_2_no_cue_and_no_escape():
    """A cue of no duration is no cue, and without escape nobody fires below the threshold."""
    patterns = spins(3, 2, 20)
    memory = SpikingMemory(patterns)
    brief, none = (
        memory.recall(patterns[0], 100, seed=1, **how)
        for how in ({"cue_time": 0.0}, {"cue_strength": 0.0})
    )
    np.testing.assert_array_equal(brief.spikes, none.spikes)
    assert memory.recall(patterns[0], 100, seed=1).spikes.sum() != none.spikes.sum()
    deaf = SpikingMemory(patterns, SpikeResponse(escape=0.0))
    assert not deaf.recall(patterns[0], 100, seed=1).spikes.any()


def test_8_2_spiking_memory_recalls():
    """30 neurons, 3 patterns: the rates are those of the cued pattern in 90 % of 50 seeds.

    The cue selects: without one the drive alone leads to some pattern or its negative, as often to
    any; without synapses, under the same drive and cue, none is held.
    """
    good, loose_ends, free_ends = 0, [], []
    for seed in range(50):
        patterns = spins([seed, 7], 3, 30)
        cue = patterns[0].copy()
        cue[np.random.default_rng(seed).permutation(30)[:3]] *= -1
        memory = SpikingMemory(patterns)
        rates = memory.recall(cue, 400, seed=seed).rates(first=200)
        own, *others = rate_overlaps(rates, patterns)
        good += own > 0.9 and max(map(abs, others)) < max(
            0.5, np.abs(np.corrcoef(patterns)[0, 1:]).max() + 0.05
        )
        loose = SpikingMemory(patterns, gain=0.0).recall(cue, 400, seed=seed)
        loose_ends.append(rate_overlaps(loose.rates(first=200), patterns))
        free = memory.recall(cue, 400, seed=seed, cue_strength=0.0)
        free_ends.append(rate_overlaps(free.rates(first=200), patterns))
    assert good >= 45
    assert np.abs(loose_ends).max() < 0.9
    sharp = np.array(free_ends) > 0.9
    assert (np.abs(free_ends) > 0.9).any(axis=1).mean() > 0.6
    assert sharp[:, 0].sum() < 20


def test_8_2_arguments_are_checked():
    """Time constants and noise are checked, and silence has no overlap."""
    with pytest.raises(InputError, match="tau_synapse must differ"):
        SpikeResponse(tau_synapse=10.0)
    with pytest.raises(InputError, match="tau_membrane must be positive"):
        SpikeResponse(tau_membrane=0.0)
    with pytest.raises(InputError, match="noise must not be negative"):
        SpikeResponse(noise=-1.0)
    with pytest.raises(InputError, match="active_rate must be positive"):
        SpikingMemory([[1, -1]], active_rate=0.0)
    assert rate_overlaps(np.zeros(4), [[1, 1, -1, -1]]).tolist() == [0.0]


def dense_ground_state(weights, gamma):
    """Return the lowest energy and <sigma^x> from the full matrix, built from Pauli matrices."""
    size = len(weights)
    flips = sum(
        np.kron(np.kron(np.eye(2 ** (size - 1 - k)), [[0, 1], [1, 0]]), np.eye(2**k))
        for k in range(size)
    )
    values, vectors = np.linalg.eigh(np.diag(all_energies(weights)) - gamma * flips)
    lowest = vectors[:, 0]
    return values[0], lowest @ flips @ lowest / size, lowest**2


@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0.05, 3))
def test_8_6_ground_state_is_that_of_the_full_matrix(seed, size, gamma):
    """Energy, transverse magnetisation and probabilities agree with a dense diagonalisation."""
    weights = hebb(spins(seed, 2, size))
    found = quantum_ground_state(weights, gamma)
    energy, transverse, probabilities = dense_ground_state(weights, gamma)
    assert found.energy == pytest.approx(energy, abs=1e-9)
    assert found.transverse == pytest.approx(transverse, abs=1e-5)
    np.testing.assert_allclose(found.probabilities, probabilities, atol=1e-5)
    assert found.energy <= all_energies(weights).min() + 1e-9


@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.6, 0.9, 1.05, 1.5])
def test_8_6_mean_field_overlap(gamma):
    """One pattern at T = 0: m = sqrt(1 - Gamma^2), and 0 from Gamma = 1 on."""
    found = quantum_overlaps(spins(0, 1, 20), [1.0], gamma)
    assert found[0] == pytest.approx(np.sqrt(max(0.0, 1 - gamma**2)), abs=1e-6)


def test_8_6_temperature_and_transverse_field():
    """Without a transverse field m = tanh(m / T); both together destroy memory earlier."""
    pattern = spins(0, 1, 20)
    assert quantum_overlaps(pattern, [1.0], 0.0, 0.8)[0] == pytest.approx(0.71041, abs=1e-5)
    m = quantum_overlaps(pattern, [1.0], 0.6, 0.5)[0]
    size = np.hypot(m, 0.6)
    assert m == pytest.approx(m / size * np.tanh(size / 0.5), abs=1e-10)
    assert 0 < m < 0.8
    two = quantum_overlaps(np.kron([[1, 1], [1, -1]], np.ones(10)), [0.9, 0.2], 0.5)
    np.testing.assert_allclose(two, [np.sqrt(0.75), 0], atol=1e-6)


def test_8_6_exact_overlap_comes_near_the_mean_field():
    """<M^2> of N = 6 and 14 spins: near 1 - Gamma^2 below Gamma = 1, and 1 / N far above."""
    distances = []
    for size in (6, 14):
        pattern = spins(1, size)
        squares = overlaps(states_of(np.arange(2**size), size), pattern) ** 2
        weak, strong = (
            quantum_ground_state(hebb([pattern]), g).probabilities @ squares for g in (0.5, 4.0)
        )
        distances.append(abs(weak - 0.75))
        assert strong < 3 / size
    assert distances[1] < distances[0]
    assert distances[1] < 0.08
    still = quantum_ground_state(hebb([[1, -1, 1]]), 0.0)
    assert still.probabilities[[2, 5]].tolist() == [0.5, 0.5]


def test_8_6_arguments_are_checked():
    """Sizes and signs are checked."""
    with pytest.raises(InputError, match="of 1 to 16 spins"):
        quantum_ground_state(np.zeros((17, 17)), 1.0)
    with pytest.raises(InputError, match="transverse_field must not be negative"):
        quantum_overlaps([[1, -1]], [1.0], -0.5)
    with pytest.raises(InputError, match="temperature must not be negative"):
        quantum_overlaps([[1, -1]], [1.0], 0.5, -1.0)
