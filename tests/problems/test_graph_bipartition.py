"""Bipartition against brute force, and what it says about answers of other sizes."""

import itertools
import pickle

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.groups import Cardinality
from hopfield_opt.problems import GraphBipartition


@st.composite
def problems(draw, smallest=0):
    """Return a random problem of up to seven vertices with names, of each kind of sizes."""
    labels = "abcdefg"[: draw(st.integers(smallest, 7))]
    pairs = list(itertools.combinations(labels, 2))
    graph = nx.Graph()
    graph.add_nodes_from(labels)
    for u, v in draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []:
        graph.add_edge(u, v, weight=draw(st.integers(-9, 9)))
    kind = draw(st.sampled_from(["balanced", "sizes", "imbalance"]))
    if kind == "sizes":
        first = draw(st.integers(0, len(labels)))
        return GraphBipartition(graph, sizes=(first, len(labels) - first)), graph
    imbalance = draw(st.sampled_from([0.25, 0.5, 2.0])) if kind == "imbalance" else 0.0
    return GraphBipartition(graph, imbalance=imbalance), graph


def answers(graph):
    """Return all bipartitions, each once, the first side with the first vertex."""
    labels = list(graph)
    for code in range(2 ** max(0, len(labels) - 1)):
        first = {v for k, v in enumerate(labels) if k == 0 or not code >> (k - 1) & 1}
        yield first, set(labels) - first


def is_allowed(problem, graph, answer):
    """Whether the sizes are as asked, recounted from the arguments."""
    small, large = sorted(map(len, answer))
    if problem.sizes is not None:
        return [small, large] == sorted(problem.sizes)
    return large <= (1 + problem.imbalance) * -(-len(graph) // 2) + 1e-9


def optimum(problem, graph):
    """Return the least weight across, by brute force."""
    allowed = (answer for answer in answers(graph) if is_allowed(problem, graph, answer))
    return min(nx.cut_size(graph, *answer, weight="weight") for answer in allowed)


@given(problems())
def test_evaluate_is_a_recount(instance):
    """Value and feasibility of every answer are those of an independent recount."""
    problem, graph = instance
    for answer in answers(graph):
        evaluation = problem.evaluate(answer)
        assert evaluation.value == nx.cut_size(graph, *answer, weight="weight")
        assert evaluation.feasible == is_allowed(problem, graph, answer)
        assert evaluation == problem.evaluate(answer[::-1]) or not evaluation.feasible


@given(problems())
def test_energy_is_the_weight_across(instance):
    """The energy of every state is the value, and the groups accept what is feasible."""
    problem, graph = instance
    compiled, model = compile(problem, presolve="off"), problem.model()
    for answer in answers(graph):
        assignment = problem.encode(answer)
        evaluation = problem.evaluate(answer)
        assert model.evaluate(assignment).feasible == evaluation.feasible
        assert model.evaluate(assignment).value == evaluation.value
        assert problem.decode(assignment) == answer
        assert problem.decode(problem.encode(answer[::-1])) == answer
        if evaluation.feasible:
            state = compiled.encode(assignment)
            assert compiled.hamiltonian.energy(state) == evaluation.value
            assert not any(
                group.violation(state[None]).any() for group in compiled.hamiltonian.groups
            )


@settings(max_examples=40)
@given(problems(smallest=1), st.sampled_from(["multilevel", "simulated-annealing"]))
def test_solved_is_brute_force(instance, method):
    """Both methods find the optimum of small graphs, and mark it feasible."""
    problem, graph = instance
    result = ho.solve(problem, method=method, seed=1, sweeps=30, n_jobs=1)
    assert result.feasible
    assert result.value == problem.evaluate(result.answer).value == optimum(problem, graph)
    assert next(iter(graph)) in result.answer[0]


@given(problems())
def test_exact_baseline_is_brute_force(instance):
    """The enumeration finds the least weight across, and every baseline an allowed answer."""
    problem, graph = instance
    for baseline in problem.baselines():
        evaluation = problem.evaluate(baseline.run(3, None))
        assert evaluation.feasible
        assert evaluation.value >= optimum(problem, graph)
        if baseline.exact:
            assert evaluation.value == optimum(problem, graph)


@settings(max_examples=12)
@given(problems(smallest=1))
def test_bound_is_below_the_optimum(instance):
    """The semidefinite bound is never above the optimum."""
    problem, graph = instance
    (relaxation,) = problem.relaxations()
    assert relaxation.run(None) <= optimum(problem, graph) + 1e-9


@pytest.mark.parametrize(
    ("options", "group"),
    [
        ({}, (5, 6)),
        ({"sizes": (4, 7)}, (4, 4)),
        ({"imbalance": 0.34}, (3, 8)),
        ({"imbalance": 1}, None),
    ],
)
def test_the_sizes_become_one_count(options, group):
    """Whatever was asked for, the network has one Cardinality group over all spins, or none."""
    compiled = compile(GraphBipartition(nx.path_graph(11), **options))
    groups = compiled.hamiltonian.groups
    if group is None:
        assert groups == ()
        return
    (found,) = groups
    assert isinstance(found, Cardinality)
    assert (found.bounds, len(found.members)) == (group, 11)


@pytest.mark.parametrize(
    ("answer", "violations"),
    [
        (({1, 2}, {3, 4}), {}),
        (({1, 2, 3}, {4}), {"sides of 3 and 1, not 2 and 2": 1.0}),
        (({1, 2, 3, 4}, set()), {"sides of 4 and 0, not 2 and 2": 2.0}),
        (({1, 2}, {3}), {"on no side: 4": 1.0, "sides of 2 and 1, not 2 and 2": 1.0}),
        (({1, 2, "x"}, {3, 4}), {"unknown: 'x'": 1.0}),
    ],
)
def test_evaluate_names_what_is_violated(answer, violations):
    """Each violation says what is wrong, the sizes by the vertices to be moved."""
    problem = GraphBipartition([(1, 2), (2, 3), (3, 4), (4, 1)])
    assert problem.evaluate(answer).violations == violations


def test_sizes_in_any_order():
    """The sides may have the two sizes either way round."""
    problem = GraphBipartition(nx.path_graph(5), sizes=(1, 4))
    assert problem.evaluate(({0}, {1, 2, 3, 4})).feasible
    assert problem.evaluate(({0, 1, 2, 3}, {4})).feasible
    wrong = problem.evaluate(({0, 1, 2}, {3, 4})).violations
    assert wrong == {"sides of 3 and 2, not 4 and 1": 1.0}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sizes": (1, 2)}, r"sizes must add up to 4 vertices, got 1 \+ 2"),
        ({"sizes": (5, -1)}, "sizes must be at least 0, got -1"),
        ({"sizes": (2.0, 2.0)}, "sizes must be an integer"),
        ({"sizes": 4}, "sizes must be two integers, got 4"),
        ({"sizes": "22"}, "sizes must be two integers, got '22'"),
        ({"imbalance": -0.1}, "imbalance must be at least 0"),
        ({"imbalance": float("nan")}, "imbalance must be finite"),
        ({"sizes": (2, 2), "imbalance": 0.1}, "sizes must stand without imbalance"),
    ],
)
def test_impossible_sizes_are_refused(options, message):
    """Sizes that no answer could have are an error at once."""
    with pytest.raises(InputError, match=message):
        GraphBipartition(nx.path_graph(4), **options)
    with pytest.warns(HopfieldWarning, match="self-loop"):
        GraphBipartition(nx.Graph([(0, 0), (0, 1)]))


