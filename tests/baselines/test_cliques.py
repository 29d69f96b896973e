"""Greedy cliques: they are cliques, and the rule is the rule."""

import networkx as nx
import pytest

from hopfield_opt.baselines.cliques import clique_from_starts
from hopfield_opt.io import as_graph


def test_clique_from_starts():
    """All of its vertices are joined; a planted clique is found."""
    graph = nx.gnp_random_graph(30, 0.2, seed=1)
    graph.add_edges_from(nx.complete_graph(8).edges)
    found = clique_from_starts(as_graph(graph))
    assert all(graph.has_edge(u, v) for u in found for v in found if u != v)
    assert len(found) == 8
    assert clique_from_starts(as_graph(nx.Graph())) == []


def by_the_rule(graph):
    """Return the clique that the rule in words leads to, by sets."""
    best = []
    for start in sorted(graph, key=lambda v: -graph.degree(v)):
        if graph.degree(start) < len(best):
            break
        clique, left = [start], set(graph[start])
        while left:
            clique.append(max(left, key=lambda v: (len(left & set(graph[v])), -v)))
            left &= set(graph[clique[-1]])
        best = max(best, clique, key=len)
    return best


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_greedy_rule(p):
    """Counts that are kept from step to step lead where counting afresh does."""
    for seed in range(5):
        graph = nx.gnp_random_graph(40, p, seed=seed)
        assert clique_from_starts(as_graph(graph)) == by_the_rule(graph)
