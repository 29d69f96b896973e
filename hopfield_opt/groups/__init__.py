"""Groups: constraints that the moves of a dynamics keep, over the binaries ``x = (1 + s) / 2``.

Besides their own fields all kinds have ``members`` (a vector of spins), ``violation(states)``,
and what transformations of a Hamiltonian turn them into: ``relabelled``, ``gauge``, ``contract``
and ``restricted``. The last three return a tuple of groups which, together, accept exactly the
states that correspond to the accepted ones, and whose violations add up to the same amount.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import FloatArray, IntArray, check_indices
from hopfield_opt.border import as_array, as_list
from hopfield_opt.errors import InputError
from hopfield_opt.groups.ranges import AtMostOne, Cardinality, Linear, Members, OneHot

__all__ = [
    "ALL_KINDS",
    "AtMostOne",
    "Cardinality",
    "Group",
    "Linear",
    "OneHot",
    "Permutation",
    "check_groups",
    "overlapping_equalities",
]


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Permutation(Members):
    """One spin is on in each row and each column of a square block, at an allowed place.

    Violated by the sum of ``|sum x - 1|`` over rows and columns, plus the number of spins that
    are on at places that are not allowed.

    Parameters
    ----------
    indices : (n, n) array of int
        The spins of the block, distinct.
    allowed : (n, n) array of bool, optional
        Where a spin may be on; everywhere if None (and stored as None where all are True).
    """

    allowed: NDArray[np.bool_] | None

    def __init__(self, indices: ArrayLike, allowed: ArrayLike | None = None) -> None:
        own = check_indices("indices", indices, ndim=2)
        if own.shape[0] != own.shape[1]:
            raise InputError(f"indices must be square, got shape {own.shape}.")
        mask = (
            np.ones(own.shape, dtype=np.bool_)
            if allowed is None
            else np.array(as_array("allowed", allowed))
        )
        if mask.shape != own.shape or mask.dtype != np.bool_:
            raise InputError(
                f"allowed must be booleans of shape {own.shape}, "
                f"got shape {mask.shape}, dtype {mask.dtype}."
            )
        self._set(indices=own, allowed=None if mask.all() else mask)

    @property
    def allowed_places(self) -> NDArray[np.bool_]:
        """Where a spin may be on (n, n), also where `allowed` is None."""
        if self.allowed is None:
            return np.ones(self.indices.shape, dtype=np.bool_)
        return self.allowed

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return by how much states (R, N) are no permutation (R,)."""
        grid = states[:, self.indices] > 0
        amount = (grid & ~self.allowed_places).sum(axis=(1, 2), dtype=np.float64)
        for axis in (1, 2):
            amount += np.abs(grid.sum(axis=axis) - 1).sum(axis=1)
        return np.asarray(amount)

    def _lines(self) -> tuple[Linear, ...]:
        """Return the same constraint as Linear groups: rows, columns, places not allowed."""
        ones = np.ones(len(self.indices))
        lines = tuple(Linear(line, ones, 1, 1) for line in (*self.indices, *self.indices.T))
        if self.allowed is None:
            return lines
        closed = self.indices[~self.allowed]
        return (*lines, Linear(closed, np.ones(len(closed)), 0, 0))

    def gauge(self, signs: FloatArray) -> "tuple[Permutation | Linear, ...]":
        """Return the groups that accept s where this one accepts ``signs * s``."""
        if (signs[self.indices] > 0).all():
            return (self,)
        return tuple(new for line in self._lines() for new in line.gauge(signs))

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Permutation | Linear, ...]":
        """Return the groups over clusters: weighted Linear lines where a member merges."""
        if self._stay_apart(labels, sizes):
            return (self.relabelled(labels),)
        return tuple(new for line in self._lines() for new in line.contract(labels, sizes))

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Permutation, ...]":
        """Return the whole block with its fixed spins pinned: no member is removed.

        A spin that is fixed on closes the other places of its row and column, one that is
        fixed off closes its own.
        """
        pins = fixed_spins[self.indices]
        closed = (pins < 0) | ~self.allowed_places
        on = pins > 0
        in_row, in_column = on.sum(axis=1, keepdims=True), on.sum(axis=0, keepdims=True)
        # a place is closed by any pin in its line but itself
        closed |= (in_row - on > 0) | (in_column - on > 0)
        return (Permutation(position[self.indices], ~closed),)


Group: TypeAlias = OneHot | AtMostOne | Cardinality | Linear | Permutation
ALL_KINDS: frozenset[type[Group]] = frozenset((OneHot, AtMostOne, Cardinality, Linear, Permutation))


def check_groups(groups: Iterable[Group], num_spins: int) -> tuple[Group, ...]:
    """Return the groups as a tuple: spins in range, disjoint except for Linear ones."""
    given = as_list(groups)
    if given is None:
        raise InputError(
            f"groups must be a sequence of groups, got {type(groups).__name__}. Give a list."
        )
    own = tuple(given)
    for k, group in enumerate(own):
        if not isinstance(group, Group):
            raise InputError(f"groups must hold groups, got {type(group).__name__} at [{k}].")
    if _members(own).max(initial=-1) >= num_spins:
        k, group = next(
            (k, one) for k, one in enumerate(own) if one.indices.max(initial=-1) >= num_spins
        )
        raise InputError(
            f"groups must lie within {num_spins} spins, got spin {group.indices.max()} "
            f"in {group!r} at [{k}]."
        )
    apart = [group for group in own if not isinstance(group, Linear)]
    count = np.bincount(_members(apart), minlength=1)
    if count.max() > 1:
        spin = int(np.argmax(count > 1))
        first, second = [group for group in apart if spin in group.members][:2]
        raise InputError(
            f"groups must be disjoint (except Linear ones), got spin {spin} in both {first!r} "
            f"and {second!r}. Turn one of them into a Linear group or a penalty."
        )
    return own


def _members(groups: Iterable[Group]) -> IntArray:
    """Return the spins of groups, one group after another."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *(group.members for group in groups)])


def overlapping_equalities(groups: Iterable[Group]) -> tuple[Linear, ...]:
    """Return the Linear groups of one value that share a spin with another group."""
    own = tuple(groups)
    equal = [one for one in own if isinstance(one, Linear) and one.lower == one.upper]
    if not equal:
        return ()
    count = np.bincount(_members(own))
    return tuple(one for one in equal if count[one.members].max(initial=0) > 1)
