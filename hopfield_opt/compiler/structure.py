"""See structure: constraints that moves can keep become groups of the Hamiltonian.

Permutations first, then disjoint groups in the order of a way, then ranges, which may overlap
others; last, where the method keeps them and the way asks for it, all other rows. What remains
becomes a penalty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.compiler.kept import kept_lines, refuse_forced
from hopfield_opt.compiler.permutations import find_permutations
from hopfield_opt.compiler.program import Program
from hopfield_opt.compiler.propagate import find_violable, fix_bits, sharpen
from hopfield_opt.compiler.row_groups import RowGroup, RowGroups
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.model.nodes import Indices

ALL_KINDS = frozenset((OneHot, AtMostOne, Cardinality, Linear, Permutation))

# a row of so few bits has a penalty without slack whose weight is easily proven
SHORT = 2
# sums of whole numbers up to this one are met again by few flips after any one
SMALL = 8


class Way(NamedTuple):
    """What is kept first, and whether rows that overlap are kept, too."""

    kinds: tuple[type[RowGroup], ...]
    overlapping: bool


WAYS: Mapping[str, Way] = {
    "all": Way((OneHot, Cardinality, AtMostOne, Linear), True),
    "counts": Way((OneHot, Cardinality, AtMostOne, Linear), False),
    "disjoint": Way((OneHot, AtMostOne, Cardinality, Linear), False),
    "penalty": Way((), False),
}


@dataclass(frozen=True, eq=False)
class Keepable:
    """What a method keeps.

    Attributes
    ----------
    kinds : frozenset of group classes
        The kinds of groups.
    overlaps : bool
        Whether rows that overlap others are kept, too, that allow one value only or hold two bits.
    all_rows : bool
        Whether any other row is kept as well.
    """

    kinds: frozenset[type]
    overlaps: bool
    all_rows: bool = False


def ways_to_keep(program: Program, structure: str, keepable: Keepable) -> dict[str, Program]:
    """Return the program with groups, in each way that differs, the one to begin with first."""
    if structure != "auto":
        way = WAYS[structure]
        return {structure: _Seen(_OpenRows(program, keepable, bool(way.kinds)), way).program}
    rows = _OpenRows(program, keepable, True)
    plain = _Seen(rows, WAYS["disjoint"])
    found = {"disjoint": plain}
    if plain.clashes:
        for name in ("counts", "all") if keepable.overlaps else ("counts",):
            other = _Seen(rows, WAYS[name])
            if not any(np.array_equal(other.kinds, one.kinds) for one in found.values()):
                found = {name: other, **found}
    return {name: one.program for name, one in found.items()}


@dataclass(eq=False)
class _Taken:
    """The groups found so far, and the bits that disjoint ones hold."""

    used: NDArray[np.bool_]
    groups: list[Group] = field(default_factory=list)

    def add(self, group: Group) -> None:
        self.groups.append(group)
        if not isinstance(group, Linear):
            self.used[group.members] = True


class _OpenRows:
    """The rows of a program that may become groups: the same in all ways.

    Attributes
    ----------
    program : Program
        With the groups that all ways keep, and the rows that are left.
    inside : Rows
        The rows over the bits that are not fixed, sharpened, those with one left side joined.
    asked, forced : array of bool
        Which rows may become groups, and which must.
    first : array of int
        The row that stands for each.
    groups : RowGroups
        What the rows may become.
    """

    def __init__(self, program: Program, keepable: Keepable, kept: bool) -> None:
        self.keepable, rules, rows = keepable, program.rules, program.rows
        may = [kept and not rule.unkept for rule in rules]
        asked = np.array(may, dtype=bool)[rows.owner]
        gone, grids = np.zeros(len(rows), dtype=bool), []
        if Permutation in keepable.kinds:
            for own, grid in find_permutations(rows, asked):
                gone[own] = True
                grids.append(Permutation(grid))
        rows, asked = rows.pick(~gone), asked[~gone]
        inside = fix_bits(rows, program.fixed)
        left = find_violable(inside)
        rows, self.asked = rows.pick(left), asked[left]
        self.inside, self.first = _join_rows(sharpen(inside.pick(left)), self.asked)
        must = np.array([rule.keep is True for rule in rules], dtype=bool)
        self.forced = must[self.inside.owner]
        loose = [rules[row].name for row in rows.owner[rows.slack > 0]]
        self.program = replace(
            program,
            rows=rows,
            groups=(*program.groups, *grids),
            loose=tuple(dict.fromkeys(loose)),
        )
        self.kinds, self.mendable = _kinds(self.inside), _mendable(self.inside)
        self.groups = RowGroups(self.inside)


class _Seen:
    """A program in which structure was seen in one way.

    Attributes
    ----------
    program : Program
        With groups.
    kinds : array of object
        The name of the group that each row became, "" for none; without permutations.
    clashes : bool
        Whether there are penalties that another way may do without.
    """

    def __init__(self, rows: _OpenRows, way: Way) -> None:
        self._rows, self._way = rows, way
        taken = _Taken(np.zeros(rows.program.num_bits, dtype=bool))
        for group in rows.program.groups:
            taken.add(group)
        self.kinds = self._kept(taken)[rows.first]
        rest = self.kinds == ""
        open_rest = rows.asked & rest & rows.mendable
        blind = bool(taken.groups) and not rows.program.cost.is_constant
        self.clashes = bool((open_rest & (blind | (rows.inside.lengths > SHORT))).any())
        left = rows.program.rows.pick(rest)
        found = replace(rows.program, rows=left, groups=tuple(taken.groups))
        reasons = self._reasons(rest)
        refuse_forced(found, reasons)
        self.program = found.add_notes(*kept_lines(found, reasons))

    def _kept(self, taken: _Taken) -> NDArray[np.object_]:
        """Make groups of rows, those first that must be kept, and return what each became."""
        rows, keeps = self._rows, self._rows.keepable.kinds
        asked = rows.asked & (rows.first == np.arange(len(rows.first)))
        forced, ranges = asked & rows.forced, _is_range(rows.inside)
        found = np.full(len(rows.inside), "", dtype=object)
        for chosen in (forced, asked) if forced.any() else (asked,):
            for kind in self._way.kinds:
                if kind in keeps:
                    _keep(rows.groups, (rows.kinds == kind.__name__) & chosen, kind, taken, found)
        if Linear in keeps:
            _keep(rows.groups, asked & (rows.kinds != "") & ranges, Linear, taken, found)
            _keep(rows.groups, forced & ranges, Linear, taken, found)
            if rows.keepable.overlaps:
                every = asked & rows.mendable if self._way.overlapping else asked & False
                _keep(rows.groups, every | forced, Linear, taken, found)
            if rows.keepable.all_rows and self._way.kinds:
                _keep(rows.groups, asked, Linear, taken, found)
        return found

    def _reasons(self, rest: NDArray[np.bool_]) -> NDArray[np.object_]:
        """Return why each row that is left is not kept."""
        rows, keepable = self._rows, self._rows.keepable
        owner, kinds, mendable = rows.inside.owner[rest], rows.kinds[rest], rows.mendable[rest]
        short = (rows.inside.lengths[rest] <= SHORT) & mendable
        other = "equalities that count nothing, or overlap"
        method = "" if keepable.overlaps else ", which the method does not keep"
        found = np.full(len(owner), other + method, dtype=object)
        found[~mendable] = "sums that few flips do not meet again"
        for kind in ALL_KINDS - keepable.kinds:
            found[kinds == kind.__name__] = (
                f"{kind.__name__} groups, which the method does not keep"
            )
        found[short & (kinds == "")] = "two bits, for which a penalty needs no slack"
        if not self._way.kinds:
            found[:] = 'structure="penalty"'
        own = np.array([rule.unkept for rule in rows.program.rules], dtype=object)[owner]
        return np.where(own != "", own, found)


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


def _is_range(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray((rows.lower < rows.upper) | (rows.slack > 0))


def _mendable(rows: Rows) -> NDArray[np.bool_]:
    """Whether a row that a flip breaks is mended by few others: ranges, and small whole numbers."""
    small = (rows.largest <= SMALL) & ~rows.some(rows.matrix.data != np.rint(rows.matrix.data))
    return np.asarray(_is_range(rows) | (small & (rows.slack == 0)))


def _kinds(rows: Rows) -> NDArray[np.object_]:
    """Return the name of the group that a row could be, "" for none."""
    low, _high = rows.activity
    unit, long = rows.is_count & (rows.slack == 0), rows.lengths > SHORT
    kinds = np.full(len(rows), "", dtype=object)
    # where rounding decides there is no penalty
    kinds[_is_range(rows) & (long | (rows.slack > 0))] = Linear.__name__
    kinds[unit & long] = Cardinality.__name__
    kinds[unit & (rows.lower <= low) & (rows.upper == 1) & long] = AtMostOne.__name__
    kinds[unit & (rows.lower == 1) & (rows.upper == 1)] = OneHot.__name__
    return kinds


def _keep(
    rows: RowGroups,
    chosen: NDArray[np.bool_],
    kind: type[RowGroup],
    taken: _Taken,
    found: NDArray[np.object_],
) -> None:
    """Make groups of rows that are none yet, in their order, as long as their bits are free."""
    for row in deadline.check_each(np.flatnonzero(chosen & (found == "")).tolist(), 1000):
        if kind is not Linear and taken.used[rows.bits(row)].any():
            continue
        taken.add(rows.group(row, kind))
        found[row] = kind.__name__
