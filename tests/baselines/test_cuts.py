"""The cuts of networkx and of the enumeration."""

import time

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.baselines import cuts
from hopfield_opt.errors import InputError
from hopfield_opt.io import as_graph


def value(graph, sides):
    """Return the weight of a cut, edge by edge."""
    assert sides[0] | sides[1] == set(graph.labels)
    assert not sides[0] & sides[1]
    edges = zip(graph.heads, graph.tails, graph.weights, strict=True)
    labels = graph.labels
    return sum(w for u, v, w in edges if (labels[u] in sides[0]) != (labels[v] in sides[0]))


@pytest.fixture
def karate():
    """Return the karate club with its weights; the optimum is 179."""
    return as_graph(nx.relabel_nodes(nx.karate_club_graph(), "member {}".format))


def test_one_run_is_networkx(karate):
    """Without a deadline there is one run, from networkx's own start."""
    network = cuts.as_networkx(karate)
    draw = int(np.random.default_rng(np.random.SeedSequence(7, spawn_key=())).integers(2**31))
    for run, reference in (
        (cuts.one_exchange, nx.approximation.one_exchange),
        (cuts.random_partition, nx.approximation.randomized_partitioning),
    ):
        expected, _ = reference(network, seed=draw, weight="weight")
        assert value(karate, run(karate, 7, None)) == expected


def test_restarts_keep_the_best(karate):
    """Until the deadline runs are repeated, and the best is returned: the optimum in time."""
    single = value(karate, cuts.one_exchange(karate, 3, None))
    many = value(karate, cuts.one_exchange(karate, 3, time.monotonic() + 1.5))
    assert single <= many
    assert many == 179
    single = value(karate, cuts.random_partition(karate, 3, None))
    assert value(karate, cuts.random_partition(karate, 3, time.monotonic() + 0.1)) > single


def test_a_past_deadline_still_gives_a_cut(karate):
    """There is always one complete run."""
    assert value(karate, cuts.one_exchange(karate, 0, time.monotonic() - 1)) > 150


def test_same_seed_same_cut(karate):
    """A seed repeats a run."""
    first, again = (cuts.random_partition(karate, 11, None) for _ in range(2))
    assert first == again
    assert first != cuts.random_partition(karate, 12, None)


def test_enumeration():
    """The enumeration finds the maximum cut, also with negative weights."""
    graph = as_graph([("a", "b", 2), ("b", "c", 3), ("c", "a", -4), ("c", "d", -1)])
    assert cuts.enumeration(graph, 0, None) == ({"a", "c", "d"}, {"b"})
    with pytest.raises(InputError, match="at most 30"):
        cuts.enumeration(as_graph(nx.empty_graph(31)), 0, None)


def test_dense(karate):
    """The matrix of weights is symmetric and holds each edge twice."""
    matrix = cuts.dense(karate)
    assert np.array_equal(matrix, matrix.T)
    assert np.array_equal(matrix, nx.to_numpy_array(nx.karate_club_graph()))


def test_networkx_sees_the_whole_graph():
    """Isolated vertices and the order of the vertices reach networkx."""
    network = cuts.as_networkx(as_graph(nx.Graph({"c": [], "a": ["b"]})))
    assert list(network.nodes) == [0, 1, 2]
    assert list(network.edges(data="weight")) == [(1, 2, 1.0)]
