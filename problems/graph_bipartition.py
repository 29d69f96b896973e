"""Graph bipartition: split the vertices in two sides of given size with the least weight across."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from typing import Any, ClassVar, Self

import numpy as np

from hopfield_opt.arrays import check_integer, check_number
from hopfield_opt.baselines import bisections, sdp
from hopfield_opt.border import as_list
from hopfield_opt.errors import InputError, show
from hopfield_opt.io import find_format
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph
from hopfield_opt.model import Model
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Relaxation, Sense
from hopfield_opt.problems.parts.random_graphs import random_graph
from hopfield_opt.problems.parts.sides import Membership, SidesProblem, weight_across

# (1 + 0.1) * 10 is 11 and a little
_ROUNDING = 1e-9


@dataclass(frozen=True, init=False, eq=False)
class GraphBipartition(SidesProblem):
    """Split the vertices in two sides of given size so that the weight across is least.

    ``minimize sum over edges (u, v) of w_uv (1 - s_u s_v) / 2`` with ``sum_u (1 + s_u) / 2`` in
    a range, one spin for each vertex. The answer is the two sides as sets of vertices, the
    first holding the first vertex.

    Parameters
    ----------
    graph : networkx graph, scipy sparse or numpy matrix, iterable of edges, WeightedGraph
        Undirected. Weights may be negative; parallel edges are summed, self-loops ignored with
        a warning.
    weight : str or None
        The edge attribute that holds the weight, 1 where it is missing. None: all edges
        weigh 1.
    sizes : (int, int), optional
        The sizes of the two sides, in any order. None: the sides are balanced.
    imbalance : float, default 0
        No side of n vertices in all holds more than ``(1 + imbalance) ceil(n / 2)``, as METIS
        and the archives of partitions have it. With 0 the sides differ by at most n mod 2.

    Raises
    ------
    InputError
        If the graph is directed, a matrix not square and symmetric, or a weight not finite; if
        sizes do not add up to n, or the imbalance is negative; if both are given.

    Notes
    -----
    The compiled network has ``W = w/2``, the offset ``sum(w)/2`` and one `Cardinality` group.

    References
    ----------
    B. W. Kernighan, S. Lin, "An efficient heuristic procedure for partitioning graphs", Bell
    System Technical Journal 49 (1970), section 1.

    Examples
    --------
    >>> ladder = GraphBipartition([(1, 2), (2, 3), (4, 5), (5, 6), (1, 4), (2, 5), (3, 6)])
    >>> ladder.evaluate(({1, 2, 4}, {3, 5, 6})).value
    3.0
    >>> ladder.evaluate(({1, 2, 4, 5}, {3, 6}))
    Evaluation(value=2.0, violations={'sides of 4 and 2, not 3 and 3': 1.0})
    """

    name: ClassVar[str] = "bipartition"
    sense: ClassVar[Sense] = "minimize"
    bounded_by_model: ClassVar[bool] = True
    formats: ClassVar[tuple[str, ...]] = ("metis", "rudy", "edge-list", "csv")

    graph: WeightedGraph
    sizes: tuple[int, int] | None
    imbalance: float

    def __init__(
        self,
        graph: Any,
        weight: str | None = "weight",
        sizes: Sequence[int] | None = None,
        imbalance: float = 0.0,
    ) -> None:
        own = as_graph(graph, weight)
        share = check_number("imbalance", imbalance)
        if share < 0:
            raise InputError(f"imbalance must be at least 0, got {share}.")
        if sizes is not None and share > 0:
            raise InputError("sizes must stand without imbalance, got both. Leave one out.")
        object.__setattr__(self, "graph", own)
        object.__setattr__(self, "sizes", _check_sizes(sizes, own.num_vertices))
        object.__setattr__(self, "imbalance", share)

    @classmethod
    def read(
        cls,
        path: str | PathLike[str],
        format: str | None = None,
        weight: str | None = "weight",
        sizes: Sequence[int] | None = None,
        imbalance: float = 0.0,
    ) -> Self:
        """Return the problem of a file, whose vertices are called as they are there.

        Parameters
        ----------
        path : path-like
            The file.
        format : {"metis", "rudy", "edge-list"} or None
            None takes the format from the suffix, and metis where the suffix says nothing.
        weight, sizes, imbalance
            As for the constructor.

        Raises
        ------
        InputError
            If there is no such file or format, or the sizes do not fit.
        ReadError
            If the file is not of this format, naming the line.
        """
        return cls(find_format(path, format, cls.formats).read(path), weight, sizes, imbalance)

    @classmethod
    def random(
        cls,
        n: int,
        p: float = 0.5,
        weights: str = "ones",
        seed: int | None = None,
        sizes: Sequence[int] | None = None,
        imbalance: float = 0.0,
    ) -> Self:
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
        sizes, imbalance
            As for the constructor.

        Raises
        ------
        InputError
            If an argument is out of its range, or the graph would not fit into memory.

        Examples
        --------
        >>> GraphBipartition.random(100, p=0.1, seed=1).graph
        WeightedGraph('random', 100 vertices, 506 edges)
        """
        return cls(random_graph(n, p, weights, seed), sizes=sizes, imbalance=imbalance)

    @property
    def allowed(self) -> Sequence[int]:
        """The sizes that the first side may have."""
        if self.sizes is not None:
            return self.sizes
        n = self.graph.num_vertices
        upper = min(n, math.floor((1 + self.imbalance) * -(-n // 2) + _ROUNDING))
        return range(n - upper, upper + 1)

    def model(self) -> Model:
        """Return the weight across over one spin for each vertex, named `side`."""
        graph, allowed = self.graph, self.allowed
        model = Model()
        side = model.spin(graph.num_vertices, name="side")
        model.minimize(weight_across(graph, side))
        on = (1 + side).sum() / 2
        if self.sizes is not None:
            # mirror images have the same value: one of the two ways to give the sizes is enough
            model.add(on == self.sizes[0], name="sizes")
        elif graph.num_vertices:
            model.add(on >= allowed[0], on <= allowed[-1], name="balance")
        return model

    def encode(self, answer: Sides) -> Assignment:
        """Return the spins of two sides: +1 on the first, or on the one that has ``sizes[0]``.

        Raises
        ------
        InputError
            If a vertex is on no side or on both, or is unknown.
        """
        spins = np.asarray(super().encode(answer)["side"])
        if self.sizes is not None and np.count_nonzero(spins > 0) != self.sizes[0]:
            spins = -spins
        return {"side": spins}

    def first_answer(self) -> Sides:
        """Return the first vertices on one side, as many as the middle of what is allowed."""
        places = np.arange(self.graph.num_vertices)
        on = self.sizes[0] if self.sizes is not None else self.allowed[len(self.allowed) // 2]
        return self.decode({"side": np.where(places < on, 1, -1)})

    def evaluate(self, answer: Sides) -> Evaluation:
        """Return the weight of the edges across, and by how many vertices the sizes are wrong.

        Parameters
        ----------
        answer : pair of collections of vertices
            The two sides.

        Raises
        ------
        InputError
            If `answer` is not two collections of hashable things.

        Examples
        --------
        >>> GraphBipartition([(1, 2), (2, 3), (3, 4)]).evaluate(({1, 2, 3}, {4})).violations
        {'sides of 3 and 1, not 2 and 2': 1.0}
        """
        membership = Membership.of(self.graph, answer)
        violations = dict(membership.violations)
        first, second = int(membership.first.sum()), int(membership.second.sum())
        wanted = np.asarray(self.allowed)
        off = np.maximum(abs(first - wanted), abs(second - (self.graph.num_vertices - wanted)))
        if off.all():
            near = int(wanted[off.argmin()])
            nearest = f"{near} and {self.graph.num_vertices - near}"
            violations[f"sides of {first} and {second}, not {nearest}"] = float(off.min())
        return Evaluation(membership.weight_across, violations)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what people use today, and what finds the optimum of small graphs."""
        task = (self.graph, self.allowed)
        found = [
            Baseline("networkx kernighan_lin", partial(bisections.kernighan_lin, *task)),
            Baseline("spectral bisection", partial(bisections.spectral, *task)),
        ]
        if self.graph.num_vertices <= bisections.MAX_VERTICES_EXACT:
            run = partial(bisections.enumeration, *task)
            found.append(Baseline("enumeration", run, exact=True))
        return tuple(found)

    def relaxations(self) -> tuple[Relaxation, ...]:
        """Return the semidefinite bound, for graphs of up to 100 vertices."""
        if self.graph.num_vertices > sdp.MAX_VERTICES:
            return ()
        return (Relaxation("SDP bound", partial(bisections.bound, self.graph, self.allowed)),)


def _check_sizes(sizes: Sequence[int] | None, num_vertices: int) -> tuple[int, int] | None:
    """Return two sizes that add up to the number of vertices."""
    if sizes is None:
        return None
    pair = as_list(sizes)
    if pair is None or len(pair) != 2:
        raise InputError(f"sizes must be two integers, got {show(sizes)}. Give a pair.")
    first, second = (check_integer("sizes", size, lowest=0) for size in pair)
    if first + second != num_vertices:
        raise InputError(f"sizes must add up to {num_vertices} vertices, got {first} + {second}.")
    return first, second
