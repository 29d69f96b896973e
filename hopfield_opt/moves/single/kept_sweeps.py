"""Annealing with kept fields: a flip adds a row of weights to the fields of its replica.

For dense weights. Fields are integers, so that they never drift.
"""

from typing import Any

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.jit import njit
from hopfield_opt.moves.single.device import (
    LOG2E,
    draw_limits,
    load_stream,
    next_counter,
    random_word,
    store_stream,
)
from hopfield_opt.moves.single.vectors import (
    LANES,
    STREAMS,
    as_word,
    at,
    convert,
    draw,
    less_equal,
    load,
    lowest_bit,
    multiply,
    multiply_add,
    splat,
    store,
)

_U = np.uint64


@register_jitable
def turn(changes: Any, cells: Any, fields: Any, seat: Any, pitch: Any, spin: Any) -> None:
    """Flip a spin of the replica whose states and fields begin at `seat`; add a row."""
    own = -at(cells, seat + spin)
    cells[seat + spin] = own
    sign = splat(fields.dtype.type(own))
    for j in range(0, pitch, LANES):
        row = convert(load(changes[0], spin * pitch + j), fields.dtype.type(0))
        store(fields, seat + j, multiply_add(row, sign, load(fields, seat + j)))


@register_jitable
def turn_listed(
    changes: Any, cells: Any, fields: Any, seat: Any, spin: Any, first: Any, limits: Any, would: Any
) -> Any:
    """Flip a spin, change its neighbours' fields, and return which spins of a block would flip.

    The block begins at `first`; only its few neighbours in there need another comparison.
    """
    values, (begins, neighbours) = changes
    own = -at(cells, seat + spin)
    cells[seat + spin] = own
    for p in range(at(begins, spin), at(begins, spin + 1)):
        neighbour = np.int64(at(neighbours, p))
        place = seat + neighbour
        fields[place] = at(fields, place) + at(values, p) * own
        bit = neighbour - first
        if 0 <= bit < LANES:
            k = np.float32(at(cells, place) * at(fields, place))
            chosen = _U(1) << _U(bit)
            would = would | chosen if k <= at(limits, bit) else would & ~chosen
    return would


@njit
def sweep(
    changes: Any,
    biases: Any,
    unit: Any,
    states: Any,
    betas: Any,
    rng: Any,
    options: Any,
    work: Any,
    energies: Any,
) -> None:
    """Sweep the lanes of one group and compute their energies.

    One long function, because vectors do not cross calls. 64 spins of one replica are
    looked at together: one comparison tells which of them would flip; the first one does,
    the fields change, and the rest is compared again with the same random numbers.

    Parameters
    ----------
    changes : (values, (begins, neighbours))
        See `kept_terms.Changes`: int8, int16, int32 or int64.
    biases : (N,) int64
        Negative thresholds, in units.
    unit : float
        Energy of one unit.
    states : (flat (N, L) int8, L, first)
        The lanes from `first` on are swept, as many as `energies` has, and changed in
        place.
    betas : (flat (S, 1) or (S, L) float64, 1 or L)
        Inverse temperatures.
    rng : (33,) uint64
        The stream, changed in place.
    options : (bool, bool)
        Heat bath; random order.
    work : (cells, fields, limits)
        Flat (lanes, P): states, and fields that belong to them, int16, int32 or int64; P
        is N rounded up to a multiple of 64. Changed in place. (64,) float32: scratch.
    energies : (lanes,) float64
        Output.
    """
    heat_bath, random_order = options
    cells, fields, limits = work
    listed = len(changes[1][0]) > 0
    flat, width, shift = states
    size, lanes = len(biases), len(energies)
    pitch = len(fields) // lanes
    number = fields.dtype.type(0)
    stream = load_stream(rng, 0)
    counter = at(rng, 4 * STREAMS)
    for i in range(size):
        for lane in range(lanes):
            if at(flat, i * width + shift + lane) == at(cells, lane * pitch + i):
                continue
            if listed:
                turn_listed(changes, cells, fields, lane * pitch, i, size, limits, _U(0))
            else:
                turn(changes, cells, fields, lane * pitch, pitch, i)
    values, columns = betas
    for s in range(len(values) // columns):
        for first in range(0, size, LANES):
            every = ~_U(0) >> _U(first + LANES - size if first + LANES > size else 0)
            early = every
            if random_order:
                counter = next_counter(counter)
                early = every & random_word(counter)
            for lane in range(lanes):
                column = shift + lane if columns > 1 else 0
                slope = LOG2E * 2.0 * unit * at(values, s * columns + column)
                inverse = np.float32(1.0 / slope if slope > 1e-30 else 1e30)
                # without temperature every limit is between 0 and the next integer below
                shift_down = np.float32(-0.5 if inverse == 0.0 else 0.0)
                seat = lane * pitch + first
                bits, stream = draw(stream, np.uint32(0))
                limit = draw_limits(bits, heat_bath)
                limit = multiply_add(limit, splat(inverse), splat(shift_down))
                k = multiply(convert(load(cells, seat), number), load(fields, seat))
                would = as_word(less_equal(convert(k, np.float32(0.0)), limit))
                if listed:
                    store(limits, 0, limit)
                left = early
                for _ in range(2):
                    while would & left:
                        place = lowest_bit(would & left)
                        left &= (~_U(1)) << place
                        spin = first + np.int64(place)
                        if listed:
                            would = turn_listed(
                                changes, cells, fields, lane * pitch, spin, first, limits, would
                            )
                            continue
                        turn(changes, cells, fields, lane * pitch, pitch, spin)
                        k = multiply(convert(load(cells, seat), number), load(fields, seat))
                        would = as_word(less_equal(convert(k, np.float32(0.0)), limit))
                    left = every & ~early
    store_stream(rng, 0, stream)
    rng[4 * STREAMS] = counter
    for lane in range(lanes):
        total = 0.0
        for i in range(size):
            own = at(cells, lane * pitch + i)
            flat[i * width + shift + lane] = own
            total += np.float64(own * (at(fields, lane * pitch + i) + at(biases, i)))
        energies[lane] = -0.5 * unit * total
