"""What the layouts of all kernels share: constants, integer units, visiting plans."""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import BoolArray, FloatArray, IntArray

METROPOLIS, HEAT_BATH = 0, 1
RANDOM, SEQUENTIAL = 0, 1

# Four words for each of the 8 columns of xoshiro256++, one for the visiting order.
RNG_WORDS = 33
# Fields of bytes: sums up to 126, so that the largest level plus 1 still is a byte.
MAX_BYTE = 126
# Spins that change places within a random order.
BLOCK = 16
# Spins whose kinds are visited one after another: the rows of 64 replicas stay in a cache.
WINDOW = 1 << 13
# Larger networks are numbered anew, and cut into windows.
MAX_CACHED = 1 << 15

# Units are looked for among the least magnitude and its fractions down to this part of it.
MAX_MULTIPLIER = 2**20
MAX_DENOMINATOR = 1000
# Error of beta dE from rounded weights that does not matter.
TOLERATED = 0.01
# Relative error of an input that was computed, such as 0.1 + 0.2.
TOLERANCE = 1e-13
# Numbers that are looked at together.
PART = 1 << 18


def integer_unit(*arrays: FloatArray) -> float | None:
    """Return the largest unit of which all numbers are integer multiples, or None.

    Examples
    --------
    >>> integer_unit(np.array([0.5, -1.5, 0.0]))
    0.5
    >>> integer_unit(np.array([3.0, 7.0]) * 1e-12)
    1e-12
    >>> print(integer_unit(np.array([1.0, 2.0**0.5])))
    None
    """
    parts = [
        flat[first : first + PART]
        for flat in map(np.ravel, arrays)
        for first in range(0, len(flat), PART)
    ]
    ends = [(sizes.min(), sizes.max()) for sizes in map(_sizes, parts) if len(sizes)]
    if not ends:
        return 1.0
    base = min(low for low, _ in ends)
    if max(high for _, high in ends) / base > 2.0**31:
        return None
    # grows to the least common multiple of the denominators, so that no larger unit is left
    multiplier = 1
    while True:
        broken = (_first_broken(part, base, multiplier) for part in deadline.check_each(parts))
        ratio = next(filter(None, broken), None)
        if ratio is None:
            return float(base / multiplier)
        near = Fraction(ratio).limit_denominator(MAX_DENOMINATOR)
        multiplier *= near.denominator
        if abs(float(near) - ratio) > TOLERANCE * ratio or multiplier > MAX_MULTIPLIER:
            return None


def _sizes(part: FloatArray) -> FloatArray:
    """Return the magnitudes of the numbers that are not 0."""
    values = np.abs(part)
    return values[values > 0]


def _first_broken(part: FloatArray, base: float, multiplier: int) -> float | None:
    """Return the first multiple of base / multiplier that is no whole one."""
    scaled = _sizes(part) / base * multiplier
    wrong = np.abs(scaled - np.rint(scaled)) > TOLERANCE * scaled
    return float(scaled[np.argmax(wrong)]) if wrong.any() else None


class VisitingPlan(NamedTuple):
    """The order in which spins are visited: blocks of spins that the kernel treats alike.

    Attributes
    ----------
    order : (N,) int64
        The spins; block b is ``order[first[b]:first[b + 1]]``.
    first : (B + 1,) int64
        Where the blocks begin.
    kinds : flat (B, 3) int64
        For the spins of a block: the lengths of its two lists of neighbours, and the largest
        magnitude of a local field, in units.
    """

    order: IntArray
    first: IntArray
    kinds: IntArray


def random_plan(kinds: IntArray) -> VisitingPlan:
    """Return the plan for random order: spins of one kind side by side, in blocks of 16.

    The kernel shuffles every block afresh in each sweep. The blocks keep their places, so that
    about a sweep lies between two visits of a spin, as in sequential order: a full shuffle
    needs 1.2 (random graphs) to 2 times (torus) as many sweeps to the same energy, and leaves
    the cache. The shuffle within blocks is enough to break the lockstep of sequential sweeps,
    in which Metropolis never solves an even ring.
    """
    # the parity of the reach belongs to the kind: it fixes the parity of every local field
    keys = np.column_stack([kinds[:, :2], kinds[:, 2] % 2])
    places = np.arange(len(kinds))
    windows = places // WINDOW if len(kinds) > MAX_CACHED else 0 * places
    order = np.lexsort((places, *keys.T, windows))
    return _plan(order, keys, kinds)


def sequential_plan(kinds: IntArray) -> VisitingPlan:
    """Return the plan for sequential order: 0 to N - 1, cut where the kind changes."""
    keys = np.column_stack([kinds[:, :2], kinds[:, 2] % 2])
    return _plan(np.arange(len(kinds)), keys, kinds)


def _plan(order: IntArray, keys: IntArray, kinds: IntArray) -> VisitingPlan:
    size = len(order)
    places = np.arange(size)
    changed = np.ones(size, dtype=bool)
    changed[1:] = (keys[order][1:] != keys[order][:-1]).any(axis=1)
    run = np.maximum.accumulate(np.where(changed, places, 0))
    begins = np.flatnonzero((places - run) % BLOCK == 0)
    largest = (
        np.maximum.reduceat(kinds[order], begins) if size else np.zeros((0, 3), dtype=np.int64)
    )
    return VisitingPlan(
        order.astype(np.int64), np.append(begins, size).astype(np.int64), largest.reshape(-1)
    )


def pad_lengths(counts: IntArray) -> IntArray:
    """Return list lengths of which there are few, so that the processor foresees the branches.

    The places that are added point to a row of zeros.
    """
    return np.where(counts > 8, -(-counts // 4) * 4, counts)


def ranks(counts: IntArray) -> IntArray:
    """Return 0 .. c - 1 for each count c, one after another."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def aligned_zeros(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """Return zeros that begin at a multiple of 64 bytes, so that a row is one cache line."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.zeros(size + 64, dtype=np.uint8)
    begin = -raw.ctypes.data % 64
    cells: NDArray[Any] = raw[begin : begin + size].view(dtype).reshape(shape)
    return cells


def runs(betas: FloatArray, error: float) -> list[tuple[bool, FloatArray]]:
    """Return the sweeps cut into runs for rounded weights (False) and for exact ones (True).

    Rounded weights are faster, and as good while the error of beta dE is small. A descent has
    an infinite beta: rounding must not let it go up, nor stop it early.

    Parameters
    ----------
    betas : (S, 1) or (S, L) float64
        Inverse temperatures.
    error : float
        The error of an energy change by rounding.

    Examples
    --------
    >>> [(exact, len(run)) for exact, run in runs(np.array([[1.0], [2.0], [np.inf]]), 1e-6)]
    [(False, 2), (True, 1)]
    """
    limit = TOLERATED / error if error else np.inf
    cold: BoolArray = np.any(betas > limit, axis=1)
    cuts = np.flatnonzero(cold[1:] != cold[:-1]) + 1
    starts = np.append(0, cuts)
    return [
        (bool(len(betas) and cold[start]), run)
        for start, run in zip(starts, np.split(betas, cuts), strict=True)
    ]
