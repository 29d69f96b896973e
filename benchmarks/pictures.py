"""The pictures of the page."""

from importlib import import_module
from itertools import cycle
from typing import Any

import numpy as np

from benchmarks.base import OURS, Row, groups

# colours that the colour-blind tell apart (Okabe and Ito)
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKS = "os^DvPX<>"
# gaps below are drawn at the bottom
LEAST_GAP = 0.003
GAP_MARKS = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
PANELS = 3


def new(rows: int, columns: int, width: float, height: float) -> tuple[Any, Any]:
    """Return a figure and its panels in one list."""
    import_module("matplotlib").use("Agg")
    plt: Any = import_module("matplotlib.pyplot")
    size = (width * columns, height * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    return figure, axes.ravel()


def curves(rows: list[Row]) -> Any:
    """Draw median gaps over time, a panel for each instance."""
    blocks = groups(rows, "problem", "instance")
    figure, axes = new(-(-len(blocks) // PANELS), PANELS, 3.6, 2.7)
    sides = [side for (side,) in groups(rows, "side")]
    others = [side for side in sides if side != OURS]
    styles = {OURS: {"color": COLORS[0], "marker": MARKS[0], "ls": "-", "zorder": 3}}
    # more marks than colours: together they tell all sides apart
    for side, color, mark in zip(others, cycle(COLORS[1:]), cycle(MARKS[1:]), strict=False):
        styles[side] = {"color": color, "marker": mark, "ls": "--"}
    for ax, ((problem, instance), block) in zip(axes, blocks.items(), strict=False):
        ax.set_title(f"{problem} {instance}", fontsize="medium")
        panel(ax, block, styles)
    for ax in axes[len(blocks) :]:
        ax.axis("off")
    figure.supxlabel("seconds", fontsize="medium")
    figure.supylabel("median gap, %", fontsize="medium")
    lines = {line.get_label(): line for ax in axes for line in ax.get_lines()}
    shown = [side for side in styles if side in lines]
    place = {"loc": "outside upper center", "ncols": 4, "frameon": False}
    figure.legend([lines[side] for side in shown], shown, **place)
    return figure


def panel(ax: Any, rows: list[Row], styles: dict[str, dict[str, Any]]) -> None:
    """Draw the gaps on one instance."""
    for (side,), own in groups(rows, "side").items():
        times = [row["budget"] or float(np.median(row["cpu"])) for row in own]
        gaps = [float(np.median(row["gaps"])) for row in own]
        ax.plot(times, np.maximum(gaps, LEAST_GAP), label=side, ms=4.5, lw=1.4, **styles[side])
    ax.set(xscale="log", yscale="log")
    ax.set_ylim(bottom=0.7 * LEAST_GAP, top=max(0.1, 1.3 * ax.get_ylim()[1]))
    ax.grid(alpha=0.3)
    budgets = sorted({row["budget"] for row in rows} - {0.0})
    ax.set_xticks(budgets, [f"{budget:g}" for budget in budgets])
    marks = [mark for mark in GAP_MARKS if mark < ax.get_ylim()[1]]
    ax.set_yticks([LEAST_GAP, *marks], ["0", *(f"{mark:g}" for mark in marks)])
    ax.minorticks_off()


def bars(rows: list[Row]) -> Any:
    """Draw nanoseconds an update, a group of bars for each network."""
    names = [row["network"] for row in rows]
    sides = list(rows[0]["ns"])
    figure, (ax,) = new(1, 1, 8.0, 0.42 * len(rows) + 1.2)
    places, height = np.arange(len(rows)), 0.8 / len(sides)
    for k, side in enumerate(sides):
        ns = [float(np.median(row["ns"][side])) for row in rows]
        ax.barh(places + (k - 1) * height, ns, height, color=COLORS[k], label=side)
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.set(xscale="log", xlabel="nanoseconds of CPU time an update", xlim=(0.1, None))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.margins(y=0.02)
    ax.grid(axis="x", alpha=0.3)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return figure


def growth(rows: list[Row]) -> Any:
    """Draw nanoseconds an update over the number of spins, a line for each kind of network."""
    figure, (ax,) = new(1, 1, 7.0, 4.2)
    styles = zip(cycle(COLORS), cycle(MARKS), strict=False)
    for ((kind, replicas), own), (color, mark) in zip(
        groups(rows, "network", "replicas").items(), styles, strict=False
    ):
        found = sorted((row["spins"], row["ns"]) for row in own)
        ax.plot(*zip(*found, strict=True), color=color, marker=mark, label=f"{kind} x {replicas}")
    ax.set(xscale="log", yscale="log", xlabel="spins", ylabel="nanoseconds of CPU time an update")
    ax.grid(alpha=0.3)
    ax.legend(fontsize="small")
    return figure
