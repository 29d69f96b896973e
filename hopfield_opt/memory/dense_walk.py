"""Asynchronous descent in the energy of a dense associative memory, by kept overlaps."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.jit import njit
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.xoshiro import shuffle

RANDOM, SEQUENTIAL = 0, 1
RNG_WORDS = 4
# A gain below this part of the terms is rounding: the state is kept.
ROUNDING = 1e-13


def table_of(energy: DenseEnergy) -> FloatArray:
    """Return F at every overlap that can occur, or relative to the largest one.

    Without `energy.relative` place ``x + N + 2`` holds F(x); with it ``x + 2 N + 2``, x <= 2
    being the distance from the largest overlap.
    """
    size = energy.num_spins
    span = np.arange(-2 * size - 2, 3) if energy.relative else np.arange(-size - 2, size + 3)
    return energy.terms(span)


@njit
def sweep(
    units: Any,
    table: Any,
    relative: bool,
    state: Any,
    overlap: Any,
    words: Any,
    order: int,
    sites: Any,
    gains: Any,
) -> int:
    """Ask each unit once, in place, and return how many were flipped.

    ``s_i <- sign(sum_mu [F(xi_i + x_i) - F(-xi_i + x_i)])`` with ``x_i = sum_{j != i} xi_j s_j``.

    Parameters
    ----------
    units : (N, P) int8
        The patterns, a row for each unit.
    table : float64
        From `table_of`.
    relative : bool
        Whether the terms are relative to the largest overlap.
    state : (N,) int8
        Changed in place.
    overlap : (P,) int64
        ``xi . s``; kept true in place.
    words : (4,) uint64
        The random stream; changed in place.
    order : int
        RANDOM, a fresh order, or SEQUENTIAL.
    sites : (N,) int64
        Set to the units that were flipped, in their order.
    gains : (N,) float64
        Set to what each flip added to ``sum F``; with relative terms, to its logarithm.
    """
    size, count = units.shape
    plan = np.arange(size)
    if order == RANDOM:
        shuffle(plan, words)
    flips = 0
    zero, before, scale = _level(table, relative, overlap, size)
    for visit in range(size):
        k = plan[visit]
        twice = 2 * state[k]
        after = 0.0
        for p in range(count):
            after += table[overlap[p] - twice * units[k, p] + zero]
        if after - before > ROUNDING * scale:
            state[k] = -state[k]
            for p in range(count):
                overlap[p] -= twice * units[k, p]
            sites[flips] = k
            gains[flips] = np.log(after / before) if relative else after - before
            flips += 1
            zero, before, scale = _level(table, relative, overlap, size)
    return flips


@njit
def _level(table: Any, relative: bool, overlap: Any, size: int) -> Any:
    """Return where overlap 0 stands in the table, the sum of all terms, and of their sizes."""
    zero = size + 2
    if relative:
        largest = overlap[0]
        for p in range(1, len(overlap)):
            largest = max(largest, overlap[p])
        zero = 2 * size + 2 - largest
    total, scale = 0.0, 0.0
    for p in range(len(overlap)):
        total += table[overlap[p] + zero]
        scale += abs(table[overlap[p] + zero])
    return zero, total, scale
