"""Knapsacks by density, by exchanges, by dynamic programming and by HiGHS, as baselines."""

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.baselines import highs
from hopfield_opt.deadline import is_over
from hopfield_opt.io.knapsack import Items

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

# bits of the table of the dynamic programming: a second, and a hundred megabytes as bytes
MAX_TABLE = 10**8
# The items at the border between what is in and what is out: exchanges of up to three of them
# for up to three others are all tried, 20 ms a round.
NEAR = 50
# with several capacities all pairs of such choices are compared one by one
NEAR_SEVERAL = 40
# so many exchanges are made whatever the deadline says: a tenth of a second
ROUNDS = 5


def densities(items: Items) -> Floats:
    """Return value for weight, the weights as shares of their capacity and added up."""
    limits = np.where(items.capacities > 0, items.capacities, 1.0)
    shares = (items.weights / limits).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(shares > 0, items.values / shares, np.where(items.values > 0, np.inf, 0.0))


def by_density(items: Items, most: Counts, seed: int, deadline: float | None = None) -> Counts:
    """Return how many of each item to take: the densest first, as many as still fit.

    Parameters
    ----------
    items : Items
        The knapsack.
    most : (n,) int64
        How many of each item there are.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes milliseconds.

    Returns
    -------
    (n,) int64
        How many.
    """
    taken = np.zeros(len(most), dtype=np.int64)
    order = np.argsort(-densities(items), kind="stable")
    order = order[items.values[order] > 0]
    if len(items.capacities) == 1:
        taken[order] = _take_one_by_one(
            items.weights[order, 0].tolist(), most[order].tolist(), float(items.capacities[0])
        )
        return taken
    left = items.capacities.copy()
    for item in order.tolist():
        weights = items.weights[item]
        heavy = weights > 0
        fits = np.floor(left[heavy] / weights[heavy]).min(initial=most[item])
        taken[item] = max(0, min(int(most[item]), int(fits)))
        left -= taken[item] * weights
    return taken


def _take_one_by_one(weights: list[float], most: list[int], left: float) -> list[int]:
    """Return how many of each item fit, in their order; numpy would take ten times as long."""
    taken = []
    for weight, top in zip(weights, most, strict=True):
        fits = left / weight if weight > 0 else math.inf
        count = top if fits >= top else max(0, math.floor(fits))
        left -= count * weight
        taken.append(count)
    return taken


def dynamic_programming(
    items: Items, most: Counts, seed: int, deadline: float | None = None
) -> Counts:
    """Return an optimal choice for one capacity and whole weights.

    ``best(c) = max(best(c), best(c - weight) + value)`` item by item, in time and memory
    proportional to the number of items and the capacity; many of a kind are packed into bundles
    of 1, 2, 4, ... [1]_.

    Parameters
    ----------
    items : Items
        The knapsack, `fits_table` of which is true.
    most : (n,) int64
        How many of each item there are.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes up to a second.

    Returns
    -------
    (n,) int64
        How many.

    References
    ----------
    .. [1] S. Martello, P. Toth, "Knapsack Problems", Wiley (1990), sections 2.6 and 3.2.
    """
    capacity = int(min(items.capacities[0], float(items.weights[:, 0] @ most)))
    best = np.zeros(capacity + 1)
    bundles = _bundles(most)
    taken = np.zeros((len(bundles), capacity + 1), dtype=bool)
    for row, (item, size) in enumerate(bundles):
        weight, value = size * int(items.weights[item, 0]), size * items.values[item]
        if weight > capacity:
            continue
        with_it = best[: capacity + 1 - weight] + value
        taken[row, weight:] = with_it > best[weight:]
        best[weight:] = np.maximum(best[weight:], with_it)
    counts, left = np.zeros(len(most), dtype=np.int64), capacity
    for row in reversed(range(len(bundles))):
        if taken[row, left]:
            item, size = bundles[row]
            counts[item] += size
            left -= size * int(items.weights[item, 0])
    return counts


def fits_table(items: Items, most: Counts) -> bool:
    """Whether dynamic programming solves the knapsack, with weights that are whole."""
    if items.weights.shape[1] != 1 or (items.weights != np.floor(items.weights)).any():
        return False
    total = float(items.weights[:, 0] @ most)
    rows = float(np.ceil(np.log2(most + 1.0)).sum())
    return (min(float(items.capacities[0]), total) + 1) * rows <= MAX_TABLE


def _bundles(most: Counts) -> list[tuple[int, int]]:
    """Return (item, how many in one bundle), so that bundles add up to all counts up to `most`."""
    bundles = []
    for item, count in enumerate(most.tolist()):
        size = 1
        while count > 0:
            bundles.append((item, min(size, count)))
            count -= size
            size *= 2
    return bundles


