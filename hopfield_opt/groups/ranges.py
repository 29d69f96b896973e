"""Groups that keep a sum of binaries in a range: counts of spins that are on, weighted sums."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import (
    FloatArray,
    Frozen,
    IntArray,
    check_array,
    check_indices,
    check_integer,
    check_number,
)
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import last_bits, need_no_rounding


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Members(Frozen):
    """What all kinds share: the spins that belong to the group."""

    indices: IntArray

    @property
    def members(self) -> IntArray:
        """The spins of the group as a vector."""
        return self.indices.ravel()

    def relabelled(self, position: IntArray) -> Self:
        """Return the group after spin i became spin ``position[i]``."""
        return self._replace_fields(indices=position[self.indices])

    def _stay_apart(self, labels: IntArray, sizes: IntArray) -> bool:
        """Whether no member merges with any other spin."""
        return bool((sizes[labels[self.indices]] == 1).all())

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_short(value)}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


@dataclass(frozen=True, eq=False, init=False, repr=False)
class _Count(Members, ABC):
    """A group that bounds how many of its spins are on."""

    def __init__(self, indices: ArrayLike) -> None:
        self._set(indices=check_indices("indices", indices, ndim=1))

    @property
    @abstractmethod
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number of spins that may be on."""

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return by how much the count is outside the bounds (R,), for states (R, N)."""
        lower, upper = self.bounds
        count = (states[:, self.indices] > 0).sum(axis=1, dtype=np.float64)
        return np.asarray(np.maximum(0.0, np.maximum(lower - count, count - upper)))

    def as_linear(self) -> "Linear":
        """Return the same constraint as a Linear group."""
        lower, upper = map(float, self.bounds)
        ones = np.ones(len(self.indices))
        return Linear._make(indices=self.indices, coefficients=ones, lower=lower, upper=upper)

    def gauge(self, signs: FloatArray) -> "tuple[Self | Linear, ...]":
        """Return the groups that accept s where this one accepts ``signs * s``.

        With flipped members that is one Linear group, as x becomes 1 - x.
        """
        if (signs[self.indices] > 0).all():
            return (self,)
        return self.as_linear().gauge(signs)

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Self | Linear, ...]":
        """Return the groups over clusters: a weighted Linear one where a member merges."""
        if self._stay_apart(labels, sizes):
            return (self.relabelled(labels),)
        return self.as_linear().contract(labels, sizes)

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Range, ...]":
        """Return the groups that remain when the spins with ``position[i] = -1`` are fixed."""
        kept = position[self.indices] >= 0
        on = int((fixed_spins[self.indices[~kept]] > 0).sum())
        lower, upper = self.bounds
        return _narrowest(position[self.indices[kept]], lower - on, upper - on)


class OneHot(_Count):
    """Exactly one spin is on, ``sum x = 1``; violated by ``|sum x - 1|``.

    Parameters
    ----------
    indices : (k,) array of int
        The spins, distinct.

    Examples
    --------
    >>> OneHot([0, 2]).violation(np.array([[1, -1, -1], [-1, 1, -1], [1, 1, 1]]))
    array([0., 1., 1.])
    """

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number of spins that may be on: 1, 1."""
        return 1, 1


