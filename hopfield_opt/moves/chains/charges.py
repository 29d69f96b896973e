"""Rows whose room has to be paid for: chains fill what is open, and open what they need.

Where a bin, a site or a set-up costs as soon as anything is in it, most moves change no energy,
or raise it: nothing says how to come to have one fewer. So a row ``sum a x <= U y`` that holds a
load L counts as paid back by the part ``(L / U)**2`` of what y costs, times `SHARE`. That grows
faster than the load: what goes from an emptier row to a fuller one lowers the sum, until one is
empty and need not be open. (Sums of squares lead searches in bin packing: E. Falkenauer, "A hybrid
grouping genetic algorithm for bin packing", Journal of Heuristics 2 (1996) 5.) Only chains are
told by that: energies are what they are.

And some chains take what is not open yet for no obstacle, but for what it costs: all that one
set-up held goes to another that is opened for it.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.jit import borrowing_part, inlined
from hopfield_opt.moves.chains.rows import RowTerms
from hopfield_opt.xoshiro import draw

# With all of it other costs hardly count (sites of limited room: 5000 after 300 sweeps, 4400 with a
# tenth or nothing), with nothing bins and rolls of several sizes are 3 % dearer than with a tenth.
SHARE = 0.25
# One chain of so many, a power of 2, may open what it needs.
OPENING = 4


class Charges(NamedTuple):
    """What is paid for the room of rows.

    Attributes
    ----------
    back : (M,) float64
        What a row pays back for the square of its load, at most 0. Empty where all are 0.
    opener : (M,) int32
        The spin that is paid for, -1 where nothing is. Empty where all are -1.
    room : (M,) float64
        Its coefficient.
    """

    back: NDArray[np.float64]
    opener: NDArray[np.int32]
    room: NDArray[np.float64]

    @classmethod
    def of(cls, rows: RowTerms, costs: NDArray[np.float64]) -> Self:
        """Return what is paid where spins (N,) have costs.

        These are rows ``sum a x <= U y`` with all a and U above 0, where y costs. With a single x
        there is nothing to be filled.
        """
        size, row = len(rows.lower), rows.row
        opener, room, back = np.full(size, -1, np.int32), np.zeros(size), np.zeros(size)
        for sign, end in ((1.0, rows.upper), (-1.0, -rows.lower)):
            opens = sign * rows.coefficient < 0
            alone = (np.bincount(row, opens, size) == 1) & (end == 0) & (np.diff(rows.start) > 1)
            own = opens & alone[row] & (costs[rows.spin] > 0)
            opener[row[own]], room[row[own]] = rows.spin[own], rows.coefficient[own]
        paid = (opener >= 0) & (np.diff(rows.start) > 2)
        # several rows of one opener share what is paid for it
        number = np.bincount(opener[paid], minlength=len(costs))
        own = opener[paid]
        back[paid] = -SHARE * costs[own] / (number[own] * room[paid] ** 2)
        return cls(back[: size * paid.any()], opener[: size * (opener >= 0).any()], room)


@inlined
def choose_how(is_free, tables, chain, w):
    """Draw whether the next chain opens what it needs; it fills what is open where it is free to.

    Descents are not: they follow the energy alone.
    """
    chain.count[2] = is_free and len(tables.charges.back) > 0
    if len(tables.charges.opener):
        chain.count[3] = draw(w) & np.uint64(OPENING - 1) == 0


@inlined
def can_open(r, k, tables, place):
    """Return whether row r, which spin k breaks, would hold once something else is opened."""
    opener = tables.charges.opener[r]
    return opener >= 0 and opener != k and place.s[opener] < 0


@borrowing_part
def cost_of_room(k, sign, fills, opens, tables, place):
    """Return what rows pay back less, and what has to be opened, once spin k is turned.

    It turns on (sign 1.0) or off (-1.0).
    """
    rows, charges, cost = tables.rows, tables.charges, 0.0
    for e in range(rows.spin_start[k], rows.spin_start[k + 1]):
        r, change = rows.spin_row[e], rows.spin_coefficient[e] * sign
        opener = charges.opener[r]
        if opener < 0 or opener == k:
            continue
        is_open = place.s[opener] > 0
        if fills and charges.back[r] < 0.0:
            load = place.total[r] - (charges.room[r] if is_open else 0.0)
            cost += charges.back[r] * (2.0 * load + change) * change
        if opens and not is_open and change * charges.room[r] < 0.0:
            cost -= 2.0 * place.fields[opener]
    return cost
