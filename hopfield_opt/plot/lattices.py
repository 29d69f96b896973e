"""Pictures of states as lattices of spins, and of weights as a matrix."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import check_matrix, dense
from hopfield_opt.errors import InputError
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# the numbers of neurons can be read on lattices up to this side
MOST_NUMBERED = 12
MOST_STATES = 60
# the gap between two lattices, in sites
GAP = 1.0
COLUMNS = 5


def states(
    rows: ArrayLike,
    ax: "Axes | None" = None,
    *,
    shape: tuple[int, int] | None = None,
    labels: Sequence[str] | None = None,
    numbers: bool = False,
) -> "Axes":
    """Draw states side by side, each as a lattice: blue is +1, white is -1.

    Parameters
    ----------
    rows : (N,), (K, N) or (K, height, width) array
        States or patterns; what is above 0 counts as +1. At most 60.
    ax : Axes or None
        Where to draw; None makes a new figure.
    shape : (height, width), optional
        Of the lattice; as near to a square as N allows if None.
    labels : sequence of K str, optional
        Names above the lattices.
    numbers : bool
        Whether to write the number of each neuron into its site.

    Raises
    ------
    InputError
        If the shape does not fit, there are too many states, or other numbers of labels.

    Examples
    --------
    >>> axes = states([[1, 1, -1, -1], [1, -1, 1, -1]], labels=["rows", "columns"])
    >>> [text.get_text() for text in axes.texts]
    ['rows', 'columns']
    """
    given = np.atleast_2d(np.asarray(rows))
    if given.ndim == 3:  # pictures have a shape of their own
        shape = shape or (given.shape[1], given.shape[2])
        given = given.reshape(len(given), -1)
    count, size = given.shape
    height, width = nearest_square(size) if shape is None else shape
    if height * width != size:
        raise InputError(f"shape must have {size} sites, got {height} x {width}.")
    if count > MOST_STATES:
        raise InputError(f"rows must be at most {MOST_STATES} states, got {count}.")
    names = [""] * count if labels is None else list(labels)
    if len(names) != count:
        raise InputError(f"labels must be {count} names, got {len(names)}.")
    axes = style.axes(ax)
    high = height + GAP + (1.2 if labels is not None else 0.0)
    for k, (row, name) in enumerate(zip(given, names, strict=True)):
        left, top = (k % COLUMNS) * (width + GAP), (k // COLUMNS) * high
        _draw(row.reshape(height, width) > 0, left, top, numbers, axes)
        if name:
            axes.text(left + width / 2, top - 0.3, name, ha="center", va="bottom", fontsize="small")
    across = min(count, COLUMNS) * (width + GAP)
    down = math.ceil(count / COLUMNS) * high
    above = -1.7 if labels is not None else -0.5
    axes.set(xlim=(-0.5, across - GAP + 0.5), ylim=(down - GAP + 0.5, above), aspect="equal")
    axes.set_axis_off()
    return axes


def _draw(on: NDArray[Any], left: float, top: float, numbers: bool, axes: "Axes") -> None:
    from matplotlib.colors import ListedColormap

    height, width = on.shape
    axes.imshow(
        on,
        cmap=ListedColormap(["white", style.BLUE]),
        vmin=0,
        vmax=1,
        extent=(left, left + width, top + height, top),
        interpolation="nearest",
    )
    if max(height, width) <= 2 * MOST_NUMBERED:
        for x in range(width + 1):
            axes.plot([left + x] * 2, [top, top + height], color=style.GREY, linewidth=0.5)
        for y in range(height + 1):
            axes.plot([left, left + width], [top + y] * 2, color=style.GREY, linewidth=0.5)
    else:
        frame = np.array([0, width, width, 0, 0]) + left
        axes.plot(frame, np.array([0, 0, height, height, 0]) + top, color=style.GREY, linewidth=0.8)
    if numbers and max(height, width) <= MOST_NUMBERED:
        for k, (y, x) in enumerate(np.ndindex(height, width)):
            color = "white" if on[y, x] else style.BLACK
            place = (left + x + 0.5, top + y + 0.5)
            axes.text(*place, str(k), color=color, ha="center", va="center", fontsize=6)


def nearest_square(size: int) -> tuple[int, int]:
    """Return height and width nearest to a square."""
    height = next((h for h in range(math.isqrt(size), 0, -1) if size % h == 0), 1)
    return height, size // height


def weights(matrix: Any, ax: "Axes | None" = None) -> "Axes":
    """Draw a matrix of weights: blue pulls spins together, orange pushes them apart.

    Parameters
    ----------
    matrix : (N, N) array or sparse matrix, or a Hamiltonian or Network
        The weights.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Examples
    --------
    >>> weights([[0, 1], [1, 0]]).get_title()
    'weights of 2 spins'
    """
    from matplotlib.colors import LinearSegmentedColormap

    own = dense(check_matrix("matrix", getattr(matrix, "weights", matrix)))
    axes = style.axes(ax)
    largest = float(np.abs(own).max(initial=0.0)) or 1.0
    colors = LinearSegmentedColormap.from_list("pull", ["#B35900", "white", style.BLUE])
    picture = axes.imshow(own, cmap=colors, vmin=-largest, vmax=largest, interpolation="nearest")
    axes.figure.colorbar(picture, ax=axes, label="weight", shrink=0.8)
    axes.set(title=f"weights of {len(own)} spins", xlabel="from spin j", ylabel="to spin i")
    return axes
