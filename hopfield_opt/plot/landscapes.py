"""The picture of an energy landscape: all states, sorted into wells."""

from typing import TYPE_CHECKING

import numpy as np

from hopfield_opt.physics.landscapes import Landscape
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHADES = (style.BLUE, style.ORANGE)
# more wells than this are not named
MOST_NAMED = 12
# of all states: what a well must hold for its name to lie
LEAST_SHARE = 0.15
# of all states: what must lie between two names that stand upright
LEAST_GAP = 0.06


def landscape(wells: Landscape, ax: "Axes | None" = None) -> "Axes":
    """Draw the energies of all states, well by well; bottoms have marks and, with room, codes.

    Parameters
    ----------
    wells : Landscape
        From `physics.landscapes.landscape`.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Examples
    --------
    >>> from hopfield_opt.physics.landscapes import landscape as sort_states
    >>> landscape(sort_states([-1.0, 1.0, 1.0, -1.0])).get_title()
    '4 states in 2 wells'
    """
    axes = style.axes(ax)
    places = np.arange(len(wells.codes))
    axes.plot(places, wells.energies, color=style.GREY, linewidth=0.8, zorder=1)
    for k in range(wells.num_wells):
        inside = wells.wells == k
        axes.scatter(places[inside], wells.energies[inside], s=5, color=SHADES[k % 2], zorder=2)
    span = float(np.ptp(wells.energies)) or 1.0
    narrowest = int(np.bincount(wells.wells).min(initial=len(places)))
    # names of neighbours would run together where wells are narrow: they stand upright
    upright = narrowest < LEAST_SHARE * len(places)
    named = -len(places)
    for k, codes in enumerate(wells.bottoms):
        at = np.flatnonzero(np.isin(wells.codes, codes))
        axes.scatter(at, wells.energies[at], s=40, marker="v", color=style.BLACK, zorder=3)
        if wells.num_wells <= MOST_NAMED and at.mean() - named >= LEAST_GAP * len(places):
            named = at.mean()
            where = (float(at.mean()), float(wells.energies[at].min()) - 0.04 * span)
            name = str(codes[0]) if len(codes) == 1 else f"{codes[0]} and {len(codes) - 1} more"
            axes.text(
                *where,
                name,
                ha="center",
                va="top",
                fontsize="small",
                clip_on=False,
                rotation=90 if upright else 0,
            )
        if k:
            border = int(np.argmax(wells.wells == k)) - 0.5
            axes.axvline(border, color=style.GREY, linewidth=0.8, linestyle="dotted", zorder=0)
    well = "well" if wells.num_wells == 1 else "wells"
    axes.set(
        title=f"{len(places)} states in {wells.num_wells} {well}",
        xlabel="states, sorted within each well; the mark is its bottom",
        ylabel="energy",
    )
    axes.margins(y=0.2 if upright else 0.12)
    return axes
