"""The DIMACS format of colouring and clique instances: `p edge n m`, then m lines `e u v`."""

import re
from pathlib import Path

import numpy as np

from hopfield_opt.arrays import warn
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text
from hopfield_opt.io.weighted_graph import WeightedGraph

# places and descriptions of vertices, which are no part of the graph
SKIPPED = ("c", "d", "v", "x")
COMMENT = re.compile(rf"^[ \t]*c(?=\s|$).*|{text.COMMENT.pattern}", re.MULTILINE)


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels are the vertex numbers 1 ... n of the file.

    Parameters
    ----------
    path : path-like
        Lines `c ...`, and what follows a `#` or `%`, are comments. `p edge n m` (or
        `p col n m`) stands before the edges, each of which is `e u v`. An edge that is named
        twice, as often in colouring instances, counts once; all weigh 1. Weights of vertices,
        `n v w`, are ignored with a warning.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, COMMENT)
    first, num_vertices, num_edges = _header(path, lines)
    kept = [
        (number, line)
        for number, line in enumerate(lines[first:], first + 1)
        if line.strip() and line.split(None, 1)[0] not in SKIPPED
    ]
    if any(line.split(None, 1)[0] == "n" for _, line in kept):
        warn(f"{path}: weights of vertices (lines 'n v w') are ignored.")
        kept = [item for item in kept if item[1].split(None, 1)[0] != "n"]
    ends = np.array([_edge(path, *item, num_vertices) for item in kept], dtype=np.int64)
    if len(ends) < num_edges and 2 * len(ends) != num_edges:
        message = f"file must hold {num_edges} edges as line {first} says, got {len(ends)}."
        raise ReadError(path, len(lines), f"{message} Is it cut off?")
    if len(ends) > num_edges and len(ends) != 2 * num_edges:
        message = f"file must hold {num_edges} edges as line {first} says, got {len(ends)}."
        raise ReadError(path, kept[num_edges][0], message)
    pairs = np.unique(np.sort(ends.reshape(-1, 2) - 1, axis=1), axis=0)
    labels = range(1, num_vertices + 1)
    heads, tails = pairs.T
    return WeightedGraph(labels, heads, tails, np.ones(len(pairs)), Path(path).name)


def _header(path: text.PathName, lines: list[str]) -> tuple[int, int, int]:
    """Return the number of the line `p edge n m`, n and m."""
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0] in SKIPPED:
            continue
        if words[0] != "p" or len(words) != 4 or words[1] not in ("edge", "col", "edges"):
            message = f"line must be 'p edge vertices edges', got {text.show_token(line.strip())}."
            raise ReadError(path, number, f"{message} Is the file of another format?")
        size = text.vertex_count(path, number, words[2], lines)
        return number, size, text.count(path, number, "number of edges", words[3])
    raise ReadError(path, None, "file must hold a line 'p edge vertices edges', got none.")


def _edge(path: text.PathName, number: int, line: str, num_vertices: int) -> tuple[int, int]:
    words = line.split()
    if words[0] != "e" or len(words) != 3:
        raise ReadError(path, number, f"line must be 'e u v', got {text.show_token(line.strip())}.")
    u, v = (text.count(path, number, "vertex", word) for word in words[1:])
    if not (1 <= u <= num_vertices and 1 <= v <= num_vertices):
        wrong = v if 1 <= u <= num_vertices else u
        message = f"vertex must be an integer from 1 to {num_vertices}, got {wrong}."
        raise ReadError(path, number, message)
    return u, v


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph; vertices are numbered in the order of its labels, which are not kept.

    Parameters
    ----------
    graph : WeightedGraph
        A graph whose edges all weigh 1: this format has no word for other weights.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If an edge weighs something else, so many vertices are isolated that it could not be
        read, or the file cannot be written.
    """
    text.check_announced(graph.num_vertices, 1 + graph.num_edges)
    if (other := graph.weights != 1).any():
        value = float(graph.weights[other][0])
        raise InputError(
            f"weights must all be 1 for the DIMACS format, got {value:g}. Write it as rudy."
        )
    body = (f"e {u} {v}" for u, v in zip(graph.heads + 1, graph.tails + 1, strict=True))
    text.write_lines(path, [f"p edge {graph.num_vertices} {graph.num_edges}", *body])
