"""Section 5, the exercises of the lecture: noise, anti-memories, spurious states, stripes."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.physics.overlaps import overlaps


@pytest.fixture(scope="module")
def three(lattice):
    """Return H, X and #."""
    return np.array([lattice[name] for name in "HX#"])


def successes(memory, patterns, noisy, fraction, runs=150, seed=0):
    """Return how often each pattern and its negative is recalled from so many noisy copies."""
    found = []
    for k, pattern in enumerate(patterns):
        cues = noisy(np.repeat(pattern[None], runs, axis=0), fraction, seed=seed + k)
        labels = memory.recall(cues, seed=seed).label
        found.append([labels.count(f"{sign}memory {k}") / runs for sign in ("", "anti-")])
    return np.array(found).T


def test_a_1_recall_against_noise(three, noisy):
    """H, X, #: 1 up to 20 % flips, .88 to .98 at 30 %, .64 to .76 at 40 %, nothing at 50 %.

    Beyond, the negatives mirror it; # is the most robust. 150 runs: two standard errors are .08.
    """
    memory = ho.AssociativeMemory(three)
    rates = {a: successes(memory, three, noisy, a) for a in (0.1, 0.2, 0.3, 0.4, 0.5, 0.7)}
    assert (rates[0.1][0] == 1).all()
    assert (rates[0.2][0] > 0.95).all()
    assert ((rates[0.3][0] > 0.80) & (rates[0.3][0] <= 1)).all()
    assert ((rates[0.4][0] > 0.5) & (rates[0.4][0] < 0.86)).all()
    assert (rates[0.5][0] < 0.1).all()
    assert rates[0.3][0].argmax() == 2
    np.testing.assert_allclose(rates[0.7][1], rates[0.3][0], atol=0.12)
    assert (rates[0.7][0] == 0).all()


def test_a_2_anti_memories(three, noisy):
    """From noisy negatives the negatives are recalled as often, and never the patterns."""
    memory = ho.AssociativeMemory(three)
    upright = successes(memory, three, noisy, 0.3, seed=10)
    inverted = successes(memory, -three, noisy, 0.3, seed=20)
    np.testing.assert_allclose(inverted[1], upright[0], atol=0.12)
    assert (inverted[0] == 0).all()


def test_a_3_spurious_states(three):
    """Random starts with H, X, #: 79 % memories, 16 % at E = -56.98, 5 % at -52.50.

    The lower ones are the picture of the lecture, M = (.76 .68 .36).
    """
    memory = ho.AssociativeMemory(three)
    starts = np.random.default_rng(0).choice([-1, 1], (1000, 100))
    recall = memory.recall(starts, seed=0)
    kinds = np.array([label.split()[0].removeprefix("anti-") for label in recall.label])
    assert np.mean(kinds == "memory") == pytest.approx(0.79, abs=0.05)
    energies = np.round(recall.energy, 2)
    assert np.mean(energies == -56.98) == pytest.approx(0.16, abs=0.05)
    assert np.mean(energies == -52.50) == pytest.approx(0.05, abs=0.03)
    lower = recall.overlaps[energies == -56.98]
    np.testing.assert_allclose(
        np.abs(lower), np.tile([0.76, 0.68, 0.36], (len(lower), 1)), atol=1e-9
    )
    assert set(kinds) <= {"memory", "mixture", "spurious"}


def test_a_5_stripes_look_alike_by_energy(noisy):
    """Two orthogonal sets of stripes: E = -49 at both ends; energies cannot tell them apart."""
    stripes = np.where(np.arange(10) // 5 == 0, 1, -1)
    two = np.array([np.tile(stripes, (10, 1)).ravel(), np.tile(stripes, (10, 1)).T.ravel()])
    assert overlaps(two[0], two[1]) == 0
    memory = ho.AssociativeMemory(two)
    np.testing.assert_allclose(memory.hamiltonian.energy(two), -49.0)
    for k in range(2):
        cues = noisy(np.repeat(two[k : k + 1], 100, axis=0), 0.2, seed=k)
        recall = memory.recall(cues, seed=0)
        assert recall.label == [f"memory {k}"] * 100
        np.testing.assert_allclose(recall.energy, -49.0)


def test_a_6_ten_more_memories_at_a_time(random_patterns, noisy):
    """N = 100: exactly stable .96 (10) .39 (20) .05 (30), mean M from 10 % noise .993 .78 .52."""
    expected = {10: (0.96, 0.993), 20: (0.39, 0.78), 30: (0.05, 0.52), 50: (0.0, 0.39)}
    for count, (stable, overlap) in expected.items():
        fixed, scores = [], []
        for seed in range(12):
            patterns = random_patterns(count, 100, seed=100 * count + seed)
            memory = ho.AssociativeMemory(patterns)
            field = memory.hamiltonian.local_field(patterns)
            fixed.append((patterns * field >= 0).all(axis=1))
            cues = noisy(patterns, 0.1, seed=seed)
            states = memory.recall(cues, seed=seed).state.astype(float)
            scores.append((states * patterns).mean(axis=1))
        assert np.mean(np.concatenate(fixed)) == pytest.approx(stable, abs=0.07)
        assert np.mean(np.concatenate(scores)) == pytest.approx(overlap, abs=0.07)
