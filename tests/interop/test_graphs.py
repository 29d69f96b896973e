"""The backend of networkx: never worse, seeded, fresh weights, plain Python, its own tests."""

import os
import random
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest

from hopfield_opt.baselines import cuts, tours
from hopfield_opt.interop.graphs import backend
from hopfield_opt.interop.graphs.communities import _modularity_weights
from hopfield_opt.interop.graphs.cuts import _exchange_greedily
from hopfield_opt.interop.graphs.info import get_info
from hopfield_opt.interop.graphs.parts import undirected
from hopfield_opt.problems import MaxCut, TravellingSalesman

registered = pytest.mark.skipif(
    "hopfield" not in nx.utils.backends.backends,
    reason="the installed package is older than its entry points: pip install -e .",
)
APPROXIMATION = nx.approximation
SHORT = {"backend": "hopfield", "sweeps": 20}


def weighted(graph, seed=1):
    """Return a graph with whole weights on edges and vertices."""
    draws = random.Random(seed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = draws.randint(1, 9)
    for _, data in graph.nodes(data=True):
        data["weight"] = draws.randint(1, 9)
    return graph


GRAPHS = {
    "random": lambda: weighted(nx.gnp_random_graph(24, 0.3, seed=1)),
    "small-world": lambda: weighted(nx.connected_watts_strogatz_graph(24, 4, 0.3, seed=2)),
    "named": lambda: nx.relabel_nodes(
        weighted(nx.barabasi_albert_graph(20, 3, seed=3)), "v{}".format
    ),
    "path": lambda: weighted(nx.path_graph(7)),
}


def across(graph, sides):
    """Return minus the weight across, after checking that both sides are the graph."""
    assert set(graph) == sides[0] | sides[1]
    assert not sides[0] & sides[1]
    return nx.cut_size(graph, sides[0], weight="weight")


def cut_value(graph, found):
    """Return the value of a cut, which is the one that was said."""
    assert found[0] == across(graph, found[1])
    return found[0]


def independent(graph, found):
    """Return the size of an independent set."""
    assert all(u == v for u, v, *_ in graph.subgraph(found).edges)
    return len(found)


def clique(graph, found):
    """Return the size of a clique."""
    assert graph.subgraph(found).number_of_edges() == len(found) * (len(found) - 1) // 2
    return len(found)


def total(graph, found):
    """Return minus the weight of vertices."""
    return -sum(graph.nodes[v]["weight"] for v in found)


def covered(graph, found):
    """Return minus the weight of a vertex cover."""
    assert all(u in found or v in found for u, v, *_ in graph.edges)
    return total(graph, found)


def dominated(graph, found):
    """Return minus the weight of a dominating set."""
    assert nx.is_dominating_set(graph, found)
    return total(graph, found)


def touched(graph, found):
    """Return minus the number of edges that touch all others."""
    ends = {v for edge in found for v in edge}
    assert all(graph.has_edge(*edge) for edge in found)
    assert all(u in ends or v in ends for u, v, *_ in graph.edges)
    return -len(found)


def colors(graph, found):
    """Return minus the number of colours of a proper colouring."""
    assert set(found) == set(graph)
    assert all(found[u] != found[v] for u, v, *_ in graph.edges)
    return -len(set(found.values()))


def modularity(graph, found):
    """Return the modularity of a partition."""
    return nx.community.modularity(graph, found)


def walk(graph, found):
    """Return minus the length of a closed walk through all vertices."""
    assert found[0] == found[-1]
    assert set(found) == set(graph)
    return -nx.path_weight(graph, found, "weight")


def path(graph, found):
    """Return minus the length of a walk through all vertices."""
    assert set(found) == set(graph)
    return -nx.path_weight(graph, found, "weight")


COMMUNITY = nx.community
CALLS = [
    (APPROXIMATION.one_exchange, cut_value, {"seed": 5, "weight": "weight"}),
    (APPROXIMATION.randomized_partitioning, cut_value, {"seed": 5, "weight": "weight"}),
    (COMMUNITY.kernighan_lin_bisection, lambda g, s: -across(g, s), {"seed": 5}),
    (APPROXIMATION.maximum_independent_set, independent, {}),
    (nx.maximal_independent_set, independent, {"seed": 5}),
    (APPROXIMATION.max_clique, clique, {}),
    (APPROXIMATION.large_clique_size, lambda _, size: size, {}),
    (nx.max_weight_clique, lambda g, found: -total(g, found[0]), {}),
    (APPROXIMATION.min_weighted_vertex_cover, covered, {"weight": "weight"}),
    (APPROXIMATION.min_weighted_dominating_set, dominated, {"weight": "weight"}),
    (APPROXIMATION.min_edge_dominating_set, touched, {}),
    (nx.greedy_color, colors, {}),
    (COMMUNITY.louvain_communities, modularity, {"seed": 5}),
    (COMMUNITY.greedy_modularity_communities, modularity, {"weight": "weight"}),
    (APPROXIMATION.traveling_salesman_problem, walk, {}),
    (APPROXIMATION.traveling_salesman_problem, path, {"cycle": False}),
]
COMPLETE = [
    (APPROXIMATION.christofides, {}),
    (APPROXIMATION.greedy_tsp, {"source": 4}),
    (APPROXIMATION.simulated_annealing_tsp, {"init_cycle": "greedy", "seed": 5}),
    (APPROXIMATION.threshold_accepting_tsp, {"init_cycle": "greedy", "seed": 5}),
]


def plain(found):
    """Whether an answer holds nothing but Python's own types."""
    if isinstance(found, dict):
        found = [*found, *found.values()]
    if isinstance(found, (list, tuple, set, frozenset)):
        return all(map(plain, found))
    return type(found) in (int, float, str)


@registered
@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize(("call", "value", "given"), CALLS)
def test_never_worse_than_networkx(call, value, given, kind):
    """An answer is one by networkx' own measure, as good as its own, plain, and reproducible."""
    graph = GRAPHS[kind]()
    own, found = call(graph, backend="networkx", **given), call(graph, **given, **SHORT)
    assert value(graph, found) >= value(graph, own)
    assert type(found) is type(own)
    assert plain(found)
    assert call(graph, **given, **SHORT) == found


@registered
@pytest.mark.parametrize(("call", "given"), COMPLETE)
def test_tours_of_complete_graphs(call, given):
    """A tour is closed, begins where networkx' own begins, and is shorter than the greedy one."""
    graph = weighted(nx.complete_graph(14))
    own, found = call(graph, backend="networkx", **given), call(graph, **given, **SHORT)
    assert walk(graph, found) >= walk(graph, own)
    assert (found[0], len(found), plain(found)) == (own[0], 15, True)
    assert walk(graph, found) > walk(graph, nx.approximation.greedy_tsp(graph, source=4))
    assert call(graph, **given, **SHORT) == found


@registered
def test_it_is_better_where_there_is_room():
    """On graphs where networkx stops early the answers are better, not the same."""
    graph = weighted(nx.gnp_random_graph(60, 0.3, seed=8))
    for call, value, given in (CALLS[1], CALLS[4], CALLS[9], CALLS[12]):
        own, found = call(graph, backend="networkx", **given), call(graph, **given, **SHORT)
        assert value(graph, found) > value(graph, own)


@registered
def test_directed_tours_and_communities():
    """Directed graphs go where networkx takes them: ways differ forth and back."""
    graph = nx.DiGraph()
    draws = random.Random(2)
    graph.add_weighted_edges_from(
        (u, v, draws.randint(1, 30)) for u in range(8) for v in range(8) if u != v
    )
    call, given = APPROXIMATION.traveling_salesman_problem, {"method": APPROXIMATION.greedy_tsp}
    found = call(graph, **given, **SHORT)
    assert walk(graph, found) >= walk(graph, call(graph, backend="networkx", **given))
    own = COMMUNITY.louvain_communities(graph, seed=1, backend="networkx")
    parts = COMMUNITY.louvain_communities(graph, seed=1, **SHORT)
    assert modularity(graph, parts) >= modularity(graph, own)


@registered
def test_loops_and_parallel_edges():
    """Loops are covered and count in degrees, parallel edges are summed, as in networkx."""
    graph = weighted(nx.MultiGraph(nx.gnp_random_graph(16, 0.3, seed=4)))
    graph.add_edges_from([(0, 0), (1, 2), (1, 2), (5, 5)], weight=7)
    star = nx.star_graph(4)
    star.add_edge(3, 3)
    assert APPROXIMATION.min_weighted_vertex_cover(star, **SHORT) == {0, 3}
    for call, value, given in (CALLS[2], CALLS[4], CALLS[9], CALLS[12]):
        own, found = call(graph, backend="networkx", **given), call(graph, **given, **SHORT)
        assert value(graph, found) >= value(graph, own)
    with pytest.raises(nx.NetworkXNotImplemented):
        APPROXIMATION.one_exchange(graph, **SHORT)


@registered
@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_smallest_graphs(size):
    """What networkx says of hardly any vertices is said by the backend, errors included."""
    graph = weighted(nx.complete_graph(size))
    for call, _, given in CALLS:
        outcomes = []
        for chosen in ({"backend": "networkx"}, SHORT):
            try:
                outcomes.append(type(call(graph, **given, **chosen)))
            except Exception as error:
                outcomes.append(type(error))
        assert outcomes[0] is outcomes[1], call.__name__


@pytest.mark.parametrize("resolution", [1, 0.4, 2])
@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph, nx.DiGraph, nx.MultiDiGraph])
def test_weights_of_the_modularity(kind, resolution):
    """What pairs bring sums up to networkx' modularity, loops and parallel edges included."""
    draws = random.Random(6)
    graph = kind()
    graph.add_nodes_from(range(9))
    for _ in range(25):
        graph.add_edge(draws.randrange(9), draws.randrange(9), weight=draws.randint(1, 5))
    graph.add_edge(2, 2, weight=3)
    order = list(graph)
    weights = _modularity_weights(graph, order, "weight", resolution)
    parts = [{0, 1, 4}, {2, 5, 8}, {3, 6, 7}]
    together = sum(weights[np.ix_(list(part), list(part))].sum() for part in parts)
    assert together == pytest.approx(
        nx.community.modularity(graph, parts, weight="weight", resolution=resolution)
    )


