"""Annealing with small integer weights: bytes for fields, tables for probabilities."""

import math
from typing import Any

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.jit import njit
from hopfield_opt.moves.plans import MAX_BYTE, RNG_WORDS
from hopfield_opt.moves.single.device import load_stream, shuffle, store_stream
from hopfield_opt.moves.single.vectors import (
    LANES,
    STREAMS,
    add,
    at,
    convert,
    draw,
    less,
    less_equal,
    load,
    multiply,
    select,
    splat,
    store,
    subtract,
)

_U = np.uint64


@register_jitable
def fill_tables(tables: Any, betas: Any, unit: Any, heat_bath: Any) -> None:
    """Tabulate the acceptance of k = s h (in units): a random number below the entry accepts.

    The entries fall with k, so the largest accepted k is ``base`` plus 2 for each entry (of k's
    parity) that the random number is below; values of k that are always accepted are not in the
    table but in `base`.

    Parameters
    ----------
    tables : (table, base, span)
        Output. Flat (2 K + 1, 64) unsigned: the row of k is k + K. Flat (2, 64) int8, for even
        and odd k. First and last k to be looked at, for even and odd k.
    betas : (values, first, lanes)
        Inverse temperatures, in 1 / energy: values[first] for all lanes, or for each of 64.
    unit : float
        Energy of a weight of 1; a flip changes the energy by 2 k units.
    heat_bath : bool
        p = 1 / (1 + exp(beta dE)) instead of min(1, exp(-beta dE)).
    """
    table, base, span = tables
    values, start, lanes = betas
    reach = len(table) // LANES // 2
    full = 2.0 ** (8 * table.itemsize)
    for parity in range(2):
        first, last = reach + 1, -reach - 1
        least = -reach + ((reach + parity) & 1)
        for lane in range(lanes):
            slope = 2.0 * unit * at(values, start + lane)
            base[parity * LANES + lane] = least - 1
            for k in range(least, reach + 1, 2):
                entry = math.floor(full * acceptance(k, slope, heat_bath) + 0.5)
                if entry >= full:
                    base[parity * LANES + lane] = k + 1
                    entry = 0.0
                elif entry > 0.0:
                    first = k if k < first else first
                    last = k if k > last else last
                row = (k + reach) * LANES
                table[row + lane] = _U(entry)
                if lanes == 1:
                    store(table, row, splat(at(table, row)))
        if lanes == 1:
            store(base, parity * LANES, splat(at(base, parity * LANES)))
        span[2 * parity], span[2 * parity + 1] = first, last


@register_jitable
def acceptance(k: Any, slope: Any, heat_bath: Any) -> Any:
    """Return the probability of a flip that costs k slopes; without temperature 1 or 0."""
    if math.isinf(slope):
        return 1.0 if k < 0 else 0.0
    cost = slope * k
    if heat_bath:
        return 1.0 / (1.0 + math.exp(cost if cost < 700.0 else 700.0))
    return math.exp(-cost) if k > 0 else 1.0


@register_jitable
def same(values: Any, start: Any, other: Any, count: Any) -> Any:
    """Return whether the temperatures from `start` on are those from `other` on."""
    for i in range(count):  # noqa: SIM110 - numba has no generators inside all()
        if at(values, start + i) != at(values, other + i):
            return False
    return True


@register_jitable
def finish(plan: Any, lists: Any, biases: Any, unit: Any, cells: Any, group: Any) -> None:
    """Write the 64 lanes of a group to (states, energies, first lane), with their energies."""
    begins, rows = lists
    states, energies, lane = group
    # E = -1/2 sum of s (W s) + thresholds s = -1/2 sum of s (h + bias)
    energy = splat(np.int32(0))
    for block in range(len(plan.first) - 1):
        positive = at(plan.kinds, 3 * block)
        negative = at(plan.kinds, 3 * block + 1)
        for place in range(at(plan.first, block), at(plan.first, block + 1)):
            spin = at(plan.order, place)
            entry = at(begins, spin)
            total = splat(at(biases, spin))
            total = add(total, total)
            for _ in range(positive):
                row = load(cells, at(rows, entry))
                total = add(total, convert(row, np.int16(0)))
                entry += 1
            for _ in range(negative):
                row = load(cells, at(rows, entry))
                total = subtract(total, convert(row, np.int16(0)))
                entry += 1
            own = load(cells, at(rows, entry))
            store(states, spin * len(energies) + lane, own)
            total = multiply(total, convert(own, np.int16(0)))
            energy = add(energy, convert(total, np.int32(0)))
    scale = splat(-0.5 * unit)
    store(energies, lane, multiply(convert(energy, 0.0), scale))


