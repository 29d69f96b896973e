"""A kernel that walks from a state in which rows are broken to one in which all hold."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing, inlined
from hopfield_opt.moves.chains.excess import change_of, excess_of
from hopfield_opt.xoshiro import below, draw

# A step looks at the effect of so many flips at the most.
MOST_TRIED = 32
# A spin that flipped stays as it is for so many steps, and some of TENURES more.
LEAST_TENURE, TENURES = 3, 8


class Walk(NamedTuple):
    """Where a walk is; changed in place.

    Attributes
    ----------
    spins : (N,) int8
        The state.
    total, weight : (M,) float64
        The sums of the rows, and what a unit of their excess counts.
    broken, place : (M,) int32
        A list of the broken rows, and where each row stands in it, or -1.
    expires : (N,) int64
        Until which step a spin stays as it is.
    counts : (2,) int64
        The length of the list, and the steps.
    """

    spins: NDArray[np.int8]
    total: NDArray[np.float64]
    weight: NDArray[np.float64]
    broken: NDArray[np.int32]
    place: NDArray[np.int32]
    expires: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Any, spins: NDArray[np.int8]) -> "Walk":
        """Return a walk that begins at spins (N,), which it changes."""
        total = rows.totals(spins)
        broken = np.flatnonzero((total < rows.lower) | (total > rows.upper))
        place, listed = np.full(len(total), -1, np.int32), np.empty(len(total), np.int32)
        place[broken] = np.arange(len(broken))
        listed[: len(broken)] = broken
        expires, counts = np.zeros(len(spins), np.int64), np.array([len(broken), 0])
        return cls(spins, total, rows.scale.copy(), listed, place, expires, counts)

    @property
    def is_over(self) -> bool:
        """Whether all rows hold."""
        return int(self.counts[0]) == 0


@borrowing
def mend(rows, prices, at, words, work):
    """Repair a random broken row by its best flip, again and again; return the work that is left.

    Of the members whose flip brings the row nearer to its range, up to MOST_TRIED from a random
    place on, the one is taken that leaves the least weighted excess, what it costs in `prices`
    (N,) included; a row that is not repaired without a loss gains weight. (Feasibility Jump of
    Luteberget and Sartor 2023, which jumps to the best value of any variable, with the focus on
    one broken row of WalkSAT, Selman, Kautz and Cohen 1994.) Ends where all rows hold, or when
    about `work` entries have been looked at.
    """
    spins, total, weight, expires, counts = at.spins, at.total, at.weight, at.expires, at.counts
    while counts[0] > 0 and work > 0:
        g = at.broken[below(draw(words), counts[0])]
        first, size = rows.start[g], rows.start[g + 1] - rows.start[g]
        up = total[g] < rows.lower[g]
        least, chosen, tried = np.inf, np.int64(-1), 0
        offset = below(draw(words), size)
        for number in range(offset, offset + size):
            e = first + (number if number < size else number - size)
            k = np.int64(rows.spin[e])
            if ((rows.coefficient[e] > 0.0) == (spins[k] < 0)) != up:
                continue
            tried += 1
            if expires[k] <= counts[1]:
                sign = -1.0 if spins[k] > 0 else 1.0
                change = change_of(k, sign, rows, total, weight) + sign * prices[k]
                work -= rows.spin_start[k + 1] - rows.spin_start[k]
                if change < least:
                    least, chosen = change, k
            if tried == MOST_TRIED:
                break
        work -= 16 + size // 8
        counts[1] += 1
        if least >= 0.0:
            weight[g] += rows.scale[g]
        if chosen >= 0:
            expires[chosen] = counts[1] + LEAST_TENURE + below(draw(words), TENURES)
            _flip(chosen, rows, at)
    return work


@inlined
def _flip(k, rows, at):
    """Flip spin k; keep sums and the list of the broken rows."""
    sign = -1.0 if at.spins[k] > 0 else 1.0
    at.spins[k] = -at.spins[k]
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        g = rows.spin_row[e]
        at.total[g] += sign * rows.spin_coefficient[e]
        is_broken = excess_of(at.total[g], rows.lower[g], rows.upper[g]) > 0.0
        if is_broken and at.place[g] < 0:
            at.place[g] = at.counts[0]
            at.broken[at.counts[0]] = g
            at.counts[0] += 1
        elif not is_broken and at.place[g] >= 0:
            at.counts[0] -= 1
            last = at.broken[at.counts[0]]
            at.broken[at.place[g]] = last
            at.place[last] = at.place[g]
            at.place[g] = -1
