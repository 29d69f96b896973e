"""How far a run is: told to a function, or shown by a bar on a terminal or in a notebook."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.loop import Look

# Shorter runs stay silent.
PATIENCE = 1.0


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    seconds : float
        Since it began.
    share : float
        The part of its limit that is spent, or of the budget of the search that is going on.
    sweeps : int
        Done by each replica.
    value, bound : float or None
        The best value so far, and the best bound, in the user's sense.
    """

    seconds: float = 0.0
    share: float = 0.0
    sweeps: int = 0
    value: float | None = None
    bound: float | None = None


def shows_progress(progress: bool | Callable[[Progress], object] | None) -> bool:
    """Whether to show a bar: as asked, else on a terminal or in a notebook."""
    if progress is not None:
        return progress is True
    return "ipykernel" in sys.modules or _is_terminal()


def _is_terminal() -> bool:
    """Whether errors go to a terminal; there may be no stream, or a closed one."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, OSError, ValueError):
        return False


class ProgressBar:
    """Show the share of the budget that is spent, and the best value; on stderr.

    Parameters
    ----------
    shown : bool
        Whether to show anything at all.
    title : str
        The kind of problem.
    """

    def __init__(self, shown: bool, title: str) -> None:
        self._shown = shown and sys.stderr is not None
        self._title = title
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def make_look(self, clock: Clock, best: Callable[[], str]) -> Look:
        """Return what tells the bar of a loop's moments, with a text on the best so far."""
        return lambda moment: self.update(clock.elapsed, moment.share, best())

    def update(self, seconds: float, share: float, best: str) -> None:
        """Show that `share` (0 to 1) of the budget is spent after `seconds`."""
        if not self._shown or seconds < PATIENCE:
            return
        if self._bar is None:
            self._bar = self._start()
        self._bar.update(self._bar.task_ids[0], completed=share, best=best)

    def _start(self) -> Any:
        # imported here: most runs are short and silent, and rich takes a while to load
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("best {task.fields[best]}"),
            console=Console(stderr=True),
            transient=True,
        )
        bar.add_task(self._title, total=1.0, best="none")
        bar.start()
        return bar