def integer_program(items: Items, most: Counts, seed: int, deadline: float | None = None) -> Counts:
    """Return the best choice that HiGHS finds.

    Parameters
    ----------
    items : Items
        The knapsack.
    most : (n,) int64
        How many of each item there are.
    seed : int
        Not used: HiGHS repeats its runs.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.

    Returns
    -------
    (n,) int64
        How many: optimal where HiGHS ends before the deadline.
    """
    found = highs.minimum(-items.values, items.weights.T, -np.inf, items.capacities, most, deadline)
    if found is None or (items.weights.T @ found > items.capacities).any():
        # nothing yet, or a choice that is too heavy by HiGHS's tolerance
        return by_density(items, most, seed)
    return found.astype(np.int64)


def exchange_items(
    items: Items, most: Counts, start: Counts, deadline: float | None = None
) -> Counts:
    """Return a choice that no exchange of a few single items improves.

    Up to three items that are in (two, with several capacities) are exchanged for up to as many
    that are out; of many items, those with densities next to the border are tried.

    Parameters
    ----------
    items : Items
        The knapsack.
    most : (n,) int64
        How many of each item there are.
    start : (n,) int64
        A choice that fits.
    deadline : float or None
        A value of `time.monotonic()` after which no further exchange is begun, but for the
        first five.

    Returns
    -------
    (n,) int64
        How many.
    """
    counts, order = start.copy(), np.argsort(-densities(items), kind="stable")
    single = items.weights.shape[1] == 1
    near, size = (NEAR, 3) if single else (NEAR_SEVERAL, 2)
    for done in itertools.count():
        if done >= ROUNDS and is_over(deadline):
            break
        inside, outside = order[counts[order] > 0][-near:], order[(counts < most)[order]][:near]
        leave, enter = _choices(items, inside, size), _choices(items, outside, size)
        slack = items.capacities - items.weights.T @ counts
        gain, out, into = (_best_exchange_of_sorted if single else _best_pair)(leave, enter, slack)
        # rounding of sums must not look like a gain
        if gain <= 1e-12 * float(np.abs(items.values).sum()):
            break
        for near_items, choice, k, step in ((inside, leave, out, -1), (outside, enter, into, 1)):
            counts[near_items[choice.members[k][choice.used[k] > 0]]] += step
    return counts


class _Choices(NamedTuple):
    """Choices of up to a few of some items: whom, whether it is one, and what all are worth."""

    members: Counts
    used: Counts
    values: Floats
    weights: Floats


def _choices(items: Items, near: Counts, size: int) -> _Choices:
    """Return all choices of up to `size` of the items `near`, as places in it."""
    combined = [c for k in range(size + 1) for c in itertools.combinations(range(len(near)), k)]
    padded = [c + (-1,) * (size - len(c)) for c in combined]
    members = np.array(padded, dtype=np.int64).reshape(-1, size)
    used = (members >= 0).astype(np.int64)
    chosen = near[members] if len(near) else members
    values = (items.values[chosen] * used).sum(axis=1) if len(near) else np.zeros(1)
    weights = np.zeros((len(members), items.weights.shape[1]))
    if len(near):
        weights = (items.weights[chosen] * used[:, :, None]).sum(axis=1)
    return _Choices(np.maximum(members, 0), used, values, weights)


def _best_exchange_of_sorted(
    leave: _Choices, enter: _Choices, slack: Floats
) -> tuple[float, int, int]:
    """Return the largest gain and who leaves and enters, for one capacity."""
    order = np.lexsort((-enter.values, enter.weights[:, 0]))
    values = enter.values[order]
    # the most valuable of those that are not heavier
    best = np.maximum.accumulate(values)
    where = np.maximum.accumulate(np.where(values >= best, np.arange(len(order)), 0))
    room = slack[0] + leave.weights[:, 0]
    last = np.searchsorted(enter.weights[order, 0], room, side="right") - 1
    gains = np.where(last >= 0, best[last] - leave.values, -np.inf)
    out = int(gains.argmax())
    return float(gains[out]), out, int(order[where[last[out]]])


def _best_pair(leave: _Choices, enter: _Choices, slack: Floats) -> tuple[float, int, int]:
    """Return the largest gain and who leaves and enters, for several capacities."""
    gains = enter.values - leave.values[:, None]
    for k, room in enumerate(slack):
        gains[enter.weights[:, k] > room + leave.weights[:, [k]]] = -np.inf
    out, into = np.unravel_index(int(gains.argmax()), gains.shape)
    return float(gains[out, into]), int(out), int(into)
