"""Stability and capacity: items 4.2 to 4.9."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.dynamics.heat_bath import HeatBath
from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.memory.attractors import census
from hopfield_opt.memory.experiments import basin_curve, capacity_curve
from hopfield_opt.physics import retrieval
from hopfield_opt.physics.crosstalk import crosstalk, error_probability, load_of_error
from hopfield_opt.physics.enumeration import states_of


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


def near(found, expected, error, slack=0.0):
    """Whether a frequency lies within three standard errors of the one expected."""
    return abs(found - expected) <= 3 * error + slack


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(2, 40))
def test_4_2_field_at_a_pattern_is_the_pattern_and_crosstalk(seed, num_patterns, size):
    """W xi + kappa: with the diagonal exactly, without it P / N times xi less (Eqs. 21, 22)."""
    patterns = spins(seed, num_patterns, size)
    kept, taken = crosstalk(patterns, diagonal=True), crosstalk(patterns)
    np.testing.assert_allclose(
        patterns @ hebb(patterns, diagonal=True), patterns + kept, atol=1e-12
    )
    np.testing.assert_allclose(
        patterns @ hebb(patterns), (1 - 1 / size) * patterns + taken, atol=1e-12
    )


def test_4_2_orthogonal_patterns_have_no_crosstalk():
    """Rows of a Hadamard matrix: kappa = 0 and h = xi (1 - P / N)."""
    plus_minus = np.array([[1, 1], [1, -1]])
    patterns = np.kron(np.kron(plus_minus, plus_minus), np.kron(plus_minus, plus_minus))[:5]
    assert not crosstalk(patterns, diagonal=True).any()
    np.testing.assert_allclose(patterns @ hebb(patterns), patterns * (1 - 5 / 16), atol=1e-15)


def test_4_2_variance_of_crosstalk():
    """C = -xi kappa has the mean 0 and the variance (P - 1) / N, not its square (slides)."""
    c = np.concatenate([-p * crosstalk(p) for p in (spins(k, 100, 1000) for k in range(6))])
    assert c.var() == pytest.approx(99 / 1000, rel=0.02)
    assert abs(c.mean()) < 0.002
    # the slides' "noise of order p / N" would be three times smaller than the width found
    assert c.std() == pytest.approx(np.sqrt(0.1), rel=0.02)
    # what the textbooks' sum over all j hides: self-couplings hold the sites
    held = -spins(0, 100, 1000) * crosstalk(spins(0, 100, 1000), diagonal=True)
    assert held.mean() == pytest.approx(-0.099, abs=0.004)


def test_4_3_table_of_error_probabilities():
    """Eq. 23 and its inverse; at 0.15 N it is 0.49 per cent, and 1 per cent at 0.185 N."""
    loads = np.array([0.1047, 0.1385, 0.1848, 0.3696, 0.6089])
    np.testing.assert_allclose(
        error_probability(loads), [0.001, 0.0036, 0.01, 0.05, 0.1], rtol=0.01
    )
    np.testing.assert_allclose(load_of_error(error_probability(loads)), loads, rtol=1e-9)
    assert float(error_probability(0.15)) == pytest.approx(0.0049, abs=5e-5)
    assert float(error_probability(0.0)) == 0.0


@pytest.mark.parametrize("load", [0.1847, 0.3696])
def test_4_3_unstable_sites_of_random_patterns(load):
    """The fraction of sites that flip in the first step is P_err within 3 sigma."""
    size = 2000
    count = round(load * size)
    wrong = np.concatenate(
        [
            (-p * crosstalk(p) > 1).mean(axis=1)
            for p in (spins(seed, count, size) for seed in range(3))
        ]
    )
    expected = float(error_probability((count - 1) / size))
    # sites of one network are correlated: twice the independent error, see the spread
    error = max(wrong.std() / np.sqrt(len(wrong)), np.sqrt(expected / (len(wrong) * size)))
    assert near(wrong.mean(), expected, 2 * error)
    assert not near(wrong.mean(), float(error_probability(load * 1.1)), 2 * error)


def final_overlap(size, load, networks, seed=0):
    """Return the mean overlap after descents from exact patterns."""
    found = []
    for k in range(networks):
        patterns = spins([seed, k], round(load * size), size)
        starts = patterns[:8]
        end = ho.run(ho.Hamiltonian(hebb(patterns)), Asynchronous(), starts, seed=k, progress=False)
        found.append((end.states * starts).mean(axis=1).mean())
    return np.array(found)


def test_4_4_capacity_of_the_theory():
    """m(alpha) at T = 0 and its end at alpha = 0.1379, m = 0.967."""
    loads = [0.05, 0.08, 0.10, 0.12, 0.13, 0.135, 0.1379]
    expected = [0.99999, 0.99956, 0.99800, 0.99322, 0.98721, 0.98079, 0.9681]
    found = [retrieval.retrieval_overlap(load) for load in loads]
    np.testing.assert_allclose(found, expected, atol=1.1e-5)
    assert retrieval.retrieval_overlap(retrieval.CAPACITY - 1e-9) == pytest.approx(
        0.96742, abs=3e-4
    )
    assert retrieval.retrieval_overlap(retrieval.CAPACITY + 1e-6) == 0
    assert retrieval.retrieval_overlap(0) == 1


@pytest.mark.parametrize(("load", "expected"), [(0.05, 0.99999), (0.10, 0.998)])
def test_4_4_simulated_overlap_below_capacity(load, expected):
    """Descents of 1000 spins from a pattern end where the theory says."""
    found = final_overlap(1000, load, 4)
    assert near(found.mean(), expected, found.std() / 2, slack=0.002)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("load", "expected", "slack"),
    [
        (0.10, 0.9985, 0.001),
        (0.12, 0.995, 0.003),
        (0.138, 0.9847, 0.02),
        (0.145, 0.905, 0.07),
        (0.16, 0.61, 0.1),
        (0.20, 0.33, 0.06),
    ],
)
def test_4_4_avalanche_above_capacity(load, expected, slack):
    """Descents of 2000 spins from a pattern: m falls from 0.98 to 0.3 between 0.138 and 0.2."""
    found = final_overlap(2000, load, 6)
    assert near(found.mean(), expected, found.std() / np.sqrt(6), slack)


def test_4_5_capacity_curve_of_the_slides():
    """N = 100, 30 per cent flipped, 500 runs a point: the curve of the slides within 0.04."""
    counts = [2, 3, 5, 7, 10, 14, 20]
    curve = capacity_curve(100, counts, flipped=0.3, networks=100, cues=5, seed=0)
    assert curve.runs == 500
    expected = [1.00, 1.00, 0.95, 0.89, 0.69, 0.29, 0.03]
    np.testing.assert_allclose(curve.recalled, expected, atol=0.08)
    assert np.abs(curve.recalled - expected).mean() < 0.04
    less_noise = capacity_curve(100, [10], flipped=0.1, networks=20, cues=5, seed=0)
    assert less_noise.recalled[0] > 0.85


@pytest.mark.slow
def test_4_6_capacity_of_the_report():
    """N = 800, 20 per cent flipped: exact recall falls from 0.07 N on, m > 0.95 from 0.12 N on.

    An attractor has ``N P_err(alpha)`` wrong spins on average: 0.94 of the runs end without any
    at 0.07 N, and 0.53 at 0.10 N.
    """
    counts = [round(a * 800) for a in (0.07, 0.09, 0.10, 0.12, 0.138, 0.15)]
    exact, close = (
        capacity_curve(800, counts, flipped=0.2, tolerance=t, networks=25, cues=20, seed=0)
        for t in (0.0, 0.025)
    )
    loads = np.array([0.07, 0.10])
    expected = np.exp(-800 * error_probability(loads))
    assert (np.abs(exact.recalled[[0, 2]] - expected) < 3 * exact.error[[0, 2]] + 0.02).all()
    assert near(exact.recalled[4], 0.08, exact.error[4], slack=0.04)
    for k, found in zip(range(1, 6), [1.0, 0.97, 0.92, 0.48, 0.27], strict=True):
        assert near(close.recalled[k], found, close.error[k], slack=0.06)


def test_4_8_mixtures_of_three():
    """sign(xi1 + xi2 + xi3) overlaps 0.5 with each, has E / N near -0.375, and is stable."""
    size = 2000
    patterns = spins(4, 3, size)
    mixture = np.sign(patterns.sum(axis=0)).astype(np.int8)
    network = ho.Hamiltonian(hebb(patterns))
    np.testing.assert_allclose(patterns @ mixture / size, 0.5, atol=3 / np.sqrt(size))
    assert network.energy(mixture) / size == pytest.approx(-0.375, abs=0.02)
    assert network.energy(patterns[0]) / size == pytest.approx(-0.5, abs=0.02)
    end = ho.run(network, Asynchronous(), mixture, seed=0, progress=False)
    assert (end.states[0] == mixture).mean() > 0.99


@pytest.mark.parametrize(("temperature", "stays"), [(0.25, True), (0.6, False)])
def test_4_8_mixtures_melt_before_memories(temperature, stays):
    """A mixture of three survives well below T = 0.46 and not above; a memory survives both."""
    # all eight columns of three signs are as frequent: no pattern is nearer than another
    patterns = np.tile(states_of(np.arange(8), 3).T, (1, 125)).astype(int)
    mixture = np.sign(patterns.sum(axis=0))
    starts = np.concatenate([np.tile(mixture, (16, 1)), np.tile(patterns[0], (16, 1))])
    trace = ho.run(
        ho.Hamiltonian(hebb(patterns)),
        HeatBath(temperature),
        starts,
        300,
        record="overlap",
        every=50,
        patterns=patterns,
        seed=2,
        progress=False,
    ).trace
    end = np.abs(trace.overlap[-1])
    mixed = np.sort(end[:16], axis=1)[:, 0] > 0.25
    assert mixed.mean() > 0.9 if stays else mixed.mean() < 0.1
    assert (end[16:, 0] > 0.55).all()


@pytest.mark.parametrize(
    ("distance", "both", "fused"),
    [(50, 1.00, 0.00), (30, 0.73, 0.01), (20, 0.21, 0.10), (10, 0.02, 0.58)],
)
def test_4_9_close_pairs(distance, both, fused):
    """Hopfield's close pairs: 8 memories of 100 spins, two of them at a distance."""
    runs, stable, merged = 200, 0, 0
    for k in range(runs):
        random = np.random.default_rng([k, distance])
        patterns = random.choice(np.array([-1, 1], np.int8), (8, 100))
        patterns[7] = patterns[6]
        patterns[7, random.permutation(100)[:distance]] *= -1
        network = ho.Hamiltonian(hebb(patterns))
        field = network.local_field(patterns[6:])
        stable += bool((field * patterns[6:] >= 0).all())
        end = ho.run(network, Asynchronous(), patterns[6:], seed=k, progress=False).states
        merged += bool((end[0] == end[1]).all())
    for count, expected in ((stable, both), (merged, fused)):
        error = np.sqrt(max(expected * (1 - expected), 0.01) / runs)
        assert near(count / runs, expected, error, slack=0.04)


