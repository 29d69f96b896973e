"""Pictures of what `run` recorded: energy and overlaps over time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hopfield_opt.arrays import FloatArray, check_integer
from hopfield_opt.errors import InputError
from hopfield_opt.plot import style
from hopfield_opt.trace import Trajectory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# colours and, for eyes that see none, dashes; a legend of more lines would say nothing
COLORS = (style.BLUE, style.ORANGE, style.VERMILION, "#009E73", "#CC79A7", "#56B4E9")
DASHES = ("solid", "dashed", "dashdot", "dotted")
MOST_NAMED = 12
# sweeps are points; flips are steps
MARKED = {"marker": ".", "markersize": 5}


def energy(result: Any, ax: "Axes | None" = None) -> "Axes":
    """Draw the energy of each replica over the sweeps.

    Parameters
    ----------
    result : Result, or anything with a trace, or a Trajectory
        Run with ``record="energy"``.
    ax : Axes or None
        Where to draw; None makes a new figure.

    Raises
    ------
    InputError
        If no energy was recorded.

    Examples
    --------
    >>> from hopfield_opt.trace import Trajectory
    >>> trace = Trajectory(np.arange(3.0), energy=np.array([[0.0], [-1.0], [-3.0]]))
    >>> energy(trace).get_ylabel()
    'energy'
    """
    return _scalar(trace_of(result), "energy", ax)


def overlaps(
    result: Any,
    ax: "Axes | None" = None,
    *,
    replica: int = 0,
    labels: Sequence[str] | None = None,
) -> "Axes":
    """Draw the overlaps of one replica with each pattern over the sweeps.

    Parameters
    ----------
    result : Result, or anything with a trace, or a Trajectory
        Run with ``record="overlap"``.
    ax : Axes or None
        Where to draw; None makes a new figure.
    replica : int
        Which replica.
    labels : sequence of str, optional
        The names of the patterns; those of a recall, or numbers from 0, if None.

    Raises
    ------
    InputError
        If no overlap was recorded, or there is no such replica.

    Examples
    --------
    >>> from hopfield_opt.trace import Trajectory
    >>> trace = Trajectory(np.arange(2.0), overlap=np.array([[[0.5, 0.0]], [[1.0, 0.2]]]))
    >>> [text.get_text() for text in overlaps(trace).get_legend().get_texts()]
    ['memory 0', 'memory 1']
    """
    trace = trace_of(result)
    values = find_record("overlap", trace)
    # one recall has no axis of replicas
    cube = values if values.ndim == 3 else values[:, None, :]
    check_replica(check_integer("replica", replica, lowest=0), cube.shape[1])
    axes = style.axes(ax)
    moments, flips = _moments(trace)
    count = cube.shape[2]
    known = getattr(result, "names", [f"memory {k}" for k in range(count)])
    names = list(known if labels is None else labels)
    if len(names) != count:
        raise InputError(f"labels must be {count} names, got {len(names)}.")
    for level in (-1, 0, 1):
        axes.axhline(level, color=style.GREY, linewidth=0.8, zorder=0)
    for k, name in enumerate(names):
        look: dict[str, Any] = {"drawstyle": "steps-post"} if flips else dict(MARKED)
        look |= {"color": COLORS[k % len(COLORS)], "linestyle": DASHES[k // len(COLORS) % 4]}
        own = cube[:, replica, k]
        if any(np.allclose(own, cube[:, replica, j], equal_nan=True) for j in range(k)):
            # on top of another curve: both are to be seen
            look |= {"linestyle": (k, (3, 3 + k)), "zorder": 3}
        axes.plot(
            _column(moments, replica),
            own,
            label=name,
            linewidth=1.4,
            **look,
        )
    axes.set(xlabel=_time(flips), ylabel="overlap", ylim=(-1.08, 1.08))
    if count <= MOST_NAMED:
        axes.legend(loc="best", frameon=True, framealpha=0.9, fontsize="small")
    return axes


def trajectory(
    result: Any, ax: "Axes | None" = None, *, replica: int = 0, record: str = "energy"
) -> "Axes":
    """Draw the overlaps of a run and, above them, its energy, at the same times.

    Without overlaps it draws the energy of each replica, like `energy`.

    Parameters
    ----------
    result : Result, or anything with a trace, or a Trajectory
        Run with ``record=("energy", "overlap")``; of a network without energy "overlap" alone.
    ax : Axes or None
        Where to draw; None makes a new figure. The energy stands in an inset at the top of it.
    replica : int
        Which replica.
    record : str
        What is drawn in the place of the energy: anything recorded that is one number for each
        replica, such as "temperature".

    Raises
    ------
    InputError
        If it was not recorded, or is more than a number, or there is no such replica.

    Examples
    --------
    >>> from hopfield_opt.trace import Trajectory
    >>> overlap = np.array([[[0.5]], [[1.0]]])
    >>> trace = Trajectory(np.arange(2.0), energy=np.array([[-1.0], [-2.0]]), overlap=overlap)
    >>> [part.get_ylabel() for part in trajectory(trace).child_axes]
    ['energy']
    >>> cooling = Trajectory(np.arange(2.0), temperature=np.array([[2.0], [1.0]]))
    >>> trajectory(cooling, record="temperature").get_ylabel()
    'temperature'
    """
    trace = trace_of(result)
    replica = check_integer("replica", replica, lowest=0)
    if trace.overlap is None:
        check_replica(replica, len(_columns(trace, record)))
        return _scalar(trace, record, ax)
    # the energy is there or not; anything else was asked for
    bare = record == "energy" and (trace.energy is None or np.isnan(trace.energy).all())
    columns = None if bare else _columns(trace, record)
    axes = overlaps(result, ax, replica=replica)
    label = getattr(result, "label", "")
    title = label if isinstance(label, str) else str(label[replica])
    axes.set_title(title)
    if columns is None:
        return axes
    # the lower part keeps overlaps from -1 to 1, the upper third is for the energy
    axes.set_ylim(-1.08, 2.35)
    axes.set_yticks([-1, -0.5, 0, 0.5, 1])
    axes.set_ylabel("overlap", y=0.32)
    if (legend := axes.get_legend()) is not None:
        legend.set_loc("lower right")
    inset = axes.inset_axes((0.0, 0.66, 1.0, 0.34), sharex=axes)
    moments, flips = _moments(trace)
    look: dict[str, Any] = {"drawstyle": "steps-post"} if flips else dict(MARKED)
    look |= {"color": style.BLACK, "linewidth": 1.4}
    inset.plot(_column(moments, replica), columns[replica], **look)
    inset.tick_params(labelbottom=False)
    inset.set_ylabel(record)
    return axes


def check_replica(replica: int, count: int) -> None:
    """Refuse the number of a replica that is not there."""
    if replica >= count:
        raise InputError(f"replica must be 0 to {count - 1}, got {replica}. Choose one of these.")


def trace_of(result: Any) -> Trajectory:
    """Return what was recorded, or say that nothing was."""
    trace = getattr(result, "trace", result)
    if not isinstance(trace, Trajectory):
        raise InputError(
            f"result must carry what run recorded, got {type(result).__name__}. "
            'Use run(..., record=("energy", "overlap")).'
        )
    return trace


def find_record(name: str, trace: Trajectory) -> FloatArray:
    """Return a record by its name, or say how to ask for it."""
    if name not in trace.records:
        raise InputError(f'result must have recorded its {name}, got none. Use record="{name}".')
    return trace.records[name]


def _columns(trace: Trajectory, name: str) -> FloatArray:
    """Return a number for each replica as (R, T)."""
    values = find_record(name, trace)
    if values.ndim > 2:
        raise InputError(
            f"record must be one number for each replica, got {name!r} with an array of shape "
            f"{values.shape[2:]} for each. Choose another, or draw it from result.trace."
        )
    return values.reshape(len(values), -1).T


def _scalar(trace: Trajectory, name: str, ax: "Axes | None") -> "Axes":
    """Draw a number for each replica over the sweeps."""
    columns = _columns(trace, name)
    axes = style.axes(ax)
    moments, flips = _moments(trace)
    look: dict[str, Any] = {"drawstyle": "steps-post"} if flips else dict(MARKED)
    for replica, column in enumerate(columns):
        color = COLORS[replica % len(COLORS)]
        axes.plot(_column(moments, replica), column, color=color, linewidth=1.4, **look)
    axes.set(xlabel=_time(flips), ylabel=name)
    axes.grid(color=style.GREY, alpha=0.4, linewidth=0.6)
    return axes


def _moments(trace: Trajectory) -> tuple[FloatArray, bool]:
    """Return the moments (T,) or (T, R), and whether they are those of single flips."""
    # sweeps are whole numbers, and flips happen between them
    moments = np.asarray(trace.sweeps, dtype=np.float64)
    known = moments[np.isfinite(moments)]
    return moments, bool((known != np.round(known)).any())


def _column(moments: FloatArray, replica: int) -> FloatArray:
    return moments if moments.ndim == 1 else moments[:, replica]


def _time(flips: bool) -> str:
    return "sweeps (steps are single flips)" if flips else "sweeps"
