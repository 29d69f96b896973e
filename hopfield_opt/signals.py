"""What ends a program from outside: Ctrl-C, a batch system before it kills, a lost terminal."""

import contextlib
import os
import signal
from types import FrameType

# SIGHUP, where there is one: the terminal was closed, or the connection is lost
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C


def end_at_once(number: int, frame: FrameType | None) -> None:
    """End the process with one line: the handler of a program that has nothing to lose.

    An exception would be printed with its traceback where it meets an import, and would wait
    for threads that compile.
    """
    with contextlib.suppress(OSError):
        os.write(2, b"interrupted.\n")
    os._exit(INTERRUPTED)


def install() -> None:
    """Let these signals end this process at once, where nobody has said otherwise."""
    for number in SIGNALS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, end_at_once)
