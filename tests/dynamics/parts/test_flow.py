"""The flow of graded neurons: adaptive solutions, transfer functions, the Lyapunov energy."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.dynamics.hopfield_tank import HopfieldTank
from hopfield_opt.dynamics.parts.transfer import TRANSFERS
from hopfield_opt.errors import InputError


def glass(size, seed, *, biased=True):
    """Return a fully coupled network with normal weights, fields of about 1."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.standard_normal((size, size)), 1) / np.sqrt(size)
    return ho.Hamiltonian(upper + upper.T, 0.3 * biased * generator.standard_normal(size), 2.5)


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_lyapunov_energy_needs_the_term_of_the_inverse(transfer):
    """At low gain outputs fade from a ground state: the quadratic part alone rises all the time."""
    network = glass(14, 1, biased=False)
    ground = ho.solve(network, seed=0).state
    dynamics = HopfieldTank(transfer, u0=5.0)
    path = dynamics.trajectory(network, 0.9 * ground, duration=3.0)
    quadratic = dynamics.flow(network, 5.0)._replace(decay=False).lyapunov(path.outputs)
    assert np.diff(quadratic).min() > 0
    assert np.diff(path.lyapunov).max() < 0


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_both_equations_have_the_same_fixed_points(transfer):
    """Where the outputs stand still, so do the inputs ``u = W v - thresholds``, to 1e-6."""
    network, u0 = glass(15, 4), 0.6
    function = TRANSFERS[transfer].function
    for variable in ("field", "output"):
        dynamics = HopfieldTank(transfer, u0=u0, variable=variable)
        v = dynamics.trajectory(network, np.full(15, 0.1), duration=2000).outputs[-1]
        field = network.to_dense() @ v - network.thresholds
        assert np.abs(v - function(field / u0)).max() < 1e-6


def test_small_perturbations_grow_as_the_linearised_equation_says():
    """Near the neutral point two neurons follow ``exp((1/u0 - 1) t)``."""
    path = HopfieldTank(u0=0.5).trajectory(
        ho.Hamiltonian([[0, 1], [1, 0]]), [1e-4, 1e-4], duration=2.0
    )
    assert path.outputs[-1] == pytest.approx(1e-4 * np.exp(2.0), rel=1e-5)


def test_logistic_is_tanh_of_half_the_argument():
    """``2 x - 1 = tanh(u / 2)``: the logistic network at u0 is the tanh network at 2 u0."""
    network, outputs = glass(10, 6), np.linspace(-0.9, 0.9, 10)
    one = HopfieldTank("logistic", u0=0.2).trajectory(network, outputs, 5.0)
    other = HopfieldTank("tanh", u0=0.4).trajectory(network, outputs, 5.0)
    assert np.abs(one.outputs - other.outputs).max() < 1e-6
    assert one.lyapunov == pytest.approx(other.lyapunov, abs=1e-6)
    u = np.linspace(-20, 20, 101)
    binary = 1 / (1 + np.exp(-u))
    assert np.abs(TRANSFERS["logistic"].function(u) - (2 * binary - 1)).max() < 1e-12


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_integral_of_the_inverse(transfer):
    """The derivative of the integral is the inverse, and the inverse undoes the function."""
    own = TRANSFERS[transfer]
    v = np.linspace(-0.95, 0.95, 39)
    slope = (own.integral(v + 1e-6) - own.integral(v - 1e-6)) / 2e-6
    assert slope == pytest.approx(own.inverse(v), abs=1e-6)
    assert own.function(own.inverse(v)) == pytest.approx(v, abs=1e-12)
    assert own.integral(np.zeros(1))[0] == 0


def test_trajectory_refuses_spins():
    """Saturated outputs have no finite input: the message says what to do."""
    with pytest.raises(InputError, match=r"take 0.9 \* s"):
        HopfieldTank(u0=1.0).trajectory(glass(3, 0), [1, 1, -1], 1.0)
    with pytest.raises(InputError, match="duration must be positive"):
        HopfieldTank(u0=1.0).trajectory(glass(3, 0), [0, 0, 0], 0.0)
