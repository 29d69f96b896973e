"""The picture of an image before and after its restoration."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# the gap between the two images, as a share of the width
GAP = 0.08


def image(
    noisy: NDArray[Any], restored: NDArray[Any], levels: int, ax: "Axes | None" = None
) -> "Axes":
    """Draw a noisy image and, to the right of it, the restored one.

    Parameters
    ----------
    noisy, restored : (height, width)
        Numbers from 0, black, to levels - 1, white.
    levels : int
        How many there are.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> image(np.array([[0, 1], [0, 0]]), np.zeros((2, 2)), 2).get_title()
    'noisy and restored: 1 of 4 pixels changed'
    """
    axes = style.axes(ax)
    height, width = noisy.shape
    changed = int((np.round(noisy) != restored).sum())
    axes.set_title(f"noisy and restored: {changed} of {height * width} pixels changed")
    axes.set_axis_off()
    if noisy.size == 0:
        return axes
    start = width * (1 + GAP)
    for left, pixels in ((0.0, noisy), (start, restored)):
        extent = (left, left + width, float(height), 0.0)
        axes.imshow(
            pixels, cmap="gray", vmin=0, vmax=levels - 1, interpolation="nearest", extent=extent
        )
        frame = np.array([0, width, width, 0, 0]) + left
        axes.plot(frame, [0, 0, height, height, 0], color=style.GREY, linewidth=0.8)
    axes.set(xlim=(-0.02 * width, start + 1.02 * width), ylim=(1.02 * height, -0.02 * height))
    return axes
