"""The range of a cost over the states that keep the groups: often far less than over all states.

With exactly one bit on in each line, a linear part is at most the sum of the largest coefficient
of each line, and a block `sum(X * (A @ X @ B))` at most the sum of all entries of B times the
largest of A (a tour is at most n times the longest distance), or the other way round.
"""

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.compiler.cost import Block, Cost, Pairs, Squares, triple_product
from hopfield_opt.compiler.terms import tally
from hopfield_opt.groups import AtMostOne, Group, OneHot, Permutation
from hopfield_opt.model.nodes import AnyMatrix, Floats, Indices, is_sparse


def kept_extent(cost: Cost, groups: tuple[Group, ...]) -> float:
    """Return the largest minus the smallest value of a cost of degree 2, at most.

    Everything is written over x = 0 or 1, with s = 2 x - 1, so that a line sees its one bit.
    """
    linear = 2.0 * cost.linear
    extent = 0.0
    for pairs in cost.pairs:
        linear -= _of_pairs(pairs, len(linear))
        extent += 4.0 * float(np.abs(pairs.coefficients).sum())
    for squares in cost.squares:
        extent += _of_squares(squares)
    lines = _lines(groups) if cost.blocks else set()
    for block in cost.blocks:
        pull, reach = _of_block(block, lines)
        linear -= block.by_spin(pull, len(linear))
        extent += reach
    return extent + _of_linear(linear, groups)


def _of_pairs(pairs: Pairs, size: int) -> Floats:
    strength = 2.0 * pairs.coefficients
    return tally(pairs.heads, strength, size) + tally(pairs.tails, strength, size)


def _of_squares(squares: Squares) -> float:
    reach = np.asarray(np.abs(squares.rows).sum(axis=1)).ravel() + np.abs(squares.shift)
    return float(np.abs(squares.coefficients) @ reach**2)


def _lines(groups: tuple[Group, ...]) -> set[frozenset[int]]:
    """Return the sets of bits of which exactly one is on."""
    lines = [group.indices for group in groups if isinstance(group, OneHot)]
    for group in groups:
        if isinstance(group, Permutation):
            lines += [*group.indices, *group.indices.T]
    return {frozenset(line.tolist()) for line in deadline.check_each(lines, 10)}


def _of_block(block: Block, lines: set[frozenset[int]]) -> tuple[Floats, float]:
    """Return what a block takes from the linear part, and the range of the rest."""
    c, f, left, right = block.coefficient, block.factors, block.left, block.right
    pull = 2.0 * c * f * (triple_product(left, f, right) + triple_product(left.T, f, right.T))
    ranges = [float((np.abs(f) * triple_product(abs(left), np.abs(f), abs(right))).sum())]
    if f.size and (f == f.flat[0]).all():
        square = float(f.flat[0]) ** 2
        if _are_lines(block.grid, lines):
            ranges.append(square * _range_between(left, right))
        if _are_lines(block.grid.T, lines):
            ranges.append(square * _range_between(right, left))
    return pull, 4.0 * abs(c) * min(ranges)


def _are_lines(grid: Indices, lines: set[frozenset[int]]) -> bool:
    return all(frozenset(line.tolist()) in lines for line in deadline.check_each(grid, 10))


def _range_between(fixed: AnyMatrix, free: AnyMatrix) -> float:
    """Return the range of sums of `fixed[i, k]` times any entries of `free`."""
    low, high = float(free.min()), float(free.max())
    entries = fixed.data if is_sparse(fixed) else fixed
    return float(np.abs(entries).sum()) * (high - low)


def _of_linear(linear: Floats, groups: tuple[Group, ...]) -> float:
    left = linear.copy()
    extent = 0.0
    for group in deadline.check_each(groups, 100):
        if not isinstance(group, (OneHot, AtMostOne, Permutation)):
            continue
        # each row of a permutation has one bit on
        own = np.atleast_2d(linear[group.indices])
        if isinstance(group, AtMostOne):
            own = np.column_stack([own, np.zeros(len(own))])
        extent += float((own.max(axis=1, initial=-np.inf) - own.min(axis=1, initial=np.inf)).sum())
        left[group.members] = 0.0
    return extent + float(np.abs(left).sum())
