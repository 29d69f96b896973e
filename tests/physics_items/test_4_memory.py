"""Section 4, what the rules and interactions change: fields, pictures much alike, negatives."""

import numpy as np

import hopfield_opt as ho


def test_4_1_one_memory_and_a_field(random_patterns):
    """With W_ii = P/N a uniform field -1 <= H < 1 keeps the memory; with W_ii = 0 |H| < 1 - 1/N."""
    pattern = random_patterns(1, 100)
    fields = np.arange(-1.2, 1.2001, 0.01)
    for diagonal, limit in ((True, 1.0), (False, 0.99)):
        kept = []
        for field in fields:
            memory = ho.AssociativeMemory(pattern, thresholds=-field, diagonal=diagonal)
            local = memory.network.local_field(pattern[0])
            kept.append((pattern[0] * local > 1e-9).all())
        inside = np.abs(fields) < limit - 1e-6
        np.testing.assert_array_equal(kept, inside)


def test_4_10_images_that_are_much_alike():
    """Mostly white pictures: Hebb leads all cues to one spurious state, the others recall."""
    g = np.random.default_rng(9)
    images = np.where(g.random((8, 128, 128)) < 0.03, 1, -1)
    hebb = ho.AssociativeMemory(images).recall(images, seed=0)
    assert not any(label.startswith("memory") for label in hebb.label)
    assert (hebb.state == hebb.state[0]).all()
    for memory in (
        ho.AssociativeMemory(images, "pseudo-inverse"),
        ho.DenseAssociativeMemory(images, "exponential", beta=1.0),
    ):
        assert memory.recall(images, seed=0).label == [f"memory {k}" for k in range(8)]


def test_4_11_black_is_white(random_patterns):
    """The square cannot tell a picture from its negative; an odd or rectified F can."""
    patterns = random_patterns(5, 100, seed=10)
    square = ho.DenseAssociativeMemory(patterns, degree=2)
    assert square.recall(-patterns, seed=0).label == [f"anti-memory {k}" for k in range(5)]
    for interaction, degree in (("polynomial", 3), ("rectified", 4)):
        memory = ho.DenseAssociativeMemory(patterns, interaction, degree)
        ends = memory.recall(-patterns, seed=0).label
        assert not any(label.startswith("anti-memory") for label in ends)
