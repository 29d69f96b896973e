"""Tours and paths for networkx."""

from collections.abc import Hashable
from typing import Any

import networkx as nx
from networkx.utils import pairwise

from hopfield_opt.interop.graphs.parts import improve, takes_graphs
from hopfield_opt.problems import TravellingSalesman

Tour = list[Hashable]


@takes_graphs
def christofides(
    G: Any,
    weight: Any = "weight",
    tree: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Tour:
    """Return a closed tour, no longer than that of Christofides' algorithm."""
    own = nx.approximation.christofides(G, weight=weight, tree=tree, backend="networkx")
    return _improve_tour(G, own, weight, None, time_limit, sweeps)


@takes_graphs
def greedy_tsp(
    G: Any,
    weight: Any = "weight",
    source: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Tour:
    """Return a closed tour, no longer than that of the nearest neighbours."""
    own = nx.approximation.greedy_tsp(G, weight=weight, source=source, backend="networkx")
    return _improve_tour(G, own, weight, None, time_limit, sweeps)


@takes_graphs
def simulated_annealing_tsp(
    G: Any,
    init_cycle: Any,
    weight: Any = "weight",
    source: Any = None,
    temp: float = 100,
    move: Any = "1-1",
    max_iterations: int = 10,
    N_inner: int = 100,
    alpha: float = 0.01,
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Tour:
    """Return a closed tour, no longer than that of networkx' annealing."""
    given = (init_cycle, weight, source, temp, move, max_iterations, N_inner, alpha, seed)
    own = nx.approximation.simulated_annealing_tsp(G, *given, backend="networkx")
    return _improve_tour(G, own, weight, seed, time_limit, sweeps)


@takes_graphs
def threshold_accepting_tsp(
    G: Any,
    init_cycle: Any,
    weight: Any = "weight",
    source: Any = None,
    threshold: float = 1,
    move: Any = "1-1",
    max_iterations: int = 10,
    N_inner: int = 100,
    alpha: float = 0.1,
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Tour:
    """Return a closed tour, no longer than that of networkx' threshold accepting."""
    given = (init_cycle, weight, source, threshold, move, max_iterations, N_inner, alpha, seed)
    own = nx.approximation.threshold_accepting_tsp(G, *given, backend="networkx")
    return _improve_tour(G, own, weight, seed, time_limit, sweeps)


@takes_graphs
def traveling_salesman_problem(
    G: Any,
    weight: Any = "weight",
    nodes: Any = None,
    cycle: bool = True,
    method: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
    **keywords: Any,
) -> Tour:
    """Return a walk through nodes over the edges of the graph, no longer than networkx'.

    networkx makes the complete graph of the shortest ways between the nodes, and asks `method`
    for a tour of it: this is where ours begins.
    """
    if method is None:
        directed, approximation = G.is_directed(), nx.approximation
        method = approximation.asadpour_atsp if directed else approximation.christofides
    paths: list[Tour] = []

    def improved(ways: Any, weight: Any, **rest: Any) -> Tour:
        own: Tour = method(ways, weight=weight, **rest)
        if cycle:
            return _improve_tour(ways, own, weight, None, time_limit, sweeps)
        if len(own) > 3:
            paths.append(_improve_path(ways, own, weight, time_limit, sweeps))
        return own

    given = {"weight": weight, "nodes": nodes, "cycle": cycle, "method": improved, **keywords}
    walk: Tour = nx.approximation.traveling_salesman_problem(G, **given, backend="networkx")
    for path in paths:
        other: Tour = []
        for u, v in pairwise(path):
            other += nx.dijkstra_path(G, u, v, weight=weight)[:-1]
        walk = _shorter(G, weight, walk, [*other, path[-1]])
    return walk


def _improve_tour(
    graph: Any,
    own: Tour,
    weight: Any,
    seed: Any,
    time_limit: float | None,
    sweeps: int | None,
) -> Tour:
    """Return the shorter of a closed tour and what is found from it, from the same city on."""
    if len(own) < 5:  # three cities have one tour, and another the other way round
        return own
    problem = TravellingSalesman(_with_lengths(graph, weight), first=own[0])
    found = improve(problem, own[:-1], seed, time_limit, sweeps)
    begin = found.index(own[0])
    return _shorter(graph, weight, own, [*found[begin:], *found[:begin], own[0]])


def _improve_path(
    ways: Any, tour: Tour, weight: Any, time_limit: float | None, sweeps: int | None
) -> Tour:
    """Return a path, no longer than a closed tour without its longest step."""
    steps = [ways[u][v][weight] for u, v in pairwise(tour)]
    cut = steps.index(max(steps)) + 1
    problem = TravellingSalesman(_with_lengths(ways, weight), cycle=False)
    start = tour[cut:-1] + tour[:cut]
    found: Tour = improve(problem, start, None, time_limit, sweeps)
    return found


def _with_lengths(graph: Any, weight: Any) -> Any:
    """Return a copy with the attribute `weight` on each edge, 1 where there is none."""
    plain: Any = nx.DiGraph() if graph.is_directed() else nx.Graph()
    plain.add_nodes_from(graph)
    edges = graph.edges(data=weight, default=1)
    plain.add_weighted_edges_from((u, v, length) for u, v, length in edges if u != v)
    return plain


def _shorter(graph: Any, weight: Any, own: Tour, found: Tour) -> Tour:
    """Return the shorter of two walks as networkx adds them up, the first where they tie."""
    lengths = [sum(graph[u][v].get(weight, 1) for u, v in pairwise(walk)) for walk in (own, found)]
    return found if lengths[1] < lengths[0] else own
