"""The picture of a gap that closes: the best value and the best bound over time."""

from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.errors import InputError
from hopfield_opt.plot import style
from hopfield_opt.trace import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def gap(result: Any, ax: "Axes | None" = None) -> "Axes":
    """Draw the best value so far and the best bound so far over the seconds of a run.

    Parameters
    ----------
    result : Result
        What `solve` returned.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.

    Raises
    ------
    InputError
        If it is no result of `solve`.

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> result = ho.solve(ho.problems.SetCover.random(30, 20, seed=2), seed=0)
    >>> [line.get_label() for line in gap(result).lines]
    ['value', 'bound']
    """
    trace = getattr(result, "trace", None)
    if not isinstance(trace, Trace):
        raise InputError(
            f"result must come from solve, got {type(result).__name__}. "
            "Draw what run recorded with plot.trajectory."
        )
    axes = style.axes(ax)
    end = float(result.seconds["total"])
    curves = (
        ("value", trace.seconds, trace.value, style.BLUE, "solid"),
        ("bound", trace.bound_seconds, trace.bound, style.VERMILION, "dashed"),
    )
    for name, seconds, values, color, stroke in curves:
        there = np.isfinite(values)
        x, y = seconds[there], values[there]
        if name == "bound" and result.bound is not None and result.bound not in y[-1:]:
            # what a search has proven at its end
            x, y = np.append(x, end), np.append(y, result.bound)
        if len(y):
            axes.step(
                np.append(x, max(end, x[-1])),
                np.append(y, y[-1]),
                where="post",
                color=color,
                linestyle=stroke,
                label=name,
            )
    text = "unknown" if result.gap is None else f"{result.gap:.2%}"
    axes.set(xlabel="seconds", ylabel=f"value ({result.sense})", title=f"gap {text}")
    axes.legend(loc="best", frameon=True, framealpha=0.9, fontsize="small")
    axes.grid(color=style.GREY, alpha=0.4, linewidth=0.6)
    return axes
