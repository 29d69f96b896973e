"""Who is told of better answers: what a callback gets, and how often it is called."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hopfield_opt.result import Candidate


@dataclass(frozen=True, eq=False)
class Incumbent:
    """What a callback gets: the best so far.

    Attributes
    ----------
    value, feasible, energy
        As in `Result`.
    seconds, sweeps
        When it was met.
    """

    candidate: Candidate
    seconds: float
    sweeps: int

    @property
    def value(self) -> float | None:
        """The value in the user's sense."""
        return self.candidate.value

    @property
    def feasible(self) -> bool:
        """Whether no constraint is violated."""
        return self.candidate.feasible

    @property
    def energy(self) -> float:
        """The energy in the compiled network."""
        return self.candidate.energy

    def answer(self) -> Any:
        """Return the user's object."""
        return self.candidate.answer

    def __repr__(self) -> str:
        return f"Incumbent({self.candidate.summary()}, after {self.seconds:.3g} s)"


class Listener:
    """Tell a callback of each better incumbent, or of the best of those within some seconds.

    Parameters
    ----------
    callback : callable or None
        Who is told; a true return stops the run.
    every : float
        The least seconds between two calls.

    Attributes
    ----------
    has_stopped : bool
        Whether the callback has said that the run is to end.
    """

    def __init__(self, callback: Callable[[Incumbent], object] | None, every: float = 0.0) -> None:
        self._callback = callback
        self._every = every
        self._due = 0.0  # the `time.monotonic()` from which on it may be called
        self._waiting: Incumbent | None = None
        self.has_stopped = False

    def tell(self, incumbent: Incumbent) -> None:
        """Tell of an incumbent, now or later."""
        self._waiting = incumbent
        self.flush()

    def flush(self, last: bool = False) -> None:
        """Tell of what waits, if it is time, or nothing comes after."""
        waiting, now = self._waiting, time.monotonic()
        if self._callback is None or waiting is None or not (last or now >= self._due):
            return
        self._waiting, self._due = None, now + self._every
        if self._callback(waiting):
            self.has_stopped = True