@registered
@pytest.mark.skipif(not hasattr(COMMUNITY, "leiden_communities"), reason="networkx 3.5 has it")
def test_leiden_is_there_and_connected():
    """Leiden is not in networkx: here communities are connected and as modular as Louvain's."""
    graph = GRAPHS["small-world"]()
    found = COMMUNITY.leiden_communities(graph, seed=3, **SHORT)
    assert all(nx.is_connected(graph.subgraph(part)) for part in found)
    own = COMMUNITY.louvain_communities(graph, seed=3, backend="networkx")
    assert modularity(graph, found) >= modularity(graph, own)


@registered
def test_held_vertices_are_in_the_set():
    """`nodes` of a maximal independent set are in it, and refused where they touch."""
    graph = nx.star_graph(5)
    assert set(nx.maximal_independent_set(graph, [0], seed=1, **SHORT)) == {0}
    with pytest.raises(nx.NetworkXUnfeasible):
        nx.maximal_independent_set(graph, [0, 1], seed=1, **SHORT)


@registered
def test_weights_changed_in_place_are_seen():
    """A second call sees new weights, and warns of no cache: the graph is not copied."""
    graph = nx.cycle_graph(4)
    call = APPROXIMATION.one_exchange
    before = call(graph, seed=1, weight="weight", **SHORT)[0]
    graph[0][1]["weight"] = 9
    assert (before, call(graph, seed=1, weight="weight", **SHORT)[0]) == (4, 12)


