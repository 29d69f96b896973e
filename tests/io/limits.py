"""What a small file may cost; the tests run this file by its path."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def patience(seconds: float) -> Iterator[None]:
    """End what computes for longer; a busy machine is no fault of the program."""

    def hang(*_: object) -> None:
        raise AssertionError(f"no end after {seconds} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, hang)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def memory(size: int) -> Iterator[None]:
    """Let this process take no more than `size` bytes in addition to what it has."""
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    if not Path("/proc/self/statm").exists():
        yield
        return
    has = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (has + size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
