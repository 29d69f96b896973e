"""The picture of queens on a board."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hopfield_opt.arrays import check_array
from hopfield_opt.errors import InputError, show
from hopfield_opt.plot import style
from hopfield_opt.plot.networks import count_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# beyond this squares are smaller than a dot
MAX_SIZE_CHEQUERED = 60
# beyond this rows and columns have no numbers
MAX_SIZE_NUMBERED = 20


def board(
    answer: Sequence[int], given: Iterable[tuple[int, int]] = (), ax: "Axes | None" = None
) -> "Axes":
    """Draw queens on a board; those that attack each other are joined by a line.

    Parameters
    ----------
    answer : sequence of int
        The column of the queen in each row.
    given : iterable of (row, column)
        Queens that stood already; they are drawn in black.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = board([1, 3, 0, 2])
    >>> axes.get_title()
    '4 queens'
    """
    ax = style.axes(ax)
    columns = check_array("answer", answer).astype(np.int64)
    if columns.ndim != 1:
        raise InputError(f"answer must list the column of each row, got {show(answer)}.")
    size = len(columns)
    if size <= MAX_SIZE_CHEQUERED:
        squares = np.add.outer(np.arange(size), np.arange(size)) % 2
        ax.imshow(squares, cmap="Greys", vmin=0, vmax=5, origin="upper")
    fixed = set(given)
    black = np.array([(row, c) in fixed for row, c in enumerate(columns.tolist())], dtype=bool)
    attacks = _attacks(columns)
    for first, second in attacks:
        ax.plot(columns[[first, second]], [first, second], color=style.VERMILION, linewidth=2)
    # a queen fills its square up to the size at which it would hide the lines
    points = min(24.0, max(2.0, 190.0 / size))
    for members, color in ((~black, style.BLUE), (black, style.BLACK)):
        rows = np.flatnonzero(members)
        if size <= MAX_SIZE_NUMBERED:
            for row in rows.tolist():
                ax.text(columns[row], row, "♛", color=color, ha="center", va="center", size=points)
        else:
            ax.scatter(
                columns[rows],
                rows,
                s=max(4.0, (240.0 / size) ** 2),
                c=color,
                linewidths=0,
                zorder=3,
            )
    ax.set(aspect="equal", xlim=(-0.5, size - 0.5), ylim=(size - 0.5, -0.5))
    step = 1 if size <= MAX_SIZE_NUMBERED else max(1, size // 10)
    ax.set_xticks(range(0, size, step))
    ax.set_yticks(range(0, size, step))
    ax.tick_params(length=0)
    wrong = f", {count_of(len(attacks), 'attack')}" if attacks else ""
    ax.set_title(f"{count_of(size, 'queen')}{wrong}")
    return ax


def _attacks(columns: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> list[tuple[int, int]]:
    """Return pairs of neighbouring queens (by row) on the same column or diagonal."""
    rows = np.arange(len(columns))
    pairs = []
    for line in (columns, columns - rows, columns + rows):
        order = np.lexsort((rows, line))
        same = np.flatnonzero(np.diff(line[order]) == 0)
        pairs += [(int(order[k]), int(order[k + 1])) for k in same]
    return sorted(set(pairs))