@registered
@pytest.mark.parametrize("seed", [3, random.Random(3), np.random.default_rng(3)])
def test_seeds_of_every_kind(seed):
    """Numbers and generators of Python and numpy are taken; None draws."""
    graph = GRAPHS["random"]()
    for one in (seed, None):
        found = APPROXIMATION.randomized_partitioning(graph, seed=one, weight="weight", **SHORT)
        assert cut_value(graph, found) > 0


@registered
def test_time_limit_is_passed_on():
    """`time_limit` bounds the search, `sweeps` makes it reproducible; nonsense is refused."""
    graph = GRAPHS["random"]()
    call = APPROXIMATION.one_exchange
    assert cut_value(
        graph, call(graph, seed=1, weight="weight", backend="hopfield", time_limit=0.2)
    )
    with pytest.raises(ValueError, match="sweeps must be"):
        call(graph, seed=1, backend="hopfield", sweeps=-1)


@registered
def test_what_is_refused_is_left_to_networkx():
    """By priority networkx goes on where a weight is no number; by name it is said why not."""
    graph = nx.path_graph(3)
    graph[0][1]["weight"] = float("nan")
    call = APPROXIMATION.randomized_partitioning
    with pytest.raises(NotImplementedError):
        call(graph, seed=1, weight="weight", backend="hopfield")
    with nx.config(backend_priority=["hopfield"]):
        assert len(call(graph, seed=1, weight="weight")[1]) == 2


@registered
@pytest.mark.parametrize(
    ("call", "given"),
    [
        (COMMUNITY.louvain_communities, {"max_level": 1}),
        (COMMUNITY.greedy_modularity_communities, {"best_n": 2}),
        (COMMUNITY.greedy_modularity_communities, {"cutoff": 2}),
    ],
)
def test_counts_of_communities_are_networkx_own(call, given):
    """What says how many communities are wanted is not overruled."""
    graph = nx.karate_club_graph()
    with pytest.raises(NotImplementedError) as refused:
        call(graph, backend="hopfield", **given)
    assert next(iter(given)) in str(refused.value.__cause__)


