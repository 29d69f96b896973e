"""The picture of a comparison: quality over time."""

from typing import TYPE_CHECKING, Any

from hopfield_opt.plot import style
from hopfield_opt.plot.networks import count_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# the first line is the widest: where lines coincide all of them are seen
LINES = ((style.BLUE, 3.6), (style.VERMILION, 2.4), (style.BLACK, 1.2))
STROKES = ("solid", "dashed", "dotted", "dashdot")
MARKERS = "osD^vPX*<>"
# the left end where a first answer was there at once: what a clock of milliseconds tells apart
EARLIEST = 1e-3


def comparison(comparison: Any, ax: "Axes | None" = None) -> "Axes":
    """Draw the quality of the answers over the time that was spent.

    Methods are step lines of the median best so far, baselines points at their end, bounds
    horizontal lines. With several problems the mean distance to the best value is drawn.

    Parameters
    ----------
    comparison : Comparison
        What `compare` returned.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Returns
    -------
    Axes
        The picture.
    """
    axes = style.axes(ax)
    end = comparison.time_limit
    lines = points = 0
    for curve in comparison.curves:
        if curve.kind == "relaxation":
            axes.axhline(curve.values[0], color=style.GREY, linewidth=1, label=curve.algorithm)
        elif curve.kind == "method":
            x = [max(t, EARLIEST) for t in curve.seconds]
            color, width = LINES[lines % len(LINES)]
            axes.step(
                [*x, max(end, x[-1])],
                [*curve.values, curve.values[-1]],
                where="post",
                color=color,
                linestyle=STROKES[lines // len(LINES) % len(STROKES)],
                linewidth=width,
                label=f"hopfield-opt {curve.algorithm}",
            )
            lines += 1
        else:
            axes.plot(
                [max(curve.seconds[-1], EARLIEST)],
                [curve.values[-1]],
                linestyle="none",
                marker=MARKERS[points % len(MARKERS)],
                color=style.ORANGE,
                markeredgecolor=style.BLACK,
                label=curve.algorithm,
            )
            points += 1
    _describe(axes, comparison)
    return axes


def _describe(axes: "Axes", comparison: Any) -> None:
    """Name the axes, and what is better."""
    problems = list(comparison.senses)
    runs = count_of(len(comparison.seeds), "run")
    axes.axvline(comparison.time_limit, color=style.GREY, linewidth=1, linestyle="dotted")
    axes.set_xscale("log")
    axes.set_xlabel("seconds; dotted: the limit")
    if len(problems) == 1:
        sense = comparison.senses[problems[0]]
        axes.set_ylabel(f"value ({'larger' if sense == 'maximize' else 'smaller'} is better)")
        axes.set_title(f"{problems[0]}: median of {runs}")
    else:
        axes.yaxis.set_major_formatter(lambda share, _: f"{share:.2%}")
        axes.set_ylabel("mean distance to the best value")
        axes.set_title(f"{len(problems)} problems: median of {runs}")
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize="small", frameon=False)
