"""Kernels that fix one spin after another, and whatever the rows then leave no choice."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.moves.chains.excess import change_of


class Choices(NamedTuple):
    """What is fixed so far, and what rows can still become; changed in place.

    Attributes
    ----------
    fixed : (N,) int8
        The spins, 0 where one is open.
    low, high, total : (M,) float64
        The least and the largest sums that are open to each row, and those if all open spins are
        off.
    widest : (M,) float64
        No open coefficient of a row is larger.
    queue, queued, ends : (M,) int32, (M,) int8 and (2,) int64
        A ring of rows that may leave spins no choice, marks of these, and its begin and end.
    """

    fixed: NDArray[np.int8]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    total: NDArray[np.float64]
    widest: NDArray[np.float64]
    queue: NDArray[np.int32]
    queued: NDArray[np.int8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Any) -> "Choices":
        """Return that nothing is fixed yet, all rows waiting to be looked at."""
        size = len(rows.lower)
        row = np.repeat(np.arange(size), np.diff(rows.start))
        ends = (np.minimum(rows.coefficient, 0.0), np.maximum(rows.coefficient, 0.0))
        low, high = (np.bincount(row, end, size).astype(np.float64) for end in ends)
        return cls(
            fixed=np.zeros(len(rows.spin_start) - 1, np.int8),
            low=low,
            high=high,
            total=np.zeros(size),
            widest=1.0 / rows.scale,
            queue=np.arange(size, dtype=np.int32),
            queued=np.ones(size, np.int8),
            ends=np.array([0, size]),
        )

    def copy(self) -> "Choices":
        """Return the same in arrays of its own."""
        copies: Any = [array.copy() for array in self]
        return Choices(*copies)


@inlined
def _may_be(k, is_on, rows, choices):
    """Whether all rows of spin k, which is open, can still hold if it is on, or off."""
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        g, c = rows.spin_row[e], rows.spin_coefficient[e]
        least = choices.low[g] + (max(c, 0.0) if is_on else -min(c, 0.0))
        most = choices.high[g] + (min(c, 0.0) if is_on else -max(c, 0.0))
        if least > rows.upper[g] or most < rows.lower[g]:
            return False
    return True


@borrowing_part
def _fix(k, is_on, rows, choices):
    """Fix spin k; queue the rows that may leave others no choice."""
    low, high, queue, ends = choices.low, choices.high, choices.queue, choices.ends
    choices.fixed[k] = 1 if is_on else -1
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        g, c = rows.spin_row[e], rows.spin_coefficient[e]
        low[g] += max(c, 0.0) if is_on else -min(c, 0.0)
        high[g] += min(c, 0.0) if is_on else -max(c, 0.0)
        choices.total[g] += c if is_on else 0.0
        room = min(rows.upper[g] - low[g], high[g] - rows.lower[g])
        if choices.queued[g] == 0 and room < choices.widest[g]:
            choices.queued[g] = 1
            queue[ends[1] % len(queue)] = g
            ends[1] += 1


@borrowing
def propagate(rows, choices):
    """Fix what the queued rows leave no choice, and so on; return the entries looked at."""
    low, high, ends = choices.low, choices.high, choices.ends
    work = 0
    while ends[0] < ends[1]:
        g = choices.queue[ends[0] % len(choices.queue)]
        ends[0] += 1
        choices.queued[g] = 0
        largest = 0.0
        work += 8 + rows.start[g + 1] - rows.start[g]
        for e in range(rows.start[g], rows.start[g + 1]):
            k, c = rows.spin[e], rows.coefficient[e]
            if choices.fixed[k] != 0:
                continue
            too_high, too_low = abs(c) > rows.upper[g] - low[g], abs(c) > high[g] - rows.lower[g]
            if too_high or too_low:  # only one of its values is left
                _fix(k, (c < 0.0) == too_high, rows, choices)
            else:
                largest = max(largest, abs(c))
        choices.widest[g] = largest
    return work


@borrowing
def fix_all(rows, choices, order, wanted, place, work):
    """Fix the spins of `order` from a place on, until the work is done; return the next place.

    A spin becomes on where it is wanted, or where that brings the rows nearer to their ranges;
    but where its rows leave only the other value it takes that (fix and propagate: Salvagnin,
    Roberti and Fischetti 2024).
    """
    while place < len(order) and work > 0:
        k = order[place]
        place += 1
        if choices.fixed[k] != 0:
            continue
        work -= 4 * (rows.spin_start[k + 1] - rows.spin_start[k])
        is_on = wanted[k] > 0 or change_of(k, 1.0, rows, choices.total, rows.scale) < 0.0
        if not _may_be(k, is_on, rows, choices) and _may_be(k, not is_on, rows, choices):
            is_on = not is_on
        _fix(k, is_on, rows, choices)
        work -= propagate(rows, choices)
    return place
