"""Dense memories: energies and flips by definition, descent, records, and Hebb as a case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import hopfield_opt as ho
from hopfield_opt import rng
from hopfield_opt.dynamics import Asynchronous, Synchronous
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import EnergyFunction
from hopfield_opt.memory import DenseEnergy, dense_walk

KINDS = [
    ("polynomial", {"degree": 1}),
    ("polynomial", {"degree": 2}),
    ("polynomial", {"degree": 3}),
    ("rectified", {"degree": 2}),
    ("rectified", {"degree": 5}),
    ("exponential", {"beta": 0.1}),
    ("exponential", {"beta": 10.0}),
]


def random_patterns(count, size, seed=0):
    """Return random patterns of -1 and +1."""
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, size))


def noisy(patterns, flips, seed=1):
    """Return the patterns with so many units flipped in each."""
    g = np.random.default_rng(seed)
    cues = patterns.copy()
    for cue in cues:
        cue[g.choice(len(cue), flips, replace=False)] *= -1
    return cues


def by_definition(patterns, state, interaction, degree=3, beta=1.0):
    """Return -sum F(xi . s), or the log-sum-exp, term by term."""
    overlaps = [int(x) for x in patterns.astype(int) @ state.astype(int)]
    if interaction == "exponential":
        top = max(overlaps)
        return -top - np.log(sum(np.exp(beta * (x - top)) for x in overlaps)) / beta
    if interaction == "rectified":
        overlaps = [max(x, 0) for x in overlaps]
    return -float(sum(x**degree for x in overlaps))


@pytest.mark.parametrize(("interaction", "options"), KINDS)
@given(
    state=arrays(np.int8, 9, elements=st.sampled_from([-1, 1])),
    patterns=arrays(np.int8, (4, 9), elements=st.sampled_from([-1, 1])),
)
@settings(max_examples=20)
def test_energy_and_flips_by_definition(interaction, options, state, patterns):
    """E is minus the sum of F, and a flip changes it by the difference, for any state."""
    energy = DenseEnergy(patterns, interaction, **options)
    assert isinstance(energy, EnergyFunction)
    assert energy.energy(state) == pytest.approx(
        by_definition(patterns, state, interaction, **options)
    )
    flips = energy.flip_energy(state)
    for k in range(9):
        other = state.copy()
        other[k] *= -1
        change = energy.energy(other) - energy.energy(state)
        assert flips[k] == pytest.approx(change, abs=1e-9)
    both = np.array([state, -state])
    np.testing.assert_array_equal(energy.energy(both)[0], energy.energy(state))
    # products of other shapes may add up in another order
    np.testing.assert_allclose(energy.flip_energy(both)[0], flips, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("interaction", "options"), KINDS)
def test_recall_falls_to_a_fixed_point(interaction, options):
    """Every flip lowers the energy, the end is a fixed point, and the records say so."""
    patterns = random_patterns(12, 60)
    memory = ho.DenseAssociativeMemory(patterns, interaction, **options)
    cues = random_patterns(9, 60, seed=2)
    names = ("energy", "overlap", "states")
    for every in ("sweep", "flip", 2):
        recall = memory.recall(cues, seed=3, record=names, every=every)
        trace, energy = recall.trace, memory.hamiltonian
        states = trace.states.reshape(-1, 60)
        np.testing.assert_allclose(trace.energy, energy.energy(states).reshape(-1, 9), rtol=1e-12)
        np.testing.assert_allclose(trace.overlap, trace.states @ (patterns.T / 60), atol=1e-12)
        np.testing.assert_array_equal(trace.states[0], cues)
        np.testing.assert_array_equal(trace.states[-1], recall.state)
        assert (np.diff(trace.energy, axis=0) <= 0).all()
        slack = 1e-12 * np.abs(recall.energy).max()
        assert (energy.flip_energy(recall.state) >= -slack).all()
        np.testing.assert_allclose(recall.energy, energy.energy(recall.state))
        assert "not converged" not in recall.label
        if every == "flip":
            assert (np.abs(np.diff(trace.states.astype(int), axis=0)).sum(axis=2) <= 2).all()


@pytest.mark.parametrize("order", ["random", "sequential"])
def test_degree_two_is_hebb(order):
    """With F(x) = x^2 every flip is that of Hebb's rule without its diagonal, bit for bit."""
    patterns, cues = random_patterns(9, 101), random_patterns(20, 101, seed=4)
    runs = [
        memory.recall(cues, Asynchronous(order), 5, "states", "flip")
        for memory in (
            ho.AssociativeMemory(patterns),
            ho.DenseAssociativeMemory(patterns, degree=2),
        )
    ]
    np.testing.assert_array_equal(runs[0].trace.states, runs[1].trace.states)
    sweeps = [np.floor(run.trace.sweeps) for run in runs]
    np.testing.assert_array_equal(*sweeps)
    assert runs[0].label == runs[1].label
    np.testing.assert_allclose(runs[1].energy, 2 * 101 * runs[0].energy - 9 * 101, rtol=1e-12)


