"""Constraints sharpened and followed to their consequences, in exact integers.

Every row is scaled to coprime integers and its bounds are rounded inwards. A row whose bits
cannot reach its range proves that the model is infeasible; a bit that would leave the range in
one of its values is fixed to the other; a row that cannot be violated is dropped.
"""

from dataclasses import replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.exact import row_scales
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.model.nodes import Floats

# what reading decimals as fractions may be off, relative to the sizes of all terms
READING = 1e-14
# whole numbers are told apart where tolerances are less than this
WELL_APART = 0.25
MOST_ROUNDS = 50


def propagate(program: Program) -> Program:
    """Return the program with integer rows and implied values fixed, or proven infeasible."""
    rows = orient(integer_rows(program.rows, program.tolerance)[0])
    fixed = program.fixed.copy()
    for _ in deadline.check_each(range(MOST_ROUNDS)):
        inside = fix_bits(rows, fixed)
        low, high = inside.activity
        lower, upper = inside.reach
        empty = lower > upper
        broken = np.flatnonzero(empty | (low > upper) | (high < lower))
        if len(broken):
            proof = _proof(program, inside, int(broken[0]), low, high)
            return replace(program, rows=rows, fixed=fixed, infeasible=proof)
        found = _forced_bits(inside, low, high)
        if not found.any():
            break
        fixed[found[0]] = -1
        fixed[found[1]] = 1
    number = int((fixed != program.fixed).sum())
    program = replace(program, rows=rows, fixed=fixed)
    if number:
        program = program.add_notes(f"constraints fix {number} of {program.num_bits} bits")
    return program


def find_violable(rows: Rows) -> NDArray[np.bool_]:
    """Return which rows some values of their bits violate."""
    low, high = rows.activity
    return np.asarray((low < rows.lower + rows.slack) | (high > rows.upper - rows.slack))


def integer_rows(rows: Rows, tolerance: float) -> tuple[Rows, Floats]:
    """Return rows with coprime integer coefficients where possible, and their scales.

    Bounds are rounded inwards. Rows without a common denominator, and those of which rounding
    decides whether a bound is met, stay as they are; their scale is nan.
    """
    if rows.unit.all() and not rows.slack.any():
        return _with_whole_bounds(rows, np.zeros(len(rows))), np.ones(len(rows))
    deadline.check(3 * rows.matrix.nnz)
    factors, divisors = row_scales(rows.matrix, rows.slack > 0)
    reading = rows.slack * (min(1.0, READING / tolerance) if tolerance else 1.0)
    near, far = reading * factors / divisors, rows.slack * factors / divisors
    # a product first: of whole numbers it is exact, and so is the quotient where it is whole
    lower, upper = rows.lower * factors / divisors, rows.upper * factors / divisors
    clear = (np.ceil(lower - near) == np.ceil(lower - far)) & (
        np.floor(upper + near) == np.floor(upper + far)
    )
    told_apart = clear & (far < WELL_APART) & (tolerance >= READING)
    exact = np.isfinite(factors) & ((rows.slack == 0) | told_apart)
    data = np.rint((rows.matrix.data * factors[rows.row_of]) / divisors[rows.row_of])
    whole = rows.with_data(np.where(exact[rows.row_of], data, rows.matrix.data))
    whole = whole.with_bounds(
        np.where(exact, lower, rows.lower), np.where(exact, upper, rows.upper)
    )
    found = _with_whole_bounds(whole, np.where(exact, near, np.nan))
    if rows.slack.any():
        found = replace(found, slack=np.where(exact, 0.0, rows.slack))
    return found, np.where(exact, factors / divisors, np.nan)


def _with_whole_bounds(rows: Rows, near: Floats) -> Rows:
    """Return rows with bounds rounded inwards, but for what is `near`; nan leaves them."""
    lower, upper = np.ceil(rows.lower - near), np.floor(rows.upper + near)
    exact = ~np.isnan(near)
    return rows.with_bounds(np.where(exact, lower, rows.lower), np.where(exact, upper, rows.upper))


def fix_bits(rows: Rows, fixed: NDArray[np.int8]) -> Rows:
    """Return the rows over the bits that are not fixed, the others moved into the bounds."""
    if not fixed.any() or not len(rows):
        return rows
    columns = rows.matrix.indices
    deadline.check(4 * len(columns))
    known = fixed[columns]
    moved = np.bincount(rows.row_of, np.where(known > 0, rows.matrix.data, 0.0), len(rows))
    free = known == 0
    lengths = np.bincount(rows.row_of, free, len(rows)).astype(np.intp)
    matrix = scipy.sparse.csr_array(
        (rows.matrix.data[free], columns[free], np.concatenate([[0], np.cumsum(lengths)])),
        shape=rows.matrix.shape,
    )
    return Rows(matrix, rows.lower - moved, rows.upper - moved, rows.owner, rows.slack)


