"""Beyond symmetric weights: items 7.6, Boltzmann machines, and 7.8, sequences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.heat_bath import HeatBath
from hopfield_opt.errors import InputError
from hopfield_opt.learning.boltzmann import BoltzmannMachine
from hopfield_opt.learning.sequence import sequence
from hopfield_opt.memory.sequences import DelayedSequence
from hopfield_opt.physics.enumeration import states_of
from hopfield_opt.physics.overlaps import overlaps

XOR = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]])


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


def sampler(hamiltonian, starts, seed):
    """Return samples at temperature 1, enough of each start."""
    many = np.repeat(starts, max(1, 256 // len(starts)), axis=0)
    return ho.run(hamiltonian, HeatBath(1.0), many, 20, seed=seed, progress=False).states


def moments(distribution, size):
    """Return <s> and <s s'> of a distribution over all states."""
    states = states_of(np.arange(2**size), size).astype(float)
    return distribution @ states, states.T @ (distribution[:, None] * states)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(0, 3))
def test_7_6_gradient_is_the_finite_difference(seed, num_visible, num_hidden):
    """The exact gradient of the log-likelihood, hidden units included, to 1e-6."""
    random = np.random.default_rng(seed)
    size = num_visible + num_hidden
    machine = BoltzmannMachine.random(num_visible, num_hidden, scale=0.7, seed=seed)
    machine = BoltzmannMachine(machine.weights, random.normal(size=size), num_visible)
    target = random.dirichlet(np.ones(2**num_visible))
    slope = machine.gradient(target)
    step = 1e-5

    def likelihood(weights, thresholds):
        return target @ np.log(BoltzmannMachine(weights, thresholds, num_visible).probabilities())

    for k in range(size):
        change = step * np.eye(size)[k]
        ends = [likelihood(machine.weights, machine.thresholds + d * change) for d in (1, -1)]
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slope.thresholds[k], abs=1e-6)
    if size > 1:
        change = np.zeros((size, size))
        change[0, -1] = change[-1, 0] = step
        ends = [likelihood(machine.weights + d * change, machine.thresholds) for d in (1, -1)]
        assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(slope.weights[0, -1], abs=1e-6)
    assert np.array_equal(slope.weights, slope.weights.T)


def test_7_6_visible_units_learn_all_moments():
    """Of six visible units the first and second moments are learned to 1e-3, and KL falls."""
    random = np.random.default_rng(1)
    target = random.dirichlet(np.ones(64))
    start = BoltzmannMachine.random(6, seed=0)
    halfway = start.learned(target, 50)
    machine = halfway.learned(target, 600)
    for found, wanted in zip(moments(machine.probabilities(), 6), moments(target, 6), strict=True):
        np.testing.assert_allclose(found, wanted, atol=1e-3)
    kl = [m.divergence(target) for m in (start, halfway, machine)]
    assert kl[0] > kl[1] > kl[2] > 0
    # what is left cannot be learned without hidden units; a machine's own distribution can
    own = BoltzmannMachine.random(6, scale=0.5, seed=4)
    assert start.learned(own.probabilities(), 800).divergence(own.probabilities()) < 1e-6


def test_7_6_exclusive_or_needs_a_hidden_unit():
    """Three visible units learn XOR with one hidden unit, and cannot without."""
    seen = BoltzmannMachine.random(3, 1, scale=0.5, seed=2).learned(XOR, 1500)
    assert seen.divergence(XOR) < 0.02
    assert BoltzmannMachine.random(3, scale=0.5, seed=2).learned(XOR, 1500).divergence(
        XOR
    ) == pytest.approx(np.log(2), abs=1e-3)


def test_7_6_encoder_4_2_4():
    """Two groups of four units agree through two hidden units, which find a code of two bits."""
    one_hot = 2 * np.eye(4, dtype=int) - 1
    data = np.hstack([one_hot, one_hot])
    connected = np.ones((10, 10), dtype=bool)
    connected[:4, 4:8] = connected[4:8, :4] = False
    machine = BoltzmannMachine.random(8, 2, scale=0.3, connected=connected, seed=1)
    learned = machine.learned(data, 600, rate=0.1)
    assert not learned.weights[:4, 4:8].any()
    p = learned.probabilities().reshape(16, 16)  # second group, first group
    codes = 1 << np.arange(4)
    given_first = p[:, codes] / p[:, codes].sum(axis=0)
    assert (given_first[codes, np.arange(4)] > 0.9).all()
    assert (machine.probabilities().reshape(16, 16)[codes, codes] < 0.1).all()
    means = np.sign(learned.weights[8:, :4] - learned.weights[8:, :4].mean(axis=1, keepdims=True))
    assert len({tuple(column) for column in means.T}) == 4


