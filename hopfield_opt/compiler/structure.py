"""See structure: constraints that moves can keep become groups of the Hamiltonian.

Permutations first, then one-hots, then counts and ranges. Only ranges may overlap others; what
clashes, and what two bits can violate only together (no slack needed), becomes a penalty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.compiler.program import Program, Rows
from hopfield_opt.compiler.propagate import fixed_rows, needed, sharpened
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.model.nodes import Indices

ALL_KINDS = frozenset((OneHot, AtMostOne, Cardinality, Linear, Permutation))

# a row of so few bits has a penalty without slack whose weight is easily proven
SHORT = 2


def see_structure(program: Program, keeps: frozenset[type]) -> Program:
    """Return the program with groups for the constraints that can be kept."""
    rows = program.rows
    asked = np.array([rule.penalty is None for rule in program.rules], dtype=bool)[rows.owner]
    taken = _Taken(np.zeros(program.num_bits, dtype=bool))
    gone = np.zeros(len(rows), dtype=bool)
    if Permutation in keeps:
        for own, grid in find_permutations(rows, asked):
            gone[own] = True
            taken.add(Permutation(grid))
    inside = fixed_rows(rows, program.fixed)
    left = ~gone & needed(inside)
    open_rows, asked, inside = rows.pick(left), asked[left], sharpened(inside.pick(left))
    inside, first = _joined(inside, asked)
    asked &= first == np.arange(len(first))
    kinds = _kinds(inside)
    kept = np.zeros(len(inside), dtype=bool)
    for kind in (OneHot, AtMostOne, Cardinality, Linear):
        if kind in keeps:
            _keep(inside, (kinds == kind.__name__) & asked & ~kept, kind, taken, kept)
    if Linear in keeps:
        _keep(inside, (kinds != "") & asked & ~kept & _is_range(inside), Linear, taken, kept)
    kept |= kept[first]
    program = replace(program, rows=open_rows.pick(~kept), groups=tuple(taken.groups))
    return program.noted(*_summary(program))


def _joined(rows: Rows, asked: NDArray[np.bool_]) -> tuple[Rows, Indices]:
    """Return rows of which the first of those with the same left side has the range of all.

    Also the number of that first row, for each: a <= x <= b is written as two constraints.
    """
    first = np.arange(len(rows))
    # rows with the same left side have the same product with random numbers
    marks = rows.matrix @ np.random.default_rng(0).random(rows.matrix.shape[1])
    order = np.lexsort((first, marks))
    lower, upper, ends = rows.lower.copy(), rows.upper.copy(), rows.matrix.indptr
    for before, row in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
        own, other = (slice(ends[r], ends[r + 1]) for r in (row, before))
        if marks[row] != marks[before] or not (asked[row] and asked[before]):
            continue
        parts = (rows.matrix.indices, rows.matrix.data)
        one = int(first[before])
        low, high = max(lower[one], lower[row]), min(upper[one], upper[row])
        if low <= high and all(np.array_equal(part[own], part[other]) for part in parts):
            first[row], lower[one], upper[one] = one, low, high
    return replace(rows, lower=lower, upper=upper), first


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
    counts = np.bincount(rows.matrix.indices[hot[rows.row_of]], minlength=rows.matrix.shape[1])
    lonely = np.bincount(rows.row_of, counts[rows.matrix.indices] != 2, len(rows))
    candidates = np.flatnonzero(hot & (lonely == 0))
    if len(candidates) < 4:
        return
    matrix = scipy.sparse.csr_array(rows.matrix[candidates])
    bits, first, second = _edges(matrix)
    size = len(candidates)
    graph = scipy.sparse.coo_array((np.ones(len(bits)), (first, second)), shape=(size, size))
    # imported here: it brings scipy.linalg along, which every start would wait for
    from scipy.sparse.csgraph import connected_components

    count, label = connected_components(graph, directed=False)
    by_label, by_edge = np.argsort(label, kind="stable"), np.argsort(label[first], kind="stable")
    row_ends = np.cumsum(np.bincount(label, minlength=count))
    edge_ends = np.cumsum(np.bincount(label[first], minlength=count))
    for k in range(count):
        members = by_label[(row_ends[k - 1] if k else 0) : row_ends[k]]
        edges = by_edge[(edge_ends[k - 1] if k else 0) : edge_ends[k]]
        grid = _grid(members, bits[edges], first[edges], second[edges])
        if grid is not None:
            yield candidates[members], grid


def _edges(matrix: scipy.sparse.csr_array) -> tuple[Indices, Indices, Indices]:
    """Return bits that lie in two rows, with the first and the second of the rows."""
    turned = scipy.sparse.csc_array(matrix)
    turned.sort_indices()
    twice = np.flatnonzero(np.diff(turned.indptr) == 2)
    starts = turned.indptr[twice]
    return twice, turned.indices[starts].astype(np.intp), turned.indices[starts + 1].astype(np.intp)


def _grid(members: Indices, bits: Indices, first: Indices, second: Indices) -> Indices | None:
    n = len(members) // 2
    if len(members) != 2 * n or len(bits) != n * n:
        return None
    # the neighbours of the first one-hot are the other side
    side = np.isin(members, second[first == members[0]])
    ours, theirs = members[~side], members[side]
    down = np.isin(first, ours)
    if len(ours) != n or (down == np.isin(second, ours)).any():
        return None
    place = np.full(int(members.max()) + 1, -1)
    place[ours], place[theirs] = np.arange(n), np.arange(n)
    row = np.where(down, place[first], place[second])
    column = np.where(down, place[second], place[first])
    grid = np.full((n, n), -1)
    grid[row, column] = bits
    return grid if (grid >= 0).all() else None


def _is_unit(rows: Rows) -> NDArray[np.bool_]:
    """Whether all coefficients of a row are 1."""
    return np.asarray(np.bincount(rows.row_of, rows.matrix.data != 1.0, len(rows)) == 0)


def _is_range(rows: Rows) -> NDArray[np.bool_]:
    return rows.lower < rows.upper


def _kinds(rows: Rows) -> NDArray[np.object_]:
    """Return the name of the group that a row could be, "" for none."""
    low, _high = rows.activity()
    unit, long = _is_unit(rows), rows.lengths > SHORT
    kinds = np.full(len(rows), "", dtype=object)
    kinds[_is_range(rows) & long] = Linear.__name__
    kinds[unit & long] = Cardinality.__name__
    kinds[unit & (rows.lower <= low) & (rows.upper == 1) & long] = AtMostOne.__name__
    kinds[unit & (rows.lower == 1) & (rows.upper == 1)] = OneHot.__name__
    return kinds


def _keep(
    rows: Rows, chosen: NDArray[np.bool_], kind: type, taken: _Taken, kept: NDArray[np.bool_]
) -> None:
    """Make groups of rows, in their order, as long as their bits are free."""
    ends = rows.matrix.indptr
    for row in np.flatnonzero(chosen).tolist():
        bits = rows.matrix.indices[ends[row] : ends[row + 1]].astype(np.intp)
        if kind is not Linear and taken.used[bits].any():
            continue
        lower, upper = float(rows.lower[row]), float(rows.upper[row])
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
