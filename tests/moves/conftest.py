"""The oracle of the kernels: the same sweeps in plain numpy, one spin after another."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.moves import single
from hopfield_opt.moves.plans import BLOCK, RNG_WORDS, VisitingPlan

WORD = 2**64 - 1
F = np.float32


def rotate(x: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """Return x rotated to the left."""
    return (x << np.uint64(bits)) | (x >> np.uint64(64 - bits))


class Stream:
    """The random numbers of one group: xoshiro256++ in 8 columns, and a SplitMix64 counter."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self.state = words[:32].reshape(4, 8).copy()
        self.counter = int(words[32])

    def draw(self, dtype: Any) -> NDArray[Any]:
        """Return one unsigned number for each lane."""
        steps = 8 * np.dtype(dtype).itemsize // 8
        return np.concatenate([self._step().view(dtype) for _ in range(steps)])

    def _step(self) -> NDArray[np.uint64]:
        s0, s1, s2, s3 = self.state
        output = rotate(s0 + s3, 23) + s0
        shifted = s1 << np.uint64(17)
        s2 = s2 ^ s0
        s3 = s3 ^ s1
        s1 = s1 ^ s2
        s0 = s0 ^ s3
        self.state = np.array([s0, s1, s2 ^ shifted, rotate(s3, 45)])
        return output

    def word(self) -> int:
        """Return 64 bits for the visiting order."""
        self.counter = (self.counter + 0x9E3779B97F4A7C15) & WORD
        z = self.counter
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
        return z ^ (z >> 31)

    def shuffled(self, block: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the spins of a block in random order."""
        word = self.word()
        if len(block) == BLOCK:
            factor, shift, flip = word & 15 | 1, word >> 4, word >> 8 & 15
            return block[[((t * factor + shift) & 15) ^ flip for t in range(BLOCK)]]
        places = list(range(len(block)))
        for t in range(len(block) - 1, 0, -1):
            other = ((self.word() >> 32) * (t + 1)) >> 32
            places[t], places[other] = places[other], places[t]
        return block[places]

    def visits(self, plan: VisitingPlan, order: int) -> Iterator[int]:
        """Yield the spins of one sweep."""
        for begin, end in zip(plan.first[:-1], plan.first[1:], strict=True):
            block = plan.order[begin:end]
            yield from self.shuffled(block) if order == single.RANDOM else block


def fuse(a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, rounded once to float32."""
    return (np.float64(a) * b + c).astype(F)


def logarithm(a: Any) -> Any:
    """Return log2(1 + a) as the kernels compute it."""
    q = fuse(F(0.02584143728), a, F(-0.09595642984))
    for coefficient in (0.1819488555, -0.2756003141, 0.4425449371):
        q = fuse(q, a, F(coefficient))
    return fuse(a * (F(1) - a), q, a)


def draw_limits(stream: Stream, heat_bath: bool) -> Any:
    """Return random limits of beta dE / ln 2."""
    bits = stream.draw(np.uint32)
    real = ((bits >> 1) | 1).astype(np.int32).astype(F)
    parts = real.view(np.int32)
    power = (158 - (parts >> 23)).astype(F)
    fraction = ((parts & 0x7FFFFF) | 0x3F800000).view(F)
    limit = power - logarithm(fraction - F(1))
    if heat_bath:
        limit = limit + logarithm(fuse(real, F(-(2.0**-31)), F(1)))
        limit = np.where(bits & 1, -limit, limit)
    return limit


def by_logarithm(
    k: NDArray[Any], betas: NDArray[np.float64], layout: Any, stream: Stream, heat_bath: bool
) -> Any:
    """Return the lanes that flip, decided by a random limit of beta dE."""
    with np.errstate(invalid="ignore", over="ignore"):
        y = k.astype(F) * (np.log2(np.e) * 2.0 * layout.unit * betas).astype(F)
        return y <= draw_limits(stream, heat_bath)


def by_table(
    k: NDArray[Any], betas: NDArray[np.float64], layout: Any, stream: Stream, heat_bath: bool
) -> Any:
    """Return the lanes that flip, decided by comparing integers."""
    bits = stream.draw(np.uint32 if layout.precise else np.uint16)
    k = np.clip(k, -126, 126)
    with np.errstate(invalid="ignore", over="ignore"):
        y = 2.0 * betas * layout.unit * k
        p = 1 / (1 + np.exp(np.minimum(y, 700))) if heat_bath else np.exp(-np.maximum(y, 0))
    p = np.where(np.isinf(betas), k < 0, p)
    return bits < np.floor(p * 2.0 ** (32 if layout.precise else 16) + 0.5)


def plain_sweeps(
    layout: Any,
    weights: Any,
    thresholds: NDArray[np.float64],
    states: NDArray[np.int8],
    betas: NDArray[np.float64],
    rng: NDArray[np.uint64],
    rule: int = single.METROPOLIS,
    order: int = single.RANDOM,
) -> tuple[NDArray[np.int8], NDArray[np.float64]]:
    """Return states and energies after the sweeps of `single.sweep_block`."""
    matrix = scipy.sparse.csr_array(weights, dtype=np.float64)
    number = np.dtype("int64" if layout.integer else layout.kind)
    scaled = np.asarray(matrix.data / layout.unit)
    values = (np.rint(scaled) if layout.integer else scaled).astype(number)
    biases = -thresholds / layout.unit
    biases = (np.rint(biases) if layout.integer else biases).astype(number)
    accept = by_table if layout.kind == "int8" else by_logarithm
    plan = layout.plans[0 if order == single.RANDOM else 1]
    states = states.copy()
    for group in range(states.shape[1] // 64):
        lanes = slice(64 * group, 64 * group + 64)
        stream = Stream(rng[RNG_WORDS * group : RNG_WORDS * (group + 1)])
        for row in np.broadcast_to(betas, (len(betas), states.shape[1])):
            for i in stream.visits(plan, order):
                h = np.full(64, biases[i])
                for p in range(matrix.indptr[i], matrix.indptr[i + 1]):
                    h = h + values[p] * states[matrix.indices[p], lanes].astype(number)
                own = states[i, lanes]
                flips = accept(own * h, row[lanes], layout, stream, rule == single.HEAT_BATH)
                states[i, lanes] = np.where(flips, -own, own)
    spins = states.astype(np.float64)
    energies = -0.5 * (spins * (matrix @ spins)).sum(axis=0) + thresholds @ spins
    return states, energies


@pytest.fixture
def plain() -> Any:
    """Return the oracle: `sweeps`, and the parts that other oracles are made of."""
    return SimpleNamespace(Stream=Stream, fuse=fuse, draw_limits=draw_limits, sweeps=plain_sweeps)
