"""The bound of a problem that is compared: found beside the runs, none of which pays for it."""

import time
from collections.abc import Callable
from contextlib import suppress

from hopfield_opt.bounds import Certificate, best_bound, read_subject
from hopfield_opt.bounds.certificate import tolerance_of
from hopfield_opt.driver.bounding import NO_TIME_LEFT
from hopfield_opt.problems.base import Problem


def certify(problem: Problem, limit: float, ends: Callable[[], bool]) -> Certificate | None:
    """Return the best bound that is found within a limit, None where there is none.

    Parameters
    ----------
    problem : Problem
        What is bounded.
    limit : float
        Seconds, reading the problem included.
    ends : callable
        Whether it is to end with what there is.
    """
    end = time.monotonic() + limit
    # a problem that cannot be read has none: what is wrong with it stands in the rows
    with suppress(Exception):
        subject = read_subject(problem)
        left = end - time.monotonic()
        if subject is not None and left > 0 and not ends():
            # nothing is left of it when it is to end: an exception may come where it is swallowed
            return best_bound(
                subject,
                tolerance_of(problem),
                left,
                lambda: NO_TIME_LEFT if ends() else time.monotonic(),
            )
    return None