def orient(rows: Rows) -> Rows:
    """Return rows of which none has negative coefficients only."""
    turned = ~rows.some(rows.matrix.data > 0)
    if not turned.any():
        return rows
    data = np.where(turned[rows.row_of], -rows.matrix.data, rows.matrix.data)
    lower, upper = np.where(turned, (-rows.upper, -rows.lower), (rows.lower, rows.upper))
    return rows.with_data(data).with_bounds(lower, upper)


def sharpen(rows: Rows) -> Rows:
    """Return rows of which any two bits together are too much as "at most one" of them.

    With the literals l = x for a > 0 and 1 - x for a < 0 such a row is sum |a| l <= b where the
    two smallest |a| exceed b. Every row of two bits that says anything is of this kind. With
    ones as coefficients it is what it says.
    """
    low, high = rows.activity
    above, below = rows.upper < high, rows.lower > low
    one_sided = (above != below) & (rows.lengths > 1) & ~rows.unit & (rows.slack == 0)
    if not one_sided.any():
        return rows
    room = np.where(above, rows.upper - low, high - rows.lower)
    size, owner = np.abs(rows.matrix.data), rows.row_of
    order = rows.order(size)
    starts = rows.matrix.indptr[:-1][one_sided]
    least = np.full(len(rows), -np.inf)
    least[one_sided] = size[order][starts] + size[order][starts + 1]
    # no single one is too much: that bit would be fixed
    chosen = one_sided & (least > room) & (rows.largest <= room)
    signs = np.where(chosen[owner], np.sign(rows.matrix.data), rows.matrix.data)
    count = np.bincount(owner, rows.matrix.data < 0, len(rows))
    return rows.with_data(signs).with_bounds(
        np.where(chosen & below, rows.lengths - count - 1.0, rows.lower),
        np.where(chosen & above, 1.0 - count, rows.upper),
    )


def saturate(rows: Rows) -> Rows:
    """Return rows of which no coefficient exceeds what the row asks for: those of a big M shrink.

    With the literals l of `sharpen` turned off, sum |a| l <= b asks for sum |a| (1 - l) >= s,
    where s = sum |a| - b: an |a| above s does no more than s would.
    """
    low, high = rows.activity
    above, below = rows.upper < high, rows.lower > low
    surplus = np.where(above, high - rows.upper, rows.lower - low)
    chosen = (above != below) & (rows.slack == 0) & (rows.largest > surplus)
    if not chosen.any():
        return rows
    data = rows.matrix.data
    most = np.where(chosen, surplus, np.inf)[rows.row_of]
    capped = rows.with_data(np.clip(data, -most, most))
    low, high = capped.activity
    return capped.with_bounds(
        np.where(chosen & below, low + surplus, rows.lower),
        np.where(chosen & above, high - surplus, rows.upper),
    )


def _forced_bits(rows: Rows, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Return (2, n): which bits must be 0, which must be 1."""
    found = np.zeros((2, rows.matrix.shape[1]), dtype=bool)
    lower, upper = rows.reach
    tight = (low + rows.largest > upper) | (high - rows.largest < lower)
    rows, low, high = rows.pick(tight), low[tight], high[tight]
    lower, upper = rows.reach
    owner, data, columns = rows.row_of, rows.matrix.data, rows.matrix.indices
    size = np.abs(data)
    # the end of the range that this bit alone would make unreachable
    far_up = low[owner] + size > upper[owner]
    far_down = high[owner] - size < lower[owner]
    found[0, columns[(far_up & (data > 0)) | (far_down & (data < 0))]] = True
    found[1, columns[(far_up & (data < 0)) | (far_down & (data > 0))]] = True
    return found


def _proof(program: Program, rows: Rows, row: int, low: Floats, high: Floats) -> str:
    name = program.rules[rows.owner[row]].name
    first = int(np.flatnonzero(rows.owner == rows.owner[row])[0])
    bounds = f"{rows.lower[row]:g}..{rows.upper[row]:g}"
    if rows.lower[row] > rows.upper[row]:
        return f"{name}[{row - first}] asks for a whole number in the empty range {bounds}"
    return (
        f"{name}[{row - first}] asks for a sum in {bounds}, "
        f"but its bits can only make {low[row]:g}..{high[row]:g}"
    )
