"""Ctrl-C as a request: the first ends the run in order, the second at once."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

from hopfield_opt import jit
from hopfield_opt.signals import SIGNALS, end_at_once


class Interruptible:
    """Turn the first Ctrl-C inside the block into `requested`; a second one does what it did.

    A flag instead of an exception: no array is left half changed and no answer is lost. Outside
    the main thread, or where somebody else handles the signal, nothing is changed. The command
    line hears SIGTERM and SIGHUP in the same way. In blocks within blocks the innermost decides
    what the first Ctrl-C does, and all of them know of it.

    Parameters
    ----------
    raises : bool
        Whether the first raises KeyboardInterrupt, too: for work that looks at no flag.

    Attributes
    ----------
    presses : int
        How often Ctrl-C was pressed.
    """

    def __init__(self, raises: bool = False) -> None:
        self.presses = 0
        self._raises = raises
        self._before: dict[int, Any] = {}

    @property
    def requested(self) -> bool:
        """Whether the run is to end."""
        return self.presses > 0

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                handler = signal.getsignal(number)
                known = handler in (signal.default_int_handler, end_at_once)
                if known or _owner(handler) is not None:
                    self._before[number] = handler
                    signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        outermost = self._count(number)
        if self.presses > 1:
            outermost(number, frame)
        elif self._raises:
            raise KeyboardInterrupt
        elif jit.is_compiling():
            # the handler may have come between the two halves of another message
            with contextlib.suppress(RuntimeError, OSError, ValueError):
                print(
                    "interrupted: waiting for the compiler; press again to stop at once.",
                    file=sys.stderr,
                )

    def _count(self, number: int) -> Callable[[int, FrameType | None], object]:
        """Count in all blocks around, and return the handler outside of them."""
        self.presses += 1
        before = self._before[number]
        owner = _owner(before)
        return before if owner is None else owner._count(number)


def _owner(handler: Any) -> Interruptible | None:
    """Return the block that a handler belongs to."""
    owner = getattr(handler, "__self__", None)
    return owner if isinstance(owner, Interruptible) else None
