"""Tours and paths against brute force, and what is said where there is none."""

import itertools
import pickle
import re
import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.baselines.closed_tours import ClosedTours
from hopfield_opt.baselines.tour_search import improve_tour
from hopfield_opt.errors import InputError
from hopfield_opt.io.cities import MOST_IN_A_TABLE, cities_at
from hopfield_opt.problems import TravellingSalesman
from hopfield_opt.result import Status


@st.composite
def problems(draw, largest=6, roads=True):
    """Return a random problem of up to six cities with names, of every kind, and its data."""
    n = draw(st.integers(0, largest))
    entries = st.integers(-9, 9)
    if roads and draw(st.booleans()):
        entries = st.one_of(entries, entries, st.just(np.inf))
    rows = st.lists(entries, min_size=n, max_size=n)
    matrix = np.array(draw(st.lists(rows, min_size=n, max_size=n)), float).reshape(n, n)
    if draw(st.booleans()):
        matrix = np.triu(matrix, 1) + np.triu(matrix, 1).T
    graph = nx.DiGraph()
    labels = "fabcde"[:n]
    graph.add_nodes_from(labels)
    for i, j in itertools.permutations(range(n), 2):
        if np.isfinite(matrix[i, j]):
            graph.add_edge(labels[i], labels[j], weight=matrix[i, j])
    cycle = draw(st.booleans())
    first = draw(st.sampled_from([None, *labels]))
    last = None if cycle else draw(st.sampled_from([None, *labels]))
    if last == first and n > 1:
        last = None
    return TravellingSalesman(graph, cycle=cycle, first=first, last=last), graph


def length(problem, graph, order):
    """Return the length of an order edge by edge, None where it is no answer."""
    if problem.first not in (None, *order[:1]) or problem.last not in (None, *order[-1:]):
        return None
    steps = list(itertools.pairwise(order))
    if problem.cycle and len(order) > 1:
        steps.append((order[-1], order[0]))
    if not all(graph.has_edge(*step) for step in steps):
        return None
    return sum(graph.edges[step]["weight"] for step in steps)


def shortest(problem, graph):
    """Return the smallest length of all orders, None if there is no tour."""
    found = (length(problem, graph, order) for order in itertools.permutations(graph))
    return min((value for value in found if value is not None), default=None)


@settings(max_examples=150)
@given(problems())
def test_evaluate_is_a_recount(instance):
    """Every order has the length counted edge by edge, and is feasible if it is an answer."""
    problem, graph = instance
    for order in itertools.islice(itertools.permutations(graph), 0, None, 7):
        evaluation = problem.evaluate(order)
        expected = length(problem, graph, order)
        assert evaluation.feasible == (expected is not None)
        assert expected is None or evaluation.value == expected


@settings(max_examples=60)
@given(problems())
def test_exact_baseline_and_search_find_the_shortest(instance):
    """Held-Karp and the local search find the optimum, or a violated answer if there is none."""
    problem, graph = instance
    best = shortest(problem, graph)
    for name in ("Held-Karp", "iterated 2-opt"):
        run = next(found for found in problem.baselines() if found.name == name).run
        evaluation = problem.evaluate(run(0, None))
        assert evaluation.feasible == (best is not None)
        if name == "Held-Karp" or len(graph) > 3:
            assert best is None or evaluation.value == best


@settings(max_examples=60)
@given(problems(largest=4))
def test_ground_state_is_the_shortest_tour(instance):
    """The lowest state of the compiled network is a shortest tour; a proof of none is right."""
    problem, graph = instance
    compiled, best = ho.compile(problem, structure="penalty"), shortest(problem, graph)
    if compiled.infeasible is not None:
        assert best is None
        return
    size = compiled.hamiltonian.num_spins
    codes = np.arange(2**size, dtype=np.int64)[:, None]
    states = (2 * (codes >> np.arange(size) & 1) - 1).astype(np.int8)
    ground = states[int(np.argmin(compiled.hamiltonian.energy(states)))]
    answer = problem.decode(compiled.decode(ground).assignment)
    evaluation = problem.evaluate(answer)
    assert evaluation.feasible == (best is not None)
    assert best is None or evaluation.value == best


@settings(max_examples=100)
@given(problems())
def test_encode_and_decode(instance):
    """The decoded matrix of an order is as long as the order, and stays the same from then on."""
    problem, graph = instance
    for order in itertools.islice(itertools.permutations(graph), 0, None, 11):
        if (value := length(problem, graph, order)) is None:
            continue
        answer = problem.decode(problem.encode(order))
        assert problem.evaluate(answer).value == value
        assert problem.decode(problem.encode(answer)) == answer
        assert problem.first in (None, *answer[:1])
        if problem.cycle and problem.first is None and answer:
            assert answer[0] == "f"
        assert problem.model().evaluate(problem.encode(order)).value == value


