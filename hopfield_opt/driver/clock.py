"""Time: what has passed, what is left, and how many sweeps fit into it."""

import copy
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from hopfield_opt import deadline, jit

# A limit may be missed by so much (seconds, or a share of it), half of what is promised, by what
# a complete answer needs: a network, starts, the last descents.
GRACE_SECONDS, GRACE_SHARE = 0.1, 0.05
# The grace where somebody outside waits for the end: two hundredths of a second are spent already.
GRACE_ONCE_TOLD = 0.02
# Who is asked whether to stop may take a while to answer: seconds between two questions.
BETWEEN_QUESTIONS = 0.002
# No more than this share of a limit is kept for what comes after a search.
MOST_KEPT = 0.5
# seconds for a search that is over before it begins
FOR_AN_ANSWER = 0.5


class Switch:
    """Whether somebody outside wants the end, and since when it is known; there is no way back.

    Parameters
    ----------
    ask : callable
        Whether to stop; asked from any thread, and not every time that somebody looks.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._next = -math.inf
        self.since: float | None = None

    @property
    def over(self) -> float | None:
        """Seconds since it is known that a stop is wanted, None while it is not."""
        now = time.monotonic()
        if self.since is None and now >= self._next:
            self._next = now + BETWEEN_QUESTIONS
            if self._ask():
                self.since = now
        return None if self.since is None else now - self.since


class Clock:
    """A clock that starts at construction and stands still while kernels are compiled.

    Parameters
    ----------
    time_limit : float or None
        Seconds from the start; None for no limit.
    stop : callable, optional
        Whether somebody outside wants the end: no time is left from then on.
    """

    def __init__(self, time_limit: float | None, stop: Callable[[], object] | None = None) -> None:
        self.time_limit = time_limit
        self._switch = None if stop is None else Switch(stop)
        self._start = time.monotonic()
        self._jit_before = jit.compile_seconds()

    def shorten(self, share: float, kept: float = 0.0) -> "Clock":
        """Return a clock that started when this one did, with a share of its limit.

        Parameters
        ----------
        share : float
            The part of the limit that is left.
        kept : float
            Seconds of that which something else needs; at most MOST_KEPT of it are given.
        """
        other = copy.copy(self)
        if self.time_limit is not None:
            limit = share * self.time_limit
            other.time_limit = limit - min(kept, MOST_KEPT * limit)
        return other

    def part(self, share: float) -> "Clock":
        """Return a clock whose limit is reached when a share of what is left now is over."""
        later = (1.0 - share) * max(0.0, self.remaining)
        if self.time_limit is None or not later:
            return self
        return self.shorten(1.0 - later / self.time_limit)

    def end_soon(self) -> None:
        """Leave time for an answer, and no more: Ctrl-C came before there was one."""
        soon = self.elapsed + FOR_AN_ANSWER
        self.time_limit = soon if self.time_limit is None else min(soon, self.time_limit)

    @property
    def jit(self) -> float:
        """Seconds spent in compiling kernels since the start."""
        return jit.compile_seconds() - self._jit_before

    @property
    def wall(self) -> float:
        """Seconds since the start, compiling included."""
        return time.monotonic() - self._start

    @property
    def elapsed(self) -> float:
        """Seconds since the start, compiling left out."""
        return self.wall - self.jit

    @property
    def at_work(self) -> float:
        """Seconds since the start, compiling and loading kernels left out."""
        return self.elapsed - jit.load_seconds()

    @property
    def remaining(self) -> float:
        """Seconds to the limit; infinite without one, at most 0 once a stop is wanted."""
        left = math.inf if self.time_limit is None else self.time_limit - self.elapsed
        over = None if self._switch is None else self._switch.over
        return left if over is None else min(left, -over)

    @property
    def is_stopped(self) -> bool:
        """Whether somebody outside wants the end."""
        return self._switch is not None and self._switch.over is not None

    @property
    def may_end(self) -> bool:
        """Whether there is a limit, or somebody has asked for the end."""
        return self.time_limit is not None or self.is_stopped

    def limits(self, *, grace: bool = False) -> AbstractContextManager[None]:
        """Make the limit, or the limit and some grace, the deadline of what is called inside."""
        if self.time_limit is None and self._switch is None:
            return deadline.within(None)
        more = max(GRACE_SECONDS, GRACE_SHARE * (self.time_limit or 0.0))

        def left() -> float:
            remaining = self.remaining
            if not grace:
                return remaining
            return remaining + (min(more, GRACE_ONCE_TOLD) if self.is_stopped else more)

        return deadline.within(left)

    @property
    def deadline(self) -> float | None:
        """The `time.monotonic()` at which the limit is reached, if nothing more is compiled."""
        return time.monotonic() + self.remaining if self.may_end else None


class Pace:
    """The measured speed of a dynamics, and the sweeps that it allows.

    Parameters
    ----------
    clock : Clock
        Time.
    sweeps : int or None
        The budget of sweeps; None where only the time is limited.
    default : int
        The budget where there is no limit at all, and the first guess where only time is one.
    finish : int
        The sweeps for which time is kept at the end.
    fewest : int
        The least sweeps of a block.

    Attributes
    ----------
    done : int
        Sweeps so far.
    """

    # Ctrl-C, callback and clock are looked at this often.
    BLOCK_SECONDS = 0.02
    # The share of the remaining time that is kept for the final descent, decoding and packing.
    RESERVE = 0.03

    def __init__(
        self, clock: Clock, sweeps: int | None, default: int, finish: int = 0, fewest: int = 1
    ) -> None:
        self._clock = clock
        self._default = default
        self._finish = finish
        self._fewest = fewest
        self._rate: float | None = None  # sweeps per second
        self._budget = default if sweeps is None and clock.time_limit is None else sweeps
        self.done = 0

    def horizon(self) -> int:
        """Return the sweeps still to come: the budget's rest, or what fits into the time."""
        left = self._default if self._budget is None else self._budget - self.done
        if self._clock.time_limit is None:
            return left
        if self._rate is None:
            if self._clock.remaining <= 0:
                return 0  # where beginning took all the time, a sweep takes long, too
            return max(1, left)
        whole = self._rate * self._clock.remaining
        fits = int(whole * (1 - self.RESERVE)) - self._finish
        if fits < 1 and whole > 2:
            fits = 1  # a first block that had other things to do must not end the run
        return max(0, fits if self._budget is None else min(fits, left))

    def next_block(self, grid: int) -> tuple[int, int]:
        """Return the next block, about BLOCK_SECONDS within the grid, and the sweeps to come.

        States are looked at where the count of sweeps is a multiple of `grid`, and nowhere
        else, so that what is seen does not depend on the speed of the machine.
        """
        horizon = max(1, self.horizon())
        paced = 1 if self._rate is None else int(self._rate * self.BLOCK_SECONDS)
        wanted = max(self._fewest, paced)
        return min(wanted, horizon, grid - self.done % grid), horizon

    def measure(self, sweeps: int, seconds: float) -> None:
        """Take the speed of a block into the running mean."""
        self.done += sweeps
        rate = sweeps / max(seconds, 1e-7)
        self._rate = rate if self._rate is None else 0.7 * self._rate + 0.3 * rate
