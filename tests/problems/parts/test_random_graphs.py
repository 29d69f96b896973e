"""Random graphs: reproducible, and of the law that they promise."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.problems import MaxCut
from hopfield_opt.problems.parts.random_graphs import random_graph


@pytest.mark.parametrize("n", [0, 1, 2, 3, 17])
def test_all_and_no_edges(n):
    """With p = 1 every pair is an edge once, with p = 0 none is."""
    graph = random_graph(n, 1.0, seed=0)
    pairs = [(u, v) for u in range(n) for v in range(u + 1, n)]
    assert list(zip(graph.heads.tolist(), graph.tails.tolist(), strict=True)) == pairs
    assert random_graph(n, 0.0, seed=0).num_edges == 0


def test_every_pair_is_equally_likely():
    """Over many graphs each pair turns up as often as the others (chi-square, fixed seeds)."""
    counts = np.zeros((6, 6))
    for seed in range(2000):
        graph = random_graph(6, 0.3, seed=seed)
        counts[graph.heads, graph.tails] += 1
    found = counts[np.triu_indices(6, 1)]
    expected, variance = 2000 * 0.3, 2000 * 0.3 * 0.7
    # 15 degrees of freedom: above 45 with probability 1e-4
    assert ((found - expected) ** 2 / variance).sum() < 45
    assert counts.sum() == found.sum()


def test_large_sparse_graph():
    """The number of edges is within five standard deviations, the ends are in range."""
    graph = random_graph(100_000, 1e-4, seed=1)
    mean = 1e-4 * 100_000 * 99_999 / 2
    assert abs(graph.num_edges - mean) < 5 * np.sqrt(mean)
    assert graph.tails.max() < 100_000
    assert graph.heads.max() > 90_000


def test_seed():
    """The same seed gives the same graph, another one another graph."""
    first, again, other = (random_graph(30, 0.5, "normal", seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(first.heads, again.heads)
    assert np.array_equal(first.weights, again.weights)
    assert not np.array_equal(first.heads, other.heads)
    assert random_graph(30, 0.5).num_vertices == 30


def test_weights():
    """The three laws of weights."""
    size = {"n": 60, "p": 0.8, "seed": 2}
    assert (random_graph(**size).weights == 1).all()
    signs = random_graph(**size, weights="signs").weights
    assert set(signs.tolist()) == {-1.0, 1.0}
    assert abs(signs.mean()) < 0.15
    normal = random_graph(**size, weights="normal").weights
    assert abs(normal.mean()) < 0.15
    assert abs(normal.std() - 1) < 0.15


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1}, "n must be at least 0, got -1"),
        ({"n": 2.5}, "n must be an integer, got 2.5"),
        ({"n": 4, "p": 1.5}, "p must be a probability from 0 to 1, got 1.5"),
        ({"n": 4, "p": float("nan")}, "p must be finite"),
        ({"n": 4, "weights": "sings"}, "Did you mean 'signs'"),
        ({"n": 4, "seed": -1}, "seed must be a non-negative integer"),
    ],
)
def test_bad_arguments(arguments, message):
    """Each argument is checked by name."""
    with pytest.raises(InputError, match=message):
        MaxCut.random(**arguments)


@pytest.mark.parametrize("size", [{"n": 10**6, "p": 0.5}, {"n": 10**12, "p": 0.0}])
def test_too_large(size):
    """A graph that would not fit is refused before anything is allocated."""
    with pytest.raises(SizeError, match="graph must need at most 2 GiB"):
        MaxCut.random(**size)


def test_tiny_probability_ends():
    """Gaps beyond all numbers do not overflow: there is just no edge."""
    assert random_graph(5, p=1e-300, seed=1).num_edges == 0
