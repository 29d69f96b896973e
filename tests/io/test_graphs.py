"""Every kind of graph input gives the same graph, and bad input is named."""

from decimal import Decimal
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.io import as_graph


@st.composite
def edge_lists(draw):
    """Return (number of vertices, edges (u, v, w) with u < v, each once, w not 0)."""
    size = draw(st.integers(0, 7))
    pairs = [(u, v) for u in range(size) for v in range(u + 1, size)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    values = st.one_of(st.integers(-9, 9).filter(bool), st.floats(-10, 10).filter(bool))
    return size, [(u, v, draw(values)) for u, v in chosen]


def by_label(graph):
    """Return the labels, and the weight of each edge by the labels of its ends."""
    return graph.labels, {
        (graph.labels[u], graph.labels[v]): w
        for u, v, w in zip(graph.heads, graph.tails, graph.weights.tolist(), strict=True)
    }


@given(instance=edge_lists())
def test_all_kinds_of_input_agree(instance):
    """Networkx graph and multigraph, dense and sparse matrices, and edge lists are one graph."""
    size, edges = instance
    expected = tuple(range(size)), {(u, v): float(w) for u, v, w in edges}
    network = nx.empty_graph(size)
    network.add_weighted_edges_from((v, u, w) for u, v, w in edges)
    multi = nx.empty_graph(size, create_using=nx.MultiGraph)
    for u, v, w in edges:
        # powers of two: the sum is exact
        multi.add_edges_from([(u, v, {"weight": 4 * w}), (v, u, {"weight": -3 * w})])
    dense = np.zeros((size, size))
    for u, v, w in edges:
        dense[u, v] = dense[v, u] = w
    assert by_label(as_graph(network)) == expected
    assert by_label(as_graph(dense)) == expected
    for kind in (scipy.sparse.csr_array, scipy.sparse.coo_matrix, scipy.sparse.dok_array):
        assert by_label(as_graph(kind(dense))) == expected
    labels, summed = by_label(as_graph(multi))
    assert labels == expected[0]
    assert summed == pytest.approx(expected[1])
    named = by_label(as_graph(edges))[1]
    assert {tuple(sorted(edge)): w for edge, w in named.items()} == expected[1]
    assert by_label(as_graph(as_graph(network))) == expected


def test_labels_keep_their_order():
    """Labels come in insertion order, whatever they are."""
    network = nx.Graph()
    labels = ("z", (1, 2), frozenset({3}), 2.5, 0, "a")
    network.add_nodes_from(labels)
    network.add_edge("a", 2.5)
    graph = as_graph(network)
    assert graph.labels == labels
    assert (graph.heads.tolist(), graph.tails.tolist()) == ([3], [5])
    assert graph.index == {label: place for place, label in enumerate(labels)}


def test_weight_attribute():
    """The attribute is chosen by name, missing ones are 1, and None means all are 1."""
    network = nx.Graph(name="triangle")
    network.add_edge("a", "b", weight=3, cost=7)
    network.add_edge("b", "c", cost=8)
    assert as_graph(network).weights.tolist() == [3, 1]
    assert as_graph(network, weight="cost").weights.tolist() == [7, 8]
    with pytest.warns(HopfieldWarning, match="no edge has the attribute"):
        assert as_graph(network, weight="none").weights.tolist() == [1, 1]
    assert as_graph(network, weight=None).weights.tolist() == [1, 1]
    assert as_graph(as_graph(network), weight=None).weights.tolist() == [1, 1]
    assert as_graph(network).name == "triangle"
    assert as_graph(network, name="other").name == "other"


def test_weight_none_counts_parallel_edges():
    """Without weights parallel edges weigh as many as they are, and stored entries weigh 1."""
    multi = nx.MultiGraph([(0, 1), (0, 1), (1, 2)])
    assert as_graph(multi, weight=None).weights.tolist() == [2, 1]
    assert as_graph([(0, 1, 5), (1, 0, 7)], weight=None).weights.tolist() == [2]
    assert as_graph(np.array([[0, 5], [5, 0]]), weight=None).weights.tolist() == [1]


def test_edge_lists():
    """Edges are pairs, triples or networkx's triples with attributes, of any iterable."""
    edges = [("a", "b"), ["b", "c", 2], ("c", "a", {"weight": 3}), ("a", "d", {})]
    assert as_graph(edge for edge in edges).weights.tolist() == [1, 3, 1, 2]
    assert as_graph([]).num_vertices == 0
    assert as_graph(np.array([[3, 1], [1, 2]]).tolist()).labels == (3, 1, 2)


def test_subgraph_views_and_frozen_graphs():
    """Views of networkx are read like graphs."""
    network = nx.cycle_graph(6)
    assert as_graph(network.subgraph([1, 2, 3])).num_edges == 2
    assert as_graph(nx.freeze(network)).num_edges == 6


@pytest.mark.parametrize(
    "weight", [Fraction(1, 2), Decimal("0.5"), np.float32(0.5), np.array([0.5])[0], 0.5]
)
def test_numbers_of_any_kind(weight):
    """A weight may be any kind of real number."""
    assert as_graph([(0, 1, weight), (1, 2, True)]).weights.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    "weight",
    ["3", None, 1j, [1], float("nan"), float("inf"), 10**400, np.nan, Decimal("nan"), b"1", {}],
)
def test_bad_weights_name_the_edge(weight):
    """A weight that is no finite number is named with its edge, in every kind of input."""
    message = r"weight must be a finite number, got .* at edge \('b', 'c'\)"
    network = nx.Graph()
    network.add_edge("a", "b", weight=2)
    network.add_edge("b", "c", weight=weight)
    with pytest.raises(InputError, match=message):
        as_graph(network)
    with pytest.raises(InputError, match=message):
        as_graph(nx.MultiGraph(network))
    if weight != {}:
        with pytest.raises(InputError, match=message):
            as_graph([("a", "b"), ("b", "c", weight)])


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.MultiDiGraph])
def test_directed_graphs(kind):
    """A directed graph is refused with the way out."""
    with pytest.raises(InputError, match=rf"got a {kind.__name__}. Use graph.to_undirected"):
        as_graph(kind([(0, 1)]))


