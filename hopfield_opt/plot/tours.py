"""The picture of a tour: the cities where they lie, and the roads between them."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.answers import ordered_names
from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.io.cities import Cities
from hopfield_opt.io.city_tables import as_cities
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# beyond this names are too small to read
MAX_CITIES_NAMED = 60
# names of more characters stand below their city
MAX_NAME_INSIDE = 3


@style.needs_answer
def tour(
    cities: object, answer: Sequence[Hashable], cycle: bool = True, ax: "Axes | None" = None
) -> "Axes":
    """Draw a tour.

    Cities without coordinates are put where straight lines are nearly as long as the roads
    (classical scaling of the distances), those of a graph with missing roads on a circle in the
    order of the tour.

    Parameters
    ----------
    cities : anything that `io.as_cities` takes
        The cities.
    answer : sequence of cities
        The order.
    cycle : bool
        Whether the last one is followed by the first.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = tour([[0, 1, 2], [1, 0, 1], [2, 1, 0]], [0, 1, 2])
    >>> axes.get_title()
    'tour of 3 cities, length 4'
    """
    own, visited = as_cities(cities), ordered_names(answer, "cities")
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(8, 6), layout="constrained")
    index = own.index
    order = np.array([index[label] for label in visited if label in index], dtype=np.int64)
    places = _places(own, order)
    followers = np.roll(order, -1) if cycle else order[1:]
    steps = list(zip(order.tolist(), followers.tolist(), strict=False)) if len(order) > 1 else []
    ends = np.array(steps, dtype=np.intp).reshape(-1, 2)
    lengths = own.between(*ends.T)
    _draw_roads(places, steps, lengths, directed=not own.symmetric, ax=ax)
    _draw_cities(own, order, places, ax)
    ax.set_aspect("equal" if own.coordinates is not None else "auto")
    ax.margins(0.06)
    ax.set_axis_off()
    kind = "tour" if cycle else "path"
    name = f"{own.name}: " if own.name else ""
    cities_counted = f"{len(order)} {'city' if len(order) == 1 else 'cities'}"
    total = lengths[np.isfinite(lengths)].sum()
    ax.set_title(f"{name}{kind} of {cities_counted}, length {total:.10g}")
    return ax


def _draw_roads(
    places: FloatArray,
    steps: list[tuple[int, int]],
    lengths: FloatArray,
    directed: bool,
    ax: "Axes",
) -> None:
    """Draw the roads; those that do not exist are red and dashed."""
    from matplotlib.collections import LineCollection

    for there, color, line in ((True, style.BLUE, "solid"), (False, style.VERMILION, "dashed")):
        drawn = [step for step, d in zip(steps, lengths, strict=True) if np.isfinite(d) == there]
        if not drawn:
            continue
        segments = places[np.array(drawn)]
        label = None if there else f"no road: {len(drawn)}"
        lines = LineCollection(
            list(segments), colors=color, linestyles=line, linewidths=1.2, label=label, zorder=1
        )
        ax.add_collection(lines)
        if directed and len(places) <= MAX_CITIES_NAMED:
            ends, ways = segments[:, 0], segments[:, 1] - segments[:, 0]
            middle, arrow = ends + 0.55 * ways, 0.01 * ways
            for start, part in zip(middle, arrow, strict=True):
                ax.annotate(
                    "",
                    start + part,
                    start,
                    arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.2},
                )


def _draw_cities(cities: Cities, order: IntArray, places: FloatArray, ax: "Axes") -> None:
    """Draw the cities, the first one of the tour as a square, with names where there are few."""
    named = cities.size <= MAX_CITIES_NAMED
    visited = np.zeros(cities.size, dtype=bool)
    visited[order] = True
    first = np.zeros(cities.size, dtype=bool)
    first[order[:1]] = True
    size = 220 if named else max(3.0, 6000 / max(1, cities.size))
    kinds = (
        ("begins here", first, style.ORANGE, "s", 1.2),
        ("", visited & ~first, style.BLUE, "o", 1.0),
        ("not visited", ~visited, style.VERMILION, "X", 1.0),
    )
    for label, members, color, marker, scale in kinds:
        if members.any():
            ax.scatter(
                places[members, 0],
                places[members, 1],
                s=scale * (size if named or not first[members].all() else 40),
                c=color,
                marker=marker,
                edgecolors="white",
                linewidths=0.8 if named else 0.0,
                label=label or None,
                zorder=3,
                clip_on=False,
            )
    if named:
        _write_names(cities, first, places, ax)
    if cities.size:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3, frameon=False)


def _write_names(cities: Cities, first: NDArray[np.bool_], places: FloatArray, ax: "Axes") -> None:
    """Write the names of the cities, short ones inside of their marks."""
    for city, place, begins in zip(cities.labels, places, first, strict=True):
        inside = len(str(city)) <= MAX_NAME_INSIDE
        ax.annotate(
            str(city),
            place,
            xytext=(0, 0 if inside else -13),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8 if inside else 7,
            color="white" if inside and not begins else style.BLACK,
            zorder=5,
        )


def _places(cities: Cities, order: IntArray) -> FloatArray:
    """Return where the cities are drawn, the same in every call."""
    if cities.coordinates is not None:
        return cities.coordinates
    if cities.size > 2 and cities.complete:
        squares = ((cities.distances + cities.distances.T) / 2) ** 2
        # minus half of the squares with centred rows and columns: the scalar products
        centred = squares - squares.mean(axis=0)
        products = -0.5 * (centred - centred.mean(axis=1)[:, None])
        values, vectors = np.linalg.eigh(products)
        return np.asarray(vectors[:, -2:] * np.sqrt(np.clip(values[-2:], 0.0, None)))
    rank = np.arange(cities.size)
    rest = np.setdiff1d(rank, order)
    rank[np.concatenate([order, rest]).astype(np.int64)] = np.arange(cities.size)
    angles = np.pi / 2 - 2 * np.pi * rank / max(1, cities.size)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)
