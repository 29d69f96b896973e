"""What the kernels of many lanes share: random order, the decision to flip."""

from typing import Any

import numpy as np
from numba.extending import register_jitable

from hopfield_opt.moves.plans import BLOCK
from hopfield_opt.moves.single.vectors import (
    STREAMS,
    add,
    both,
    convert,
    either,
    less,
    load_words,
    multiply,
    multiply_add,
    reinterpret,
    select,
    shift_left,
    shift_right,
    splat,
    store,
    subtract,
)

LOG2E = float(np.log2(np.e))

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_U = np.uint64

_f, _i = np.float32, np.int32
# log2(1 + a) = a + a (1 - a) q(a) within 2.3e-6 for 0 <= a < 1, and exact at both ends
_Q0, _Q1, _Q2 = _f(0.02584143728), _f(-0.09595642984), _f(0.1819488555)
_Q3, _Q4 = _f(-0.2756003141), _f(0.4425449371)
_FRACTION, _ONE = _i(0x7FFFFF), _i(0x3F800000)  # of the bits of a float32; those of 1.0
_ZERO_POWER = _i(127 + 31)  # what stands in the exponent of 2^31


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
def logarithm(a: Any) -> Any:
    """Return log2(1 + a) for float32 lanes, 0 <= a <= 1."""
    q = multiply_add(splat(_Q0), a, splat(_Q1))
    q = multiply_add(q, a, splat(_Q2))
    q = multiply_add(q, a, splat(_Q3))
    q = multiply_add(q, a, splat(_Q4))
    return multiply_add(multiply(a, subtract(splat(_f(1.0)), a)), q, a)


@register_jitable(inline="always")
def draw_limits(bits: Any, heat_bath: Any) -> Any:
    """Return random limits of beta dE / ln 2: a flip is made if its own is not larger.

    With u uniform (odd multiples of 2^-31), y <= -log2(u) is Metropolis' rule, and
    y <= log2((1 - u) / u) the heat bath's.
    """
    odd = either(shift_right(bits, np.uint32(1)), splat(np.uint32(1)))
    real = convert(reinterpret(odd, _i(0)), _f(0.0))
    parts = reinterpret(real, _i(0))
    power = convert(subtract(splat(_ZERO_POWER), shift_right(parts, _i(23))), _f(0.0))
    fraction = reinterpret(either(both(parts, splat(_FRACTION)), splat(_ONE)), _f(0.0))
    limit = subtract(power, logarithm(subtract(fraction, splat(_f(1.0)))))
    if heat_bath:
        # u / 2 and a random sign: fine in both tails
        rest = multiply_add(real, splat(_f(-(2.0**-31))), splat(_f(1.0)))
        limit = add(limit, logarithm(rest))
        negative = less(shift_left(reinterpret(bits, _i(0)), _i(31)), splat(_i(0)))
        limit = select(negative, subtract(splat(_f(0.0)), limit), limit)
    return limit
