"""Cuts and bisections for networkx."""

import random
from collections.abc import Hashable
from typing import Any

import networkx as nx
import numpy as np

from hopfield_opt.interop.graphs.parts import improve, takes_graphs, undirected
from hopfield_opt.problems import GraphBipartition, MaxCut

Cut = tuple[Any, tuple[set[Hashable], set[Hashable]]]


@takes_graphs
def one_exchange(
    G: Any,
    initial_cut: Any = None,
    seed: Any = None,
    weight: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Cut:
    """Return a cut from that of the best single exchanges, and its value."""
    first = _exchange_greedily(undirected(G, weight), set(initial_cut or ()), seed)
    return _improve_cut(G, first, weight, seed, time_limit, sweeps)


@takes_graphs
def randomized_partitioning(
    G: Any,
    seed: Any = None,
    p: float = 0.5,
    weight: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Cut:
    """Return a cut from a random one, and its value."""
    own = nx.approximation.randomized_partitioning
    _, (first, _) = own(G, seed=seed, p=p, weight=weight, backend="networkx")
    return _improve_cut(G, first, weight, seed, time_limit, sweeps)


def _exchange_greedily(graph: Any, first: set[Hashable], seed: random.Random) -> set[Hashable]:
    """Return the cut of networkx' `one_exchange`: the same moves and draws, gains kept.

    networkx counts the whole cut anew for each vertex of each step.
    """
    order = list(graph)
    index = {label: place for place, label in enumerate(order)}
    if not order:
        return set()
    weights: Any = nx.to_scipy_sparse_array(graph, nodelist=order, dtype=np.dtype(np.float64))
    spins = np.array([-1.0 if label in first else 1.0 for label in order])
    gains = spins * (weights @ spins)
    value = 0.0
    while True:
        nodes = list(order)
        seed.shuffle(nodes)  # which of the best is taken
        places = np.array([index[label] for label in nodes], dtype=np.int64)
        best = int(places[gains[places].argmax()])
        # the value grows, as a number in the machine: no rounding leads round in a circle
        if value + gains[best] <= value:
            return {label for label, spin in zip(order, spins, strict=True) if spin < 0}
        value += gains[best]
        spins[best] = -spins[best]
        touched = weights.indices[weights.indptr[best] : weights.indptr[best + 1]]
        touched = np.append(touched, best)
        gains[touched] = spins[touched] * (weights[touched] @ spins)


def _improve_cut(
    graph: Any,
    first: set[Hashable],
    weight: Any,
    seed: Any,
    time_limit: float | None,
    sweeps: int | None,
) -> Cut:
    """Return the better of a cut and what is found from it, as networkx counts both."""
    own = first & set(graph)
    start = own, set(graph) - own
    found, _ = improve(MaxCut(undirected(graph, weight)), start, seed, time_limit, sweeps)
    # the same side as before, so that an answer which is not better is the old one
    if len(found ^ own) > len(graph) / 2:
        found = set(graph) - found
    values = [nx.cut_size(graph, side, weight=weight) for side in (own, found)]
    value, side = (values[1], found) if values[1] > values[0] else (values[0], own)
    return value, (side, set(graph) - side)


@takes_graphs
def kernighan_lin_bisection(
    G: Any,
    partition: Any = None,
    max_iter: int = 10,
    weight: Any = "weight",
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> tuple[set[Hashable], set[Hashable]]:
    """Return two sides of the sizes that networkx gives them, with no more weight across."""
    given = {"partition": partition, "max_iter": max_iter, "weight": weight, "seed": seed}
    own = nx.community.kernighan_lin_bisection(G, **given, backend="networkx")
    if not all(own):
        return own
    graph = undirected(G, weight)
    problem = GraphBipartition(graph, sizes=(len(own[0]), len(own[1])))
    found = improve(problem, own, seed, time_limit, sweeps)
    if len(found[0]) != len(own[0]) or len(found[0] & own[0]) < len(found[1] & own[0]):
        found = found[1], found[0]
    across = [nx.cut_size(graph, sides[0], weight="weight") for sides in (own, found)]
    return found if across[1] < across[0] else own
