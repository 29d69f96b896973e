"""Large networks are swept in an order of their own, which nobody outside notices."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import hopfield_opt as ho
from hopfield_opt.dynamics import (
    Asynchronous,
    HeatBath,
    Metropolis,
    ParallelTempering,
    SimulatedAnnealing,
)
from hopfield_opt.dynamics.parts.replicas import LARGE, Replicas
from hopfield_opt.moves import layout_of, plans, single
from hopfield_opt.moves.single import numbering

SEED = np.random.SeedSequence(1)


def shuffled(size: int, *steps: int, values: str = "signs", parts: int = 1) -> Any:
    """Return rings whose labels are shuffled, each spin joined to those so many steps on."""
    rng = np.random.default_rng(size)
    ring, place = np.divmod(np.arange(size), size // parts)
    draw = {"signs": lambda: rng.choice([-1.0, 1.0], size), "reals": lambda: rng.normal(size=size)}
    labels, total = rng.permutation(size), scipy.sparse.csr_array((size, size))
    for step in steps:
        other = ring * (size // parts) + (place + step) % (size // parts)
        ends = labels[np.arange(size)], labels[other]
        total = total + scipy.sparse.csr_array((draw[values](), ends), (size, size))
    return scipy.sparse.csr_array(total + total.T)


@pytest.fixture
def numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small networks be numbered anew and cut into windows, as large ones are."""
    for module in (numbering, plans):
        monkeypatch.setattr(module, "MAX_CACHED", 8)
    monkeypatch.setattr(plans, "WINDOW", 32)


@pytest.fixture
def backwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every sparse network be numbered from its last spin to its first."""

    def turned(weights: Any) -> Any:
        return np.arange(weights.shape[0], dtype=np.int32)[::-1].copy()

    monkeypatch.setattr(single, "number_by_locality", turned)


def test_neighbours_come_near_each_other(numbered: None) -> None:
    """On a shuffled ring the two ends of every bond are at most two places apart."""
    weights = shuffled(90, 1)
    numbers = numbering.number_by_locality(weights)
    assert numbers is not None
    assert sorted(numbers) == list(range(90))
    pairs = numbering.renumber(weights, numbers).tocoo()
    apart = np.abs(pairs.row - pairs.col)
    assert np.quantile(apart, 0.99) <= 2
    np.testing.assert_array_equal(pairs.toarray(), weights.toarray()[np.ix_(numbers, numbers)])


def test_parts_that_nothing_joins_come_one_after_another(numbered: None) -> None:
    """Each connected part is contiguous, spins without a neighbour among them."""
    alone = scipy.sparse.csr_array((5, 5))
    weights = scipy.sparse.block_diag([shuffled(60, 1, 3, parts=3), alone], "csr")
    numbers = numbering.number_by_locality(weights)
    assert sorted(numbers) == list(range(65))
    _, part = scipy.sparse.csgraph.connected_components(weights)
    assert np.count_nonzero(np.diff(part[numbers])) == 3 + 5 - 1


def test_small_and_dense_networks_keep_their_numbers() -> None:
    """Below the size of a cache the same seed gives the answers that it always gave."""
    small = shuffled(plans.MAX_CACHED, 1)
    assert numbering.number_by_locality(small) is None
    assert numbering.number_by_locality(np.zeros((3, 3))) is None
    assert numbering.number_by_locality(shuffled(plans.MAX_CACHED + 1, 1)) is not None


@pytest.mark.parametrize("values", ["signs", "reals"])
@pytest.mark.parametrize("replicas", [1, 3, 64, 70])
@pytest.mark.parametrize("sampling", [False, True])
def test_states_and_energies_are_those_of_the_network(
    numbered: None, values: str, replicas: int, sampling: bool
) -> None:
    """What comes out belongs to the spins as the user numbered them."""
    network = ho.Hamiltonian(shuffled(150, 1, 7, values=values), np.linspace(-1, 1, 150))
    start = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (replicas, 150))
    state = Replicas.init(network, start, SEED, sampling=sampling)
    assert state.layout.kernel.numbers is not None
    np.testing.assert_array_equal(state.states(), start)
    assert state.energies == pytest.approx(network.energy(start))
    state = state.sweep(np.linspace(0.1, 2, 20)[:, None]).descend()
    assert state.energies == pytest.approx(network.energy(state.states()))
    assert (np.array([state.spins(r) for r in range(replicas)]) == state.states()).all()
    costs = state.layout.costs(state.lanes, state.stream)
    assert costs == pytest.approx(2 * state.states() * network.local_field(state.states()))
    assert (costs >= -1e-9).all()
    state.layout.assign(state.lanes, start[0])
    assert (state.states() == start[0]).all()


@pytest.mark.parametrize("kernel", ["neighbours", "lists"])
@pytest.mark.parametrize("make", [Metropolis, HeatBath])
def test_any_numbers_sample_the_boltzmann_law(
    boltzmann: Any, monkeypatch: pytest.MonkeyPatch, backwards: None, kernel: str, make: Any
) -> None:
    """An order that does not depend on the states leaves the law as it is."""
    network = boltzmann.served_network(monkeypatch, "integers", kernel)
    assert layout_of(network, 64, sampling=True).kernel.numbers is not None
    states, _ = boltzmann.samples(make(1.25), network, 2048, 6, gap=12)
    assert boltzmann.p_value(network, 1 / 1.25, states) > 1e-3


@pytest.mark.parametrize("replicas", [1, 64])
def test_sequential_sweeps_follow_the_numbers_of_the_user(backwards: None, replicas: int) -> None:
    """On a chain a cold sweep by number carries the first spin to the last one."""
    bonds = scipy.sparse.diags_array([np.ones(39), np.ones(39)], offsets=[-1, 1]).tocsr()
    thresholds = np.full(40, -0.5)
    thresholds[0] = -3.0
    network = ho.Hamiltonian(bonds, thresholds)
    start = np.full((replicas, 40), -1, dtype=np.int8)
    for method in (HeatBath(1e-6, order="sequential"), Asynchronous("sequential")):
        state = method.advance(method.init(network, start, SEED), 1, 0)
        assert (state.states() == 1).all()


def test_clusters_are_those_of_the_lanes(numbered: None) -> None:
    """Isoenergetic moves follow the couplings in the order in which the states stand."""
    network = ho.Hamiltonian(shuffled(60, 1, 5))
    method = ParallelTempering(isoenergetic=True)
    start = np.ones((method.batch(network), 60), np.int8)
    state = method.init(network, start, SEED)
    numbers = state.replicas.layout.kernel.numbers
    assert state.bonds is not None
    rows = np.repeat(np.arange(60), np.diff(state.bonds[0]))
    assert (network.weights.toarray()[numbers[rows], numbers[state.bonds[1]]] != 0).all()


@pytest.mark.parametrize("make", [SimulatedAnnealing, lambda: Metropolis(1.0)])
def test_replicas_stay_side_by_side_at_any_size(make: Callable[[], Any]) -> None:
    """Those who ask for 64 get them at once; a search that names none spends its time on one."""
    weights = scipy.sparse.csr_array((LARGE + 1, LARGE + 1))
    method, network = make(), ho.Hamiltonian(weights)
    assert method.batch(network) == 64
    assert method.default_replicas(network) == (1 if method.name == "simulated-annealing" else 2)
