"""The deadline of a call: whatever may take long asks whether it has passed.

It is kept in a context variable and not handed down as an argument: the loops that must look at
it stand in passes, layouts, constructors of networks and in the user's own `model()`, some forty
functions that know nothing of time and would only pass it on. Outside of `within` there is no
deadline, and asking costs next to nothing. A thread has a context of its own: whoever starts one
runs it in a copy of theirs.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

_Item = TypeVar("_Item")
_remaining: ContextVar[Callable[[], float] | None] = ContextVar("remaining", default=None)


class OutOfTime(Exception):
    """Raise where the deadline has passed: a signal to `solve`, which returns what there is."""


@contextmanager
def within(remaining: Callable[[], float] | None) -> Iterator[None]:
    """Set the deadline for what is called inside; None lifts it.

    Parameters
    ----------
    remaining : callable or None
        Returns the seconds that are left.
    """
    token = _remaining.set(remaining)
    try:
        yield
    finally:
        _remaining.reset(token)


def passed() -> bool:
    """Whether there is a deadline and it has passed."""
    remaining = _remaining.get()
    return remaining is not None and remaining() <= 0


def check() -> None:
    """Raise OutOfTime if the deadline has passed.

    Python loops of a compilation ask at least every 20 ms. What raises leaves nothing half done
    that anybody sees: caches are filled and states are changed after the last check.
    """
    if passed():
        raise OutOfTime


def checked(items: Iterable[_Item], every: int = 1) -> Iterable[_Item]:
    """Return the items, looking at the deadline before each one, or before one of `every`.

    Examples
    --------
    >>> list(checked("abc"))
    ['a', 'b', 'c']
    """
    return items if _remaining.get() is None else _checked(items, every)


def _checked(items: Iterable[_Item], every: int) -> Iterator[_Item]:
    for number, item in enumerate(items):
        if number % every == 0:
            check()
        yield item
