"""What holds for every kernel: exact energies, invariances, descents, trivial networks."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.moves import single
from hopfield_opt.moves.single.kept import KeptLayout
from hopfield_opt.moves.single.sparse import SparseLayout


def by_lists(weights: Any, thresholds: Any, **options: Any) -> KeptLayout:
    """Return kept fields for sparse weights."""
    return KeptLayout.build(scipy.sparse.csr_array(weights), thresholds, **options)


BUILDS: dict[str, Any] = {
    "neighbours": SparseLayout.build,
    "rows": KeptLayout.build,
    "lists": by_lists,
}
WEIGHTS: dict[str, Any] = {
    "signs": lambda rng, shape: rng.choice([-1.0, 1.0], shape),
    "integers": lambda rng, shape: rng.integers(-50, 50, shape) + 0.0,
    "reals": lambda rng, shape: rng.standard_normal(shape),
}
every_layout = pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
every_kind = pytest.mark.parametrize("values", WEIGHTS)


def network(size: int, values: str, degree: float = 8, seed: int = 0) -> tuple[Any, Any]:
    """Return symmetric weights and thresholds."""
    rng = np.random.default_rng(seed)
    weights = np.triu(WEIGHTS[values](rng, (size, size)), k=1)
    weights *= rng.random((size, size)) < degree / max(1, size - 1)
    return weights + weights.T, WEIGHTS[values](rng, (size,))


def lanes(size: int, replicas: int = 64, seed: int = 0) -> NDArray[np.int8]:
    """Return random states in the kernels' order."""
    rng = np.random.default_rng(seed)
    return single.allocate(rng.choice(np.array([-1, 1], dtype=np.int8), (replicas, size)))


def stream(width: int = 64, seed: int = 0) -> Any:
    """Return the start of a stream."""
    return np.random.SeedSequence(seed).generate_state(single.rng_words(width), np.uint64)


def energies_of(weights: Any, thresholds: Any, states: NDArray[np.int8]) -> Any:
    """Return the energies of lanes."""
    spins = states.astype(np.float64)
    return -0.5 * (spins * (weights @ spins)).sum(axis=0) + thresholds @ spins


def ring(size: int) -> Any:
    """Return the antiferromagnetic ring."""
    turned = np.roll(np.eye(size), 1, axis=0)
    return -(turned + turned.T)


@every_layout
@every_kind
def test_the_split_into_blocks_does_not_matter(build: Any, values: str) -> None:
    """Ten sweeps at once, or one by one, or in groups of lanes, give the same states."""
    weights, thresholds = network(40, values)
    layout = build(weights, thresholds)
    betas = np.append(np.linspace(0.1, 1, 9) / layout.max_field * 8, np.inf)[:, None]
    at_once, rng = lanes(40, 128), stream(128)
    energies = single.sweep_block(layout, at_once, betas, rng)
    one_by_one, other_rng = lanes(40, 128), stream(128)
    for row in betas:
        other_energies = single.sweep_block(layout, one_by_one, row[None], other_rng)
    np.testing.assert_array_equal(at_once, one_by_one)
    np.testing.assert_array_equal(energies, other_energies)
    np.testing.assert_array_equal(rng, other_rng)
    half = np.ascontiguousarray(lanes(40, 128)[:, 64:])
    single.sweep_block(layout, half, betas, stream(128)[single.rng_words(64) :])
    np.testing.assert_array_equal(at_once[:, 64:], half)


@every_layout
@every_kind
@pytest.mark.parametrize("scale", [2.0**-40, 0.25, 3.0, 1e-12, 1e12])
def test_the_unit_of_energy_does_not_matter(build: Any, values: str, scale: float) -> None:
    """Couplings times c at temperatures times c give the same trajectory."""
    weights, thresholds = network(30, values)
    states, scaled = lanes(30), lanes(30)
    betas = np.linspace(0.1, 1, 20)[:, None] / np.abs(weights).max()
    energies = single.sweep_block(build(weights, thresholds), states, betas, stream())
    layout = build(scale * weights, scale * thresholds)
    scaled_energies = single.sweep_block(layout, scaled, betas / scale, stream())
    np.testing.assert_array_equal(states, scaled)
    np.testing.assert_allclose(scaled_energies, scale * energies, rtol=1e-12)


@every_layout
@every_kind
@pytest.mark.parametrize("order", [single.RANDOM, single.SEQUENTIAL])
def test_a_descent_never_goes_up_and_ends_in_a_minimum(build: Any, values: str, order: int) -> None:
    """Without temperature each sweep lowers the energy until no flip would."""
    weights, thresholds = network(60, values)
    layout, states, rng = build(weights, thresholds), lanes(60), stream()
    cold = np.full((1, 1), np.inf)
    energies = single.sweep_block(layout, states, cold[:0], rng)
    np.testing.assert_allclose(energies, energies_of(weights, thresholds, states), rtol=1e-12)
    for _ in range(60):
        before = energies
        energies = single.sweep_block(layout, states, cold, rng, order=order)
        assert (energies <= before).all()
    changes = 2 * states * (weights @ states - thresholds[:, None])
    assert (changes >= -1e-12 * layout.max_field).all()


@every_layout
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
def test_ties_stay_without_temperature_and_flip_with_one(build: Any, rule: int) -> None:
    """A free spin keeps its state at infinite beta; Metropolis always flips it at any other."""
    layout = build(np.zeros((5, 5)), np.zeros(5))
    states = lanes(5)
    single.sweep_block(layout, states, np.full((3, 1), np.inf), stream(), rule)
    np.testing.assert_array_equal(states, lanes(5))
    single.sweep_block(layout, states, np.full((1, 1), 2.0), stream(), rule)
    flipped = (states != lanes(5)).mean()
    assert flipped == 1 if rule == single.METROPOLIS else 0.4 < flipped < 0.6


