"""What networkx calls: the functions by their names, and graphs in and out."""

from typing import Any

from hopfield_opt.interop.graphs import communities, cuts, tours, vertex_sets
from hopfield_opt.interop.graphs.parts import HopfieldGraph, is_running
from hopfield_opt.interop.graphs.pinned import mark_pinned

christofides = tours.christofides
greedy_color = communities.greedy_color
greedy_modularity_communities = communities.greedy_modularity_communities
greedy_tsp = tours.greedy_tsp
kernighan_lin_bisection = cuts.kernighan_lin_bisection
large_clique_size = vertex_sets.large_clique_size
leiden_communities = communities.leiden_communities
louvain_communities = communities.louvain_communities
max_clique = vertex_sets.max_clique
max_weight_clique = vertex_sets.max_weight_clique
maximal_independent_set = vertex_sets.maximal_independent_set
maximum_independent_set = vertex_sets.maximum_independent_set
min_edge_dominating_set = vertex_sets.min_edge_dominating_set
min_weighted_dominating_set = vertex_sets.min_weighted_dominating_set
min_weighted_vertex_cover = vertex_sets.min_weighted_vertex_cover
one_exchange = cuts.one_exchange
randomized_partitioning = cuts.randomized_partitioning
simulated_annealing_tsp = tours.simulated_annealing_tsp
threshold_accepting_tsp = tours.threshold_accepting_tsp
traveling_salesman_problem = tours.traveling_salesman_problem


def convert_from_nx(graph: Any, **keywords: Any) -> HopfieldGraph:
    """Return the graph by reference: what a function needs is read when it runs."""
    return HopfieldGraph(graph)


def convert_to_nx(result: Any, *, name: str | None = None) -> Any:
    """Return the networkx graph itself; other results are plain Python already."""
    return result.graph if isinstance(result, HopfieldGraph) else result


def should_run(name: str, args: Any, kwargs: Any) -> bool | str:
    """Whether to run by priority: not in what networkx calls inside of one of our functions."""
    return "networkx' own algorithm is the start of a search" if is_running() else True


def on_start_tests(items: Any) -> None:
    """Mark the tests of networkx' own suite that pin an answer that is not the best."""
    mark_pinned(items)
