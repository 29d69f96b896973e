"""Real states: attention, the softmax update, and the bipartite network behind both forms."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.memory import BipartiteMemory, ContinuousMemory, DenseEnergy, attention


def gaussian(*shape, seed=0):
    """Return random numbers."""
    return np.random.default_rng(seed).normal(size=shape)


def test_one_update_is_attention():
    """X' softmax(beta X xi) is softmax(Q K' / sqrt(d)) V with K = V = X, to 1e-6."""
    x, q = gaussian(20, 16), gaussian(5, 16, seed=1)
    scores = np.exp(q @ x.T / 4)
    expected = scores / scores.sum(axis=1, keepdims=True) @ x
    memory = ContinuousMemory(x, beta=1 / np.sqrt(16))
    np.testing.assert_allclose(memory.update(q), expected, atol=1e-6)
    np.testing.assert_allclose(attention(q, x, x), expected, atol=1e-6)
    np.testing.assert_allclose(attention(q, x, x, beta=0.25), memory.update(q), atol=1e-12)
    np.testing.assert_allclose(memory.update(q[0]), expected[0], atol=1e-6)


@pytest.mark.parametrize("beta", [0.1, 1.0, 30.0, 1e6])
def test_the_energy_falls(beta):
    """Each update lowers the energy, which is never negative, at any temperature."""
    memory = ContinuousMemory(gaussian(10, 6), beta)
    state = gaussian(40, 6, seed=2)
    before = memory.energy(state)
    for _ in range(30):
        state = memory.update(state)
        after = memory.energy(state)
        assert (after <= before + 1e-12).all()
        before = after
    assert (after >= -1e-12).all()
    assert memory.energy(state[0]) == pytest.approx(after[0])


def test_beta_chooses_between_one_pattern_and_all():
    """The entropy of the weights falls with beta, from ln P to 0; sharp recall is the nearest."""
    x, cues = gaussian(8, 30), gaussian(8, 30, seed=3)
    betas = (1e-6, 0.01, 0.1, 1.0, 10.0)
    entropies = np.array([ContinuousMemory(x, beta).entropy(cues) for beta in betas])
    assert (np.diff(entropies, axis=0) < 0).all()
    assert entropies[0] == pytest.approx(np.log(8), abs=1e-6)
    np.testing.assert_allclose(ContinuousMemory(x, 1e-9).recall(cues[0]), x.mean(axis=0), atol=1e-6)
    sharp = ContinuousMemory(x, 100.0)
    np.testing.assert_allclose(sharp.recall(x + 0.2 * cues), x, atol=1e-6)
    assert sharp.attention(x).argmax(axis=1).tolist() == list(range(8))


def test_hidden_units_integrate_to_the_dense_energy():
    """Hidden powers at rest leave the rectified dense energy of the visible signs, to 1e-6."""
    g = np.random.default_rng(4)
    patterns, states = g.choice([-1, 1], (6, 20)), g.choice([-1, 1], (30, 20))
    for degree in (2, 3, 4):
        memory = BipartiteMemory(patterns, "power", degree=degree)
        dense = DenseEnergy(patterns, "rectified", degree)
        np.testing.assert_allclose(memory.energy(states), dense.energy(states), rtol=1e-12)


def test_hidden_units_integrate_to_the_softmax_rule():
    """Hidden softmax units at rest leave the continuous energy; a fixed point obeys its update."""
    x, states = gaussian(7, 5), gaussian(20, 5, seed=5)
    memory, continuous = BipartiteMemory(x, beta=2.0), ContinuousMemory(x, beta=2.0)
    difference = memory.energy(states) - continuous.energy(states)
    np.testing.assert_allclose(difference, difference[0], atol=1e-9)
    v, h = states, memory.drive(states)
    for _ in range(20_000):
        v, h = memory.step(v, h, dt=0.02)
    np.testing.assert_allclose(v, continuous.update(v), atol=1e-6)
    np.testing.assert_allclose(memory.hidden_outputs(h), continuous.attention(v), atol=1e-6)


def test_the_bipartite_energy_falls():
    """The energy of both kinds of units never rises along the flow."""
    memory = BipartiteMemory(gaussian(7, 5), beta=3.0)
    v, h = gaussian(20, 5, seed=6), gaussian(20, 7, seed=7)
    energy = memory.energy(v, h)
    for _ in range(500):
        v, h = memory.step(v, h, dt=0.002)
        after = memory.energy(v, h)
        assert (after <= energy + 1e-9).all()
        energy = after


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ContinuousMemory([1.0, 2.0]), r"must be a \(P, d\) array"),
        (lambda: ContinuousMemory([[1.0, np.inf]]), "finite"),
        (lambda: ContinuousMemory([[1.0]], beta=0), "beta must be above 0"),
        (lambda: ContinuousMemory([[1.0, 2.0]]).update([1.0]), "states must have shape"),
        (lambda: attention([[1.0]], [[1.0, 2.0]], [[1.0]]), "must have shapes"),
        (lambda: BipartiteMemory([[1.0]], "cubic"), "hidden must be one of"),
        (lambda: BipartiteMemory([[1.0]], degree=1), "degree must be at least 2"),
        (lambda: BipartiteMemory([1.0]), r"must be a \(P, N\) array"),
        (lambda: BipartiteMemory([[1.0, 2.0]]).drive([1.0]), "visible must have 2 values"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    """Shapes and numbers out of range are named."""
    with pytest.raises(InputError, match=message):
        call()
