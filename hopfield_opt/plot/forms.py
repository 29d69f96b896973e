"""The picture of a quadratic form: its matrix, sorted by the values of the variables."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def form(
    matrix: NDArray[np.float64], chosen: NDArray[np.bool_], value: float, ax: "Axes | None" = None
) -> "Axes":
    """Draw the matrix of a quadratic form with the chosen variables first.

    The entries in the block of the chosen ones, framed, are what the value adds up.

    Parameters
    ----------
    matrix : (n, n)
        The form.
    chosen : (n,) bool
        Which variables are 1.
    value : float
        The value, for the title.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> form(np.eye(3), np.array([True, False, True]), 2.0).get_title()
    '2 of 3 variables chosen, value 2'
    """
    axes = style.axes(ax)
    size, number = len(chosen), int(chosen.sum())
    axes.set_title(f"{number} of {size} variables chosen, value {value:g}")
    if size == 0:
        axes.set_axis_off()
        return axes
    order = np.argsort(~chosen, kind="stable")
    largest = float(np.abs(matrix).max()) or 1.0
    image = axes.imshow(
        matrix[np.ix_(order, order)], cmap="RdBu_r", vmin=-largest, vmax=largest, aspect="equal"
    )
    axes.figure.colorbar(image, ax=axes, label="entry", shrink=0.8)
    edges = np.array([0, number, number, 0, 0]) - 0.5
    axes.plot(edges, np.array([0, 0, number, number, 0]) - 0.5, color=style.BLACK, clip_on=False)
    blocks = {"chosen": (0, number), "not chosen": (number, size)}
    ticks = {
        f"{name}\n{end - start}": (start + end - 1) / 2
        for name, (start, end) in blocks.items()
        if end > start
    }
    axes.set_xticks(list(ticks.values()), ticks.keys())
    axes.set_yticks(list(ticks.values()), ticks.keys(), rotation=90, va="center")
    axes.tick_params(length=0)
    return axes
