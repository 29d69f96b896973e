"""Maximum clique: the heaviest set of vertices that are all joined to each other."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, check_memory
from hopfield_opt.baselines import independent_sets
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Baseline, Sense
from hopfield_opt.problems.parts.graph_problem import VertexSetProblem

# of a pair that is not joined, until the network stands
BYTES_PER_MISSING_EDGE = 440
PAIRS_BETWEEN_LOOKS = 1_000_000


@dataclass(frozen=True, init=False, eq=False)
class MaxClique(VertexSetProblem):
    """Choose vertices of the largest total weight, all of them joined to each other.

    ``maximize sum_v c_v x_v  subject to  x_u + x_v <= 1 for each pair (u, v) that is no edge``,
    where c are the weights of the vertices: an independent set of the complement. The answer is
    the set of chosen vertices. A vertex of negative weight is never worth choosing.

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
    R. M. Karp, "Reducibility among combinatorial problems" (1972), problem 3 (clique).

    Examples
    --------
    >>> triangle = MaxClique([(1, 2), (2, 3), (3, 1), (3, 4)])
    >>> triangle.evaluate({1, 2, 3})
    Evaluation(value=3.0, violations={})
    >>> triangle.evaluate({1, 4}).violations
    {'not joined: (1, 4)': 1.0}
    """

    name: ClassVar[str] = "clique"
    sense: ClassVar[Sense] = "maximize"
    bounded_by_model: ClassVar[bool] = True

    graph: WeightedGraph
    vertex_weights: FloatArray

    def model(self) -> Model:
        """Return the weight of the chosen vertices, at most one of two that are not joined.

        Raises
        ------
        SizeError
            If so many pairs are not joined that their rules would not fit into memory: some 5
            million, a large sparse graph.
        """
        u, v = self._missing_edges()
        model = Model()
        chosen = model.binary(self.graph.num_vertices, name="chosen")
        model.maximize((self.vertex_weights * chosen).sum())
        model.add(chosen[u] + chosen[v] <= 1, name="not joined")
        return model

    def _missing_edges(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the ends of the pairs that are no edge."""
        size = self.graph.num_vertices
        count = size * (size - 1) // 2 - self.graph.num_edges
        advice = "Take its dense part, as networkx.k_core(graph, size of a known clique)"
        check_memory("graph", BYTES_PER_MISSING_EDGE * count, advice)
        heads, tails = self.graph.heads, self.graph.tails
        ends, found = np.empty((2, count), np.int64), 0
        stripe = max(1, PAIRS_BETWEEN_LOOKS // max(1, size))
        for first in deadline.check_each(range(0, size, stripe)):
            rows = np.arange(first, min(first + stripe, size))
            missing = np.arange(size) > rows[:, None]
            begin, end = np.searchsorted(heads, [first, first + stripe])
            missing[heads[begin:end] - first, tails[begin:end]] = False
            u, v = np.nonzero(missing)
            ends[:, found : found + len(u)] = u + first, v
            found += len(u)
        return ends[0], ends[1]

    def _conflicts(self, chosen: NDArray[np.bool_]) -> Mapping[str, Iterable[Hashable]]:
        """Return the pairs of chosen vertices that no edge joins."""
        graph, members = self.graph, np.flatnonzero(chosen)
        # the edges among k vertices are counted first: no k x k table for a clique
        inside = chosen[graph.heads] & chosen[graph.tails]
        if int(inside.sum()) == len(members) * (len(members) - 1) // 2:
            return {}
        missing = np.triu(np.ones((len(members), len(members)), dtype=bool), 1)
        place = np.cumsum(chosen) - 1
        missing[place[graph.heads[inside]], place[graph.tails[inside]]] = False
        u, v = members[np.argwhere(missing).T]
        names = graph.labels
        return {"not joined": ((names[a], names[b]) for a, b in zip(u, v, strict=True))}

    def first_answer(self) -> set[Hashable]:
        """Return the clique of the greedy rule."""
        return independent_sets.greedy_clique(self.graph, self.vertex_weights)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return networkx's heuristic, and its exact search for up to 200 vertices."""
        graph, weights = self.graph, self.vertex_weights
        found = []
        if graph.num_vertices <= independent_sets.MAX_VERTICES_APPROXIMATED:
            found.append(
                Baseline("networkx max_clique", partial(independent_sets.approximate_clique, graph))
            )
        # networkx's search takes whole numbers only
        if graph.num_vertices <= independent_sets.MAX_VERTICES_EXACT and _whole(weights):
            run = partial(independent_sets.exact_clique, graph, weights)
            found.append(Baseline("networkx max_weight_clique", run, exact=True))
        return tuple(found)


def _whole(weights: FloatArray) -> bool:
    return bool((weights == np.floor(weights)).all() and (weights > 0).all())