@every_layout
@pytest.mark.parametrize("leaves", [125, 126, 127, 128, 300])
@pytest.mark.parametrize("unit", [1.0, 130.0, 200.0])
def test_a_hub_at_the_limits_of_its_number_type(build: Any, leaves: int, unit: float) -> None:
    """Fields of one more than a byte or an int16 holds are neither wrapped nor cut."""
    weights = np.zeros((leaves + 1, leaves + 1))
    weights[0, 1:] = weights[1:, 0] = unit
    weights[1, 2] = weights[2, 1] = 1.0
    thresholds = np.zeros(leaves + 1)
    states = np.ones((leaves + 1, 64), dtype=np.int8)
    states[0, ::2] = -1
    states[1:, 32:] *= -1
    expected = np.where(np.arange(64) < 32, 1, -1) * np.ones((leaves + 1, 1))
    layout = build(weights, thresholds)
    start = energies_of(weights, thresholds, states)
    rng = stream()
    np.testing.assert_array_equal(single.sweep_block(layout, states, np.empty((0, 1)), rng), start)
    # the hub comes first, sees all leaves and follows them
    energies = single.sweep_block(
        layout, states, np.full((1, 1), np.inf), rng, order=single.SEQUENTIAL
    )
    np.testing.assert_array_equal(states, expected)
    np.testing.assert_array_equal(energies, energies_of(weights, thresholds, states))


@every_layout
@pytest.mark.parametrize("size", [0, 1, 2, 17])
def test_networks_without_couplings(build: Any, size: int) -> None:
    """No spins, one spin, or only thresholds: each spin goes below its threshold."""
    layout = build(np.zeros((size, size)), np.arange(size) - 0.5)
    states = lanes(size)
    energies = single.sweep_block(layout, states, np.full((2, 1), np.inf), stream())
    np.testing.assert_array_equal(
        states, np.where(np.arange(size) < 0.5, 1, -1)[:, None] + 0 * states
    )
    np.testing.assert_array_equal(energies, -np.abs(np.arange(size) - 0.5).sum() + np.zeros(64))


@every_layout
@every_kind
def test_networks_without_an_energy(build: Any, values: str) -> None:
    """Asymmetric weights with self-couplings follow sign(h), one neuron after another."""
    rng = np.random.default_rng(3)
    weights, thresholds = WEIGHTS[values](rng, (20, 20)), WEIGHTS[values](rng, (20,))
    layout = build(weights, thresholds, symmetric=False)
    states = lanes(20)
    expected = states.astype(np.int64)
    energies = single.sweep_block(
        layout, states, np.full((3, 1), np.inf), stream(), order=single.SEQUENTIAL
    )
    for _ in range(3):
        for i in range(20):
            h = weights[i] @ expected - thresholds[i]
            expected[i] = np.where(h == 0, expected[i], np.sign(h))
    np.testing.assert_array_equal(states, expected)
    assert np.isnan(energies).all()


@every_layout
@pytest.mark.parametrize("rule", [single.METROPOLIS, single.HEAT_BATH])
@pytest.mark.parametrize("size", [9, 10, 16, 20, 32, 50])
def test_rings_are_solved_in_every_read(build: Any, rule: int, size: int) -> None:
    """The shuffle is enough: sequential Metropolis sweeps never solve even rings."""
    sweeps = 1000 if size <= 20 else 2 * size**2
    betas = np.linspace(0.1, 3, sweeps)[:, None]
    states = lanes(size, 128)
    layout = build(ring(size), np.zeros(size))
    energies = single.sweep_block(layout, states, betas, stream(128), rule)
    solved = (energies == -(size - 2 * (size % 2))).mean()
    assert solved == 1 if size <= 20 else solved >= 0.95


def test_prepare_chooses_by_density_and_remembers() -> None:
    """Dense weights and few replicas get kept fields; a network has one layout of a kind."""

    def made(size: int, degree: float) -> Any:
        weights, thresholds = network(size, "signs", degree)
        return type("N", (SimpleNamespace,), {"__hash__": object.__hash__})(
            weights=scipy.sparse.csr_array(weights), thresholds=thresholds
        )

    assert isinstance(single.prepare(made(500, 499)), KeptLayout)
    assert isinstance(single.prepare(made(500, 10)), SparseLayout)
    assert isinstance(single.prepare(made(20, 19)), SparseLayout)
    some = made(20, 10)
    assert single.prepare(some) is single.prepare(some)
    assert single.prepare(some, precise=True) is not single.prepare(some)
    assert isinstance(single.prepare(some, replicas=1), KeptLayout)
    assert not single.prepare(some).symmetric
    assert isinstance(single.prepare(some, kernel="rows"), KeptLayout)
    assert isinstance(single.prepare(some, precise=True), KeptLayout)


@every_layout
def test_lanes_hold_the_states_and_padding_is_not_reported(build: Any) -> None:
    """`extract` gives back what `allocate` got; the energies of replicas come first."""
    states = np.random.default_rng(0).choice(np.array([-1, 1], dtype=np.int8), (5, 30))
    padded = single.allocate(states)
    assert padded.shape == (30, 64)
    np.testing.assert_array_equal(single.extract(padded, 5), states)
    weights, thresholds = network(30, "signs")
    layout = build(weights, thresholds)
    energies = single.sweep_block(layout, padded, np.full((9, 1), 0.3), stream(), replicas=5)
    expected = energies_of(weights, thresholds, padded[:, :5])
    np.testing.assert_array_equal(energies[:5], expected)
