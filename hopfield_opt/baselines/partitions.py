"""Number partitions: greedy, by differences (Karmarkar and Karp), and by meeting in the middle."""

import heapq
import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.deadline import has_passed, is_over

Signs = NDArray[np.int8]

# half a second, and 2^20 sums for each half
MAX_NUMBERS_EXACT = 40
# Exchanges of up to three of so many numbers of each part are all tried, 20 ms a round;
EXCHANGED, NEAR = 3, 40
# so many rounds are made whatever the deadline says.
ROUNDS = 5


def greedy(numbers: Sequence[int], seed: int, deadline: float | None = None) -> Signs:
    """Return sides: each number, from the largest on, goes where the sum is smaller.

    Parameters
    ----------
    numbers : sequence of int
        The numbers.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes milliseconds.

    Returns
    -------
    (n,) int8
        +1 and -1.

    Examples
    --------
    >>> greedy([4, 5, 6, 7, 8], 0).tolist()
    [1, 1, -1, -1, 1]
    """
    signs, sum_so_far = [1] * len(numbers), 0
    sizes = [-abs(number) for number in numbers]
    for place in sorted(range(len(numbers)), key=sizes.__getitem__):
        number = numbers[place]
        if (sum_so_far <= 0) == (number >= 0):
            sum_so_far += number
        else:
            sum_so_far -= number
            signs[place] = -1
    return np.array(signs, dtype=np.int8)


def differences(numbers: Sequence[int], seed: int, deadline: float | None = None) -> Signs:
    """Return sides by the differencing method.

    The two largest numbers go to different sides: they are replaced by their difference, until
    one number is left [1]_. Where the time is over on the way the sides are those of `greedy`.

    Parameters
    ----------
    numbers : sequence of int
        The numbers.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes milliseconds.

    Returns
    -------
    (n,) int8
        +1 and -1.

    References
    ----------
    .. [1] N. Karmarkar, R. M. Karp, "The differencing method of set partitioning", technical
       report UCB/CSD 82/113, Berkeley (1982).

    Examples
    --------
    >>> differences([4, 5, 6, 7, 8], 0).tolist()
    [1, 1, -1, 1, -1]
    """
    if has_passed():
        return greedy(numbers, seed)
    heap = [(-abs(number), place) for place, number in enumerate(numbers)]
    heapq.heapify(heap)
    apart = []
    while len(heap) > 1:
        if len(heap) % 1000 == 0 and has_passed():
            return greedy(numbers, seed)
        (large, first), (small, second) = heapq.heappop(heap), heapq.heappop(heap)
        # the difference stands where the larger one was
        apart.append((first, second))
        heapq.heappush(heap, (large - small, first))
    sides = [1] * len(numbers)
    for first, second in reversed(apart):  # the second ones are settled in no later pair
        sides[second] = -sides[first]
    turn = sides[0] if sides else 1  # the first number's side is called +1
    signs = [
        turn * side if number >= 0 else -turn * side
        for side, number in zip(sides, numbers, strict=True)
    ]
    return np.array(signs, dtype=np.int8)


def complete(numbers: Sequence[int], seed: int, deadline: float | None = None) -> Signs:
    """Return sides with the least difference, of at most 40 numbers.

    All sums of one half of the numbers are sorted; for each sum of the other half the nearest
    opposite one is looked up: time ``n 2^(n/2)`` [1]_.

    Parameters
    ----------
    numbers : sequence of int
        The numbers; the sum of their sizes is at most 2^62.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes up to half a second.

    Returns
    -------
    (n,) int8
        +1 and -1.

    References
    ----------
    .. [1] E. Horowitz, S. Sahni, "Computing partitions with applications to the knapsack
       problem", J. ACM 21 (1974), section 3.

    Examples
    --------
    >>> complete([4, 5, 6, 7, 8], 0).tolist()
    [1, 1, 1, -1, -1]
    """
    half = len(numbers) // 2
    first, second = _sums(numbers[:half]), _sums(numbers[half:])
    order = np.argsort(second, kind="stable")
    ordered = second[order]
    # the next larger one is enough: the next smaller one is that of the opposite sum
    match = np.searchsorted(ordered, -first).clip(max=len(ordered) - 1)
    best = int(np.abs(first + ordered[match]).argmin())
    codes = (best, half), (int(order[match[best]]), len(numbers) - half)
    signs = [1 if code >> k & 1 else -1 for code, size in codes for k in range(size)]
    found = np.array(signs, dtype=np.int8)
    return found * found[:1] if len(found) else found


def exchange_numbers(
    numbers: Sequence[int], signs: Signs, seed: int, deadline: float | None
) -> Signs:
    """Return sides that no exchange of up to three numbers for as many improves.

    Of many numbers, a new random choice is looked at in each round.

    Parameters
    ----------
    numbers : sequence of int
        The numbers.
    signs : (n,) int8
        +1 and -1.
    seed : int
        The same seed gives the same rounds.
    deadline : float or None
        A value of `time.monotonic()` after which no further round is begun, but for the first
        five.

    Returns
    -------
    (n,) int8
        +1 and -1.
    """
    found, values, draws = signs.copy(), np.array(numbers, dtype=np.int64), rng.generator(seed)
    since_gain = 0
    for done in itertools.count():
        if since_gain >= ROUNDS or (done >= ROUNDS and is_over(deadline)):
            break
        # a flip of these changes the difference by -2 times the sum of their shares
        shares = np.append(found * values, 0)  # the last for the places -1
        sides = [np.flatnonzero(found == sign) for sign in (1, -1)]
        chosen = [_few(draws.permutation(side)[:NEAR]) for side in sides]
        sums = [shares[few].sum(axis=1) for few in chosen]
        difference = int(shares.sum())
        order = np.argsort(sums[1], kind="stable")
        wanted = difference / 2 - sums[0]
        right = np.searchsorted(sums[1][order], wanted).clip(max=len(order) - 1)
        match = np.stack([right, (right - 1).clip(min=0)])
        left_over = np.abs(difference - 2 * (sums[0] + sums[1][order[match]]))
        which, first = np.unravel_index(int(left_over.argmin()), left_over.shape)
        since_gain += 1
        if left_over[which, first] < abs(difference):
            flipped = np.concatenate([chosen[0][first], chosen[1][order[match[which, first]]]])
            found[flipped[flipped >= 0]] *= -1
            since_gain = 0
    return found


def _few(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all choices of up to three places as rows, filled up with -1."""
    rows = [c for k in range(EXCHANGED + 1) for c in itertools.combinations(places.tolist(), k)]
    return np.array([row + (-1,) * (EXCHANGED - len(row)) for row in rows], dtype=np.int64)


def _sums(numbers: Sequence[int]) -> NDArray[np.int64]:
    """Return ``sum s_k a_k`` of all signs, bit k of the place being 1 where s_k is +1."""
    sums = np.zeros(1, dtype=np.int64)
    for number in numbers:
        sums = np.concatenate([sums - number, sums + number])
    return sums
