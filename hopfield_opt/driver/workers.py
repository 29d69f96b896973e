"""Threads in which groups of replicas move side by side."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


class Workers:
    """Map a function over groups in `n_jobs` threads; kernels release the GIL.

    Meanwhile matrix products run in one thread: theirs would compete with ours (ten times
    slower on small matrices), and their sums depend on how many there are.
    """

    def __init__(self, n_jobs: int) -> None:
        self._pool = ThreadPoolExecutor(n_jobs) if n_jobs > 1 else None

    def __enter__(self) -> "Workers":
        _matrix_products.enter()
        return self

    def __exit__(self, *error: object) -> None:
        _matrix_products.leave()
        if self._pool is not None:
            self._pool.shutdown()

    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Return the results in the order of the items."""
        if self._pool is None or len(items) < 2:
            return [function(item) for item in items]
        # each in a context of its own that has the deadline of this one
        jobs = [self._pool.submit(copy_context().run, function, item) for item in items]
        return [job.result() for job in jobs]


class _MatrixProducts:
    """The threads of matrix products: one as long as anybody searches, in whatever thread.

    Searches overlap: the first that begins knows what to restore, and the last that ends does it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._searches = 0
        self._before: Any = None

    def enter(self) -> None:
        with self._lock:
            self._searches += 1
            if self._searches == 1:
                found = _libraries(len(sys.modules))
                self._before = found.limit(limits=1, user_api="blas")

    def leave(self) -> None:
        with self._lock:
            self._searches -= 1
            if not self._searches:
                self._before.restore_original_limits()


_matrix_products = _MatrixProducts()


@lru_cache(maxsize=1)
def _libraries(num_modules: int) -> ThreadpoolController:
    """Return the libraries that are loaded; a module that was imported since may bring another."""
    return ThreadpoolController()


def usable_cpus() -> int:
    """Return the number of CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
