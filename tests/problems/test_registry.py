"""The folder of problems: found by name, guarded against a second copy."""

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import hopfield_opt.problems as library
from hopfield_opt.problems.base import Evaluation, Problem


def test_available():
    """Each problem is listed by its name on the command line, with what the protocol asks."""
    found = library.available()
    assert found["max-cut"] is library.MaxCut
    assert list(found) == sorted(found)
    members = {name for name in vars(Problem) if not name.startswith("_")}
    for name, kind in found.items():
        assert kind.name == name
        assert all(hasattr(kind, member) for member in members)
        assert hasattr(kind, "model") or hasattr(kind, "hamiltonian")


def test_attributes():
    """Classes are attributes, anything else is an AttributeError."""
    assert "MaxCut" in dir(library)
    with pytest.raises(AttributeError, match="MaxKut"):
        library.MaxKut  # noqa: B018
    with pytest.raises(AttributeError):
        library.nothing  # noqa: B018


def test_importing_the_library_loads_no_problem(elsewhere):
    """The package alone loads none of its files."""
    code = (
        "import sys, hopfield_opt.problems; "
        "sys.exit(any('max_cut' in name or name == 'scipy' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, **elsewhere)


def test_the_source_folder_is_no_package():
    """`import problems` from the checkout fails with the right name to import."""
    root = Path(__file__).resolve().parent.parent.parent
    run = subprocess.run(
        [sys.executable, "-c", "import problems"], cwd=root, capture_output=True, text=True
    )
    assert "import hopfield_opt.problems" in run.stderr


LARGE = {
    "cliques": (lambda: library.MaxClique(nx.empty_graph(501)), []),
    "few cliques": (lambda: library.MaxClique(nx.empty_graph(201)), ["networkx max_clique"]),
    "sets": (
        lambda: library.MaxIndependentSet(nx.empty_graph(501)),
        ["networkx maximal_independent_set"],
    ),
    "covers": (
        lambda: library.MinVertexCover(nx.empty_graph(201)),
        ["networkx min_weighted_vertex_cover"],
    ),
    "queens": (lambda: library.NQueens(101), ["construction"]),
    "numbers": (lambda: library.NumberPartition(range(41)), ["greedy", "Karmarkar-Karp"]),
    "matchings": (lambda: library.WeightedMatching(nx.empty_graph(401)), ["greedy"]),
}


@pytest.mark.parametrize("name", LARGE)
def test_baselines_of_large_instances_end(name):
    """Where an exact search would take hours it is not offered, and the quick ones still are."""
    make, names = LARGE[name]
    assert [baseline.name for baseline in make().baselines()] == names


def test_exact_colouring_is_for_small_graphs():
    """HiGHS is offered as long as vertices times colours are few."""
    for size, offered in ((100, True), (400, False)):
        problem = library.GraphColoring(nx.empty_graph(size), colors=10)
        assert any(one.name == "HiGHS" for one in problem.baselines()) == offered


def test_cover_with_a_gain_has_no_approximation():
    """The 2-approximation is proven for weights >= 0 only."""
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: -1, 1: 2, 2: 1}, "worth")
    names = [one.name for one in library.MinVertexCover(graph, weight="worth").baselines()]
    assert names == ["HiGHS"]


def test_evaluation():
    """Feasible means that nothing is violated."""
    assert Evaluation(1.0).feasible
    assert not Evaluation(1.0, {"a": 0.5}).feasible
