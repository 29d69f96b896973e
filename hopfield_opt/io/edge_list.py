"""Edge lists: lines `u v` or `u v w` with any labels, and comments from `#` or `%` on."""

import re
from itertools import chain
from pathlib import Path

import numpy as np

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import text
from hopfield_opt.io.graphs import WeightedGraph

COMMENTS = ("#", "%")
# Python refuses to convert more than 4300 digits
INTEGER = re.compile(r"-?[0-9]{1,4000}")


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels come in the order of their appearance.

    Parameters
    ----------
    path : path-like
        Each line holds the two ends of an edge, and its weight; without weights all are 1.
        Blank lines and lines that begin with `#` or `%` are skipped. The labels are integers
        if all of them look so, else strings.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line.
    """
    lines = text.read_lines(path)
    rows = [line for line in lines if (bare := line.strip()) and not bare.startswith(COMMENTS)]
    widths = {len(row.split()) for row in rows}
    if not widths <= {2} and not widths <= {3}:
        raise _ragged(path, lines)
    width = max(widths, default=2)
    tokens = " ".join(rows).split()
    labels, heads, tails = _numbered(tokens[::width], tokens[1::width])
    weights = np.ones(len(heads))
    if width == 3:
        try:
            weights = np.array(list(map(float, tokens[2::3])))
        except ValueError:
            weights = np.array([np.nan])
        if not np.isfinite(weights).all() or any("_" in token for token in tokens[2::3]):
            raise _bad_weight(path, lines)
    return WeightedGraph(labels, heads, tails, weights, Path(path).name)


def _numbered(
    heads: list[str], tails: list[str]
) -> tuple[tuple[int, ...] | tuple[str, ...], list[int], list[int]]:
    """Return the labels in order of appearance, and the ends as positions in them."""
    names = dict.fromkeys(chain.from_iterable(zip(heads, tails, strict=True)))
    if all(map(INTEGER.fullmatch, names)):
        # 7 and 007 are the same integer
        values = {name: int(name) for name in names}
        index = {value: position for position, value in enumerate(dict.fromkeys(values.values()))}
        position = {name: index[value] for name, value in values.items()}
        labels: tuple[int, ...] | tuple[str, ...] = tuple(index)
    else:
        position = {name: k for k, name in enumerate(names)}
        labels = tuple(names)
    return labels, [position[head] for head in heads], [position[tail] for tail in tails]


def _numbered_rows(lines: list[str]) -> list[tuple[int, list[str]]]:
    """Return line number and tokens of each line that holds an edge."""
    rows = ((number, line.split()) for number, line in enumerate(lines, 1))
    return [(number, row) for number, row in rows if row and not row[0].startswith(COMMENTS)]


def _ragged(path: text.PathName, lines: list[str]) -> ReadError:
    """Return the error for the first line with a wrong number of columns."""
    rows = _numbered_rows(lines)
    expected = len(rows[0][1])
    line, row = next(
        item for item in rows if len(item[1]) not in (2, 3) or len(item[1]) != expected
    )
    words = {2: "'u v'", 3: "'u v weight'"}.get(expected, "'u v' or 'u v weight'")
    like = " as in the lines before" if line != rows[0][0] else ""
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
    if len(integers) > 1 or integers != {all(map(INTEGER.fullmatch, names))}:
        raise _bad_label(graph.labels[0])
    return names


def _bad_label(label: object) -> InputError:
    return InputError(
        "labels must be all integers, or all words without blanks and not all integers, for an "
        f"edge list, got {label!r}. Use nx.convert_node_labels_to_integers(graph), or write rudy."
    )
