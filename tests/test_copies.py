"""Copies and pickles are independent, right and read-only, as what they were made of."""

import copy
import pickle

import networkx as nx
import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import problems
from hopfield_opt.errors import InputError, ReadError

WAYS = [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))]
PROBLEMS = [
    problems.MaxCut.random(6, seed=1),
    problems.GraphBipartition.random(6, seed=1),
    problems.GraphColoring.random(6, seed=1),
    problems.MaxClique(nx.path_graph(4), {0: 1, 1: 2, 2: 3, 3: 4}),
    problems.WeightedMatching.random(6, seed=1),
    problems.TravellingSalesman.random(5, seed=1),
    problems.QuadraticAssignment.random(4, seed=1),
    problems.Qubo({("a", "b"): 2.0, ("a", "a"): -1.0}),
    problems.Knapsack({"a": 1, "b": 2}, {"a": 1, "b": 2}, 2),
    problems.SetCover([{1, 2}, {2, 3}]),
    problems.NumberPartition([4, 5, 6]),
    problems.ImageRestoration([[0, 1], [1, 0]]),
    problems.NQueens(5),
    problems.PatternMemory([[1, 1, -1], [1, -1, 1]], [1, 1, 1]),
]


def small() -> ho.Model:
    """Return a model with a rule and a cost."""
    m = ho.Model()
    x = m.binary(3, name="x")
    m.maximize(([3, 2, 1] * x).sum())
    m.add(x.sum() <= 2, name="two")
    return m


@pytest.mark.parametrize("way", WAYS, ids=["copy", "deepcopy", "pickle"])
def test_a_copy_of_a_model_is_its_own(way):
    """What is added to a copy is not in the original, and the other way round."""
    m = small()
    twin = way(m)
    twin.add(twin["x"].sum() <= 1, name="one")
    twin.integer((), 0, 3, name="y")
    m.add(m["x"][0] == 0, name="not the first")
    assert list(m.rules) == ["two", "not the first"]
    assert list(twin.rules) == ["two", "one"]
    assert [one.name for one in m.variables] == ["x"]
    assert m.binary(0, name="y").shape == (0,)
    assert ho.solve(m, seed=0).value == 3
    assert ho.solve(twin, seed=0).value == 3
    assert twin.rules["two"].constraint.evaluate({"x": [1, 1, 1], "y": 0}) == 1
    twin.minimize(twin["x"].sum())
    assert (m.sense, twin.sense) == ("maximize", "minimize")


@pytest.mark.parametrize("way", WAYS, ids=["copy", "deepcopy", "pickle"])
def test_variables_of_the_original_are_none_of_the_copy(way):
    """An expression of the original is refused by a copy, with what to do."""
    m = small()
    twin = way(m)
    with pytest.raises(InputError, match="in this model's variables, .* of another. Make all"):
        twin.add(m["x"].sum() <= 1)
    with pytest.raises(InputError, match="in this model's variables, .* of another. Make all"):
        twin.minimize(m["x"].sum())
    with pytest.raises(InputError, match="of one model"):
        twin["x"] + m["x"]


@pytest.mark.parametrize("way", WAYS[1:], ids=["deepcopy", "pickle"])
def test_what_belongs_together_is_copied_together(way):
    """A model and its expressions that are copied as one thing still belong together."""
    m = small()
    twin, x, rule = way((m, m["x"], m["x"].sum() <= 1))
    twin.add(x[0] >= 1, rule)
    assert len(twin.rules) == 3
    assert len(m.rules) == 1
    assert ho.solve(twin, seed=0).value == 3


def test_long_sums_are_copied():
    """A sum that was written term by term is no deeper to copy than it is to evaluate."""
    m = ho.Model()
    x = m.binary(5000, name="x")
    cost = 0
    for k in range(5000):
        cost = cost + (k % 7) * x[k]
    m.minimize(cost)
    ones = {"x": np.ones(5000)}
    for way in WAYS:
        assert way(m).evaluate(ones).value == m.evaluate(ones).value
        assert way(cost).evaluate(ones) == cost.evaluate(ones)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_copies_of_problems_are_right(problem):
    """A copy of a problem has the same answers, and none of its arrays can be written to."""
    result = ho.solve(problem, sweeps=2, replicas=1, seed=0)
    for way in WAYS:
        twin = way(problem)
        assert twin.evaluate(result.answer) == problem.evaluate(result.answer)
        for value in vars(twin).values():
            assert not (isinstance(value, np.ndarray) and value.flags.writeable)
        again = way(result)
        assert (again.value, again.status, again.seed) == (result.value, result.status, result.seed)
        assert (again.states == result.states).all()


@pytest.mark.parametrize("way", WAYS, ids=["copy", "deepcopy", "pickle"])
def test_copies_of_networks_and_memories_are_right(way):
    """Networks stay read-only; what a copy of a memory stores is not in the original."""
    weights = np.array([[0.0, 1.0], [1.0, 0.0]])
    for network in (ho.Hamiltonian(weights, [1, 2]), ho.Network(weights, [1, 2])):
        twin = way(network)
        assert twin.local_field([1, -1]).tolist() == network.local_field([1, -1]).tolist()
        with pytest.raises(ValueError, match="read-only"):
            twin.thresholds[0] = 7
    for make in (ho.AssociativeMemory, ho.DenseAssociativeMemory):
        memory = make([[1, 1, 1, -1]])
        twin = way(memory).store([[1, -1, 1, -1]])
        assert (len(memory.patterns), len(twin.patterns)) == (1, 2)
        assert memory.recall([1, 1, 1, -1], seed=0).label == "memory 0"


def test_a_memory_keeps_its_own_thresholds():
    """Thresholds are copied: what the user writes into them later means nothing."""
    thresholds = np.zeros(4)
    memory = ho.AssociativeMemory([[1, 1, 1, -1]], thresholds=thresholds)
    thresholds[:] = 9
    assert memory.store([[1, -1, 1, 1]]).hamiltonian.thresholds.tolist() == [0, 0, 0, 0]


def test_errors_travel():
    """An error comes back from another process as it was."""
    for error in (InputError("x must be 1, got 2."), ReadError("g.txt", 3, "no number.")):
        for way in WAYS:
            again = way(error)
            assert (type(again), str(again)) == (type(error), str(error))
    assert pickle.loads(pickle.dumps(ReadError("g.txt", 3, "no number."))).line == 3
