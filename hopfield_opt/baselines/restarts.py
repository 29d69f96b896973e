"""Runs of a heuristic, begun anew until the time is over."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def best_of_runs(run: Callable[[int], tuple[float, Found]], deadline: float | None) -> Found:
    """Return what costs least of the runs number 0, 1, ...; the first of several.

    Parameters
    ----------
    run : callable
        Takes the number of the run; returns the cost of what it found, and that.
    deadline : float or None
        A value of `time.monotonic()` after which no further run is begun; None makes one.

    Examples
    --------
    >>> best_of_runs(lambda number: (1.0, f"run {number}"), None)
    'run 0'
    """
    lowest, best = run(0)
    number = 1
    while deadline is not None and time.monotonic() < deadline:
        cost, found = run(number)
        if cost < lowest:
            lowest, best = cost, found
        number += 1
    return best
