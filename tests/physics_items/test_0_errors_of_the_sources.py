"""Where the sources are wrong: the right value holds here, the printed one does not.

docs/errors_in_the_sources.md lists all of them, and the tests of those that are not here.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.asynchronous import Asynchronous
from hopfield_opt.errors import InputError
from hopfield_opt.learning import hebb
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_e1_energy_of_one_flip(seed, size):
    """A flip changes E by -h_k ds_k, and not half of it; of all fields only h_k stays the same."""
    random = np.random.default_rng(seed)
    upper = np.triu(random.standard_normal((size, size)), 1)
    network = ho.Hamiltonian(upper + upper.T, random.standard_normal(size))
    state = spins(seed, size)
    k = int(random.integers(size))
    after = state.copy()
    after[k] *= -1
    change = network.energy(after) - network.energy(state)
    exact = -network.local_field(state)[k] * (after[k] - state[k])
    assert change == pytest.approx(exact, abs=1e-12)
    assert change == pytest.approx(network.flip_energy(state)[k], abs=1e-12)
    assert change != pytest.approx(exact / 2, abs=1e-9)
    moved = np.abs(network.local_field(after) - network.local_field(state)) > 1e-12
    assert moved.sum() == size - 1
    assert not moved[k]


def test_e4_scale_of_glass_couplings():
    """With variance 1 / N energies of glasses of all sizes are alike; with J / N they vanish."""
    low = []
    for size in (100, 400):
        glasses = [ho.Hamiltonian(sherrington_kirkpatrick(size, seed)) for seed in range(6)]
        ends = [ho.run(glass, "asynchronous", spins(0, 32, size), seed=0) for glass in glasses]
        low.append(np.mean([end.energies.mean() / size for end in ends]))
    assert low[0] == pytest.approx(low[1], abs=0.05)
    # unit J over N is smaller by sqrt(N): the energy per spin would halve from 100 to 400
    assert low[1] / np.sqrt(400) == pytest.approx(low[0] / np.sqrt(100) / 2, rel=0.1)


def test_e6_the_start_is_recorded():
    """The first entry of a trace is the start, and not what was in memory."""
    patterns = spins(0, 2, 50)
    cue = patterns[0].copy()
    cue[:5] *= -1
    trace = ho.run(
        ho.Hamiltonian(hebb(patterns)), "asynchronous", cue, record="overlap", patterns=patterns
    ).trace
    assert trace.sweeps[0] == 0
    assert trace.overlap[0, 0, 0] == 0.8


def as_typeset(weights, start, random):
    """Return the end of the listing of Appendix A as printed: `break` inside the inner loop."""
    state = start.astype(float)
    for _ in range(20):
        changed = False
        for i in random.permutation(len(state)):
            new = 1.0 if weights[i] @ state >= 0 else -1.0
            if new != state[i]:
                state[i], changed = new, True
            if not changed:
                break
    return state


def test_e7_the_printed_listing_stops_too_early():
    """As printed, recall gets better with more noise; looked at after a whole sweep it is right."""
    patterns = spins(1, 3, 100)
    weights, random = hebb(patterns), np.random.default_rng(0)
    network = ho.Hamiltonian(weights)
    printed, right = [], []
    for flipped in (5, 20):
        cues = np.repeat(patterns[:1], 100, axis=0)
        for cue in cues:
            cue[random.permutation(100)[:flipped]] *= -1
        ends = np.array([as_typeset(weights, cue, random) for cue in cues])
        printed.append((ends == patterns[0]).all(axis=1).mean())
        ends = ho.run(network, Asynchronous(), cues, seed=0, progress=False).states
        right.append((ends == patterns[0]).all(axis=1).mean())
    assert printed[0] + 0.1 < printed[1] < 1
    assert right == [1.0, 1.0]


@pytest.mark.parametrize("size", [20, 51])
def test_e9_cycles_of_symmetric_and_antisymmetric_weights(size):
    """Symmetric weights: period 1 or 2 with any field; antisymmetric, no field: period 4."""
    random = np.random.default_rng(size)
    upper = np.triu(random.standard_normal((size, size)), 1)
    starts = spins(0, 100, size)
    field = random.standard_normal(size)
    symmetric = ho.run(
        ho.Hamiltonian(upper + upper.T, field), "synchronous", starts, 5000, seed=0, progress=False
    )
    assert set(symmetric.details["periods"].tolist()) <= {1, 2}
    antisymmetric = ho.run(
        ho.Network(upper - upper.T), "synchronous", starts, 5000, seed=0, progress=False
    )
    assert set(antisymmetric.details["periods"].tolist()) == {4}
    # what the paper prints, J_ij = -J_ij, is only J = 0
    assert not ho.Network(np.zeros((size, size))).local_field(starts).any()


def letters():
    """Return patterns A, B, C of 64 spins with A.B = 4 and A.C = -4."""
    a = np.ones(64)
    b, c = a.copy(), a.copy()
    b[:30] = -1
    c[20:54] = -1
    return a, b, c


def test_e11_energies_of_the_letters_demo():
    """-64.0625 and -524288 on the screen count letters twice; the clean energies are others."""
    a, b, c = letters()
    clean = ho.Hamiltonian(hebb([a, b, c]))
    assert clean.energy(a) == pytest.approx(-(64**2 + 4**2 + 4**2) / 128 + 3 / 2)
    assert clean.energy(a) == -30.75
    # both grids push their letters into one array, and 8 of 64 diagonal entries become zero
    twice = np.array([a, a, b, b, c])
    weights = twice.T @ twice / 64
    weights[range(8), range(8)] = 0.0
    assert -0.5 * a @ weights @ a == -64.0625
    # the rectified cubic energy counts positive overlaps only
    assert -sum(max(0.0, row @ a) ** 3 for row in (a, b, c)) == -262208
    assert -sum(max(0.0, row @ a) ** 3 for row in (a, a)) == -524288


def test_e13_thresholds_belong_to_the_update():
    """A neuron follows W s - thresholds: with the field left out it would rise in energy."""
    network = ho.Hamiltonian([[0, 1], [1, 0]], thresholds=[3.0, 0.0])
    end = ho.run(network, "asynchronous", [1, 1], seed=0, progress=False)
    assert end.states[0].tolist() == [-1, -1]
    assert end.energies[0] < network.energy([1, 1])
    with pytest.raises(InputError, match="thresholds"):
        ho.Hamiltonian([[0, 1], [1, 0]], thresholds=[1.0])
