"""Temperature and memory: item 3.8, and 4.7, the map m(T, alpha) with its lines."""

import numpy as np
import pytest
from scipy.integrate import quad

from hopfield_opt.memory.experiments import phase_map
from hopfield_opt.physics import retrieval

GLASS = retrieval.glass_state


def test_3_8_retrieval_at_a_temperature():
    """The table of m(T, alpha) of the mean-field theory."""
    for load, overlaps in (
        (0.05, {0.1: 1.0, 0.2: 0.9989, 0.3: 0.9912, 0.4: 0.9662, 0.5: 0.9041}),
        (0.10, {0.1: 0.9968, 0.2: 0.9891, 0.3: 0.953}),
    ):
        for temperature, m in overlaps.items():
            state = retrieval.retrieval_state(load, temperature)
            assert state.overlap == pytest.approx(m, abs=6e-5)
    assert retrieval.retrieval_state(0.05, 0.02).overlap == pytest.approx(
        retrieval.retrieval_overlap(0.05), abs=1e-4
    )


@pytest.mark.parametrize(
    ("load", "melting"),
    [(0.005, 0.860), (0.02, 0.716), (0.05, 0.542), (0.10, 0.315), (0.13, 0.149)],
)
def test_4_7_melting_line(load, melting):
    """T_M(alpha), and the glass line T_g = 1 + sqrt(alpha)."""
    assert retrieval.melting_temperature(load) == pytest.approx(melting, abs=1e-3)
    assert retrieval.glass_temperature(load) == pytest.approx(1 + np.sqrt(load))
    assert retrieval.melting_temperature(0.14) == 0


@pytest.mark.parametrize(
    ("load", "transition"),
    [(0.02, 0.592), (0.03, 0.479), (0.04, 0.365), (0.05, 0.216), (0.053, 0.112), (0.054, 0)],
)
def test_4_7_transition_line(load, transition):
    """T_c(alpha), up to which memories are the lowest states; none above alpha = 0.0532."""
    assert retrieval.transition_temperature(load) == pytest.approx(transition, abs=2e-3)


def by_quadrature(load, temperature, state):
    """Return (q, r, f) of a solution, its averages done by adaptive quadrature."""
    width = np.sqrt(load * state.noise)

    def mean(function):
        def part(z):
            x = (state.overlap + width * z) / temperature
            return function(x) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

        # around the place where the argument changes its sign the integrand turns quickly
        places = (10 * np.array([-1, 0, 1]) * temperature - state.overlap) / width
        inside = places[np.abs(places) < 12]
        return quad(part, -12, 12, points=inside, limit=400, epsabs=1e-13)[0]

    q = mean(lambda x: np.tanh(x) ** 2)
    c = (1 - q) / temperature
    r = q / (1 - c) ** 2
    glassy = 0.5 * load * (1 + temperature * np.log(1 - c) - q / (1 - c) + r * c)
    entropic = -temperature * mean(lambda x: np.logaddexp(x, -x))
    return q, r, 0.5 * state.overlap**2 + glassy + entropic


def test_4_7_retrieval_is_reentrant():
    """At load .053 memories have the lowest free energy at T = .1, by 1.5e-4, but not at .03."""
    leads = []
    for t in (0.03, 0.1, 0.15):
        states = [solution(0.053, t) for solution in (retrieval.retrieval_state, GLASS)]
        for state in states:
            own = (state.order, state.noise, state.free_energy)
            assert own == pytest.approx(by_quadrature(0.053, t, state), rel=1e-3, abs=2e-6)
        leads.append(states[0].free_energy - states[1].free_energy)
    assert leads[0] > 5e-4
    assert leads[1] == pytest.approx(-1.55e-4, abs=1e-5)
    assert leads[2] > 5e-4


@pytest.mark.parametrize("solution", [retrieval.retrieval_state, retrieval.glass_state])
def test_4_7_free_energy_is_stationary(solution):
    """df/dalpha is the explicit derivative: m, q and r are where the free energy is stationary."""
    load, temperature, step = 0.04, 0.4, 1e-5
    up, down = (solution(load + d, temperature).free_energy for d in (step, -step))
    state = solution(load, temperature)
    c = (1 - state.order) / temperature
    explicit = 0.5 * (1 + temperature * np.log(1 - c) - state.order / (1 - c))
    assert (up - down) / (2 * step) == pytest.approx(explicit, abs=1e-6)


def test_4_7_map_of_retrieval():
    """m(T, alpha) of 500 spins: near the theory well inside the lines, small outside."""
    temperatures = [0.0, 0.3, 0.9]
    found = phase_map(500, [0.02, 0.06, 0.25], temperatures, replicas=8, sweeps=150, seed=1)
    for a, load in enumerate([0.02, 0.06]):
        for t, temperature in enumerate([0.0, 0.3]):
            theory = retrieval.retrieval_state(load, max(temperature, 0.02)).overlap
            assert found[a, t] == pytest.approx(theory, abs=0.02)
    assert (found[1:, 2] < 0.3).all()
    assert found[2, 0] < 0.6
