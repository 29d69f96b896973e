"""The picture of a cut: two sides, and the edges between them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.answers import two_sets
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import Sides, WeightedGraph
from hopfield_opt.plot import style
from hopfield_opt.plot.networks import count_of, draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Bools = NDArray[np.bool_]


@style.needs_answer
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
    one_side, _ = two_sets(answer, "vertices")
    ax = style.axes(ax)
    first = np.array([label in one_side for label in graph.labels], dtype=bool)
    across = first[graph.heads] != first[graph.tails]
    sides = (("first side", first, style.BLUE, "o"), ("second side", ~first, style.ORANGE, "s"))
    draw(graph, sides, tuple(_kinds(graph, across)), ax)
    weight = float(graph.weights[across].sum())
    name = f"{graph.name}: " if graph.name else ""
    ax.set_title(f"{name}cut of {count_of(int(across.sum()), 'edge')}, weight {weight:g}")
    return ax


def _kinds(graph: WeightedGraph, across: Bools) -> Iterator[tuple[str, Bools, str, str]]:
    """Yield legend, members, colour and line style of the kinds of edges that there are."""
    kinds = (
        ("inside a side", ~across, style.GREY, "solid"),
        ("cut", across & (graph.weights >= 0), style.BLACK, "solid"),
        ("cut, negative weight", across & (graph.weights < 0), style.VERMILION, "dashed"),
    )
    for label, members, color, line in kinds:
        if members.any():
            yield label, members, color, line