class AtMostOne(_Count):
    """At most one spin is on, ``sum x <= 1``; violated by ``max(0, sum x - 1)``.

    Parameters
    ----------
    indices : (k,) array of int
        The spins, distinct.
    """

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number of spins that may be on: 0, 1."""
        return 0, 1


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Cardinality(_Count):
    """From `lower` to `upper` spins are on; violated by the distance to that range.

    Parameters
    ----------
    indices : (k,) array of int
        The spins, distinct.
    lower, upper : int
        The range of ``sum x``, ends included. One that no state meets is legal: that a
        problem has no answer is a result, not an error.
    """

    lower: int
    upper: int

    def __init__(self, indices: ArrayLike, lower: int, upper: int) -> None:
        super().__init__(indices)
        low, high = check_integer("lower", lower), check_integer("upper", upper)
        if low > high:
            raise InputError(f"lower must be at most upper, got {low} and {high}.")
        self._set(lower=low, upper=high)

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest number of spins that may be on."""
        return self.lower, self.upper


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Linear(Members):
    """``lower <= sum c x <= upper``; violated by the distance to that range.

    Linear groups may overlap each other and groups of other kinds.

    Parameters
    ----------
    indices : (k,) array of int
        The spins, distinct.
    coefficients : (k,) array, finite
        The weights c.
    lower, upper : float
        The range, ends included; infinite where a side is open.

    Examples
    --------
    >>> knapsack = Linear([0, 1, 2], [3, 4, 5], -np.inf, 7)
    >>> knapsack.violation(np.array([[1, 1, -1], [1, 1, 1]]))
    array([0., 5.])
    """

    coefficients: FloatArray
    lower: float
    upper: float

    def __init__(
        self, indices: ArrayLike, coefficients: ArrayLike, lower: float, upper: float
    ) -> None:
        own = check_indices("indices", indices, ndim=1)
        low = check_number("lower", lower, infinite=True)
        high = check_number("upper", upper, infinite=True)
        if low > high or low == np.inf or high == -np.inf:
            raise InputError(f"lower must be at most upper, got {low} and {high}.")
        scale = check_array("coefficients", coefficients, own.shape)
        self._set(indices=own, coefficients=scale, lower=low, upper=high)

    @property
    def tolerance(self) -> float:
        """The amount of violation that is only rounding: 0 where sums need none.

        That is so with whole numbers, and those of few digits in binary, that add up to less than
        2^53 units of their last bit. Else ``(k + 2) eps (sum |c| + |lower| + |upper|)``, the
        error bound of the sum.
        """
        finite = np.array([bound for bound in (self.lower, self.upper) if np.isfinite(bound)])
        numbers = np.concatenate([self.coefficients, finite])
        size = np.abs(numbers).sum()
        if need_no_rounding(last_bits(numbers).min(initial=np.inf), size):
            return 0.0
        return float((len(numbers) + 2) * np.finfo(np.float64).eps * size)

    def violation(self, states: NDArray[Any]) -> FloatArray:
        """Return by how much the sum is outside the range (R,), for states (R, N)."""
        total = (states[:, self.indices] > 0) @ self.coefficients
        amount = np.maximum(self.lower - total, total - self.upper)
        return np.where(amount > self.tolerance, amount, 0.0)

    def gauge(self, signs: FloatArray) -> "tuple[Linear, ...]":
        """Return the group that accepts s where this one accepts ``signs * s``.

        A flipped x is 1 - x, and ``c (1 - x) = c - c x``.
        """
        flips = signs[self.indices]
        moved = float(self.coefficients[flips < 0].sum())
        return (
            self._replace_fields(
                coefficients=self.coefficients * flips,
                lower=self.lower - moved,
                upper=self.upper - moved,
            ),
        )

    def contract(self, labels: IntArray, sizes: IntArray) -> "tuple[Linear, ...]":
        """Return the group over clusters: the coefficients of merged members are summed."""
        clusters, which = np.unique(labels[self.indices], return_inverse=True)
        total = np.bincount(which, weights=self.coefficients, minlength=len(clusters))
        return (self._replace_fields(indices=clusters, coefficients=total.astype(np.float64)),)

    def restricted(self, position: IntArray, fixed_spins: FloatArray) -> "tuple[Range, ...]":
        """Return the groups that remain when the spins with ``position[i] = -1`` are fixed."""
        kept = position[self.indices] >= 0
        on = float(self.coefficients[~kept] @ (fixed_spins[self.indices[~kept]] > 0))
        rest = self._replace_fields(
            indices=position[self.indices[kept]],
            coefficients=self.coefficients[kept],
            lower=self.lower - on,
            upper=self.upper - on,
        )
        return () if not kept.any() and rest.lower <= 0 <= rest.upper else (rest,)


Range: TypeAlias = OneHot | AtMostOne | Cardinality | Linear


def _narrowest(indices: IntArray, lower: int, upper: int) -> tuple[Range, ...]:
    """Return the narrowest kind of group for a range of counts; none if nothing is asked."""
    if lower < 0 <= upper:
        lower = 0  # no count is below 0
    if len(indices) == 0 and lower <= 0 <= upper:
        return ()
    if (lower, upper) == (1, 1):
        return (OneHot._make(indices=indices),)
    if (lower, upper) == (0, 1):
        return (AtMostOne._make(indices=indices),)
    return (Cardinality._make(indices=indices, lower=lower, upper=upper),)


def _short(value: Any) -> str:
    """Return a number as it is, an array with its middle left out, on one line."""
    if not isinstance(value, np.ndarray):
        return str(value)
    text = np.array2string(value, separator=", ", threshold=8, edgeitems=2)
    return " ".join(text.split())
