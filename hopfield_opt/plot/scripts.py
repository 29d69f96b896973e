"""What a script that draws a picture shares with others: options, style, progress, saving.

The examples use it, and so can scripts of your own; nothing here changes settings of matplotlib
for longer than a script takes.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")

GREEN, PINK, SKY = "#009E73", "#CC79A7", "#56B4E9"
MARKERS = "os^Dvx+"
CYCLE = (style.BLUE, style.ORANGE, GREEN, style.VERMILION, PINK, SKY, style.BLACK)


def arguments(
    doc: str | None, file: str, words: Sequence[str] | None = None, **numbers: float
) -> argparse.Namespace:
    """Return the options of a script: output, dpi, quick, and numbers of its own.

    Parameters
    ----------
    doc, file : str
        Its ``__doc__``, which is the text of --help, and ``__file__``.
    words : sequence of str, optional
        What was written after its name; None takes it from the command line.
    **numbers : float
        Further options and their defaults.

    Examples
    --------
    >>> options = arguments("A script.", "folder/script.py", ["--quick", "--seeds=3"], seeds=5)
    >>> options.output, options.quick, options.seeds
    ('script.png', True, 3)
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    name = Path(file).with_suffix(".png").name
    parser.add_argument("--output", default=name, help=f"where the picture goes ({name})")
    parser.add_argument("--dpi", type=int, default=240, help="dots per inch of the picture (240)")
    parser.add_argument("--quick", action="store_true", help="a few seconds, smaller sizes")
    for option, default in numbers.items():
        parser.add_argument(f"--{option}", type=type(default), default=default)
    return parser.parse_args(words)


def styled(main: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
    """Let a function draw in colours that all eyes tell apart; afterwards all is as before.

    Parameters
    ----------
    main : callable
        What draws.
    """

    @wraps(main)
    def draw(*given: _Given.args, **named: _Given.kwargs) -> _Answer:
        from cycler import cycler
        from matplotlib import rc_context

        with rc_context({"axes.prop_cycle": cycler(color=CYCLE), "font.size": 11}):
            return main(*given, **named)

    return draw


def progress(items: Iterable[Any], what: str) -> Iterable[Any]:
    """Return the items one by one, with a bar on a terminal.

    Parameters
    ----------
    items : iterable
        What is gone through.
    what : str
        Its name, before the bar.
    """
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    # an older rich ends a bar that is disabled with an empty line
    return track(list(items), what, console=console) if console.is_terminal else items


def strip(grids: ArrayLike, ax: "Axes", labels: Iterable[str], name: str = "") -> None:
    """Draw lattices of values from -1, white, to +1, blue, in a row.

    Parameters
    ----------
    grids : (K, height, width) array
        The values.
    ax : Axes
        Where.
    labels : iterable of K str
        What stands above each.
    name : str
        What stands before the row.
    """
    from matplotlib.colors import LinearSegmentedColormap

    values = np.asarray(grids, dtype=float)
    colors = LinearSegmentedColormap.from_list("on", ["white", style.BLUE])
    _, height, width = values.shape
    for k, (grid, label) in enumerate(zip(values, labels, strict=True)):
        left = 1.25 * k * width
        frame = (left, left + width, height, 0)
        ax.imshow(grid, cmap=colors, vmin=-1, vmax=1, extent=frame, interpolation="nearest")
        edge = np.array([0, 1, 1, 0, 0]) * width + left
        ax.plot(edge, np.array([0, 0, 1, 1, 0]) * height, color=style.GREY, linewidth=0.8)
        ax.text(left + width / 2, -0.06 * height, label, ha="center", va="bottom")
    ax.text(-0.15 * width, height / 2, name, ha="right", va="center")
    right = (1.25 * len(values) - 0.2) * width
    ax.set(xlim=(-0.05 * width, right), ylim=(1.02 * height, -0.3 * height))
    ax.set_axis_off()


def curve_axes(*axes: "Axes") -> None:
    """Give axes with curves a light grid and, where curves have names, a legend.

    Parameters
    ----------
    *axes : Axes
        Which.
    """
    for ax in axes:
        ax.grid(color=style.GREY, alpha=0.4, linewidth=0.6)
        if ax.get_legend_handles_labels()[1]:
            ax.legend(fontsize="small")


def save(figure: "Figure", options: argparse.Namespace) -> None:
    """Write the picture and say where.

    Parameters
    ----------
    figure : Figure
        What was drawn.
    options : Namespace
        From `arguments`.
    """
    figure.savefig(options.output, dpi=options.dpi, bbox_inches="tight")
    print(f"picture: {options.output}")
