"""Alternating cycles that pay."""

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.baselines.matching_search import improve_matching


@pytest.mark.parametrize("seed", range(4))
def test_optimum_of_random_costs(seed):
    """From any matching of 24 places it comes to the lightest one."""
    draws = np.random.default_rng(seed)
    costs = draws.random((24, 24))
    costs += costs.T
    start = np.arange(24).reshape(-1, 2)[:, ::-1].ravel()
    found = improve_matching(costs, start, seed)
    assert (found[found] == np.arange(24)).all()
    assert (found != np.arange(24)).all()
    graph = nx.complete_graph(24)
    nx.set_edge_attributes(graph, {(u, v): costs[u, v] for u, v in graph.edges}, "weight")
    best = sum(2 * costs[u, v] for u, v in nx.min_weight_matching(graph))
    assert costs[np.arange(24), found].sum() == pytest.approx(best)
    assert start.tolist() == np.arange(24).reshape(-1, 2)[:, ::-1].ravel().tolist()


def test_tiny():
    """Nothing can be exchanged among two places, and little among four."""
    assert improve_matching(np.zeros((2, 2)), np.array([1, 0])).tolist() == [1, 0]
    assert improve_matching(np.zeros((0, 0)), np.empty(0, np.int64)).tolist() == []
    assert improve_matching(np.ones((4, 4)), np.array([1, 0, 3, 2])).tolist() == [1, 0, 3, 2]
