"""How large a penalty must be: weights with an argument that proves them.

Claim: with these weights every state that violates a constraint lies strictly above the best
feasible state. Each constraint c has a penalty P_c >= 0, at least 1 where it is violated, and is
proven by one of

range
    w > R, where R is the range of the cost: a state that violates c has at least the smallest
    cost plus w, more than any cost.
repair
    Some flip of one bit always lessens the violation (and P_c by at least 1) and hurts no other
    constraint, or only such whose weight is known and counted: w > what that flip can add to the
    energy. If more than one bit can be flipped, the cheapest is: of all sets of bits that
    violate the constraint the worst is one whose cheapest flip is dearest.
block
    For the rows and columns of a square block: a state that is no permutation has a set of at
    most three flips (one on, two off at most) that lowers the penalties by at least 2 w in all:
    2 w > U + 2 D, where U is the most that a bit turned on can add and D the same for off.
definition
    For a bit that stands for a product: turning it right adds at most what it can influence.

A state whose violated constraints are all of the last three kinds can be lowered strictly,
again and again, until it is feasible or violates one of the first kind. So no infeasible state
lies at or below the best feasible one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.groups import AtMostOne, Cardinality, Linear
from hopfield_opt.model.nodes import Floats, Indices

UP, DOWN = 0, 1
# where the objective has no known unit, a weight exceeds its bound by this part of it
MARGIN = 1.0 / 16.0
# and in any case by more than rounding
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Sides:
    """For each coefficient of rows: what a flip of its bit does to its row.

    Attributes
    ----------
    above, below : (m,) bool
        Whether the row can be violated above its range, below it.
    down_helps : (nnz,) bool
        Whether the row's value falls when the bit is turned off, i.e. coefficient > 0.
    hurts : (2, nnz) bool
        Whether the row can be violated (more) by the bit being turned on, off.
    """

    above: NDArray[np.bool_]
    below: NDArray[np.bool_]
    down_helps: NDArray[np.bool_]
    hurts: NDArray[np.bool_]


def sides(rows: Rows) -> Sides:
    """Return what flips do to rows."""
    low, high = rows.activity
    above, below = high > rows.upper, low < rows.lower
    deadline.check(5 * rows.matrix.nnz)
    owner, positive = rows.row_of, rows.matrix.data > 0
    up = (above[owner] & positive) | (below[owner] & ~positive)
    down = (above[owner] & ~positive) | (below[owner] & positive)
    return Sides(above, below, positive, np.stack([up, down]))


def kept_hurts(program: Program) -> NDArray[np.bool_]:
    """Return (2, n): whether turning a bit on, off can break a group that the moves keep."""
    found = np.zeros((2, program.num_bits), dtype=bool)
    for group in deadline.check_each(program.groups, 100):
        members = group.members
        if isinstance(group, Linear):
            positive = group.coefficients > 0
            if np.isfinite(group.upper):
                found[UP, members[positive]] = found[DOWN, members[~positive]] = True
            if np.isfinite(group.lower):
                found[DOWN, members[positive]] = found[UP, members[~positive]] = True
        else:
            found[UP, members] = True
            loose = isinstance(group, AtMostOne) or (
                isinstance(group, Cardinality) and group.lower <= 0
            )
            if not loose:
                found[DOWN, members] = True
    return found


def flip_costs(influence: tuple[Floats, Floats]) -> Floats:
    """Return (2, n): the most that turning a bit on, off can add to the energy."""
    centre, radius = influence
    return np.maximum(np.stack([centre + radius, radius - centre]), 0.0)


def repairable(rows: Rows, own: Sides, blocked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows can be repaired by flips of their bits that are not `blocked` (2, nnz).

    A row with both bounds must have unit coefficients, so that a flip never overshoots.
    """
    owner = rows.row_of
    # above its range a row needs positive bits off and negative ones on
    stuck = own.above[owner] & np.where(own.down_helps, blocked[DOWN], blocked[UP])
    stuck |= own.below[owner] & np.where(own.down_helps, blocked[UP], blocked[DOWN])
    return np.asarray(~rows.some(stuck) & (rows.unit | ~(own.above & own.below)))


def repair_bounds(rows: Rows, costs: Floats) -> Floats:
    """Return for each row the most that its cheapest repairing flip can add to the energy."""
    own = sides(rows)
    low, high = rows.activity
    bits = rows.matrix.indices
    off, on = costs[DOWN][bits], costs[UP][bits]
    found = np.zeros(len(rows))
    if own.above.any():
        above = _critical(rows, np.where(own.down_helps, off, on), rows.upper - low)
        found = np.where(own.above, above, 0.0)
    if own.below.any():
        below = _critical(rows, np.where(own.down_helps, on, off), high - rows.lower)
        found = np.where(own.below, np.maximum(found, below), found)
    return found


def _critical(rows: Rows, costs: Floats, limit: Floats) -> Floats:
    """Return max over sets of entries with sum |a| > limit of the least cost in the set.

    In falling order of cost that is the first entry at which the running sum exceeds the limit:
    a set with only dearer entries would not exceed it.
    """
    owner = rows.row_of
    order = rows.order(-costs)
    running = np.cumsum(np.abs(rows.matrix.data)[order])
    starts = rows.matrix.indptr[:-1]
    before = np.concatenate([[0.0], running])[starts]
    over = running - before[owner] > limit[owner]
    found = np.zeros(len(rows))
    # entries are in row order: written backwards, the first one over the limit stays
    places = np.flatnonzero(over)[::-1]
    found[owner[places]] = costs[order][places]
    return found


def weights_above(bounds: Floats, unit: float, extent: float) -> Floats:
    """Return weights strictly above bounds, by the unit of the cost where it has one."""
    if unit > 0:
        return bounds + np.maximum(unit, ROUNDING * bounds)
    least = extent * MARGIN if extent > 0 else 1.0
    return np.where(bounds > 0, bounds * (1.0 + MARGIN), least)


def block_bound(costs: Floats, members: Indices) -> float:
    """Return (U + 2 D) / 2 of the argument `block`."""
    return float(costs[UP][members].max() / 2 + costs[DOWN][members].max())
