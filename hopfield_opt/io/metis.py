"""The METIS format: `n m [fmt [ncon]]`, then for each vertex a line with its neighbours."""

import re
from pathlib import Path

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.errors import ReadError
from hopfield_opt.io import text
from hopfield_opt.io.graphs import asymmetric_entry
from hopfield_opt.io.weighted_graph import WeightedGraph

# the sign stays: a line that begins with it is none, a blank line is a vertex
COMMENT = re.compile(r"(?<=[#%]).*")

Ints = NDArray[np.int64]


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels are the vertex numbers 1 ... n of the file.

    Parameters
    ----------
    path : path-like
        As in the manual of METIS 5, section 4.1.1: `fmt` has up to three digits that say
        whether there are vertex sizes, vertex weights (both are skipped) and edge weights;
        `ncon` is the number of weights of a vertex. What follows a `%` or `#` is a comment; a line
        that begins with it is none, but a blank line is a vertex without neighbours. Edge
        weights may be any finite number.

    Raises
    ------
    ReadError
        If the file is not of this form, or an edge does not stand at both ends with the same
        weight, naming the line.
    """
    lines = text.read_lines(path, COMMENT, empty=True)
    rows = [
        (number, line.rstrip("#%"))
        for number, line in enumerate(lines, 1)
        if not line.lstrip().startswith(("%", "#"))
    ]
    first = next((k for k, (_, line) in enumerate(rows) if line.strip()), None)
    if first is None:
        raise ReadError(path, None, "file must hold a graph, got only comments. Is it cut off?")
    num_vertices, num_edges, skip, weighted = _header(path, lines, *rows[first])
    del rows[: first + 1]
    while len(rows) > num_vertices and not rows[-1][1].strip():
        rows.pop()
    if len(rows) > num_vertices:
        message = f"file must end after the lines of {num_vertices} vertices, got another line."
        raise ReadError(path, rows[num_vertices][0], message)
    # blank last lines get lost in editors; what else is missing shows in the number of edges
    rows.extend((len(lines), "") for _ in range(num_vertices - len(rows)))
    heads, tails, weights = _entries(path, rows, skip, weighted)
    if len(heads) != 2 * num_edges:
        message = (
            f"file must hold {2 * num_edges} neighbours, two for each of {num_edges} edges, got "
            f"{len(heads)}. Is it cut off?"
        )
        raise ReadError(path, len(lines), message)
    _check_both_ends(path, heads, tails, weights, np.array([number for number, _ in rows]))
    once = heads < tails
    labels = range(1, num_vertices + 1)
    return WeightedGraph(labels, heads[once], tails[once], weights[once], Path(path).name)


def _header(
    path: text.PathName, lines: list[str], line: int, header: str
) -> tuple[int, int, int, bool]:
    """Return vertices, edges, the numbers to skip in each line, and whether edges have weights."""
    tokens = header.split()
    digits = tokens[2].zfill(3) if len(tokens) > 2 else "000"
    if not 2 <= len(tokens) <= 4 or len(digits) != 3 or set(digits) - {"0", "1"}:
        raise ReadError(
            path,
            line,
            "first line must be 'vertices edges [fmt [ncon]]' with fmt of digits 0 and 1, got "
            f"{text.show_token(header.strip())}. Is the file of another format?",
        )
    num_vertices = text.vertex_count(path, line, tokens[0], lines)
    num_edges = text.count(path, line, "number of edges", tokens[1])
    num_weights = text.count(path, line, "ncon", tokens[3]) if len(tokens) > 3 else 1
    skip = (digits[0] == "1") + (digits[1] == "1") * num_weights
    return num_vertices, num_edges, skip, digits[2] == "1"


def _entries(
    path: text.PathName, rows: list[tuple[int, str]], skip: int, weighted: bool
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return vertex, neighbour and weight of each entry of each line."""
    counts = np.array([len(line.split()) for _, line in rows], dtype=np.int64)
    step = 2 if weighted else 1
    wrong = (counts > 0) & ((counts < skip) | ((counts - skip) % step != 0))
    if wrong.any():
        line, content = rows[int(wrong.argmax())]
        words = "pairs of a neighbour and a weight" if weighted else "neighbours"
        lead = f"{skip} number(s), then " if skip else ""
        message = f"line must be {lead}{words}, got {text.show_token(content.strip())}."
        raise ReadError(path, line, message)
    values = _values(path, rows)
    vertex = np.repeat(np.arange(len(rows)), counts)
    place = np.arange(len(values)) - np.repeat(np.cumsum(counts) - counts, counts) - skip
    entry = np.flatnonzero((place >= 0) & (place % step == 0))
    heads, ends = vertex[entry], values[entry]
    wrong = (ends != np.floor(ends)) | (ends < 1) | (ends > len(rows)) | (ends == heads + 1)
    if wrong.any():
        bad = int(wrong.argmax())
        message = (
            f"neighbour of vertex {heads[bad] + 1} must be another vertex from 1 to {len(rows)}, "
            f"got {ends[bad]:g}."
        )
        raise ReadError(path, rows[heads[bad]][0], message)
    weights = values[entry + 1] if weighted else np.ones(len(entry))
    return heads, ends.astype(np.int64) - 1, weights


def _values(path: text.PathName, rows: list[tuple[int, str]]) -> NDArray[np.float64]:
    """Return all numbers of the lines in one row."""
    joined = " ".join(line for _, line in rows)
    try:
        values = np.array(list(map(float, joined.split())), dtype=np.float64)
        if text.surely_exact(values) and text.plain(joined):
            return values
    except ValueError:
        pass
    return np.array(
        [text.number(path, row, "entry", token) for row, line in rows for token in line.split()]
    )


def _check_both_ends(
    path: text.PathName, heads: Ints, tails: Ints, weights: NDArray[np.float64], lines: Ints
) -> None:
    """Raise an error naming an edge that does not stand at both ends with the same weight."""
    size = len(lines)
    matrix = scipy.sparse.coo_array((weights, (heads, tails)), (size, size)).tocsr()
    if (entry := asymmetric_entry(matrix)) is not None:
        u, v = entry
        raise ReadError(
            path,
            int(lines[u]),
            f"edge between vertices {u + 1} and {v + 1} must stand at both with the same weight, "
            f"got {matrix[u, v]:g} here and {matrix[v, u]:g} in line {lines[v]}. Correct one.",
        )


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph; vertices are numbered in the order of its labels, which are not kept.

    Edge weights are written (`fmt` 1) where not all are 1. METIS itself takes only positive
    integers.

    Parameters
    ----------
    graph : WeightedGraph
        Any graph.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    weighted = bool((graph.weights != 1).any())
    heads = np.concatenate([graph.heads, graph.tails])
    tails = np.concatenate([graph.tails, graph.heads])
    order = np.lexsort((tails, heads))
    words = list(map(str, (tails[order] + 1).tolist()))
    if weighted:
        weights = text.format_numbers(np.concatenate([graph.weights, graph.weights])[order])
        words = [f"{word} {weight}" for word, weight in zip(words, weights, strict=True)]
    ends = np.cumsum(np.bincount(heads, minlength=graph.num_vertices)).tolist()
    rows = (" ".join(words[a:b]) for a, b in zip([0, *ends], ends, strict=False))
    header = f"{graph.num_vertices} {graph.num_edges}{' 1' if weighted else ''}"
    text.write_lines(path, [header, *rows])
