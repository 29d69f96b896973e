"""The library passes the shipped check of problems."""

import numpy as np
import pytest

from hopfield_opt import problems
from hopfield_opt.errors import InputError
from hopfield_opt.testing import check_problem

TRIANGLE = [(0, 1), (1, 2), (2, 0), (2, 3)]
WEIGHTS = [[0, 3, 1, 2], [3, 0, 2, 0], [1, 2, 0, 4], [2, 0, 4, 0]]

# small instances of each class, besides what `random` makes: other options, and degenerate ones
INSTANCES = {
    "bipartition": ("GraphBipartition", [(TRIANGLE,), ([("a", "b")],)]),
    "clique": ("MaxClique", [(TRIANGLE,)]),
    "coloring": ("GraphColoring", [(TRIANGLE,), (TRIANGLE, 3), (TRIANGLE, 2)]),
    "image-restoration": ("ImageRestoration", [([[0, 1], [1, 0]],)]),
    "independent-set": ("MaxIndependentSet", [(TRIANGLE,), ([("a", "b")],)]),
    "knapsack": ("Knapsack", [([4, 3, 2], [3, 2, 2], 4), ([4, 3], [9, 9], 4)]),
    "matching": ("WeightedMatching", [([(0, 1, 2.0), (1, 2, 3.0), (2, 3, 2.0)],)]),
    "max-cut": ("MaxCut", [(TRIANGLE,), (np.array(WEIGHTS),), ([("a", "b")],)]),
    "number-partition": ("NumberPartition", [([4, 5, 6, 7, 8],), ([1],)]),
    "qap": ("QuadraticAssignment", [(WEIGHTS, WEIGHTS)]),
    "queens": ("NQueens", [(4,), (3,), (2,), (1,)]),
    "qubo": ("Qubo", [([[1, -2], [0, 1]],), ({("a", "b"): -1.0, ("a", "a"): 0.5},)]),
    "set-cover": ("SetCover", [([[0, 1], [1, 2], [2]],)]),
    "tsp": ("TravellingSalesman", [(WEIGHTS,)]),
    "vertex-cover": ("MinVertexCover", [(TRIANGLE,)]),
}
# the network holds the square of the value
ORDERED = {"number-partition"}
# how large the random instances are that compile to at most 16 spins
SIZES = {"coloring": 3, "image-restoration": 3, "matching": 4, "qap": 4, "queens": 4, "tsp": 4}
# a recall: its answer is where the network goes from a cue, and no optimum
NOT_OPTIMISED = {"memory"}


def test_every_problem_has_instances():
    """Nobody adds a problem without an instance here."""
    assert set(INSTANCES) == set(problems.available()) - NOT_OPTIMISED


@pytest.mark.parametrize("name", sorted(INSTANCES))
def test_every_problem_keeps_the_laws(name):
    """Each problem of the registry passes on small instances, a random one among them."""
    kind = problems.named(name)
    known, given = INSTANCES[name]
    assert kind.__name__ == known
    small = [kind(*arguments) for arguments in given]
    if hasattr(kind, "random"):
        small.append(kind.random(SIZES.get(name, 6), seed=1))
    for problem in small:
        check_problem(problem, energy="order" if name in ORDERED else "value")


@pytest.mark.parametrize(
    ("kind", "data", "settings"),
    [
        ("tsp", np.triu(np.arange(16.0).reshape(4, 4), 1), {"cycle": False}),
        ("bipartition", TRIANGLE, {"sizes": (1, 3)}),
        ("bipartition", TRIANGLE, {"imbalance": 0.5}),
        ("matching", [(0, 1, 2.0), (1, 2, 3.0), (2, 3, 2.0), (3, 0, 1.0)], {"perfect": True}),
        ("coloring", TRIANGLE, {"colors": 3}),
    ],
)
def test_settings_keep_the_laws(kind, data, settings):
    """So do instances with settings, which are not part of their files."""
    check_problem(problems.named(kind)(data, **settings), settings=settings)


def test_large_instances_are_refused():
    """An instance that cannot be enumerated is an error that says so."""
    with pytest.raises(InputError, match="at most 16 spins, got 30"):
        check_problem(problems.MaxCut.random(30, seed=1))
