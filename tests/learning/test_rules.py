"""Learning rules against their defining equations, on any patterns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from hopfield_opt import learning
from hopfield_opt.couplings import Explicit, Factored
from hopfield_opt.errors import HopfieldWarning, InputError

PATTERNS = arrays(
    np.int8, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.sampled_from([-1, 1])
)


def random_patterns(count, size, seed=0):
    """Return random patterns of -1 and +1."""
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, size))


@given(patterns=PATTERNS)
def test_hebb_is_the_sum_of_products(patterns):
    """W_ij = (1/N) sum xi_i xi_j, symmetric to the last bit, with or without its diagonal."""
    size = patterns.shape[1]
    expected = sum(np.outer(x, x) for x in patterns.astype(float)) / size
    kept = learning.hebb(patterns, diagonal=True)
    np.testing.assert_allclose(kept, expected, atol=1e-15)
    bare = learning.hebb(patterns)
    assert (bare == bare.T).all()
    assert (np.diag(bare) == 0).all()
    np.testing.assert_array_equal(bare + np.diag(np.diag(kept)), kept)


@given(patterns=PATTERNS, data=st.data())
def test_hebb_adds_and_forgets(patterns, data):
    """Storing one after another, in any order, is storing all; forgetting takes back, exactly."""
    order = data.draw(st.permutations(range(len(patterns))))
    weights = learning.hebb(patterns[order[:1]], diagonal=True)
    for k in order[1:]:
        weights = learning.hebb_added(weights, patterns[k], diagonal=True)
    np.testing.assert_array_equal(weights, learning.hebb(patterns, diagonal=True))
    gone = data.draw(st.integers(0, len(patterns) - 1))
    rest = np.delete(patterns, gone, axis=0)
    expected = learning.hebb(rest, diagonal=True) if len(rest) else 0 * weights
    forgotten = learning.hebb_forgotten(weights, patterns[gone], diagonal=True)
    np.testing.assert_array_equal(forgotten, expected)


def test_hebb_adds_to_any_weights():
    """Weights that are no Hebbian ones are not rounded."""
    before = np.array([[0.0, 0.123], [0.123, 0.0]])
    after = learning.hebb_added(before, [1, -1])
    np.testing.assert_allclose(after, [[0.0, -0.377], [-0.377, 0.0]], atol=1e-15)


@given(patterns=PATTERNS)
def test_factors_are_the_same_weights(patterns):
    """The factored form of Hebb's rule is the matrix without its diagonal."""
    np.testing.assert_allclose(
        learning.hebb_factors(patterns).to_dense(), learning.hebb(patterns), atol=1e-14
    )


@pytest.mark.parametrize("count", [1, 5, 29])
def test_pseudo_inverse_is_a_projection(count):
    """W xi = xi to 1e-8, W W = W, trace W = rank: below as many patterns as units."""
    patterns = random_patterns(count, 30, seed=1)
    weights = learning.pseudo_inverse(patterns, diagonal=True)
    np.testing.assert_allclose(patterns @ weights, patterns, atol=1e-8)
    np.testing.assert_allclose(weights @ weights, weights, atol=1e-8)
    assert np.trace(weights) == pytest.approx(count)
    assert (weights == weights.T).all()
    bare = learning.pseudo_inverse(patterns)
    np.testing.assert_array_equal(bare, weights - np.diag(np.diag(weights)))
    factors = learning.pseudo_inverse_factors(patterns)
    np.testing.assert_allclose(factors.to_dense(), bare, atol=1e-12)


def test_pseudo_inverse_knows_its_rank():
    """Patterns that are sums of others are stored with a warning; those that span all are not."""
    patterns = random_patterns(6, 30, seed=2)
    twice = np.concatenate([patterns, -patterns[:2]])
    with pytest.warns(HopfieldWarning, match="rank 6"):
        weights = learning.pseudo_inverse(twice)
    np.testing.assert_allclose(weights, learning.pseudo_inverse(patterns), atol=1e-12)
    with pytest.raises(InputError, match="40 patterns of rank 30"):
        learning.pseudo_inverse(random_patterns(40, 30))


