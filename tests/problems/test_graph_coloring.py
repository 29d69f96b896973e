"""Graph colouring: rules, fewer colours step by step, proofs and bad input."""

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.arrays import num_stored
from hopfield_opt.baselines import colorings
from hopfield_opt.couplings import Kronecker
from hopfield_opt.errors import InputError
from hopfield_opt.io import as_graph
from hopfield_opt.problems import GraphColoring
from hopfield_opt.result import Status


def colorable(graph, colors):
    """Whether k colours are enough, by trying all."""
    nodes = list(graph)
    for choice in product(range(colors), repeat=len(nodes)):
        own = dict(zip(nodes, choice, strict=True))
        if all(own[u] != own[v] for u, v in graph.edges):
            return True
    return False


def graphs(most=5):
    """Draw graphs of 1 to `most` vertices."""
    return st.builds(
        lambda n, seed: nx.gnp_random_graph(n, 0.6, seed=seed),
        st.integers(1, most),
        st.integers(0, 999),
    )


@given(graphs(), st.integers(1, 3))
def test_ground_states(graph, colors):
    """The ground state is a colouring where there is one; recounts agree."""
    problem = GraphColoring(graph, colors)
    result = ho.solve(problem, method="exhaustive", seed=0)
    assert result.feasible == colorable(graph, colors)
    if result.answer is None:
        assert result.status is Status.INFEASIBLE
        return
    answer = result.answer
    found = problem.evaluate(answer)
    assert found.value == len(set(answer.values()))
    assert sum(found.violations.values()) == sum(answer[u] == answer[v] for u, v in graph.edges)
    assert problem.decode(problem.encode(answer)) == answer


@given(graphs(6))
def test_tighten_to_the_fewest(graph):
    """From one colouring to the next, until there is a proof, or no colouring."""
    problem = GraphColoring(graph)
    answer = problem.start
    assert problem.evaluate(answer).feasible
    used = len(set(answer.values()))
    tighter = problem.tighten(answer)
    assert problem.fewest <= used
    if tighter is None:
        assert used == 1 or not colorable(graph, used - 1)
    else:
        assert tighter.colors == used - 1
        assert tighter.start is None


@pytest.mark.parametrize("seed", range(6))
def test_fewest_are_the_exact_ones(seed):
    """Step by step tabu search comes to as many colours as HiGHS needs, and to no fewer."""
    graph = nx.gnp_random_graph(12, 0.25 + 0.1 * seed, seed=seed)
    result = ho.solve(GraphColoring(graph), method="tabu", sweeps=3000, seed=seed)
    assert result.feasible
    assert result.value == len(set(colorings.exact(as_graph(graph), 12, seed=0).values()))


def test_edges_are_kept_for_all_colours_together():
    """A network of many colours holds each edge once, however many they are."""
    problem = GraphColoring.random(60, p=0.5, colors=40, seed=1)
    network = ho.compile(problem).hamiltonian
    (term,) = network.couplings
    assert isinstance(term, Kronecker)
    assert num_stored(term.left) == problem.graph.num_edges
    assert num_stored(term.right) == 40
    # all vertices of one colour: each edge is a conflict
    same = np.full((60, 40), -1, np.int8)
    same[:, 7] = 1
    assert network.energy(same.ravel()) == problem.graph.num_edges


def test_one_colour_less():
    """A path with three colours is asked for with two, then it is proven."""
    path = GraphColoring(nx.path_graph(4))
    assert path.tighten({0: 0, 1: 1, 2: 2, 3: 0}).colors == 2
    assert path.tighten({0: 0, 1: 1, 2: 0, 3: 1}) is None


def test_proofs():
    """Cliques and cycles of odd length show how many colours are needed."""
    assert GraphColoring(nx.complete_graph(5)).fewest == 5
    assert GraphColoring(nx.cycle_graph(7)).fewest == 3
    assert GraphColoring(nx.cycle_graph(8)).fewest == 2
    assert GraphColoring(nx.empty_graph(3)).fewest == 1
    impossible = ho.solve(GraphColoring(nx.complete_graph(5), colors=4), seed=0)
    assert impossible.status is Status.INFEASIBLE
    assert not impossible.feasible


def test_solve():
    """Four colours for a Mycielski graph, with the names of the user."""
    graph = nx.relabel_nodes(nx.mycielski_graph(4), str)
    result = ho.solve(GraphColoring(graph, colors=4), seed=0)
    assert result.feasible
    assert set(result.answer) == set(graph)
    assert all(result.answer[u] != result.answer[v] for u, v in graph.edges)


