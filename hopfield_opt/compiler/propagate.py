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

# bounds are rounded inwards only beyond this, relative to their size
SLIP = 1e-9
MOST_ROUNDS = 50


def propagate(program: Program) -> Program:
    """Return the program with integer rows and implied values fixed, or proven infeasible."""
    rows = oriented(integer_rows(program.rows)[0])
    fixed = program.fixed.copy()
    for _ in deadline.checked(range(MOST_ROUNDS)):
        inside = fixed_rows(rows, fixed)
        low, high = inside.activity
        empty = inside.lower > inside.upper
        broken = np.flatnonzero(empty | (low > inside.upper) | (high < inside.lower))
        if len(broken):
            proof = _proof(program, inside, int(broken[0]), low, high)
            return replace(program, rows=rows, fixed=fixed, infeasible=proof)
        found = _forced(inside, low, high)
        if not found.any():
            break
        fixed[found[0]] = -1
        fixed[found[1]] = 1
    number = int((fixed != program.fixed).sum())
    program = replace(program, rows=rows, fixed=fixed)
    if number:
        program = program.noted(f"constraints fix {number} of {program.num_bits} bits")
    return program


def needed(rows: Rows) -> NDArray[np.bool_]:
    """Return which rows some values of their bits violate."""
    low, high = rows.activity
    return np.asarray((low < rows.lower) | (high > rows.upper))


def integer_rows(rows: Rows) -> tuple[Rows, Floats]:
    """Return rows with coprime integer coefficients where possible, and their scales.

    Bounds are rounded inwards. Rows without a common denominator stay as they are, but for a
    little slack against rounding; their scale is nan.
    """
    scales = np.ones(len(rows)) if rows.unit.all() else row_scales(rows.matrix)
    exact = np.isfinite(scales)
    factors = np.where(exact, scales, 1.0)
    if not rows.unit.all():
        deadline.check(3 * rows.matrix.nnz)
        data = rows.matrix.data * factors[rows.row_of]
        rows = rows.with_data(np.where(exact[rows.row_of], np.rint(data), data))
    lower, upper = rows.lower * factors, rows.upper * factors
    lower = lower - SLIP * np.maximum(1.0, np.abs(lower))
    upper = upper + SLIP * np.maximum(1.0, np.abs(upper))
    lower = np.where(exact, np.ceil(lower), lower)
    upper = np.where(exact, np.floor(upper), upper)
    return rows.within(lower, upper), scales


def fixed_rows(rows: Rows, fixed: NDArray[np.int8]) -> Rows:
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
    return Rows(matrix, rows.lower - moved, rows.upper - moved, rows.owner)


def oriented(rows: Rows) -> Rows:
    """Return rows of which none has negative coefficients only."""
    turned = ~rows.some(rows.matrix.data > 0)
    if not turned.any():
        return rows
    data = np.where(turned[rows.row_of], -rows.matrix.data, rows.matrix.data)
    lower, upper = np.where(turned, (-rows.upper, -rows.lower), (rows.lower, rows.upper))
    return rows.with_data(data).within(lower, upper)


def sharpened(rows: Rows) -> Rows:
    """Return rows of which any two bits together are too much as "at most one" of them.

    With the literals l = x for a > 0 and 1 - x for a < 0 such a row is sum |a| l <= b where the
    two smallest |a| exceed b. Every row of two bits that says anything is of this kind. With
    ones as coefficients it is what it says.
    """
    low, high = rows.activity
    above, below = rows.upper < high, rows.lower > low
    one_sided = (above != below) & (rows.lengths > 1) & ~rows.unit
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
    return rows.with_data(signs).within(
        np.where(chosen & below, rows.lengths - count - 1.0, rows.lower),
        np.where(chosen & above, 1.0 - count, rows.upper),
    )


def _forced(rows: Rows, low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Return (2, n): which bits must be 0, which must be 1."""
    found = np.zeros((2, rows.matrix.shape[1]), dtype=bool)
    tight = (low + rows.largest > rows.upper) | (high - rows.largest < rows.lower)
    rows, low, high = rows.pick(tight), low[tight], high[tight]
    owner, data, columns = rows.row_of, rows.matrix.data, rows.matrix.indices
    size = np.abs(data)
    # the end of the range that this bit alone would make unreachable
    far_up = low[owner] + size > rows.upper[owner]
    far_down = high[owner] - size < rows.lower[owner]
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
