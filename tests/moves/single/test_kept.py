"""The kernel of kept fields agrees with the oracle, at all of its precisions."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.moves import single
from hopfield_opt.moves.plans import RNG_WORDS
from hopfield_opt.moves.single.kept import KeptLayout

F = np.float32
REPLICAS = 9

WEIGHTS: dict[str, Any] = {
    "signs": lambda rng, shape: rng.choice([-0.5, 0.5], shape),
    "integers": lambda rng, shape: rng.integers(-90, 90, shape) * 0.25,
    "large integers": lambda rng, shape: rng.integers(-1000, 1000, shape) + 0.0,
    "very large integers": lambda rng, shape: rng.integers(-(10**6), 10**6, shape) + 0.0,
    "reals": lambda rng, shape: rng.standard_normal(shape),
    "reals of many sizes": lambda rng, shape: np.exp(8 * rng.standard_normal(shape)),
}
# the types of fields and of changes of fields
TYPES = {
    "signs": ("int16", "int8"),
    "integers": ("int16", "int16"),
    "large integers": ("int32", "int16"),
    "very large integers": ("int32", "int32"),
    "reals": ("int32", "int16"),
    "reals of many sizes": ("int32", "int32"),
}


def limits(plain: Any, stream: Any, slope: float, heat_bath: bool) -> Any:
    """Return the largest value of k = s h with which each of 64 spins flips."""
    slope *= np.log2(np.e)
    inverse = F(1 / slope if slope > 1e-30 else 1e30)
    return plain.fuse(plain.draw_limits(stream, heat_bath), inverse, F(-0.5 if inverse == 0 else 0))


def plain_sweeps(
    plain: Any,
    layout: KeptLayout,
    states: NDArray[np.int8],
    betas: NDArray[np.float64],
    rng: NDArray[np.uint64],
    rule: int,
    order: int,
) -> NDArray[np.int8]:
    """Return the states after sweeps with the layout's rounded weights."""
    terms = layout.terms
    size = len(states)
    weights = np.rint(scipy.sparse.csr_array(layout.weights).toarray() / terms.unit)
    weights = weights.astype(np.int64)
    states = states.copy()
    stream = plain.Stream(rng)
    for beta in betas:
        for first in range(0, size, 64):
            block = np.arange(first, min(first + 64, size))
            word = stream.word() if order == single.RANDOM else 2**64 - 1
            early = np.array([word >> int(i - first) & 1 for i in block], dtype=bool)
            for lane in range(REPLICAS):
                slope = 2.0 * terms.unit * beta[lane if len(beta) > 1 else 0]
                limit = limits(plain, stream, slope, rule == single.HEAT_BATH)
                for i in np.concatenate([block[early], block[~early]]):
                    h = weights[i] @ states[:, lane].astype(np.int64) + terms.biases[i]
                    if F(states[i, lane] * h) <= limit[i - first]:
                        states[i, lane] = -states[i, lane]
    return states


def network(size: int, values: str, seed: int = 0) -> tuple[Any, Any]:
    """Return dense couplings and thresholds."""
    rng = np.random.default_rng(seed)
    weights = np.triu(WEIGHTS[values](rng, (size, size)), k=1)
    return weights + weights.T, WEIGHTS[values](rng, (size,))


@pytest.mark.parametrize("values", WEIGHTS)
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("order", [single.RANDOM, single.SEQUENTIAL])
@pytest.mark.parametrize("precise", [False, True])
def test_equals_the_plain_version(
    plain: Any, values: str, rule: int, order: int, precise: bool
) -> None:
    """The kernel gives the oracle's states bit for bit, and exact energies."""
    weights, thresholds = network(70, values)
    layout = KeptLayout.build(weights, thresholds, precise=precise)
    exact = precise and not layout.integer
    expected_types = ("int64", "int64") if exact else TYPES[values]
    assert (layout.kind, str(layout.terms.changes.values.dtype)) == expected_types
    rng = np.random.default_rng(1)
    states = rng.choice(np.array([-1, 1], dtype=np.int8), (70, 64))
    stream = rng.integers(0, 2**64, RNG_WORDS, dtype=np.uint64)
    betas = np.linspace(0, 3, 3)[:, None] / np.abs(weights @ states).mean()
    expected = plain_sweeps(plain, layout, states, betas, stream, rule, order)
    energies = single.sweep_block(layout, states, betas, stream, rule, order, REPLICAS)
    np.testing.assert_array_equal(states, expected)
    energies, spins = energies[:REPLICAS], states[:, :REPLICAS].astype(np.float64)
    recomputed = -0.5 * (spins * (weights @ spins)).sum(axis=0) + thresholds @ spins
    if layout.integer:
        np.testing.assert_array_equal(energies, recomputed)
    np.testing.assert_allclose(energies, recomputed, rtol=1e-12)


@pytest.mark.parametrize("values", ["signs", "very large integers", "reals"])
@pytest.mark.parametrize("precise", [False, True])
def test_lists_of_neighbours_equal_the_plain_version(
    plain: Any, values: str, precise: bool
) -> None:
    """For sparse weights only the neighbours' fields change."""
    weights, thresholds = network(70, values)
    weights = scipy.sparse.csr_array(
        weights * (np.abs(np.subtract.outer(range(70), range(70))) < 3)
    )
    layout = KeptLayout.build(weights, thresholds, precise=precise)
    rng = np.random.default_rng(1)
    states = rng.choice(np.array([-1, 1], dtype=np.int8), (70, 64))
    stream = rng.integers(0, 2**64, RNG_WORDS, dtype=np.uint64)
    # each replica at temperatures of its own
    betas = np.linspace(0, 3, 4 * 64).reshape(4, 64) / np.abs(weights @ states).mean()
    expected = plain_sweeps(plain, layout, states, betas, stream, 0, single.RANDOM)
    single.sweep_block(layout, states, betas, stream, replicas=REPLICAS)
    np.testing.assert_array_equal(states, expected)


@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("listed", [False, True])
def test_without_temperature_a_tie_stays(rule: int, listed: bool) -> None:
    """A flip that changes no energy is not made in a descent; one that lowers it is."""
    weights, thresholds = np.zeros((70, 70)), np.zeros(70)
    thresholds[::7] = 1.0
    rows: Any = scipy.sparse.csr_array(weights) if listed else weights
    states = np.random.default_rng(1).choice(np.array([-1, 1], dtype=np.int8), (70, 64))
    expected = states.copy()
    expected[::7, :REPLICAS] = -1
    stream = np.arange(RNG_WORDS, dtype=np.uint64)
    layout = KeptLayout.build(rows, thresholds)
    single.sweep_block(layout, states, np.full((1, 1), np.inf), stream, rule, replicas=REPLICAS)
    np.testing.assert_array_equal(states, expected)
