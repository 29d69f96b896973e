"""Networks without an energy."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import EnergyFunction, Hamiltonian, Network

small = st.integers(-9, 9)


@given(st.data(), st.integers(0, 4), st.booleans())
def test_local_field_is_the_formula(data, n, sparse):
    """Unit i feels sum_j W_ij s_j - thresholds_i, self-couplings included."""
    draw = lambda size: data.draw(st.lists(small, min_size=size, max_size=size))  # noqa: E731
    weights, thresholds = np.array(draw(n * n), dtype=int).reshape(n, n), draw(n)
    states = np.array(data.draw(st.lists(st.sampled_from([-1, 1]), min_size=2 * n, max_size=2 * n)))
    states = states.astype(np.int8).reshape(2, n)
    network = Network(csr_array(weights) if sparse else weights, thresholds)
    expected = [
        [sum(weights[i, j] * s[j] for j in range(n)) - thresholds[i] for i in range(n)]
        for s in states.tolist()
    ]
    assert network.local_field(states).tolist() == expected
    assert network.local_field(states[0]).tolist() == expected[0]
    assert network.num_spins == n


def test_network_keeps_what_it_is_given():
    """Weights are copied, dense or CSR, read-only; thresholds default to 0."""
    weights = np.array([[1.0, -1.0], [1.0, 0.0]])
    network = Network(weights)
    weights[:] = 0
    for own in (network, pickle.loads(pickle.dumps(network))):
        assert own.weights.tolist() == [[1, -1], [1, 0]]
        with pytest.raises(ValueError, match="read-only"):
            own.weights[0, 0] = 2
    assert network.thresholds.tolist() == [0, 0]
    assert repr(network) == "Network(2 spins, dense weights)"
    assert repr(Network(csr_array(weights))) == "Network(2 spins, sparse weights)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 2]],), r"weights must be square, got shape \(1, 2\)"),
        (([[np.nan]],), r"weights must be finite, got nan at \[0, 0\]"),
        (([[1]], [1, 2]), r"thresholds must have shape \(1,\), got \(2,\)"),
        (([[1]], np.inf), "thresholds must be finite, got inf"),
    ],
)
def test_network_refuses_by_name(arguments, message):
    """What is no network is refused with the name of the argument and its value."""
    with pytest.raises(InputError, match=message):
        Network(*arguments)


def test_energy_function_is_a_protocol():
    """A Hamiltonian is an energy function, a network is none."""
    assert isinstance(Hamiltonian([[0]]), EnergyFunction)
    assert not isinstance(Network([[0]]), EnergyFunction)
