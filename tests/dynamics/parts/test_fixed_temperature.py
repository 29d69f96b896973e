"""Glauber, Metropolis and heat bath sample Boltzmann's law."""

import numpy as np
import pytest
from scipy import stats

import hopfield_opt as ho
from hopfield_opt.dynamics import Glauber, HeatBath, Metropolis
from hopfield_opt.errors import InputError

DYNAMICS = {
    "glauber": Glauber,
    "metropolis": Metropolis,
    "heat-bath": HeatBath,
    "sequential": lambda temperature: HeatBath(temperature, order="sequential"),
    "sequential-metropolis": lambda temperature: Metropolis(temperature, order="sequential"),
}
KERNELS = {
    "neighbours": ("signs", "integers", "reals"),
    "rows": ("signs", "reals"),
    "lists": ("integers", "reals"),
    "terms": ("factored", "kronecker"),
}
PERMUTATIONS = ("product", "chain", "swap")
GROUPS = ("one-hot", "at-most-one", "cardinality", "linear", "mixed", *PERMUTATIONS)
TEMPERATURE = 1.25


@pytest.mark.parametrize("make", DYNAMICS.values(), ids=DYNAMICS)
@pytest.mark.parametrize(
    ("kernel", "values"), [(kernel, kind) for kernel, kinds in KERNELS.items() for kind in kinds]
)
def test_states_follow_the_boltzmann_law(boltzmann, monkeypatch, make, kernel, values):
    """Every kernel samples the enumerated law at its temperature, and at no other."""
    network = boltzmann.served_network(monkeypatch, values, kernel)
    few = kernel == "terms"
    states, _ = boltzmann.samples(
        make(TEMPERATURE), network, *((320, 16) if few else (2048, 6)), gap=12
    )
    assert boltzmann.p_value(network, 1 / TEMPERATURE, states) > 1e-3
    assert boltzmann.p_value(network, 1.2 / TEMPERATURE, states) < 1e-6


@pytest.mark.parametrize("make", [Metropolis, HeatBath])
@pytest.mark.parametrize("kind", GROUPS)
def test_groups_are_kept_and_sampled(boltzmann, make, kind):
    """Moves that keep groups sample the law over the states in which they hold."""
    network = boltzmann.grouped_network(kind)
    temperature = 2.5 if kind not in PERMUTATIONS else 0.5
    states, _ = boltzmann.samples(make(temperature), network, 200, 24, gap=12)
    assert boltzmann.p_value(network, 1 / temperature, states) > 1e-3
    assert boltzmann.p_value(network, 1.3 / temperature, states) < 1e-6


@pytest.mark.parametrize(
    ("make", "uphill", "downhill"),
    [
        (Metropolis, np.exp(-1.5), 1.0),
        (Glauber, 1 / (1 + np.exp(1.5)), 1 / (1 + np.exp(-1.5))),
        (HeatBath, 1 / (1 + np.exp(1.5)), 1 / (1 + np.exp(-1.5))),
    ],
)
def test_rates_of_a_single_spin(make, uphill, downhill):
    """A flip that costs 1.5 temperatures has the rate of its rule, and so has its way back."""
    dynamics, count = make(temperature=2.0), 64 * 500
    network = ho.Hamiltonian(np.zeros((1, 1)), [1.5])  # E = 1.5 s: a flip costs 3
    for spin, rate in ((-1, uphill), (1, downhill)):
        start = np.full((count, 1), spin, dtype=np.int8)
        state = dynamics.init(network, start, np.random.SeedSequence(0))
        flipped = int((dynamics.advance(state, 1, 1).states() != spin).sum())
        assert stats.binomtest(flipped, count, rate).pvalue > 1e-3
        # detailed balance: p(up) exp(-E_down / T) = p(down) exp(-E_up / T)
    assert uphill == pytest.approx(downhill * np.exp(-1.5))


@pytest.mark.parametrize("make", [Metropolis, HeatBath])
@pytest.mark.parametrize("kind", ["one-hot", "cardinality", "linear", "mixed", "product"])
def test_flows_between_states_balance(boltzmann, make, kind):
    """In equilibrium every pair of states is crossed as often in either direction."""
    network, dynamics = boltzmann.grouped_network(kind), make(2.5)
    state = dynamics.init(network, boltzmann.start(network, 500), np.random.SeedSequence(2))
    state = dynamics.advance(state, 64, 1)
    codes = 1 << np.arange(network.num_spins)
    flows = {}
    for _ in range(40):
        before = (state.states() > 0) @ codes
        state = dynamics.advance(state, 1, 1)
        for pair in zip(before.tolist(), ((state.states() > 0) @ codes).tolist(), strict=True):
            flows[pair] = flows.get(pair, 0) + 1
    there = np.array([flows[a, b] for a, b in flows if a < b])
    back = np.array([flows.get((b, a), 0) for a, b in flows if a < b])
    often = there + back >= 10
    deviation = ((there - back)[often] ** 2 / (there + back)[often]).sum()
    assert often.sum() > 10
    assert stats.chi2.sf(deviation, often.sum()) > 1e-3


def test_asymmetric_network_has_the_law_of_its_chain():
    """Where spin 0 drives spin 1 and feels nothing back both means are known; no energies."""
    network = ho.Network(np.array([[0.0, 0.0], [1.0, 0.0]]), [-0.6, 0.0])
    for make in (Glauber, HeatBath):
        dynamics = make(temperature=0.8)
        start = np.ones((6400, 2), dtype=np.int8)
        state = dynamics.init(network, start, np.random.SeedSequence(1))
        state = dynamics.advance(state, 50, 1)
        assert np.isnan(state.energies).all()
        first, second = state.states().mean(axis=0)
        expected = np.tanh(0.6 / 0.8)
        assert first == pytest.approx(expected, abs=4 / 80)
        assert second == pytest.approx(expected * np.tanh(1 / 0.8), abs=4 / 80)
        assert abs(first) > 0.5


@pytest.mark.parametrize("temperature", [0.0, -1.0, np.inf, np.nan, "warm"])
def test_temperature_must_be_a_positive_number(temperature):
    """Zero, negative, infinite or no number at all is refused by name."""
    with pytest.raises(InputError, match="temperature must be"):
        Metropolis(temperature=temperature)


def test_order_is_checked(boltzmann):
    """An unknown order is an error, and so is an order that groups cannot have."""
    with pytest.raises(InputError, match="Did you mean 'random'"):
        HeatBath(order="randm")
    network = boltzmann.grouped_network("one-hot")
    with pytest.raises(InputError, match="order must be random on a network with groups"):
        HeatBath(order="sequential").init(
            network, boltzmann.start(network, 2), np.random.SeedSequence(0)
        )