def test_violations():
    """Each way to be wrong has a name."""
    problem = GraphColoring([("a", "b"), ("b", "c")], colors=2)
    assert problem.evaluate({"a": 0, "b": 0, "c": 5, "z": 1}).violations == {
        "no such colour: 5": 1.0,
        "unknown: 'z'": 1.0,
        "same colour: ('a', 'b')": 1.0,
    }
    assert problem.evaluate({"a": 0}).violations == {"no colour: 'b', 'c'": 2.0}
    with pytest.raises(InputError, match="from 0 to 1, got no such colour: 2"):
        problem.encode({"a": 0, "b": 1, "c": 2})
    with pytest.raises(InputError, match="map vertices to colours, got list"):
        problem.evaluate([0, 1, 0])
    assert problem.decode({"color": [[1, 1], [0, 1], [1, 0]]}) is None
    # numbered in the order of the vertices
    assert problem.decode({"color": [[0, 1], [1, 0], [0, 1]]}) == {"a": 0, "b": 1, "c": 0}


def test_degenerate_graphs():
    """No vertex needs no colour, one vertex one; no colour at all is an error."""
    assert ho.solve(GraphColoring(nx.Graph()), seed=0).answer == {}
    assert ho.solve(GraphColoring(nx.empty_graph(1)), seed=0).answer == {0: 0}
    with pytest.raises(InputError, match="colors must be at least 1"):
        GraphColoring([(0, 1)], colors=0)
    for graph in (nx.Graph(), nx.empty_graph(2)):
        problem = GraphColoring(graph)
        assert all(problem.evaluate(b.run(0, None)).feasible for b in problem.baselines())


def test_baselines():
    """All are valid, and HiGHS needs the fewest colours."""
    problem = GraphColoring.random(12, p=0.5, seed=3)
    values = {b.name: problem.evaluate(b.run(1, None)) for b in problem.baselines()}
    assert len(values) == 8
    assert all(sum(found.violations.values()) == 0 for found in values.values() if found.feasible)
    exact = values["HiGHS"]
    assert exact.feasible
    assert exact.value == min(found.value for found in values.values())


def test_any_number_of_colours():
    """Where the fewest are wanted, a colouring with more than the start has is a valid one."""
    path = GraphColoring(nx.path_graph(4))
    assert path.colors == 2
    for colors in ({0: 0, 1: 1, 2: 2, 3: 0}, {0: 3, 1: 1, 2: 3, 3: 1}):
        found = path.evaluate(colors)
        assert (found.feasible, found.value) == (True, len(set(colors.values())))
    assert path.encode({0: 3, 1: 1, 2: 3, 3: 1})["color"].tolist() == [[0, 1], [1, 0]] * 2
    with pytest.raises(InputError, match="got too many colours: 2"):
        path.encode({0: 0, 1: 1, 2: 2, 3: 0})
    with pytest.raises(InputError, match="got no such colour: 4"):
        path.encode({0: 4, 1: 1, 2: 0, 3: 1})
    assert path.evaluate({0: -1, 1: 0, 2: 4, 3: 0}).violations == {"no such colour: -1, 4": 2.0}
    fixed = GraphColoring(nx.path_graph(4), colors=2)
    assert not fixed.evaluate({0: 0, 1: 1, 2: 2, 3: 0}).feasible


def test_baselines_with_a_fixed_number_of_colours():
    """A rule that needs more colours than there are gives no answer, the others a valid one."""
    crown = nx.Graph((u, 4 + v) for u in range(4) for v in range(4) if u != v)
    order = [v for u in range(4) for v in (u, 4 + u)]
    graph = nx.Graph()
    graph.add_nodes_from(order)
    graph.add_edges_from(crown.edges)
    fixed, free = GraphColoring(graph, colors=2), GraphColoring(graph)
    answers = {b.name: b.run(0, None) for b in fixed.baselines()}
    assert answers["networkx greedy_color largest_first"] is None
    assert fixed.evaluate(answers["networkx greedy_color DSATUR"]).feasible
    values = {b.name: free.evaluate(b.run(0, None)) for b in free.baselines()}
    assert all(found.feasible for found in values.values())
    assert values["networkx greedy_color largest_first"].value == 4


def test_files(tmp_path):
    """A graph that was written is the same problem when it is read."""
    problem = GraphColoring.random(9, p=0.5, colors=4, seed=1)
    problem.write(tmp_path / "graph.col")
    again = GraphColoring.read(tmp_path / "graph.col", colors=4)
    assert (again.colors, again.graph.num_edges) == (4, problem.graph.num_edges)
