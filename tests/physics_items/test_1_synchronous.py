"""Item 1.11: neurons that all decide at once do not sample Boltzmann's law, but Peretto's."""

import numpy as np
from scipy.stats import chisquare

import hopfield_opt as ho

TEMPERATURE = 2.0
THINNING = 50


def test_synchronous_neurons_follow_perettos_law():
    """Chi-square accepts the law of Peretto and rejects that of Boltzmann."""
    g = np.random.default_rng(2)
    weights = np.triu(g.normal(size=(4, 4)), 1)
    network = ho.Hamiltonian(weights + weights.T, 0.3 * g.normal(size=4))
    states = np.array([[1 - 2 * ((c >> k) & 1) for k in range(4)] for c in range(16)])
    start = g.choice(np.array([-1, 1], np.int8), (2000, 4))
    dynamics = ho.dynamics.Synchronous(temperature=TEMPERATURE)
    chain = ho.run(network, dynamics, start, 300, record="states", every=THINNING, seed=1)
    samples = chain.trace.states[2:].reshape(-1, 4)
    seen = np.bincount((samples < 0) @ (1 << np.arange(4)), minlength=16)
    field = network.local_field(states)
    pull = -states @ network.thresholds
    peretto = np.exp(pull / TEMPERATURE) * np.cosh(field / TEMPERATURE).prod(axis=1)
    boltzmann = np.exp(-network.energy(states) / TEMPERATURE)
    laws = {name: law / law.sum() for name, law in (("p", peretto), ("b", boltzmann))}
    assert chisquare(seen, laws["p"] * seen.sum()).pvalue > 1e-3
    assert chisquare(seen, laws["b"] * seen.sum()).pvalue < 1e-9


def test_no_temperature_is_the_deterministic_rule():
    """At a temperature near 0 the neurons do what they do without."""
    g = np.random.default_rng(3)
    weights = np.triu(g.normal(size=(20, 20)), 1)
    network = ho.Hamiltonian(weights + weights.T)
    start = g.choice(np.array([-1, 1], np.int8), (5, 20))
    ends = [
        ho.run(network, ho.dynamics.Synchronous(temperature=t), start, 3, seed=0).states
        for t in (0.0, 1e-9)
    ]
    np.testing.assert_array_equal(*ends)