@pytest.mark.parametrize(
    "graph",
    [
        nx.Graph([(0, 0), (0, 1), (1, 1)]),
        nx.MultiGraph([(0, 0), (0, 1), (1, 1)]),
        [(0, 0), (0, 1), (1, 1)],
        np.ones((2, 2)),
        scipy.sparse.csr_array(np.ones((2, 2))),
    ],
)
def test_self_loops(graph):
    """Self-loops are left out with a warning that counts them and points at the caller."""
    with pytest.warns(HopfieldWarning, match=r"2 self-loop\(s\) ignored, the first at 0") as caught:
        found = as_graph(graph)
    assert found.num_edges == 1
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((2, 3)), r"must be a square matrix, got shape \(2, 3\).*tolist"),
        (np.zeros(4), r"must be a square matrix, got shape \(4,\)"),
        (np.array([[0, 1], [2, 0]]), r"symmetric matrix, got 1 and 2 at \[0, 1\] and \[1, 0\]"),
        (np.array([[0, 0], [2, 0]]), r"got 0 and 2 at \[0, 1\] and \[1, 0\]"),
        (np.array([[0, np.nan], [0, 0]]), r"got nan at edge \(0, 1\)"),
        (np.array([[0, 0], [np.inf, 0]]), r"got inf at edge \(1, 0\)"),
        (np.array([[0, 1j], [1j, 0]]), "real numbers, got dtype complex128"),
        (np.array([["", "a"], ["a", ""]]), "real numbers, got dtype <U1"),
    ],
)
def test_bad_matrices_name_the_entry(matrix, message):
    """What is wrong with a matrix is named with its place, dense or sparse."""
    with pytest.raises(InputError, match=message):
        as_graph(matrix)
    if matrix.ndim == 2 and matrix.dtype.kind in "if":
        with pytest.raises(InputError, match=message):
            as_graph(scipy.sparse.csc_array(matrix))


def test_sparse_input_is_summed_and_left_alone():
    """Entries that stand twice are summed, and the caller's matrix stays as it is."""
    matrix = scipy.sparse.csr_array(([1.0, 2, 3], [1, 1, 0], [0, 2, 3]), shape=(2, 2))
    assert as_graph(matrix).weights.tolist() == [3]
    assert as_graph(matrix, weight=None).weights.tolist() == [1]
    assert matrix.nnz == 3
    stored = scipy.sparse.coo_array(([0.0, 1.0], ([0, 1], [1, 1])), shape=(3, 3))
    with pytest.warns(HopfieldWarning):
        as_graph(stored)


@pytest.mark.parametrize(
    "edge", [(1,), (1, 2, 3, 4), 7, "ab", {1, 2}, ([1], 2), (1, {2}), None, np.array(3.0)]
)
def test_bad_edges_name_the_place(edge):
    """An edge that is none is named with its position."""
    with pytest.raises(InputError, match=r"edge must be \(u, v\).*at position 1"):
        as_graph([(0, 1), edge])


@pytest.mark.parametrize("graph", [None, 3, "G22", b"G22", {0: [1]}, object()])
def test_what_is_no_graph(graph):
    """What is no graph is refused by its type."""
    with pytest.raises(InputError, match=f"got {type(graph).__name__}"):
        as_graph(graph)


def test_attribute_that_no_edge_has_is_a_warning():
    """A name of one's own for the weights that no edge knows is likely a slip."""
    graph = nx.Graph([("a", "b", {"length": 2})])
    with pytest.warns(HopfieldWarning, match="no edge has the attribute 'lenght'"):
        assert as_graph(graph, weight="lenght").weights.tolist() == [1.0]
