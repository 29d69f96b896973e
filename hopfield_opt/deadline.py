"""The deadline of a call: whatever may take long asks whether it has passed.

It is kept in a context variable and not handed down as an argument: the loops that must look at
it stand in passes, layouts, constructors of networks and in the user's own `model()`, some forty
functions that know nothing of time and would only pass it on. Outside of `within` there is no
deadline, and asking costs next to nothing. A thread has a context of its own: whoever starts one
runs it in a copy of theirs.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

_Item = TypeVar("_Item")
# A pass of numpy over so many entries takes a second or more; a sort is some ten passes.
ENTRIES_PER_SECOND = 1e8

_remaining: ContextVar[Callable[[], float] | None] = ContextVar("remaining", default=None)


class OutOfTime(Exception):
    """Raise where the deadline has passed: a signal to `solve`, which returns what there is."""


@contextmanager
def within(left: Callable[[], float] | None) -> Iterator[None]:
    """Set the deadline for what is called inside; None lifts it.

    Parameters
    ----------
    left : callable or None
        Returns the seconds that are left.
    """
    token = _remaining.set(left)
    try:
        yield
    finally:
        _remaining.reset(token)


def remaining() -> float:
    """Return the seconds that are left; infinite without a deadline."""
    left = _remaining.get()
    return float("inf") if left is None else left()


def has_passed() -> bool:
    """Whether there is a deadline and it has passed."""
    return remaining() <= 0


def is_over(moment: float | None) -> bool:
    """Whether a moment has come, if there is one, or the deadline of the call has passed.

    A problem's own search is told the moment at which it has to end; somebody who stops the call
    from outside moves the deadline.

    Parameters
    ----------
    moment : float or None
        A value of `time.monotonic()`.
    """
    return (moment is not None and time.monotonic() >= moment) or has_passed()


def check(entries: float = 0) -> None:
    """Raise OutOfTime if the deadline has passed, or will have before a long step is through.

    Python loops of a compilation ask at least every 20 ms. One call of numpy on a large array
    cannot be left: it is not begun where it surely would not end in time. What raises leaves
    nothing half done that anybody sees: caches are filled and states are changed afterwards.

    Parameters
    ----------
    entries : float
        The numbers that the step handles, those of a sort ten times.
    """
    if remaining() <= entries / ENTRIES_PER_SECOND:
        raise OutOfTime


def check_each(items: Iterable[_Item], every: int = 1) -> Iterable[_Item]:
    """Return the items, looking at the deadline before each one, or before one of `every`.

    Examples
    --------
    >>> list(check_each("abc"))
    ['a', 'b', 'c']
    """
    return items if _remaining.get() is None else _check_each(items, every)


def _check_each(items: Iterable[_Item], every: int) -> Iterator[_Item]:
    for number, item in enumerate(items):
        if number % every == 0:
            check()
        yield item