@given(patterns=PATTERNS)
@settings(max_examples=40)
def test_storkey_follows_its_equation(patterns):
    """The rule written as in the paper, with three loops, gives the same weights."""
    count, size = patterns.shape
    weights = np.zeros((size, size))
    for xi in patterns.astype(float):
        before = weights.copy()
        for i in range(size):
            for j in range(size):
                h_ij = sum(before[i, k] * xi[k] for k in range(size) if k not in (i, j))
                h_ji = sum(before[j, k] * xi[k] for k in range(size) if k not in (i, j))
                weights[i, j] += (xi[i] * xi[j] - xi[i] * h_ji - h_ij * xi[j]) / size
    kept = learning.storkey(patterns, diagonal=True)
    np.testing.assert_allclose(kept, weights, atol=1e-12)
    assert (kept == kept.T).all()
    part = learning.storkey(patterns[:-1]) if count > 1 else np.zeros((size, size))
    np.testing.assert_array_equal(
        learning.storkey(patterns[-1:], weights=part), learning.storkey(patterns)
    )


def test_storkey_stores_more_than_hebb():
    """At 0.2 N more patterns stay fixed points than with Hebb's rule."""
    patterns = random_patterns(20, 100, seed=3).astype(float)
    fixed = {
        rule.__name__: (patterns * (patterns @ rule(patterns)) > 0).all(axis=1).mean()
        for rule in (learning.hebb, learning.storkey)
    }
    assert fixed["storkey"] > 0.9
    assert fixed["hebb"] < 0.6


@pytest.mark.parametrize(
    ("count", "size", "rule", "kind"),
    [
        (3, 50, "hebb", Explicit),
        (3, 2500, "hebb", Factored),
        (3, 2500, "pseudo-inverse", Factored),
        (3, 50, "storkey", Explicit),
    ],
)
def test_couplings_by_size(count, size, rule, kind):
    """Large memories keep factors; the energy has no constant, whatever the form."""
    patterns = random_patterns(count, size, seed=4)
    terms = learning.couplings(patterns, rule)
    assert isinstance(terms, kind)
    network = learning.network(terms)
    weights = learning.RULES[rule](patterns)
    state = random_patterns(1, size, seed=5)[0].astype(float)
    assert network.energy(state) == pytest.approx(-state @ weights @ state / 2, abs=1e-9)


def test_codings_are_one():
    """Spins, binaries, truth values and images of them are the same patterns."""
    spins = random_patterns(4, 12)
    images = spins.reshape(4, 3, 4)
    for given_ in (spins, spins.astype(float), (spins + 1) // 2, spins > 0, list(images), images):
        known = learning.check_patterns(given_)
        np.testing.assert_array_equal(known.spins, spins)
    assert learning.check_patterns(images).shape == (3, 4)
    assert len(learning.check_patterns([1, -1, 1])) == 1
    assert learning.check_patterns(np.zeros((1, 3))).spins.tolist() == [[-1, -1, -1]]


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        ([], "at least one pattern, got none"),
        (np.zeros((0, 4)), "at least one pattern, got none"),
        (np.zeros((2, 0)), "at least one unit"),
        ([[1, -1], [1, -1, 1]], r"one shape, got \(2,\) at \[0\] and \(3,\) at \[1\]"),
        ([[1, -1], [1, 0]], r"-1 and \+1, got 0 at \[1, 1\]"),
        ([[0, 1], [1, 2]], r"got 2 at \[1, 1\]. Threshold"),
        ([[0.0, np.nan]], "got nan"),
        ([["a", "b"]], "dtype"),
        (None, "at least one"),
    ],
)
def test_patterns_that_cannot_be_used(patterns, message):
    """What is wrong is named, with its place."""
    with pytest.raises(InputError, match=message):
        learning.check_patterns(patterns)


def test_unknown_rule():
    """A misspelt rule is named, with the near one."""
    with pytest.raises(InputError, match="Did you mean 'storkey'"):
        learning.couplings([[1, -1]], "storky")
