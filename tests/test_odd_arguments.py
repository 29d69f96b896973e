"""Arguments of odd kinds: read as what they are, or refused in one line."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import coo_matrix

import hopfield_opt as ho
from hopfield_opt import dynamics, plot
from hopfield_opt.errors import InputError
from hopfield_opt.io import Assignments
from hopfield_opt.problems import (
    GraphBipartition,
    GraphColoring,
    Knapsack,
    MaxClique,
    MaxCut,
    NQueens,
    NumberPartition,
    PatternMemory,
    QuadraticAssignment,
    Qubo,
    SetCover,
    TravellingSalesman,
    WeightedMatching,
)

SQUARE = MaxCut(nx.cycle_graph(4))
NETWORK = ho.Hamiltonian(1.0 - np.eye(3))
NOTHING_NAMED = [np.array(["auto", "penalty"]), np.array([]), 3, 1.5, ["auto"], {}, b"auto"]

CHOICES: dict[str, Callable[[Any], Any]] = {
    "structure": lambda v: ho.compile(SQUARE, structure=v),
    "presolve": lambda v: ho.compile(SQUARE, presolve=v),
    "encoding": lambda v: ho.compile(SQUARE, encoding={"side": v}),
    "penalty": lambda v: ho.compile(SQUARE, penalty=v if v not in (3, 1.5) else "3"),
    "keeps": lambda v: ho.compile(SQUARE, keeps=[v]),
    "record": lambda v: ho.run(NETWORK, "tabu", sweeps=1, record=[v]),
    "every": lambda v: ho.run(NETWORK, "tabu", sweeps=1, every=v if v != 3 else "3"),
    "format": lambda v: MaxCut.read("no such file", format=v),
    "baseline": lambda v: ho.compare(SQUARE, [], baselines=[v], time_limit=1),
    "method": lambda v: ho.solve(SQUARE, method=v),
}


@pytest.mark.parametrize("name", CHOICES)
def test_what_is_no_name_is_no_choice(name):
    """An array is refused as a choice as any other thing is that names nothing."""
    for value in NOTHING_NAMED:
        if isinstance(value, np.ndarray) and name in ("penalty", "every"):
            value = value.tolist()
        with pytest.raises(InputError, match=name):
            CHOICES[name](value)


TRUTHS: dict[str, Callable[[Any], Any]] = {
    "ising": lambda v: Qubo({(0, 1): 1}, ising=v),
    "perfect": lambda v: WeightedMatching([(0, 1)], perfect=v),
    "cycle": lambda v: TravellingSalesman([[0, 1], [1, 0]], cycle=v),
    "soft": lambda v: model_with_rule(soft=v, penalty=1.0),
    "decay": lambda v: dynamics.HopfieldTank(decay=v),
    "isoenergetic": lambda v: dynamics.ParallelTempering(isoenergetic=v),
    "polish": lambda v: ho.solve(SQUARE, polish=v, seed=0),
}


def model_with_rule(**options: Any) -> None:
    """Add a rule with some options to a model."""
    x = ho.Model().binary(3)
    x.model.add(x.sum() <= 1, **options)


@pytest.mark.parametrize("name", TRUTHS)
def test_truth_values_are_asked_for_as_such(name):
    """True and False of Python and numpy are taken, and nothing else."""
    TRUTHS[name](np.False_)
    for value in (np.array([True, False]), np.array([]), "yes", 1, b"", []):
        with pytest.raises(InputError, match=name):
            TRUTHS[name](value)


PARAMETERS = [
    (dynamics.Exhaustive, {"tolerance": 0.5}),
    (dynamics.Glauber, {"temperature": 0.5}),
    (dynamics.Synchronous, {"temperature": 0.5}),
    (dynamics.HopfieldTank, {"u0": 0.5, "tau": 1.5, "step": 0.25, "start_output": 0.5}),
    (dynamics.MeanFieldAnnealing, {"hot": 2.0, "cold": 0.25}),
    (dynamics.SimulatedBifurcation, {"step": 0.5}),
    (dynamics.PopulationAnnealing, {"temperature": 0.5}),
    (dynamics.SimulatedAnnealing, {"beta_range": (0.5, 1.5)}),
    (dynamics.ParallelTempering, {"temperatures": (1.5, 0.5)}),
]


@pytest.mark.parametrize(("kind", "given"), PARAMETERS)
def test_numbers_of_all_kinds_are_the_same_parameters(kind, given):
    """A dynamics with fractions and Decimals is the one with the floats that they are."""
    plain = kind(**given)
    for make in (Fraction, Decimal, np.float32):
        odd = {
            name: tuple(map(make, v)) if isinstance(v, tuple) else make(v)
            for name, v in given.items()
        }
        assert kind(**odd) == plain
    for name in given:
        for wrong in ("x", [1, "x"], np.nan, True, object()):
            if wrong is not True or isinstance(given[name], tuple):
                with pytest.raises(InputError, match=name):
                    kind(**{name: wrong})


def test_small_integers_do_not_overflow():
    """Counts of 8 bits are the same counts."""
    for count in (100, np.int8(100)):
        method = dynamics.PopulationAnnealing(population=count)
        assert ho.solve(NETWORK, method=method, sweeps=5, seed=0).energy == -3.0
    for make in (MaxCut.random, Knapsack.random, SetCover.random, QuadraticAssignment.random):
        assert repr(make(np.int8(20), seed=0)) == repr(make(20, seed=0))
    assert MaxCut.random(20, Fraction(1, 2), seed=0).graph.num_edges > 0


NAMES = ("node1", "node2")
LETTERS: dict[str, tuple[Any, Any]] = {
    "sides": (MaxCut([NAMES]), NAMES),
    "halves": (GraphBipartition([NAMES]), NAMES),
    "parts": (NumberPartition({"a": 1, "b": 2}), ("a", "b")),
    "order": (TravellingSalesman(nx.cycle_graph("abc")), "abc"),
    "set": (MaxClique([("a", "b")]), "ab"),
    "pairs": (WeightedMatching([("a", "b")]), ["ab"]),
    "items": (Knapsack({"a": 1}, {"a": 1}, 1), "a"),
}


@pytest.mark.parametrize("kind", LETTERS)
def test_the_letters_of_a_name_are_no_answer(kind):
    """A name where a collection of names belongs is refused, not read letter by letter."""
    problem, answer = LETTERS[kind]
    for read in (problem.evaluate, problem.encode):
        with pytest.raises(InputError, match="answer must"):
            read(answer)


def test_values_of_any_kind_are_judged():
    """What is no number is no colour, no value of a variable and no count."""
    coloring, form = GraphColoring(nx.path_graph(2), 2), Qubo({(0, 1): 1})
    pack = Knapsack([1, 1], [1, 1], 2)
    for odd in (np.array([1, 2]), np.array([]), Decimal("sNaN"), None, "1", np.timedelta64(1, "s")):
        assert list(coloring.evaluate({0: 0, 1: odd}).violations.values()) == [1.0]
        assert list(form.evaluate({0: 0, 1: odd}).violations.values()) == [1.0]
        if not isinstance(odd, Decimal):
            assert list(pack.evaluate({0: 1, 1: odd}).violations.values()) == [1.0]
    assert coloring.evaluate({0: np.int64(0), 1: 1.0}).violations == {}


PICTURES: dict[str, Callable[[Any], Any]] = {
    "cut": lambda v: plot.cut(nx.path_graph(3), v),
    "coloring": lambda v: plot.coloring(nx.path_graph(3), v),
    "vertex_set": lambda v: plot.vertex_set(nx.path_graph(3), v),
    "matching": lambda v: plot.matching(nx.path_graph(3), v),
    "tour": lambda v: plot.tour(1.0 - np.eye(3), v),
    "board": plot.board,
    "assignment": lambda v: plot.assignment(Assignments([[0, 3], [3, 0]], [[0, 5], [5, 0]]), v),
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_answer_is_not_drawn(name):
    """A picture of something else is refused in one line."""
    for value in (None, 3, "abc", b"abc", np.array(1), [[1], [2, 3], [1]], coo_matrix((2, 2))):
        with pytest.raises(InputError, match="answer") as caught:
            PICTURES[name](value)
        assert "\n" not in str(caught.value)


def test_odd_colours_are_drawn_as_none():
    """A vertex whose colour is no number has no colour in the picture."""
    axes = plot.coloring(nx.path_graph(3), {0: 0, 1: "red", 2: np.array([1, 2])})
    assert axes.get_title() == "1 colour"


def test_places_that_an_expression_has_not_are_refused():
    """Indices, shapes and shifts that do not fit say so in one line."""
    x = ho.Model().binary((2, 3), name="x")
    for pick in (
        lambda: x[9],
        lambda: x["a"],
        lambda: x[1.5],
        lambda: x[2**70],
        lambda: x[np.array([True] * 5)],
        lambda: x.reshape(4),
        lambda: x.reshape("ab"),
        lambda: x.roll("a"),
        lambda: x.roll(1, axis=5),
        lambda: x[0].diagonal(),
    ):
        with pytest.raises(InputError, match=r"must fit the shape \(2, 3\)|\(3,\)"):
            pick()
    assert len(list(x)) == 2


def test_lists_that_only_look_so_are_refused():
    """A sparse matrix has members for numpy, and none for Python."""
    odd = coo_matrix((2, 2))
    for name, make in {
        "groups": lambda: ho.Hamiltonian(1.0 - np.eye(3), groups=odd),
        "record": lambda: ho.run(NETWORK, "tabu", sweeps=1, record=odd),
        "sizes": lambda: GraphBipartition([(0, 1)], sizes=odd),
        "keeps": lambda: ho.compile(SQUARE, keeps=odd),
        "baselines": lambda: ho.compare(SQUARE, [], baselines=odd, time_limit=1),
    }.items():
        with pytest.raises(InputError, match=name):
            make()


def test_the_name_of_an_attribute_is_text():
    """Whatever else is given as `weight` of a graph is refused."""
    for weight in ([], {}, True, 3, np.array([1, 2]), Decimal("sNaN")):
        for make in (MaxCut, TravellingSalesman):
            with pytest.raises(InputError, match="weight must be the name"):
                make(nx.cycle_graph(3), weight=weight)


def test_a_span_of_time_is_no_seed():
    """Numpy's spans of time count as integers for it alone."""
    for make in (MaxCut.random, PatternMemory.random, NQueens.random):
        with pytest.raises(InputError, match="seed|queens"):
            make(4, 1, seed=np.timedelta64(3, "s"))


