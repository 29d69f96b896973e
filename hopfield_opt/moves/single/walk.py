"""One replica at a time, one spin after another, with a log of every flip.

The other kernels serve many replicas at once and say only where they stand. This one follows the
textbook: every order in which spins are asked, any square weights, self-couplings included.
"""

import math
from typing import Any

import numpy as np

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.jit import njit, part
from hopfield_opt.moves.decisions import accepts_flip
from hopfield_opt.moves.single.walk_weights import (
    DENSE,
    FACTORS,
    LISTS,
    WalkWeights,
    held_of,
    prepare,
)
from hopfield_opt.xoshiro import shuffle, uniform

__all__ = ["DENSE", "FACTORS", "LISTS", "WalkWeights", "held_of", "prepare", "walk"]

METROPOLIS, HEAT_BATH = 0, 1
RANDOM, SEQUENTIAL, STEEPEST, RANDOM_UNIT, POISSON = 0, 1, 2, 3, 4

RNG_WORDS = 4


def walk(
    weights: WalkWeights,
    thresholds: FloatArray,
    state: SpinArray,
    held: FloatArray,
    betas: FloatArray,
    words: WordArray,
    rule: int = METROPOLIS,
    order: int = RANDOM,
) -> tuple[IntArray, FloatArray, FloatArray, bool, int]:
    """Sweep one state in place and return its flips.

    Parameters
    ----------
    weights : Weights
        From `prepare`.
    thresholds : (N,) float64
        Of the units.
    state : (N,) int8
        Changed in place.
    held : float64
        From `held_of`; kept true in place.
    betas : (S,) float64
        One sweep at each; infinite is the deterministic rule (a field of 0 keeps the state).
    words : (4,) uint64
        The random stream; changed in place.
    rule : int
        METROPOLIS or HEAT_BATH.
    order : int
        RANDOM: a fresh order in each sweep; SEQUENTIAL; STEEPEST: up to N times the flip that
        lowers the energy most; RANDOM_UNIT: N times any unit; POISSON: each unit at the ticks
        of a clock of its own, of rate 1 per sweep.

    Returns
    -------
    sites : (F,) int64
        The spins that were flipped, one after another.
    times : (F,) float64
        When, in sweeps from the start of the call.
    changes : (F,) float64
        ``2 s_k h_k`` before each flip: by how much it changed the energy, if there is one.
    converged : bool
        Whether nothing can move any more; then the rest of the sweeps was skipped.
    sweeps : int
        Those that were done.
    """
    parts, unit = weights[:6], weights.unit
    found = _walk(*parts, thresholds / unit, state, held, betas * unit, words, rule, order)
    return found[0], found[1], unit * found[2], bool(found[3]), int(found[4])


def walk_all(
    weights: WalkWeights,
    thresholds: FloatArray,
    states: SpinArray,
    held: FloatArray,
    betas: FloatArray,
    words: WordArray,
    moving: BoolArray,
    rule: int = METROPOLIS,
    order: int = RANDOM,
) -> int:
    """Sweep the states (R, N) that are moving, as `walk` does each; return the most sweeps done."""
    parts, unit = weights[:6], weights.unit
    betas = betas * unit
    arrays = (thresholds / unit, states, held, betas, words, moving)
    return int(_walk_all(*parts, *arrays, rule, order))


@njit
def _walk_all(
    kind: int,
    begins: Any,
    rows: Any,
    values: Any,
    scales: Any,
    own: Any,
    thresholds: Any,
    states: Any,
    held: Any,
    betas: Any,
    words: Any,
    moving: Any,
    rule: int,
    order: int,
) -> int:
    most = 0
    for r in range(len(states)):
        if moving[r]:
            arrays = (kind, begins, rows, values, scales, own, thresholds, states[r], held[r])
            _, _, _, still, sweeps = _walk(*arrays, betas, words[r], rule, order)
            moving[r] = not still
            most = max(most, sweeps)
    return most


