"""Ctrl-C as a request: the first ends the run in order, the second raises."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Self


class Interruptible:
    """Turn the first Ctrl-C inside the block into `requested`; a second one raises.

    A flag instead of an exception: no array is left half changed and no answer is lost. Outside
    the main thread, or where somebody else handles the signal, nothing is changed.
    """

    def __init__(self) -> None:
        self.requested = False
        self._installed = False

    def __enter__(self) -> Self:
        main = threading.current_thread() is threading.main_thread()
        if main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._on_signal)
            self._installed = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