def test_census_counts_mirror_images_as_one():
    """Three memories and mixtures of them: each once, by frequency, with energy and overlaps."""
    patterns = spins(1, 3, 60)
    network = ho.Hamiltonian(hebb(patterns))
    found = census(network, patterns, runs=400, seed=0)
    assert found.counts.sum() == 400
    assert (np.diff(found.counts) <= 0).all()
    turned = {tuple(row * row[0]) for row in found.states.tolist() for row in [np.array(row)]}
    assert len(turned) == len(found.states)
    assert (network.flip_energy(found.states) >= -1e-12).all()
    np.testing.assert_allclose(found.energies, network.energy(found.states))
    memories = np.abs(found.overlaps).max(axis=1) == 1
    assert memories.sum() == 3
    assert (found.spurious == ~memories).all()
    assert found.counts[memories].sum() > 200 > found.counts[found.spurious].sum() > 0


def test_tolerance_of_a_recall():
    """The tolerance is the fraction of spins that may be wrong, for patterns and negatives."""
    options = {"flipped": 0.1, "networks": 10, "cues": 10, "seed": 0}
    shares = [
        capacity_curve(200, [24], tolerance=t, **options).recalled[0] for t in (0.0, 0.01, 0.05)
    ]
    assert shares[0] < shares[1] < shares[2] < 1
    start = basin_curve([[1] * 10], [0.1, 0.9], tolerance=0.1, runs=5, seed=0)
    assert (start.recalled.tolist(), start.reversed.tolist()) == ([1, 0], [0, 1])


