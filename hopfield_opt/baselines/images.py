"""Restored images by minimum cuts and by iterated conditional modes, as baselines."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from hopfield_opt.deadline import is_over

Floats = NDArray[np.float64]
Levels = NDArray[np.int64]

# scipy's maximum flow computes in 32-bit integers
LARGEST = 2**31 - 1
# expansions of so many pixels in all are made whatever the deadline says: a tenth of a second
PIXELS_ALWAYS = 20_000


class Grid(NamedTuple):
    """What an image costs: (height, width, levels) for each pixel, and for each unlike pair."""

    costs: Floats
    coupling: float


def minimum_cut(grid: Grid, seed: int, deadline: float | None = None) -> Levels:
    """Return the image of two levels with the least cost, by one maximum flow.

    What stays on the source's side of the minimum cut has level 1 [1]_.

    Parameters
    ----------
    grid : Grid
        Two levels, and a coupling >= 0.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes milliseconds for thousands of pixels.

    Returns
    -------
    (height, width) int64
        The levels.

    References
    ----------
    .. [1] D. M. Greig, B. T. Porteous, A. H. Seheult, "Exact maximum a posteriori estimation
       for binary images", J. Royal Statistical Society B 51 (1989), section 2.
    """
    return _expand_level(grid, np.zeros(grid.costs.shape[:2], dtype=np.int64), 1)


def expansions(grid: Grid, seed: int, deadline: float | None = None) -> Levels:
    """Return an image that no expansion of a level improves.

    An expansion of a level gives it to any set of pixels at once; the best one is a minimum cut.
    With two levels the image is optimal, with more its cost is at most twice the least [1]_.

    Parameters
    ----------
    grid : Grid
        Any number of levels, and a coupling >= 0.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` after which no further expansion is begun.

    Returns
    -------
    (height, width) int64
        The levels.

    References
    ----------
    .. [1] Y. Boykov, O. Veksler, R. Zabih, "Fast approximate energy minimization via graph
       cuts", IEEE PAMI 23 (2001), section 5 and theorem 6.1.
    """
    return improve_image(grid, grid.costs.argmin(axis=2), deadline)


def improve_image(grid: Grid, levels: Levels, deadline: float | None = None) -> Levels:
    """Return an image after expansions of one level after the other, until none gains.

    A deadline ends this, but for the first expansions of a small image.
    """
    num_levels = grid.costs.shape[2]
    best, least = levels, cost(grid, levels)
    at_least = PIXELS_ALWAYS // max(1, levels.size)
    tries, since_gain = 0, 0
    while since_gain < num_levels:
        if tries >= at_least and is_over(deadline):
            break
        found = _expand_level(grid, best, (tries + 1) % num_levels)
        tries, since_gain = tries + 1, since_gain + 1
        # rounding of sums must not look like a gain
        if (value := cost(grid, found)) < least - 1e-12 * abs(least):
            best, least, since_gain = found, value, 0
    return best


def cost(grid: Grid, levels: Levels) -> float:
    """Return what an image costs."""
    data = np.take_along_axis(grid.costs, levels[..., None], axis=2).sum()
    unlike = (levels[1:] != levels[:-1]).sum() + (levels[:, 1:] != levels[:, :-1]).sum()
    return float(data + grid.coupling * unlike)


def _expand_level(grid: Grid, levels: Levels, level: int) -> Levels:
    """Return the image after the best expansion of a level.

    With z_p = 1 where pixel p gets the level, a pair costs ``A (1-z_p)(1-z_q) + B (1-z_p) z_q +
    C z_p (1-z_q) = A + (C - A) z_p - C z_q + (B + C - A) (1 - z_p) z_q``.
    """
    height, width, num_levels = grid.costs.shape
    first, second = neighbours(height, width)
    flat, costs = levels.ravel(), grid.costs.reshape(height * width, num_levels)
    neither = grid.coupling * (flat[first] != flat[second])
    only_second = grid.coupling * (flat[first] != level)
    only_first = grid.coupling * (flat[second] != level)
    own = costs[:, level] - costs[np.arange(len(flat)), flat]
    own = own + np.bincount(first, only_first - neither, len(flat))
    own = own - np.bincount(second, only_first, len(flat))
    chosen = _least(own, first, second, only_second + only_first - neither)
    return np.where(chosen, level, flat).reshape(height, width)


def _least(own: Floats, first: Levels, second: Levels, weights: Floats) -> NDArray[np.bool_]:
    """Return z with the least ``sum own_p z_p + sum weights_pq (1 - z_p) z_q``, weights >= 0.

    The costs are scaled to integers by the largest power of two for which their sum fits into 32
    bits: exact for costs with so few digits in binary, else optimal up to the rounding.
    """
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    size = len(own)
    pixels, source, sink = np.arange(size), size, size + 1
    heads = np.concatenate([np.full(size, source), pixels, second])
    tails = np.concatenate([pixels, np.full(size, sink), first])
    capacities = np.concatenate([np.maximum(-own, 0), np.maximum(own, 0), weights])
    total = float(capacities.sum())
    if total == 0:
        return np.zeros(size, dtype=bool)
    whole = np.round(capacities * 2.0 ** np.floor(np.log2(LARGEST / total))).astype(np.int32)
    graph = csr_array(coo_array((whole, (heads, tails)), shape=(size + 2, size + 2)))
    left = csr_array(graph - maximum_flow(graph, source, sink).flow)
    left.eliminate_zeros()
    reached = np.zeros(size + 2, dtype=bool)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    return reached[:size]


def conditional_modes(grid: Grid, seed: int, deadline: float | None = None) -> Levels:
    """Return an image of which no single pixel can be changed for the better.

    From the best levels without the coupling on, the black and the white squares of the grid
    take in turn the best level given their neighbours, until none changes [1]_.

    Parameters
    ----------
    grid : Grid
        Any number of levels.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` after which the image is returned as it is.

    Returns
    -------
    (height, width) int64
        The levels.

    References
    ----------
    .. [1] J. Besag, "On the statistical analysis of dirty pictures", J. Royal Statistical
       Society B 48 (1986), section 2.5.
    """
    height, width, num_levels = grid.costs.shape
    levels: Levels = grid.costs.argmin(axis=2)
    black = np.add.outer(np.arange(height), np.arange(width)) % 2 == 0
    changed = True
    while changed and not is_over(deadline):
        changed = False
        for squares in (black, ~black):
            alike = np.zeros((height + 2, width + 2, num_levels))
            alike[1:-1, 1:-1] = levels[..., None] == np.arange(num_levels)
            around = alike[:-2, 1:-1] + alike[2:, 1:-1] + alike[1:-1, :-2] + alike[1:-1, 2:]
            local = grid.costs - grid.coupling * around
            best = local.argmin(axis=2)
            now = np.take_along_axis(local, levels[..., None], axis=2)[..., 0]
            # a change that gains nothing could go round in circles
            better = squares & (local.min(axis=2) < now)
            levels = np.where(better, best, levels)
            changed |= bool(better.any())
    return levels


def neighbours(height: int, width: int) -> tuple[Levels, Levels]:
    """Return the two ends of each pair of neighbours, pixels counted row by row."""
    pixels = np.arange(height * width, dtype=np.int64).reshape(height, width)
    first = np.concatenate([pixels[:, :-1].ravel(), pixels[:-1].ravel()])
    second = np.concatenate([pixels[:, 1:].ravel(), pixels[1:].ravel()])
    return first, second
