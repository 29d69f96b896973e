"""Weighted matching: two formulations, both senses, proofs and bad input."""

import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.io import as_graph
from hopfield_opt.problems import WeightedMatching
from hopfield_opt.problems.parts.matching_models import worth_of_pairs
from hopfield_opt.result import Status
from hopfield_opt.testing import check_problem


def matchings(edges):
    """Yield every matching of a list of (u, v, weight), by trying all."""
    if not edges:
        yield []
        return
    (u, v, w), *rest = edges
    yield from matchings(rest)
    for found in matchings([edge for edge in rest if not {u, v} & set(edge[:2])]):
        yield [(u, v, w), *found]


@st.composite
def graphs(draw):
    """Draw a graph of 1 to 4 vertices with names and weights of both signs."""
    size = draw(st.integers(1, 4))
    graph = nx.Graph()
    graph.add_nodes_from("abcd"[:size])
    for u, v in nx.complete_graph(graph).edges if size > 1 else ():
        if draw(st.booleans()):
            graph.add_edge(u, v, weight=draw(st.integers(-3, 6)))
    return graph


@given(graphs(), st.booleans(), st.sampled_from(["places", "edges"]))
def test_ground_states(graph, perfect, formulation):
    """The ground state is the best matching of all; recounts and round trips agree."""
    problem = WeightedMatching(graph, perfect, formulation=formulation)
    edges = list(graph.edges(data="weight"))
    best = None
    for found in matchings(edges):
        answer = {(v, u) for u, v, _ in found}
        judged = problem.evaluate(answer)
        value = sum(w for *_, w in found)
        assert judged.value == value
        assert judged.feasible == (not perfect or 2 * len(found) == len(graph))
        back = problem.decode(problem.encode(answer))
        positive = {frozenset((u, v)) for u, v, w in found if perfect or w > 0}
        # among those who were left alone, one more pair may be found
        assert positive <= set(map(frozenset, back))
        if formulation == "edges":
            assert len(back) == len(found)
        if judged.feasible and (best is None or (value < best if perfect else value > best)):
            best = value
    result = ho.solve(problem, method="exhaustive", polish=False, seed=0)
    assert result.feasible == (best is not None)
    if best is not None:
        assert result.value == best


@pytest.mark.parametrize("perfect", [False, True])
def test_blossom(perfect):
    """Ours reaches the optimum of the blossom algorithm; the greedy rule does not beat it."""
    problem = WeightedMatching.random(20, p=0.5, perfect=perfect, seed=4)
    found = {b.name: b.run(0, None) for b in problem.baselines()}
    optimum = problem.evaluate(found["networkx blossom"])
    assert optimum.feasible
    if perfect:
        assert found["greedy"] is None  # two are left that no edge joins
    else:
        assert problem.evaluate(found["greedy"]).value <= optimum.value
    result = ho.solve(problem, method="simulated-annealing", sweeps=30, seed=0)
    assert result.feasible
    assert result.value == pytest.approx(optimum.value)


def test_baselines_of_what_cannot_be_matched():
    """Where not all are matched that must be, baselines give no answer instead of a wrong one."""
    star = WeightedMatching([(0, 1), (0, 2), (0, 3)], perfect=True)
    assert [b.run(0, None) for b in star.baselines()] == [None, None]
    path = WeightedMatching([(0, 1, 2), (1, 2, 1), (2, 3, 2)], perfect=True)
    check_problem(path, settings={"perfect": True})


def test_polish_is_never_worse():
    """The search for alternating cycles improves any matching, also one of an odd graph."""
    problem = WeightedMatching.random(41, p=0.3, weights="normal", seed=2)
    start = set(problem.listed(problem.baselines()[0].run(0, None))[0:0])
    polished = problem.polish(start, 0)
    assert problem.evaluate(polished).feasible
    optimum = problem.evaluate(problem.baselines()[1].run(0, None)).value
    assert problem.evaluate(polished).value == pytest.approx(optimum)
    assert problem.polish(polished, 0) == polished


