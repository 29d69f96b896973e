"""The file formats by name and suffix; a reader is imported when it is used."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hopfield_opt.errors import check_choice
from hopfield_opt.files import Source, name_of

if TYPE_CHECKING:
    from hopfield_opt.io.weighted_graph import WeightedGraph


@dataclass(frozen=True)
class Format:
    """A file format, with its reader and writer in the module of the same name.

    Parameters
    ----------
    name : str
        The name that `format=` takes.
    suffixes : tuple of str
        The suffixes that stand for it, in lower case.
    description : str
        One line for lists of formats.
    """

    name: str
    suffixes: tuple[str, ...]
    description: str

    def read(self, path: str | PathLike[str]) -> Any:
        """Return what a file of this format holds."""
        return self._module().read(Source.of(path))

    def write(self, data: Any, path: str | PathLike[str]) -> None:
        """Write data as a file of this format."""
        self._module().write(data, path)

    def _module(self) -> Any:
        return importlib.import_module(f"hopfield_opt.io.{self.name.replace('-', '_')}")


# `.txt` stands for no format: it is used for all of them
formats: dict[str, Format] = {
    found.name: found
    for found in (
        Format("rudy", (".rud", ".rudy", ".mc"), "n m, then u v [w], from 1 (G-set, Biq Mac)"),
        Format("metis", (".graph", ".metis"), "n m [fmt], then the neighbours of each vertex"),
        Format("dimacs", (".col", ".clq"), "p edge n m, then e u v, from 1 (DIMACS)"),
        Format("tsplib", (".tsp", ".atsp"), "TSPLIB 95: coordinates or a matrix of distances"),
        Format("qaplib", (".dat", ".qap"), "n, then two matrices (QAPLIB)"),
        Format("csv", (".csv", ".tsv"), "a header, then an edge in each line (--columns)"),
        Format("edge-list", (".edges", ".edgelist"), "u v [w], any labels, # and % comments"),
        Format("bqp", (".bqp",), "how many, then for each n m, then i j q, from 1 (OR-Library)"),
        Format("biq-mac", (".sparse",), "n m, then i j q, from 1 (Biq Mac)"),
        Format("knapsack", (".kp",), "capacities, then for each item its value and weights"),
        Format("scp", (".scp",), "elements sets, weights, the sets of each element (OR-Library)"),
        Format("numbers", (".numbers",), "whole numbers between blanks, # comments"),
        Format("patterns", (".patterns",), "blocks of # and ., a blank line between patterns"),
        Format("npy", (".npy",), "an array of numpy"),
        Format("png", (".png",), "an image; colours become grey"),
    )
}
GRAPH_FORMATS = ("rudy", "metis", "edge-list", "csv")


def find_format(
    path: str | PathLike[str], format: str | None, allowed: Sequence[str] = GRAPH_FORMATS
) -> Format:
    """Return the format of a file: as said, else by suffix, else the first allowed one.

    The content is never looked at.

    Parameters
    ----------
    path : path-like
        The file.
    format : str or None
        The name of the format, where it is known.
    allowed : sequence of str
        The formats that come into question, the usual one first.

    Raises
    ------
    InputError
        If `format` is not an allowed one, or `path` no name of a file.

    Examples
    --------
    >>> find_format("G22", None).name, find_format("uk.graph", None).name
    ('rudy', 'metis')
    """
    name = name_of(path)
    if format is not None:
        check_choice("format", format, allowed)
        return formats[format]
    suffix = Path(name.removesuffix(".gz")).suffix.lower()
    by_suffix = (known for known in allowed if suffix in formats[known].suffixes)
    return formats[next(by_suffix, allowed[0])]


def read_graph(path: str | PathLike[str], format: str | None = None) -> "WeightedGraph":
    """Read a graph from a file.

    Parameters
    ----------
    path : path-like
        The file.
    format : {"rudy", "metis", "edge-list"} or None
        None takes the format from the suffix, and rudy where the suffix says nothing.

    Returns
    -------
    WeightedGraph
        The graph; its labels are those of the file.

    Raises
    ------
    InputError
        If there is no such file or format.
    ReadError
        If the file is not of this format, naming the line.
    """
    graph: WeightedGraph = find_format(path, format).read(path)
    return graph


def write_graph(
    graph: "WeightedGraph", path: str | PathLike[str], format: str | None = None
) -> None:
    """Write a graph to a file.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    path : path-like
        The file; an old one is replaced once the new one is complete.
    format : {"rudy", "metis", "edge-list"} or None
        None takes the format from the suffix, and rudy where the suffix says nothing.

    Raises
    ------
    InputError
        If the format cannot hold the graph, or the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hopfield_opt.io.graphs import as_graph
    >>> with TemporaryDirectory() as folder:
    ...     write_graph(as_graph([("a", "b", 3), ("b", "c", 5)]), f"{folder}/path.rud")
    ...     read_graph(f"{folder}/path.rud").labels
    (1, 2, 3)
    """
    find_format(path, format).write(graph, path)
