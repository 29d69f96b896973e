"""Weighted matching: edges without common ends, of the largest weight, or to match everybody."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np

from hopfield_opt.arrays import Frozen, check_truth
from hopfield_opt.baselines import matchings
from hopfield_opt.baselines.matchings import Pair
from hopfield_opt.errors import InputError, check_choice
from hopfield_opt.io import find_format
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Sense
from hopfield_opt.problems.parts.graph_problem import GraphProblem
from hopfield_opt.problems.parts.matching_models import (
    edges_model,
    edges_of_pairs,
    mates_of,
    pairs_of_edges,
    pairs_of_partners,
    partners_at,
    places_model,
    places_of,
    worth_of_pairs,
)
from hopfield_opt.problems.parts.random_graphs import random_graph
from hopfield_opt.problems.parts.violations import name_violations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMULATIONS = ("places", "edges")
MAX_VERTICES_PLACED = 1000  # a block of 10^6 spins
MAX_VERTICES_EXACT = 400  # networkx takes a minute


@dataclass(frozen=True, init=False, eq=False)
class WeightedMatching(GraphProblem, Frozen):
    """Choose edges without common ends: of the largest weight, or a lightest perfect matching.

    The answer is a set of pairs of vertices; its value is the sum of their weights. There are
    two formulations:

    * "places": ``x_vp = 1`` where vertex v takes place p of n, a permutation; the places 1 and
      2, 3 and 4, ... are partners: ``sum_k sum_uv w_uv x_u,2k-1 x_v,2k``. A pair that is no edge
      weighs 0, in a perfect matching so much that a single one costs more than can be gained.
      An exchange of two places is one move. An odd vertex is left alone by one empty place.
    * "edges": ``x_e = 1`` where edge e is chosen, ``sum of x_e at v <= 1`` (``== 1``) for each v,
      ranges that overlap. It has a variable for each edge, not for each pair.

    Parameters
    ----------
    graph : networkx graph, scipy sparse or numpy matrix, iterable of edges, WeightedGraph
        Undirected. Parallel edges are summed, self-loops ignored with a warning. Weights may be
        negative: such an edge is taken only for a perfect matching.
    perfect : bool
        Whether each vertex must be matched; the lightest such matching is then wanted.
    weight : str or None
        The edge attribute that holds the weight, 1 where it is missing. None: all edges
        weigh 1.
    formulation : {"places", "edges"} or None
        None takes "places" for up to 1000 vertices.

    Raises
    ------
    InputError
        If the graph is directed, a matrix not square and symmetric, or a weight not finite.

    References
    ----------
    J. Edmonds, "Maximum matching and a polyhedron with 0,1-vertices", J. Res. NBS 69B (1965).

    Examples
    --------
    >>> path = WeightedMatching([("a", "b", 2), ("b", "c", 3), ("c", "d", 2)])
    >>> path.evaluate({("a", "b"), ("c", "d")}).value
    4.0
    >>> path.evaluate({("a", "b"), ("b", "c")}).violations
    {"in several pairs: 'b'": 1.0}
    """

    name: ClassVar[str] = "matching"
    formats: ClassVar[tuple[str, ...]] = ("edge-list", "rudy", "metis", "csv")
    bounded_by_model: ClassVar[bool] = True

    graph: WeightedGraph
    perfect: bool
    formulation: str

    def __init__(
        self,
        graph: Any,
        perfect: bool = False,
        weight: str | None = "weight",
        formulation: Literal["places", "edges"] | None = None,
    ) -> None:
        own = as_graph(graph, weight)
        if formulation is not None:
            check_choice("formulation", formulation, FORMULATIONS)
        small = own.num_vertices <= MAX_VERTICES_PLACED
        usual = "places" if small else "edges"
        perfect = check_truth("perfect", perfect)
        self._set(graph=own, perfect=perfect, formulation=formulation or usual)

    @property
    def sense(self) -> Sense:
        """The lightest perfect matching, the heaviest of others."""
        return "minimize" if self.perfect else "maximize"

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        perfect: bool = False,
        weight: str | None = "weight",
    ) -> Self:
        """Return the problem of a file, whose vertices are called as they are there.

        Parameters
        ----------
        path : path-like
            The file.
        format : {"edge-list", "rudy", "metis"} or None
            None takes the format from the suffix, and an edge list where that says nothing.
        perfect : bool
            Whether each vertex must be matched.
        weight : str or None
            None: all edges weigh 1.

        Raises
        ------
        InputError
            If there is no such file or format.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path), perfect, weight)

    @classmethod
    def random(
        cls,
        n: int,
        p: float = 0.5,
        weights: str = "uniform",
        perfect: bool = False,
        seed: int | None = None,
    ) -> Self:
        """Return the problem of a random graph with vertices 0 ... n - 1.

        Parameters
        ----------
        n : int
            The number of vertices.
        p : float
            The probability of each edge.
        weights : {"uniform", "ones", "signs", "normal"}
            Between 0 and 1, all 1, -1 and +1, or from the standard normal law.
        perfect : bool
            Whether each vertex must be matched.
        seed : int or None
            The same seed gives the same graph.

        Raises
        ------
        InputError
            If an argument is out of its range, or the graph would not fit into memory.
        """
        return cls(random_graph(n, p, weights, seed), perfect)

    def model(self) -> Model:
        """Return the weight of the matching in one of the two formulations."""
        make = places_model if self.formulation == "places" else edges_model
        model = make(self.graph, self.perfect)
        if self.perfect and (odd := matchings.odd_component(self.graph)):
            # each pair takes two of them: a rule that the compiler sees to be impossible
            everything = model.everything().sum()
            model.add(everything - everything >= len(odd) % 2, name="odd component")
        return model

    def encode(self, answer: Collection[Pair]) -> Assignment:
        """Return the variables of a matching.

        Vertices that it leaves alone may come to be partners where places stand for pairs: it
        then comes back with an edge more.

        Raises
        ------
        InputError
            If a pair is no edge, or a vertex is in several pairs.
        """
        edges, wrong = edges_of_pairs(self.graph, answer)
        if violations := name_violations(wrong):
            raise InputError(f"answer must be a matching, got {next(iter(violations))}.")
        if self.formulation == "edges":
            return {"edge": np.bincount(edges, minlength=self.graph.num_edges).astype(np.int8)}
        return {"place": places_of(self.graph, np.sort(edges))}

    def decode(self, assignment: Assignment) -> set[Pair] | None:
        """Return the chosen pairs, or None where places are taken twice or left empty."""
        if self.formulation == "edges":
            chosen = np.asarray(assignment["edge"]) > 0
            return pairs_of_edges(self.graph, np.flatnonzero(chosen))
        partners = partners_at(np.asarray(assignment["place"]) > 0)
        return None if partners is None else pairs_of_partners(self.graph, partners, self.perfect)

    def first_answer(self) -> set[Pair] | None:
        """Return the matching of the greedy rule, None where it leaves somebody out."""
        return matchings.greedy(self.graph, self.perfect, 0)

    @property
    def polish_share(self) -> float:
        """The share of a time limit that `polish` gets: none beyond 1000 vertices."""
        return 0.5 if 0 < self.graph.num_vertices <= MAX_VERTICES_PLACED else 0.0

    def polish(
        self, answer: Collection[Pair], seed: int, deadline: float | None = None
    ) -> Collection[Pair]:
        """Return the matching after a search for alternating cycles that pay.

        Parameters
        ----------
        answer : collection of pairs of vertices
            A matching.
        seed : int
            The same seed gives the same search.
        deadline : float or None
            A value of `time.monotonic()` at which it ends; None: after some 0.1 s.

        Returns
        -------
        set of pairs
            At least as good; the same one beyond 1000 vertices.
        """
        if not self.polish_share:
            return answer
        from hopfield_opt.baselines.matching_search import improve_matching

        worth = worth_of_pairs(self.graph, self.perfect)
        mates = mates_of(self.graph, edges_of_pairs(self.graph, answer)[0])
        found = improve_matching(worth if self.perfect else -worth, mates, seed, deadline)
        partners = np.stack([np.arange(len(found)), found], axis=1)
        return pairs_of_partners(self.graph, partners, self.perfect)

    def evaluate(self, answer: Collection[Pair]) -> Evaluation:
        """Return the sum of the weights, and who is matched too often or not at all.

        Parameters
        ----------
        answer : collection of pairs of vertices
            The matching, in any order of the pairs and of their vertices.

        Raises
        ------
        InputError
            If `answer` is no collection of pairs.
        """
        edges, wrong = edges_of_pairs(self.graph, answer)
        graph = self.graph
        if self.perfect:
            ends = np.concatenate([graph.heads[edges], graph.tails[edges]])
            times = np.bincount(ends, minlength=graph.num_vertices)
            wrong["not matched"] = [graph.labels[v] for v in np.flatnonzero(times == 0).tolist()]
        return Evaluation(float(graph.weights[edges].sum()), name_violations(wrong))

    def listed(self, answer: Collection[Pair]) -> list[list[Hashable]]:
        """Return the pairs as lists in the order of the vertices."""
        index = self.graph.index
        pairs = [sorted(pair, key=index.__getitem__) for pair in answer]
        return sorted(pairs, key=lambda pair: index[pair[0]])

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the greedy rule, and networkx's blossom algorithm for up to 400 vertices."""
        graph, perfect = self.graph, self.perfect
        found = [Baseline("greedy", partial(matchings.greedy, graph, perfect))]
        if graph.num_vertices <= MAX_VERTICES_EXACT:
            run = partial(matchings.blossom, graph, perfect)
            found.append(Baseline("networkx blossom", run, exact=True))
        return tuple(found)

    def plot(self, answer: Collection[Pair], ax: "Axes | None" = None) -> "Axes":
        """Draw the graph with the chosen edges marked.

        Parameters
        ----------
        answer : collection of pairs of vertices
            The matching.
        ax : Axes or None
            Where to draw; None makes a new figure.
        """
        from hopfield_opt.plot.vertex_sets import matching

        return matching(self.graph, answer, ax)
