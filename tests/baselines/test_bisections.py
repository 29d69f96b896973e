"""Bipartitions of networkx, of eigenvectors and of the enumeration, and the bound."""

import itertools
import time
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.baselines import bisections, restarts
from hopfield_opt.errors import InputError
from hopfield_opt.io import as_graph


def value(graph, sides):
    """Return the weight across, edge by edge."""
    assert sides[0] | sides[1] == set(graph.labels)
    assert not sides[0] & sides[1]
    edges = zip(graph.heads, graph.tails, graph.weights, strict=True)
    labels = graph.labels
    return sum(w for u, v, w in edges if (labels[u] in sides[0]) != (labels[v] in sides[0]))


@pytest.fixture
def bridged():
    """Return two complete graphs of 9 and 7 vertices that one edge joins."""
    graph = nx.disjoint_union(nx.complete_graph(9), nx.complete_graph(7))
    graph.add_edge(0, 9)
    return as_graph(nx.relabel_nodes(graph, "v{}".format))


@pytest.mark.parametrize("run", [bisections.kernighan_lin, bisections.spectral])
def test_sizes_are_allowed_ones(bridged, run):
    """The sides have the sizes that are allowed."""
    for allowed in ([8], (9, 7), range(6, 11), (0, 16)):
        sides = run(bridged, allowed, 1)
        assert len(sides[0]) in allowed or len(sides[1]) in allowed


def test_spectral_finds_the_bridge(bridged):
    """The eigenvector tells the two parts apart, and the best allowed size is taken."""
    assert value(bridged, bisections.spectral(bridged, range(5, 12), 0)) == 1
    assert value(bridged, bisections.spectral(bridged, (7, 9), 0)) == 1


@pytest.mark.parametrize("size", [16, 300])
def test_spectral_on_a_ring_of_any_size(size):
    """Small and large rings are cut twice, by all eigenvalues or by iteration."""
    ring = as_graph(nx.cycle_graph(size))
    sides = bisections.spectral(ring, [size // 2], 0)
    assert value(ring, sides) == 2
    assert sides == bisections.spectral(ring, [size // 2], 0)


def test_spectral_on_large_degenerate_graphs():
    """Disconnected graphs, no edges, zero and negative weights give an answer."""
    parts = nx.disjoint_union(nx.cycle_graph(150), nx.cycle_graph(150))
    assert value(as_graph(parts), bisections.spectral(as_graph(parts), [150], 0)) <= 4
    negative = nx.cycle_graph(300)
    nx.set_edge_attributes(negative, -1, "weight")
    for graph in (nx.empty_graph(300), negative):
        sides = bisections.spectral(as_graph(graph), [150], 0)
        assert len(sides[0]) == 150
    assert value(as_graph(negative), sides) < -250


def test_kernighan_lin_restarts_keep_the_best(monkeypatch):
    """Until the deadline, here after 20 runs, they are repeated, and the best is returned."""
    graph = as_graph(nx.gnp_random_graph(100, 0.04, seed=1))
    single = [bisections.kernighan_lin(graph, [50], seed) for seed in range(4)]
    assert single[3] == bisections.kernighan_lin(graph, [50], 3)
    runs = itertools.cycle(range(21))
    monkeypatch.setattr(restarts, "time", SimpleNamespace(monotonic=lambda: next(runs)))
    many = [bisections.kernighan_lin(graph, [50], seed, 20) for seed in range(4)]
    values = [[value(graph, sides) for sides in kept] for kept in (many, single)]
    pairs = list(zip(*values, strict=True))
    assert all(more <= one for more, one in pairs)
    assert sum(more < one for more, one in pairs) >= 2


def test_enumeration():
    """The enumeration finds the optimum over all allowed sizes, also with negative weights."""
    graph = as_graph([("a", "b", 2), ("b", "c", 3), ("c", "a", -4), ("c", "d", -1)])
    assert value(graph, bisections.enumeration(graph, range(5), 0)) == -3
    assert value(graph, bisections.enumeration(graph, [1], 0)) == -2
    assert bisections.enumeration(graph, [4], 0) == (set("abcd"), set())
    with pytest.raises(InputError, match="at most 20"):
        bisections.enumeration(as_graph(nx.empty_graph(21)), [10], 0)


def test_enumeration_in_blocks(monkeypatch, bridged):
    """The optimum does not depend on the blocks, and a past deadline still gives an answer."""
    whole = bisections.enumeration(bridged, [8], 0)
    first = bisections.enumeration(bridged, range(1, 4), 0)
    monkeypatch.setattr(bisections, "BLOCK", 1000)
    assert bisections.enumeration(bridged, [8], 0) == whole
    assert value(bridged, whole) == 8
    # the best stands in the first block, and again, turned round, in the last
    for block in (1000, 2**15):
        monkeypatch.setattr(bisections, "BLOCK", block)
        assert bisections.enumeration(bridged, range(1, 4), 0) == first
    early = bisections.enumeration(bridged, [8], 0, time.monotonic() - 1)
    assert len(early[0]) == 8


def test_bound():
    """The bound is close to the optimum of two triangles, and scales with the weights."""
    ends = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)]
    light, heavy = as_graph(ends), as_graph([(u, v, 1e6) for u, v in ends])
    bound = bisections.bound(light, [3])
    assert 0.7 < bound <= value(light, bisections.enumeration(light, [3], 0)) == 1
    assert bisections.bound(heavy, [3]) == pytest.approx(1e6 * bound, 1e-3)
    assert bisections.bound(light, range(7)) <= 1e-6
    assert bisections.bound(light, [3], time.monotonic() - 1) <= 1
    assert np.isfinite(bisections.bound(as_graph([(0, 1, -2)]), [1]))
