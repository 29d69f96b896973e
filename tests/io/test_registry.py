"""Formats are found by name, then by suffix, never by content."""

import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.io import find_format, read_graph


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("G22", "rudy"),
        ("g05_100.0", "rudy"),
        ("a.mc", "rudy"),
        ("a.GRAPH", "metis"),
        ("a.graph", "metis"),
        ("a.metis", "metis"),
        ("a.edges", "edge-list"),
        ("a.edgelist", "edge-list"),
        ("a.txt", "rudy"),
        ("a.graph/G1", "rudy"),
    ],
)
def test_suffix(path, name):
    """The suffix names the format, and an unknown one means the usual format."""
    assert find_format(path, None).name == name


def test_the_name_wins():
    """A format that is said is taken, whatever the suffix."""
    assert find_format("a.graph", "rudy").name == "rudy"


def test_first_allowed_format_is_the_usual_one():
    """What the suffix does not say is decided by the list of the problem."""
    assert find_format("a", None, ("metis", "rudy")).name == "metis"
    assert find_format("a.edges", None, ("metis", "rudy")).name == "metis"


@pytest.mark.parametrize("name", ["ruddy", "", "edge_list"])
def test_unknown_format(name):
    """An unknown format is an error that lists the known ones."""
    with pytest.raises(InputError, match="format must be one of csv, edge-list, metis, rudy"):
        find_format("a", name)


def test_content_is_not_looked_at(tmp_path):
    """A METIS file without its suffix is read as rudy, and the error says so."""
    path = tmp_path / "graph"
    path.write_text("3 2 1\n2 5\n1 5 3 5\n2 5\n")
    with pytest.raises(InputError, match="'vertices edges'.*another format"):
        read_graph(path)