@registered
def test_colors_of_directed_graphs_are_networkx_own():
    """Only successors are looked at by networkx, which is no colouring of ours."""
    with pytest.raises(NotImplementedError):
        nx.greedy_color(nx.DiGraph([(0, 1), (1, 2)]), backend="hopfield")


@registered
def test_priority_does_not_reach_inside():
    """With the backend first, networkx' algorithms inside of it, and baselines, stay its own."""
    graph = weighted(nx.complete_graph(9))
    problem = MaxCut(GRAPHS["random"]())
    cities = TravellingSalesman(graph)._tours()
    runs = [
        lambda: cuts.one_exchange(problem.graph, 1),
        lambda: tours.simulated_annealing(cities, 1),
    ]
    outside = [run() for run in runs]
    called = []
    with nx.config(backend_priority=["hopfield"]):
        assert [run() for run in runs] == outside

        def method(ways, weight):
            called.append(backend.should_run("christofides", (ways,), {}))
            return APPROXIMATION.christofides(ways, weight=weight)

        APPROXIMATION.traveling_salesman_problem(graph, method=method, sweeps=5)
    assert isinstance(called[0], str)
    assert backend.should_run("christofides", (), {}) is True


@pytest.mark.parametrize("weight", ["weight", None])
@pytest.mark.parametrize("kind", GRAPHS)
def test_greedy_exchange_is_networkx_own(kind, weight):
    """The quick exchange makes the moves and draws of networkx' slow one."""
    graph = GRAPHS[kind]()
    start = set(list(graph)[::3])
    ours, theirs = random.Random(7), random.Random(7)
    found = _exchange_greedily(undirected(graph, weight), start, ours)
    call = APPROXIMATION.one_exchange
    own = call(graph, start, seed=theirs, weight=weight, backend="networkx")
    assert found == own[1][0]
    assert ours.random() == theirs.random()


def test_undirected_copy_sums_and_hides():
    """Parallel edges are summed, loops left out, and a function may hide an edge."""
    graph = nx.MultiDiGraph([(0, 1, {"w": 2}), (1, 0, {"w": 3}), (1, 1, {}), (1, 2, {})])
    assert undirected(graph, "w").edges[0, 1]["weight"] == 5
    assert undirected(graph, None).edges[0, 1]["weight"] == 1
    hidden = undirected(graph, lambda u, v, data: data.get("w"))
    assert list(hidden.edges) == [(0, 1)]
    assert list(hidden) == [0, 1, 2]


def test_documented_functions_are_there():
    """What networkx shows of the backend is what it has, with its two more keywords."""
    documented = get_info()["functions"]
    named = set(documented)
    if not hasattr(COMMUNITY, "leiden_communities"):  # before networkx 3.5
        named.remove("leiden_communities")
    public = {name for name in vars(backend) if hasattr(getattr(nx, name, None), "orig_func")}
    public |= {
        name for name in vars(backend) if hasattr(getattr(COMMUNITY, name, None), "orig_func")
    }
    public |= {
        name for name in vars(backend) if hasattr(getattr(APPROXIMATION, name, None), "orig_func")
    }
    assert named == public
    assert list(documented["one_exchange"]["additional_parameters"]) == [
        "time_limit : float, optional",
        "sweeps : int, optional",
    ]


def test_info_loads_nothing_heavy(elsewhere):
    """The names that networkx asks for when it is imported cost next to nothing."""
    code = (
        "import sys, hopfield_opt.interop.graphs.info as info; info.get_info();"
        "print([name for name in ('numpy', 'numba', 'scipy', 'networkx') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, **elsewhere)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


QUICK = (
    "approximation.tests.test_maxcut",
    "approximation.tests.test_vertex_cover",
    "tests.test_mis",
)
LONG = (
    "approximation.tests.test_clique",
    "approximation.tests.test_dominating_set",
    "approximation.tests.test_traveling_salesman",
    "coloring.tests.test_coloring",
    "community.tests.test_bipartitions",
    "community.tests.test_leiden",
    "community.tests.test_louvain",
    "community.tests.test_modularity_max",
    "tests.test_max_weight_clique",
)


@registered
@pytest.mark.parametrize(
    "modules",
    [pytest.param(QUICK, id="quick"), pytest.param(LONG, id="long", marks=pytest.mark.slow)],
)
def test_networkx_own_tests_pass(modules, elsewhere):
    """The tests of networkx run under the backend; those that pin a worse answer are named."""
    names = [f"networkx.algorithms.{module}" for module in modules]
    chosen = {"NETWORKX_TEST_BACKEND": "hopfield", "NETWORKX_FALLBACK_TO_NX": "True"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", *names],
        **{**elsewhere, "env": {**os.environ, **elsewhere["env"], **chosen}},
        capture_output=True,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    assert " passed" in run.stdout
