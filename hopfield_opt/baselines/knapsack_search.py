"""Local search of knapsacks: take a few items out, fill up in a random order that likes density.

The densest items that fit come first, but each is passed over by chance; who was passed over comes
last. A choice that is hardly worse than the best is gone on from.
"""

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.baselines.knapsacks import Counts, Floats, densities
from hopfield_opt.deadline import is_over
from hopfield_opt.io.knapsack import Items
from hopfield_opt.jit import borrowing_part, njit, part
from hopfield_opt.xoshiro import below, draw

# Up to so many items are taken out, and one in so many is passed over.
MOST_OUT, PASSED_OVER = 8, 4
# The search goes on from choices that are worse than the best by so many usual values.
SLACK = 0.5
# without a deadline, and between two looks at the clock
STEPS, STEPS_BETWEEN_LOOKS = 20000, 500
# a step looks at all items, of which so many are seen in a few milliseconds
ITEMS_BETWEEN_LOOKS = 2_000_000


def improve_choice(
    items: Items, most: Counts, start: Counts, seed: int, deadline: float | None
) -> Counts:
    """Return a choice that is worth no less than a given one.

    Parameters
    ----------
    items : Items
        The knapsack.
    most : (n,) int64
        How many of each item there are.
    start : (n,) int64
        A choice that fits.
    seed : int
        The same seed gives the same steps.
    deadline : float or None
        A value of `time.monotonic()` at which it ends, after 500 steps at the least (fewer where
        there are many items); None makes 20000 steps.

    Returns
    -------
    (n,) int64
        How many.

    References
    ----------
    R. Ruiz, T. Stützle, "A simple and effective iterated greedy algorithm for the permutation
    flowshop scheduling problem", European Journal of Operational Research 177 (2007).

    Examples
    --------
    >>> items = Items(np.array([6.0, 5.0, 5.0]), np.array([[4.0], [3.0], [3.0]]), np.array([6.0]))
    >>> improve_choice(items, np.ones(3, np.int64), np.array([1, 0, 0]), 0, None).tolist()
    [0, 1, 1]
    """
    values, weights = np.array(items.values), np.array(items.weights)
    order = np.argsort(-densities(items), kind="stable")
    slack = SLACK * float(np.median(np.abs(values))) if len(values) else 0.0
    words = rng.stream(seed, words=4)
    best, current = start.copy(), start.copy()
    done, block = 0, STEPS_BETWEEN_LOOKS
    if deadline is not None:
        block = int(np.clip(ITEMS_BETWEEN_LOOKS // max(1, len(values)), 1, block))
    while not done or not (is_over(deadline) or (deadline is None and done >= STEPS)):
        left = items.capacities - weights.T @ current
        steps = (block, slack, words)
        _search(values, weights, np.array(most), order, current, best, left, *steps)
        done += block
    return best


@njit
def _search(
    values: Floats,
    weights: Floats,
    most: Counts,
    order: Counts,
    current: Counts,
    best: Counts,
    left: Floats,
    steps: int,
    slack: float,
    words: NDArray[np.uint64],
) -> None:
    """Make steps from `current`, which leaves room `left`; keep the best choice, all in place."""
    highest = (values * best).sum()
    own, room = current.copy(), left.copy()
    for _ in range(steps):
        members = np.flatnonzero(own)
        if len(members):
            for _ in range(1 + below(draw(words), MOST_OUT)):
                j = members[below(draw(words), len(members))]
                if own[j]:
                    own[j] -= 1
                    room += weights[j]
        _fill(values, weights, most, order, own, room, PASSED_OVER, words)
        _fill(values, weights, most, order, own, room, 0, words)
        total = (values * own).sum()
        if total > highest:
            highest = total
            best[:] = own
        if total >= highest - slack:
            current[:] = own
            left[:] = room
        else:
            own[:] = current
            room[:] = left


@part
def _fill(
    values: Floats,
    weights: Floats,
    most: Counts,
    order: Counts,
    own: Counts,
    room: Floats,
    passed: int,
    words: NDArray[np.uint64],
) -> None:
    """Take what still fits and is worth it, in order; one in `passed` is passed over."""
    for j in order:
        if own[j] == most[j] or values[j] <= 0 or (passed and below(draw(words), passed) == 0):
            continue
        while own[j] < most[j] and _fits(weights[j], room):
            own[j] += 1
            room -= weights[j]


@borrowing_part
def _fits(weights: Floats, room: Floats) -> bool:
    fits = True
    for k in range(len(room)):
        fits &= weights[k] <= room[k]
    return fits