def test_shapes_store_and_forget():
    """Images, single cues, storing and forgetting are those of the pairwise memory."""
    images = random_patterns(20, 49).reshape(20, 7, 7)
    memory = ho.DenseAssociativeMemory(images[:18] > 0, "exponential", beta=2.0)
    assert memory.store(images[18:]) is memory
    recall = memory.recall(images[19], seed=0, record="energy")
    assert (recall.label, recall.state.shape, recall.score) == ("memory 19", (7, 7), 1.0)
    assert recall.trace.energy.ndim == 1
    assert memory.forget(0).forget(images[5]).recall(images[19], seed=0).label == "memory 17"
    assert memory.recall(images, seed=0).label[6] == "memory 4"
    with pytest.raises(InputError, match="one that is stored"):
        memory.forget(images[5])


def test_rectified_and_odd_interactions_know_the_sign():
    """The negative of a pattern is as deep for even degrees, and no memory for the others."""
    patterns = random_patterns(4, 60, seed=6)
    deep = {}
    for interaction, degree in (("polynomial", 4), ("polynomial", 3), ("rectified", 4)):
        energy = DenseEnergy(patterns, interaction, degree)
        deep[interaction, degree] = energy.energy(-patterns[0]) / energy.energy(patterns[0])
    assert deep["polynomial", 4] == 1.0
    assert deep["polynomial", 3] == -1.0
    assert 0 <= deep["rectified", 4] < 0.1


@pytest.mark.parametrize("beta", [10.0, 350.0])
def test_exponential_does_not_overflow(beta):
    """exp(10 x 100) is no float; the log-sum-exp is, and so are the changes by flips."""
    patterns = random_patterns(50, 100, seed=7)
    energy = DenseEnergy(patterns, "exponential", beta=beta)
    assert energy.energy(patterns[0]) == pytest.approx(-100.0)
    assert energy.flip_energy(patterns[0]) == pytest.approx(2.0)
    memory = ho.DenseAssociativeMemory(patterns, "exponential", beta=beta)
    recall = memory.recall(noisy(patterns, 25), seed=0)
    assert recall.label == [f"memory {k}" for k in range(50)]


@pytest.mark.parametrize("beta", [0.01, 0.3, 5.0])
@pytest.mark.parametrize("order", [dense_walk.RANDOM, dense_walk.SEQUENTIAL])
def test_terms_that_are_left_out_do_not_matter(beta, order):
    """A sweep that looks at the largest overlaps makes the flips of one that looks at all."""
    patterns = random_patterns(40, 3000, seed=3)
    energy = DenseEnergy(patterns, "exponential", beta=beta)
    start, ends = random_patterns(1, 3000, seed=4)[0], []
    for reach in (energy.reach, 10**6):
        state, overlap = start.copy(), patterns.astype(np.int64) @ start
        sites, gains, words = np.zeros(3000, np.int64), np.zeros(3000), rng.stream(5, words=4)
        table, units = dense_walk.table_of(energy), np.ascontiguousarray(patterns.T)
        flips = dense_walk.sweep(units, table, reach, state, overlap, words, order, sites, gains)
        assert flips > 2 * dense_walk.FLIPS_BETWEEN_LOOKS
        assert np.array_equal(overlap, patterns.astype(np.int64) @ state)
        ends.append((state, sites[:flips], gains[:flips]))
    assert np.array_equal(ends[0][0], ends[1][0])
    assert np.array_equal(ends[0][1], ends[1][1])
    assert np.allclose(ends[0][2], ends[1][2], rtol=1e-9, atol=1e-12)


def test_a_batch_goes_as_each_cue_alone_would():
    """With many patterns, too: kept overlaps are those of the states, label and score agree."""
    patterns = random_patterns(700, 130, seed=6)
    memory = ho.DenseAssociativeMemory(patterns, interaction="exponential", beta=0.5)
    recall = memory.recall(noisy(patterns[:9], 20), seed=0)
    assert recall.label == [f"memory {k}" for k in range(9)]
    assert np.array_equal(recall.state, patterns[:9])
    assert (recall.score == 1).all()


def test_budget():
    """A recall that is cut short has not converged."""
    memory = ho.DenseAssociativeMemory(random_patterns(3, 80))
    cue = random_patterns(1, 80, seed=8)[0]
    assert memory.recall(cue, sweeps=0, seed=0).label == "not converged"
    assert memory.recall(cue, sweeps=0, seed=0).sweeps == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        ({"interaction": "cubic"}, "interaction must be one of"),
        ({"degree": 0}, "degree must be at least 1"),
        ({"degree": 400}, "degree must be at most"),
        ({"beta": 0.0}, "beta must be above 0"),
        ({"beta": 1e9}, "at most 350"),
        ({"patterns": []}, "at least one pattern"),
    ],
)
def test_memories_that_cannot_be(make, message):
    """Interactions, degrees and temperatures out of range are named."""
    with pytest.raises(InputError, match=message):
        ho.DenseAssociativeMemory(**{"patterns": random_patterns(2, 10), **make})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cues": [1, 1]}, "cue must have 10 values"),
        ({"dynamics": Synchronous()}, "dynamics must be Asynchronous"),
        ({"dynamics": Asynchronous("steepest")}, "order must be one of random, sequential"),
        ({"record": "temperature"}, "record must be one of"),
        ({"every": "flips"}, "Did you mean 'flip'"),
        ({"every": 0}, "every"),
        ({"sweeps": -1}, "sweeps"),
    ],
)
def test_recalls_that_cannot_be(change, message):
    """Every argument that cannot be used is named."""
    memory = ho.DenseAssociativeMemory(random_patterns(2, 10))
    with pytest.raises(InputError, match=message):
        memory.recall(**{"cues": np.ones(10), **change})
