"""The picture of a graph colouring."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.answers import colors_in
from hopfield_opt.border import as_float
from hopfield_opt.io.graphs import as_graph
from hopfield_opt.plot import style
from hopfield_opt.plot.networks import count_of, draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# eight colours that colour-blind eyes tell apart, then the same with other markers
COLORS = (style.BLUE, style.ORANGE, "#009E73", "#CC79A7", "#56B4E9", "#F0E442", style.VERMILION)
MARKERS = "osD^vp*hXP<>"


@style.needs_answer
def coloring(graph: Any, answer: Mapping[Hashable, int], ax: "Axes | None" = None) -> "Axes":
    """Draw a colouring of a graph; edges between vertices of the same colour stand out.

    Parameters
    ----------
    graph : anything that `io.as_graph` takes
        The graph.
    answer : mapping of vertices to integers
        The colours. After seven of them, the same colours come with another marker.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = coloring([(1, 2), (2, 3)], {1: 0, 2: 1, 3: 0})
    >>> axes.get_title()
    '2 colours'
    """
    own, given = as_graph(graph), colors_in(answer)
    ax = style.axes(ax)
    found = np.array([_color(given.get(label)) for label in own.labels], dtype=np.int64)
    vertices = [
        (
            f"colour {color}" if color >= 0 else "no colour",
            found == color,
            COLORS[color % len(COLORS)] if color >= 0 else style.BLACK,
            MARKERS[color // len(COLORS) % len(MARKERS)] if color >= 0 else "x",
        )
        for color in np.unique(found).tolist()
    ]
    same = (found[own.heads] == found[own.tails]) & (found[own.heads] >= 0)
    kinds = (
        ("different colours", ~same, style.GREY, "solid"),
        ("same colour", same, style.BLACK, "solid"),
    )
    draw(own, vertices, [kind for kind in kinds if kind[1].any()], ax)
    name = f"{own.name}: " if own.name else ""
    used = len(set(found[found >= 0].tolist()))
    wrong = f", {count_of(int(same.sum()), 'edge')} of one colour" if same.any() else ""
    ax.set_title(f"{name}{count_of(used, 'colour')}{wrong}")
    return ax


def _color(value: Any) -> int:
    """Return a colour, -1 for what is none."""
    number = as_float(value)
    return int(number) if number is not None and number in range(2**31) else -1