@settings(max_examples=30)
@given(problems(roads=False), st.integers(-5, 5), st.randoms(use_true_random=False))
def test_metamorphic(instance, constant, shuffle):
    """Names do not matter; a constant on a city's row and column shifts all tours by twice it."""
    problem, graph = instance
    if len(graph) < 2 or not problem.cycle:
        return
    names = list(graph)
    shuffle.shuffle(names)
    renamed = nx.relabel_nodes(graph, dict(zip(graph, map(str.upper, names), strict=True)))
    best = shortest(problem, graph)
    exact = TravellingSalesman(renamed)
    assert exact.evaluate(exact.baselines()[-1].run(0, None)).value == best
    shifted = graph.copy()
    for u, v in shifted.edges:
        shifted.edges[u, v]["weight"] += constant * ((u == "f") + (v == "f"))
    other = TravellingSalesman(shifted, first=problem.first)
    for order in itertools.islice(itertools.permutations(graph), 0, None, 13):
        moved = other.evaluate(order).value - problem.evaluate(order).value
        assert moved == 2 * constant
    assert other.evaluate(other.baselines()[-1].run(0, None)).value == best + 2 * constant


@settings(max_examples=25)
@given(problems())
def test_solve_never_returns_an_unmarked_answer(instance):
    """Whatever the network of roads, the result says truly whether it is a tour."""
    problem, graph = instance
    result = ho.solve(problem, sweeps=50, replicas=4, seed=1, n_jobs=1)
    best = shortest(problem, graph)
    if result.status is Status.INFEASIBLE:
        assert best is None
        return
    if result.feasible:
        assert result.value == length(problem, graph, result.answer)
        assert result.value >= best
    else:
        assert result.status is Status.NO_FEASIBLE


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (nx.star_graph(3), "no road|more cities|falls apart"),
        (nx.path_graph(4), "more cities|falls apart|cannot"),
        (nx.Graph([(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2)]), "falls apart: 2"),
        (
            nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3)),
            "can be reached from it and back: 3",
        ),
        (nx.complete_bipartite_graph(2, 3), "more cities than"),
        (nx.DiGraph([(0, 1), (1, 2), (0, 2), (2, 1)]), "no road leads there: 0"),
        (nx.empty_graph(2), "no road leads on: 0"),
    ],
)
def test_proven_infeasible(graph, reason):
    """What has no tour for a simple reason is proven to have none, and the reason is said."""
    result = ho.solve(TravellingSalesman(graph), time_limit=5, seed=0)
    assert result.status is Status.INFEASIBLE
    assert re.search(reason, str(TravellingSalesman(graph).model()))


def test_petersen_graph():
    """Without a Hamiltonian cycle, but not for a simple reason; with a Hamiltonian path."""
    graph = nx.petersen_graph()
    result = ho.solve(TravellingSalesman(graph), sweeps=300, seed=0, n_jobs=1)
    assert result.status is Status.NO_FEASIBLE
    assert next(iter(result.violations)).startswith("no road: (")
    path = ho.solve(TravellingSalesman(graph, cycle=False), sweeps=300, seed=0, n_jobs=1)
    assert path.feasible
    assert path.value == 9


def test_the_network_keeps_the_structure():
    """Tour, path and fixed ends compile to one permutation block without a penalty."""
    for arguments in ({}, {"cycle": False}, {"first": 2}, {"cycle": False, "first": 1, "last": 0}):
        compiled = ho.compile(TravellingSalesman(1 - np.eye(6), **arguments))
        assert [type(group).__name__ for group in compiled.hamiltonian.groups] == ["Permutation"]
        assert [type(term).__name__ for term in compiled.hamiltonian.couplings] == ["Kronecker"]


