"""Mean-field annealing: self-consistent means, whole groups, and the common laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.mean_field_annealing import MeanFieldAnnealing, critical_temperature
from hopfield_opt.dynamics.parts.fields import Fields
from hopfield_opt.dynamics.parts.one_hots import Groups, drop_own_couplings
from hopfield_opt.errors import InputError
from hopfield_opt.groups import OneHot


def glass(size, seed, groups=()):
    """Return a fully coupled network with normal weights."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.standard_normal((size, size)), 1)
    return ho.Hamiltonian(upper + upper.T, generator.standard_normal(size), 1.0, groups)


def potts(size, seed):
    """Return a network with groups of 4, 3, 2 and 1 spins, and free spins."""
    order = np.random.default_rng(seed).permutation(size)
    cuts = (order[:4], order[4:7], order[7:9], order[9:10])
    return glass(size, seed, [OneHot(part) for part in cuts])


def one_hot(network, replicas, seed=0):
    """Return starts in which each group has one spin that is on."""
    generator = np.random.default_rng(seed)
    start = generator.choice([-1, 1], (replicas, network.num_spins)).astype(np.int8)
    for group in network.groups:
        start[:, group.indices] = -1
        start[np.arange(replicas), generator.choice(group.indices, replicas)] = 1
    return start


def begin(dynamics, network, replicas=4, seed=0):
    """Return the state at random starts."""
    return dynamics.init(network, one_hot(network, replicas, seed), np.random.SeedSequence(seed))


@pytest.mark.parametrize("temperature", [2.0, 6.0, 20.0])
def test_means_are_self_consistent(temperature):
    """At a constant temperature the means end where tanh and the soft maximum reproduce them."""
    network = potts(16, 1)
    dynamics = MeanFieldAnnealing(hot=temperature, cold=temperature)
    state = dynamics.advance(begin(dynamics, network), 4000, 4000)
    weights = network.to_dense()
    for v in state.outputs:
        expected = np.tanh((weights @ v - network.thresholds) / temperature)
        for group in network.groups:
            own = group.indices
            energies = np.empty(len(own))
            for k in range(len(own)):  # the mean energy if the k-th spin is the one that is on
                w = v.copy()
                w[own] = -1
                w[own[k]] = 1
                energies[k] = -0.5 * w @ weights @ w + network.thresholds @ w
            x = np.exp(-(energies - energies.min()) / temperature)
            expected[own] = 2 * x / x.sum() - 1
        assert np.abs(v - expected).max() < 1e-4
        assert all(((1 + v[g.indices]) / 2).sum() == pytest.approx(1) for g in network.groups)


def test_means_do_not_swing_to_and_fro():
    """Spins that all repel each other settle, though they move at once: the share is small."""
    network = ho.Hamiltonian(np.eye(30) - 1, np.full(30, -5.0))
    dynamics = MeanFieldAnnealing(hot=2.0, cold=2.0)
    state = dynamics.advance(begin(dynamics, network), 2000, 2000)
    field = state.outputs @ network.to_dense() - network.thresholds
    assert np.abs(state.outputs - np.tanh(field / 2.0)).max() < 1e-4


@given(st.integers(0, 10**6))
def test_own_couplings_become_thresholds(seed):
    """Without couplings inside the groups the energies of one-hot states differ as before."""
    network = potts(14, seed)
    apart = drop_own_couplings(network)
    for group in network.groups:
        assert not apart.to_dense()[np.ix_(group.indices, group.indices)].any()
    states = one_hot(network, 6, seed)
    difference = network.energy(states) - apart.energy(states)
    assert difference == pytest.approx(difference[0])


def test_own_couplings_of_factors():
    """Couplings that are kept as factors are freed of what a group does to itself, too."""
    rows = np.random.default_rng(0).standard_normal((3, 8))
    network = ho.Hamiltonian(ho.couplings.Factored(rows), groups=[OneHot([0, 3, 5])])
    own = drop_own_couplings(network).to_dense()[np.ix_([0, 3, 5], [0, 3, 5])]
    assert np.abs(own).max() < 1e-12


def test_critical_temperature():
    """It is the largest eigenvalue for spins, and that of ``2 D P W P`` (D = 2 / k) for groups."""
    network = ho.Hamiltonian(glass(20, 2).to_dense())
    fields = Fields.of(network)
    found = critical_temperature(fields, Groups.of(network)) * fields.unit
    assert found == pytest.approx(np.linalg.eigvalsh(network.to_dense())[-1], rel=1e-3)

    colours = np.kron(-np.ones((4, 4)) + np.eye(4), np.eye(3))  # 3 colours of a complete graph
    groups = [OneHot(range(k, k + 3)) for k in (0, 3, 6, 9)]
    network = ho.Hamiltonian(colours, groups=groups)
    centred = np.eye(12) - np.kron(np.eye(4), np.full((3, 3), 1 / 3))
    fields = Fields.of(network)
    found = critical_temperature(fields, Groups.of(network)) * fields.unit
    expected = np.linalg.eigvalsh(4 / 3 * centred @ colours @ centred)[-1]
    assert found == pytest.approx(expected, rel=1e-3)


