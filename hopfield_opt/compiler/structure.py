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

    kinds: tuple[type[OneHot | AtMostOne | Cardinality | Linear], ...]
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
    """

    kinds: frozenset[type]
    overlaps: bool


def ways_to_keep(program: Program, structure: str, keepable: Keepable) -> dict[str, Program]:
    """Return the program with groups, in each way that differs, the one to begin with first."""
    if structure != "auto":
        return {structure: _Seen(program, WAYS[structure], keepable).program}
    plain = _Seen(program, WAYS["disjoint"], keepable)
    found = {"disjoint": plain}
    if plain.clashes:
        for name in ("counts", "all") if keepable.overlaps else ("counts",):
            other = _Seen(program, WAYS[name], keepable)
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

    def __init__(self, program: Program, way: Way, keepable: Keepable) -> None:
        self._way, self._keepable = way, keepable
        rules, rows = program.rules, program.rows
        may = [bool(way.kinds) and not rule.unkept for rule in rules]
        asked = np.array(may, dtype=bool)[rows.owner]
        taken = _Taken(np.zeros(program.num_bits, dtype=bool))
        for group in program.groups:
            taken.add(group)
        gone = np.zeros(len(rows), dtype=bool)
        if Permutation in keepable.kinds:
            for own, grid in find_permutations(rows, asked):
                gone[own] = True
                taken.add(Permutation(grid))
        rows, asked = rows.pick(~gone), asked[~gone]
        inside = fix_bits(rows, program.fixed)
        left = find_violable(inside)
        open_rows, asked, inside = rows.pick(left), asked[left], sharpen(inside.pick(left))
        inside, first = _join_rows(inside, asked)
        forced = np.array([rule.keep is True for rule in rules], dtype=bool)[inside.owner]
        own = asked & (first == np.arange(len(first)))
        self.kinds = self._kept(inside, own, forced, taken)[first]
        rest = self.kinds == ""
        open_rest = asked & rest & _mendable(inside)
        blind = bool(taken.groups) and not program.cost.is_constant
        self.clashes = bool((open_rest & (blind | (inside.lengths > SHORT))).any())
        loose = [rules[row].name for row in open_rows.owner[open_rows.slack > 0]]
        found = replace(
            program,
            rows=open_rows.pick(rest),
            groups=tuple(taken.groups),
            loose=tuple(dict.fromkeys(loose)),
        )
        reasons = self._reasons(found, inside.pick(rest))
        refuse_forced(found, reasons)
        self.program = found.add_notes(*kept_lines(found, reasons))

    def _kept(
        self, rows: Rows, asked: NDArray[np.bool_], forced: NDArray[np.bool_], taken: _Taken
    ) -> NDArray[np.object_]:
        """Make groups of rows, those first that must be kept, and return what each became."""
        keeps = self._keepable.kinds
        kinds, found = _kinds(rows), np.full(len(rows), "", dtype=object)
        for chosen in (asked & forced, asked) if forced.any() else (asked,):
            for kind in self._way.kinds:
                if kind in keeps:
                    _keep(rows, (kinds == kind.__name__) & chosen, kind, taken, found)
        if Linear in keeps:
            _keep(rows, asked & (kinds != "") & _is_range(rows), Linear, taken, found)
            _keep(rows, asked & forced & _is_range(rows), Linear, taken, found)
            if self._keepable.overlaps:
                every = asked & _mendable(rows) if self._way.overlapping else asked & False
                _keep(rows, every | (asked & forced), Linear, taken, found)
        return found

    def _reasons(self, program: Program, rows: Rows) -> NDArray[np.object_]:
        """Return why each row that is left is not kept."""
        short = (rows.lengths <= SHORT) & _mendable(rows)
        other = "equalities that count nothing, or overlap"
        method = "" if self._keepable.overlaps else ", which the method does not keep"
        found = np.full(len(rows), other + method, dtype=object)
        found[~_mendable(rows)] = "sums that few flips do not meet again"
        kinds = _kinds(rows)
        for kind in ALL_KINDS - self._keepable.kinds:
            found[kinds == kind.__name__] = (
                f"{kind.__name__} groups, which the method does not keep"
            )
        found[short & (kinds == "")] = "two bits, for which a penalty needs no slack"
        if not self._way.kinds:
            found[:] = 'structure="penalty"'
        own = np.array([rule.unkept for rule in program.rules], dtype=object)[rows.owner]
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
    rows: Rows,
    chosen: NDArray[np.bool_],
    kind: type[OneHot | AtMostOne | Cardinality | Linear],
    taken: _Taken,
    found: NDArray[np.object_],
) -> None:
    """Make groups of rows that are none yet, in their order, as long as their bits are free."""
    ends = rows.matrix.indptr
    for row in deadline.check_each(np.flatnonzero(chosen & (found == "")).tolist(), 100):
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
        else:  # a row has distinct bits: nothing to be checked, and there may be many
            taken.add(kind._make(indices=bits))
        found[row] = kind.__name__
