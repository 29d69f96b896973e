"""The picture of a number partition: two bars of numbers laid end to end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# numbers of so many characters are written into their piece, where it is wide enough
LONGEST_NAME = 7
# the share of the width that a character of such a name takes
CHARACTER = 0.012


def partition(numbers: Sequence[int], signs: NDArray[np.int8], ax: "Axes | None" = None) -> "Axes":
    """Draw the two parts of a partition as bars, each number a piece as long as its size.

    Parameters
    ----------
    numbers : sequence of int
        The numbers.
    signs : (n,) int8
        +1 for the first part, -1 for the second, 0 for none.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> partition([4, 5, 8], np.array([1, 1, -1])).get_title()
    'sums 9 and 8, difference 1'
    """
    axes = style.axes(ax)
    parts = [[a for a, s in zip(numbers, signs.tolist(), strict=True) if s == k] for k in (1, -1)]
    width = max((sum(map(abs, part)) for part in parts), default=0) or 1
    for row, (part, color) in enumerate(zip(parts, (style.BLUE, style.ORANGE), strict=True)):
        pieces = sorted(part, key=abs, reverse=True)
        lengths = np.array([float(abs(a)) for a in pieces])
        starts = np.cumsum(lengths) - lengths
        axes.barh([row] * len(pieces), lengths, 0.7, starts, color=color, edgecolor="white")
        for number, length, start in zip(pieces, lengths, starts, strict=True):
            name = str(number)
            if len(name) <= LONGEST_NAME and length >= CHARACTER * len(name) * width:
                ink = "white" if color == style.BLUE else style.BLACK
                place = start + length / 2
                axes.text(place, row, name, ha="center", va="center", color=ink, fontsize=8)
    first, second = (sum(part) for part in parts)
    axes.set_title(f"sums {first} and {second}, difference {abs(first - second)}")
    axes.set_yticks([0, 1], [f"first part\n{len(parts[0])}", f"second part\n{len(parts[1])}"])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set(xlabel="size, added up", xlim=(0, 1.02 * width))
    axes.spines[["top", "right", "left"]].set_visible(False)
    return axes
