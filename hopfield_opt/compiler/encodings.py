"""Integers as bits: every variable is a number plus a weighted sum of bits of its own.

======================  =========================  ==================================
encoding of 0..L        bits                       constraint on the bits
======================  =========================  ==================================
binary                  1, 2, 4, ..., the rest     none
unary                   L times 1                  none
domain-wall             L times 1                  bit k + 1 <= bit k
one-hot                 0, 1, ..., L               exactly one is on
======================  =========================  ==================================

The last weight of the binary encoding is bounded, so that no bits stand for a number above L.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import check_memory
from hopfield_opt.compiler.terms import Part, Terms, constants, ranges
from hopfield_opt.errors import SizeError
from hopfield_opt.model.model import Model
from hopfield_opt.model.nodes import Floats, Indices, Shape
from hopfield_opt.model.variable import ENCODINGS, Variable

DEFAULT = "binary"
MOST_BITS = 10_000_000
# of a variable that is a bit, until its network stands
BYTES_PER_VARIABLE = 170
BINARY, ONE_HOT, UNARY, DOMAIN_WALL = range(len(ENCODINGS))
ONE_HOT_RULE = "one-hot encoding"


def binary_weights(largest: int) -> list[int]:
    """Return weights of bits whose sums are exactly 0..largest.

    Examples
    --------
    >>> binary_weights(9)
    [1, 2, 4, 2]
    """
    count = int(largest).bit_length()
    if count == 0:
        return []
    weights = [1 << k for k in range(count - 1)]
    return [*weights, int(largest) - sum(weights)]


def _weights(encoding: str, largest: int) -> list[int]:
    if encoding == "binary":
        return binary_weights(largest)
    if encoding == "one-hot":
        return list(range(largest + 1)) if largest else []
    return [1] * largest


@dataclass(frozen=True, eq=False)
class Encoding:
    """The bits of all variables of a model, in their order.

    Attributes
    ----------
    offset : (V,) float64
        What a variable is when all its bits are 0.
    starts : (V + 1,) int
        Where the bits of each variable begin.
    weights : (B,) float64
        What each bit adds to its variable.
    is_spin : (B,) bool
        Whether the bit is a spin, -1 or +1, instead of 0 or 1.
    kinds : (V,) int8
        The encoding of each variable by its place in `ENCODINGS`, -1 where it is one bit as it is.
    lower, upper : (V,) float64
        The range of each variable.
    arrays : tuple of (int, shape)
        The first number and the shape of each array of variables.
    """

    offset: Floats
    starts: Indices
    weights: Floats
    is_spin: NDArray[np.bool_]
    kinds: NDArray[np.int8]
    lower: Floats
    upper: Floats
    arrays: tuple[tuple[int, Shape], ...]

    @property
    def num_bits(self) -> int:
        """The number of bits."""
        return len(self.weights)

    @cached_property
    def is_identity(self) -> bool:
        """Whether every variable is one bit as it is."""
        return self.num_bits == len(self.kinds) and bool((self.kinds < 0).all())

    @cached_property
    def reach(self) -> tuple[Floats, Floats]:
        """The least and the largest value of each variable over all states of its bits.

        Wider than its range where a state is no code: two bits of a one-hot code add up.
        """
        if self.is_identity:
            return self.lower, self.upper
        least = np.where(self.is_spin, -np.abs(self.weights), np.minimum(self.weights, 0.0))
        most = np.where(self.is_spin, np.abs(self.weights), np.maximum(self.weights, 0.0))
        count = len(self.kinds)
        owner = np.repeat(np.arange(count), np.diff(self.starts))
        low, high = (np.bincount(owner, bits, count) for bits in (least, most))
        return self.offset + low, self.offset + high

    def terms(self, index: Indices) -> Terms:
        """Return variables by number as affine expressions in bits."""
        flat = index.ravel()
        if self.is_identity:
            return {1: Part(np.arange(len(flat)), flat[:, None], np.ones(len(flat)))}
        counts = (self.starts[1:] - self.starts[:-1])[flat]
        bits = ranges(self.starts[flat], counts)
        found: dict[int, Part] = {}
        shift = self.offset[flat]
        if shift.any():
            found[0] = constants(shift)
        rows = np.repeat(np.arange(len(flat)), counts)
        found[1] = Part(rows, bits[:, None], self.weights[bits])
        return found

    def grid_of(self, index: Indices) -> Indices | None:
        """Return the two-dimensional array of variables that holds the given ones."""
        number = int(index.flat[0]) if index.size else -1
        for first, shape in self.arrays:
            size = math.prod(shape)
            if len(shape) == 2 and first <= number < first + size:
                return np.arange(first, first + size).reshape(shape)
        return None

    def constraints(self) -> list[tuple[str, scipy.sparse.csr_array, float, float]]:
        """Return name, rows over bits, lower and upper bound of what the encodings ask."""
        found = []
        hot = np.flatnonzero((self.kinds == ONE_HOT) & (np.diff(self.starts) > 0))
        if len(hot):
            counts = np.diff(self.starts)[hot]
            columns = ranges(self.starts[hot], counts)
            indptr = np.concatenate([[0], np.cumsum(counts)])
            rows = scipy.sparse.csr_array(
                (np.ones(len(columns)), columns, indptr), shape=(len(hot), self.num_bits)
            )
            found.append((ONE_HOT_RULE, rows, 1.0, 1.0))
        walls = np.flatnonzero((self.kinds == DOMAIN_WALL) & (np.diff(self.starts) > 1))
        if len(walls):
            first = ranges(self.starts[walls], np.diff(self.starts)[walls] - 1)
            columns = np.stack([first, first + 1], axis=1).ravel()
            data = np.tile([-1.0, 1.0], len(first))
            shape = (len(first), self.num_bits)
            indptr = np.arange(0, 2 * len(first) + 1, 2)
            rows = scipy.sparse.csr_array((data, columns, indptr), shape=shape)
            found.append(("domain-wall encoding", rows, -1.0, 0.0))
        return found

    def encode(self, values: Floats) -> Floats:
        """Return the bits (R, B) of values (R, V) of the variables."""
        if self.is_identity:
            return values
        rest = values - self.offset
        owner = np.repeat(np.arange(len(self.offset)), np.diff(self.starts))
        rank = np.arange(self.num_bits) - self.starts[owner]
        left = rest[:, owner]
        kinds = self.kinds[owner]
        bits = np.where(kinds < 0, left, 0.0)
        bits = np.where(kinds == ONE_HOT, left == self.weights, bits)
        bits = np.where((kinds == UNARY) | (kinds == DOMAIN_WALL), rank < left, bits)
        binary = np.flatnonzero(kinds == BINARY)
        most = int(rank[binary].max(initial=-1))
        for place in range(most, -1, -1):
            # the bounded last weight first, then powers of 2 downwards: what is left always fits
            columns = binary[rank[binary] == place]
            one = rest[:, owner[columns]] >= self.weights[columns]
            rest[:, owner[columns]] -= one * self.weights[columns]
            bits[:, columns] = one
        return bits

    def decode(self, bits: Floats) -> Floats:
        """Return the variables (R, V) of bits (R, B), clipped into their ranges."""
        if self.is_identity:
            return bits
        return np.asarray(np.clip(self._sums(bits), self.lower, self.upper))

    def find_overrun(self, bits: Floats) -> tuple[str, ...]:
        """Return the encodings of which some bits (R, B) make a number out of its range."""
        if not (self.kinds == ONE_HOT).any():
            return ()  # the bits of the others stand for no number above the largest
        out = (self._sums(bits) > self.upper).any()
        return (ONE_HOT_RULE,) if out else ()

    def _sums(self, bits: Floats) -> Floats:
        matrix = scipy.sparse.csr_array(
            (self.weights, np.arange(self.num_bits), self.starts),
            shape=(len(self.offset), self.num_bits),
        )
        return np.asarray(self.offset + (matrix @ bits.T).T)


def encode_integers(model: Model, encoding: str | Mapping[str, str] | None) -> Encoding:
    """Return the bits of a model's variables; `encoding` is for those that name none."""
    count = model.num_variables
    check_memory("variables", BYTES_PER_VARIABLE * count, f"Take fewer than {count}")
    deadline.check(4 * count)
    kinds_used = {variable.kind for variable in model.variables}
    if len(kinds_used) == 1 and "integer" not in kinds_used:
        return plain(count, kinds_used.pop() == "spin", _arrays(model))
    offsets, kinds, weights, counts = [], [], [], []
    spins = []
    for variable in deadline.check_each(model.variables, 20):
        if variable.kind != "integer":
            offsets.append(np.zeros(variable.size))
            kinds.append(np.full(variable.size, -1, dtype=np.int8))
            counts.append(np.ones(variable.size, dtype=np.intp))
            weights.append(np.ones(variable.size))
            spins.append(np.full(variable.size, variable.kind == "spin"))
            continue
        name = _encoding_of(variable, encoding)
        offsets.append(variable.lower.ravel())
        kinds.append(np.full(variable.size, ENCODINGS.index(name), dtype=np.int8))
        own = _bits_of(variable, name)
        counts.append(np.array([len(one) for one in own], dtype=np.intp))
        weights.append(np.array([weight for one in own for weight in one], dtype=np.float64))
        spins.append(np.zeros(len(weights[-1]), dtype=bool))
    empty = np.empty(0)
    return Encoding(
        np.concatenate([empty, *offsets]),
        np.concatenate([[0], np.cumsum(np.concatenate([empty.astype(np.intp), *counts]))]),
        np.concatenate([empty, *weights]),
        np.concatenate([empty.astype(bool), *spins]),
        np.concatenate([empty.astype(np.int8), *kinds]),
        np.concatenate([empty, *(one.lower.ravel() for one in model.variables)]),
        np.concatenate([empty, *(one.upper.ravel() for one in model.variables)]),
        _arrays(model),
    )


