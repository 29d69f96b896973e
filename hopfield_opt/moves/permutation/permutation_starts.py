"""Permutations from arbitrary spins: which places are open, and the repair of starts."""

from typing import Any

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import BoolArray, IntArray
from hopfield_opt.errors import InputError
from hopfield_opt.jit import njit


def narrow(allowed: BoolArray) -> BoolArray:
    """Return the mask without the places that are taken by items with a single one.

    Examples
    --------
    >>> narrow(np.array([[True, False], [True, True]])).tolist()
    [[True, False], [False, True]]
    """
    own = allowed.copy()
    done = np.zeros(len(own), np.bool_)
    while True:
        single = np.flatnonzero((own.sum(axis=1) == 1) & ~done)
        if not len(single):
            return own
        for item in deadline.check_each(single, 100):
            place = int(np.argmax(own[item]))
            here = own[item, place]
            own[:, place] = False
            own[item, place] = here
        done[single] = True


def is_free(allowed: BoolArray) -> bool:
    """Return whether all items that can move have the same places, all those that are open.

    Examples
    --------
    >>> is_free(np.array([[True, False, False], [False, True, True], [False, True, True]]))
    True
    """
    movable = allowed.sum(axis=1) > 1
    rows = allowed[movable]
    return not len(rows) or bool((rows == rows[0]).all() and rows[0].sum() == len(rows))


def permutations_of(
    grids: BoolArray, allowed: BoolArray | None, rng: np.random.Generator
) -> IntArray:
    """Return permutations (R, n) that keep as many ones of `grids` (R, n, n) as they easily can.

    Parameters
    ----------
    grids : (R, n, n) array of bool
        Where spins are on.
    allowed : (n, n) array of bool, narrowed, or None
        The places of each item; None for all.
    rng : numpy Generator
        Breaks ties.

    Raises
    ------
    InputError
        If no permutation is allowed.

    Examples
    --------
    >>> grid = np.array([[[False, True], [False, True]]])
    >>> sorted(permutations_of(grid, None, np.random.default_rng(0))[0].tolist())
    [0, 1]
    """
    if allowed is not None:
        _check_feasible(allowed)
    repaired = np.empty(grids.shape[:2], np.int64)
    if not repaired.size:
        return repaired  # nothing to look up
    free = allowed is None or is_free(allowed)
    for k, grid in enumerate(grids):
        own = grid if allowed is None else grid & allowed
        if (own.sum(axis=0) == 1).all() and (own.sum(axis=1) == 1).all():
            repaired[k] = own.argmax(axis=1)
        elif allowed is not None and not free:
            repaired[k] = _assign(own, allowed, rng)
        else:
            pinned = own if allowed is None else own | _pins(allowed)
            order = rng.permuted(np.tile(np.arange(len(grid)), (2, 1)), axis=1)
            _greedy(pinned, *order, repaired[k])
    return repaired


def _check_feasible(allowed: BoolArray) -> None:
    """Raise InputError if no permutation is allowed."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    match = np.asarray(maximum_bipartite_matching(csr_array(allowed), "column"))
    if (match < 0).any():
        item = int(np.argmax(match < 0))
        raise InputError(
            f"allowed must leave a permutation of the {len(allowed)} items, got none: "
            f"no place is left for item {item}. Forbid fewer places or unpin items."
        )


def _pins(allowed: BoolArray) -> BoolArray:
    """Return the places that are the only ones of their items."""
    return np.asarray(allowed & (allowed.sum(axis=1) == 1)[:, None])


@njit
def _greedy(grid: Any, items: Any, places: Any, permutation: Any) -> None:
    """Give each of the items in turn the first of the places that is open and on; the rest wait.

    Whatever is left when all items were asked is matched in order.
    """
    n = len(grid)
    is_open = np.ones(n, np.bool_)
    for item in items:
        permutation[item] = -1
        for place in places:
            if grid[item, place] and is_open[place]:
                permutation[item] = place
                is_open[place] = False
                break
    at = 0
    for item in items:
        if permutation[item] < 0:
            while not is_open[places[at]]:
                at += 1
            permutation[item] = places[at]
            at += 1


def _assign(grid: BoolArray, allowed: BoolArray, rng: np.random.Generator) -> IntArray:
    """Return an allowed permutation with the most ones, ties at random."""
    from scipy.optimize import linear_sum_assignment

    n = len(grid)
    gain = np.where(allowed, grid + rng.random(grid.shape) / (n + 1), -2.0 * (n + 1))
    return np.asarray(linear_sum_assignment(gain, maximize=True)[1], dtype=np.int64)
