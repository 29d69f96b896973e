"""Annealing with small integer weights: bytes for fields, tables for probabilities."""

import math
from typing import Any

import numpy as np

from hopfield_opt.dynamics.kernels.device import (
    BLOCK,
    VERSION,
    load_stream,
    shuffle,
    store_stream,
)
from hopfield_opt.dynamics.kernels.layout import LANES, MAX_BYTE, RNG_WORDS
from hopfield_opt.dynamics.kernels.vectors import (
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
from hopfield_opt.jit import njit

_U = np.uint64


@njit
def fill_tables(table: Any, base: Any, span: Any, betas: Any, unit: Any, heat_bath: Any) -> None:
    """Tabulate the acceptance of k = s h (in units): a random number below the entry accepts.

    The entries fall with k, so the largest accepted k is ``base`` plus 2 for each entry (of k's
    parity) that the random number is below; values of k that are always accepted are not in the
    table but in `base`.

    Parameters
    ----------
    table : flat (2 K + 1, 64) unsigned
        Output; the row of k is k + K.
    base : flat (2, 64) int8
        Output, for even and odd k.
    span : (4,) int64
        Output: first and last k to be looked at, for even and odd k.
    betas : (1,) or (64,) float64
        Inverse temperatures, in 1 / energy.
    unit : float
        Energy of a weight of 1; a flip changes the energy by 2 k units.
    heat_bath : bool
        p = 1 / (1 + exp(beta dE)) instead of min(1, exp(-beta dE)).
    """
    reach = len(table) // LANES // 2
    full = 2.0 ** (8 * table.itemsize)
    for parity in range(2):
        first, last = reach + 1, -reach - 1
        least = -reach + ((reach + parity) & 1)
        for lane in range(len(betas)):
            exponent = 2.0 * betas[lane] * unit
            base[parity * LANES + lane] = least - 1
            for k in range(least, reach + 1, 2):
                if math.isinf(exponent):
                    accepted = 1.0 if k < 0 else 0.0
                elif heat_bath:
                    accepted = 1.0 / (1.0 + math.exp(min(exponent * k, 700.0)))
                else:
                    accepted = math.exp(-exponent * k) if k > 0 else 1.0
                entry = math.floor(accepted * full + 0.5)
                if entry >= full:
                    base[parity * LANES + lane] = k + 1
                    entry = 0.0
                elif entry > 0.0:
                    first, last = min(first, k), max(last, k)
                row = (k + reach) * LANES
                table[row + lane] = _U(entry)
                if len(betas) == 1:
                    store(table, row, splat(table[row]))
        if len(betas) == 1:
            store(base, parity * LANES, splat(base[parity * LANES]))
        span[2 * parity], span[2 * parity + 1] = first, last


def _compiled(version: str) -> Any:
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
        betas : (S, 1) or (S, L) float64
            Inverse temperatures.
        rng : flat (L / 64, 33) uint64
            Streams, changed in place.
        options : (bool, bool)
            Heat bath; random order.
        work : (cells, table, base)
            Scratch: flat (N + 1, 64) int8 whose last row stays zero, and the tables.
        energies : (L,) float64
            Output.
        """
        version  # noqa: B018 - a closure is part of the key in numba's cache
        begins, rows = lists
        heat_bath, random_order = options
        cells, table, base = work
        zero, minus = splat(np.int8(0)), splat(np.int8(-1))
        least, most = splat(np.int16(-MAX_BYTE)), splat(np.int16(MAX_BYTE))
        places, span = np.arange(BLOCK), np.zeros(4, np.int64)
        shared = betas.shape[1] == 1
        for lane in range(0, len(energies), LANES):
            for i in range(len(biases)):
                store(cells, i * LANES, load(states, i * len(energies) + lane))
            seat = lane // LANES * RNG_WORDS
            stream = load_stream(rng, seat)
            counter = rng[seat + 4 * STREAMS]
            lanes = slice(0, 1) if shared else slice(lane, lane + LANES)
            for s in range(len(betas)):
                if s == 0 or (betas[s, lanes] != betas[s - 1, lanes]).any():
                    fill_tables(table, base, span, betas[s, lanes], unit, heat_bath)
                for block in range(len(plan.kinds)):
                    first = plan.first[block]
                    count = plan.first[block + 1] - first
                    if random_order:
                        counter = shuffle(places, count, counter)
                    positive, negative, reach = plan.kinds[block]
                    parity, wide = reach & 1, reach > MAX_BYTE
                    floor = load(base, parity * LANES)
                    lowest = (span[2 * parity] + len(table) // LANES // 2) * LANES
                    levels = (min(span[2 * parity + 1], reach) - span[2 * parity]) // 2 + 1
                    for t in range(count):
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
            # E = -1/2 sum of s (W s) + thresholds s = -1/2 sum of s (h + bias)
            energy = splat(np.int32(0))
            for block in range(len(plan.kinds)):
                positive, negative, reach = plan.kinds[block]
                for place in range(plan.first[block], plan.first[block + 1]):
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

    return sweep


sweep = _compiled(VERSION)
