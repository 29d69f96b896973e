"""What the kernels share on the device side: random order, the decision to flip.

numba inlines these functions into the kernels and does not see when they change; the kernels
therefore close over `VERSION`, a fingerprint of the shared files, which is part of the key
under which numba caches them.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.dynamics.kernels.vectors import (
    STREAMS,
    add,
    at,
    convert,
    less,
    load_words,
    multiply,
    multiply_add,
    prefetch,
    reinterpret,
    select,
    shift_left,
    shift_right,
    splat,
    store,
    subtract,
)

BLOCK = 16  # as in layout
FAR = 2**21  # bytes of states that do not fit into the caches close to a core


def _fingerprint() -> str:
    folder = Path(__file__).parent
    files = (folder / "vectors.py", Path(__file__))
    try:
        code = b"".join(file.read_bytes() for file in files)
    except OSError:  # no source at hand (a frozen program): then it does not change either
        code = b""
    return hashlib.sha256(code).hexdigest()


VERSION = _fingerprint()

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_U = np.uint64

_f = np.float32
# exp(y) = 2^n exp(f), f = y - n ln 2, ln 2 in two parts (Cephes expf: 2e-7 relative)
_LOG2E, _LN2_HIGH, _LN2_LOW = _f(1.44269504088896341), _f(-0.693359375), _f(2.12194440e-4)
_P0, _P1, _P2 = _f(1.9875691500e-4), _f(1.3981999507e-3), _f(8.3334519073e-3)
_P3, _P4, _P5 = _f(4.1665795894e-2), _f(1.6666665459e-1), _f(5.0000001201e-1)
# adding and subtracting 1.5 * 2^23 rounds to an integer, which then stands in the low bits
_ROUND = _f(12582912.0)
_LIMIT = _f(87.0)  # exp stays within float32
_SQRT_HALF = np.int32(0x3F3504F3)  # the bits of the float32 sqrt(1/2)


@register_jitable
def next_counter(counter: Any) -> Any:
    """Return the counter of the next random word."""
    return counter + _GOLDEN


@register_jitable
def random_word(counter: Any) -> Any:
    """Return 64 random bits for a counter that grows by `next_counter` (SplitMix64)."""
    z = counter
    z = (z ^ (z >> _U(30))) * _MIX1
    z = (z ^ (z >> _U(27))) * _MIX2
    return z ^ (z >> _U(31))


@register_jitable
def shuffle(places: Any, size: Any, counter: Any) -> Any:
    """Put 0 .. size - 1 into `places` in random order and return the next counter.

    A full block takes one of 2048 orders t -> ((a t + b) mod 16) xor c, for speed; a smaller
    one is shuffled properly.
    """
    counter = next_counter(counter)
    word = random_word(counter)
    if size == BLOCK:
        factor, shift, flip = word & _U(15) | _U(1), word >> _U(4), word >> _U(8) & _U(15)
        for t in range(BLOCK):
            places[t] = (_U(t) * factor + shift) & _U(15) ^ flip
        return counter
    for t in range(size):
        places[t] = t
    for t in range(size - 1, 0, -1):
        counter = next_counter(counter)
        other = ((random_word(counter) >> _U(32)) * _U(t + 1)) >> _U(32)
        places[t], places[other] = places[other], places[t]
    return counter


@register_jitable
def prefetch_rows(cells: Any, rows: Any, begins: Any, plan: Any, block: Any) -> None:
    """Ask for the rows that a block of spins will look at, in the order of its lists."""
    begin, end = at(plan.first, block), at(plan.first, block + 1)
    last = at(plan.order, end - 1)
    length = 1 + at(plan.kinds, 3 * block) + at(plan.kinds, 3 * block + 1)
    for p in range(at(begins, at(plan.order, begin)), at(begins, last) + length):
        prefetch(cells, at(rows, p))


@register_jitable(inline="always")
def load_stream(rng: Any, seat: Any) -> Any:
    """Return the four vectors of xoshiro256++ that stand in `rng` from `seat` on."""
    return (
        load_words(rng, seat),
        load_words(rng, seat + STREAMS),
        load_words(rng, seat + 2 * STREAMS),
        load_words(rng, seat + 3 * STREAMS),
    )


@register_jitable(inline="always")
def store_stream(rng: Any, seat: Any, stream: Any) -> None:
    """Write the stream back, so that the next block of sweeps goes on with it."""
    store(rng, seat, stream[0])
    store(rng, seat + STREAMS, stream[1])
    store(rng, seat + 2 * STREAMS, stream[2])
    store(rng, seat + 3 * STREAMS, stream[3])


@register_jitable(inline="always")
def exponential(y: Any) -> Any:
    """Return exp(y) for float32 lanes; beyond +-87, and for nan, the value at 87 or -87."""
    limit = splat(_LIMIT)
    y = select(less(y, limit), y, limit)  # nan becomes 87
    limit = splat(-_LIMIT)
    y = select(less(limit, y), y, limit)
    rounded = multiply_add(y, splat(_LOG2E), splat(_ROUND))
    power = reinterpret(rounded, np.int32(0))
    rounded = subtract(rounded, splat(_ROUND))
    f = multiply_add(rounded, splat(_LN2_HIGH), y)
    f = multiply_add(rounded, splat(_LN2_LOW), f)
    p = multiply_add(splat(_P0), f, splat(_P1))
    p = multiply_add(p, f, splat(_P2))
    p = multiply_add(p, f, splat(_P3))
    p = multiply_add(p, f, splat(_P4))
    p = multiply_add(p, f, splat(_P5))
    p = add(multiply_add(multiply(p, f), f, f), splat(_f(1.0)))
    bits = add(reinterpret(p, np.int32(0)), shift_left(power, np.int32(23)))
    return reinterpret(bits, _f(0.0))


@register_jitable(inline="always")
def logarithm(x: Any) -> Any:
    """Return ln(x) for normal positive float32 lanes (Cephes logf: 1e-7 relative)."""
    bits = reinterpret(x, np.int32(0))
    power = shift_right(subtract(bits, splat(_SQRT_HALF)), np.int32(23))
    mantissa = reinterpret(subtract(bits, shift_left(power, np.int32(23))), _f(0.0))
    power = convert(power, _f(0.0))
    f = subtract(mantissa, splat(_f(1.0)))
    square = multiply(f, f)
    p = multiply_add(splat(_f(7.0376836292e-2)), f, splat(_f(-1.1514610310e-1)))
    p = multiply_add(p, f, splat(_f(1.1676998740e-1)))
    p = multiply_add(p, f, splat(_f(-1.2420140846e-1)))
    p = multiply_add(p, f, splat(_f(1.4249322787e-1)))
    p = multiply_add(p, f, splat(_f(-1.6668057665e-1)))
    p = multiply_add(p, f, splat(_f(2.0000714765e-1)))
    p = multiply_add(p, f, splat(_f(-2.4999993993e-1)))
    p = multiply_add(p, f, splat(_f(3.3333331174e-1)))
    p = multiply(multiply(p, f), square)
    p = multiply_add(power, splat(_f(-2.12194440e-4)), p)
    p = multiply_add(square, splat(_f(-0.5)), p)
    return multiply_add(power, splat(_f(0.693359375)), add(f, p))


@register_jitable(inline="always")
def uniform(bits: Any) -> Any:
    """Return float32 numbers in (0, 1) from 32 random bits, fine near 0 (2^-32)."""
    whole = reinterpret(shift_right(bits, np.uint32(1)), np.int32(0))
    u = multiply_add(convert(whole, _f(0.0)), splat(_f(2.0**-31)), splat(_f(2.0**-32)))
    largest = splat(_f(1.0 - 2.0**-24))
    return select(less(u, largest), u, largest)


@register_jitable(inline="always")
def flips(y: Any, bits: Any, shape: Any) -> Any:
    """Return the lanes that flip: ``u (c + exp(y)) < 1`` with y = beta dE.

    c = 0 (Metropolis) or 1 (heat bath) is `shape`. An infinite beta gives the deterministic
    rule: y is -inf where the energy falls, nan where it stays, which counts as +87.
    """
    return less(multiply(uniform(bits), add(shape, exponential(y))), splat(_f(1.0)))


@register_jitable(inline="always")
def tolerated(bits: Any, heat_bath: Any) -> Any:
    """Return random limits of beta dE: a flip is made if its own is less.

    With u uniform, y < -ln(u) is Metropolis' rule and y < ln((1 - u) / u) the heat bath's.
    """
    u = uniform(bits)
    limit = subtract(splat(_f(0.0)), logarithm(u))
    if heat_bath:
        # u / 2 and a random sign: fine in both tails
        limit = add(limit, logarithm(subtract(splat(_f(2.0)), u)))
        sign = shift_left(reinterpret(bits, np.int32(0)), np.int32(31))
        limit = select(less(sign, splat(np.int32(0))), subtract(splat(_f(0.0)), limit), limit)
    return limit
