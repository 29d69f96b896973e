"""The rudy format of Max-Cut instances (G-set, Biq Mac): `n m`, then m lines `u v [w]`."""

from pathlib import Path

import numpy as np

from hopfield_opt.errors import ReadError
from hopfield_opt.io import tables, text
from hopfield_opt.io.weighted_graph import WeightedGraph

COLUMNS = {2: "u v", 3: "u v weight"}


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels are the vertex numbers 1 ... n of the file.

    Parameters
    ----------
    path : path-like
        The first line holds the numbers of vertices and edges, each following line the two
        ends of an edge, from 1 on, and its weight, which is 1 where it is missing. Blank
        lines, and what follows a `#` or `%`, are skipped.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT)
    first = next(position for position, line in enumerate(lines) if line.strip())
    header = lines[first].split()
    if len(header) != 2:
        message = (
            f"first line must be 'vertices edges', got {text.show_token(lines[first].strip())}."
        )
        raise ReadError(path, first + 1, f"{message} Is the file of another format?")
    num_vertices = text.vertex_count(path, first + 1, header[0], lines)
    num_edges = text.count(path, first + 1, "number of edges", header[1])
    table, line_of = tables.number_table(path, lines[first + 1 :], first + 1, COLUMNS, last=1.0)
    ends = table[:, :2]
    wrong = (ends != np.floor(ends)) | (ends < 1) | (ends > num_vertices)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        message = f"vertex must be an integer from 1 to {num_vertices}, got {ends[row, column]:g}."
        raise ReadError(path, line_of(int(row)), message)
    if len(table) != num_edges:
        # what is too much begins after the last edge that was announced
        line = line_of(num_edges) if len(table) > num_edges else len(lines)
        message = f"file must hold {num_edges} edges as line {first + 1} says, got {len(table)}."
        raise ReadError(path, line, message + (" Is it cut off?" if len(table) < num_edges else ""))
    weights = table[:, 2] if table.shape[1] == 3 else np.ones(len(table))
    heads, tails = ends.astype(np.int64).T - 1
    return WeightedGraph(range(1, num_vertices + 1), heads, tails, weights, Path(path).name)


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph; vertices are numbered in the order of its labels, which are not kept.

    Parameters
    ----------
    graph : WeightedGraph
        Any graph.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If so many vertices are isolated that it could not be read, a weight is above 1e100 in
        size, or the file cannot be written.
    """
    text.check_announced(graph.num_vertices, 1 + graph.num_edges)
    ends = (graph.heads + 1).tolist(), (graph.tails + 1).tolist()
    rows = zip(*ends, text.format_numbers(graph.weights), strict=True)
    body = (f"{u} {v} {w}" for u, v, w in rows)
    text.write_lines(path, [f"{graph.num_vertices} {graph.num_edges}", *body])
