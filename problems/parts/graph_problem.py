"""What problems on graphs share: files, and answers that are sets of vertices."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.answers import distinct_names
from hopfield_opt.arrays import FloatArray, Frozen, check_number, check_vector
from hopfield_opt.border import as_mapping
from hopfield_opt.errors import InputError, show, text
from hopfield_opt.io import find_format
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.problems.base import Assignment, Evaluation
from hopfield_opt.problems.parts.random_graphs import random_graph
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("dimacs", "edge-list", "metis", "rudy", "csv")


class GraphProblem:
    """The part of a problem that writes its graph."""

    formats: ClassVar[tuple[str, ...]] = FORMATS

    graph: WeightedGraph

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the graph to a file; only an edge list keeps the names of the vertices.

        Parameters
        ----------
        path : path-like
            The file.
        format : str or None
            One of `formats`; None takes it from the suffix, and the first where the suffix
            says nothing.

        Raises
        ------
        InputError
            If the format cannot hold the graph, or the file cannot be written.
        """
        find_format(path, format, self.formats).write(self.graph, path)


class VertexSetProblem(GraphProblem, Frozen, ABC):
    """The part of a problem whose answer is a set of vertices of a graph.

    One binary for each vertex, named `chosen`; the value is the weight of the set. The classes
    say for `help` what `graph` and `weight` are.
    """

    vertex_weights: FloatArray

    def __init__(self, graph: Any, weight: Any = None) -> None:
        own = as_graph(graph, weight=None)
        weights = vertex_weights(graph, weight, own)
        self._set(graph=own, vertex_weights=weights)

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the graph to a file; only an edge list keeps the names of the vertices.

        Raises
        ------
        InputError
            If the vertices have weights, for which no format has a word, the format cannot hold
            the graph, or the file cannot be written.
        """
        if (other := self.vertex_weights != 1).any():
            weight = self.vertex_weights[other][0]
            raise InputError(f"weights of vertices must all be 1 for a file, got {weight:g}.")
        super().write(path, format)

    @classmethod
    def read(cls, path: str | PathLike[str], format: str | None = None) -> Self:
        """Return the problem of a file, whose vertices are called as they are there.

        Parameters
        ----------
        path : path-like
            The file.
        format : str or None
            One of `formats`; None takes it from the suffix, and DIMACS where that says nothing.

        Raises
        ------
        InputError
            If there is no such file or format.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path))

    @classmethod
    def random(cls, n: int, p: float = 0.5, seed: int | None = None) -> Self:
        """Return the problem of a random graph with vertices 0 ... n - 1.

        Parameters
        ----------
        n : int
            The number of vertices.
        p : float
            The probability of each edge.
        seed : int or None
            The same seed gives the same graph.

        Raises
        ------
        InputError
            If an argument is out of its range, or the graph would not fit into memory.
        """
        return cls(random_graph(n, p, seed=seed))

    def encode(self, answer: Iterable[Hashable]) -> Assignment:
        """Return the binaries of a set of vertices.

        Raises
        ------
        InputError
            If a vertex is unknown.
        """
        chosen, unknown = self._membership(answer)
        if unknown:
            raise InputError(f"answer must hold vertices of the graph, got {unknown[0]!r}.")
        return {"chosen": chosen.astype(np.int8)}

    def decode(self, assignment: Assignment) -> set[Hashable]:
        """Return the chosen vertices."""
        positions = np.flatnonzero(np.asarray(assignment["chosen"]) > 0).tolist()
        return {self.graph.labels[position] for position in positions}

    def evaluate(self, answer: Iterable[Hashable]) -> Evaluation:
        """Return the weight of the set, and which pairs of vertices contradict the rule.

        Parameters
        ----------
        answer : collection of vertices
            The set.

        Raises
        ------
        InputError
            If `answer` is no collection of hashable things.
        """
        chosen, unknown = self._membership(answer)
        wrong = {**self._conflicts(chosen), "unknown": unknown}
        return Evaluation(float(self.vertex_weights[chosen].sum()), name_violations(wrong))

    @abstractmethod
    def _conflicts(self, chosen: NDArray[np.bool_]) -> Mapping[str, Iterable[Hashable]]:
        """Return what is wrong with a set of vertices, by kind."""

    def _membership(self, answer: Iterable[Hashable]) -> tuple[NDArray[np.bool_], list[Hashable]]:
        """Return who is in the set, and what is no vertex."""
        members = set(distinct_names(answer, "vertices"))
        labels = self.graph.labels
        chosen = np.fromiter((v in members for v in labels), bool, len(labels))
        # sorted, since the order of a set depends on PYTHONHASHSEED
        return chosen, sorted(members.difference(labels), key=text)

    def listed(self, answer: set[Hashable]) -> list[Hashable]:
        """Return the set as a list in the order of the vertices."""
        return [v for v in self.graph.labels if v in answer]

    def plot(self, answer: Iterable[Hashable], ax: "Axes | None" = None) -> "Axes":
        """Draw the graph with the set of vertices marked.

        Parameters
        ----------
        answer : collection of vertices
            The set.
        ax : Axes or None
            Where to draw; None makes a new figure.

        Returns
        -------
        Axes
            The picture.
        """
        from hopfield_opt.plot.vertex_sets import vertex_set

        return vertex_set(self.graph, answer, ax)


def edges_of(
    graph: WeightedGraph, members: NDArray[np.bool_]
) -> Iterator[tuple[Hashable, Hashable]]:
    """Yield the marked edges in the user's labels."""
    labels = graph.labels
    heads, tails = graph.heads[members].tolist(), graph.tails[members].tolist()
    return ((labels[u], labels[v]) for u, v in zip(heads, tails, strict=True))


def vertex_weights(given: Any, weight: Any, graph: WeightedGraph) -> FloatArray:
    """Return the weights of the vertices.

    Parameters
    ----------
    given : object
        The graph as the user gave it.
    weight : str, mapping of vertices to numbers, or None
        A vertex attribute of a networkx graph, 1 where it is missing, or the weights
        themselves. None: all vertices weigh 1.
    graph : WeightedGraph
        The graph.

    Raises
    ------
    InputError
        If a weight is no finite number, or there is nothing that holds it.
    """
    if weight is None:
        return np.ones(graph.num_vertices)
    by_label = as_mapping("weight", weight)
    if by_label is not None:
        missing = [v for v in graph.labels if v not in by_label]
        if missing:
            raise InputError(
                f"weight must hold each vertex, got none at {show(missing[0])}. Add it."
            )
        values = [by_label[v] for v in graph.labels]
    elif hasattr(given, "nodes") and isinstance(weight, str):
        values = [given.nodes[v].get(weight, 1) for v in graph.labels]
    else:
        raise InputError(
            "weight must be None, a vertex attribute of a networkx graph or a mapping of vertices "
            f"to numbers, got {show(weight)} with a {type(given).__name__}. "
            "Write dict(zip(vertices, weights))."
        )
    numbers = [
        check_number(f"weight of {show(v)}", w) for v, w in zip(graph.labels, values, strict=True)
    ]
    return check_vector("weight", np.array(numbers), graph.num_vertices)