@pytest.mark.parametrize(
    ("answer", "violations"),
    [
        ([1, 2, 3], {}),
        ([1, 2], {"not visited: 3": 1.0, "does not end at: 3": 1.0}),
        ([1, 2, 3, 2, 3], {"visited twice: 2, 3": 2.0}),
        ([1, 2, "x", 3], {"unknown: 'x'": 1.0}),
        ([3, 2, 1], {"does not begin at: 1": 1.0, "does not end at: 3": 1.0}),
        ([1, 3, 2], {"does not end at: 3": 1.0, "no road: (1, 3)": 1.0}),
        ([], {"not visited: 1, 2, 3": 3.0, "does not begin at: 1": 1.0, "does not end at: 3": 1.0}),
    ],
)
def test_violations_are_named(answer, violations):
    """Each broken rule is named with the cities that break it."""
    problem = TravellingSalesman(nx.path_graph([1, 2, 3]), cycle=False, first=1, last=3)
    assert problem.evaluate(answer).violations == violations
    if set(violations) - {"no road: (1, 3)"}:
        with pytest.raises(InputError, match="answer must be all cities in order, got"):
            problem.encode(answer)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones((2, 3)),), "distances must be a square matrix, got shape"),
        ((np.ones((5, 2)),), "from_coordinates"),
        (([[0, 1], [np.nan, 0]],), r"got nan at \[1, 0\]"),
        (([[0, 1], [-np.inf, 0]],), "got -inf"),
        ((np.array([["a"]]),), "real numbers"),
        (([[0, 1], [1]],), "ragged"),
        (("file.tsp",), "A file is read by"),
        ((3,), "networkx graph or a square matrix"),
        ((nx.Graph([(0, 1, {"weight": "x"})]),), "weight must be a finite number"),
        ((1 - np.eye(2), 1), "cycle must be True or False"),
        ((1 - np.eye(2), True, 7), "first must be one of the cities, got 7"),
        ((1 - np.eye(2), True, 0, 1), "last must be None for a cycle"),
        ((1 - np.eye(2), False, 0, 0), "last must be another city than the first"),
    ],
)
def test_bad_input(arguments, message):
    """What is no distance, no city or no kind of tour is refused by name."""
    with pytest.raises(InputError, match=message):
        TravellingSalesman(*arguments)


@pytest.mark.parametrize("answer", [None, 3, [[1], [2]]])
def test_what_is_no_answer(answer):
    """What is no list of hashable things is refused."""
    with pytest.raises(InputError, match="answer must be a list of cities"):
        TravellingSalesman(1 - np.eye(2)).evaluate(answer)


@pytest.mark.parametrize(("n", "value"), [(0, 0), (1, 0), (2, 2), (3, 3)])
@pytest.mark.parametrize("cycle", [True, False])
def test_few_cities(n, value, cycle):
    """No city, one, two and three have the obvious tours and paths."""
    problem = TravellingSalesman(1 - np.eye(n), cycle=cycle)
    result = ho.solve(problem, seed=0, sweeps=20)
    assert result.feasible
    assert result.value == (value if cycle else max(0, n - 1))
    assert sorted(result.answer) == list(range(n))


def test_duplicate_cities_and_labels():
    """Cities may lie at the same place, names must differ; the labels of a dict are kept."""
    problem = TravellingSalesman.from_coordinates({"a": (0, 0), "b": (0, 0), "c": (3, 4)})
    assert ho.solve(problem, seed=0, sweeps=20).value == 10
    with pytest.raises(InputError, match="labels must be distinct, got 1 twice"):
        ho.io.Cities([1, 1], 1 - np.eye(2))


def test_polish(spending):
    """The local search keeps the ends, never lengthens, repeats itself, and keeps its deadline."""
    for problem in (
        TravellingSalesman.random(60, seed=1),
        TravellingSalesman.random(60, kind="asymmetric", seed=2),
        TravellingSalesman(TravellingSalesman.random(60, seed=3).cities, False, 5, 9),
    ):
        order = list(range(60))
        if problem.last is not None:
            order = [5, *(k for k in order if k not in (5, 9)), 9]
        better = problem.polish(order, 0)
        assert problem.evaluate(better).feasible
        assert problem.evaluate(better).value < 0.6 * problem.evaluate(order).value
        assert better == problem.polish(order, 0)
        with spending(0.15, 0.6):
            again = problem.polish(better, 1, time.monotonic() + 0.2)
        assert problem.evaluate(again).value <= problem.evaluate(better).value + 1e-9


def test_solve_shares_the_time_with_the_polish():
    """With a time limit the polish has its half, so that forty cities are as good as polished."""
    problem = TravellingSalesman.random(40, seed=4)
    polished = ho.solve(problem, time_limit=0.4, seed=0, n_jobs=1)
    plain = ho.solve(problem, time_limit=0.4, seed=0, n_jobs=1, polish=False)
    assert polished.value <= plain.value + 1e-9


def energy_of_1985(problem, v, A, B, C, D, n):
    """Return the energy of 1985 summed index by index."""
    d, size = problem.cities.distances, problem.cities.size
    energy = C / 2 * (v.sum() - n) ** 2
    for x, i, j in itertools.product(range(size), repeat=3):
        energy += A / 2 * v[x, i] * v[x, j] * (i != j)
        energy += B / 2 * v[i, x] * v[j, x] * (i != j)
        ahead, behind = v[j, (x + 1) % size], v[j, (x - 1) % size]
        energy += D / 2 * d[i, j] * v[i, x] * (ahead + behind)
    return energy


