"""networkx against its backend `hopfield` in the same time, on ten kinds of graphs.

From the root of the repository (some three minutes):

    python -m benchmarks.backend --seconds 1 --seed 0

Each cell is networkx' best and the backend's. Both have the same seconds: networkx' algorithm runs
again and again, with other seeds and with the vertices in another order, and the best counts; the
backend begins with one run of it, and searches for the rest. Where networkx takes longer for one
run, that is the time of both. Edges and vertices weigh 1 to 9. Answers are judged here.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import networkx as nx

Answer = Any
# what is called, whether more is better, and the value of an answer
Task = tuple[str, int, Callable[..., Answer], Callable[[Any, Answer], float]]


def graphs(seed: int) -> Iterator[tuple[str, Any]]:
    """Yield ten kinds of graphs, weighted."""
    made = {
        "random, p = .5": nx.gnp_random_graph(80, 0.5, seed=seed),
        "random, p = .05": nx.gnp_random_graph(120, 0.05, seed=seed),
        "Barabási-Albert": nx.barabasi_albert_graph(120, 3, seed=seed),
        "small world": nx.watts_strogatz_graph(120, 6, 0.1, seed=seed),
        "geometric": nx.random_geometric_graph(120, 0.17, seed=seed),
        "grid": nx.grid_2d_graph(10, 12),
        "regular, degree 5": nx.random_regular_graph(5, 120, seed=seed),
        "tree": nx.random_labeled_tree(120, seed=seed),
        "communities": nx.planted_partition_graph(6, 25, 0.3, 0.02, seed=seed),
        "les misérables": nx.les_miserables_graph(),
    }
    draws = random.Random(seed)
    for name, graph in made.items():
        for _, _, data in graph.edges(data=True):
            data["weight"] = data.get("weight", draws.randint(1, 9))
        for vertex in graph:
            graph.nodes[vertex]["weight"] = draws.randint(1, 9)
        yield name, graph


def cut_weight(graph: Any, answer: Answer) -> float:
    """Return the weight between two sides."""
    sides = answer[1] if isinstance(answer[1], tuple) else answer
    return float(nx.cut_size(graph, *sides, weight="weight"))


def vertex_weight(graph: Any, answer: Answer) -> float:
    """Return the weight of a set that dominates the graph."""
    assert nx.is_dominating_set(graph, answer)
    return float(sum(graph.nodes[vertex]["weight"] for vertex in answer))


def set_size(graph: Any, answer: Answer) -> float:
    """Return the size of an independent set."""
    assert not graph.subgraph(answer).edges
    return float(len(answer))


def num_colors(graph: Any, answer: Answer) -> float:
    """Return the number of colours of a colouring."""
    assert all(answer[u] != answer[v] for u, v in graph.edges)
    return float(len(set(answer.values())))


def modularity(graph: Any, answer: Answer) -> float:
    """Return the modularity of communities."""
    return float(nx.community.modularity(graph, answer))


def tasks(seed: int) -> list[Task]:
    """Return what is compared; `seed` of those that draw."""
    approximation, community = nx.approximation, nx.community
    exchange = partial(approximation.one_exchange, weight="weight", seed=seed)
    halves = partial(community.kernighan_lin_bisection, weight="weight", seed=seed)
    dominating = partial(approximation.min_weighted_dominating_set, weight="weight")
    parts = partial(community.louvain_communities, seed=seed)
    return [
        ("`one_exchange`", 1, exchange, cut_weight),
        ("`kernighan_lin_bisection`", -1, halves, cut_weight),
        ("`maximum_independent_set`", 1, approximation.maximum_independent_set, set_size),
        ("`min_weighted_dominating_set`", -1, dominating, vertex_weight),
        ("`greedy_color`", -1, nx.greedy_color, num_colors),
        ("`louvain_communities`", 1, parts, modularity),
    ]


def reordered(graph: Any, seed: int) -> Any:
    """Return the graph with its vertices, and their neighbours, in another order."""
    draws, other = random.Random(seed), nx.Graph()
    vertices, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    draws.shuffle(vertices)
    draws.shuffle(edges)
    other.add_nodes_from(vertices)
    other.add_edges_from(edges)
    return other


def compared(graph: Any, task: Task, seconds: float) -> tuple[float, float]:
    """Return the best of networkx, and of the backend, in the same time."""
    _, sense, call, value = task
    started, best, runs = time.monotonic(), float("-inf"), 0
    while not runs or time.monotonic() - started < seconds:
        options = {"seed": runs} if "seed" in getattr(call, "keywords", {}) else {}
        own = graph if not runs else reordered(graph, runs)
        best = max(best, sense * value(graph, call(own, backend="networkx", **options)))
        runs += 1
    whole = time.monotonic() - started
    for _ in range(2):  # kernels are loaded by the first
        started = time.monotonic()
        call(graph, backend="hopfield", sweeps=1)
    before = time.monotonic() - started  # a limit counts from the search on
    ours = call(graph, backend="hopfield", time_limit=max(0.05, whole - before))
    return sense * best, value(graph, ours)


def shown(value: float) -> str:
    """Return a value as it stands in the table: modularities are no whole numbers."""
    return f"{value:.0f}" if value == int(value) else f"{value:.3f}".removeprefix("0")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    names = [name for name, *_ in tasks(given.seed)]
    print("| graph | vertices |", " | ".join(names), "|")
    print("|---|---:|" + "---:|" * len(names))
    for name, graph in graphs(given.seed):
        cells = []
        for task in tasks(given.seed):
            own, ours = compared(graph, task, given.seconds)
            cells.append(f"{shown(own)} → {shown(ours)}")
        print(f"| {name} | {len(graph)} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
