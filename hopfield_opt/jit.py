"""The one door to numba: compiled functions that release the GIL and are cached on disk."""

import time
from collections.abc import Callable
from typing import Any

import numba
from numba.core import event

# numba reports each compilation as an event; loading from the disk cache is none
_timer = event.TimingListener()
event.register("numba:compile", _timer)


class _Running(event.Listener):  # type: ignore[misc]  # numba has no types
    """Count the compilations that have begun and not ended."""

    count = 0

    def on_start(self, event: Any) -> None:
        self.count += 1

    def on_end(self, event: Any) -> None:
        self.count -= 1


_running = _Running()
event.register("numba:compile", _running)


def is_compiling() -> bool:
    """Whether a kernel is being compiled in this process right now."""
    return _running.count > 0


def compile_seconds() -> float:
    """Return the seconds this process has spent in compiling kernels so far."""
    return float(_timer.duration) if _timer.done else 0.0


_loading = [0.0]


def load_seconds() -> float:
    """Return the seconds this process has spent in loading kernels from the disk cache."""
    return _loading[0]


def _timed(load: Callable[..., Any]) -> Callable[..., Any]:
    """Return numba's function that loads a kernel, its time taken."""

    def timed(*arguments: Any) -> Any:
        begin = time.monotonic()
        try:
            return load(*arguments)
        finally:
            _loading[0] += time.monotonic() - begin

    return timed


def njit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile `function` in nopython mode, without the GIL, cached on disk where possible.

    Where no folder can be written (a read-only installation without a home) numba refuses
    to cache; the function is then compiled anew in each process, which is slower but right.
    """
    compiled: Callable[..., Any]
    try:
        compiled = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        compiled = numba.njit(nogil=True)(function)
    cache: Any = getattr(compiled, "_cache", None)
    if hasattr(cache, "load_overload"):  # no public name; without it loading is not told apart
        cache.load_overload = _timed(cache.load_overload)
    return compiled
