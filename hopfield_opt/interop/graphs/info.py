"""What networkx asks for when it is imported: names only, nothing is loaded."""

from typing import Any

LIMITS = {
    "time_limit : float, optional": "Seconds for the search, after networkx' own algorithm.",
    "sweeps : int, optional": (
        "The length of the search; with a seed the answer is then the same on each machine."
    ),
}
_BETTER = "The answer of networkx, improved by a Hopfield network; never worse."
_PROVEN = "Ours where it is proven optimal or there is a limit, else networkx' exact search."
_NEW = "Connected communities, at least as modular as Louvain's."

DOCUMENTED = {
    "christofides": _BETTER,
    "greedy_color": _BETTER,
    "greedy_modularity_communities": _BETTER,
    "greedy_tsp": _BETTER,
    "kernighan_lin_bisection": _BETTER,
    "large_clique_size": _BETTER,
    "leiden_communities": _NEW,
    "louvain_communities": _BETTER,
    "max_clique": _BETTER,
    "max_weight_clique": _PROVEN,
    "maximal_independent_set": _BETTER,
    "maximum_independent_set": _BETTER,
    "min_edge_dominating_set": _BETTER,
    "min_weighted_dominating_set": _BETTER,
    "min_weighted_vertex_cover": _BETTER,
    "one_exchange": _BETTER,
    "randomized_partitioning": _BETTER,
    "simulated_annealing_tsp": _BETTER,
    "threshold_accepting_tsp": _BETTER,
    "traveling_salesman_problem": _BETTER,
}


def get_info() -> dict[str, Any]:
    """Return what networkx shows of the backend in its documentation."""
    return {
        "backend_name": "hopfield",
        "project": "hopfield-opt",
        "package": "hopfield_opt",
        "short_summary": "Better answers of networkx' heuristics, by Hopfield networks.",
        "functions": {
            name: {"additional_docs": text, "additional_parameters": LIMITS}
            for name, text in DOCUMENTED.items()
        },
    }
