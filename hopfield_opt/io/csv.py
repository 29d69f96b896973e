"""Tables of edges with a header: `from,to,weight` and an edge in each line."""

import csv
import io
from pathlib import Path

import numpy as np

from hopfield_opt.errors import InputError, ReadError, show, unknown_name
from hopfield_opt.files import Source
from hopfield_opt.io import edge_list, text
from hopfield_opt.io.weighted_graph import WeightedGraph

# what may stand between columns: the first of these that the header holds does
BETWEEN = (",", ";", "\t")


def read(path: text.PathName) -> WeightedGraph:
    """Read a graph; its labels are integers if all of them look so, else text.

    Parameters
    ----------
    path : path-like
        The first line names the columns. The first two hold the ends of an edge, and a third one,
        if there are three in all, its weight, which is 1 where there is none. Of a `Source` with
        `columns` these are used.

    Raises
    ------
    ReadError
        If the file is not of this form, naming the line, or lacks a column that is wanted.
    """
    lines = text.read_lines(path)
    between = next((mark for mark in BETWEEN if mark in lines[0]), ",")
    reader = csv.reader(lines, delimiter=between, skipinitialspace=True)
    header, words, weights = next(reader), list[str](), list[float]()
    names = [name.strip() for name in header]
    places = _places(path, names)
    try:
        for row in reader:
            if not row:
                continue
            if len(row) != len(names):
                message = f"line must have {len(names)} columns as the header, got {len(row)}."
                raise ReadError(path, reader.line_num, message)
            cells = [row[place].strip() for place in places]
            words += cells[:2]
            weight = text.number(path, reader.line_num, "weight", cells[2]) if cells[2:] else 1.0
            weights.append(weight)
    except csv.Error as error:
        raise ReadError(path, reader.line_num, f"line must be of a table, got {error}.") from None
    if "" in words:
        raise ReadError(path, None, "ends of edges must be named, got an empty cell. Fill it.")
    labels, positions = edge_list.number_labels(words)
    values = np.array(weights)
    return WeightedGraph(labels, positions[::2], positions[1::2], values, Path(path).name)


def _places(path: text.PathName, names: list[str]) -> list[int]:
    """Return where the columns stand that are wanted: two ends, and maybe a weight."""
    wanted = path.columns if isinstance(path, Source) else ()
    for name in wanted:
        if name not in names:
            raise ReadError(path, 1, str(unknown_name("column", name, names)))
    places = [names.index(name) for name in wanted]
    if not wanted:
        places = list(range(3 if len(names) == 3 else 2))
    if len(places) not in (2, 3) or len(names) < 2:
        raise ReadError(
            path, 1, f"columns must be two ends and maybe a weight, got {show(wanted or names)}."
        )
    return places


def write(graph: WeightedGraph, path: text.PathName) -> None:
    """Write a graph with its labels, which are all integers or all text.

    Parameters
    ----------
    graph : WeightedGraph
        A graph without isolated vertices, for which this format has no word.
    path : path-like
        The file.

    Raises
    ------
    InputError
        If the graph has other labels or isolated vertices, a weight is above 1e100 in size, or
        the file cannot be written.
    """
    edge_list.check_ends(graph)
    names = [str(label) for label in graph.labels]
    kept = [label.strip() != label or not label for label in names]
    if any(kept) or any("\n" in name or "\0" in name or "\r" in name for name in names):
        raise InputError("labels must be text in one line without blanks around it, got others.")
    back, _ = edge_list.number_labels(names)
    if back != list(graph.labels):
        raise InputError(
            f"labels must be all integers, or text that is not all integers, got "
            f"{show(graph.labels[0])}. Use nx.convert_node_labels_to_integers(graph)."
        )
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("from", "to", "weight"))
    ends = zip(graph.heads.tolist(), graph.tails.tolist(), strict=True)
    numbers = text.format_numbers(graph.weights)
    rows.writerows((names[u], names[v], w) for (u, v), w in zip(ends, numbers, strict=True))
    text.write_lines(path, out.getvalue().splitlines())