def test_7_6_learning_from_samples():
    """The sampled gradient is the exact one within its noise, and learns."""
    machine = BoltzmannMachine.random(3, 1, scale=0.5, seed=2)
    exact = machine.gradient(XOR)
    found = [machine.sampled_gradient(XOR, sampler, seed) for seed in range(40)]
    weights = np.array([slope.weights for slope in found])
    error = weights.std(axis=0) / np.sqrt(40)
    assert (np.abs(weights.mean(axis=0) - exact.weights) <= 4 * error + 1e-12).all()
    data = states_of([0, 0, 0, 0, 3, 1], 2)
    start = BoltzmannMachine.random(2, seed=0)
    learned = start.learned(data, 40, sampler=sampler, seed=1)
    assert learned.divergence(data) < 0.3 * start.divergence(data)


def test_7_6_arguments_are_checked():
    """Sizes, symmetry and distributions are checked."""
    with pytest.raises(InputError, match="of 1 to 16 units"):
        BoltzmannMachine(np.zeros((17, 17)), 0.0, 4)
    with pytest.raises(InputError, match="symmetric with a zero diagonal"):
        BoltzmannMachine([[0, 1], [0, 0]], 0.0, 1)
    with pytest.raises(InputError, match="num_visible must be at most 2"):
        BoltzmannMachine(np.zeros((2, 2)), 0.0, 3)
    with pytest.raises(InputError, match="add up to 1"):
        BoltzmannMachine(np.zeros((1, 1)), 0.0, 1).divergence([0.5, 0.6])


def sequence_overlap(load, size=1000, steps=60, seed=0):
    """Return the overlap with the pattern that should be there after some synchronous sweeps."""
    patterns = spins(seed, round(load * size), size)
    network = ho.Network(sequence(patterns))
    end = ho.run(network, "synchronous", patterns[0], steps, seed=0, progress=False)
    return overlaps(end.states[0], patterns)[steps % len(patterns)]


@pytest.mark.parametrize(("load", "expected"), [(0.1, 0.998), (0.2, 0.978), (0.25, 0.90)])
def test_7_8_sequences_below_capacity(load, expected):
    """60 synchronous sweeps on, the network is at the 60th pattern."""
    found = np.array([sequence_overlap(load, seed=k) for k in range(4)])
    assert abs(found.mean() - expected) < 0.01 + 3 * found.std() / 2


def test_7_8_sequences_above_capacity():
    """Above the load 0.269 the sequence is lost."""
    found = [sequence_overlap(0.32, seed=k) for k in range(4)]
    assert np.abs(found).max() < 0.5


def test_7_8_a_sequence_that_ends_stays_or_goes_on():
    """A, B, C, D in four sweeps; a cyclic one goes back to A."""
    patterns = spins(1, 4, 300)
    network = ho.Network(sequence(patterns))
    trace = ho.run(
        network, "synchronous", patterns[0], 4, record="overlap", patterns=patterns, seed=0
    ).trace
    assert trace.overlap[:, 0].argmax(axis=1).tolist() == [0, 1, 2, 3, 0]
    assert not (sequence(patterns, cyclic=False) @ patterns[3] / 300 > 0.5).any()


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_7_8_energy_change_of_asymmetric_weights(seed, size):
    """A flip changes -1/2 s'Ws by -1/2 (W + W')s times the change: half of it is not -h ds."""
    random = np.random.default_rng(seed)
    weights = random.standard_normal((size, size))
    np.fill_diagonal(weights, 0.0)
    state = spins(seed, size).astype(float)
    k = int(random.integers(size))
    after = state.copy()
    after[k] *= -1
    change = -0.5 * (after @ weights @ after - state @ weights @ state)
    split = -0.5 * (after[k] - state[k]) * (weights[:, k] @ state + weights[k] @ state)
    assert change == pytest.approx(split, abs=1e-12)


@pytest.mark.parametrize("delay", [2, 5])
def test_7_8_delayed_synapses_cycle(delay):
    """Each pattern is held for the delay, and then comes the next one, round and round."""
    patterns = spins(2, 5, 200)
    memory = DelayedSequence(patterns, delay=delay, strength=2.0)
    trace = memory.recall(patterns[0], 12 * delay, seed=0)
    at = trace.overlap[:, 0].argmax(axis=1)
    assert trace.overlap[:, 0].max(axis=1).min() > 0.95
    assert at.tolist() == [(t + delay - 1) // delay % 5 for t in range(12 * delay + 1)]
    weak = DelayedSequence(patterns, delay=delay, strength=0.5).recall(patterns[0], 30, seed=0)
    assert (weak.overlap[:, 0, 0] > 0.95).all()


def test_7_8_delayed_synapses_clean_up_and_stop():
    """A noisy cue is cleaned on the way; a sequence that is no circle ends at its last pattern."""
    patterns = spins(3, 4, 300)
    cue = patterns[0].copy()
    cue[:40] *= -1
    trace = DelayedSequence(patterns, delay=4, cyclic=False).recall(
        np.array([cue, cue]), 40, seed=1
    )
    assert trace.overlap.shape == (41, 2, 4)
    assert (trace.overlap[-1, :, 3] == 1).all()
    with pytest.raises(InputError, match="strength must not be negative"):
        DelayedSequence(patterns, strength=-1)
