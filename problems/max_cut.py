"""Maximum cut: split the vertices of a weighted graph so that the weight across is largest."""

from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import Any, ClassVar, Self

from hopfield_opt.baselines import cuts, sdp
from hopfield_opt.io import find_format
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Baseline, Evaluation, Relaxation, Sense
from hopfield_opt.problems.parts.random_graphs import random_graph
from hopfield_opt.problems.parts.sides import Membership, SidesProblem, weight_across


@dataclass(frozen=True, init=False, eq=False)
class MaxCut(SidesProblem):
    """Split the vertices in two so that the weight of the edges across is largest.

    ``maximize sum over edges (u, v) of w_uv (1 - s_u s_v) / 2``, one spin for each vertex. The
    answer is the two sides as sets of vertices, the first holding the first vertex.

    Parameters
    ----------
    graph : networkx graph, scipy sparse or numpy matrix, iterable of edges, WeightedGraph
        Undirected. Weights may be negative; parallel edges are summed, self-loops ignored with
        a warning.
    weight : str or None
        The edge attribute that holds the weight, 1 where it is missing. None: all edges
        weigh 1.

    Raises
    ------
    InputError
        If the graph is directed, a matrix not square and symmetric, or a weight not finite.

    Notes
    -----
    The compiled network has ``W = -w/2`` and the offset ``-sum(w)/2``: its energy is minus the
    weight of the cut.

    References
    ----------
    F. Barahona, M. Grötschel, M. Jünger, G. Reinelt, "An application of combinatorial
    optimization to statistical physics and circuit layout design", Operations Research 36
    (1988), section 1.

    Examples
    --------
    >>> square = MaxCut([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    >>> square.evaluate(({"a", "c"}, {"b", "d"})).value
    4.0
    >>> square.model().evaluate({"side": [1, -1, 1, -1]}).value
    4.0
    """

    name: ClassVar[str] = "max-cut"
    sense: ClassVar[Sense] = "maximize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("rudy", "metis", "edge-list", "csv")

    graph: WeightedGraph

    def __init__(self, graph: Any, weight: str | None = "weight") -> None:
        object.__setattr__(self, "graph", as_graph(graph, weight))

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        weight: str | None = "weight",
    ) -> Self:
        """Return the problem of a file, whose vertices are called as they are there.

        Parameters
        ----------
        path : path-like
            The file.
        format : {"rudy", "metis", "edge-list"} or None
            None takes the format from the suffix, and rudy where the suffix says nothing.
        weight : str or None
            None: all edges weigh 1.

        Raises
        ------
        InputError
            If there is no such file or format.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path), weight)

    @classmethod
    def random(cls, n: int, p: float = 0.5, weights: str = "ones", seed: int | None = None) -> Self:
        """Return the problem of a random graph with vertices 0 ... n - 1.

        Parameters
        ----------
        n : int
            The number of vertices.
        p : float
            The probability of each edge.
        weights : {"ones", "signs", "normal"}
            All 1, or -1 and +1 with equal probability, or from the standard normal law.
        seed : int or None
            The same seed gives the same graph.

        Raises
        ------
        InputError
            If an argument is out of its range, or the graph would not fit into memory.

        Examples
        --------
        >>> MaxCut.random(100, p=0.1, seed=1).graph
        WeightedGraph('random', 100 vertices, 506 edges)
        """
        return cls(random_graph(n, p, weights, seed))

    def model(self) -> Model:
        """Return the weight of the cut over one spin for each vertex, named `side`."""
        graph = self.graph
        model = Model()
        side = model.spin(graph.num_vertices, name="side")
        model.maximize(weight_across(graph, side))
        return model

    def evaluate(self, answer: Sides) -> Evaluation:
        """Return the weight of the edges that join the two sides.

        Parameters
        ----------
        answer : pair of collections of vertices
            The two sides; one may be empty.

        Raises
        ------
        InputError
            If `answer` is not two collections of hashable things.

        Examples
        --------
        >>> MaxCut([(1, 2), (2, 3)]).evaluate(({1, 2}, {2}))
        Evaluation(value=1.0, violations={'on both sides: 2': 1.0, 'on no side: 3': 1.0})
        """
        membership = Membership.of(self.graph, answer)
        return Evaluation(membership.weight_across, membership.violations)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's heuristics, and what finds or bounds the optimum of small graphs."""
        graph = self.graph
        found = [
            Baseline("networkx one_exchange", partial(cuts.one_exchange, graph)),
            Baseline("networkx randomized_partitioning", partial(cuts.random_partition, graph)),
        ]
        if graph.num_vertices <= sdp.MAX_VERTICES:
            found.append(Baseline("SDP rounding", partial(sdp.rounded_cut, graph)))
        if graph.num_vertices <= cuts.MAX_VERTICES_EXACT:
            found.append(Baseline("enumeration", partial(cuts.enumeration, graph), exact=True))
        return tuple(found)

    def relaxations(self) -> tuple[Relaxation, ...]:
        """Return the semidefinite bound, for graphs of up to 100 vertices."""
        if self.graph.num_vertices > sdp.MAX_VERTICES:
            return ()
        return (Relaxation("SDP bound", partial(sdp.cut_bound, self.graph)),)
