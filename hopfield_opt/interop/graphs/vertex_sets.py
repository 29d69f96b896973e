"""Independent sets, cliques, covers and dominating sets for networkx."""

from collections.abc import Hashable
from typing import Any

import networkx as nx

from hopfield_opt.driver import solve
from hopfield_opt.interop.graphs.parts import improve, takes_graphs, undirected
from hopfield_opt.problems import MaxClique, MaxIndependentSet, MinVertexCover, SetCover
from hopfield_opt.result import Status

Vertices = set[Hashable]


@takes_graphs
def maximum_independent_set(
    G: Any, *, time_limit: float | None = None, sweeps: int | None = None
) -> Vertices:
    """Return an independent set, no smaller than that of Ramsey's bound."""
    own: Any = nx.approximation.maximum_independent_set(G, backend="networkx")
    found = improve(MaxIndependentSet(undirected(G)), own, None, time_limit, sweeps)
    better: Vertices = found if len(found) > len(own) else own
    return better


@takes_graphs
def maximal_independent_set(
    G: Any,
    nodes: Any = None,
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Any:
    """Return an independent set that holds `nodes`, no smaller than a random maximal one."""
    own = nx.maximal_independent_set(G, nodes=nodes, seed=seed, backend="networkx")
    held = set(nodes or ())
    near = held.union(*(G.adj[v] for v in held))
    rest = undirected(G.subgraph(set(G) - near))
    rest = nx.Graph(rest.subgraph([v for v in G if v in rest]))
    found = improve(MaxIndependentSet(rest), set(own) - held, seed, time_limit, sweeps)
    # a list in some versions of networkx, a set in others
    return type(own)(held | found) if len(found) + len(held) > len(own) else own


@takes_graphs
def max_clique(G: Any, *, time_limit: float | None = None, sweeps: int | None = None) -> Vertices:
    """Return a clique, no smaller than that of Ramsey's bound."""
    own: Any = nx.approximation.max_clique(G, backend="networkx")
    found = improve(MaxClique(undirected(G)), own, None, time_limit, sweeps)
    better: Vertices = found if len(found) > len(own) else own
    return better


@takes_graphs
def large_clique_size(G: Any, *, time_limit: float | None = None, sweeps: int | None = None) -> int:
    """Return the size of a clique, no smaller than networkx' own."""
    own: int = nx.approximation.large_clique_size(G, backend="networkx")
    if not len(G):
        return own
    found = improve(MaxClique(undirected(G)), None, None, time_limit, sweeps)
    return max(own, len(found))


@takes_graphs
def max_weight_clique(
    G: Any, weight: Any = "weight", *, time_limit: float | None = None, sweeps: int | None = None
) -> tuple[list[Hashable], int]:
    """Return a clique of the largest weight, and the weight.

    networkx searches all cliques. Ours is returned where it is proven to be as good, and where
    there is a limit; else the search of networkx follows.
    """
    weights = {v: 1 if weight is None else G.nodes[v].get(weight) for v in G}
    if not all(isinstance(value, int) for value in weights.values()) or not len(G):
        return _exact_clique(G, weight)  # which says what is wrong
    problem = MaxClique(undirected(G), weights)
    result = solve(problem, seed=0, progress=False, time_limit=time_limit, sweeps=sweeps)
    if result.status is not Status.OPTIMAL and time_limit is None and sweeps is None:
        return _exact_clique(G, weight)
    return list(result.answer), sum(weights[v] for v in result.answer)


def _exact_clique(graph: Any, weight: Any) -> tuple[list[Hashable], int]:
    found: tuple[list[Hashable], int] = nx.max_weight_clique(
        graph, weight=weight, backend="networkx"
    )
    return found


@takes_graphs
def min_weighted_vertex_cover(
    G: Any, weight: Any = None, *, time_limit: float | None = None, sweeps: int | None = None
) -> Vertices:
    """Return a vertex cover, no heavier than that of local ratios."""
    own: Vertices = nx.approximation.min_weighted_vertex_cover(G, weight=weight, backend="networkx")
    held = set(nx.nodes_with_selfloops(G))
    rest = undirected(G)
    rest.remove_nodes_from(held)
    weights = dict(G.nodes(data=weight, default=1))
    problem = MinVertexCover(rest, {v: weights[v] for v in rest})
    found = held | improve(problem, own - held, None, time_limit, sweeps)
    return _lighter(weights, own, found)


@takes_graphs
def min_weighted_dominating_set(
    G: Any, weight: Any = None, *, time_limit: float | None = None, sweeps: int | None = None
) -> Vertices:
    """Return a dominating set, no heavier than the greedy one."""
    own: Vertices = nx.approximation.min_weighted_dominating_set(
        G, weight=weight, backend="networkx"
    )
    if not own:
        return own
    weights = dict(G.nodes(data=weight, default=1))
    problem = SetCover({v: {v, *G[v]} for v in G}, weights)
    return _lighter(weights, own, improve(problem, own, None, time_limit, sweeps))


@takes_graphs
def min_edge_dominating_set(
    G: Any, *, time_limit: float | None = None, sweeps: int | None = None
) -> set[tuple[Hashable, Hashable]]:
    """Return edges that touch all edges, no more than a maximal matching has."""
    own: set[tuple[Hashable, Hashable]] = nx.approximation.min_edge_dominating_set(
        G, backend="networkx"
    )
    edges = [(u, v) for u, v in G.edges if u != v]
    touching = {v: [edge for edge in edges if v in edge] for v in G}
    problem = SetCover({edge: {*touching[edge[0]], *touching[edge[1]]} for edge in edges})
    known = set(edges)
    start = {edge if edge in known else edge[::-1] for edge in own}
    found: set[tuple[Hashable, Hashable]] = improve(problem, start, None, time_limit, sweeps)
    return found if len(found) < len(own) else own


def _lighter(weights: dict[Hashable, Any], own: Vertices, found: Vertices) -> Vertices:
    """Return the lighter of two sets, the first where they weigh the same."""
    sums = [sum(weights[v] for v in chosen) for chosen in (own, found)]
    return found if sums[1] < sums[0] else own
