"""All groups of a network as rows ``lower <= sum c x <= upper`` over binaries ``x``."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.groups import Group, Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.exact_rows import snap

# whole numbers up to here have exact sums in float64
WHOLE = 2.0**53


class RowTerms(NamedTuple):
    """Rows by row and by spin; no coefficient is zero, and sums of coefficients are exact.

    Attributes
    ----------
    start : (M + 1,) int64
        Where the entries of each row begin.
    spin, coefficient : (nnz,) int32 and float64
        The entries, row by row.
    lower, upper : (M,) float64
        The ranges of the sums, ends included.
    scale : (M,) float64
        One over the largest coefficient: what a violation is measured in.
    unit : (M,) float64
        The size of all coefficients of a row where they have the same, else 0.
    owner : (M,) int32
        The number of the group that each row belongs to.
    spin_start : (N + 1,) int64
        Where the entries of each spin begin.
    spin_row, spin_coefficient, spin_entry : (nnz,) int32, float64 and int32
        The same entries spin by spin: their rows, coefficients, and places in row order.
    spin_code : (nnz,) int32
        Twice the row, plus one where the coefficient is negative.
    """

    start: NDArray[np.int64]
    spin: NDArray[np.int32]
    coefficient: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    scale: NDArray[np.float64]
    unit: NDArray[np.float64]
    owner: NDArray[np.int32]
    spin_start: NDArray[np.int64]
    spin_row: NDArray[np.int32]
    spin_coefficient: NDArray[np.float64]
    spin_entry: NDArray[np.int32]
    spin_code: NDArray[np.int32]

    @classmethod
    def of(cls, hamiltonian: Hamiltonian) -> "RowTerms":
        """Return the groups of a Hamiltonian as rows, in their order."""
        parts = [
            (number, *row)
            for number, group in deadline.check_each(enumerate(hamiltonian.groups), 100)
            for row in _rows(group)
        ]
        owner = np.array([part[0] for part in parts], np.int32)
        length = np.array([len(part[1]) for part in parts], np.int64)
        spin = _join([part[1] for part in parts], np.int32)
        value = _join([part[2] for part in parts], np.float64)
        lower = np.array([part[3] for part in parts], np.float64)
        upper = np.array([part[4] for part in parts], np.float64)
        deadline.check(20 * len(spin))
        _snap(hamiltonian.groups, owner, length, value, lower, upper)
        row = np.repeat(np.arange(len(parts), dtype=np.int32), length)
        there = value != 0
        spin, value, row = spin[there], value[there], row[there]
        largest = np.zeros(len(parts))
        np.maximum.at(largest, row, np.abs(value))
        least = largest.copy()
        np.minimum.at(least, row, np.abs(value))
        tiny = float(np.finfo(np.float64).tiny)
        return cls(
            start=_pointers(np.bincount(row, minlength=len(parts))),
            spin=spin,
            coefficient=value,
            lower=lower,
            upper=upper,
            scale=1.0 / np.where(largest > tiny, largest, 1.0),
            unit=np.where(least == largest, largest, 0.0),
            owner=owner,
            spin_start=_pointers(np.bincount(spin, minlength=hamiltonian.num_spins)),
            **_by_spin(row, spin, value),
        )

    @property
    def row(self) -> NDArray[np.int32]:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.lower), dtype=np.int32), np.diff(self.start))

    def sort_by(self, keys: NDArray[np.float64]) -> "RowTerms":
        """Return the same rows, the entries of each in the order of keys (N,) of their spins."""
        order = np.lexsort((keys[self.spin], self.row))
        spin, value = self.spin[order], self.coefficient[order]
        return self._replace(spin=spin, coefficient=value, **_by_spin(self.row, spin, value))

    def totals(self, spins: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return the sum of each row (M,) at a state (N,)."""
        on = np.where(spins[self.spin] > 0, self.coefficient, 0.0)
        row = np.repeat(np.arange(len(self.lower)), np.diff(self.start))
        return np.bincount(row, weights=on, minlength=len(self.lower)).astype(np.float64)

    def hold(self, spins: NDArray[np.int8]) -> bool:
        """Return whether all rows hold at a state (N,)."""
        total = self.totals(spins)
        return bool(((self.lower <= total) & (total <= self.upper)).all())


def _by_spin(row: Any, spin: Any, value: Any) -> dict[str, Any]:
    """Return entries that stand row by row, spin by spin."""
    order = np.argsort(spin, kind="stable")
    return {
        "spin_row": row[order],
        "spin_coefficient": value[order],
        "spin_entry": order.astype(np.int32),
        "spin_code": 2 * row[order] + (value[order] < 0),
    }


def _rows(group: Group) -> list[tuple[Any, Any, float, float]]:
    """Return the rows of a group: spins, coefficients, and the range."""
    if isinstance(group, Linear):
        return [(group.indices, group.coefficients, group.lower, group.upper)]
    if not isinstance(group, Permutation):
        lower, upper = group.bounds
        return [(group.indices, np.ones(len(group.indices)), lower, upper)]
    allowed = group.allowed_places
    rows: list[tuple[Any, Any, float, float]] = []
    for grid, mask in ((group.indices, allowed), (group.indices.T, allowed.T)):
        rows += [
            (line[good], np.ones(int(good.sum())), 1, 1)
            for line, good in zip(grid, mask, strict=True)
        ]
    closed = group.indices[~allowed]
    return [*rows, (closed, np.ones(len(closed)), 0, 0)] if len(closed) else rows


def _snap(groups: Any, owner: Any, length: Any, value: Any, lower: Any, upper: Any) -> None:
    """Put what rounding might touch on a grid on which all sums are exact, in place."""
    start = _pointers(length)
    size = np.zeros(len(length))
    number = np.repeat(np.arange(len(length)), length)
    np.add.at(size, number, np.abs(value))
    broken = np.zeros(len(length), np.bool_)
    broken[number[value != np.rint(value)]] = True
    for end in (lower, upper):
        broken |= np.isfinite(end) & (end != np.rint(end))
        size += np.where(np.isfinite(end), np.abs(end), 0.0)
    for row in deadline.check_each(np.flatnonzero(broken | (size >= WHOLE)).tolist(), 100):
        data, lower[row], upper[row] = snap(groups[owner[row]])
        value[start[row] : start[row + 1]] = data


def _join(arrays: list[Any], dtype: Any) -> Any:
    return np.concatenate([np.empty(0, dtype), *arrays], dtype=dtype, casting="unsafe")


def _pointers(counts: Any) -> NDArray[np.int64]:
    """Return where each run begins, given the lengths of the runs."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
