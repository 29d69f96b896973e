"""The reader and writer of edge lists, line by line."""

import networkx as nx
import pytest

from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
from hopfield_opt.io import as_graph, edge_list


def edges(graph):
    """Return the edges as triples of labels and weight."""
    names = graph.labels
    ends = zip(graph.heads, graph.tails, graph.weights.tolist(), strict=True)
    return [(names[u], names[v], w) for u, v, w in ends]


@pytest.mark.parametrize(
    ("content", "labels", "expected"),
    [
        ("7 3\n3 5\n", (7, 3, 5), [(7, 3, 1.0), (3, 5, 1.0)]),
        ("# c\n% c\n\n7 3 2.5\r\n 3\t5 -1 \r\n", (7, 3, 5), [(7, 3, 2.5), (3, 5, -1.0)]),
        ("b a 2\na c 3\n", ("b", "a", "c"), [("b", "a", 2.0), ("a", "c", 3.0)]),
        ("1 a\n2 1\n", ("1", "a", "2"), [("1", "a", 1.0), ("1", "2", 1.0)]),
        ("07 +3\n3 7\n", (7, 3), [(7, 3, 2.0)]),
        ("-1 0\n", (-1, 0), [(-1, 0, 1.0)]),
        ("1.0 2\n2 1e1\n", (1, 2, 10), [(1, 2, 1.0), (2, 10, 1.0)]),
        ("1.5 2\n", ("1.5", "2"), [("1.5", "2", 1.0)]),
        ("nan 2\n", ("nan", "2"), [("nan", "2", 1.0)]),
        ("1_0 2\n", ("1_0", "2"), [("1_0", "2", 1.0)]),
        ("é ü\n", ("é", "ü"), [("é", "ü", 1.0)]),
        ("9007199254740993 9007199254740992\n", (2**53 + 1, 2**53), None),
        (
            "0 09007199254740993\n9007199254740993 1\n",
            (0, 2**53 + 1, 1),
            [(0, 2**53 + 1, 1.0), (2**53 + 1, 1, 1.0)],
        ),
        ("# only a comment\n", (), []),
    ],
)
def test_read(file, content, labels, expected):
    """Labels are integers where all look so, in the order of their appearance."""
    graph = edge_list.read(file(content))
    assert graph.labels == labels
    assert [type(label) for label in graph.labels] == [type(label) for label in labels]
    assert expected is None or edges(graph) == expected


def test_many_digits(file):
    """A word of more digits than Python converts is a name."""
    assert edge_list.read(file(f"{'1' * 5000} 2\n")).labels == ("1" * 5000, "2")


def test_self_loops_are_ignored(file):
    """A self-loop is left out with a warning, its vertex stays."""
    with pytest.warns(HopfieldWarning, match="1 self-loop"):
        assert edge_list.read(file("a a\na b\n")).labels == ("a", "b")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("1\n", 1, "line must be 'u v' or 'u v weight', got '1'"),
        ("# c\n1 2 3 4\n", 2, "line must be 'u v' or 'u v weight', got '1 2 3 4'"),
        ("a b 1\nb\n", 2, "line must be 'u v' or 'u v weight', got 'b'"),
        ("a b 1\n% c\nb c x\n", 3, "weight must be a finite number, got 'x'"),
        ("1 2 1\n2 3 nan\n", 2, "weight must be a finite number, got 'nan'"),
        ("1 2 1\n2 3 inf\n", 2, "weight must be a finite number, got 'inf'"),
        ("a 2 1\n2 3 1_0\n", 2, "weight must be a finite number, got '1_0'"),
        ("a 2 1\n2 3 ١\n", 2, "weight must be a finite number, got"),
    ],
)
def test_errors_name_file_and_line(file, content, line, message):
    """Each kind of damage is named with its line."""
    path = file(content)
    with pytest.raises(ReadError) as caught:
        edge_list.read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "graph",
    [
        [("a", 1)],
        [((0, 1), (0, 2))],
        [("a b", "c")],
        [("", "c")],
        [("#a", "c")],
        [("1", "2")],
        [("1.0", "2")],
        [(True, False)],
        [(1.5, 2.5)],
    ],
)
def test_labels_that_would_not_read_back(tmp_path, graph):
    """Labels that would come back as others are refused."""
    path = tmp_path / "graph"
    with pytest.raises(InputError, match="labels must be all integers, or all words"):
        edge_list.write(as_graph(graph), path)
    assert not path.exists()


@pytest.mark.parametrize("graph", [[("a", "1"), ("1", "2.5")], [(5, 3), (-2, 5)]])
def test_labels_that_read_back(tmp_path, graph):
    """Words and integers come back as they were."""
    path = tmp_path / "graph"
    edge_list.write(as_graph(graph), path)
    assert set(edge_list.read(path).labels) == set(as_graph(graph).labels)


def test_isolated_vertex(tmp_path):
    """A vertex without an edge has no place in an edge list, and the error says what has."""
    with pytest.raises(InputError, match="got none at 2.*rudy"):
        edge_list.write(as_graph(nx.Graph({0: [1], 2: []})), tmp_path / "g")
