"""Temperature and memory: item 3.8, and 4.7, the map m(T, alpha) with its lines."""

import numpy as np
import pytest

from hopfield_opt.memory.experiments import phase_map
from hopfield_opt.physics import retrieval


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
    ("load", "transition"), [(0.02, 0.592), (0.03, 0.479), (0.04, 0.365), (0.05, 0.216), (0.06, 0)]
)
def test_4_7_transition_line(load, transition):
    """T_c(alpha), below which memories are the lowest states; none above alpha = 0.053."""
    assert retrieval.transition_temperature(load) == pytest.approx(transition, abs=2e-3)


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
