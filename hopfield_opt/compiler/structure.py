"""See structure: constraints that moves can keep become groups of the Hamiltonian.

Permutations first, then one-hots, then counts and ranges. Only ranges may overlap others; what
clashes, and what two bits can violate only together (no slack needed), becomes a penalty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.propagate import find_violable, fix_bits, sharpen
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.model.nodes import Indices

ALL_KINDS = frozenset((OneHot, AtMostOne, Cardinality, Linear, Permutation))

# a row of so few bits has a penalty without slack whose weight is easily proven
SHORT = 2


def see_structure(program: Program, keeps: frozenset[type]) -> Program:
    """Return the program with groups, too, for the constraints that can be kept."""
    rows = program.rows
    may = [rule.penalty is None and rule.may_be_kept for rule in program.rules]
    asked = np.array(may, dtype=bool)[rows.owner]
    taken = _Taken(np.zeros(program.num_bits, dtype=bool))
    for group in program.groups:
        taken.add(group)
    gone = np.zeros(len(rows), dtype=bool)
    if Permutation in keeps:
        for own, grid in find_permutations(rows, asked):
            gone[own] = True
            taken.add(Permutation(grid))
    rows, asked = rows.pick(~gone), asked[~gone]
    inside = fix_bits(rows, program.fixed)
    left = find_violable(inside)
    open_rows, asked, inside = rows.pick(left), asked[left], sharpen(inside.pick(left))
    inside, first = _join_rows(inside, asked)
    asked &= first == np.arange(len(first))
    kinds = _kinds(inside)
    kept = np.zeros(len(inside), dtype=bool)
    for kind in (OneHot, AtMostOne, Cardinality, Linear):
        if kind in keeps:
            _keep(inside, (kinds == kind.__name__) & asked & ~kept, kind, taken, kept)
    if Linear in keeps:
        _keep(inside, (kinds != "") & asked & ~kept & _is_range(inside), Linear, taken, kept)
    kept |= kept[first]
    loose = dict.fromkeys(program.rules[own].name for own in open_rows.owner[open_rows.slack > 0])
    program = replace(
        program, rows=open_rows.pick(~kept), groups=tuple(taken.groups), loose=tuple(loose)
    )
    return program.add_notes(*_summary(program))


def _join_rows(rows: Rows, asked: NDArray[np.bool_]) -> tuple[Rows, Indices]:
    """Return rows of which the first of those with the same left side has the range of all.

    Also the number of that first row, for each: a <= x <= b is written as two constraints.
    """
    first = np.arange(len(rows))
    # rows with the same left side have the same product with random numbers
    marks = rows.matrix @ np.random.default_rng(0).random(rows.matrix.shape[1])
    deadline.check(10 * len(marks))
    order = np.lexsort((first, marks))
    lower, upper, ends = rows.lower.copy(), rows.upper.copy(), rows.matrix.indptr
    pairs = np.stack([order[:-1], order[1:]], axis=1)
    alike = (marks[pairs[:, 0]] == marks[pairs[:, 1]]) & asked[pairs].all(axis=1)
    for before, row in deadline.check_each(pairs[alike].tolist(), 1000):
        own, other = (slice(ends[r], ends[r + 1]) for r in (row, before))
        parts = (rows.matrix.indices, rows.matrix.data)
        one = int(first[before])
        low, high = max(lower[one], lower[row]), min(upper[one], upper[row])
        if (
            low <= high
            and rows.slack[one] == rows.slack[row]
            and all(np.array_equal(part[own], part[other]) for part in parts)
        ):
            first[row], lower[one], upper[one] = one, low, high
    return rows.with_bounds(lower, upper), first


@dataclass(eq=False)
class _Taken:
    """The groups found so far, and the bits that disjoint ones hold."""

    used: NDArray[np.bool_]
    groups: list[Group] = field(default_factory=list)

    def add(self, group: Group) -> None:
        self.groups.append(group)
        if not isinstance(group, Linear):
            self.used[group.members] = True


def find_permutations(rows: Rows, asked: NDArray[np.bool_]) -> Iterator[tuple[Indices, Indices]]:
    """Yield (rows, index matrix) of one-hot rows that are the lines of a square block.

    One-hots are the nodes of a graph, bits that lie in just two of them its edges: a block is
    a component that is complete bipartite with equal sides.
    """
    hot = asked & _is_unit(rows) & (rows.lower == 1) & (rows.upper == 1) & (rows.lengths > 1)
    candidates = np.flatnonzero(hot)
    if len(candidates) < 4:
        return
    deadline.check(2 * rows.matrix.nnz)
    plain = _plain_block(rows, candidates)
    if plain is not None:
        yield candidates, plain
        return
    counts = np.bincount(rows.pick(hot).matrix.indices, minlength=rows.matrix.shape[1])
    candidates = np.flatnonzero(hot & ~rows.some(counts[rows.matrix.indices] != 2))
    if len(candidates) < 4:
        return
    deadline.check(10 * rows.matrix.nnz)
    bits, first, second = _edges(rows.pick(candidates))
    size = len(candidates)
    graph = scipy.sparse.coo_array((np.ones(len(bits)), (first, second)), shape=(size, size))
    # imported here: it brings scipy.linalg along, which every start would wait for
    from scipy.sparse.csgraph import connected_components

    label: Indices = connected_components(graph, directed=False)[1].astype(np.intp)
    yield from ((candidates[members], grid) for members, grid in _grids(bits, first, second, label))


def _plain_block(rows: Rows, hot: Indices) -> Indices | None:
    """Return the index matrix of one-hots that are the rows of a block and then its columns.

    That is how a permutation is written. Other orders are seen as well, in ten times the memory.
    """
    size = len(hot) // 2
    ends = rows.matrix.indptr
    whole = hot[-1] - hot[0] == 2 * size - 1 and (rows.lengths[hot] == size).all()
    if len(hot) != 2 * size or not whole:
        return None
    bits = rows.matrix.indices[ends[hot[0]] : ends[hot[-1] + 1]]
    first, second = bits[: size * size].reshape(size, size), bits[size * size :].reshape(size, size)
    seen = np.zeros(rows.matrix.shape[1], dtype=bool)
    seen[first] = True
    if not np.array_equal(second, first.T) or np.count_nonzero(seen) != first.size:
        return None
    return first.astype(np.intp)


def _edges(rows: Rows) -> tuple[Indices, Indices, Indices]:
    """Return bits that lie in two rows, with the first and the second of the rows."""
    bits, owner = rows.matrix.indices, rows.row_of
    first = np.full(rows.matrix.shape[1], -1)
    second = first.copy()
    # of several values for one place the last one stays
    first[bits[::-1]] = owner[::-1]
    second[bits] = owner
    twice = np.flatnonzero(first < second)
    return twice, first[twice], second[twice]


def _grids(
    bits: Indices, first: Indices, second: Indices, label: Indices
) -> Iterator[tuple[Indices, Indices]]:
    """Yield nodes and index matrix of each component that is a square block."""
    deadline.check(10 * len(bits))
    every = np.arange(len(label))
    leader = every[np.unique(label, return_index=True)[1]]
    across = np.zeros(len(label), dtype=bool)
    # the neighbours of the first one-hot are the other side
    across[second[first == leader[label[first]]]] = True
    sides = 2 * label + across
    ends = np.concatenate([[0], np.cumsum(np.bincount(sides, minlength=2 * len(leader)))])
    order = np.argsort(sides, kind="stable")
    place = np.empty_like(every)
    place[order] = every - ends[sides[order]]
    up = across[first]
    row = np.where(up, place[second], place[first])
    column = np.where(up, place[first], place[second])
    wrong = np.bincount(label[first], up == across[second], len(leader))
    edge_ends = np.concatenate([[0], np.cumsum(np.bincount(label[first], minlength=len(leader)))])
    by_edge = np.argsort(label[first], kind="stable")
    for k, (start, middle, end) in enumerate(zip(ends[:-1:2], ends[1::2], ends[2::2], strict=True)):
        n, edges = middle - start, by_edge[edge_ends[k] : edge_ends[k + 1]]
        if wrong[k] or end - middle != n or len(edges) != n * n:
            continue
        grid = np.full((n, n), -1)
        grid[row[edges], column[edges]] = bits[edges]
        if (grid >= 0).all():
            yield np.sort(order[start:end]), grid


def _is_unit(rows: Rows) -> NDArray[np.bool_]:
    """Whether all coefficients of a row are 1."""
    return np.asarray(rows.unit & (rows.activity[0] == 0))


def _is_range(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray((rows.lower < rows.upper) | (rows.slack > 0))


def _kinds(rows: Rows) -> NDArray[np.object_]:
    """Return the name of the group that a row could be, "" for none."""
    low, _high = rows.activity
    unit, long = _is_unit(rows) & (rows.slack == 0), rows.lengths > SHORT
    kinds = np.full(len(rows), "", dtype=object)
    # where rounding decides there is no penalty
    kinds[_is_range(rows) & (long | (rows.slack > 0))] = Linear.__name__
    kinds[unit & long] = Cardinality.__name__
    kinds[unit & (rows.lower <= low) & (rows.upper == 1) & long] = AtMostOne.__name__
    kinds[unit & (rows.lower == 1) & (rows.upper == 1)] = OneHot.__name__
    return kinds


def _keep(
    rows: Rows, chosen: NDArray[np.bool_], kind: type, taken: _Taken, kept: NDArray[np.bool_]
) -> None:
    """Make groups of rows, in their order, as long as their bits are free."""
    ends = rows.matrix.indptr
    for row in deadline.check_each(np.flatnonzero(chosen).tolist(), 100):
        bits = rows.matrix.indices[ends[row] : ends[row + 1]].astype(np.intp)
        if kind is not Linear and taken.used[bits].any():
            continue
        # what nothing rounds stays as it is; else no state that may be feasible is left out
        lower, upper = (float(end[row]) for end in rows.reach)
        if kind is Linear:
            data = rows.matrix.data[ends[row] : ends[row + 1]]
            taken.add(Linear(bits, data, lower, upper))
        elif kind is Cardinality:
            taken.add(Cardinality(bits, int(max(lower, 0)), int(min(upper, len(bits)))))
        else:
            taken.add(kind(bits))
        kept[row] = True


def _summary(program: Program) -> list[str]:
    counts: dict[str, int] = {}
    for group in program.groups:
        counts[type(group).__name__] = counts.get(type(group).__name__, 0) + 1
    if not counts and not len(program.rows):
        return []
    kept = ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing"
    rest = len(program.rows)
    return [f"kept by the moves: {kept}; {rest} rows of constraints become penalties"]