def test_means_leave_infinite_temperature_at_the_critical_one():
    """A little above T_c the means fade, a little below they grow."""
    network = ho.Hamiltonian(glass(20, 2).to_dense())
    critical = float(np.linalg.eigvalsh(network.to_dense())[-1])
    ends = []
    for factor in (1.1, 0.9):
        dynamics = MeanFieldAnnealing(hot=factor * critical, cold=factor * critical)
        state = dynamics.advance(begin(dynamics, network), 3000, 3000)
        ends.append(np.abs(state.outputs).max())
    assert ends[0] < 1e-4
    assert ends[1] > 0.1


def test_groups_stay_whole():
    """States and answers have one spin on in each group, at any moment."""
    network, dynamics = potts(20, 3), MeanFieldAnnealing()
    state = begin(dynamics, network)
    for _ in range(5):
        state = dynamics.advance(state, 20, 100)
        done = dynamics.finish(state)
        for view in (state, done):
            assert all((g.violation(view.states()) == 0).all() for g in network.groups)
            assert view.energies == pytest.approx(network.energy(view.states()))
            assert np.array_equal(view.spins(1), view.states()[1])
        assert (done.energies <= state.energies + 1e-9).all()
    assert state.temperatures.shape == (4,)
    assert (np.diff(state.temperatures) == 0).all()


def test_finds_the_best_colouring_through_solve():
    """A complete graph of 6 vertices in 3 colours keeps 3 edges inside, a ring of 9 none."""
    ring = np.roll(np.eye(9), 1, axis=0)
    for graph, best in ((1 - np.eye(6), 3.0), (ring + ring.T, 0.0)):
        model = ho.Model()
        x = model.binary((len(graph), 3), name="x")
        model.minimize(0.5 * (x * (graph @ x)).sum())
        model.add(x.sum(axis=1) == 1)
        result = ho.solve(model, method="mean-field-annealing", seed=0)
        assert result.feasible
        assert result.value == best


def test_splits_do_not_matter():
    """The same seed gives the same means however the sweeps are split into calls."""
    network, dynamics = potts(30, 4), MeanFieldAnnealing()
    whole = dynamics.advance(begin(dynamics, network), 200, 200)
    parts, left = begin(dynamics, network), 200
    for sweeps in (1, 50, 3, 146):
        parts = dynamics.advance(parts, sweeps, left)
        left -= sweeps
    assert np.array_equal(whole.outputs, parts.outputs)
    assert np.array_equal(whole.temperatures, parts.temperatures)
    assert np.array_equal(dynamics.finish(whole).states(), dynamics.finish(parts).states())


@pytest.mark.parametrize("factor", [2.0**-40, 2.0**40])
def test_scale_and_offset(factor):
    """Couplings times c, and another offset, give the same means, temperatures times c."""
    network, dynamics = potts(20, 5), MeanFieldAnnealing()
    other = ho.Hamiltonian(
        network.to_dense() * factor, network.thresholds * factor, 9.0, network.groups
    )
    one = dynamics.advance(begin(dynamics, network), 100, 100)
    two = dynamics.advance(begin(dynamics, other), 100, 100)
    assert np.array_equal(one.outputs, two.outputs)
    assert np.array_equal(one.temperatures * factor, two.temperatures)


def test_gauge():
    """In mirrored spins the run is the mirrored run."""
    network, dynamics = glass(20, 6), MeanFieldAnnealing()
    start, signs = np.random.default_rng(1).choice([-1, 1], (2, 1, 20)).astype(np.int8)
    sequence = np.random.SeedSequence(0)
    plain = dynamics.advance(dynamics.init(network, start, sequence), 100, 100)
    turned = dynamics.init(network.gauge(signs[0]), start * signs, sequence)
    turned = dynamics.advance(turned, 100, 100)
    assert np.allclose(turned.outputs, plain.outputs * signs, atol=1e-3)


@pytest.mark.parametrize(
    "network",
    [
        ho.Hamiltonian(np.zeros((0, 0))),
        ho.Hamiltonian(np.zeros((1, 1)), [-0.5]),
        ho.Hamiltonian(np.zeros((3, 3))),
        ho.Hamiltonian(np.zeros((3, 3)), groups=[OneHot([0, 1, 2])]),
        ho.Hamiltonian(np.zeros((3, 3)), [1e-12, -1e-12, 2e-12]),
        ho.Hamiltonian([[0, 1e12], [1e12, 0]], [1e12, -2e12]),
        ho.Hamiltonian(np.kron(np.eye(2), [[0, 1e-12], [1e-12, 0]])),
    ],
)
def test_degenerate_networks(network):
    """Empty, uncoupled and disconnected networks end in their ground states."""
    dynamics = MeanFieldAnnealing()
    state = dynamics.finish(dynamics.advance(begin(dynamics, network), 100, 100))
    assert state.states().shape == (4, network.num_spins)
    assert np.isfinite(state.outputs).all()
    if not network.groups:
        assert (network.flip_energy(state.states()) >= 0).all()


def test_wrong_input_is_named():
    """Temperatures must be positive and fall, and the network must have an energy."""
    with pytest.raises(InputError, match="hot must be positive"):
        MeanFieldAnnealing(hot=-1.0)
    with pytest.raises(InputError, match="cold must be at most hot"):
        MeanFieldAnnealing(hot=1.0, cold=2.0)
    with pytest.raises(InputError, match="must be a Hamiltonian for mean-field-annealing"):
        MeanFieldAnnealing().init(
            ho.Network([[0, 1], [-1, 0]]), np.ones((1, 2), np.int8), np.random.SeedSequence(0)
        )
