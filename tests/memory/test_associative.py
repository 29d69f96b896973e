"""The pairwise memory: store, forget, recall, and honest labels."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics import Asynchronous, Glauber, Synchronous
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.memory import noise

RULES = ("hebb", "pseudo-inverse", "storkey")


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


@pytest.mark.parametrize("rule", RULES)
def test_recall_of_a_batch(rule):
    """Noisy patterns and their negatives are recalled, with energies, overlaps and scores."""
    patterns = random_patterns(5, 200)
    memory = ho.AssociativeMemory(patterns, rule)
    cues = noisy(np.concatenate([patterns, -patterns]), 30)
    recall = memory.recall(cues, seed=0)
    expected = [f"{sign}memory {k}" for sign in ("", "anti-") for k in range(5)]
    assert recall.label == expected
    np.testing.assert_array_equal(recall.state, np.concatenate([patterns, -patterns]))
    np.testing.assert_allclose(recall.energy, memory.hamiltonian.energy(recall.state))
    np.testing.assert_allclose(recall.overlaps, recall.state @ (patterns.T / 200), atol=1e-12)
    assert (recall.score[:5] == 1).all()
    assert "10 cues: memory 0, memory 1" in repr(recall)


def test_one_cue_has_no_extra_axis():
    """For one cue everything loses the axis of cues: state, label, energy, score, trace."""
    patterns = random_patterns(3, 60)
    memory = ho.AssociativeMemory(patterns)
    cue = noisy(patterns, 9)[1]
    for every in ("sweep", "flip"):
        recall = memory.recall(cue, record=("energy", "overlap", "states"), every=every, seed=2)
        assert recall.label == "memory 1"
        assert recall.state.shape == (60,)
        assert recall.overlaps.shape == (3,)
        assert isinstance(recall.energy, float)
        assert recall.score == 1.0
        trace = recall.trace
        moments = len(trace.sweeps)
        assert trace.sweeps.shape == trace.energy.shape == (moments,)
        assert trace.overlap.shape == (moments, 3)
        assert trace.states.shape == (moments, 60)
        np.testing.assert_array_equal(trace.states[0], cue)
        np.testing.assert_allclose(trace.energy, memory.hamiltonian.energy(trace.states))
        np.testing.assert_allclose(trace.overlap, trace.states @ (patterns.T / 60), atol=1e-12)
        assert (np.diff(trace.energy) <= 1e-12).all()


def test_images_keep_their_shape():
    """Images in any coding go in, images of -1 and +1 come out; vectors stay vectors."""
    spins = random_patterns(3, 48)
    images = spins.reshape(3, 6, 8)
    memory = ho.AssociativeMemory(images > 0)
    one = memory.recall((images[2] + 1) // 2, seed=0)
    assert one.label == "memory 2"
    np.testing.assert_array_equal(one.state, images[2])
    assert memory.recall(images, seed=0).state.shape == (3, 6, 8)
    assert memory.recall(spins[0], seed=0).state.shape == (48,)
    assert memory.recall(spins, seed=0).state.shape == (3, 48)


@pytest.mark.parametrize("size", [80, 2200])
@pytest.mark.parametrize("rule", RULES[:2])
def test_store_and_forget(size, rule):
    """What is stored later is as if stored at once; what is forgotten is as if never stored."""
    patterns = random_patterns(6, size, seed=3)
    memory = ho.AssociativeMemory(patterns[:2], rule)
    assert memory.store(patterns[2]).store(patterns[3:]) is memory
    state = random_patterns(4, size, seed=4)
    whole = ho.AssociativeMemory(patterns, rule).hamiltonian
    np.testing.assert_allclose(memory.hamiltonian.energy(state), whole.energy(state), atol=1e-9)
    memory.forget(1).forget(patterns[4])
    rest = ho.AssociativeMemory(patterns[[0, 2, 3, 5]], rule)
    np.testing.assert_allclose(
        memory.hamiltonian.energy(state), rest.hamiltonian.energy(state), atol=1e-9
    )
    assert memory.recall(patterns[5], seed=0).label == "memory 3"
    assert len(memory.patterns) == 4


@pytest.mark.parametrize("diagonal", [False, True])
def test_recall_knows_what_was_stored_since_the_last(diagonal):
    """A recall does not run in the network of an earlier one."""
    patterns = random_patterns(2, 60, seed=8)
    memory = ho.AssociativeMemory(patterns[:1], diagonal=diagonal)
    cue = noisy(patterns[1:], 6)[0]
    memory.recall(cue, seed=0)
    assert memory.store(patterns[1]).recall(cue, seed=0).label == "memory 1"
    assert memory.forget(0).recall(cue, seed=0).label == "memory 0"


def test_score_is_that_of_the_memory_that_was_meant():
    """A cue that is led to another memory scores its overlap with the one it came from."""
    patterns = np.array([[1] * 8, [1, 1, 1, 1, 1, -1, -1, -1]])
    memory = ho.AssociativeMemory(patterns, thresholds=-9.0)
    recall = memory.recall(patterns[1], seed=0)
    assert (recall.label, recall.score) == ("memory 0", 0.25)


def test_storkey_stores_in_order():
    """The incremental rule goes on from the weights that there are."""
    patterns = random_patterns(6, 50, seed=5)
    memory = ho.AssociativeMemory(patterns[:4], "storkey").store(patterns[4:])
    whole = ho.AssociativeMemory(patterns, "storkey")
    assert np.array_equal(memory.hamiltonian.weights, whole.hamiltonian.weights)
    memory.forget(0)
    rest = ho.AssociativeMemory(patterns[1:], "storkey")
    assert np.array_equal(memory.hamiltonian.weights, rest.hamiltonian.weights)


def test_a_mixture_is_called_a_mixture():
    """The sign of the sum of three patterns is stable, and no memory."""
    patterns = random_patterns(3, 301, seed=6)
    memory = ho.AssociativeMemory(patterns)
    recall = memory.recall(np.sign(patterns.sum(axis=0)), seed=0)
    assert recall.label == "mixture of 0, 1, 2"


def test_cycles_and_budgets_are_named():
    """Synchronous 2-cycles are no attractors, and a recall cut short has not converged."""
    patterns = np.array([[1, 1], [1, -1]])  # W = 0 off the diagonal
    pair = ho.AssociativeMemory([[1, 1]])
    assert pair.recall([1, -1], Synchronous(), seed=0).label == "2-cycle"
    assert ho.AssociativeMemory(patterns).recall([[1, -1]], "synchronous").label == ["memory 1"]
    patterns = random_patterns(3, 200, seed=7)
    memory = ho.AssociativeMemory(patterns)
    assert memory.recall(noisy(patterns, 60)[0], sweeps=0, seed=0).label == "not converged"
    hot = memory.recall(patterns[0], Glauber(temperature=2.0), sweeps=20, seed=0)
    assert hot.label == "not converged"
    cold = memory.recall(patterns[0], Glauber(temperature=0.05), sweeps=20, seed=0)
    assert cold.label == "memory 0"


def test_tolerance_of_labels():
    """Near the capacity ends are no exact patterns: a tolerance says how near is near enough."""
    patterns = random_patterns(60, 500, seed=8)
    memory = ho.AssociativeMemory(patterns)
    exact = memory.recall(patterns, seed=0).label
    near = memory.recall(patterns, seed=0, tolerance=0.03).label
    right = [f"memory {k}" for k in range(60)]
    assert 0 < np.sum(np.array(exact) == right) < 50
    assert np.mean(np.array(near) == right) > 0.9


def test_thresholds_break_the_symmetry():
    """A threshold against the pattern leaves only its negative."""
    pattern = random_patterns(1, 40, seed=9)
    memory = ho.AssociativeMemory(pattern, thresholds=2.0 * pattern[0])
    assert memory.recall(pattern[0], seed=0).label == "anti-memory 0"
    assert memory.hamiltonian.thresholds.tolist() == (2.0 * pattern[0]).tolist()


def test_kept_diagonal():
    """Self-couplings hold states that would move without them; the energies are the same."""
    patterns = random_patterns(30, 60, seed=10)
    bare, kept = ho.AssociativeMemory(patterns), ho.AssociativeMemory(patterns, diagonal=True)
    assert np.diag(kept.network.weights) == pytest.approx(0.5)
    cues = random_patterns(40, 60, seed=11)
    for every in ("sweep", "flip"):
        recall = kept.recall(cues, record="energy", every=every, seed=0)
        np.testing.assert_allclose(recall.energy, bare.hamiltonian.energy(recall.state))
        assert (np.diff(recall.trace.energy, axis=0) <= 1e-12).all()
        assert recall.trace.states is None
    field = kept.network.local_field(recall.state)
    assert (recall.state * field >= -1e-12).all()
    assert (recall.state * bare.network.local_field(recall.state) < 0).any()


def test_large_images_need_no_matrix(monkeypatch):
    """128 x 128 pixels are stored as factors; the matrix of 2 GiB is never made."""
    monkeypatch.setattr("hopfield_opt.arrays.MEMORY_LIMIT", 64 * 2**20)
    images = random_patterns(4, 128 * 128, seed=12).reshape(4, 128, 128)
    memory = ho.AssociativeMemory(images)
    cues = noisy(images.reshape(4, -1), 4000).reshape(images.shape)
    recall = memory.recall(cues, seed=0)
    assert recall.label == [f"memory {k}" for k in range(4)]
    np.testing.assert_array_equal(recall.state, images)
    memory.store(random_patterns(1, 128 * 128, seed=13)).forget(0)
    assert memory.recall(images[1], seed=0).label == "memory 0"


def test_the_same_seed_repeats():
    """The recall carries its seed; the same one gives the same ends in any order of updates."""
    memory = ho.AssociativeMemory(random_patterns(20, 80))
    cues = random_patterns(50, 80, seed=1)
    for order in ("random", "sequential", "steepest", "random-unit", "poisson"):
        first = memory.recall(cues, Asynchronous(order))
        again = memory.recall(cues, Asynchronous(order), seed=first.seed)
        np.testing.assert_array_equal(first.state, again.state)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cues": [1, -1]}, r"cue must have 12 values each, or images \(3, 4\), got shape \(2,\)"),
        ({"cues": np.full(12, 3)}, "cue must be all 0 and 1, or -1 and .1, got 3 at"),
        ({"dynamics": "tabuu"}, "Did you mean"),
        ({"record": "energies"}, "record"),
        ({"every": "flips"}, "flip"),
        ({"tolerance": 0.7}, "tolerance"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    """Every argument that cannot be used is named."""
    memory = ho.AssociativeMemory(random_patterns(2, 12).reshape(2, 3, 4))
    with pytest.raises(InputError, match=message):
        memory.recall(**{"cues": np.ones(12), **change})


def test_bad_patterns_and_rules():
    """Bad patterns and rules are named; too many patterns warn, or are refused."""
    with pytest.raises(InputError, match="rule must be one of hebb, pseudo-inverse, storkey"):
        ho.AssociativeMemory([[1, -1]], rule="hebbian")
    with pytest.raises(InputError, match="at least one pattern"):
        ho.AssociativeMemory([])
    with pytest.raises(InputError, match="one shape"):
        ho.AssociativeMemory([[1, 1], [1, 1, 1]])
    with pytest.warns(HopfieldWarning, match=r"0.138 N patterns, got P/N = 30/20 = 1.5"):
        ho.AssociativeMemory(random_patterns(30, 20))
    with pytest.raises(InputError, match="span less"):
        ho.AssociativeMemory(random_patterns(30, 20), "pseudo-inverse")
    memory = ho.AssociativeMemory(random_patterns(2, 20))
    with pytest.raises(InputError, match="one that is stored"):
        memory.forget(np.ones(20))
    with pytest.raises(InputError, match="from 0 to 1, got 2"):
        memory.forget(2)
    with pytest.raises(InputError, match="must keep a pattern"):
        memory.forget(0).forget(0)
    with pytest.raises(InputError, match="20 values"):
        memory.store(np.ones(21))


def test_noise_turns_the_share_that_was_asked_for():
    """A fraction is rounded: 0.29 of 100 neurons are 29, though 0.29 * 100 is a little less."""
    targets = np.ones((5, 100), dtype=np.int8)
    turned = noise.noisy(targets, 0.29, np.random.default_rng(0))
    assert (turned < 0).sum(axis=1).tolist() == [29] * 5
