"""Max-Cut against brute force, and what it says about answers that are none."""

import itertools
import pickle
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopfield_opt.compiler import compile
from hopfield_opt.errors import HopfieldWarning, InputError, ReadError
from hopfield_opt.problems import MaxCut


@st.composite
def problems(draw, integers=True):
    """Return a random problem of up to seven vertices with names."""
    labels = "abcdefg"[: draw(st.integers(0, 7))]
    pairs = list(itertools.combinations(labels, 2))
    values = st.integers(-9, 9) if integers else st.floats(-10, 10)
    graph = nx.Graph()
    graph.add_nodes_from(labels)
    for u, v in draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []:
        graph.add_edge(u, v, weight=draw(values))
    return MaxCut(graph), graph


def network(problem):
    """Return the whole compiled network: one spin for each vertex."""
    return compile(problem, presolve="off").hamiltonian


def assignments(problem):
    """Return all assignments of a small problem."""
    for spins in itertools.product((-1, 1), repeat=problem.graph.num_vertices):
        yield np.array(spins, dtype=np.int8)


@given(problems())
def test_energy_is_minus_the_cut(instance):
    """For every assignment the energy is exactly minus the value of the decoded answer."""
    problem, graph = instance
    hamiltonian = network(problem)
    for spins in assignments(problem):
        answer = problem.decode({"side": spins})
        evaluation = problem.evaluate(answer)
        assert evaluation.feasible
        assert hamiltonian.energy(spins) == -evaluation.value
        assert evaluation.value == nx.cut_size(graph, *answer, weight="weight")


@given(problems(integers=False))
def test_energy_is_minus_the_cut_up_to_rounding(instance):
    """The same for weights that are no integers."""
    problem, _ = instance
    hamiltonian = network(problem)
    for spins in assignments(problem):
        value = problem.evaluate(problem.decode({"side": spins})).value
        assert hamiltonian.energy(spins) == pytest.approx(-value, abs=1e-9)


@given(problems())
def test_encode_and_decode(instance):
    """Encoding the decoded answer gives the spins again, up to a flip of all."""
    problem, _ = instance
    for spins in assignments(problem):
        answer = problem.decode({"side": spins})
        again = problem.encode(answer)["side"]
        assert again.dtype == np.int8
        assert (again == spins * (spins[:1] if len(spins) else 1)).all()
        assert problem.decode({"side": again}) == answer
        assert problem.decode(problem.encode(answer[::-1])) == answer


@given(problems())
def test_exact_baseline_is_brute_force(instance):
    """The enumeration finds the largest value of all assignments."""
    problem, _ = instance
    exact = next(found for found in problem.baselines() if found.exact)
    best = max(
        problem.evaluate(problem.decode({"side": spins})).value for spins in assignments(problem)
    )
    assert problem.evaluate(exact.run(0, None)).value == best


def test_first_side_holds_the_first_vertex():
    """The first side of every answer holds the vertex that was inserted first."""
    problem = MaxCut([("z", "a"), ("a", "b")])
    for spins in assignments(problem):
        assert "z" in problem.decode({"side": spins})[0]


def test_known_cuts():
    """The karate club, weighted and unweighted, and a cut counted by hand."""
    network = nx.karate_club_graph()
    sides = ({0, 1, 2, 3}, set(network) - {0, 1, 2, 3})
    for weight in ("weight", None):
        expected = nx.cut_size(network, *sides, weight=weight)
        assert MaxCut(network, weight=weight).evaluate(sides).value == expected


@pytest.mark.parametrize(
    ("answer", "value", "violations"),
    [
        (({1, 2, 3, 4}, set()), 0.0, {}),
        (([1, 3], (2, 4)), 10.0, {}),
        (({1, 2}, {3}), 2.0, {"on no side: 4": 1.0}),
        (({1, 2, 3, 4}, {2}), 3.0, {"on both sides: 2": 1.0}),
        (({1, 3, "x"}, {2, 4, 9}), 10.0, {"unknown: 'x', 9": 2.0}),
        ((set(), set()), 0.0, {"on no side: 1, 2, 3, ...": 4.0}),
    ],
)
def test_evaluate_names_what_is_violated(answer, value, violations):
    """The value counts edges across, and each violation names its vertices."""
    problem = MaxCut([(1, 2, 1), (2, 3, 2), (3, 4, 3), (4, 1, 4)])
    evaluation = problem.evaluate(answer)
    assert (evaluation.value, evaluation.violations) == (value, violations)
    assert evaluation.feasible == (not violations)
    if violations:
        with pytest.raises(InputError, match="answer must put each vertex on one side, got"):
            problem.encode(answer)


@pytest.mark.parametrize("answer", [None, 3, (), ({1},), ({1}, {2}, {3}), ([[1]], [2]), (1, 2)])
def test_what_is_no_answer(answer):
    """What is no pair of collections is refused."""
    with pytest.raises(InputError, match="answer must be two collections of vertices"):
        MaxCut([(1, 2)]).evaluate(answer)


