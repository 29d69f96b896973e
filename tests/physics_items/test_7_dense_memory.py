"""Section 7, beyond quadratic: capacities, the exponential, attention."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.memory import ContinuousMemory, DenseEnergy


def test_7_1_the_rule_lowers_the_energy(random_patterns):
    """s_i <- sign(sum F(xi_i + rest) - F(-xi_i + rest)): each update by it, E never rises."""
    patterns, state = random_patterns(30, 40), random_patterns(1, 40, seed=1)[0].astype(int)
    for interaction, degree in (("polynomial", 3), ("rectified", 3)):
        energy = DenseEnergy(patterns, interaction, degree)
        s = state.copy()
        for k in np.random.default_rng(2).permutation(40):
            rest = patterns.astype(int) @ s - patterns[:, k].astype(int) * s[k]
            field = energy.terms(rest + patterns[:, k]) - energy.terms(rest - patterns[:, k])
            before, wanted = energy.energy(s), np.sign(field.sum()) or s[k]
            gain = energy.flip_energy(s)[k]
            assert (wanted != s[k]) == (gain < 0)
            s[k] = wanted
            assert energy.energy(s) <= before


@pytest.mark.parametrize(
    ("interaction", "share", "wrong"), [("rectified", 0.9965, 5.8e-5), ("polynomial", 0.88, 2.4e-3)]
)
def test_7_2_cubic_capacity(random_patterns, interaction, share, wrong):
    """N = 60, n = 3, K = 146 = N^2 / (6 ln N): the slides' rectified cubic holds 99.6 %.

    The cubic of all overlaps, whose noise is greater, holds 88 %, with .24 % of the bits wrong, as
    sqrt(3 K / (2 pi N^2)) exp(-N^2 / (6 K)) says. Twice as many patterns are the negative control.
    """
    against, control = (
        np.array(
            [
                DenseEnergy(patterns, interaction, 3).flip_energy(patterns) < 0
                for patterns in (random_patterns(count, 60, seed=seed) for seed in range(40))
            ]
        )
        for count in (146, 292)
    )
    assert 1 - against.any(axis=2).mean() == pytest.approx(share, abs=0.35 * (1 - share))
    assert against.mean() == pytest.approx(wrong, rel=0.4)
    assert control.any(axis=2).mean() > 3 * against.any(axis=2).mean()


def test_7_2_capacity_grows_with_the_power(random_patterns):
    """The number of patterns at 1 % wrong bits grows as N^(n-1): slope 2 to .1 for n = 3."""

    def load(size):
        low, high = size**2 / 40, size**2 / 6
        for _ in range(8):
            count = round(np.sqrt(low * high))
            repeats = 4000 // count
            wrong = np.mean(
                [
                    (DenseEnergy(p, degree=3).flip_energy(p) < 0).mean()
                    for p in (random_patterns(count, size, seed=s) for s in range(repeats))
                ]
            )
            low, high = (count, high) if wrong < 0.01 else (low, count)
        return np.sqrt(low * high)

    sizes = np.array([30, 45, 60])
    slope = np.polyfit(np.log(sizes), np.log([load(size) for size in sizes]), 1)[0]
    assert slope == pytest.approx(2.0, abs=0.1)


def test_7_3_exponential_memory(random_patterns, noisy):
    """With beta = 10, N = 100, 30 % flips, 500 patterns: .985 recalled, .98 the nearest."""
    patterns = random_patterns(500, 100, seed=3)
    cues = noisy(patterns, 0.3, seed=4)
    memory = ho.DenseAssociativeMemory(patterns, "exponential", beta=10.0)
    labels = memory.recall(cues, seed=0).label
    nearest = (cues.astype(int) @ patterns.T.astype(int)).argmax(axis=1)
    right = np.mean([label == f"memory {k}" for k, label in enumerate(labels)])
    closest = np.mean([label == f"memory {k}" for k, label in zip(nearest, labels, strict=True)])
    assert right >= 0.96
    assert closest >= 0.97
    square = ho.AssociativeMemory(patterns[:20]).recall(cues[:20], seed=0).label
    assert np.mean([label == f"memory {k}" for k, label in enumerate(square)]) < 0.4


def test_7_4_large_beta_is_sharp(random_patterns, noisy):
    """The weights of retrieval get sharper with beta: their entropy falls from ln P to 0."""
    patterns = random_patterns(20, 50, seed=5).astype(float)
    cues = noisy(patterns, 0.2, seed=6).astype(float)
    betas = (0.001, 0.01, 0.05, 0.2, 1.0)
    entropy = [ContinuousMemory(patterns, beta).entropy(cues).mean() for beta in betas]
    assert (np.diff(entropy) < 0).all()
    assert entropy[0] == pytest.approx(np.log(20), abs=0.02)
    assert entropy[-1] < 1e-3


def test_7_5_one_step_errors_of_attention():
    """For 1000 unit vectors, d = 64, input error .8: errors .98 .40 .005 0 at beta 1 8 16 32."""
    g = np.random.default_rng(7)
    patterns = g.normal(size=(1000, 64))
    patterns /= np.linalg.norm(patterns, axis=1, keepdims=True)
    noise = g.normal(size=(1000, 64))
    cues = patterns + 0.8 * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    errors = [
        np.linalg.norm(ContinuousMemory(patterns, beta).update(cues) - patterns, axis=1)
        for beta in (1.0, 8.0, 16.0, 32.0)
    ]
    means = [error.mean() for error in errors]
    assert means[0] == pytest.approx(0.98, abs=0.03)
    assert means[1] == pytest.approx(0.40, abs=0.1)
    assert means[2] < 0.05
    assert means[3] < 0.001
