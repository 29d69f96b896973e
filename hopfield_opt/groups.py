"""Groups: constraints that the moves of a dynamics keep, over binaries ``x = (1 + s) / 2``."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import FloatArray, Frozen, IntArray, checked_array, checked_indices
from hopfield_opt.errors import InputError


@dataclass(frozen=True, eq=False, init=False, repr=False)
class _Members(Frozen):
    """What all kinds share: the spins that belong to the group."""

    indices: IntArray

    @property
    def members(self) -> IntArray:
        """The spins of the group as a vector."""
        return self.indices.ravel()

    def relabelled(self, position: IntArray) -> Self:
        """Return the group after spin i was renamed to ``position[i]``."""
        return self._changed(indices=position[self.indices])

    def _alone(self, labels: IntArray, sizes: IntArray) -> bool:
        """Whether no member is merged with another spin."""
        return bool((sizes[labels[self.indices]] == 1).all())

    def __repr__(self) -> str:
        indices = np.array2string(self.indices, separator=", ", threshold=8, edgeitems=2)
        others = "".join(
            f", {name}={np.array2string(value, separator=', ', threshold=8, edgeitems=2)}"
            if isinstance(value, np.ndarray)
            else f", {name}={value}"
            for name, value in self.__dict__.items()
            if name != "indices"
        )
        return f"{type(self).__name__}({indices}{others})".replace("\n", "")


@dataclass(frozen=True, eq=False, init=False, repr=False)
class _Count(_Members, ABC):
    """A group that bounds the number of its spins that are on."""

    def __init__(self, indices: ArrayLike) -> None:
        self._set(indices=checked_indices("indices", indices, ndim=1))

    @property
    @abstractmethod
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest count."""

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return how far each state of (R, N) is outside the bounds, (R,)."""
        lower, upper = self.bounds
        count = (states[:, self.indices] > 0).sum(axis=1)
        return np.maximum(0, np.maximum(lower - count, count - upper)).astype(np.float64)

    def as_linear(self) -> "Linear":
        """Return the same constraint as a Linear group."""
        return Linear(self.indices, np.ones(len(self.indices)), *self.bounds)

    def gauge(self, signs: FloatArray) -> "tuple[Group, ...]":
        """Return the groups that accept s where this one accepts ``signs * s``."""
        if (signs[self.indices] > 0).all():
            return (self,)  # type: ignore[return-value]
        return self.as_linear().gauge(signs)

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Group, ...]":
        """Return the groups over clusters; where members merge, a weighted Linear."""
        if self._alone(labels, sizes):
            return (self.relabelled(labels),)  # type: ignore[return-value]
        return self.as_linear().contract(labels, sizes)

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Group, ...]":
        """Return the groups that remain when the spins with ``position[i] == -1`` are fixed."""
        kept = position[self.indices] >= 0
        on = int((fixed_spins[self.indices[~kept]] > 0).sum())
        lower, upper = self.bounds
        return _counting(position[self.indices[kept]], lower - on, upper - on)


class OneHot(_Count):
    """Exactly one spin is on: ``sum x = 1``."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest count, (1, 1)."""
        return 1, 1


