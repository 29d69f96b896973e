"""Energies of all states in the order of a Gray code, in blocks: the work of enumeration.py.

The energies of the low spins (at most ten) are tabulated. For one state of the high spins, the
energy of every state of the low ones is ``base + table[low] + sum_i field_i s_i``, where the last
sum grows by doubling, one addition a state. The high spins follow the reflected Gray code, so
that one flip leads from each of their states to the next. All this costs about a nanosecond a
state.
"""

import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import check_array, check_number, check_vector
from hopfield_opt.errors import InputError
from hopfield_opt.jit import njit

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

# the table and a row of energies fit into the first-level cache, a block into the second
LOW_SPINS = 10
BLOCK = 2**16


@dataclass(frozen=True, eq=False)
class GrayBlocks:
    """One checked instance, cut into blocks of rows: a row has one state of the high spins."""

    weights: Floats
    thresholds: Floats
    table: Floats
    num_rows: int
    mirrored: bool
    rounding: float

    @classmethod
    def of(
        cls,
        weights: ArrayLike,
        thresholds: ArrayLike | None,
        offset: float,
        limit: int,
        mirrored: bool | None = None,
    ) -> "GrayBlocks":
        """Check an instance; `mirrored` None looks whether every state has a mirror image."""
        w, t, constant = _check(weights, thresholds, offset, limit)
        size = len(t)
        if mirrored is None:
            mirrored = size > 0 and not bool(t.any())
        free = size - mirrored  # the last spin stays at -1
        low = min(free, LOW_SPINS)
        table = _low_energies(w[:low, :low], constant)
        return cls(w, t, table, 2 ** (free - low), mirrored, rounding_error(w, t, constant))

    @property
    def num_blocks(self) -> int:
        """The number of blocks."""
        return -(-self.num_rows * len(self.table) // BLOCK)

    def energies(self, wanted: Iterable[int]) -> Iterator[tuple[int, Floats]]:
        """Yield the first row and the energies of each wanted block; the array is reused."""
        rows = max(1, BLOCK // len(self.table))
        energies = np.empty((min(rows, self.num_rows), len(self.table)))
        for block in wanted:
            _fill(self.weights, self.thresholds, self.table, block * rows, energies)
            yield block * rows, energies

    def codes(self, first: int, places: Codes) -> Codes:
        """Return the codes of places in the flattened block that begins with row `first`."""
        rows, low = np.divmod(places, len(self.table))
        rows += first
        codes: Codes = (rows ^ (rows >> 1)) * len(self.table) + low
        return codes


def states_of(codes: ArrayLike, num_spins: int) -> NDArray[np.int8]:
    """Return the states that codes stand for: spin i is +1 where bit i (worth 2^i) is set.

    Examples
    --------
    >>> states_of([0, 1, 6], 3).tolist()
    [[-1, -1, -1], [1, -1, -1], [-1, 1, 1]]
    """
    bits = np.asarray(codes, dtype=np.int64)
    states = np.empty((len(bits), num_spins), dtype=np.int8)
    for spin in range(num_spins):
        states[:, spin] = 2 * ((bits >> spin) & 1) - 1
    return states


def seconds_to_load() -> float:
    """Compile the kernel or load it from the disk, and return the seconds that this took."""
    started = time.monotonic()
    _fill(np.zeros((1, 1)), np.zeros(1), np.zeros(2), 0, np.empty((1, 2)))
    return time.monotonic() - started


def _check(
    weights: ArrayLike, thresholds: ArrayLike | None, offset: float, limit: int
) -> tuple[Floats, Floats, float]:
    """Return weights without diagonal, thresholds, and the offset with the diagonal's part."""
    w = check_array("weights", weights)
    w = w.reshape(0, 0) if w.size == 0 else w
    if w.ndim != 2 or w.shape[0] != w.shape[1]:
        raise InputError(f"weights must be a square matrix, got shape {w.shape}.")
    if len(w) > limit:
        raise InputError(
            f"weights must be of at most {limit} spins for an enumeration, got {len(w)}. "
            "Use a search instead."
        )
    t = check_vector("thresholds", 0.0 if thresholds is None else thresholds, len(w))
    if not np.array_equal(w, w.T):
        u, v = (int(k[0]) for k in np.nonzero(w != w.T))
        raise InputError(
            f"weights must be symmetric, got {w[u, v]:g} and {w[v, u]:g} at [{u}, {v}]. "
            "A network with other weights has no energy."
        )
    constant = check_number("offset", offset) - float(w.trace()) / 2
    np.fill_diagonal(w, 0.0)
    return w, t, constant


def rounding_error(weights: Floats, thresholds: Floats, constant: float) -> float:
    """Return a bound on the rounding error of an energy, 0 where no operation rounds."""
    with np.errstate(over="ignore"):
        sizes, rows = np.abs(thresholds), np.abs(weights).sum(axis=1)
        # no intermediate result is larger: energies, and doubled fields
        energy = float(rows.sum() / 2 + sizes.sum()) + abs(constant)
        largest = max(energy, 2 * float((rows + sizes).max(initial=0)))
    if not math.isfinite(largest):
        raise InputError("weights must have a finite sum, got one above 9e307. Scale them.")
    # multiples of the unit up to the largest have at most 53 bits, and so have their sums
    unit = np.spacing(largest)
    numbers = np.concatenate([weights.ravel(), thresholds, [constant]])
    if not np.remainder(numbers, unit).any():
        return 0.0
    # each block starts afresh, and an energy in it is reached by less than 1000 additions
    return 1000.0 * float(unit)


def _low_energies(weights: Floats, constant: float) -> Floats:
    """Return ``-1/2 s'Ws + constant`` of all states of the low spins."""
    low = len(weights)
    spins = states_of(np.arange(2**low), low).astype(np.float64)
    energies: Floats = constant - (spins * (spins @ np.triu(weights))).sum(axis=1)
    return energies


@njit
def _fill(weights: Floats, thresholds: Floats, table: Floats, first: int, energies: Floats) -> None:
    """Fill rows of energies, from the state of the high spins with Gray index `first` on."""
    num_spins = len(thresholds)
    num_rows, size = energies.shape
    low = 0
    while 2**low < size:
        low += 1
    gray = first ^ (first >> 1)
    spins = np.empty(num_spins)
    for j in range(low, num_spins):
        spins[j] = 1.0 if (gray >> (j - low)) & 1 else -1.0
    # the energy of spin j at +1 with the high spins so far: these are added one after the other
    fields = thresholds.copy()
    base = 0.0
    for k in range(low, num_spins):
        base += spins[k] * fields[k]
        for j in range(num_spins):
            fields[j] -= weights[j, k] * spins[k]
    row = np.empty(size)
    for r in range(num_rows):
        row[0] = base
        for i in range(low):
            row[0] -= fields[i]
        for i in range(low):
            half = 1 << i
            step = 2.0 * fields[i]
            for c in range(half):
                row[half + c] = row[c] + step
        for c in range(size):
            energies[r, c] = row[c] + table[c]
        if r + 1 == num_rows:
            return
        # the Gray code flips the bit that counts the trailing zeros of the next index
        j, index = low, first + r + 1
        while index & 1 == 0:
            index >>= 1
            j += 1
        base -= 2.0 * spins[j] * fields[j]
        for k in range(num_spins):
            fields[k] += 2.0 * spins[j] * weights[k, j]
        spins[j] = -spins[j]
