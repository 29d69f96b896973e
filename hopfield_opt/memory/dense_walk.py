"""Asynchronous descent in the energy of a dense associative memory, by kept overlaps."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.jit import njit, part
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.xoshiro import shuffle

RANDOM, SEQUENTIAL = 0, 1
RNG_WORDS = 4
# A gain below this part of the terms is rounding: the state is kept.
ROUNDING = 1e-13
# Whose terms count is looked up anew after so many flips.
FLIPS_BETWEEN_LOOKS = 64


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
    reach: int,
    state: Any,
    overlap: Any,
    words: Any,
    order: int,
    sites: Any,
    gains: Any,
) -> int:
    """Ask each unit once, in place, and return how many were flipped.

    ``s_i <- sign(sum_mu [F(xi_i + x_i) - F(-xi_i + x_i)])`` with ``x_i = sum_{j != i} xi_j s_j``.
    Where F is an exponential few terms count, those of the largest overlaps: a flip moves an
    overlap towards the largest by at most 4, so that the others need no look for a while.

    Parameters
    ----------
    units : (N, P) int8
        The patterns, a row for each unit.
    table : float64
        From `table_of`.
    reach : int
        Of the energy; if it is not negative the terms are relative to the largest overlap.
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
    active, relative = np.arange(count), reach >= 0
    if relative:
        active = _counting(overlap, reach)
    flips = looked = 0
    zero, before, scale = _level(table, relative, overlap, active, size)
    for visit in range(size):
        k = plan[visit]
        twice = 2 * state[k]
        after = 0.0
        for p in active:
            after += table[overlap[p] - twice * units[k, p] + zero]
        if after - before > ROUNDING * scale:
            state[k] = -state[k]
            for p in range(count):
                overlap[p] -= twice * units[k, p]
            sites[flips] = k
            gains[flips] = np.log(after / before) if relative else after - before
            flips += 1
            if relative and flips - looked == FLIPS_BETWEEN_LOOKS:
                active, looked = _counting(overlap, reach), flips
            zero, before, scale = _level(table, relative, overlap, active, size)
    return flips


@part
def _counting(overlap: Any, reach: int) -> Any:
    """Return the patterns whose terms may count before the next look."""
    return np.nonzero(overlap >= overlap.max() - reach - 4 * FLIPS_BETWEEN_LOOKS)[0]


@part
def _level(table: Any, relative: bool, overlap: Any, active: Any, size: int) -> Any:
    """Return where overlap 0 stands in the table, the sum of all terms, and of their sizes."""
    zero = size + 2
    if relative:
        largest = overlap[active[0]]
        for p in active:
            largest = max(largest, overlap[p])
        zero = 2 * size + 2 - largest
    total, scale = 0.0, 0.0
    for p in active:
        total += table[overlap[p] + zero]
        scale += abs(table[overlap[p] + zero])
    return zero, total, scale
