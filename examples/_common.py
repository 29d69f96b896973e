"""What the example scripts share: options, letters, progress, and how a picture is saved."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from hopfield_opt.io import patterns
from hopfield_opt.plot.style import BLACK, BLUE, GREY, ORANGE, VERMILION

NAMES = ("H", "X", "#")
"""The letters in letters.txt."""
GREEN, PINK, SKY = "#009E73", "#CC79A7", "#56B4E9"
MARKERS = "os^Dvx+"
plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=(BLUE, ORANGE, GREEN, VERMILION, PINK, SKY, BLACK)),
        "font.size": 11,
    }
)


def arguments(doc: str | None, file: str) -> argparse.Namespace:
    """Return the options of a script, which hands over its `__doc__` and `__file__`."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    name = Path(file).with_suffix(".png").name
    parser.add_argument("--output", default=name, help=f"where the picture goes ({name})")
    parser.add_argument("--dpi", type=int, default=120, help="dots per inch of the picture (120)")
    parser.add_argument("--quick", action="store_true", help="a few seconds, smaller sizes")
    return parser.parse_args()


def letters() -> NDArray[np.int8]:
    """Return H, X and # on 10 x 10 neurons, as rows of -1 and +1."""
    return patterns.read(Path(__file__).with_name("letters.txt")).reshape(3, 100)


def alphabet(count: int = 7) -> NDArray[np.int8]:
    """Return the letters A, B, ... G (count, 8, 8) of -1 and +1; each has 32 pixels on."""
    return patterns.read(Path(__file__).with_name("alphabet.txt"))[:count]


def progress(items: Iterable[Any], what: str) -> Iterable[Any]:
    """Return the items one by one, with a bar on a terminal."""
    console = Console(stderr=True)
    # an older rich ends a bar that is disabled with an empty line
    return track(list(items), what, console=console) if console.is_terminal else items


def strip(grids: Any, ax: Axes, labels: Iterable[str], name: str = "") -> None:
    """Draw lattices (K, height, width) of values from -1, white, to +1, blue, in a row."""
    values = np.asarray(grids, dtype=float)
    colors = matplotlib.colors.LinearSegmentedColormap.from_list("on", ["white", BLUE])
    _, height, width = values.shape
    for k, (grid, label) in enumerate(zip(values, labels, strict=True)):
        left = 1.25 * k * width
        frame = (left, left + width, height, 0)
        ax.imshow(grid, cmap=colors, vmin=-1, vmax=1, extent=frame, interpolation="nearest")
        edge = np.array([0, 1, 1, 0, 0]) * width + left
        ax.plot(edge, np.array([0, 0, 1, 1, 0]) * height, color=GREY, linewidth=0.8)
        ax.text(left + width / 2, -0.06 * height, label, ha="center", va="bottom")
    ax.text(-0.15 * width, height / 2, name, ha="right", va="center")
    right = (1.25 * len(values) - 0.2) * width
    ax.set(xlim=(-0.05 * width, right), ylim=(1.02 * height, -0.3 * height))
    ax.set_axis_off()


def curve_axes(*axes: Axes) -> None:
    """Give axes with curves a light grid and, where curves have names, a legend."""
    for ax in axes:
        ax.grid(color=GREY, alpha=0.4, linewidth=0.6)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(fontsize="small")


def save(figure: Figure, options: argparse.Namespace) -> None:
    """Write the picture and say where."""
    figure.savefig(options.output, dpi=options.dpi, bbox_inches="tight")
    print(f"picture: {options.output}")