@pytest.mark.parametrize("method", ["auto", "multilevel"])
@pytest.mark.parametrize(
    ("graph", "value"),
    [
        (nx.Graph(), 0),
        (nx.empty_graph(1), 0),
        (nx.empty_graph(2), 0),
        ([(0, 1, -3)], -3),
        (nx.empty_graph(3), 0),
        (nx.Graph([(0, 1), (2, 3)]), 0),
        ([(0, 1, 0), (1, 2, 0)], 0),
        (nx.star_graph(5), 3),
        (nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(3)), 4),
    ],
)
def test_degenerate_graphs(graph, value, method):
    """The empty graph, one vertex, no edges, parts of other sizes: every part has an answer."""
    problem = GraphBipartition(graph)
    result = ho.solve(problem, method=method, seed=0, sweeps=30)
    assert result.feasible
    assert result.value == value
    for baseline in problem.baselines():
        assert problem.evaluate(baseline.run(1, None)).feasible
    assert problem.relaxations()[0].run(None) <= value + 1e-9


def test_read_and_write(tmp_path):
    """A problem is read as it was written, with the options of the constructor."""
    problem = GraphBipartition.random(8, p=0.6, weights="signs", seed=3)
    problem.write(tmp_path / "g.graph")
    back = GraphBipartition.read(tmp_path / "g.graph", imbalance=0.25)
    assert back.graph.labels == tuple(range(1, 9))
    assert np.array_equal(back.graph.weights, problem.graph.weights)
    assert list(back.allowed) == [3, 4, 5]
    assert GraphBipartition.read(tmp_path / "g.graph", weight=None, sizes=(1, 7)).allowed == (1, 7)


def test_listed_and_plot():
    """Sides as lists come in the order of the vertices, and the picture names the cut."""
    problem = GraphBipartition([("z", "a"), ("a", "b"), ("b", "c")])
    assert problem.listed(({"b", "z"}, {"c", "a"})) == (["z", "b"], ["a", "c"])
    axes = problem.plot(({"z", "a"}, {"b", "c"}))
    assert axes.get_title() == "cut of 1 edge, weight 1"


def test_baselines_are_offered_by_size():
    """Baselines can be pickled; enumeration and the bound are offered for small graphs only."""
    problem = GraphBipartition(nx.cycle_graph(20))
    for part in (*problem.baselines(), *problem.relaxations()):
        assert pickle.loads(pickle.dumps(part)).name == part.name
    names = [found.name for found in GraphBipartition(nx.empty_graph(21)).baselines()]
    assert [found.name for found in problem.baselines()] == [*names, "enumeration"]
    assert GraphBipartition(nx.empty_graph(101)).relaxations() == ()
