"""Two sides of a graph as an answer: who stands where, what is wrong with it, what is across."""

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.answers import two_sets
from hopfield_opt.errors import InputError, text
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph
from hopfield_opt.model.expression import Expression
from hopfield_opt.problems.base import Assignment
from hopfield_opt.problems.parts.graph_problem import GraphProblem
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Membership:
    """Who is on which side.

    Attributes
    ----------
    graph : WeightedGraph
        The graph.
    first, second : (num_vertices,) bool
        Who is on the first and on the second side.
    violations : dict of str to float
        Vertices on both sides or on none, and names that are no vertex.
    """

    graph: WeightedGraph
    first: NDArray[np.bool_]
    second: NDArray[np.bool_]
    violations: dict[str, float]

    @classmethod
    def of(cls, graph: WeightedGraph, answer: Sides) -> Self:
        """Return the membership of an answer.

        Raises
        ------
        InputError
            If `answer` is not two collections of hashable things.
        """
        first, second = two_sets(answer, "vertices")
        labels, count = graph.labels, graph.num_vertices
        on_first = np.fromiter((v in first for v in labels), bool, count)
        on_second = np.fromiter((v in second for v in labels), bool, count)
        wrong = {
            "on both sides": compress(labels, on_first & on_second),
            "on no side": compress(labels, ~(on_first | on_second)),
            # sorted, since the order of a set depends on PYTHONHASHSEED
            "unknown": sorted((first | second).difference(labels), key=text),
        }
        return cls(graph, on_first, on_second, name_violations(wrong))

    @property
    def weight_across(self) -> float:
        """The weight of the edges that join the two sides."""
        u, v = self.graph.heads, self.graph.tails
        across = (self.first[u] & self.second[v]) | (self.second[u] & self.first[v])
        return float(self.graph.weights[across].sum())

    @property
    def spins(self) -> NDArray[np.int8]:
        """+1 on the first side, -1 on the second.

        Raises
        ------
        InputError
            If a vertex is on no side or on both, or is unknown.
        """
        if self.violations:
            raise InputError(
                f"answer must put each vertex on one side, got {next(iter(self.violations))}."
            )
        return np.where(self.first, 1, -1).astype(np.int8)


class SidesProblem(GraphProblem):
    """The part of a problem whose answer is two sides of a graph; one spin each, named `side`."""

    def encode(self, answer: Sides) -> Assignment:
        """Return the spins of two sides: +1 on the first, -1 on the second.

        Raises
        ------
        InputError
            If a vertex is on no side or on both, or is unknown.
        """
        return {"side": Membership.of(self.graph, answer).spins}

    def decode(self, assignment: Assignment) -> Sides:
        """Return the two sides, the first holding the first vertex."""
        return self.graph.sides(assignment["side"])

    def first_answer(self) -> Sides:
        """Return every other vertex on one side."""
        return self.decode({"side": 1 - 2 * (np.arange(self.graph.num_vertices) % 2)})

    def listed(self, answer: Sides) -> tuple[list[Hashable], list[Hashable]]:
        """Return the two sides as lists in the order of the vertices."""
        first, second = answer
        labels = self.graph.labels
        return [v for v in labels if v in first], [v for v in labels if v in second]

    def plot(self, answer: Sides, ax: "Axes | None" = None) -> "Axes":
        """Draw the two sides and the edges between them.

        Parameters
        ----------
        answer : pair of collections of vertices
            The two sides.
        ax : Axes or None
            Where to draw; None makes a new figure.

        Returns
        -------
        Axes
            The picture.
        """
        from hopfield_opt.plot.cuts import cut

        return cut(self.graph, answer, ax)


def weight_across(graph: WeightedGraph, side: Expression) -> Any:
    """Return the weight of the edges that join the two sides, of one spin for each vertex."""
    return (graph.weights / 2 * (1 - side[graph.heads] * side[graph.tails])).sum()
