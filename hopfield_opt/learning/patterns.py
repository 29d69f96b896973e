"""Patterns and cues as users have them: spins, binaries, truth values, images."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from hopfield_opt.arrays import FloatArray, Frozen, SpinArray
from hopfield_opt.border import is_integer, plain, real_array
from hopfield_opt.errors import InputError, show


@dataclass(frozen=True, eq=False, init=False)
class Patterns(Frozen):
    """Patterns of N two-valued units.

    Parameters
    ----------
    values : (P, ...) array or sequence of P arrays
        All -1 and +1, or all 0 and 1, or truth values; each pattern a vector or an image. A
        single vector (N,) of numbers is one pattern.

    Attributes
    ----------
    spins : (P, N) int8
        The patterns as rows of -1 and +1.
    shape : tuple of int
        The shape of each pattern as it was given.

    Raises
    ------
    InputError
        If there is no pattern, their shapes differ, or a value is neither of the two.

    Examples
    --------
    >>> Patterns([[[0, 1], [1, 1]], [[0, 0], [0, 1]]]).spins.tolist()
    [[-1, 1, 1, 1], [-1, -1, -1, 1]]
    """

    spins: SpinArray
    shape: tuple[int, ...]

    def __init__(self, values: Any) -> None:
        given = _stack(values)
        if given.ndim == 1 and len(given):
            given = given[None]
        if given.ndim == 0 or not len(given):
            raise InputError("patterns must hold at least one pattern, got none.")
        if not math.prod(given.shape[1:]):
            raise InputError(f"patterns must have at least one unit, got shape {given.shape}.")
        spins = check_two_values("patterns", given).reshape(len(given), -1)
        self._set(spins=spins, shape=given.shape[1:])

    def __len__(self) -> int:
        return len(self.spins)

    @property
    def num_spins(self) -> int:
        """The number of units N."""
        return int(self.spins.shape[1])

    @property
    def load(self) -> float:
        """Patterns per unit, ``alpha = P / N``."""
        return len(self) / self.num_spins

    def floats(self) -> FloatArray:
        """Return the patterns (P, N) as float64."""
        return self.spins.astype(np.float64)

    def append(self, values: Any) -> "Patterns":
        """Return these patterns and more of the same shape after them."""
        more = check_cues("patterns", values, self)
        spins = np.concatenate([self.spins, np.atleast_2d(more.spins)])
        return self._make(spins=spins, shape=self.shape)

    def remove(self, index: int) -> "Patterns":
        """Return the patterns but for one; those after it move up."""
        if len(self) == 1:
            raise InputError("memory must keep a pattern, got one that is to be forgotten.")
        return self._make(spins=np.delete(self.spins, index, axis=0), shape=self.shape)

    def index(self, pattern: Any) -> int:
        """Return the number of a pattern: itself if it is one, or where the pattern is."""
        if is_integer(pattern):
            if not 0 <= pattern < len(self):
                raise InputError(
                    f"pattern must be a number from 0 to {len(self) - 1}, got {show(pattern)}."
                )
            return int(pattern)
        spins = check_cues("pattern", pattern, self).spins
        same = np.flatnonzero((self.spins == spins[0]).all(axis=1))
        if len(spins) != 1 or not len(same):
            raise InputError("pattern must be one that is stored, got another. Name its number.")
        return int(same[0])

    def __repr__(self) -> str:
        return f"Patterns({len(self)} of shape {self.shape})"


@dataclass(frozen=True, eq=False)
class Cues(Frozen):
    """Cues for patterns: spins (C, N), the shape in which they came, and whether it was one."""

    spins: SpinArray
    shape: tuple[int, ...]
    single: bool

    def reshape(self, states: NDArray[Any]) -> NDArray[Any]:
        """Return states (C, N) in the shape of the cues."""
        return states.reshape(self.shape)


def check_patterns(patterns: Any) -> Patterns:
    """Return patterns, checked."""
    return patterns if isinstance(patterns, Patterns) else Patterns(patterns)


def check_cues(name: str, cues: Any, patterns: Patterns) -> Cues:
    """Return one cue or several that fit the patterns: vectors of N values or images.

    Raises
    ------
    InputError
        If the size is another one, or a value is neither of the two.
    """
    given = _stack(cues, name)
    size, shape = patterns.num_spins, patterns.shape
    single = given.shape in (shape, (size,))
    if not single and given.shape[1:] not in (shape, (size,)):
        images = f", or images {shape}" if len(shape) > 1 else ""
        raise InputError(
            f"{name} must have {size} values each{images}, got shape {given.shape}. "
            "Give one cue or an array of several."
        )
    spins = check_two_values(name, given).reshape(-1, size)
    return Cues(spins, given.shape, single)


def check_two_values(name: str, given: NDArray[Any]) -> SpinArray:
    """Return two-valued data as int8 of -1 and +1, in its shape."""
    if given.dtype.kind == "b":
        return np.where(given, 1, -1).astype(np.int8)
    if given.dtype.kind not in "iuf":
        raise InputError(
            f"{name} must be numbers -1 and +1, 0 and 1, or truth values, got dtype {given.dtype}."
        )
    high = given == 1
    low = -1 if (given == -1).any() else 0
    wrong = ~(high | (given == low))
    if wrong.any():
        where = np.unravel_index(int(np.argmax(wrong)), given.shape)
        pair = "-1 and +1" if low else "0 and 1, or -1 and +1,"
        raise InputError(
            f"{name} must be all {pair.rstrip(',')}, got {given[where]} at "
            f"{[int(k) for k in where]}. Threshold grey values first, e.g. image > 0.5."
        )
    return np.where(high, 1, -1).astype(np.int8)


def _stack(values: ArrayLike, name: str = "patterns") -> NDArray[Any]:
    """Return an array of the values, or say which of them has another shape."""
    given = plain(name, values)
    if isinstance(given, np.ndarray):
        return given
    if issparse(given):
        return real_array(name, given)
    if isinstance(given, str | bytes | Mapping):
        raise InputError(
            f"{name} must be an array of numbers, got a {type(given).__name__}. "
            "Write list(patterns.values()) for a dict."
        )
    each = enumerate(given) if np.iterable(given) else ()
    parts = [_array(f"{name}[{k}]", part) for k, part in each]
    for k, part in enumerate(parts):
        if part.shape != parts[0].shape:
            raise InputError(
                f"{name} must all have one shape, got {parts[0].shape} at [0] and "
                f"{part.shape} at [{k}]. Pad or crop them."
            )
    return np.array(parts)


def _array(name: str, part: Any) -> NDArray[Any]:
    try:
        return np.asarray(plain(name, part))
    except ValueError:  # rows of different lengths
        return real_array(name, part)
