"""Large instances: what a problem does to its data takes time in proportion to them."""

import itertools
import time

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.problems import (
    GraphBipartition,
    GraphColoring,
    ImageRestoration,
    Knapsack,
    MaxCut,
    MaxIndependentSet,
    MinVertexCover,
    NumberPartition,
    Qubo,
    SetCover,
    TravellingSalesman,
    WeightedMatching,
)

SIZE = 20_000
# a second would do; anything that looks at all pairs of 20000 takes minutes
SECONDS = 5.0
NAMES = [f"n{k}" for k in range(SIZE)]
PLACES = np.arange(SIZE)


def sparse_graph():
    """Return a graph of vertices with names: a ring, and an edge across from each of them."""
    heads = np.concatenate([PLACES, PLACES])
    tails = np.concatenate([np.roll(PLACES, 1), (7 * PLACES + 3) % SIZE])
    apart = heads != tails
    return ho.io.WeightedGraph(NAMES, heads[apart], tails[apart], np.ones(apart.sum()))


def sides():
    """Return the vertices as two halves."""
    return set(NAMES[::2]), set(NAMES[1::2])


PROBLEMS = {
    "max-cut": lambda: (MaxCut(sparse_graph()), sides()),
    "bipartition": lambda: (GraphBipartition(sparse_graph()), sides()),
    "coloring": lambda: next((p, p.start) for p in [GraphColoring(sparse_graph())]),
    "independent-set": lambda: (MaxIndependentSet(sparse_graph()), set(NAMES[::2])),
    "weighted-set": lambda: (
        MaxIndependentSet(sparse_graph(), dict(zip(NAMES, PLACES.tolist(), strict=True))),
        set(NAMES[::2]),
    ),
    "vertex-cover": lambda: (MinVertexCover(sparse_graph()), set(NAMES)),
    "matching": lambda: (WeightedMatching(sparse_graph()), set()),
    "knapsack": lambda: (
        Knapsack(dict.fromkeys(NAMES, 1.0), dict.fromkeys(NAMES, 2.0), SIZE),
        dict.fromkeys(NAMES[::2], 1),
    ),
    "number-partition": lambda: (NumberPartition(dict.fromkeys(NAMES, 3)), sides()),
    "qubo": lambda: (
        Qubo(dict.fromkeys(itertools.pairwise(NAMES), 1.0)),
        dict.fromkeys(NAMES, 1),
    ),
    "set-cover": lambda: (
        SetCover({n: (k, (k + 1) % SIZE) for k, n in enumerate(NAMES)}, dict.fromkeys(NAMES, 2)),
        set(NAMES),
    ),
    "image-restoration": lambda: next((p, p.start) for p in [ImageRestoration.random(140, seed=0)]),
}


def test_a_tour_is_evaluated_in_proportion():
    """The table of distances is looked at as a whole at most once, not once for each city."""
    problem = TravellingSalesman.random(1500, seed=0)
    order = list(problem.cities.labels)
    started = time.process_time()
    for _ in range(20):
        problem.evaluate(order)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("name", PROBLEMS)
def test_data_of_many_things_are_handled_in_proportion(name):
    """Making, evaluating, encoding, decoding and the model never look at all pairs."""
    started = time.process_time()
    problem, answer = PROBLEMS[name]()
    value = problem.evaluate(answer).value
    if problem.evaluate(answer).feasible:
        again = problem.decode(problem.encode(answer))
        assert problem.evaluate(again).value == value
    if hasattr(problem, "listed"):
        problem.listed(answer)
    problem.model()
    problem.baselines()
    assert time.process_time() - started < SECONDS
