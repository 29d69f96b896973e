"""Maximum independent set: the heaviest set of vertices of which no two are joined."""

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
class MaxIndependentSet(VertexSetProblem):
    """Choose vertices of the largest total weight, no two of them joined by an edge.

    ``maximize sum_v c_v x_v  subject to  x_u + x_v <= 1 for each edge (u, v)``, where c are the
    weights of the vertices. The answer is the set of chosen vertices. A vertex of negative
    weight is never worth choosing.

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
    R. M. Karp, "Reducibility among combinatorial problems" (1972), problem 3 (clique) and
    section 4.

    Examples
    --------
    >>> path = MaxIndependentSet([("a", "b"), ("b", "c")])
    >>> path.evaluate({"a", "c"}).value
    2.0
    >>> path.evaluate({"a", "b"}).violations
    {"joined: ('a', 'b')": 1.0}
    """

    name: ClassVar[str] = "independent-set"
    sense: ClassVar[Sense] = "maximize"
    bounded_by_model: ClassVar[bool] = True

    graph: WeightedGraph
    vertex_weights: FloatArray

    def model(self) -> Model:
        """Return the weight of the chosen vertices, at most one at each edge."""
        model = Model()
        chosen = model.binary(self.graph.num_vertices, name="chosen")
        model.maximize((self.vertex_weights * chosen).sum())
        model.add(chosen[self.graph.heads] + chosen[self.graph.tails] <= 1, name="joined")
        return model

    def _conflicts(self, chosen: NDArray[np.bool_]) -> Mapping[str, Iterable[Hashable]]:
        graph = self.graph
        return {"joined": edges_of(graph, chosen[graph.heads] & chosen[graph.tails])}

    def first_answer(self) -> set[Hashable]:
        """Return the set of the greedy rule."""
        return independent_sets.greedy_set(self.graph, self.vertex_weights)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's heuristics, and HiGHS for graphs of up to 200 vertices."""
        graph, weights = self.graph, self.vertex_weights
        found = [
            Baseline(
                "networkx maximal_independent_set",
                partial(independent_sets.maximal_set, graph, weights),
            )
        ]
        if graph.num_vertices <= independent_sets.MAX_VERTICES_APPROXIMATED:
            run = partial(independent_sets.clique_removal, graph)
            found.append(Baseline("networkx maximum_independent_set", run))
        if graph.num_vertices <= independent_sets.MAX_VERTICES_EXACT:
            run = partial(independent_sets.exact_set, graph, weights)
            found.append(Baseline("HiGHS", run, exact=True))
        return tuple(found)
