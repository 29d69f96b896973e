"""Minimum vertex cover: the lightest set of vertices that touches every edge."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray
from hopfield_opt.baselines import independent_sets
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Baseline, Sense
from hopfield_opt.problems.parts.graph_problem import VertexSetProblem, edges_of


@dataclass(frozen=True, init=False, eq=False)
class MinVertexCover(VertexSetProblem):
    """Choose vertices of the smallest total weight such that each edge has a chosen end.

    ``minimize sum_v c_v x_v  subject to  x_u + x_v >= 1 for each edge (u, v)``, where c are the
    weights of the vertices. The answer is the set of chosen vertices; the others are an
    independent set, a heaviest one if the cover is a lightest. A vertex of negative weight is
    always worth choosing.

    Parameters
    ----------
    graph : networkx graph, scipy sparse or numpy matrix, iterable of edges, WeightedGraph
        Undirected; self-loops are ignored with a warning, and weights of edges mean nothing.
    weight : str, mapping of vertices to numbers, or None
        A vertex attribute of a networkx graph, 1 where it is missing, or the weights
        themselves. None: all vertices weigh 1.

    Raises
    ------
    InputError
        If the graph is directed, a matrix not square and symmetric, or a weight not finite.

    References
    ----------
    R. M. Karp, "Reducibility among combinatorial problems" (1972), problem 5 (node cover).

    Examples
    --------
    >>> path = MinVertexCover([("a", "b"), ("b", "c")])
    >>> path.evaluate({"b"})
    Evaluation(value=1.0, violations={})
    >>> path.evaluate({"a"}).violations
    {"not covered: ('b', 'c')": 1.0}
    """

    name: ClassVar[str] = "vertex-cover"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True

    graph: WeightedGraph
    vertex_weights: FloatArray

    def model(self) -> Model:
        """Return the weight of the chosen vertices, at least one at each edge."""
        model = Model()
        chosen = model.binary(self.graph.num_vertices, name="chosen")
        model.minimize((self.vertex_weights * chosen).sum())
        model.add(chosen[self.graph.heads] + chosen[self.graph.tails] >= 1, name="covered")
        return model

    def first_answer(self) -> set[Hashable]:
        """Return what the greedy rule for independent sets leaves."""
        left_out = independent_sets.greedy_set(self.graph, self.vertex_weights)
        return set(self.graph.labels) - left_out

    def _conflicts(self, chosen: NDArray[np.bool_]) -> Mapping[str, Iterable[Hashable]]:
        graph = self.graph
        return {"not covered": edges_of(graph, ~(chosen[graph.heads] | chosen[graph.tails]))}

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's 2-approximation, and HiGHS for graphs of up to 200 vertices."""
        graph, weights = self.graph, self.vertex_weights
        found = []
        if (weights >= 0).all():
            run = partial(independent_sets.approximate_cover, graph, weights)
            found.append(Baseline("networkx min_weighted_vertex_cover", run))
        if graph.num_vertices <= independent_sets.MAX_VERTICES_EXACT:
            run = partial(independent_sets.exact_cover, graph, weights)
            found.append(Baseline("HiGHS", run, exact=True))
        return tuple(found)
