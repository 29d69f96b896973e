"""The sparse kernels agree with the oracle, and with what they are meant to do."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.moves import single
from hopfield_opt.moves.single import sparse
from hopfield_opt.moves.single.sparse import Lists, SparseCouplings, SparseLayout
from hopfield_opt.moves.single.vectors import LANES

WEIGHTS: dict[str, Any] = {
    "signs": lambda rng, size: rng.choice([-0.5, 0.5], size),
    "one sign": lambda rng, size: np.full(size, -1.0),
    "small integers": lambda rng, size: rng.choice([-2.0, -1, 1, 1, 1], size),
    "integers": lambda rng, size: rng.integers(1, 100, size) * 0.25,
    "large integers": lambda rng, size: rng.integers(-(10**5), 10**5, size) + 0.0,
    "reals": lambda rng, size: rng.standard_normal(size),
}
KINDS = {
    "signs": "int8",
    "one sign": "int8",
    "small integers": "int8",
    "integers": "int16",
    "large integers": "float32",
    "reals": "float32",
}


def network(
    size: int, degree: float, values: Any, seed: int = 0, symmetric: bool = True
) -> tuple[Any, NDArray[np.float64]]:
    """Return random couplings of about so many neighbours, and thresholds of the same kind."""
    rng = np.random.default_rng(seed)
    mask = np.triu(rng.random((size, size)) < degree / max(1, size - 1), k=1)
    weights = np.zeros((size, size))
    weights[mask] = values(rng, int(mask.sum()))
    if symmetric:
        weights += weights.T
    else:
        weights += np.where(mask, -weights, 0).T + np.diag(values(rng, size))
    return scipy.sparse.csr_array(weights), values(rng, size)


def lanes(size: int, replicas: int = 64, seed: int = 0) -> NDArray[np.int8]:
    """Return random states in the kernels' order."""
    rng = np.random.default_rng(seed)
    return single.allocate(rng.choice(np.array([-1, 1], dtype=np.int8), (replicas, size)))


def stream(width: int = 64, seed: int = 0) -> Any:
    """Return the start of a stream."""
    return np.random.SeedSequence(seed).generate_state(single.rng_words(width), np.uint64)


@pytest.mark.parametrize("values", WEIGHTS)
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("order", [single.RANDOM, single.SEQUENTIAL])
@pytest.mark.parametrize("precise", [False, True])
def test_equals_the_plain_version(
    plain: Any, values: str, rule: int, order: int, precise: bool
) -> None:
    """Every kernel gives the oracle's states bit for bit, and its energies."""
    weights, thresholds = network(45, 5, WEIGHTS[values])
    layout = SparseLayout.build(weights, thresholds, precise=precise)
    kind = KINDS[values]
    assert layout.kind == ("float64" if precise and values == "reals" else kind)
    betas = np.append(np.linspace(0.1, 2, 8) / layout.max_field * 8, np.inf)[:, None]
    states, rng = lanes(45), stream()
    expected, expected_energies = plain.sweeps(
        layout, weights, thresholds, states, betas[:-1], rng, rule, order
    )
    energies = single.sweep_block(layout, states, betas[:-1], rng, rule, order)
    np.testing.assert_array_equal(states, expected)
    if layout.integer:
        np.testing.assert_array_equal(energies, expected_energies)
    np.testing.assert_allclose(energies, expected_energies, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("values", WEIGHTS)
@pytest.mark.parametrize("precise", [False, True])
def test_lanes_may_have_their_own_temperatures(plain: Any, values: str, precise: bool) -> None:
    """A column of betas belongs to its lane, also where some of them are infinite or 0."""
    weights, thresholds = network(30, 4, WEIGHTS[values])
    layout = SparseLayout.build(weights, thresholds, precise=precise)
    scale = 8 / layout.max_field
    betas = np.tile(scale * np.geomspace(0.01, 10, 128), (6, 1))
    betas[:, ::9], betas[3:, 1::9] = np.inf, 0.0
    for rule in (single.METROPOLIS, single.HEAT_BATH):
        states, rng = lanes(30, 128), stream(128)
        expected, _ = plain.sweeps(layout, weights, thresholds, states, betas, rng, rule)
        single.sweep_block(layout, states, betas, rng, rule)
        np.testing.assert_array_equal(states, expected)


def test_lists_name_each_neighbour_as_often_as_its_weight_says() -> None:
    """The positive ones, filled up with the row of zeros, then the negative ones, then itself."""
    weights = np.zeros((14, 14))
    weights[0, 1:11] = weights[1:11, 0] = 1.0
    weights[0, 11:] = weights[11:, 0] = -2.0
    lists = Lists.of(SparseCouplings.of(weights, np.zeros(14)), signed=True)
    begin, lengths = lists.begins[0], lists.kinds[0, :2]
    named = lists.rows[begin : begin + lengths.sum() + 1] // LANES
    assert named.tolist() == [*range(1, 11), 14, 14, 11, 11, 12, 12, 13, 13, 0]


@pytest.mark.parametrize("values", ["signs", "reals"])
def test_offsets_beyond_32_bits_are_64_bits_wide(
    monkeypatch: pytest.MonkeyPatch, values: str
) -> None:
    """Kernels read wider lists as they do narrow ones."""
    weights, thresholds = network(45, 5, WEIGHTS[values])
    ends = []
    for most, bits in ((2**32, 32), (45 * LANES, 64)):
        monkeypatch.setattr(sparse, "MAX_PLACES", most)
        layout = SparseLayout.build(weights, thresholds)
        assert layout.lists[1].dtype == f"uint{bits}"
        states, rng = lanes(45), stream()
        single.sweep_block(layout, states, np.linspace(0.1, 2, 8)[:, None], rng)
        ends.append(states)
    np.testing.assert_array_equal(*ends)
