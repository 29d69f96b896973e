"""Independent sets, vertex covers and cliques: three rules for a set of vertices."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import arrays
from hopfield_opt.errors import InputError, SizeError
from hopfield_opt.problems import MaxClique, MaxIndependentSet, MinVertexCover, max_clique

KINDS = (MaxIndependentSet, MinVertexCover, MaxClique)


def broken(kind, graph, chosen):
    """Return the pairs of vertices that contradict the rule, counted from the definition."""
    pairs = {frozenset(edge) for edge in graph.edges}
    inside = {frozenset(pair) for pair in combinations(chosen, 2)}
    if kind is MaxIndependentSet:
        return len(pairs & inside)
    if kind is MaxClique:
        return len(inside - pairs)
    return sum(not (pair & chosen) for pair in pairs)


@st.composite
def instances(draw):
    """Draw a rule, a graph of up to 7 vertices with names, and weights of the vertices."""
    size = draw(st.integers(1, 7))
    names = "abcdefg"[:size]
    graph = nx.Graph()
    graph.add_nodes_from((name, {"worth": draw(st.integers(-2, 5))}) for name in names)
    pairs = list(combinations(names, 2))
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else [])
    return draw(st.sampled_from(KINDS)), graph


@given(instances())
def test_ground_states(instance):
    """The ground state decodes to the optimum found by trying all sets; recounts agree."""
    kind, graph = instance
    problem = kind(graph, weight="worth")
    sign = 1 if problem.sense == "minimize" else -1
    best = None
    for bits in range(2 ** len(graph)):
        chosen = {name for place, name in enumerate(graph) if bits >> place & 1}
        found = problem.evaluate(chosen)
        assert found.value == sum(graph.nodes[name]["worth"] for name in chosen)
        assert sum(found.violations.values()) == broken(kind, graph, chosen)
        assert problem.decode(problem.encode(chosen)) == chosen
        if found.feasible and (best is None or sign * found.value < sign * best):
            best = found.value
    result = ho.solve(problem, method="exhaustive", seed=0)
    assert result.feasible
    assert result.value == best


@pytest.mark.parametrize("kind", KINDS)
def test_baselines_agree(kind):
    """Every baseline is valid and none is better than the exact ones, which ours reaches."""
    problem = kind.random(24, p=0.4, seed=3)
    sign = 1 if kind is MinVertexCover else -1
    values = {}
    for baseline in problem.baselines():
        found = problem.evaluate(baseline.run(0, None))
        assert found.feasible
        values[baseline.name] = sign * found.value
    exact = [values[b.name] for b in problem.baselines() if b.exact]
    assert len(exact) == 1
    assert exact[0] == min(values.values())
    assert sign * ho.solve(problem, method="simulated-annealing", seed=0).value == exact[0]


def test_views_of_each_other():
    """A cover is what an independent set leaves, and a clique is one of the complement."""
    graph = nx.gnp_random_graph(12, 0.4, seed=2)
    independent = ho.solve(MaxIndependentSet(graph), method="exhaustive", seed=0).answer
    assert MinVertexCover(graph).evaluate(set(graph) - independent).feasible
    assert MaxClique(nx.complement(graph)).evaluate(independent).feasible
    cover = ho.solve(MinVertexCover(graph), method="exhaustive", seed=0)
    assert cover.value == len(graph) - len(independent)


@pytest.mark.parametrize("kind", KINDS)
def test_degenerate_graphs(kind):
    """Without vertices the set is empty, one vertex alone is a clique and independent."""
    nothing = ho.solve(kind(nx.Graph()), seed=0)
    assert (nothing.answer, nothing.value, nothing.feasible) == (set(), 0.0, True)
    alone = ho.solve(kind(nx.empty_graph(1)), seed=0)
    assert alone.answer == (set() if kind is MinVertexCover else {0})
    for problem in (kind(nx.Graph()), kind(nx.empty_graph(2))):
        assert all(problem.evaluate(b.run(0, None)).feasible for b in problem.baselines())


def test_weights():
    """Weights come from a vertex attribute, 1 where it is missing, or from a mapping."""
    graph = nx.path_graph(3)
    graph.nodes[1]["worth"] = 5
    assert MaxIndependentSet(graph, weight="worth").evaluate({1, 2}).value == 6.0
    assert MaxIndependentSet(graph, weight={0: 1, 1: 2, 2: 4}).evaluate({1, 2}).value == 6.0
    assert ho.solve(MaxIndependentSet(graph, weight="worth"), seed=0).answer == {1}
    with pytest.raises(InputError, match="weight of 1"):
        MaxIndependentSet(graph, weight={0: 1, 1: np.nan, 2: 0})
    with pytest.raises(InputError, match="got none at 2"):
        MaxIndependentSet(graph, weight={0: 1, 1: 1})
    with pytest.raises(InputError, match="weight must be None"):
        MaxIndependentSet([(0, 1)], weight="worth")


def test_bad_answers():
    """What is no vertex is said; what is no collection is an error."""
    problem = MaxClique([("a", "b")])
    assert problem.evaluate(["a", "z"]).violations == {"unknown: 'z'": 1.0}
    with pytest.raises(InputError, match="'z'"):
        problem.encode({"z"})
    with pytest.raises(InputError, match="collection of vertices, got int"):
        problem.evaluate(3)


def test_order_of_lists():
    """Listed answers have the order of the graph."""
    assert MaxClique([(3, 1), (1, 2)]).listed({1, 2, 3}) == [3, 1, 2]


def test_memory_of_cliques(monkeypatch):
    """A sparse graph whose complement is too large is refused before it is built."""
    monkeypatch.setattr(arrays, "MEMORY_LIMIT", 14 * max_clique.BYTES_PER_MISSING_EDGE)
    with pytest.raises(SizeError, match="graph must need at most .* Take its dense part"):
        MaxClique(nx.empty_graph(6)).model()


def test_files(tmp_path):
    """A graph that was written is the same problem when it is read."""
    problem = MaxClique.random(9, p=0.5, seed=1)
    problem.write(tmp_path / "graph.clq")
    again = MaxClique.read(tmp_path / "graph.clq")
    assert again.graph.labels == tuple(range(1, 10))
    np.testing.assert_array_equal(again.graph.heads, problem.graph.heads)
