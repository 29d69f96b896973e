"""Local search for matchings: alternating cycles that pay, as deep as they go.

In a matching of all places, take a pair (a, b) apart: b is free. Join b to c, whose partner d
becomes free, and so on; joining a to the one who is free closes the cycle. As any such sequence
of places that are all different ends in a matching, no move has to be undone for validity. The
search tries the cheapest few c at each depth as long as what was gained is more than what was
paid, as Lin and Kernighan do for tours.
"""

import itertools

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.deadline import is_over
from hopfield_opt.jit import borrowing_part, njit

# how many c are tried at the first depths; below them, one
BREADTH = np.array([8, 5, 3, 2, 2], dtype=np.int64)
DEPTH = 40
# how many pairs are exchanged before the search begins again, and how often without a deadline,
# times n
KICK = 3
KICKED_PLACES = 20000
# gains below this are rounding
LEAST_GAIN = 1e-12


def improve_matching(
    costs: FloatArray, mates: IntArray, seed: int = 0, deadline: float | None = None
) -> IntArray:
    """Return a matching of all places that no alternating cycle searched for makes cheaper.

    The search is repeated after three random pairs were exchanged; what is not better is
    forgotten.

    Parameters
    ----------
    costs : (n, n) float64, symmetric
        What each pair costs, n even.
    mates : (n,) int64
        The partner of each place.
    seed : int
        The same seed gives the same exchanges.
    deadline : float or None
        A value of `time.monotonic()` after which no further search is begun; None makes
        20000 / n, some 0.1 s in all.

    Returns
    -------
    (n,) int64
        The partners, at most as expensive.

    References
    ----------
    S. Lin, B. W. Kernighan, "An effective heuristic algorithm for the traveling-salesman
    problem", Operations Research 21 (1973).

    Examples
    --------
    >>> costs = np.array([[0, 5, 1, 9], [5, 0, 9, 1], [1, 9, 0, 5], [9, 1, 5, 0.0]])
    >>> improve_matching(costs, np.array([1, 0, 3, 2])).tolist()
    [2, 3, 0, 1]
    """
    size, best = len(mates), mates.copy()
    if size <= 2:
        return best
    width = min(int(BREADTH.max()) + 2, size - 1)
    distances = costs + np.diag(np.full(size, np.inf))
    near = np.argsort(distances, axis=1, kind="stable")[:, :width].astype(np.int64)
    least = LEAST_GAIN * (1 + float(np.abs(costs).max()))
    draws, own, lowest = rng.generator(seed), best, np.inf
    for done in itertools.count(1):
        _search(costs, near, own, BREADTH, DEPTH, least)
        total = float(costs[np.arange(size), own].sum())
        if total < lowest - least:
            lowest, best = total, own
        if is_over(deadline) or (deadline is None and done > KICKED_PLACES // size):
            return best
        own = _kick(best, draws)
    raise AssertionError


def _kick(mates: IntArray, draws: np.random.Generator) -> IntArray:
    """Return a copy in which a few pairs have exchanged their partners in a ring."""
    own = mates.copy()
    first = np.unique(draws.choice(len(own), min(KICK, len(own)), replace=False))
    first = np.unique(np.minimum(first, own[first]))
    second = own[first]
    turned = np.roll(second, 1)
    own[first], own[turned] = turned, first
    return own


@njit
def _search(
    costs: NDArray[np.float64],
    near: NDArray[np.int64],
    mates: NDArray[np.int64],
    breadth: NDArray[np.int64],
    depth: int,
    least: float,
) -> None:
    """Improve `mates` from each end in turn until none pays."""
    size = len(mates)
    path = np.empty(2 * depth + 2, np.int64)
    tries = np.zeros(depth + 1, np.int64)
    taken = np.zeros(depth + 1, np.int64)
    gains = np.zeros(depth + 1, np.float64)
    inside = np.zeros(size, np.bool_)
    calm, start = 0, 0
    while calm < size:
        level = _find_cycle(
            costs, near, mates, breadth, least, start, path, tries, taken, gains, inside
        )
        if level >= 0:
            _close(path, level, mates, inside)
        calm = 0 if level >= 0 else calm + 1
        start = (start + 1) % size


@borrowing_part
def _find_cycle(
    costs: NDArray[np.float64],
    near: NDArray[np.int64],
    mates: NDArray[np.int64],
    breadth: NDArray[np.int64],
    least: float,
    start: int,
    path: NDArray[np.int64],
    tries: NDArray[np.int64],
    taken: NDArray[np.int64],
    gains: NDArray[np.float64],
    inside: NDArray[np.bool_],
) -> int:
    """Return how many pairs after the first make a cycle through `start` that pays; else -1.

    `path` holds a, b, then the pairs c, d that were opened; `gains` what each depth has won.
    """
    depth, width = len(gains) - 1, near.shape[1]
    path[0], path[1] = start, mates[start]
    inside[start] = inside[path[1]] = True
    gains[0] = costs[start, path[1]]
    level, tries[0], taken[0] = 0, 0, 0
    while level >= 0:
        free = path[2 * level + 1]
        if level > 0 and gains[level] - costs[free, start] > least:
            break
        most = 0
        if level < depth:
            most = breadth[level] if level < len(breadth) else 1
        moved = False
        while tries[level] < width and taken[level] < most:
            c = near[free, tries[level]]
            tries[level] += 1
            gain = gains[level] - costs[free, c]
            if gain <= least:
                tries[level] = width
            elif not inside[c]:
                taken[level] += 1
                d = mates[c]
                path[2 * level + 2], path[2 * level + 3] = c, d
                inside[c] = inside[d] = True
                level += 1
                gains[level] = gain + costs[c, d]
                tries[level], taken[level] = 0, 0
                moved = True
                break
        if not moved:
            inside[path[2 * level]] = inside[path[2 * level + 1]] = False
            level -= 1
    return level


@borrowing_part
def _close(
    path: NDArray[np.int64], level: int, mates: NDArray[np.int64], inside: NDArray[np.bool_]
) -> None:
    """Join each end of the path's pairs to the next pair, and the last end to the first."""
    ends = 2 * level + 2
    for k in range(ends):
        inside[path[k]] = False
    for k in range(1, ends, 2):
        one, other = path[k], path[(k + 1) % ends]
        mates[one], mates[other] = other, one
