"""Labels of states: memories, their negatives, mixtures, cycles, and nothing else."""

from itertools import combinations

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.physics.labels import attractor_labels, labels, mixture, parse_label

PATTERNS = np.random.default_rng(0).choice([-1, 1], (6, 1001))


def test_memories_and_their_negatives():
    """Each pattern and each negative is named; one flipped spin makes it spurious."""
    found = labels(np.concatenate([PATTERNS, -PATTERNS]), PATTERNS)
    assert found == [f"memory {k}" for k in range(6)] + [f"anti-memory {k}" for k in range(6)]
    near = PATTERNS.copy()
    near[:, 7] *= -1
    assert labels(near, PATTERNS) == ["spurious"] * 6
    assert labels(near, PATTERNS, tolerance=0.001) == [f"memory {k}" for k in range(6)]
    assert labels(-near, PATTERNS, tolerance=1 / 1001) == [f"anti-memory {k}" for k in range(6)]
    assert labels(near, PATTERNS, tolerance=0.0009) == ["spurious"] * 6
    assert labels(PATTERNS[2], PATTERNS) == ["memory 2"]


@pytest.mark.parametrize(
    "weights", [(1, 1, 1), (2, 1, 1, 1), (1, 1, 1, 1, 1), (2, 2, 1, 1, 1), (3, 1, 1, 1, 1)]
)
def test_mixtures_of_any_signs(weights):
    """Symmetric and asymmetric mixtures are named by their members, with their signs."""
    g = np.random.default_rng(1)
    for members in combinations(range(6), len(weights)):
        signs = g.choice([-1, 1], len(members))
        order = g.permutation(len(weights))
        total = (np.array(weights)[order] * signs) @ PATTERNS[list(members)]
        names = [f"{'' if s > 0 else 'anti-'}{k}" for s, k in zip(signs, members, strict=True)]
        assert labels(np.sign(total), PATTERNS) == [f"mixture of {', '.join(names)}"]


def test_random_states_are_spurious():
    """No name is found for states that have nothing to do with the patterns."""
    states = np.random.default_rng(2).choice([-1, 1], (50, 1001))
    assert set(labels(states, PATTERNS)) == {"spurious"}
    assert labels(states, np.zeros((0, 1001))) == ["spurious"] * 50


def test_a_name_leads_back_to_its_state():
    """`mixture` returns the state of a label whose patterns weigh the same."""
    for label in (
        "memory 3",
        "anti-memory 5",
        "mixture of 0, anti-2, 4",
        "mixture of 0, 1, 2, 3, 5",
    ):
        assert labels(mixture(label, PATTERNS), PATTERNS) == [label]
    signs, members = parse_label("mixture of 0, anti-2, 4", 6)
    assert (signs.tolist(), members.tolist()) == ([1, -1, 1], [0, 2, 4])


@pytest.mark.parametrize("label", ["spurious", "memory 6", "memory -1", "2-cycle", ""])
def test_names_of_nothing(label):
    """A label that names no pattern has no state."""
    with pytest.raises(InputError, match="label must name patterns 0 to 5"):
        mixture(label, PATTERNS)


def test_attractors_must_be_fixed_points():
    """A state that a neuron would leave has not converged; a tie keeps it; cycles are named."""
    pair = Hamiltonian([[0.0, 1.0], [1.0, 0.0]])
    states = np.array([[1, 1], [-1, -1], [1, -1]], dtype=np.int8)
    patterns = [[1, 1]]
    found = attractor_labels(pair, states, patterns)
    assert found == ["memory 0", "anti-memory 0", "not converged"]
    periods = np.array([1, 1, 2])
    found = attractor_labels(pair, states, patterns, periods=periods)
    assert found == ["memory 0", "anti-memory 0", "2-cycle"]
    free = Hamiltonian(None, num_spins=2)
    assert attractor_labels(free, states[2:], patterns) == ["spurious"]


@pytest.mark.parametrize("tolerance", [-0.1, 0.5, np.nan])
def test_tolerance_is_a_fraction(tolerance):
    """A tolerance outside of [0, 0.5) is refused."""
    with pytest.raises(InputError, match="tolerance"):
        labels([1, 1], [[1, 1]], tolerance=tolerance)


def test_of_two_names_at_one_distance_the_simpler_is_taken():
    """A state halfway between a memory and a mixture is the memory."""
    patterns = np.ones((3, 12), dtype=int)
    patterns[1, :5] = patterns[2, [0, 1, 5, 6, 7]] = -1
    state = np.ones(12, dtype=int)
    state[0] = -1
    assert labels(state, patterns, tolerance=0.1) == ["memory 0"]
    state[1] = -1
    assert labels(state, patterns, tolerance=0.1) == ["mixture of 0, 1, 2"]


def test_what_is_a_memory_is_no_mixture_of_others():
    """A pattern that is the mixture of three others keeps its own name."""
    patterns = np.concatenate([PATTERNS[:3], np.sign(PATTERNS[:3].sum(axis=0))[None]])
    assert labels(patterns[3:], patterns) == ["memory 3"]