def test_experiments_repeat_with_their_seed():
    """The same seed gives the same curve, another one another."""
    curves = [capacity_curve(60, [8], networks=4, cues=10, seed=s).overlap[0] for s in (1, 1, 2)]
    assert curves[0] == curves[1] != curves[2]
    counts = [
        census(ho.Hamiltonian(hebb(spins(0, 3, 50))), spins(0, 3, 50), runs=50, seed=s).counts
        for s in (3, 3)
    ]
    assert counts[0].tolist() == counts[1].tolist()


def test_experiments_check_their_arguments():
    """Fractions, indices, counts and thresholds are checked."""
    with pytest.raises(InputError, match="flipped must be from 0 to 1"):
        capacity_curve(10, [1], flipped=1.5, seed=0)
    with pytest.raises(InputError, match="num_patterns must be at least 1"):
        capacity_curve(10, [0], seed=0)
    with pytest.raises(InputError, match="index must be 0 to 0"):
        basin_curve([[1, -1]], [0.0], index=1)
    with pytest.raises(InputError, match="thresholds must be 0"):
        census(ho.Hamiltonian([[0, 1], [1, 0]], [1, 0]), [[1, 1]])
    with pytest.raises(InputError, match="temperature must be at least"):
        retrieval.retrieval_state(0.1, 0.0)
    for function in (retrieval.glass_temperature, error_probability):
        with pytest.raises(InputError, match="load must not be negative"):
            function(-0.1)
    with pytest.raises(InputError, match="probability must be between"):
        load_of_error(0.5)
