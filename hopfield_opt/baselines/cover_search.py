"""Local search of set covers: take a few sets out, cover what they leave anew, drop what is idle.

What is left is covered element by element in random order, by the set with the least weight for
each element that it newly covers; a cover that is hardly heavier than the best is gone on from.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from hopfield_opt import rng
from hopfield_opt.deadline import is_over
from hopfield_opt.io.scp import Cover
from hopfield_opt.jit import borrowing_part, njit, part
from hopfield_opt.xoshiro import below, draw

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

# Up to one in so many of the chosen sets is taken out, and at least up to so many.
SHARE, FEWEST = 4, 3
# The search goes on from covers that are heavier than the best by so many usual sets.
SLACK = 1.0
# without a deadline, and between two looks at the clock
STEPS, STEPS_BETWEEN_LOOKS = 5000, 20


def improve_cover(instance: Cover, start: Bools, seed: int, deadline: float | None = None) -> Bools:
    """Return a cover that is no heavier than a given one.

    Parameters
    ----------
    instance : Cover
        The sets.
    start : (n,) bool
        A cover.
    seed : int
        The same seed gives the same steps.
    deadline : float or None
        A value of `time.monotonic()` at which it ends, after 20 steps at the least; None makes
        5000 steps.

    Returns
    -------
    (n,) bool
        The chosen sets.

    References
    ----------
    L. W. Jacobs, M. J. Brusco, "A local-search heuristic for large set-covering problems", Naval
    Research Logistics 42 (1995).

    Examples
    --------
    >>> incidence = csr_array([[1, 0, 1], [1, 1, 0], [0, 1, 1]])
    >>> improve_cover(Cover(np.array([1.0, 3.0, 2.0]), incidence), np.ones(3, bool), 0).tolist()
    [True, False, True]
    """
    weights = np.array(instance.weights, dtype=np.float64)
    rows, columns = csr_array(instance.incidence), csc_array(instance.incidence)
    # numba compiles each type of index anew
    places = [p.astype(np.int64) for m in (rows, columns) for p in (m.indptr, m.indices)]
    heaviest = np.argsort(-weights, kind="stable")
    slack = SLACK * float(np.median(weights)) if len(weights) else 0.0
    words = rng.stream(seed, words=4)
    best, current = start.copy(), start.copy()
    done = 0
    while not done or not (is_over(deadline) or (deadline is None and done >= STEPS)):
        _search(weights, *places, heaviest, slack, current, best, words, STEPS_BETWEEN_LOOKS)
        done += STEPS_BETWEEN_LOOKS
    return best


@njit
def _search(
    weights: Floats,
    row_start: Counts,
    row_index: Counts,
    column_start: Counts,
    column_index: Counts,
    heaviest: Counts,
    slack: float,
    current: Bools,
    best: Bools,
    words: NDArray[np.uint64],
    steps: int,
) -> None:
    """Make steps from `current`, and keep the lightest cover in `best`, both in place."""
    times = np.zeros(len(row_start) - 1, np.int64)
    least = 0.0
    for j in range(len(weights)):
        if best[j]:
            least += weights[j]
        if current[j]:
            _add(j, 1, column_start, column_index, times)
    own, own_times = current.copy(), times.copy()
    for _ in range(steps):
        _ruin(own, own_times, column_start, column_index, words)
        _cover(weights, row_start, row_index, column_start, column_index, own, own_times, words)
        total = 0.0
        for j in heaviest:
            if own[j] and _idle(j, column_start, column_index, own_times):
                own[j] = False
                _add(j, -1, column_start, column_index, own_times)
            if own[j]:
                total += weights[j]
        if total < least:
            least = total
            best[:] = own
        if total <= least + slack:
            current[:] = own
            times[:] = own_times
        else:
            own[:] = current
            own_times[:] = times


@borrowing_part
def _add(j: int, sign: int, column_start: Counts, column_index: Counts, times: Counts) -> None:
    for k in range(column_start[j], column_start[j + 1]):
        times[column_index[k]] += sign


@borrowing_part
def _idle(j: int, column_start: Counts, column_index: Counts, times: Counts) -> bool:
    """Whether each element of a chosen set is in another one."""
    idle = True
    for k in range(column_start[j], column_start[j + 1]):
        idle &= times[column_index[k]] > 1
    return idle


@part
def _ruin(
    own: Bools,
    times: Counts,
    column_start: Counts,
    column_index: Counts,
    words: NDArray[np.uint64],
) -> None:
    """Take some random sets out."""
    members = np.flatnonzero(own)
    if len(members):
        for _ in range(1 + below(draw(words), max(FEWEST, len(members) // SHARE))):
            j = members[below(draw(words), len(members))]
            if own[j]:
                own[j] = False
                _add(j, -1, column_start, column_index, times)


@part
def _cover(
    weights: Floats,
    row_start: Counts,
    row_index: Counts,
    column_start: Counts,
    column_index: Counts,
    own: Bools,
    times: Counts,
    words: NDArray[np.uint64],
) -> None:
    """Cover each element that can be, in random order, by the set that is cheapest by then."""
    left = np.flatnonzero(times == 0)
    for last in range(len(left) - 1, -1, -1):
        pick = below(draw(words), last + 1)
        element = left[pick]
        left[pick] = left[last]
        if times[element]:
            continue
        least, best = np.inf, -1
        for r in range(row_start[element], row_start[element + 1]):
            j = row_index[r]
            gain = 0
            for k in range(column_start[j], column_start[j + 1]):
                gain += times[column_index[k]] == 0
            if weights[j] < least * gain:
                least, best = weights[j] / gain, j
        if best >= 0:
            own[best] = True
            _add(best, 1, column_start, column_index, times)
