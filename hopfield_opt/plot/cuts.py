"""The picture of a cut: two sides, and the edges between them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bools = NDArray[np.bool_]

# beyond this a drawing of vertices and edges is a ball of wool
MAX_VERTICES_DRAWN = 200
MAX_EDGES_DRAWN = 600
# beyond this names are too small to read, and the careful layout takes long
MAX_VERTICES_NAMED = 60
# names of more characters stand below their vertex
MAX_NAME_INSIDE = 3


def cut(graph: Any, answer: Sides, ax: "Axes | None" = None) -> "Axes":
    """Draw a cut of a graph.

    Small graphs are drawn with their vertices and edges. Of large ones the matrix of weights is
    drawn, sorted by side: the edges of the cut fill the two blocks off the diagonal.

    Parameters
    ----------
    graph : anything that `io.as_graph` takes
        The graph.
    answer : pair of collections of vertices
        The two sides.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = cut([(0, 1), (1, 2), (2, 3), (3, 0)], ({0, 2}, {1, 3}))
    >>> axes.get_title()
    'cut of 4 edges, weight 4'
    """
    graph = as_graph(graph)
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(8, 6), layout="constrained")
    first = np.array([label in answer[0] for label in graph.labels], dtype=bool)
    across = first[graph.heads] != first[graph.tails]
    if graph.num_vertices <= MAX_VERTICES_DRAWN and graph.num_edges <= MAX_EDGES_DRAWN:
        _draw_network(graph, first, across, ax)
    else:
        _draw_matrix(graph, first, across, ax)
    weight = float(graph.weights[across].sum())
    name = f"{graph.name}: " if graph.name else ""
    ax.set_title(f"{name}cut of {_counted(int(across.sum()), 'edge')}, weight {weight:g}")
    return ax


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def _kinds(graph: WeightedGraph, across: Bools) -> Iterator[tuple[str, Bools, str, str]]:
    """Yield legend, members, colour and line style of the kinds of edges that there are."""
    kinds = (
        ("inside a side", ~across, style.GREY, "solid"),
        ("cut", across & (graph.weights >= 0), style.BLACK, "solid"),
        ("cut, negative weight", across & (graph.weights < 0), style.VERMILION, "dashed"),
    )
    for label, members, color, line in kinds:
        if members.any():
            yield f"{label}: {_counted(int(members.sum()), 'edge')}", members, color, line


def _draw_network(graph: WeightedGraph, first: Bools, across: Bools, ax: "Axes") -> None:
    """Draw vertices and edges."""
    from matplotlib.collections import LineCollection

    places = _places(graph)
    sizes = np.abs(graph.weights)
    # thin lines where there are many, wider ones for larger weights
    scale = 0.6 if graph.num_edges > MAX_EDGES_DRAWN // 3 else 1.0
    widths = scale * (0.4 + 1.6 * sizes / (sizes.max(initial=0) or 1.0))
    segments = places[np.stack([graph.heads, graph.tails], axis=1)]
    for order, (label, members, color, line) in enumerate(_kinds(graph, across)):
        lines = LineCollection(
            list(segments[members]),
            linewidths=widths[members],
            colors=color,
            linestyles=line,
            zorder=order,
            label=label,
        )
        ax.add_collection(lines)
    named = graph.num_vertices <= MAX_VERTICES_NAMED
    sides = (("first side", first, style.BLUE, "o"), ("second side", ~first, style.ORANGE, "s"))
    for side, members, color, marker in sides:
        ax.scatter(
            places[members, 0],
            places[members, 1],
            s=220 if named else 40,
            c=color,
            marker=marker,
            edgecolors="white",
            linewidths=1.0,
            zorder=4,
            label=f"{side}: {_counted(int(members.sum()), 'vertex', 'vertices')}",
        )
    if named:
        _draw_names(graph, first, places, ax)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2, frameon=False)
    ax.margins(0.06)
    ax.set_axis_off()


def _draw_names(
    graph: WeightedGraph, first: Bools, places: NDArray[np.float64], ax: "Axes"
) -> None:
    """Write the names of the vertices into them, or below them where one is long."""
    names = [str(label) for label in graph.labels]
    inside = max(map(len, names), default=0) <= MAX_NAME_INSIDE
    for name, place, blue in zip(names, places, first, strict=True):
        ax.annotate(
            name,
            place,
            xytext=(0, 0 if inside else -13),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8 if inside else 7,
            color="white" if inside and blue else style.BLACK,
            zorder=5,
        )


def _places(graph: WeightedGraph) -> NDArray[np.float64]:
    """Return where the vertices are drawn, the same in every call."""
    # both layouts are the same for the same graph: nothing here depends on PYTHONHASHSEED
    import networkx as nx

    network = nx.empty_graph(graph.num_vertices)
    network.add_edges_from(zip(graph.heads.tolist(), graph.tails.tolist(), strict=True))
    if 0 < graph.num_vertices <= MAX_VERTICES_NAMED and nx.is_connected(network):
        layout = nx.kamada_kawai_layout(network)
    else:
        layout = nx.spring_layout(network, seed=0)
    return np.array([layout[v] for v in range(graph.num_vertices)]).reshape(-1, 2)


def _draw_matrix(graph: WeightedGraph, first: Bools, across: Bools, ax: "Axes") -> None:
    """Draw the matrix of weights with the first side before the second."""
    size, border = graph.num_vertices, int(first.sum())
    place = np.empty(size, dtype=np.int64)
    place[np.argsort(~first, kind="stable")] = np.arange(size)
    u, v = place[graph.heads], place[graph.tails]
    for label, members, color, _ in _kinds(graph, across):
        ax.scatter(
            np.concatenate([u[members], v[members]]),
            np.concatenate([v[members], u[members]]),
            s=min(4.0, max(0.05, 2e4 / graph.num_edges)),
            c=style.BLUE if color == style.BLACK else color,
            marker="s",
            linewidths=0,
            label=label,
            rasterized=True,
        )
    sides = {"first side": (0, border), "second side": (border, size)}
    ticks = {
        f"{name}\n{end - start}": (start + end) / 2
        for name, (start, end) in sides.items()
        if end > start
    }
    ax.set(aspect="equal", xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    ax.set_xticks(list(ticks.values()), ticks.keys())
    ax.set_yticks(list(ticks.values()), ticks.keys(), rotation=90, va="center")
    ax.tick_params(length=0)
    ax.axhline(border - 0.5, color=style.BLACK, linewidth=0.8)
    ax.axvline(border - 0.5, color=style.BLACK, linewidth=0.8)
    if graph.num_edges == 0:
        return
    legend = ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=3, frameon=False)
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set(sizes=[40])
