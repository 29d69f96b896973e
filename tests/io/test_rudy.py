"""The rudy reader, line by line."""

import pytest

from hopfield_opt.errors import HopfieldWarning, ReadError
from hopfield_opt.io import rudy


def edges(graph):
    """Return the edges as triples of labels and weight."""
    names = graph.labels
    ends = zip(graph.heads, graph.tails, graph.weights.tolist(), strict=True)
    return [(names[u], names[v], w) for u, v, w in ends]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("3 2\n1 2 5\n3 2 -1.5\n", [(1, 2, 5.0), (2, 3, -1.5)]),
        ("3 2 \n1 2\n2 3", [(1, 2, 1.0), (2, 3, 1.0)]),
        ("3 2 \r\n1 2 5\r\n2 3 1e2 \r\n\r\n", [(1, 2, 5.0), (2, 3, 100.0)]),
        ("\n\n3 2\n\n1 2 5\n\n2 3 7\n\n", [(1, 2, 5.0), (2, 3, 7.0)]),
        ("3 2\r1 2 5\r2 3 7\r", [(1, 2, 5.0), (2, 3, 7.0)]),
        ("\ufeff3 2\n1 2 5\n\t2\t3 7\n", [(1, 2, 5.0), (2, 3, 7.0)]),
        ("3 2\n1 2 5\n2 1 6\n", [(1, 2, 11.0)]),
        ("3 1\n1 2 0\n", [(1, 2, 0.0)]),
        ("3 0\n", []),
        ("0 0", []),
    ],
)
def test_read(file, content, expected):
    """Line ends, blanks, missing weights and parallel edges are understood."""
    assert edges(rudy.read(file(content))) == expected


def test_labels_and_name(file):
    """Vertices are called as in the file, the graph after the file."""
    graph = rudy.read(file("4 1\n2 3\n"))
    assert graph.labels == (1, 2, 3, 4)
    assert graph.name == "instance"


def test_self_loops_are_ignored(file):
    """A self-loop counts as an announced edge, and is left out with a warning."""
    with pytest.warns(HopfieldWarning, match="1 self-loop"):
        assert edges(rudy.read(file("3 2\n1 1 5\n1 2 3\n"))) == [(1, 2, 3.0)]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("800\n", 1, "first line must be 'vertices edges', got '800'"),
        ("\n\na b\n", 3, "number of vertices must be a whole number >= 0, got 'a'"),
        ("3 -1\n", 1, "number of edges must be a whole number"),
        ("3 1_0\n", 1, "number of edges must be a whole number"),
        ("3 ١\n", 1, "number of edges must be a whole number"),
        ("3 2\n1 2 5\n", 2, "must hold 2 edges as line 1 says, got 1. Is it cut off?"),
        ("3 2\n", 1, "must hold 2 edges as line 1 says, got 0"),
        ("3 2\n1 2 5\n2", 3, "line must be 'u v' or 'u v weight', got '2'"),
        ("3 1\n1 2 5\n\n2 3 7\n1 3 7\n", 4, "must hold 1 edges as line 1 says, got 3"),
        ("3 0\n\n1 2 5\n", 3, "must hold 0 edges"),
        ("3 2\n1 2 5\n2 4 7\n", 3, "vertex must be an integer from 1 to 3, got 4"),
        ("3 2\n\n1 2 5\n\n0 3 7\n", 5, "vertex must be an integer from 1 to 3, got 0"),
        ("3 1\n1.5 2 5\n", 2, "vertex must be an integer from 1 to 3, got 1.5"),
        ("3 1\n-1 2 5\n", 2, "vertex must be an integer from 1 to 3, got -1"),
        ("3 2\n1 2 5\n2 3 nan\n", 3, "entry must be a finite number, got 'nan'"),
        ("3 2\n1 2 5\n2 3 -inf\n", 3, "entry must be a finite number, got '-inf'"),
        ("3 2\n1 2 5\n2 3 1e999\n", 3, "entry must be a finite number, got '1e999'"),
        ("3 2\n1 2 5\n2 3 1_0\n", 3, "entry must be a finite number, got '1_0'"),
        ("3 2\n1 2 5\n2 x 1\n", 3, "entry must be a finite number, got 'x'"),
        ("3 1\n1 2 5 6\n", 2, "line must be 'u v' or 'u v weight', got '1 2 5 6'"),
        ("3 1\n1\n", 2, "line must be 'u v' or 'u v weight', got '1'"),
        ("2000000 1\n1 2\n", 1, "number of vertices must be at most 16384 in a file of 2 lines"),
        (f"3 1\n1 2 {'9' * 60}x\n", 2, "got '9999999999999999999999999999999999999...'"),
    ],
)
def test_errors_name_file_and_line(file, content, line, message):
    """Each kind of damage is named with its line."""
    path = file(content)
    with pytest.raises(ReadError) as caught:
        rudy.read(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)
