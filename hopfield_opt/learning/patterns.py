"""Patterns and cues as users have them: spins, binaries, truth values, images."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse

from hopfield_opt.arrays import FloatArray, Frozen, SpinArray
from hopfield_opt.border import is_integer, plain, real_array
from hopfield_opt.errors import InputError, show

# names of patterns that have none
NUMBERED = re.compile(r"memory \d+$")
# what labels of states begin with, or are
RESERVED = re.compile(r"anti-|mixture of |memory \d+$|spurious$|not converged$|\d+-cycle$")
# names in a message
SHOWN = 12


@dataclass(frozen=True, eq=False, init=False)
class Patterns(Frozen):
    """Patterns of N two-valued units.

    Parameters
    ----------
    values : (P, ...) array or sequence of P arrays
        All -1 and +1, or all 0 and 1, or truth values; each pattern a vector or an image. A
        single vector (N,) of numbers is one pattern.
    names : str or sequence of P str, optional
        What they are called, each another word: "ABC" are three names. None are numbers.

    Attributes
    ----------
    spins : (P, N) int8
        The patterns as rows of -1 and +1.
    shape : tuple of int
        The shape of each pattern as it was given.
    names : tuple of P str
        "memory 0", "memory 1", ... where none were given.

    Raises
    ------
    InputError
        If there is no pattern, their shapes differ, a value is neither of the two, or names are
        too few, too many, equal, or like the labels of other states.

    Examples
    --------
    >>> Patterns([[[0, 1], [1, 1]], [[0, 0], [0, 1]]]).spins.tolist()
    [[-1, 1, 1, 1], [-1, -1, -1, 1]]
    """

    spins: SpinArray
    shape: tuple[int, ...]
    names: tuple[str, ...]

    def __init__(self, values: Any, names: Sequence[str] | None = None) -> None:
        given = _stack(values)
        if given.ndim == 1 and len(given):
            given = given[None]
        if given.ndim == 0 or not len(given):
            raise InputError("patterns must hold at least one pattern, got none.")
        if not math.prod(given.shape[1:]):
            raise InputError(f"patterns must have at least one unit, got shape {given.shape}.")
        spins = check_two_values("patterns", given).reshape(len(given), -1)
        called = check_names(names, range(len(given)))
        self._set(spins=spins, shape=given.shape[1:], names=called)

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

    @property
    def images(self) -> SpinArray:
        """The patterns (P, ...) in the shape in which they were given."""
        return self.spins.reshape(len(self), *self.shape)

    def append(self, values: Any, names: Sequence[str] | None = None) -> "Patterns":
        """Return these patterns and more of the same shape after them."""
        more = check_cues("patterns", values, self)
        spins = np.concatenate([self.spins, np.atleast_2d(more.spins)])
        called = self.names + check_names(names, range(len(self), len(spins)))
        _check_different(called)
        return self._make(spins=spins, shape=self.shape, names=called)

    def remove(self, index: int) -> "Patterns":
        """Return the patterns but for one; those after it move up."""
        if len(self) == 1:
            raise InputError("memory must keep a pattern, got one that is to be forgotten.")
        rest = np.delete(self.spins, index, axis=0)
        # a number is its place, a word stays
        kept = [name for k, name in enumerate(self.names) if k != index]
        called = [f"memory {k}" if NUMBERED.match(name) else name for k, name in enumerate(kept)]
        return self._make(spins=rest, shape=self.shape, names=tuple(called))

    def index(self, pattern: Any) -> int:
        """Return the number of a pattern: itself if it is one, or where its name or itself is."""
        if isinstance(pattern, str):
            if pattern not in self.names:
                known = ", ".join(self.names[:SHOWN]) + (", ..." if len(self) > SHOWN else "")
                raise InputError(f"pattern must be one of {known}, got {show(pattern)}.")
            return self.names.index(pattern)
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


def check_patterns(patterns: Any, names: Sequence[str] | None = None) -> Patterns:
    """Return patterns, checked."""
    if isinstance(patterns, Patterns):
        return patterns if names is None else Patterns(patterns.images, names)
    return Patterns(patterns, names)


def check_names(names: Sequence[str] | None, places: Sequence[Any]) -> tuple[str, ...]:
    """Return a name for each place; "memory k" for the numbers k if there are none.

    Raises
    ------
    InputError
        If there are fewer or more, two are equal, or one reads like the label of another state.
    """
    if names is None:
        return tuple(f"memory {k}" for k in places)
    called = tuple(names)
    if len(called) != len(places):
        raise InputError(f"names must be {len(places)}, one for each pattern, got {len(called)}.")
    for k, name in enumerate(called):
        if not isinstance(name, str) or not name.strip() or RESERVED.match(name):
            raise InputError(
                f"names must be words other than the labels of states, got {show(name)} at [{k}]. "
                'Write names="ABC" or names=["cat", "dog"].'
            )
    _check_different(called)
    return called


def _check_different(names: tuple[str, ...]) -> None:
    twice = [name for k, name in enumerate(names) if name in names[:k]]
    if twice:
        raise InputError(
            f"names must be different words, got {show(twice[0])} twice. Call one another way."
        )


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
