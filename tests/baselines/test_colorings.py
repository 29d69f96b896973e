"""Greedy colourings, and tests for two colours."""

import networkx as nx
import pytest

from hopfield_opt.baselines import colorings
from hopfield_opt.io import as_graph


@pytest.mark.parametrize("seed", range(3))
def test_by_saturation(seed):
    """The colouring is proper, and exact for bipartite graphs (Brélaz, theorem)."""
    graph = nx.gnp_random_graph(40, 0.3, seed=seed)
    own = as_graph(graph)
    colors = colorings.by_saturation(own)
    assert (colors[own.heads] != colors[own.tails]).all()
    assert sorted(set(colors.tolist())) == list(range(colors.max() + 1))
    bipartite = as_graph(nx.bipartite.random_graph(10, 12, 0.4, seed=seed))
    assert colorings.by_saturation(bipartite).max() == 1


def test_is_bipartite():
    """Two colours are enough without cycles of odd length, in each part."""
    even, odd = nx.cycle_graph(6), nx.cycle_graph(5)
    assert colorings.is_bipartite(as_graph(even))
    assert not colorings.is_bipartite(as_graph(nx.disjoint_union(even, odd)))
    assert colorings.is_bipartite(as_graph(nx.empty_graph(3)))


def test_exact():
    """HiGHS finds the chromatic number, or says that the colours are too few."""
    petersen = as_graph(nx.petersen_graph())
    found = colorings.exact(petersen, 4, seed=0)
    assert len(set(found.values())) == 3
    assert colorings.exact(petersen, 2, seed=0) is None
    assert colorings.exact(as_graph(nx.complete_graph(4)), 3, seed=0) is None
    # a vertex without edges needs no colour of its own
    apart = as_graph(nx.disjoint_union(nx.path_graph(3), nx.empty_graph(2)))
    assert set(colorings.exact(apart, 5, seed=0).values()) == {0, 1}


def test_random_order_is_seeded():
    """The same seed gives the same colouring."""
    graph = as_graph(nx.gnp_random_graph(30, 0.5, seed=2))
    first, again = (colorings.by_networkx(graph, "random_sequential", None, 5) for _ in range(2))
    assert first == again
