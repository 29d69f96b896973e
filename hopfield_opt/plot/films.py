"""Films of recalls: the state, record by record."""

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.arrays import check_integer
from hopfield_opt.errors import InputError
from hopfield_opt.plot.lattices import nearest_square
from hopfield_opt.plot.lattices import states as draw_states
from hopfield_opt.plot.traces import check_replica, find_record, trace_of

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation

# every frame is a picture of its own in HTML
MOST_FRAMES = 500
SUFFIXES = (".gif", ".html")
# matplotlib's page fetches a font for its buttons; these signs are in every one
SIGNS = {
    "fast-backward": "\u21e4",
    "step-backward": "\u2190",
    "play fa-flip-horizontal": "\u25c0",
    "pause": "\u23f8",
    "play": "\u25b6",
    "step-forward": "\u2192",
    "fast-forward": "\u21e5",
    "minus": "\u2212",
    "plus": "+",
}


def animate(
    result: Any,
    path: Any = None,
    *,
    replica: int = 0,
    shape: tuple[int, int] | None = None,
    interval: float = 200.0,
) -> "FuncAnimation":
    """Return a film of a recall or run: one frame for each recorded state.

    The last line of a notebook's cell shows it as HTML5 with a slider; nothing is installed for
    that, and nothing is loaded from elsewhere.

    Parameters
    ----------
    result : Recall, Result, or anything with a trace
        Recorded with ``record="states"``, best with ``every="flip"``; energies and overlaps, if
        they are recorded, too, stand above the picture.
    path : str or Path, optional
        A file that ends with .gif or .html, to which the film is written.
    replica : int
        Which replica, or which cue.
    shape : (height, width), optional
        Of the lattice; that of a recall's cues, or as near to a square as N allows, if None.
    interval : float
        Milliseconds between two frames.

    Raises
    ------
    InputError
        If no states were recorded, or more than 500, or the file ends otherwise.

    Examples
    --------
    >>> from hopfield_opt.trace import Trajectory
    >>> film = animate(Trajectory(np.arange(2.0), states=np.array([[[1, -1]], [[1, 1]]])))
    >>> "<img" in film._repr_html_()
    True
    """
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation

    class Film(FuncAnimation):
        """A film that notebooks show."""

        def _repr_html_(self) -> str:
            return offline(self.to_jshtml())

        def __del__(self) -> None:
            """Say nothing: a film that nobody looks at is no mistake."""

    if path is not None and not str(path).endswith(SUFFIXES):
        raise InputError(f"path must end with .gif or .html, got {path}.")
    frames, titles = _frames(result, check_integer("replica", replica, lowest=0), shape)
    figure, axes = plt.subplots(figsize=(4, 4.4), layout="constrained")

    def show(k: int) -> list[Any]:
        axes.clear()
        draw_states(frames[k : k + 1], axes)
        axes.set_title(titles[k])
        return []

    film = Film(figure, show, frames=len(frames), interval=interval)
    plt.close(figure)  # a notebook would show the still beside the film
    if str(path).endswith(".gif"):
        film.save(path, writer="pillow")
    elif path is not None:
        Path(path).write_text(film._repr_html_(), "utf-8")
    else:
        show(0)
    return film


def offline(page: str) -> str:
    """Return the page of a film with its buttons as signs, so that nothing is fetched.

    Parameters
    ----------
    page : str
        From ``to_jshtml``.

    Examples
    --------
    >>> offline('<link rel="stylesheet" href="https://x.y/z.css"><i class="fa fa-plus"></i>')
    '+'
    """
    own = re.sub(r'<link rel="stylesheet"\s[^>]*>', "", page)
    return re.sub(r'<i class="fa fa-([^"]*)"></i>', lambda found: SIGNS[found[1]], own)


def _frames(result: Any, replica: int, shape: tuple[int, int] | None) -> tuple[Any, list[str]]:
    """Return the states (T, height, width) of a replica, and what stands above each."""
    trace = trace_of(result)
    values = find_record("states", trace)
    cube = values if values.ndim == 3 else values[:, None, :]
    check_replica(replica, cube.shape[1])
    times = np.asarray(trace.sweeps, dtype=np.float64)
    moments = times if times.ndim == 1 else times[:, replica]
    real = np.flatnonzero(np.isfinite(moments))
    if len(real) > MOST_FRAMES:
        raise InputError(
            f"result must have at most {MOST_FRAMES} recorded states, got {len(real)}. "
            "Record fewer: every=10, or fewer sweeps."
        )
    seen = cube[real, replica]
    own = np.shape(getattr(result, "cue", ()))[-2:]
    height, width = shape or (
        own if math.prod(own) == seen.shape[1] else nearest_square(seen.shape[1])
    )
    if height * width != seen.shape[1]:
        raise InputError(f"shape must have {seen.shape[1]} sites, got {height} x {width}.")
    return seen.reshape(-1, height, width), [
        _title(trace, k, replica, moments[k]) for k in real.tolist()
    ]


def _title(trace: Any, moment: int, replica: int, sweeps: float) -> str:
    """Return what stands above a frame."""
    words = [f"{sweeps:.4g} sweeps"]
    if trace.energy is not None:
        words.append(f"energy {trace.energy.reshape(len(trace.energy), -1)[moment, replica]:.4g}")
    return ", ".join(words)
