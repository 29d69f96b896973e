"""The DIMACS format: what is read, what is forgiven, and errors that name the line."""

import networkx as nx
import pytest

from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
from hopfield_opt.io import as_graph, dimacs, find_format


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a file and returns its name."""

    def write(content):
        path = tmp_path / "graph.col"
        path.write_text(content)
        return path

    return write


def test_read(file):
    """Comments and places are skipped, an edge in both directions counts once."""
    graph = dimacs.read(file("c hello\n\np col 4 4\nd 1 2\ne 1 2\ne 2 1\ne 3 2\ne 2 3\n"))
    assert graph.labels == (1, 2, 3, 4)
    assert list(zip(graph.heads.tolist(), graph.tails.tolist(), strict=True)) == [(0, 1), (1, 2)]
    assert graph.weights.tolist() == [1.0, 1.0]
    assert dimacs.read(file("p edge 2 0\n")).num_edges == 0


def test_half_counts(file):
    """Some files count each edge once and name it twice, or the other way round."""
    both = "e 1 2\ne 2 1\n"
    assert dimacs.read(file(f"p edge 2 1\n{both}")).num_edges == 1
    assert dimacs.read(file("p edge 2 2\ne 1 2\n")).num_edges == 1


def test_round_trip(tmp_path):
    """What is written reads back as the same graph."""
    graph = as_graph(nx.petersen_graph())
    path = tmp_path / "petersen.clq"
    assert find_format(path, None, ("rudy", "dimacs")).name == "dimacs"
    dimacs.write(graph, path)
    again = dimacs.read(path)
    assert (again.heads == graph.heads).all()
    assert (again.tails == graph.tails).all()
    with pytest.raises(InputError, match="all be 1 .* got 2"):
        dimacs.write(as_graph([(0, 1, 2)]), path)


def test_vertex_weights_are_ignored_aloud(file):
    """Lines with weights of vertices give a warning."""
    with pytest.warns(HopfieldWarning, match="'n v w'"):
        assert dimacs.read(file("p edge 2 1\nn 1 5\ne 1 2\n")).num_edges == 1


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("c only\n", None, "got only comments"),
        ("e 1 2\n", 1, "'p edge vertices edges'"),
        ("c x\np edge 3\n", 2, "'p edge vertices edges'"),
        ("p edge x 1\ne 1 2\n", 1, "whole number"),
        ("p edge 3 1\ne 1 4\n", 2, "from 1 to 3, got 4"),
        ("p edge 3 1\ne 0 2\n", 2, "from 1 to 3, got 0"),
        ("p edge 3 1\ne 1 2 3\n", 2, "'e u v'"),
        ("p edge 3 1\nq 1 2\n", 2, "'e u v'"),
        ("p edge 3 1\ne 1 2.5\n", 2, "whole number"),
        ("p edge 3 3\ne 1 2\ne 2 3\n", 3, "must hold 3 edges .* got 2"),
        ("p edge 3 2\ne 1 2\ne 2 3\ne 3 1\n", 4, "must hold 2 edges .* got 3"),
        ("p edge 999999999999999 0\n", 1, "at most"),
    ],
)
def test_errors(file, content, line, message):
    """Each mistake names the file and the line."""
    with pytest.raises(ReadError, match=message) as error:
        dimacs.read(file(content))
    assert str(error.value).split(" ")[0].endswith("graph.col:" if line is None else f":{line}:")