@njit
def _walk(
    kind: int,
    begins: Any,
    rows: Any,
    values: Any,
    scales: Any,
    own: Any,
    thresholds: Any,
    state: Any,
    held: Any,
    betas: Any,
    words: Any,
    rule: int,
    order: int,
) -> Any:
    sites, times, changes = np.empty(16, np.int64), np.empty(16), np.empty(16)
    count = 0
    for sweep in range(len(betas)):
        beta, before, tick, visit = betas[sweep], count, 0.0, 0
        plan = _plan(len(state), order, words)
        while True:
            tick = _tick(tick, visit, len(state), order, words)
            if tick >= 1.0:
                break
            # the usual cases stand here: a call with so many arrays takes longer than a visit
            if order <= SEQUENTIAL:
                k = plan[visit]
            else:
                k = _pick_spin(kind, values, own, thresholds, state, held, order, words)
            visit += 1
            if k < 0:
                break
            if kind != FACTORS:
                field = held[k]
            else:
                field = _field(kind, values, own, thresholds, state, held, k)
            change = 2.0 * state[k] * field
            if beta == np.inf:
                if change >= 0.0:
                    continue
            elif not accepts_flip(change, beta, rule == HEAT_BATH, words):
                continue
            if count == len(sites):
                sites, times, changes = _longer(sites), _longer(times), _longer(changes)
            sites[count], times[count], changes[count] = k, sweep + tick, change
            count += 1
            state[k] = -state[k]
            _add(kind, begins, rows, values, scales, held, k, 2.0 * state[k])
        still = count == before and beta == np.inf
        if still and _stable(kind, values, own, thresholds, state, held):
            return sites[:count], times[:count], changes[:count], True, sweep + 1
    return sites[:count], times[:count], changes[:count], False, len(betas)


@part
def _tick(tick: float, visit: int, size: int, order: int, words: Any) -> float:
    """Return when the next spin is asked; 1 or more ends the sweep."""
    if size == 0:
        return 1.0
    if order == POISSON:
        # N clocks of rate 1 tick N times in the mean, at exponential distances
        return tick - math.log(1.0 - uniform(words)) / size
    return visit / size


@part
def _add(
    kind: int, begins: Any, rows: Any, values: Any, scales: Any, held: Any, k: int, change: float
) -> None:
    """Keep `held` true when spin k changes by `change`."""
    if kind == LISTS:
        for p in range(begins[k], begins[k + 1]):
            held[rows[p]] += change * values[0, p]
    elif kind == FACTORS:
        for c in range(len(held)):
            held[c] += change * scales[c] * values[k, c]
    else:
        row = values[k]
        for i in range(len(held)):
            held[i] += change * row[i]


@part
def _field(
    kind: int, values: Any, own: Any, thresholds: Any, state: Any, held: Any, k: int
) -> float:
    if kind != FACTORS:
        return float(held[k])
    return float(-2.0 * (_product(values[k], held) - own[k] * state[k]) - thresholds[k])


@part
def _product(left: Any, right: Any) -> float:
    """Return the inner product; eight sums side by side become one vector of the processor."""
    a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    whole = len(left) - len(left) % 8
    for p in range(0, whole, 8):
        a += left[p] * right[p]
        b += left[p + 1] * right[p + 1]
        c += left[p + 2] * right[p + 2]
        d += left[p + 3] * right[p + 3]
        e += left[p + 4] * right[p + 4]
        f += left[p + 5] * right[p + 5]
        g += left[p + 6] * right[p + 6]
        h += left[p + 7] * right[p + 7]
    for p in range(whole, len(left)):
        a += left[p] * right[p]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@part
def _plan(size: int, order: int, words: Any) -> Any:
    """Return who is asked when in a sweep; empty where that is decided from visit to visit."""
    if order > SEQUENTIAL:
        return np.empty(0, np.int64)
    plan = np.arange(size)
    if order == RANDOM:
        shuffle(plan, words)
    return plan


@part
def _pick_spin(
    kind: int, values: Any, own: Any, thresholds: Any, state: Any, held: Any, order: int, words: Any
) -> int:
    """Return the spin that is asked next without a plan; -1 if none would move (STEEPEST)."""
    if order != STEEPEST:
        return int(uniform(words) * len(state))
    best, gain = -1, 0.0
    for i in range(len(state)):
        aligned = state[i] * _field(kind, values, own, thresholds, state, held, i)
        if aligned < gain:
            best, gain = i, aligned
    return best


@part
def _stable(kind: int, values: Any, own: Any, thresholds: Any, state: Any, held: Any) -> bool:
    for k in range(len(state)):
        if kind != FACTORS:
            field = held[k]
        else:
            field = _field(kind, values, own, thresholds, state, held, k)
        if state[k] * field < 0.0:
            return False
    return True


@part
def _longer(array: Any) -> Any:
    longer = np.empty(2 * len(array), array.dtype)
    longer[: len(array)] = array
    return longer