@pytest.mark.parametrize(
    ("graph", "answer"),
    [
        (nx.Graph(), (set(), set())),
        (nx.empty_graph(1), ({0}, set())),
        (nx.Graph([(0, 1), (2, 3)]), None),
        (nx.empty_graph(3), None),
        ([(0, 1, 0)], None),
    ],
)
def test_degenerate_graphs(graph, answer):
    """The empty graph, one vertex, no edges, two components: every part has an answer."""
    problem = MaxCut(graph)
    assert network(problem).num_spins == problem.graph.num_vertices
    for baseline in problem.baselines():
        found = baseline.run(1, None)
        assert problem.evaluate(found).feasible
        assert answer is None or found == answer
    bound = problem.relaxations()[0].run(None)
    exact = next(baseline for baseline in problem.baselines() if baseline.exact)
    assert bound == pytest.approx(problem.evaluate(exact.run(1, None)).value)


def test_graph_input_is_checked():
    """What io.as_graph refuses or warns of, the problem does too."""
    with pytest.raises(InputError, match="to_undirected"):
        MaxCut(nx.DiGraph([(0, 1)]))
    with pytest.warns(HopfieldWarning, match="self-loop"):
        MaxCut(nx.Graph([(0, 0), (0, 1)]))


def test_the_graph_may_change_afterwards():
    """The problem keeps what it needs: later changes of the user's graph do not matter."""
    network = nx.path_graph(3)
    problem = MaxCut(network)
    network.add_edge(0, 2, weight=50)
    assert problem.evaluate(({0}, {1, 2})).value == 1
    with pytest.raises(AttributeError):
        problem.graph = None


def test_hamiltonian_of_integer_weights_is_exact():
    """Weights are halved, and the largest integers lose nothing."""
    problem = MaxCut([(0, 1, 2**51 + 1), (1, 2, -(2**51))])
    weights = network(problem).weights
    assert weights[0, 1] == weights[1, 0] == -(2**51 + 1) / 2
    assert network(problem).energy([1, -1, -1]) == -(2**51 + 1)


def test_read_and_write(tmp_path):
    """A problem is read as it was written, with the format by name or suffix."""
    problem = MaxCut.random(8, p=0.6, weights="signs", seed=3)
    spins = np.array([1, -1, 1, 1, -1, 1, -1, -1])
    for name, form in (("g", None), ("g.graph", None), ("g.txt", "metis"), ("g.mc", "rudy")):
        problem.write(tmp_path / name, form)
        back = MaxCut.read(tmp_path / name, form)
        assert back.graph.labels == tuple(range(1, 9))
        assert network(back).energy(spins) == network(problem).energy(spins)
    unit = MaxCut.read(tmp_path / "g", weight=None)
    assert (unit.graph.weights == 1).all()
    with pytest.raises(InputError, match="format must be one of"):
        MaxCut.read(tmp_path / "g", "dimacs")
    (tmp_path / "cut").write_text("3 2\n1 2 1\n")
    with pytest.raises(ReadError, match="cut off"):
        MaxCut.read(tmp_path / "cut")


def test_listed():
    """The sides as lists come in the order of the vertices."""
    problem = MaxCut([("z", "a"), ("a", "b"), ("b", "c")])
    assert problem.listed(({"b", "z"}, {"c", "a"})) == (["z", "b"], ["a", "c"])


def test_baselines_can_be_pickled():
    """Baselines and bounds travel to other processes."""
    problem = MaxCut(nx.cycle_graph(5))
    for part in (*problem.baselines(), *problem.relaxations()):
        assert pickle.loads(pickle.dumps(part)).name == part.name
    assert pickle.loads(pickle.dumps(problem)).evaluate(({0, 2}, {1, 3, 4})).value == 4


def test_baselines_are_offered_by_size():
    """Enumeration and the relaxation are offered for small graphs only."""
    names = {
        size: [found.name for found in MaxCut(nx.empty_graph(size)).baselines()]
        for size in (30, 31, 100, 101)
    }
    assert names[30] == [*names[31], "enumeration"]
    assert names[31] == names[100] == [*names[101], "SDP rounding"]
    assert names[101] == ["networkx one_exchange", "networkx randomized_partitioning"]
    assert MaxCut(nx.empty_graph(101)).relaxations() == ()


SCRIPT = """
import networkx as nx
from hopfield_opt.problems import MaxCut
network = nx.relabel_nodes(nx.gnp_random_graph(12, 0.5, seed=1), "v{}".format)
problem = MaxCut(network)
print(problem.graph.labels, problem.graph.heads, problem.graph.tails)
for baseline in problem.baselines():
    print(baseline.name, problem.listed(baseline.run(5, None)))
print(problem.evaluate(({"x", "y", "v1", "z", "w"}, {"v2", "u"})))
"""


def test_nothing_depends_on_the_hash_seed(elsewhere):
    """Graph, baselines and violations are the same for every PYTHONHASHSEED."""
    runs = []
    for seed in ("1", "2"):
        env = {**elsewhere["env"], "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SCRIPT]
        run = subprocess.run(command, **{**elsewhere, "env": env}, check=True, capture_output=True)
        runs.append(run.stdout)
    assert runs[0] == runs[1]
    assert "SDP" in runs[0]
