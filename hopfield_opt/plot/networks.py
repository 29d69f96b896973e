"""Pictures of graphs: vertices and edges in groups, or the matrix of a large graph."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bools = NDArray[np.bool_]
# a name, the members, their colour, and their marker (vertices) or line (edges)
Group = tuple[str, Bools, str, str]

# beyond this a drawing of vertices and edges is a ball of wool
MAX_VERTICES_DRAWN = 200
MAX_EDGES_DRAWN = 600
# beyond this names are too small to read, and the careful layout takes long
MAX_VERTICES_NAMED = 60
# names of more characters stand below their vertex
MAX_NAME_INSIDE = 3
# beyond this a legend hides the picture
MAX_GROUPS_NAMED = 12
# a narrower block has no room for its name
LEAST_SHARE_NAMED = 0.04


def draw(
    graph: WeightedGraph, vertices: Sequence[Group], edges: Sequence[Group], ax: "Axes"
) -> None:
    """Draw a small graph with its vertices and edges, a large one as the matrix of its edges.

    Parameters
    ----------
    graph : WeightedGraph
        The graph.
    vertices, edges : sequence of (name, members, colour, marker or line)
        The groups, each vertex and each edge in one of them. In a matrix the vertices stand
        group by group.
    ax : Axes
        Where to draw.
    """
    if graph.num_vertices <= MAX_VERTICES_DRAWN and graph.num_edges <= MAX_EDGES_DRAWN:
        _draw_network(graph, vertices, edges, ax)
    else:
        _draw_matrix(graph, vertices, edges, ax)


def count_of(count: int, noun: str, plural: str = "") -> str:
    """Return a number of things in words.

    Examples
    --------
    >>> count_of(1, "edge"), count_of(2, "vertex", "vertices")
    ('1 edge', '2 vertices')
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def _draw_network(
    graph: WeightedGraph, vertices: Sequence[Group], edges: Sequence[Group], ax: "Axes"
) -> None:
    """Draw vertices and edges."""
    from matplotlib.collections import LineCollection

    points = _places(graph)
    sizes = np.abs(graph.weights)
    # thin lines where there are many, wider ones for larger weights
    scale = 0.6 if graph.num_edges > MAX_EDGES_DRAWN // 3 else 1.0
    widths = scale * (0.4 + 1.6 * sizes / (sizes.max(initial=0) or 1.0))
    segments = points[np.stack([graph.heads, graph.tails], axis=1)]
    for order, (name, members, color, line) in enumerate(edges):
        lines = LineCollection(
            list(segments[members]),
            linewidths=widths[members],
            colors=color,
            linestyles=line,
            zorder=order,
            label=f"{name}: {count_of(int(members.sum()), 'edge')}",
        )
        ax.add_collection(lines)
    named = graph.num_vertices <= MAX_VERTICES_NAMED
    for name, members, color, marker in vertices:
        ax.scatter(
            points[members, 0],
            points[members, 1],
            s=220 if named else 40,
            c=color,
            marker=marker,
            edgecolors=None if marker == "x" else "white",
            linewidths=1.0,
            zorder=len(edges) + 2,
            label=f"{name}: {count_of(int(members.sum()), 'vertex', 'vertices')}",
        )
    if named:
        _draw_names(graph, vertices, points, ax)
    if len(vertices) <= MAX_GROUPS_NAMED:
        # three names of some length are as much as a picture is wide
        columns = 2 if len(vertices) <= 4 else 3
        look = {"ncols": columns, "frameon": False, "fontsize": "small"}
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), **look)
    ax.margins(0.06)
    ax.set_axis_off()


def _draw_names(
    graph: WeightedGraph, vertices: Sequence[Group], points: NDArray[np.float64], ax: "Axes"
) -> None:
    """Write the names of the vertices into them, or below them where one is long."""
    from matplotlib.colors import to_rgb

    dark = np.zeros(graph.num_vertices, dtype=bool)
    for _, members, color, _ in vertices:
        # the brightness that eyes see
        dark[members] = np.dot(to_rgb(color), (0.3, 0.59, 0.11)) < 0.5
    names = [str(label) for label in graph.labels]
    inside = max(map(len, names), default=0) <= MAX_NAME_INSIDE
    for name, point, on_dark in zip(names, points, dark, strict=True):
        ax.annotate(
            name,
            point,
            xytext=(0, 0 if inside else -13),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8 if inside else 7,
            color="white" if inside and on_dark else style.BLACK,
            zorder=100,
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


def _draw_matrix(
    graph: WeightedGraph, vertices: Sequence[Group], edges: Sequence[Group], ax: "Axes"
) -> None:
    """Draw the matrix of weights, the vertices group by group."""
    size = graph.num_vertices
    place = np.empty(size, dtype=np.int64)
    place[np.concatenate([np.flatnonzero(members) for _, members, *_ in vertices])] = np.arange(
        size
    )
    u, v = place[graph.heads], place[graph.tails]
    for name, members, color, _ in edges:
        ax.scatter(
            np.concatenate([u[members], v[members]]),
            np.concatenate([v[members], u[members]]),
            s=min(4.0, max(0.05, 2e4 / graph.num_edges)),
            c=style.BLUE if color == style.BLACK else color,
            marker="s",
            linewidths=0,
            label=f"{name}: {count_of(int(members.sum()), 'edge')}",
            rasterized=True,
        )
    _name_blocks(size, vertices, ax)
    if graph.num_edges == 0:
        return
    legend = ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=3, frameon=False)
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set(sizes=[40])


def _name_blocks(size: int, vertices: Sequence[Group], ax: "Axes") -> None:
    """Draw the borders of the groups of vertices, and how many they hold; name them if few."""
    ends = np.cumsum([int(members.sum()) for _, members, *_ in vertices]).tolist()
    starts = [0, *ends[:-1]]
    few = len(vertices) <= 2
    shown = [
        (f"{name}\n{end - start}" if few else f"{end - start}", (start + end) / 2)
        for (name, *_), start, end in zip(vertices, starts, ends, strict=True)
        if end - start > (LEAST_SHARE_NAMED * size if len(vertices) > 2 else 0)
    ]
    names, centres = [name for name, _ in shown], [centre for _, centre in shown]
    ax.set(aspect="equal", xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    ax.set_xticks(centres, names)
    ax.set_yticks(centres, names, rotation=90, va="center")
    ax.tick_params(length=0)
    for border in ends[:-1]:
        ax.axhline(border - 0.5, color=style.BLACK, linewidth=0.8)
        ax.axvline(border - 0.5, color=style.BLACK, linewidth=0.8)
