"""What holds for the reader and writer of every graph format."""

import random
import warnings
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
from hopfield_opt.io import GRAPH_FORMATS, as_graph, formats, read_graph, write_graph

finite = st.floats(-1e9, 1e9, allow_nan=False).filter(bool)
weights = st.one_of(st.just(1.0), st.integers(-9, 9).filter(bool).map(float), finite)


@st.composite
def graphs(draw):
    """Return a random graph without isolated vertices, its labels 1, 2, ... in edge order."""
    size = draw(st.integers(2, 8))
    pairs = st.tuples(st.integers(1, size), st.integers(1, size)).filter(lambda e: e[0] != e[1])
    edges = draw(st.lists(pairs, min_size=1, max_size=12, unique_by=lambda e: frozenset(e)))
    names = {
        v: k + 1 for k, v in enumerate(dict.fromkeys(v for edge in sorted(edges) for v in edge))
    }
    return as_graph([(names[u], names[v], draw(weights)) for u, v in sorted(edges)])


def edges_by_label(graph):
    """Return the weight of each edge by the labels of its ends."""
    return {
        frozenset((graph.labels[u], graph.labels[v])): w
        for u, v, w in zip(graph.heads, graph.tails, graph.weights, strict=True)
    }


def outcome(path, name):
    """Return the graph in a file as a dictionary, or the error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HopfieldWarning)
        try:
            graph = read_graph(path, name)
        except InputError as error:
            return str(error)
    return graph.labels, edges_by_label(graph)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
@given(graph=graphs())
def test_what_is_written_reads_back(file, name, graph):
    """A graph that is written and read is the same, weight by weight."""
    path = file("")
    write_graph(graph, path, name)
    back = read_graph(path, name)
    assert back.num_vertices == graph.num_vertices
    assert edges_by_label(back) == edges_by_label(graph)


@pytest.mark.parametrize("name", ["rudy", "metis"])
@pytest.mark.parametrize("size", [0, 1, 4])
def test_isolated_vertices_are_kept(file, name, size):
    """Vertices without edges survive in the formats that count vertices."""
    path = file("")
    write_graph(as_graph(nx.empty_graph(size)), path, name)
    assert read_graph(path, name).labels == tuple(range(1, size + 1))


@pytest.mark.parametrize("name", GRAPH_FORMATS)
@given(graph=graphs(), chance=st.integers(0, 2**32))
def test_spoiled_text_gives_an_error_or_a_graph(file, spoiled, name, graph, chance):
    """No edit of a file leads to anything but a graph or one clear line."""
    path = file("")
    write_graph(graph, path, name)
    path = file(spoiled(path.read_text(), random.Random(chance)))
    found = outcome(path, name)
    if isinstance(found, str):
        assert str(path) in found or "finite sum" in found
        assert "\n" not in found
    else:
        labels, edges = found
        assert len(set(labels)) == len(labels)
        assert np.isfinite(list(edges.values())).all()


@pytest.mark.parametrize("name", ["rudy", "edge-list"])
@given(graph=graphs(), chance=st.integers(0, 2**32))
def test_the_fast_parser_agrees_with_the_careful_one(file, spoiled, name, graph, chance):
    """Parsing all lines at once and line by line give the same graph or the same error."""
    path = file("")
    write_graph(graph, path, name)
    path = file(spoiled(path.read_text(), random.Random(chance)))
    with mock.patch("hopfield_opt.io.tables.fast_table", return_value=None):
        careful = outcome(path, name)
    assert outcome(path, name) == careful


@pytest.mark.parametrize("name", GRAPH_FORMATS)
@given(content=st.binary(max_size=60))
def test_bytes_give_an_error_or_a_graph(file, name, content):
    """No file whatsoever leads to anything but a graph or an error of ours."""
    assert isinstance(outcome(file(content), name), (str, tuple))


@pytest.mark.parametrize("name", GRAPH_FORMATS)
@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", None, "must hold an instance, got nothing"),
        (b" \r\n\n", None, "must hold an instance, got nothing"),
        (b"3 1\n1 2 \xff\n", 2, "must be text, got byte 0xff"),
        (b"3 1\n\x00\n", 2, "must be text, got byte 0x00"),
        (b"\x1f\x8b\x08\x00", 1, "must be text, got byte 0x00"),
    ],
)
def test_files_that_are_no_text(file, name, content, line, message):
    """An empty file and a file of bytes are named with the line where that shows."""
    path = file(content)
    place = str(path) if line is None else f"{path}:{line}"
    with pytest.raises(ReadError) as caught:
        read_graph(path, name)
    assert str(caught.value).startswith(f"{place}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_missing_file_and_folder(tmp_path, name):
    """A missing file and a folder are input errors that name them."""
    with pytest.raises(InputError, match="No such file"):
        read_graph(tmp_path / "none", name)
    with pytest.raises(InputError, match="Is a directory"):
        read_graph(tmp_path, name)
    with pytest.raises(InputError, match="must be readable"):
        read_graph("nul\0byte", name)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_a_failed_write_leaves_the_old_file(tmp_path, name):
    """A write that fails is an error and changes nothing on the disk."""
    path = tmp_path / "graph"
    path.write_text("precious")
    path.chmod(0o444)
    with pytest.raises(InputError, match="must be writable"):
        write_graph(as_graph([(1, 2)]), tmp_path / "no" / "folder", name)
    with pytest.raises(InputError):
        write_graph(as_graph([(1, 2)]), "nul\0byte", name)
    assert [entry.name for entry in tmp_path.iterdir()] == ["graph"]
    assert path.read_text() == "precious"


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path):
    """What was there stays until the new file is complete."""
    path = tmp_path / "graph"
    path.write_text("precious")
    with pytest.raises(InputError, match="must be writable"):
        write_graph(as_graph([("a", "b"), ("b", "half-a-letter-\ud800")]), path, "edge-list")
    assert [entry.name for entry in tmp_path.iterdir()] == ["graph"]
    assert path.read_text() == "precious"


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_a_file_too_short_for_its_header_takes_no_memory(file, name):
    """A few bytes that announce 10^15 vertices are refused before anything is allocated."""
    with pytest.raises(ReadError):
        read_graph(file("999999999999999 0\n1 2 3 4\n"), name)


def test_every_format_has_a_reader_and_a_writer():
    """The registry names modules that exist."""
    for found in formats.values():
        module = found._module()
        assert callable(module.read)
        assert callable(module.write)
