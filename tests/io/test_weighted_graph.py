"""The frozen weighted graph."""

import itertools
import pickle

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.io import WeightedGraph


def test_edges_are_sorted_and_summed():
    """Each edge stands once, with the smaller end first, in order."""
    graph = WeightedGraph("abcd", [3, 1, 0, 2], [2, 0, 1, 3], [1, 2, 3, -1])
    assert graph.heads.tolist() == [0, 2]
    assert graph.tails.tolist() == [1, 3]
    assert graph.weights.tolist() == [5, 0]
    assert (graph.num_vertices, graph.num_edges) == (4, 2)


def test_edges_may_come_in_any_order():
    """However edges are ordered and turned, the graph is the same."""
    edges = [(0, 1, 1.0), (0, 3, 2.0), (1, 2, 3.0)]
    for order in itertools.permutations(edges):
        u, v, w = zip(*order, strict=True)
        for heads, tails in ((u, v), (v, u)):
            graph = WeightedGraph("abcd", heads, tails, w)
            ends = (graph.heads.tolist(), graph.tails.tolist())
            assert list(zip(*ends, graph.weights.tolist(), strict=True)) == edges


def test_it_is_a_frozen_copy():
    """The arrays are copies that nobody can write to, also after pickling."""
    heads, weights = np.array([0, 1]), np.array([1.0, 2.0])
    graph = WeightedGraph(range(3), heads, [1, 2], weights, "path")
    heads[0], weights[0] = 1, 9
    assert (graph.heads[0], graph.weights[0]) == (0, 1.0)
    back = pickle.loads(pickle.dumps(graph))
    for copy in (graph, back):
        for array in (copy.heads, copy.tails, copy.weights):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0
        with pytest.raises(AttributeError):
            copy.name = "other"
    assert (back.labels, back.name) == (graph.labels, "path")
    assert repr(back) == "WeightedGraph('path', 3 vertices, 2 edges)"


@pytest.mark.parametrize("ends", [([0], [3]), ([-1], [0])])
def test_ends_out_of_range(ends):
    """An end that is no position is refused."""
    with pytest.raises(InputError, match="heads and tails must be positions below 3"):
        WeightedGraph("abc", *ends, [1.0])


def test_a_sum_that_overflows():
    """Weights whose sum is no number are refused, also where they are parallel."""
    for heads in ([0, 0], [0, 1]):
        with pytest.raises(InputError, match="weights must have a finite sum"):
            WeightedGraph("abc", heads, [2, 2], [1e308, 1e308])
    with pytest.raises(InputError, match=r"got inf at edge \('c', 'a'\)"):
        WeightedGraph("abc", [2], [0], [np.inf])


def test_sides():
    """The first side holds the first vertex, whatever its spin."""
    graph = WeightedGraph("abc", [], [], [])
    for spins in ([1, 1, -1], [-1, -1, 1]):
        assert graph.sides(np.array(spins)) == ({"a", "b"}, {"c"})
    assert WeightedGraph("", [], [], []).sides(np.empty(0)) == (set(), set())