SPARSE: dict[str, Callable[[Any], float]] = {
    "graph": lambda m: float(MaxCut(m).graph.weights.sum()),
    "distances": lambda m: float(TravellingSalesman(m).cities.distances[0, 1]),
    "Q": lambda m: Qubo(m).evaluate([1, 1]).value / 2,
    "weights": lambda m: -ho.Hamiltonian(m).energy([1, 1]),
    "product": lambda m: value_at_ones(lambda x: m @ x) / 2,
    "factor": lambda m: value_at_ones(lambda x: x * m) / 2,
}


def value_at_ones(cost: Callable[[Any], Any]) -> float:
    """Return what the entries of a cost of two binaries add up to where both are 1."""
    model = ho.Model()
    x = model.binary(2, name="x")
    model.minimize(cost(x).sum())
    return float(model.evaluate({"x": [1, 1]}).value)


@pytest.mark.parametrize("name", SPARSE)
@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.int64])
def test_entries_of_one_place_add_up_without_overflow(name, kind):
    """Small integers that stand several times at a place of a sparse matrix are added as floats."""
    largest = min(np.iinfo(kind).max, 2**40)
    values, places = np.full(4, largest, dtype=kind), ([0, 0, 1, 1], [1, 1, 0, 0])
    assert SPARSE[name](coo_matrix((values, places), shape=(2, 2))) == 2 * largest
