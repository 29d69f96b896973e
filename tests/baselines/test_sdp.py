"""The semidefinite relaxation: a bound that holds, and cuts that are good."""

import time
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.baselines import cuts, sdp
from hopfield_opt.io import as_graph
from hopfield_opt.problems.parts.random_graphs import random_graph


def value(graph, sides):
    """Return the weight of a cut."""
    first = np.array([label in sides[0] for label in graph.labels])
    return float(graph.weights[first[graph.heads] != first[graph.tails]].sum())


def optimum(graph):
    """Return the weight of a maximum cut."""
    return value(graph, cuts.enumeration(graph, 0))


@given(
    st.integers(1, 12),
    st.floats(0, 1),
    st.sampled_from(["ones", "signs", "normal"]),
    st.integers(0, 2**32),
)
@settings(max_examples=30)
def test_the_bound_holds(size, density, law, seed):
    """The bound is never below the optimum, for weights of either sign."""
    graph = random_graph(size, density, law, seed)
    assert sdp.cut_bound(graph) >= optimum(graph) - 1e-12
    assert value(graph, sdp.rounded_cut(graph, seed)) <= optimum(graph) + 1e-9


@pytest.mark.parametrize(
    ("graph", "bound"),
    [
        (nx.cycle_graph(5), 25 / 8 + 5 * np.sqrt(5) / 8),
        (nx.complete_graph(3), 9 / 4),
        (nx.complete_bipartite_graph(3, 4), 12),
        (nx.empty_graph(3), 0),
        (nx.petersen_graph(), 12.5),
    ],
)
def test_known_bounds(graph, bound):
    """Cycles, complete and bipartite graphs have bounds in closed form."""
    assert sdp.cut_bound(as_graph(graph)) == pytest.approx(bound, rel=1e-4)


def test_the_bound_holds_however_early_the_solver_stops():
    """With the deadline in the past, or no dual at all, the bound is weaker and still holds."""
    graph = random_graph(20, 0.5, "signs", seed=1)
    best = optimum(graph)
    assert sdp.cut_bound(graph, time.monotonic() - 1) >= best
    nothing = sdp._Relaxed(np.eye(20), np.zeros(20))
    with mock.patch.object(sdp, "_solve_relaxation", return_value=nothing):
        assert sdp.cut_bound(graph) >= best
        assert value(graph, sdp.rounded_cut(graph, 1)) > 0
    wrong = sdp._Relaxed(np.eye(20), np.linspace(-3, 3, 20))
    with mock.patch.object(sdp, "_solve_relaxation", return_value=wrong):
        assert sdp.cut_bound(graph) >= best


def test_rounding_keeps_the_guarantee():
    """The rounded cut is above 0.878 of the bound, and optimal on the karate club."""
    graph = as_graph(nx.karate_club_graph())
    assert sdp.cut_bound(graph) == pytest.approx(183.645, abs=1e-3)
    found = sdp.rounded_cut(graph, 0)
    assert value(graph, found) == 179
    assert found == sdp.rounded_cut(graph, 0)


def test_scale():
    """Weights of any size give the same bound, scaled."""
    edges = [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)]
    for scale in (1e-9, 1e12):
        graph = as_graph([(u, v, scale * w) for u, v, w in edges])
        assert sdp.cut_bound(graph) == pytest.approx(2.25 * scale, rel=1e-4)


def test_weights_of_zero():
    """Edges without weight bound the cut by zero."""
    graph = as_graph([(0, 1, 0), (1, 2, 0)])
    assert sdp.cut_bound(graph) == 0
    assert value(graph, sdp.rounded_cut(graph, 0)) == 0
