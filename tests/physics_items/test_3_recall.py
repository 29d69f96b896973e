"""Section 3, the dynamics of recall: cycles, mixtures of cues, traces."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import Asynchronous, Synchronous


def test_3_4_the_hallucination_is_a_two_cycle(lattice):
    """Between H and X all units at once go to and fro at 28 sites for ever, E = -50.84.

    The lecture calls it a spurious attractor (Fig. 8B); one unit at a time reaches a memory.
    """
    two = np.array([lattice["H"], lattice["X"]])
    differ = np.flatnonzero(two[0] != two[1])
    start = two[0].copy()
    start[differ[::2]] *= -1  # as near to H as to X
    memory = ho.AssociativeMemory(two)
    end = memory.recall(start, Synchronous(), record=("energy", "states"), seed=0)
    assert end.label == "2-cycle"
    states = end.trace.states
    np.testing.assert_array_equal(np.flatnonzero(states[-1] != states[-2]), differ)
    assert len(differ) == 28
    np.testing.assert_array_equal(states[-1], states[-3])
    np.testing.assert_allclose(end.trace.energy, -50.84, atol=1e-9)
    np.testing.assert_allclose(end.overlaps, 0.72, atol=1e-9)
    names = {memory.recall(start, seed=seed).label for seed in range(12)}
    assert names == {"memory 0", "memory 1"}


def test_3_4_only_memories_with_two_letters(lattice):
    """From 600 random starts one unit at a time reaches nothing but +-H and +-X."""
    memory = ho.AssociativeMemory(np.array([lattice["H"], lattice["X"]]))
    starts = np.random.default_rng(0).choice([-1, 1], (600, 100))
    found = set(memory.recall(starts, seed=0).label)
    assert found == {"memory 0", "memory 1", "anti-memory 0", "anti-memory 1"}


def test_3_6_tolerance_is_a_hamming_fraction(random_patterns, noisy):
    """A fixed point at a Hamming distance of 4 of 200 is the memory from a tolerance of .02 on."""
    patterns = random_patterns(3, 200)
    near = noisy(patterns[:1], 0.02)[0]
    memory = ho.AssociativeMemory(patterns, thresholds=-2.0 * near)
    labels = [memory.recall(near, tolerance=t, seed=0).label for t in (0.0, 0.019, 0.02)]
    assert labels == ["spurious", "spurious", "memory 0"]


def test_3_10_the_dominant_memory_wins(random_patterns):
    """The cue takes 60 % of its units from one memory, 40 % from another: the first is recalled.

    A linear map gives the mixture back; the network decides, in at least 99 % of the cases.
    """
    g = np.random.default_rng(5)
    right = runs = 0
    for seed in range(10):
        patterns = random_patterns(5, 1000, seed=seed)
        first = g.random((20, 1000)) < 0.6
        cues = np.where(first, patterns[0], patterns[1])
        labels = ho.AssociativeMemory(patterns).recall(cues, seed=seed).label
        right += labels.count("memory 0")
        runs += len(labels)
    assert right / runs >= 0.99


@pytest.mark.parametrize("every", ["sweep", "flip"])
def test_3_11_overlaps_and_energies_over_time(lattice, noisy, every):
    """From t = 0 on: the overlap of the cue first, +1 or -1 at last, energies never rising."""
    two = np.array([lattice["H"], lattice["X"]])
    memory = ho.AssociativeMemory(two)
    cues = noisy(np.concatenate([two, -two]), 0.2, seed=6)
    names = ("energy", "overlap")
    end = memory.recall(cues, Asynchronous(), 1, names, every)
    assert end.label == ["memory 0", "memory 1", "anti-memory 0", "anti-memory 1"]
    own = end.trace.overlap[:, np.arange(4), [0, 1, 0, 1]]
    np.testing.assert_allclose(own[0], [0.6, 0.6, -0.6, -0.6], atol=1e-12)
    np.testing.assert_allclose(own[-1], [1, 1, -1, -1], atol=1e-12)
    assert (np.diff(end.trace.energy, axis=0) <= 1e-12).all()
