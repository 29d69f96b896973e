"""Repair of starts: the disjoint groups of a state made to hold, with few changes."""

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import BoolArray, IntArray, SpinArray
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian


def repair_groups(
    hamiltonian: Hamiltonian, spins: SpinArray, source: np.random.Generator
) -> Group | None:
    """Make all groups but the Linear ones hold, in place; return one that never can, or None.

    Counts change by random members, as few as it takes. In a permutation each row keeps a
    place that is on where it can, the others are matched at random.
    """
    for group in deadline.check_each(hamiltonian.groups, 100):
        if isinstance(group, Linear):
            continue
        if isinstance(group, Permutation):
            good = _repair_places(group, spins, source)
        else:
            good = _repair_count(group, spins, source)
        if not good:
            return group
    return None


def _repair_count(
    group: OneHot | AtMostOne | Cardinality, spins: SpinArray, source: np.random.Generator
) -> bool:
    lower, upper = group.bounds
    members = group.members
    on = members[spins[members] > 0]
    if lower > len(members) or upper < 0:
        return False
    if len(on) > upper:
        spins[source.choice(on, len(on) - upper, replace=False)] = -1
    elif len(on) < lower:
        off = members[spins[members] < 0]
        spins[source.choice(off, lower - len(on), replace=False)] = 1
    return True


def _repair_places(group: Permutation, spins: SpinArray, source: np.random.Generator) -> bool:
    n = len(group.indices)
    column = _kept_columns(group, spins, source)
    taken = np.zeros(n, np.bool_)
    taken[column[column >= 0]] = True
    if group.allowed is None:
        column[column < 0] = source.permutation(np.flatnonzero(~taken))
    elif not _match(column, group.allowed, source):
        return False
    spins[group.indices] = -1
    spins[group.indices[np.arange(n), column]] = 1
    return True


def _kept_columns(group: Permutation, spins: SpinArray, source: np.random.Generator) -> IntArray:
    """Return for each row the column of an allowed place that is on and free, or -1."""
    on = spins[group.indices] > 0
    if group.allowed is not None:
        on &= group.allowed
    column = np.full(len(on), -1)
    free = np.ones(len(on), np.bool_)
    for r in deadline.check_each(source.permutation(len(on)), 100):
        choices = np.flatnonzero(on[r] & free)
        if len(choices):
            column[r] = source.choice(choices)
            free[column[r]] = False
    return column


def _match(column: IntArray, allowed: BoolArray, source: np.random.Generator) -> bool:
    """Give each row a column along augmenting paths (breadth first); return whether all have."""
    n = len(column)
    owner = np.full(n, -1)
    owner[column[column >= 0]] = np.flatnonzero(column >= 0)
    mix = source.permutation(n)
    for start in deadline.check_each(np.flatnonzero(column < 0)):
        before = np.full(n, -1)
        queue, end = [int(start)], -1
        while queue and end < 0:
            r = queue.pop(0)
            fresh = mix[allowed[r, mix] & (before[mix] < 0)]
            before[fresh] = r
            open_ones = fresh[owner[fresh] < 0]
            if len(open_ones):
                end = int(open_ones[0])
            else:
                queue.extend(int(k) for k in owner[fresh])
        while end >= 0:
            r = int(before[end])
            owner[end] = r
            end, column[r] = int(column[r]), end
        if column[start] < 0:
            return False
    return True
