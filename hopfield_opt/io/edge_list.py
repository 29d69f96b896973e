"""Edge lists: lines `u v` or `u v w` with any labels, and comments from `#` or `%` on."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text
from hopfield_opt.io.weighted_graph import WeightedGraph

COMMENTS = ("#", "%")
# Python refuses to convert more than 4300 digits
INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
# below this every integer is a float
LARGEST = 2**53


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels come in the order of their appearance.

    Parameters
    ----------
    path : path-like
        Each line holds the two ends of an edge, and its weight; without weights all are 1.
        Blank lines and lines that begin with `#` or `%` are skipped. The labels are integers
        if all of them look so (1.0 does), else strings.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path)
    rows = [line for line in lines if (bare := line.strip()) and not bare.startswith(COMMENTS)]
    name = Path(path).name
    table = text.fast_table(rows) if rows else None
    if table is not None and table.shape[1] in (2, 3):
        ends, weights = table[:, :2], table[:, 2] if table.shape[1] == 3 else np.ones(len(table))
        if (ends == np.floor(ends)).all() and np.abs(ends).max() < LARGEST:
            numbers, positions = _first_seen(ends.astype(np.int64).ravel())
            return WeightedGraph(numbers, positions[::2], positions[1::2], weights, name)
    words, weights = _columns(path, lines, rows)
    labels, positions = _numbered(words)
    return WeightedGraph(labels, positions[::2], positions[1::2], weights, name)


def _first_seen(values: NDArray[np.int64]) -> tuple[list[int], NDArray[np.int64]]:
    """Return the different values in order of appearance, and each value as a position in them."""
    found, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return found[order].tolist(), rank[inverse]


def _columns(
    path: text.PathName, lines: list[str], rows: list[str]
) -> tuple[list[str], NDArray[np.float64]]:
    """Return the words for the ends of all edges, one after the other, and the weights."""
    widths = {len(row.split()) for row in rows}
    if not widths <= {2} and not widths <= {3}:
        raise _ragged(path, lines)
    words = " ".join(rows).split()
    if widths != {3}:
        return words, np.ones(len(rows))
    tokens = words[2::3]
    del words[2::3]
    try:
        weights = np.array(list(map(float, tokens)))
    except ValueError:
        weights = np.array([np.nan])
    if not text.usable(weights) or not all(map(text.plain, tokens)):
        raise _bad_weight(path, lines)
    return words, weights


def _numbered(words: list[str]) -> tuple[list[Any], NDArray[np.int64]]:
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
    if INTEGER.fullmatch(word):
        return int(word)
    try:
        value = float(word) if text.plain(word) else float("nan")
    except ValueError:
        return None
    return int(value) if value.is_integer() and abs(value) < LARGEST else None


def _numbered_rows(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and tokens of each line that holds an edge."""
    rows = ((number, line.split()) for number, line in enumerate(lines, 1))
    return ((number, row) for number, row in rows if row and not row[0].startswith(COMMENTS))


def _ragged(path: text.PathName, lines: list[str]) -> ReadError:
    """Return the error for the first line with a wrong number of columns."""
    first, begin = next(_numbered_rows(lines))
    expected = len(begin)
    line, row = next(
        item
        for item in _numbered_rows(lines)
        if len(item[1]) not in (2, 3) or len(item[1]) != expected
    )
    words = {2: "'u v'", 3: "'u v weight'"}.get(expected, "'u v' or 'u v weight'")
    like = " as in the lines before" if line != first else ""
    message = f"line must be {words}{like}, got {text.shown(' '.join(row))}."
    return ReadError(path, line, message)


def _bad_weight(path: text.PathName, lines: list[str]) -> ReadError:
    """Return the error for the first weight that is no finite number."""
    for line, row in _numbered_rows(lines):
        try:
            text.number(path, line, "weight", row[2])
        except ReadError as error:
            return error
    raise AssertionError("every weight is a finite number")


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph with its labels, which are all integers or all strings.

    Parameters
    ----------
    graph : WeightedGraph
        A graph without isolated vertices, for which this format has no word.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If the graph has other labels or isolated vertices, or the file cannot be written.
    """
    ends = np.concatenate([graph.heads, graph.tails])
    isolated = np.flatnonzero(np.bincount(ends, minlength=graph.num_vertices) == 0)
    if len(isolated):
        raise InputError(
            "graph must have an edge at each vertex for an edge list, got none at "
            f"{graph.labels[isolated[0]]!r}. Write it in the rudy format."
        )
    names = _names(graph)
    triples = zip(
        graph.heads.tolist(), graph.tails.tolist(), text.formatted(graph.weights), strict=True
    )
    text.write_lines(path, ["# u v weight", *(f"{names[u]} {names[v]} {w}" for u, v, w in triples)])


def _names(graph: WeightedGraph) -> list[str]:
    """Return the labels as text that reads back as the same labels."""
    names = [str(label) for label in graph.labels]
    for label, name in zip(graph.labels, names, strict=True):
        word = isinstance(label, str) and name.split() == [name] and not name.startswith(COMMENTS)
        if not word and not isinstance(label, (int, np.integer)):
            raise _bad_label(label)
    integers = {not isinstance(label, str) for label in graph.labels}
    # all words that look like integers would come back as integers
    if len(integers) > 1 or integers != {None not in map(_whole, names)}:
        raise _bad_label(graph.labels[0])
    return names


def _bad_label(label: object) -> InputError:
    return InputError(
        "labels must be all integers, or all words without blanks and not all integers, for an "
        f"edge list, got {label!r}. Use nx.convert_node_labels_to_integers(graph), or write rudy."
    )
