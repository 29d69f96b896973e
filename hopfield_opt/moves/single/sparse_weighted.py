"""Annealing with int16, float32 or float64 fields: weights times rows of bytes."""

from typing import Any

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.jit import njit
from hopfield_opt.moves.plans import RNG_WORDS
from hopfield_opt.moves.single.device import LOG2E, draw_limits, load_stream, shuffle, store_stream
from hopfield_opt.moves.single.vectors import (
    LANES,
    STREAMS,
    add,
    at,
    convert,
    draw,
    less_equal,
    load,
    multiply,
    multiply_add,
    select,
    splat,
    store,
    subtract,
)


@register_jitable
def finish(plan: Any, lists: Any, terms: Any, unit: Any, cells: Any, group: Any) -> None:
    """Write the 64 lanes of a group to (states, energies, first lane), with their energies."""
    begins, rows = lists
    weights, biases = terms
    number = biases.dtype.type(0)
    states, energies, lane = group
    # E = -1/2 sum of s (W s) + thresholds s = -1/2 sum of s (h + bias)
    total = splat(0.0)
    for block in range(len(plan.first) - 1):
        degree = at(plan.kinds, 3 * block)
        for place in range(at(plan.first, block), at(plan.first, block + 1)):
            spin = at(plan.order, place)
            entry = at(begins, spin)
            bias = splat(at(biases, spin))
            h = bias
            for _ in range(degree):
                row = convert(load(cells, at(rows, entry)), number)
                h = multiply_add(splat(at(weights, entry)), row, h)
                entry += 1
            own = load(cells, at(rows, entry))
            store(states, spin * len(energies) + lane, own)
            twice = add(convert(h, 0.0), convert(bias, 0.0))
            total = multiply_add(convert(own, 0.0), twice, total)
    store(energies, lane, multiply(total, splat(-0.5 * unit)))


@njit
def sweep(
    plan: Any,
    lists: Any,
    terms: Any,
    exact: Any,
    unit: Any,
    states: Any,
    betas: Any,
    rng: Any,
    options: Any,
    work: Any,
    energies: Any,
) -> None:
    """Sweep all lanes, one group of 64 after another, and compute their energies.

    One long function, because vectors do not cross calls.

    Parameters
    ----------
    plan : Plan
        The visiting order.
    lists : (begins, rows)
        ``rows[begins[i]:]`` are the byte offsets of the rows of the neighbours of spin i,
        and of itself.
    terms : (weights, biases)
        Weights beside `rows`, and negative thresholds, in units: int16, float32 or float64.
    exact : (weights, biases)
        The same without rounding errors, for the energies.
    unit : float
        Energy of one unit.
    states : flat (N, L) int8
        Changed in place.
    betas : (flat (S, 1) or (S, L) float64, 1 or L)
        Inverse temperatures.
    rng : flat (L / 64, 33) uint64
        Streams, changed in place.
    options : (bool, bool)
        Heat bath; random order.
    work : (cells, places, slopes)
        Scratch: flat (N + 1, 64) int8 whose last row stays zero, the places in a block,
        0 to 15, and (64,) float32.
    energies : (L,) float64
        Output.
    """
    begins, rows = lists
    weights, biases = terms
    heat_bath, random_order = options
    number = biases.dtype.type(0)
    zero = splat(np.int8(0))
    cells, places, slopes = work
    values, columns = betas
    blocks = len(plan.first) - 1
    for lane in range(0, len(energies), LANES):
        for i in range(len(biases)):
            store(cells, i * LANES, load(states, i * len(energies) + lane))
        seat = lane // LANES * RNG_WORDS
        stream = load_stream(rng, seat)
        counter = at(rng, seat + 4 * STREAMS)
        for s in range(len(values) // columns):
            for r in range(LANES):
                column = lane + r if columns > 1 else 0
                slopes[r] = LOG2E * 2.0 * unit * at(values, s * columns + column)
            slope = load(slopes, 0)
            for block in range(blocks):
                first = at(plan.first, block)
                count = at(plan.first, block + 1) - first
                if random_order:
                    counter = shuffle(places, count, counter)
                degree = at(plan.kinds, 3 * block)
                for t in range(count):
                    spin = at(plan.order, first + at(places, t))
                    entry = at(begins, spin)
                    h = splat(at(biases, spin))
                    for _ in range(degree):
                        row = convert(load(cells, at(rows, entry)), number)
                        h = multiply_add(splat(at(weights, entry)), row, h)
                        entry += 1
                    own = load(cells, at(rows, entry))
                    k = convert(multiply(convert(own, number), h), np.float32(0.0))
                    bits, stream = draw(stream, np.uint32(0))
                    flip = less_equal(multiply(k, slope), draw_limits(bits, heat_bath))
                    store(cells, at(rows, entry), select(flip, subtract(zero, own), own))
        store_stream(rng, seat, stream)
        rng[seat + 4 * STREAMS] = counter
        finish(plan, lists, exact, unit, cells, (states, energies, lane))