class AtMostOne(_Count):
    """At most one spin is on: ``sum x <= 1``."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest count, (0, 1)."""
        return 0, 1


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Cardinality(_Count):
    """The number of spins that are on lies in a range: ``lower <= sum x <= upper``."""

    lower: int
    upper: int

    def __init__(self, indices: ArrayLike, lower: int, upper: int) -> None:
        super().__init__(indices)
        for name, value in (("lower", lower), ("upper", upper)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer):
                raise InputError(f"{name} must be an integer, got {value!r}.")
        if lower > upper:
            raise InputError(f"lower must be at most upper, got {lower} and {upper}.")
        self._set(lower=int(lower), upper=int(upper))

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest count."""
        return self.lower, self.upper


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Linear(_Members):
    """A weighted sum lies in a range: ``lower <= sum c x <= upper``; may overlap others."""

    coefficients: FloatArray
    lower: float
    upper: float

    def __init__(
        self, indices: ArrayLike, coefficients: ArrayLike, lower: float, upper: float
    ) -> None:
        own = checked_indices("indices", indices, ndim=1)
        low, high = _bound("lower", lower), _bound("upper", upper)
        if low > high or low == np.inf or high == -np.inf:
            raise InputError(f"lower must be at most upper, got {lower} and {upper}.")
        scale = checked_array("coefficients", coefficients, own.shape)
        self._set(indices=own, coefficients=scale, lower=low, upper=high)

    @property
    def tolerance(self) -> float:
        """The rounding error of the sum: 0 for integers, else ``len * eps * sum |c|``."""
        bounds = [b for b in (self.lower, self.upper) if np.isfinite(b)]
        if all((values % 1 == 0).all() for values in (self.coefficients, np.array(bounds))):
            return 0.0
        eps = float(np.finfo(np.float64).eps)
        size = float(np.abs(self.coefficients).sum() + np.abs(bounds).sum())
        return (len(self.indices) + 2) * eps * size

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return how far each state of (R, N) is outside the range, (R,)."""
        total = (states[:, self.indices] > 0) @ self.coefficients
        amount = np.maximum(self.lower - total, total - self.upper)
        return np.where(amount > self.tolerance, amount, 0.0)

    def gauge(self, signs: FloatArray) -> "tuple[Group, ...]":
        """Return the group that accepts s where this one accepts ``signs * s``."""
        flips = signs[self.indices]
        # c x' = c (1 - x) = c - c x for a flipped spin
        moved = float(self.coefficients[flips < 0].sum())
        return (
            self._changed(
                coefficients=self.coefficients * flips,
                lower=self.lower - moved,
                upper=self.upper - moved,
            ),
        )

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Group, ...]":
        """Return the group over clusters: the coefficients of merged members are summed."""
        clusters, which = np.unique(labels[self.indices], return_inverse=True)
        total = np.bincount(which, weights=self.coefficients, minlength=len(clusters))
        return (self._changed(indices=clusters, coefficients=total),)

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Group, ...]":
        """Return the groups that remain when the spins with ``position[i] == -1`` are fixed."""
        kept = position[self.indices] >= 0
        on = float(self.coefficients[~kept] @ (fixed_spins[self.indices[~kept]] > 0))
        rest = self._changed(
            indices=position[self.indices[kept]],
            coefficients=self.coefficients[kept],
            lower=self.lower - on,
            upper=self.upper - on,
        )
        return () if not kept.any() and rest.lower <= 0 <= rest.upper else (rest,)


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Permutation(_Members):
    """One spin is on in each row and each column of a square block, at an allowed place."""

    allowed: NDArray[np.bool_] | None

    def __init__(self, indices: ArrayLike, allowed: ArrayLike | None = None) -> None:
        own = checked_indices("indices", indices, ndim=2)
        if own.shape[0] != own.shape[1]:
            raise InputError(f"indices must be square, got shape {own.shape}.")
        self._set(indices=own, allowed=None)
        if allowed is not None:
            mask = np.array(allowed)
            if mask.shape != own.shape or mask.dtype != np.bool_:
                raise InputError(
                    f"allowed must be booleans of shape {own.shape}, "
                    f"got shape {mask.shape}, dtype {mask.dtype}."
                )
            self._set(allowed=None if mask.all() else mask)

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return the sum over rows and columns of ``|sum x - 1|`` plus ones not allowed."""
        grid = states[:, self.indices] > 0
        amount = np.abs(grid.sum(axis=1) - 1).sum(axis=1) + np.abs(grid.sum(axis=2) - 1).sum(axis=1)
        if self.allowed is not None:
            amount += (grid & ~self.allowed).sum(axis=(1, 2))
        return amount.astype(np.float64)

    def _lines(self) -> "tuple[Linear, ...]":
        """Return the same constraint as Linear groups: rows, columns, places not allowed."""
        ones = np.ones(len(self.indices))
        lines = [Linear(line, ones, 1, 1) for line in (*self.indices, *self.indices.T)]
        if self.allowed is not None:
            closed = self.indices[~self.allowed]
            lines.append(Linear(closed, np.ones(len(closed)), 0, 0))
        return tuple(lines)

    def gauge(self, signs: FloatArray) -> "tuple[Group, ...]":
        """Return the groups that accept s where this one accepts ``signs * s``."""
        if (signs[self.indices] > 0).all():
            return (self,)
        return tuple(new for line in self._lines() for new in line.gauge(signs))

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Group, ...]":
        """Return the groups over clusters; where members merge, weighted Linear lines."""
        if self._alone(labels, sizes):
            return (self.relabelled(labels),)
        return tuple(new for line in self._lines() for new in line.contract(labels, sizes))

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Group, ...]":
        """Return the block with the nonzero `fixed_spins` pinned: no member is removed."""
        pins = fixed_spins[self.indices]
        allowed = np.ones(self.indices.shape, np.bool_) if self.allowed is None else self.allowed
        allowed = allowed & (pins >= 0)
        for i, j in np.argwhere(pins > 0):
            here = allowed[i, j]
            allowed[i, :] = allowed[:, j] = False
            allowed[i, j] = here
        return (Permutation(position[self.indices], allowed),)


Group: TypeAlias = OneHot | AtMostOne | Cardinality | Linear | Permutation


def checked_groups(groups: Sequence[Group], num_spins: int) -> tuple[Group, ...]:
    """Return the groups as a tuple: spins in range, disjoint but for Linear ones."""
    own = tuple(groups)
    for k, group in enumerate(own):
        if not isinstance(group, Group):
            raise InputError(f"groups must be groups, got {group!r} at [{k}].")
        if group.members.max(initial=-1) >= num_spins:
            raise InputError(
                f"groups must lie within {num_spins} spins, "
                f"got spin {group.members.max()} in {group!r} at [{k}]."
            )
    apart = [group for group in own if not isinstance(group, Linear)]
    members = np.concatenate([np.empty(0, np.int64), *(group.members for group in apart)])
    count = np.bincount(members, minlength=1)
    if count.max() > 1:
        spin = int(np.argmax(count > 1))
        first, second = [group for group in apart if spin in group.members][:2]
        raise InputError(
            f"groups must be disjoint (Linear ones excepted), got spin {spin} in both "
            f"{first!r} and {second!r}. Turn one into a Linear group or a penalty."
        )
    return own


def _counting(indices: IntArray, lower: int, upper: int) -> "tuple[Group, ...]":
    """Return the narrowest kind of group for a range of counts; none if nothing is asked."""
    if lower < 0 <= upper:
        lower = 0  # no count is below 0
    if len(indices) == 0 and lower <= 0 <= upper:
        return ()
    if (lower, upper) == (1, 1):
        return (OneHot._make(indices=indices),)
    if (lower, upper) == (0, 1):
        return (AtMostOne._make(indices=indices),)
    return (Cardinality(indices, lower, upper),)


def _bound(name: str, value: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number, got {value!r}.") from None
    if np.isnan(number):
        raise InputError(f"{name} must be a number or infinite, got nan.")
    return number
