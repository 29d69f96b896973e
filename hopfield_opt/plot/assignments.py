"""The picture of an assignment: which pairs of locations pay how much."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hopfield_opt.arrays import FloatArray, check_array
from hopfield_opt.io.qaplib import Assignments
from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# beyond this the names of facilities are too small to read
MAX_NAMED = 40


@style.needs_answer
def assignment(data: Assignments, answer: Sequence[int], ax: "Axes | None" = None) -> "Axes":
    """Draw what each pair of locations costs: the flow between their facilities times distance.

    Locations are sorted so that near ones mostly stand side by side; dark squares are where to
    look for something better.

    Parameters
    ----------
    data : Assignments
        The instance.
    answer : sequence of int
        The number of the location of each facility.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Examples
    --------
    >>> axes = assignment(Assignments([[0, 3], [3, 0]], [[0, 5], [5, 0]]), [1, 0])
    >>> axes.get_title()
    '2 facilities, cost 30'
    """
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(7, 6), layout="constrained")
    places = check_array("answer", answer, (data.size,)).astype(np.int64) - data.first
    at = np.argsort(places, kind="stable")  # the facility of each location
    order = _line(data.distances)
    costs = (data.flows[np.ix_(at, at)] * data.distances)[np.ix_(order, order)]
    if data.size:
        image = ax.imshow(costs, cmap="Blues", interpolation="nearest")
        ax.figure.colorbar(image, ax=ax, label="flow times distance")
    if data.size <= MAX_NAMED:
        locations, facilities = data.location_names, data.facility_names
        names = [str(locations[k]) for k in order]
        ax.set_xticks(range(data.size), names, fontsize=7)
        pairs = [f"{facilities[at[k]]} at {locations[k]}" for k in order]
        ax.set_yticks(range(data.size), pairs, fontsize=7)
    ax.set(xlabel="location", ylabel="facility at location")
    total = costs.sum() + data.costs[np.arange(data.size), places].sum()
    name = f"{data.name}: " if data.name else ""
    counted = f"{data.size} {'facility' if data.size == 1 else 'facilities'}"
    ax.set_title(f"{name}{counted}, cost {total:.10g}", color=style.BLACK)
    return ax


def _line(distances: FloatArray) -> list[int]:
    """Return the locations in an order in which near ones stand side by side."""
    if len(distances) < 3:
        return list(range(len(distances)))
    near = -(distances + distances.T) / 2
    centred = near - near.mean(axis=0)
    _, vectors = np.linalg.eigh(centred - centred.mean(axis=1)[:, None])
    return [int(k) for k in np.argsort(vectors[:, -1], kind="stable")]