@njit
def sweep(
    plan: Any,
    lists: Any,
    biases: Any,
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
        ``rows[begins[i]:]`` are the byte offsets of the rows of the positive neighbours of
        spin i, of its negative neighbours (as often as their weight says), and of itself.
    biases : (N,) int16
        Negative thresholds, in units.
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
    work : (cells, places, table, base, span)
        Scratch: flat (N + 1, 64) int8 whose last row stays zero, the places in a block,
        0 to 15, and the tables.
    energies : (L,) float64
        Output.
    """
    begins, rows = lists
    heat_bath, random_order = options
    cells, places, table, base, span = work
    values, columns = betas
    count = LANES if columns > 1 else 1
    zero, minus = splat(np.int8(0)), splat(np.int8(-1))
    least, most = splat(np.int16(-MAX_BYTE)), splat(np.int16(MAX_BYTE))
    blocks = len(plan.first) - 1
    for lane in range(0, len(energies), LANES):
        for i in range(len(biases)):
            store(cells, i * LANES, load(states, i * len(energies) + lane))
        seat = lane // LANES * RNG_WORDS
        stream = load_stream(rng, seat)
        counter = at(rng, seat + 4 * STREAMS)
        for s in range(len(values) // columns):
            start = s * columns + (lane if columns > 1 else 0)
            if s == 0 or not same(values, start, start - columns, count):
                fill_tables((table, base, span), (values, start, count), unit, heat_bath)
            for block in range(blocks):
                first = at(plan.first, block)
                spins = at(plan.first, block + 1) - first
                if random_order:
                    counter = shuffle(places, spins, counter)
                positive = at(plan.kinds, 3 * block)
                negative = at(plan.kinds, 3 * block + 1)
                reach = at(plan.kinds, 3 * block + 2)
                parity, wide = reach & 1, reach > MAX_BYTE
                floor = load(base, parity * LANES)
                low, high = at(span, 2 * parity), at(span, 2 * parity + 1)
                lowest = (low + len(table) // LANES // 2) * LANES
                levels = ((high if high < reach else reach) - low) // 2 + 1
                for t in range(spins):
                    spin = at(plan.order, first + at(places, t))
                    entry = at(begins, spin)
                    h = splat(np.int8(at(biases, spin)))
                    if wide:
                        total = splat(at(biases, spin))
                        for _ in range(positive):
                            row = load(cells, at(rows, entry))
                            total = add(total, convert(row, np.int16(0)))
                            entry += 1
                        for _ in range(negative):
                            row = load(cells, at(rows, entry))
                            total = subtract(total, convert(row, np.int16(0)))
                            entry += 1
                        total = select(less(total, most), total, most)
                        total = select(less(least, total), total, least)
                        h = convert(total, np.int8(0))
                    else:
                        for _ in range(positive):
                            h = add(h, load(cells, at(rows, entry)))
                            entry += 1
                        for _ in range(negative):
                            h = subtract(h, load(cells, at(rows, entry)))
                            entry += 1
                    own = load(cells, at(rows, entry))
                    k = select(less(own, zero), subtract(zero, h), h)
                    bits, stream = draw(stream, table[0])
                    fewer = zero
                    for level in range(levels):
                        hit = less(bits, load(table, lowest + level * 2 * LANES))
                        fewer = select(hit, add(fewer, minus), fewer)
                    largest = subtract(floor, add(fewer, fewer))
                    flipped = select(less_equal(k, largest), subtract(zero, own), own)
                    store(cells, at(rows, entry), flipped)
        store_stream(rng, seat, stream)
        rng[seat + 4 * STREAMS] = counter
        finish(plan, lists, biases, unit, cells, (states, energies, lane))