def plain(count: int, is_spin: bool, arrays: tuple[tuple[int, Shape], ...]) -> Encoding:
    """Return the bits of variables of one kind that are bits already; one number is for all."""
    return Encoding(
        np.broadcast_to(0.0, count),
        np.arange(count + 1),
        np.broadcast_to(1.0, count),
        np.broadcast_to(np.bool_(is_spin), count),
        np.broadcast_to(np.int8(-1), count),
        np.broadcast_to(-1.0 if is_spin else 0.0, count),
        np.broadcast_to(1.0, count),
        arrays,
    )


def _arrays(model: Model) -> tuple[tuple[int, Shape], ...]:
    return tuple((one.first, one.shape) for one in model.variables)


def _encoding_of(variable: Variable, encoding: str | Mapping[str, str] | None) -> str:
    if variable.encoding is not None:
        return variable.encoding
    if isinstance(encoding, Mapping):
        return encoding.get(variable.name, DEFAULT)
    return encoding or DEFAULT


def _bits_of(variable: Variable, encoding: str) -> list[list[int]]:
    sizes = (variable.upper - variable.lower).ravel()
    if encoding != "binary" and sizes.sum() > MOST_BITS:
        raise SizeError(
            f"encoding must need at most {MOST_BITS} bits, got {sizes.sum():.0f} for "
            f"{variable.name!r} with {encoding!r}. Use encoding='binary' or narrower bounds."
        )
    return [_weights(encoding, int(size)) for size in deadline.check_each(sizes, 1000)]
