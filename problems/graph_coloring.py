"""Graph colouring: joined vertices get different colours, as few as possible."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import scipy.sparse

from hopfield_opt.answers import colors_in
from hopfield_opt.arrays import IntArray, check_integer
from hopfield_opt.baselines import cliques, colorings
from hopfield_opt.baselines.colorings import Coloring
from hopfield_opt.border import as_float
from hopfield_opt.errors import InputError, text
from hopfield_opt.io import find_format
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.graph_problem import GraphProblem, edges_of
from hopfield_opt.problems.parts.random_graphs import random_graph
from hopfield_opt.problems.parts.violations import name_violations

# The greedy rule looks at so many edges in a tenth of a second.
MOST_EDGES_AT_ONCE = 200_000

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, init=False, eq=False)
class GraphColoring(GraphProblem):
    """Give each vertex one of k colours, joined vertices different ones, and use few of them.

    ``x_vc = 1`` where vertex v has colour c: ``sum_c x_vc = 1`` for each v, and
    ``sum_c x_uc x_vc = 0`` for all edges (u, v) together, which is ``sum(x * (A @ x)) = 0`` with
    the matrix A of edges: nothing expands it where colours are many. The answer gives each vertex
    its colour, 0 ... k - 1; its value is the number of different colours. A model has one k:
    `tighten` makes the problem with fewer colours than an answer has.

    Parameters
    ----------
    graph : networkx graph, scipy sparse or numpy matrix, iterable of edges, WeightedGraph
        Undirected; self-loops are ignored with a warning, and weights of edges mean nothing.
    colors : int or None
        How many colours there are at most. None allows any number: the search begins with as
        many as the greedy rule DSATUR needs, whose colouring is then the `start`.

    Raises
    ------
    InputError
        If the graph is directed, a matrix not square and symmetric, or `colors` below 1.

    References
    ----------
    A. Lucas, "Ising formulations of many NP problems", Frontiers in Physics 2 (2014), section
    6.1.

    Examples
    --------
    >>> triangle = GraphColoring([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    >>> triangle.colors, triangle.evaluate({"a": 0, "b": 1, "c": 2, "d": 0}).value
    (3, 3.0)
    >>> triangle.evaluate({"a": 0, "b": 1, "c": 2, "d": 2}).violations
    {"same colour: ('c', 'd')": 1.0}
    """

    name: ClassVar[str] = "coloring"
    sense: ClassVar[Sense] = "minimize"

    graph: WeightedGraph
    colors: int  # of the model
    start: Coloring | None  # where any number of colours is allowed

    def __init__(self, graph: Any, colors: int | None = None) -> None:
        own, start = as_graph(graph, weight=None), None
        if colors is None:
            found = colorings.by_saturation(own).tolist()
            start = dict(zip(own.labels, found, strict=True))
        most = max(start.values(), default=-1) + 1 if start is not None else colors
        object.__setattr__(self, "graph", own)
        lowest = min(1, own.num_vertices)
        object.__setattr__(self, "colors", check_integer("colors", most, lowest=lowest))
        object.__setattr__(self, "start", start)

    @classmethod
    def read(
        cls, path: str | PathLike[str], format: str | None = None, colors: int | None = None
    ) -> Self:
        """Return the problem of a file, whose vertices are called as they are there.

        Parameters
        ----------
        path : path-like
            The file.
        format : str or None
            One of `formats`; None takes it from the suffix, and DIMACS where that says nothing.
        colors : int or None
            How many colours there are; None for the fewest.

        Raises
        ------
        InputError
            If there is no such file or format.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path), colors)

    @classmethod
    def random(
        cls, n: int, p: float = 0.5, colors: int | None = None, seed: int | None = None
    ) -> Self:
        """Return the problem of a random graph with vertices 0 ... n - 1.

        Parameters
        ----------
        n : int
            The number of vertices.
        p : float
            The probability of each edge.
        colors : int or None
            How many colours there are; None for the fewest.
        seed : int or None
            The same seed gives the same graph.

        Raises
        ------
        InputError
            If an argument is out of its range, or the graph would not fit into memory.
        """
        return cls(random_graph(n, p, seed=seed), colors)

    def model(self) -> Model:
        """Return the rules over one binary for each vertex and colour, named `color`."""
        graph = self.graph
        model = Model()
        color = model.binary((graph.num_vertices, self.colors), name="color")
        model.add(color.sum(axis=1) == 1, name="one colour")
        if graph.num_edges:
            model.add((color * (self._edges @ color)).sum() == 0, name="same colour")
        if len(self._clique) > self.colors:
            # its vertices have as many colours as there are, one each, and need more: the
            # difference of the two is a rule that the compiler sees to be impossible
            members = color[np.array(self._clique)].sum()
            model.add(members - members <= self.colors - len(self._clique), name="clique")
        return model

    @property
    def _edges(self) -> scipy.sparse.csr_array:
        """Each edge once."""
        graph = self.graph
        ones = np.ones(graph.num_edges)
        return scipy.sparse.csr_array(
            (ones, (graph.heads, graph.tails)), shape=(graph.num_vertices,) * 2
        )

    @cached_property
    def _clique(self) -> list[int]:
        return cliques.clique_from_starts(self.graph)

    @property
    def fewest(self) -> int:
        """A number of colours that is needed, by a clique or a cycle of odd length."""
        known = len(self._clique)
        return known if known != 2 or colorings.is_bipartite(self.graph) else 3

    def tighten(self, answer: Mapping[Hashable, int]) -> Self | None:
        """Return the problem with one colour less than an answer has.

        None where that is proven to be impossible, by a clique or a cycle of odd length.
        """
        used = len(set(answer.values()))
        if used <= max(self.fewest, 1):
            return None
        tighter = type(self)(self.graph, used - 1)
        vars(tighter)["_clique"] = self._clique  # of the graph alone, and it takes a while
        return tighter

    def encode(self, answer: Mapping[Hashable, int]) -> Assignment:
        """Return the binaries of a colouring.

        Raises
        ------
        InputError
            If a vertex has no colour or is unknown, a colour is none of 0 ... k - 1, or there
            are more than the model has.
        """
        colors, wrong = self._colors_of(answer)
        if self.start is not None:
            # any numbers will do, of no more colours than there are variables for
            used, colors = np.unique(colors, return_inverse=True)
            wrong["too many colours"] = used[self.colors :].tolist()
        if violations := name_violations(wrong):
            raise InputError(
                f"answer must give each vertex a colour from 0 to {self.colors - 1}, "
                f"got {next(iter(violations))}."
            )
        return {"color": (colors[:, None] == np.arange(self.colors)).astype(np.int8)}

    def first_answer(self) -> Coloring:
        """Return the colours to begin from, else the greedy rule's; by turns in a large graph."""
        if self.start is not None:
            return self.start
        if self.colors and self.graph.num_edges <= MOST_EDGES_AT_ONCE:
            found = colorings.by_degree(self.graph, self.colors).tolist()
            return dict(zip(self.graph.labels, found, strict=True))
        return {label: k % max(1, self.colors) for k, label in enumerate(self.graph.labels)}

    def decode(self, assignment: Assignment) -> Coloring | None:
        """Return the colour of each vertex, or None where one has none or several.

        Colours are numbered in the order of the first vertices that have them.
        """
        chosen = np.asarray(assignment["color"]) > 0
        if (chosen.sum(axis=1) != 1).any():
            return None
        number: dict[int, int] = {}
        found = (number.setdefault(color, len(number)) for color in np.nonzero(chosen)[1].tolist())
        return dict(zip(self.graph.labels, found, strict=True))

    def evaluate(self, answer: Mapping[Hashable, int]) -> Evaluation:
        """Return the number of colours, and the joined vertices that have the same.

        Parameters
        ----------
        answer : mapping of vertices to 0 ... k - 1
            The colouring; to 0 ... n - 1 for n vertices where any number of colours is allowed.

        Raises
        ------
        InputError
            If `answer` is no mapping.
        """
        colors, wrong = self._colors_of(answer)
        u, v = colors[self.graph.heads], colors[self.graph.tails]
        wrong["same colour"] = edges_of(self.graph, (u == v) & (u >= 0))
        return Evaluation(float(len(set(colors[colors >= 0].tolist()))), name_violations(wrong))

    def _colors_of(
        self, answer: Mapping[Hashable, int]
    ) -> tuple[IntArray, dict[str, Iterable[Hashable]]]:
        """Return the colours by position, -1 for none, and what is wrong with them."""
        given = colors_in(answer)
        allowed = range(self.colors if self.start is None else self.graph.num_vertices)
        labels = self.graph.labels
        # anything may stand there: numbers alone are compared
        found = {v: as_float(given[v]) for v in labels if v in given}
        valid = {v: int(c) for v, c in found.items() if c is not None and c in allowed}
        wrong: dict[str, Iterable[Hashable]] = {
            "no colour": (v for v in labels if v not in given),
            "no such colour": (given[v] for v in found if v not in valid),
            "unknown": sorted(set(given).difference(labels), key=text),
        }
        return np.array([valid.get(v, -1) for v in labels], dtype=np.int64), wrong

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's greedy strategies, and HiGHS for small graphs."""
        graph = self.graph
        most = self.colors if self.start is None else None
        found = [
            Baseline(
                f"networkx greedy_color {strategy}",
                partial(colorings.by_networkx, graph, strategy, most),
            )
            for strategy in colorings.STRATEGIES
        ]
        if graph.num_vertices * self.colors <= colorings.MAX_BINARIES_EXACT:
            found.append(Baseline("HiGHS", partial(colorings.exact, graph, self.colors), True))
        return tuple(found)

    def plot(self, answer: Mapping[Hashable, int], ax: "Axes | None" = None) -> "Axes":
        """Draw the graph with its colours.

        Parameters
        ----------
        answer : mapping of vertices to 0 ... k - 1
            The colouring.
        ax : Axes or None
            Where to draw; None makes a new figure.

        Returns
        -------
        Axes
            The picture.
        """
        from hopfield_opt.plot.colorings import coloring

        return coloring(self.graph, answer, ax)
