"""Cues with unknown pixels, and recall at a temperature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.memory import DenseEnergy

MEMORIES = {
    "hebb": lambda p: ho.AssociativeMemory(p),
    "diagonal": lambda p: ho.AssociativeMemory(p, diagonal=True, thresholds=0.01),
    "rectified": lambda p: ho.DenseAssociativeMemory(p, "rectified", 3),
    "exponential": lambda p: ho.DenseAssociativeMemory(p, "exponential", beta=2.0),
}


@pytest.mark.parametrize("kind", MEMORIES)
def test_what_is_unknown_does_not_count(kind):
    """Whatever a cue says where it is unknown, the recall is the same."""
    random = np.random.default_rng(0)
    patterns = random.choice([-1, 1], (3, 60))
    known = random.random((3, 60)) < 0.5
    memory = MEMORIES[kind](patterns)
    other = np.where(known, patterns, -patterns)
    one, two = (memory.recall(cues, seed=1, known=known) for cues in (patterns, other))
    assert (one.state == two.state).all()
    assert (one.cue == np.where(known, patterns, 0)).all()
    assert one.label == ["memory 0", "memory 1", "memory 2"]
    assert one.score.tolist() == [1.0, 1.0, 1.0]


@given(st.integers(0, 10**6), st.sampled_from(["hebb", "diagonal"]))
def test_a_unit_begins_where_the_known_ones_pull_it(seed, kind):
    """The start is the sign of the field of what is known, and a coin where there is none."""
    random = np.random.default_rng(seed)
    patterns = random.choice([-1, 1], (2, 9))
    known = random.random(9) < 0.6
    known[0] = True
    memory = MEMORIES[kind](patterns)
    trace = memory.recall(patterns[0], seed=seed, known=known, record="states").trace
    given_spins = np.where(known, patterns[0], 0)
    weights = patterns.T @ patterns / 9
    if kind == "hebb":
        np.fill_diagonal(weights, 0)
    field = weights @ given_spins - (0.01 if kind == "diagonal" else 0.0)
    sure = ~known & (np.abs(field) > 1e-9)
    start = trace.states[0]
    assert (start[known] == patterns[0][known]).all()
    assert (start[sure] == np.sign(field[sure])).all()


@given(st.integers(0, 10**6))
def test_the_pull_of_a_dense_energy_is_half_the_flip(seed):
    """With all but one unit known the pull on it is the energy that a flip of it takes or gives."""
    random = np.random.default_rng(seed)
    patterns, state = random.choice([-1, 1], (4, 7)), random.choice([-1, 1], 7)
    for kind, degree in (("polynomial", 3), ("rectified", 2)):
        energy = DenseEnergy(patterns, kind, degree)
        rest = state.copy()
        rest[2] = 0
        pull = energy.pull(rest[None])[0, 2]
        assert pull * state[2] == pytest.approx(energy.flip_energy(state)[2])


def test_everything_known_is_as_without_a_mask():
    """A mask that hides nothing changes nothing."""
    letters = ho.data.letters("ABC")
    memory = ho.AssociativeMemory(letters)
    cues = letters.copy()
    cues[:, 6:] = -1
    plain = memory.recall(cues, seed=3)
    masked = memory.recall(cues, seed=3, known=np.ones((8, 8), dtype=bool))
    assert (plain.state == masked.state).all()


@pytest.mark.parametrize("kind", ["hebb", "rectified"])
def test_masks_are_checked(kind):
    """A mask is of truth values, fits the cues, and leaves something of each."""
    letters = ho.data.letters("AB")
    memory = MEMORIES[kind](letters)
    with pytest.raises(InputError, match=r"known must be truth values of shape \(2, 8, 8\)"):
        memory.recall(letters, known=np.ones((2, 8)) > 0)
    with pytest.raises(InputError, match="known must be truth values"):
        memory.recall(letters, known=np.ones((8, 8)))
    with pytest.raises(InputError, match="known must be True somewhere"):
        memory.recall(letters, known=np.zeros((8, 8), dtype=bool))


def test_warm_recall_ends_in_an_attractor():
    """Overlaps at a temperature are below those at 0 and recorded; the end is at rest."""
    letters = ho.data.letters("HX#", size=10)
    memory = ho.AssociativeMemory(letters, names="HX#")
    cues = np.repeat(letters[:1], 20, axis=0)
    cold = memory.recall(cues, seed=0, record="overlap")
    warm = memory.recall(cues, seed=0, temperature=0.25, record="overlap")
    hot = memory.recall(cues, seed=0, temperature=5.0, sweeps=20)
    assert cold.label == warm.label == ["H"] * 20
    late = warm.trace.overlap[50:, :, 0].mean()
    assert 0.8 < late < 0.999
    assert len(warm.trace.sweeps) == 101
    assert hot.label.count("H") < 12
    assert "not converged" not in hot.label
    again = memory.recall(cues, seed=0, temperature=5.0, sweeps=20)
    assert (again.state == hot.state).all()
    with pytest.raises(InputError, match="temperature must be positive"):
        memory.recall(cues, temperature=-1.0)
