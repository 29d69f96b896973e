"""Pictures of choices: what a knapsack takes, and which sets cover which elements."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from hopfield_opt.io.knapsack import Items
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# an incidence of so many points is drawn with small ones
MANY = 2000


def knapsack(items: Items, counts: NDArray[np.int64], ax: "Axes | None" = None) -> "Axes":
    """Draw the value of each item against its weight, taken ones apart from those left.

    With several capacities the weights are added up as shares of them, in percent.

    Parameters
    ----------
    items : Items
        Values, weights and capacities.
    counts : (n,) int64
        How many of each item are taken; numbers above one are written beside it.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> items = Items(np.array([3.0, 4.0]), np.array([[2.0], [5.0]]), np.array([6.0]))
    >>> knapsack(items, np.array([1, 0])).get_title()
    'value 3, weight 2 of 6'
    """
    axes = style.axes(ax)
    loads = items.weights.T @ counts
    several = len(loads) != 1
    limits = np.where(items.capacities > 0, items.capacities, 1.0)
    x = 100 * (items.weights / limits).sum(axis=1) if several else items.weights[:, 0]
    taken = counts > 0
    kinds = (("left", ~taken, style.GREY, "s"), ("taken", taken, style.BLUE, "o"))
    for name, members, color, marker in kinds:
        label = f"{name}: {int(counts[members].sum()) if name == 'taken' else members.sum()}"
        axes.scatter(
            x[members],
            items.values[members],
            c=color,
            marker=marker,
            s=36,
            label=label,
            edgecolors="white",
            linewidths=0.5,
        )
    for item in np.flatnonzero(counts > 1).tolist():
        axes.annotate(
            f"{counts[item]}",
            (x[item], items.values[item]),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=8,
        )
    used = ", ".join(f"{a:g} of {b:g}" for a, b in zip(loads[:3], items.capacities, strict=False))
    axes.set_title(f"value {items.values @ counts:g}, weight {used}{', ...' * (len(loads) > 3)}")
    axes.set(xlabel="weights in percent of the capacities, added up" if several else "weight")
    axes.set(ylabel="value")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False)
    return axes


def cover(
    incidence: csr_array, chosen: NDArray[np.bool_], weight: float, ax: "Axes | None" = None
) -> "Axes":
    """Draw which sets hold which elements, the chosen sets first and in colour.

    Elements in no chosen set are marked by a line.

    Parameters
    ----------
    incidence : (m, n) sparse matrix
        Which of n sets hold which of m elements.
    chosen : (n,) bool
        The sets that are chosen.
    weight : float
        Their weight, for the title.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> cover(csr_array([[1, 0], [1, 1]]), np.array([True, False]), 2.5).get_title()
    '1 of 2 sets, weight 2.5: 2 of 2 elements covered'
    """
    axes = style.axes(ax)
    entries = coo_array(incidence)
    place = np.empty(len(chosen), dtype=np.int64)
    place[np.argsort(~chosen, kind="stable")] = np.arange(len(chosen))
    rows, columns = entries.coords
    size = 4.0 if len(rows) > MANY else 20.0
    for name, members, color in (
        ("other sets", ~chosen[columns], style.GREY),
        ("chosen sets", chosen[columns], style.BLUE),
    ):
        axes.scatter(
            place[columns[members]],
            rows[members],
            s=size,
            c=color,
            marker="s",
            linewidths=0,
            label=name,
            rasterized=True,
        )
    covered = np.asarray(incidence @ chosen.astype(np.float64)) > 0
    _mark(axes, np.flatnonzero(~covered).tolist())
    axes.set_title(
        f"{int(chosen.sum())} of {len(chosen)} sets, weight {weight:g}: "
        f"{int(covered.sum())} of {len(covered)} elements covered"
    )
    axes.axvline(int(chosen.sum()) - 0.5, color=style.BLACK, linewidth=0.8)
    axes.set(xlabel="sets, the chosen ones first", ylabel="elements")
    axes.locator_params(integer=True)
    axes.set(xlim=(-0.7, len(chosen) - 0.3), ylim=(len(covered) - 0.3, -0.7))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=3, frameon=False)
    return axes


def _mark(axes: "Axes", rows: list[int]) -> None:
    """Draw a line through each element that is not covered."""
    for number, row in enumerate(rows):
        label = None if number else "not covered"
        axes.axhline(row, color=style.VERMILION, linewidth=1.2, label=label)
