"""The pictures of chosen vertices and of chosen edges of a graph."""

from collections.abc import Collection, Hashable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.answers import distinct_names, pairs_in
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.io.weighted_graph import WeightedGraph
from hopfield_opt.plot import style
from hopfield_opt.plot.networks import MAX_EDGES_DRAWN, count_of, draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@style.needs_answer
def vertex_set(graph: Any, answer: Iterable[Hashable], ax: "Axes | None" = None) -> "Axes":
    """Draw a graph with some vertices marked, and the edges among them.

    An independent set has no edges inside, a clique all of them; edges between vertices that
    are not chosen are what a vertex cover misses.

    Parameters
    ----------
    graph : anything that `io.as_graph` takes
        The graph.
    answer : collection of vertices
        The chosen ones.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = vertex_set([(1, 2), (2, 3)], {1, 3})
    >>> axes.get_title()
    '2 of 3 vertices'
    """
    own, members = as_graph(graph), set(distinct_names(answer, "vertices"))
    ax = style.axes(ax)
    chosen = np.array([label in members for label in own.labels], dtype=bool)
    ends = chosen[own.heads].astype(int) + chosen[own.tails]
    kinds = (
        ("none chosen", ends == 0, style.GREY, "dotted"),
        ("one end chosen", ends == 1, style.GREY, "solid"),
        ("both ends chosen", ends == 2, style.VERMILION, "solid"),
    )
    vertices = (("chosen", chosen, style.BLUE, "o"), ("not chosen", ~chosen, style.ORANGE, "s"))
    draw(own, vertices, [kind for kind in kinds if kind[1].any()], ax)
    name = f"{own.name}: " if own.name else ""
    ax.set_title(f"{name}{int(chosen.sum())} of {count_of(len(chosen), 'vertex', 'vertices')}")
    return ax


@style.needs_answer
def matching(
    graph: Any, answer: Collection[Collection[Hashable]], ax: "Axes | None" = None
) -> "Axes":
    """Draw a graph with the edges of a matching marked.

    Where there are too many edges, only those of the matching are drawn.

    Parameters
    ----------
    graph : anything that `io.as_graph` takes
        The graph.
    answer : collection of pairs of vertices
        The matching.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = matching([(1, 2, 5), (2, 3, 4)], {(1, 2)})
    >>> axes.get_title()
    'matching of 1 edge, weight 5'
    """
    own = as_graph(graph)
    ax = style.axes(ax)
    pairs = set(map(frozenset, pairs_in(answer, "vertices")))
    ends = zip(own.heads.tolist(), own.tails.tolist(), strict=True)
    taken = np.array([{own.labels[u], own.labels[v]} in pairs for u, v in ends], dtype=bool)
    if own.num_edges > MAX_EDGES_DRAWN:
        ends_taken = own.heads[taken], own.tails[taken]
        own = WeightedGraph(own.labels, *ends_taken, own.weights[taken], own.name)
        taken = np.ones(own.num_edges, dtype=bool)
    inside = frozenset().union(*pairs)
    matched = np.array([label in inside for label in own.labels], dtype=bool)
    kinds = (
        ("left out", ~taken, style.GREY, "solid"),
        ("matching", taken, style.VERMILION, "solid"),
    )
    vertices = (("matched", matched, style.BLUE, "o"), ("alone", ~matched, style.ORANGE, "s"))
    draw(own, vertices, [kind for kind in kinds if kind[1].any()], ax)
    name = f"{own.name}: " if own.name else ""
    weight = float(own.weights[taken].sum())
    ax.set_title(f"{name}matching of {count_of(int(taken.sum()), 'edge')}, weight {weight:g}")
    return ax