def test_classical_energies():
    """The models have the published energy, and the networks its gradient off the corners, too."""
    problem, draws = TravellingSalesman.random(4, seed=5), np.random.default_rng(0)
    d = problem.cities.distances
    most, least, C = d.max(), d[d > 0].min(), 0.25
    talavan = (3 + C - least / most, 3 + C, C, 1 / most, 4 + 3 / C)
    for model, network, weights in (
        (
            problem.hopfield_tank_1985(),
            problem.hopfield_tank_1985(as_network=True),
            (500, 500, 200, 500, 15),
        ),
        (problem.talavan_yanez(C), problem.talavan_yanez(C, as_network=True), talavan),
    ):
        for _ in range(10):
            x = draws.integers(0, 2, (4, 4))
            expected = energy_of_1985(problem, x, *weights)
            assert model.evaluate({"x": x}).value == pytest.approx(expected)
            v, step = draws.random((4, 4)), 1e-4
            field = network.weights @ (2 * v.ravel() - 1) - network.thresholds
            for k in range(16):
                bump = np.eye(16)[k].reshape(4, 4) * step
                slope = energy_of_1985(problem, v + bump, *weights) - energy_of_1985(
                    problem, v - bump, *weights
                )
                assert -2 * field[k] == pytest.approx(slope / (2 * step), rel=1e-5, abs=1e-5)
    assert problem.decode({"x": np.ones((4, 4))}) is None
    with pytest.raises(InputError, match="C must be positive"):
        problem.talavan_yanez(0)
    with pytest.raises(InputError, match="cycle=False"):
        TravellingSalesman(1 - np.eye(3), cycle=False).hopfield_tank_1985()


def test_files(tmp_path):
    """Distances survive a file with cities numbered from 1; graphs are read from edge lists."""
    problem = TravellingSalesman.random(6, kind="asymmetric", seed=1)
    problem.write(tmp_path / "six.atsp")
    back = TravellingSalesman.read(tmp_path / "six.atsp", cycle=False, first=3)
    assert back.cities.labels == (1, 2, 3, 4, 5, 6)
    assert (back.cities.distances == problem.cities.distances).all()
    assert (back.cycle, back.first) == (False, 3)
    (tmp_path / "ring.edges").write_text("a b 1\nb c 2\nc d 3\nd a 4\n")
    ring = TravellingSalesman.read(tmp_path / "ring.edges")
    assert ho.solve(ring, seed=0, sweeps=50).value == 10
    with pytest.raises(InputError, match="no road from 'a' to 'c'"):
        ring.write(tmp_path / "ring.tsp")


def test_baselines_can_be_pickled_and_are_offered_where_they_apply():
    """The ones of networkx need complete cycles, christofides symmetric ones."""

    def names(problem):
        return [pickle.loads(pickle.dumps(found)).name.split()[-1] for found in problem.baselines()]

    euclidean = TravellingSalesman.random(13, seed=0)
    networkx = ["greedy_tsp", "simulated_annealing_tsp", "threshold_accepting_tsp"]
    assert names(euclidean) == ["christofides", *networkx, "2-opt"]
    assert names(TravellingSalesman.random(5, "asymmetric", seed=0)) == [
        *networkx,
        "2-opt",
        "Held-Karp",
    ]
    assert names(TravellingSalesman(nx.cycle_graph(13))) == ["2-opt"]


def test_random():
    """The same seed gives the same cities; arguments are checked."""
    one, two = (TravellingSalesman.random(5, seed=3).cities.distances for _ in range(2))
    assert (one == two).all()
    assert TravellingSalesman.random(5, cycle=False, seed=3).cycle is False
    with pytest.raises(InputError, match="Did you mean 'euclidean'"):
        TravellingSalesman.random(5, "euclid")
    with pytest.raises(InputError, match="n must be at least 0"):
        TravellingSalesman.random(-1)


def test_paths_through_many_cities_need_no_table():
    """A path is searched by places alone; it becomes shorter, and never has to close."""
    points = np.random.default_rng(4).random((MOST_IN_A_TABLE + 100, 2))
    problem = TravellingSalesman.from_coordinates(points, cycle=False)
    first = problem.first_answer()
    found = problem.polish(first, seed=0, deadline=time.monotonic() + 0.3)
    assert sorted(found) == list(range(len(points)))
    assert problem.evaluate(found).value < 0.9 * problem.evaluate(first).value
    assert "distances" not in vars(problem.cities)


def test_a_path_by_places_is_the_path_by_its_table():
    """The same cities give the same path, whether distances are looked up or measured."""
    points = np.random.default_rng(2).random((60, 2))
    tours = ClosedTours(cities_at(points), cycle=False)
    start, places = np.arange(61), tours.places
    paths = [improve_tour(d, start, 1, places=places) for d in (places, tours.distances)]
    assert np.array_equal(*paths)
    ends = ClosedTours(cities_at(points), cycle=False, first=3)
    assert ends.places is None
