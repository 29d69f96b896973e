"""Tables of edges with a header: columns by name, labels with blanks, errors with their lines."""

import io

import networkx as nx
import pytest

from hopfield_opt.errors import ReadError
from hopfield_opt.files import Source
from hopfield_opt.io import csv, edge_list, formats
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.problems import MaxCut

ROADS = 'from,to,road,km\nA,"B, b",x,2\n"B, b",C,y,3\n'


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_columns_are_taken_by_name(between):
    """Two ends and a weight, in any order and between any of the signs; without names the first."""
    table = f"km{between}to{between}from\n2{between}b{between}a\n5{between}c{between}b\n"
    source = Source.of(io.StringIO(table), ("from", "to", "km"))
    graph = csv.read(source)
    assert (graph.labels, graph.weights.tolist()) == (("a", "b", "c"), [2.0, 5.0])
    plain = MaxCut.read(io.StringIO(ROADS), "csv").graph
    assert (plain.labels, plain.weights.tolist()) == (("A", "B, b", "C"), [1.0, 1.0])
    named = MaxCut.read(Source.of(io.StringIO(ROADS), ("from", "to", "km")), "csv").graph
    assert named.weights.tolist() == [2.0, 3.0]


@pytest.mark.parametrize(
    ("table", "columns", "message"),
    [
        (ROADS, ("from", "too"), r"<StringIO>:1: column must be one of .*Did you mean 'to'\?"),
        (ROADS, ("from",), "1: columns must be two ends and maybe a weight, got .'from'"),
        ("alone\na\n", (), "1: columns must be two ends"),
        ("a,b\n1,2,3\n", (), "2: line must have 2 columns as the header, got 3"),
        ("a,b,w\n1,2,x\n", (), "2: weight must be a finite number, got 'x'"),
        ("a,b\n1,\n", (), "ends of edges must be named, got an empty cell"),
        ("", (), "file must hold an instance, got nothing"),
    ],
)
def test_what_is_wrong_is_named(table, columns, message):
    """An error names the line, and the column that is not there."""
    with pytest.raises(ReadError, match=message):
        formats["csv"].read(Source.of(io.StringIO(table), columns))


def test_labels_go_round(tmp_path):
    """What is written comes back with its labels, those with blanks, commas and quotes, too."""
    graph = as_graph([("a b", 'c "d", e', 1.5), ('c "d", e', "f;g", -2.0)])
    formats["csv"].write(graph, tmp_path / "a.csv")
    back = formats["csv"].read(tmp_path / "a.csv")
    assert (back.labels, back.weights.tolist()) == (graph.labels, graph.weights.tolist())
    for labels in (("a\n", "b"), ("1", "2"), (1, "b")):
        with pytest.raises(ValueError, match="labels must be"):
            formats["csv"].write(as_graph([labels]), tmp_path / "b.csv")


@pytest.mark.parametrize("data", [True, False, ["weight"]])
def test_edges_as_networkx_writes_them(tmp_path, data):
    """Weights come from the data behind an edge, whatever else stands there."""
    graph = nx.Graph()
    graph.add_edge(1, 2, weight=3, kind="a {b", tags=[1, {"x": None}])
    graph.add_edge(2, 5, weight=-1.5)
    graph.add_edge(5, 9)
    nx.write_edgelist(graph, tmp_path / "g.edgelist", data=data)
    if data == ["weight"]:
        graph.remove_node(9)
        nx.write_weighted_edgelist(graph, tmp_path / "g.edgelist")
    found = edge_list.read(tmp_path / "g.edgelist")
    wanted = as_graph(graph) if data else as_graph(graph, weight=None)
    assert found.labels == wanted.labels
    assert found.weights.tolist() == wanted.weights.tolist()


@pytest.mark.parametrize(
    "line", ["1 2 {'weight': 'x'}", "1 2 {", "1 2 {f()}", "1 2 {1}", "1 2 {'weight': 1e999}"]
)
def test_data_that_are_no_weight_are_refused(line):
    """Data are read as numbers and words, and never run; what is none of them names the line."""
    with pytest.raises(ReadError, match="<StringIO>:2: (data|weight) must be"):
        formats["edge-list"].read(io.StringIO(f"1 3 {{}}\n{line}\n"))
