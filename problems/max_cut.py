"""Maximum cut: split the nodes of a weighted graph so that the weight across is largest."""

from collections.abc import Hashable
from dataclasses import dataclass
from os import PathLike
from typing import Any, ClassVar

import numpy as np
import scipy.sparse

from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.io.graphs import WeightedGraph, as_graph
from hopfield_opt.problems.base import Assignment, Baseline, Evaluation, Relaxation, Sense

Cut = tuple[set[Hashable], set[Hashable]]


@dataclass(frozen=True, init=False, eq=False)
class MaxCut:
    """Maximum cut."""

    name: ClassVar[str] = "max-cut"
    sense: ClassVar[Sense] = "maximize"
    formats: ClassVar[tuple[str, ...]] = ("rudy", "metis", "edge-list")
    graph: WeightedGraph

    def __init__(self, graph: Any, weight: str | None = "weight") -> None:
        object.__setattr__(self, "graph", as_graph(graph, weight))

    @classmethod
    def read(cls, path: str | PathLike[str], format: str | None = None) -> "MaxCut":
        """Return the problem of a file."""
        data = np.loadtxt(path, skiprows=1)
        n = int(open(path).readline().split()[0])
        return cls(WeightedGraph(tuple(range(1, n + 1)), data[:, 0] - 1, data[:, 1] - 1, data[:, 2]))

    def hamiltonian(self) -> Hamiltonian:
        """Return the network whose energy is minus the weight of the cut."""
        graph = self.graph
        n = graph.num_vertices
        upper = scipy.sparse.coo_array((-graph.weights / 2, (graph.heads, graph.tails)), (n, n))
        weights = (upper + upper.T).tocsr()
        return Hamiltonian(weights, offset=-float(graph.weights.sum()) / 2)

    def encode(self, answer: Cut) -> Assignment:
        """Return spins."""
        spins = [1 if label in answer[0] else -1 for label in self.graph.labels]
        return {"spins": np.array(spins, dtype=np.int8)}

    def decode(self, assignment: Assignment) -> Cut:
        """Return the two sides."""
        spins = assignment["spins"]
        first = spins == spins[:1]
        labels = self.graph.labels
        return (
            {label for label, inside in zip(labels, first.tolist(), strict=True) if inside},
            {label for label, inside in zip(labels, first.tolist(), strict=True) if not inside},
        )

    def evaluate(self, answer: Cut) -> Evaluation:
        """Return the weight of the cut."""
        spins = self.encode(answer)["spins"]
        return Evaluation(float(self.graph.weights[spins[self.graph.heads] != spins[self.graph.tails]].sum()))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the algorithms to compare with."""
        return ()

    def relaxations(self) -> tuple[Relaxation, ...]:
        """Return the bounds to compare with."""
        return ()
