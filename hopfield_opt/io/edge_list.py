"""Edge lists: lines `u v`, `u v w` or `u v {'weight': w}`, and comments behind a `#` or `%`."""

import ast
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, ReadError, show
from hopfield_opt.io import tables, text
from hopfield_opt.io.weighted_graph import WeightedGraph

COMMENTS = ("#", "%")
# Python refuses to convert more than 4300 digits
LARGEST_LABEL = 10**4000
# characters of the data of one edge
MOST_DATA = 2000
# below this every integer is a float
LARGEST = 2**53


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels come in the order of their appearance.

    Parameters
    ----------
    path : path-like
        Each line holds the two ends of an edge, and its weight, which is 1 where it is
        missing, or the data of the edge as `networkx.write_edgelist` writes them, whose weight
        it is. Blank lines are skipped, and what follows a `#` or `%` that begins a line or
        stands behind a blank. The labels are integers if all of them look so (1.0 does), else
        strings.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path, text.COMMENT_BEHIND_BLANK, empty=True)
    rows = [line for line in lines if line.strip()]
    name = Path(path).name
    table = tables.fast_table(rows) if rows else None
    if table is not None and table.shape[1] in (2, 3):
        ends, weights = table[:, :2], table[:, 2] if table.shape[1] == 3 else np.ones(len(table))
        if (ends == np.floor(ends)).all() and np.abs(ends).max() < LARGEST:
            numbers, positions = _first_seen(ends.astype(np.int64).ravel())
            return WeightedGraph(numbers, positions[::2], positions[1::2], weights, name)
    words, weights = _columns(path, lines)
    labels, positions = number_labels(words)
    return WeightedGraph(labels, positions[::2], positions[1::2], weights, name)


def _first_seen(values: NDArray[np.int64]) -> tuple[list[int], NDArray[np.int64]]:
    """Return the different values in order of appearance, and each value as a position in them."""
    found, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return found[order].tolist(), rank[inverse]


def _columns(path: text.PathName, lines: list[str]) -> tuple[list[str], NDArray[np.float64]]:
    """Return the words for the ends of all edges, one after the other, and the weights."""
    words: list[str] = []
    weights: list[float] = []
    for line, content in enumerate(lines, 1):
        ends, brace, data = content.partition("{")
        row = content.split()
        if brace and len(ends.split()) == 2:
            row = [*ends.split(), _weight_in(path, line, brace + data)]
        if row and len(row) not in (2, 3):
            message = f"line must be 'u v' or 'u v weight', got {text.show_token(content.strip())}."
            raise ReadError(path, line, message)
        if row:
            words += row[:2]
            weights.append(text.number(path, line, "weight", row[2]) if len(row) == 3 else 1.0)
    return words, np.array(weights)


def _weight_in(path: text.PathName, line: int, data: str) -> str:
    """Return the weight in the data of an edge, 1 where there is none."""
    try:
        found = ast.literal_eval(data.strip()) if len(data) <= MOST_DATA else None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, dict):
        message = f"data must be a dict of words and numbers, got {text.show_token(data.strip())}."
        raise ReadError(path, line, message)
    weight = found.get("weight", 1)
    return repr(weight) if isinstance(weight, int | float) else text.show_token(str(weight))


def number_labels(words: list[str]) -> tuple[list[Any], NDArray[np.int64]]:
    """Return the labels in order of appearance, and each word as a position in them."""
    names = list(dict.fromkeys(words))
    whole = [_whole(name) for name in names]
    values: list[Any] = names if None in whole else whole
    # 7 and 007 are the same integer
    index = {value: position for position, value in enumerate(dict.fromkeys(values))}
    position = {name: index[value] for name, value in zip(names, values, strict=True)}
    return list(index), np.array([position[word] for word in words], dtype=np.int64)


def _whole(word: str) -> int | None:
    """Return the integer that a word stands for (1.0 is one), or None."""
    if text.INTEGER.fullmatch(word):
        return int(word)
    try:
        value = float(word) if text.plain(word) else float("nan")
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < LARGEST else None


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph with its labels, which are all integers or all strings.

    Parameters
    ----------
    graph : WeightedGraph
        A graph without isolated vertices, for which this format has no word; it may be empty.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If the graph has other labels or isolated vertices, a weight is above 1e100 in size, or
        the file cannot be written.
    """
    check_ends(graph)
    names = _names(graph)
    triples = zip(
        graph.heads.tolist(), graph.tails.tolist(), text.format_numbers(graph.weights), strict=True
    )
    text.write_lines(path, ["# u v weight", *(f"{names[u]} {names[v]} {w}" for u, v, w in triples)])


def check_ends(graph: WeightedGraph) -> None:
    """Raise InputError for a vertex without an edge, of which a list of edges says nothing."""
    ends = np.concatenate([graph.heads, graph.tails])
    isolated = np.flatnonzero(np.bincount(ends, minlength=graph.num_vertices) == 0)
    if len(isolated):
        raise InputError(
            "graph must have an edge at each vertex for an edge list, got none at "
            f"{show(graph.labels[isolated[0]])}. Write it in the rudy format."
        )


def _names(graph: WeightedGraph) -> list[str]:
    """Return the labels as text that reads back as the same labels."""
    names = [_name(label) for label in graph.labels]
    integers = {not isinstance(label, str) for label in graph.labels}
    # all words that look like integers would come back as integers
    if names and integers != {None not in map(_whole, names)}:
        raise _bad_label(graph.labels[0])
    return names


def _name(label: Any) -> str:
    if isinstance(label, (int, np.integer)) and abs(int(label)) < LARGEST_LABEL:
        return str(label)
    word = isinstance(label, str) and label.split() == [label] and "\0" not in label
    if word and not label.startswith(COMMENTS):
        return str(label)
    raise _bad_label(label)


def _bad_label(label: object) -> InputError:
    return InputError(
        "labels must be all integers, or all words without blanks and not all integers, for an "
        f"edge list, got {show(label)}. "
        "Use nx.convert_node_labels_to_integers(graph), or write rudy."
    )
