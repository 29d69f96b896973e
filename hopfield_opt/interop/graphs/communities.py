"""Communities and colourings for networkx."""

from collections.abc import Hashable
from typing import Any

import networkx as nx
import numpy as np

from hopfield_opt.arrays import FloatArray, check_memory
from hopfield_opt.interop.graphs.parts import improve, takes_graphs, undirected
from hopfield_opt.model import Model
from hopfield_opt.problems import GraphColoring

Communities = list[set[Hashable]]

# of a pair of vertices: the weights that the modularity gives it, here and in the network
BYTES_PER_PAIR = 48


@takes_graphs
def louvain_communities(
    G: Any,
    weight: Any = "weight",
    resolution: float = 1,
    threshold: float = 0.0000001,
    max_level: int | None = None,
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Communities:
    """Return communities of at least the modularity that Louvain's method finds."""
    _refuse("max_level", max_level)
    given = {"weight": weight, "resolution": resolution, "threshold": threshold, "seed": seed}
    own = nx.community.louvain_communities(G, **given, backend="networkx")
    found: Communities = _improve_communities(G, own, weight, resolution, seed, time_limit, sweeps)
    return found


@takes_graphs
def leiden_communities(
    G: Any,
    weight: Any = "weight",
    resolution: float = 1,
    max_level: int | None = None,
    seed: Any = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> Communities:
    """Return connected communities of at least the modularity that Louvain's method finds.

    networkx has no implementation. What the method of V. A. Traag, L. Waltman, N. J. van Eck,
    "From Louvain to Leiden" (2019), promises holds here: each community is connected.
    """
    _refuse("max_level", max_level)
    given = {"weight": weight, "resolution": resolution, "seed": seed}
    own = nx.community.louvain_communities(G, **given, backend="networkx")
    found = _improve_communities(G, own, weight, resolution, seed, time_limit, sweeps)
    return [part for one in found for part in nx.connected_components(G.subgraph(one))]


@takes_graphs
def greedy_modularity_communities(
    G: Any,
    weight: Any = None,
    resolution: float = 1,
    cutoff: int = 1,
    best_n: int | None = None,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> list[Any]:
    """Return communities of at least the modularity that greedy merges find, largest first."""
    _refuse("cutoff", None if cutoff == 1 else cutoff)
    _refuse("best_n", best_n)
    own = nx.community.greedy_modularity_communities(
        G, weight=weight, resolution=resolution, backend="networkx"
    )
    found = _improve_communities(G, own, weight, resolution, None, time_limit, sweeps)
    if found is own:
        return list(own)
    return sorted(map(frozenset, found), key=len, reverse=True)


def _refuse(name: str, value: object) -> None:
    """Leave to networkx what says how many communities there are to be."""
    if value is not None:
        raise NotImplementedError(f"{name}={value} is networkx' own: leave it out, or the backend.")


def _improve_communities(
    graph: Any,
    own: Any,
    weight: Any,
    resolution: float,
    seed: Any,
    time_limit: float | None,
    sweeps: int | None,
) -> Any:
    """Return the better of communities and what is found from them.

    ``maximize sum_ij (A_ij / 2m - resolution k_i k_j / (2m)^2) x_i . x_j``, one of the
    communities, or one more, for each vertex: `x` is one-hot (M. E. J. Newman, "Networks: An
    Introduction", 2010, page 224; directed graphs as in networkx).
    """
    order = list(graph)
    if len(order) < 2 or not graph.size(weight=weight) > 0:
        return own
    start = np.zeros((len(order), len(own) + 1), dtype=np.int8)
    home = {label: place for place, community in enumerate(own) for label in community}
    start[np.arange(len(order)), [home[label] for label in order]] = 1
    model = Model()
    x = model.binary(start.shape, name="x")
    model.maximize((x * (_modularity_weights(graph, order, weight, resolution) @ x)).sum())
    model.add(x.sum(axis=1) == 1)
    answer = improve(model, {"x": start}, seed, time_limit, sweeps)
    chosen = answer["x"].argmax(axis=1)
    sets: list[set[Hashable]] = [set() for _ in range(start.shape[1])]
    for label, place in zip(order, chosen.tolist(), strict=True):
        sets[place].add(label)
    found = [one for one in sets if one]
    values = [
        nx.community.modularity(graph, one, weight=weight, resolution=resolution)
        for one in (own, found)
    ]
    return found if values[1] > values[0] else own


def _modularity_weights(
    graph: Any, order: list[Hashable], weight: Any, resolution: float
) -> FloatArray:
    """Return what two vertices (n, n) bring to the modularity when they are together."""
    check_memory("graph", BYTES_PER_PAIR * len(order) ** 2, "Use networkx' own communities")
    joined = nx.to_numpy_array(graph, nodelist=order, weight=weight, multigraph_weight=sum)
    # a loop counts twice at its vertex where edges have no direction
    degrees = joined if graph.is_directed() else joined + np.diag(joined.diagonal())
    total = float(degrees.sum())
    expected = np.outer(degrees.sum(axis=1), degrees.sum(axis=0)) / total**2
    weights = degrees / total - resolution * expected
    together: FloatArray = (weights + weights.T) / 2
    return together


@takes_graphs
def greedy_color(
    G: Any,
    strategy: Any = "largest_first",
    interchange: bool = False,
    *,
    time_limit: float | None = None,
    sweeps: int | None = None,
) -> dict[Hashable, int]:
    """Return a colouring with no more colours than the greedy one."""
    if G.is_directed():
        raise NotImplementedError("greedy_color looks at the successors of a directed graph only.")
    own: dict[Hashable, int] = nx.greedy_color(
        G, strategy=strategy, interchange=interchange, backend="networkx"
    )
    if not own:
        return own
    problem = GraphColoring(undirected(G))
    # its own first answer may have fewer colours already
    start = own if len(set(own.values())) <= problem.colors else None
    found: dict[Hashable, int] = improve(problem, start, None, time_limit, sweeps)
    return found if len(set(found.values())) < len(set(own.values())) else own