def test_polish_ends_at_its_deadline(spending):
    """It searches as long as it is told, at least once, and a large problem has none."""
    problem = WeightedMatching.random(60, p=1.0, perfect=True, seed=1)
    start = problem.baselines()[0].run(0, None)
    problem.polish(start, 0, time.monotonic())  # compiled
    for seconds in (0.0, 0.4):
        with spending(seconds, seconds + 0.3):
            polished = problem.polish(start, 0, time.monotonic() + seconds)
        assert problem.evaluate(polished).value < problem.evaluate(start).value
    assert problem.polish_share == 0.5
    assert WeightedMatching(nx.path_graph(1001)).polish_share == 0


def test_no_perfect_matching():
    """An odd part is a proof, a star is none found."""
    for graph in (
        nx.cycle_graph(5),
        nx.empty_graph(2),
        nx.disjoint_union_all([nx.path_graph(3)] * 2),
    ):
        for formulation in ("places", "edges"):
            result = ho.solve(WeightedMatching(graph, True, formulation=formulation), seed=0)
            assert result.status is Status.INFEASIBLE
    star = ho.solve(WeightedMatching(nx.star_graph(3), True), seed=0)
    assert not star.feasible
    assert star.status in (Status.INFEASIBLE, Status.NO_FEASIBLE)


def test_degenerate_graphs():
    """Without edges the matching is empty; nobody is left alone in a graph without vertices."""
    for graph in (nx.Graph(), nx.empty_graph(1), nx.empty_graph(4)):
        result = ho.solve(WeightedMatching(graph), seed=0)
        assert (result.answer, result.value, result.feasible) == (set(), 0.0, True)
    assert ho.solve(WeightedMatching(nx.Graph(), perfect=True), seed=0).feasible
    negative = ho.solve(WeightedMatching([(0, 1, -2)]), seed=0)
    assert negative.answer == set()
    assert ho.solve(WeightedMatching([(0, 1, -2)], perfect=True), seed=0).answer == {(0, 1)}


def test_violations():
    """Each way to be wrong has a name."""
    problem = WeightedMatching([("a", "b"), ("b", "c"), ("c", "d")], perfect=True)
    assert problem.evaluate([("b", "a"), {"b", "c"}]).violations == {
        "in several pairs: 'b'": 1.0,
        "not matched: 'd'": 1.0,
    }
    assert "no edge: ('a', 'z')" in problem.evaluate([("a", "z")]).violations
    assert "no edge: ('a', 'a')" in problem.evaluate([("a", "a")]).violations
    with pytest.raises(InputError, match="must be a matching"):
        problem.encode([("a", "c")])
    for wrong in (3, [3], [("a", "b", "c")]):
        with pytest.raises(InputError, match="collection of pairs"):
            problem.evaluate(wrong)
    with pytest.raises(InputError, match="formulation must be one of"):
        WeightedMatching([], formulation="lines")
    board = np.zeros((4, 4))
    assert problem.decode({"place": board}) is None


def test_lists():
    """Listed pairs have the order of the vertices."""
    problem = WeightedMatching([("b", "a"), ("c", "d")])
    assert problem.listed({("d", "c"), ("a", "b")}) == [["b", "a"], ["c", "d"]]


def test_files(tmp_path):
    """A graph that was written is the same problem when it is read."""
    problem = WeightedMatching.random(9, p=0.9, seed=1)
    problem.write(tmp_path / "graph.edges")
    again = WeightedMatching.read(tmp_path / "graph.edges", perfect=True)
    assert again.perfect
    np.testing.assert_array_equal(np.sort(again.graph.weights), np.sort(problem.graph.weights))


@pytest.mark.parametrize("perfect", [False, True])
def test_the_empty_place_of_an_odd_number_is_free(perfect):
    """Worths are symmetric; whoever is paired with the place that is empty costs nothing."""
    graph = as_graph([(0, 1, 2.0), (1, 2, -3.0), (3, 4, 5.0)])
    pairs = worth_of_pairs(graph, perfect)
    assert pairs.shape == (6, 6)
    np.testing.assert_array_equal(pairs, pairs.T)
    assert not pairs[5].any()
    assert pairs[0, 1] == 2.0
    # two that are not joined
    assert (pairs[0, 3] > 2.0 + 5.0) == perfect
