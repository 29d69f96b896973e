"""What is answered where there is no time for a search: greedy, and right by the rules."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt import problems
from hopfield_opt.problems import GraphColoring, MaxClique, MaxIndependentSet, MinVertexCover


@st.composite
def weighted_graphs(draw):
    """Return a random graph and weights of its vertices, negative and zero ones among them."""
    size = draw(st.integers(0, 12))
    seed, density = draw(st.integers(0, 10**6)), draw(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
    graph = nx.gnp_random_graph(size, density, seed=seed)
    weights = st.lists(st.integers(-1, 4), min_size=size, max_size=size)
    return graph, dict(enumerate(draw(weights)))


@given(weighted_graphs())
@pytest.mark.parametrize("kind", [MaxIndependentSet, MaxClique])
def test_a_greedy_set_can_take_no_other_vertex(kind, drawn):
    """It keeps the rule, and each further vertex of positive weight would break it."""
    graph, weights = drawn
    problem = kind(graph, weights)
    chosen = problem.first_answer()
    assert problem.evaluate(chosen).feasible
    assert all(weights[vertex] > 0 for vertex in chosen)
    for vertex in set(graph) - chosen:
        assert weights[vertex] <= 0 or not problem.evaluate(chosen | {vertex}).feasible


@given(weighted_graphs())
def test_a_greedy_cover_needs_each_of_its_vertices(drawn):
    """Every edge is covered; without a vertex of positive weight one would not be."""
    graph, weights = drawn
    problem = MinVertexCover(graph, weights)
    chosen = problem.first_answer()
    assert problem.evaluate(chosen).feasible
    for vertex in chosen:
        assert weights[vertex] <= 0 or not problem.evaluate(chosen - {vertex}).feasible


@given(weighted_graphs())
def test_greedy_colours_suffice_where_there_are_more_than_neighbours(drawn):
    """With a colour more than the largest degree no edge is in conflict."""
    graph, _ = drawn
    most = max((degree for _, degree in graph.degree), default=0) + 1
    problem = GraphColoring(graph, most)
    assert problem.evaluate(problem.first_answer()).feasible


def test_few_colours_leave_few_conflicts():
    """A vertex without a free colour takes the one that fewest neighbours have."""
    graph = nx.gnp_random_graph(60, 0.5, seed=2)
    problem = GraphColoring(graph, 3)
    greedy = problem.evaluate(problem.first_answer()).violations
    by_turns = problem.evaluate({vertex: vertex % 3 for vertex in graph}).violations
    conflicts, others = (sum(found.values()) for found in (greedy, by_turns))
    assert 0 < conflicts < 0.8 * others


def test_an_empty_graph_has_an_empty_answer():
    """No vertex, no colour."""
    assert GraphColoring(nx.Graph(), 3).first_answer() == {}
    assert MaxClique(nx.Graph()).first_answer() == set()
    assert np.isfinite(MinVertexCover(nx.Graph()).evaluate(set()).value)


@pytest.mark.parametrize("name", sorted(problems.available()))
def test_a_first_answer_is_as_good_as_the_start(name):
    """Where time is short nothing is lost of what the problem begins from."""
    kind = problems.named(name)
    problem = kind(12) if name == "queens" else kind.random(12, seed=0)
    start, first = getattr(problem, "start", None), getattr(problem, "first_answer", None)
    if start is None or first is None or name == "memory":  # whose start is no answer but a cue
        return
    known, begun = problem.evaluate(first()), problem.evaluate(start)
    sign = 1 if problem.sense == "minimize" else -1
    assert known.feasible or not begun.feasible
    assert sign * known.value <= sign * begun.value
