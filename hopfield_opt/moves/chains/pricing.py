"""What a unit of each row is worth, so that chains look first at members that are cheap in the end.

A member's own cost does not say what it takes of its rows. The dual of the linear program that
rows and costs are does: priced by it, those that good states hold cost next to nothing.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.jit import borrowing, borrowing_part, inlined
from hopfield_opt.moves.chains.rows import RowTerms

Floats = NDArray[np.float64]

# Temperatures of the ascent, from the spread of the costs down to this part of it: at the last
# one the bound of an assignment is within a percent of that of the linear program.
ROUNDS, COLDEST = 30, 0.03
# So many entries are looked at in all rounds together, but in LEAST_ROUNDS rounds anyway.
MOST_ENTRIES, LEAST_ROUNDS = 5_000_000, 3
# Steps of Newton's method for one row, none longer than so many temperatures; and how near to the
# end of its range, relative to it, its sum shall come.
NEWTON_STEPS, LONGEST_STEP, NEAR = 12, 20.0, 0.02
# Odds beyond exp(FARTHEST) are as good as certain.
FARTHEST = 60.0


class Prices(NamedTuple):
    """What spins cost once they are on.

    Attributes
    ----------
    costs : (N,) float64
        By themselves, others as the rows leave them on the average.
    taken : (N,) float64
        What they take of their rows, at the rows' prices.
    trust : float
        The part of the differences between costs that does not hang on other spins.
    """

    costs: Floats
    taken: Floats
    trust: float

    @property
    def reduced(self) -> Floats:
        """Both together, (N,)."""
        return self.costs + self.taken


def find_prices(rows: RowTerms, links: Any, thresholds: Floats) -> Prices:
    """Return prices by an ascent of the dual, smoothed by a temperature that falls.

    With x in [0, 1] and an entropy at temperature T the dual is smooth: x is
    ``1 / (1 + exp(r / T))``, r being the reduced cost ``cost + sum price c``. Row by row a price is
    set so that the row's sum is within its range: 0 if it then is, else so that it is at the end.

    Parameters
    ----------
    rows : RowTerms
        The rows.
    links : (N, N) sparse array
        The couplings W.
    thresholds : (N,) float64
        The thresholds.

    References
    ----------
    D. P. Bertsekas, "Nonlinear Programming", 2nd ed. (1999), 6.2: coordinate ascent of a dual.
    """
    share = _shares_on(rows, len(thresholds))
    spread = 4.0 * share * (1.0 - share)
    costs = -2.0 * (links @ (2.0 * share - 1.0) - thresholds)
    own = float(np.var(costs))
    others = 4.0 * float(np.mean(links.multiply(links) @ spread)) if len(share) else 0.0
    reduced = costs.copy()
    scale = np.sqrt(own)
    if scale <= np.finfo(np.float64).eps * np.abs(costs).max(initial=0.0):
        return Prices(costs, np.zeros(len(costs)), 0.0)
    number = int(np.clip(MOST_ENTRIES // max(1, len(rows.spin)), LEAST_ROUNDS, ROUNDS))
    prices = np.zeros(len(rows.lower))
    for temperature in scale * np.geomspace(1.0, COLDEST, number):
        deadline.check()
        _ascend(rows, reduced, prices, temperature)
    return Prices(costs, reduced - costs, own / (own + others))


def _shares_on(rows: RowTerms, size: int) -> Floats:
    """Return which part of its time each spin (N,) is on, by the tightest of its rows."""
    share = np.full(size, 0.5)
    length = np.diff(rows.start)
    even = (rows.unit > 0) & (rows.upper >= 0) & np.isfinite(rows.upper)
    own = np.full(len(length), 0.5)
    np.divide(rows.upper, np.maximum(length, 1) * rows.unit, out=own, where=even)
    np.minimum.at(share, rows.spin, own[rows.row])
    return share


@inlined
def _part_on(reduced, temperature):
    """Return how far a spin is on at a temperature."""
    odds = min(FARTHEST, max(-FARTHEST, reduced / temperature))
    return 1.0 / (1.0 + np.exp(odds))


@borrowing
def _ascend(rows, reduced, prices, temperature):
    """Set the price of each row anew, once, and the reduced costs with it."""
    for r in range(len(prices)):
        old, total = prices[r], 0.0
        for e in range(rows.start[r], rows.start[r + 1]):
            c, k = rows.coefficient[e], rows.spin[e]
            total += c * _part_on(reduced[k] - old * c, temperature)
        change = -old
        if total < rows.lower[r] or total > rows.upper[r]:
            target = rows.lower[r] if total < rows.lower[r] else rows.upper[r]
            change = _change_of(r, target, rows, reduced, temperature)
        if change != 0.0:
            prices[r] += change
            for e in range(rows.start[r], rows.start[r + 1]):
                reduced[rows.spin[e]] += change * rows.coefficient[e]


@borrowing_part
def _change_of(r, target, rows, reduced, temperature):
    """Return by how much the price of row r must grow for its sum to be the target, or nearly."""
    low, high, change = -np.inf, np.inf, 0.0
    longest = LONGEST_STEP * temperature * rows.scale[r]
    for _ in range(NEWTON_STEPS):
        total, slope = 0.0, 0.0
        for e in range(rows.start[r], rows.start[r + 1]):
            c = rows.coefficient[e]
            on = _part_on(reduced[rows.spin[e]] + change * c, temperature)
            total += c * on
            slope += c * c * on * (1.0 - on) / temperature
        if abs(total - target) <= NEAR * (abs(target) + 1.0 / rows.scale[r]):
            break
        if total > target:
            low = change
        else:
            high = change
        step = (total - target) / slope if slope > 0.0 else np.copysign(np.inf, total - target)
        after = change + min(longest, max(-longest, step))
        change = after if low < after < high else 0.5 * (low + high)
    return change
