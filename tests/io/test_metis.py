"""The METIS reader, line by line."""

import pytest

from hopfield_opt.errors import ReadError
from hopfield_opt.io import as_graph, metis


def edges(graph):
    """Return the edges as triples of labels and weight."""
    names = graph.labels
    ends = zip(graph.heads, graph.tails, graph.weights.tolist(), strict=True)
    return [(names[u], names[v], w) for u, v, w in ends]


PATH = [(1, 2, 1.0), (2, 3, 1.0)]
WEIGHTED = [(1, 2, 4.0), (2, 3, 5.5)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("3 2\n2\n1 3\n2\n", PATH),
        ("3 2 0\n2 \n3 1\n2", PATH),
        ("3 2 000\r\n 2\r\n1 3\r\n2\r\n\r\n", PATH),
        ("% a\n3 2\n2\n% b\n1 3\n  % c\n2\n", PATH),
        ("3 2 1\n2 4\n1 4 3 5.5\n2 5.5\n", WEIGHTED),
        ("3 2 001\n2 4\n3 5.5 1 4\n2 5.5\n", WEIGHTED),
        ("3 2 10\n9 2\n8 1 3\n7 2\n", PATH),
        ("3 2 11\n9 2 4\n8 1 4 3 5.5\n7 2 5.5\n", WEIGHTED),
        ("3 2 011 2\n9 9 2 4\n8 8 1 4 3 5.5\n7 7 2 5.5\n", WEIGHTED),
        ("3 1 10\n9 2\n8 1\n7\n", [(1, 2, 1.0)]),
        ("3 2 100\n9 2\n8 1 3\n7 2\n", PATH),
        ("3 2 110\n9 1 2\n8 1 1 3\n7 1 2\n", PATH),
        ("4 1\n\n3\n2\n\n", [(2, 3, 1.0)]),
        ("4 1\n\n3\n2", [(2, 3, 1.0)]),
        ("2 0\n\n\n\n\n", []),
        ("0 0\n", []),
    ],
)
def test_read(file, content, expected):
    """Comments, blank lines and all codes of the format are understood."""
    assert edges(metis.read(file(content))) == expected


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("% only\n", None, "got only comments"),
        ("3\n", 1, "first line must be 'vertices edges [fmt [ncon]]'"),
        ("%\n\n3 2 7\n", 3, "with fmt of digits 0 and 1, got '3 2 7'"),
        ("3 2 0000\n", 1, "with fmt of digits"),
        ("3 2 0 1 1\n", 1, "with fmt of digits"),
        ("3 x\n", 1, "number of edges must be a whole number >= 0, got 'x'"),
        ("3 2\n2\n1 3\n", 3, "must hold 4 neighbours, two for each of 2 edges, got 3"),
        ("3 1\n2\n1\n3\n2\n", 5, "must end after the lines of 3 vertices"),
        ("3 2\n2\n1 4\n2\n", 3, "neighbour of vertex 2 must be another vertex from 1 to 3, got 4"),
        ("3 2\n2\n1 0\n2\n", 3, "neighbour of vertex 2 must be another vertex from 1 to 3, got 0"),
        ("3 2\n2\n1 2\n2\n", 3, "neighbour of vertex 2 must be another vertex from 1 to 3, got 2"),
        ("3 2\n2\n1 1.5\n2\n", 3, "got 1.5"),
        ("3 2\n2\n1 x\n2\n", 3, "entry must be a finite number, got 'x'"),
        ("3 2 1\n2 4\n1 4 3 nan\n2 5\n", 3, "entry must be a finite number, got 'nan'"),
        ("3 2 1\n2 4\n1 4 3\n2 5\n", 3, "must be pairs of a neighbour and a weight, got '1 4 3'"),
        ("3 2 11\n9 2 4\n8 1 4 3\n7 2\n", 3, "must be 1 number(s), then pairs"),
        ("2 1 10 3\n1 1\n1 1\n", 2, "must be 3 number(s), then neighbours, got '1 1'"),
        ("3 2\n%\n2 3\n1\n2\n", 3, "edge between vertices 1 and 3 must stand at both"),
        (
            "3 2 1\n2 4\n1 4 3 5\n2 6\n",
            3,
            "between vertices 2 and 3 must stand at both with the same weight, got 5 here and 6 "
            "in line 4",
        ),
    ],
)
def test_errors_name_file_and_line(file, content, line, message):
    """Each kind of damage is named with its line."""
    path = file(content)
    with pytest.raises(ReadError) as caught:
        metis.read(path)
    place = str(path) if line is None else f"{path}:{line}"
    assert str(caught.value).startswith(f"{place}: ")
    assert message in str(caught.value)


def test_write(tmp_path):
    """Weights are written where not all are 1, and neighbours in order."""
    path = tmp_path / "graph"
    metis.write(as_graph([("a", "b"), ("c", "b")]), path)
    assert path.read_text() == "3 2\n2\n1 3\n2\n"
    metis.write(as_graph([("a", "b", 2), ("c", "b", -0.5)]), path)
    assert path.read_text() == "3 2 1\n2 2\n1 2 3 -0.5\n2 -0.5\n"
