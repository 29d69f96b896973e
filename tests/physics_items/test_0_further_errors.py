"""Where the sources are wrong, second part: their statements, each with a counterexample."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.learning import hebb
from hopfield_opt.memory import ContinuousMemory
from hopfield_opt.physics.curie_weiss import magnetisations
from hopfield_opt.physics.enumeration import all_energies
from hopfield_opt.physics.spin_glass import sherrington_kirkpatrick


def spins(seed, *shape):
    """Return random spins."""
    return np.random.default_rng(seed).choice(np.array([-1, 1]), shape)


def test_e9_period_four_needs_fields_that_are_not_zero():
    """Three neurons with antisymmetric weights: where a field of 0 keeps one, the period is 6."""
    network = ho.Network([[0, -1, -1], [1, 0, -1], [1, 1, 0]])
    end = ho.run(network, "synchronous", [-1, -1, -1], 100, record="states", seed=0)
    assert end.details["periods"].tolist() == [6]
    path = end.trace.states[:7, 0]
    assert len(np.unique(path[:6], axis=0)) == 6
    assert (path[6] == path[0]).all()
    assert (network.local_field(path[:6]) == 0).any()


def test_e14_crosstalk_inside_the_sign():
    """F(xi (1 - C)) is the update; the printed F((1 - xi C) / xi) differs at 16 % of the sites."""
    count = size = 2000
    stored = spins(0, count, size)
    own = stored[0]
    # off the diagonal, as in Eq. 23
    crosstalk = (own @ stored[1:].T) @ stored[1:] / size - own * (count - 1) / size
    c = -own * crosstalk
    update = np.sign(own + crosstalk)
    assert (np.sign(own * (1 - c)) == update).all()
    printed = np.sign((1 - own * c) / own)
    # for a standard normal C they differ where xi = -1 and |C| > 1
    assert (printed != update).mean() == pytest.approx(0.1587, abs=0.03)
    assert (printed == update)[own > 0].all()


def test_e15_replicas_share_their_couplings():
    """Ends of one glass overlap; those of two realisations of J know nothing of each other."""
    size, same, other = 200, [], []
    for seed in range(8):
        glasses = [ho.Hamiltonian(sherrington_kirkpatrick(size, 2 * seed + k)) for k in range(2)]
        one, two = (
            ho.run(glass, "simulated-annealing", spins(seed, 8, size), 300, seed=seed).states
            for glass in glasses
        )
        within = one.astype(float) @ one.T / size
        same.append((within[np.triu_indices(len(one), 1)] ** 2).mean())
        other.append(((one.astype(float) @ two.T / size) ** 2).mean())
    assert np.mean(other) < 3 / size
    assert np.mean(same) > 0.2


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_e16_coupling_at_which_a_magnet_orders(temperature):
    """At a temperature T the magnet orders at J = T; the printed 1 / T is on the wrong side."""
    counts = [len(magnetisations(temperature, share * temperature)) for share in (0.98, 1.02)]
    assert counts == [1, 3]
    ordered = len(magnetisations(temperature, 1.0)) == 3
    # T = 0.5 and 2: the printed rule says the opposite both times
    assert ordered != (1 / temperature < 1.0)


def test_e17_the_field_that_a_memory_bears():
    """A neuron that is on stays on while xi >= -H; the printed xi >= H is true where it does not.

    One memory with its self-coupling, as in Eq. 20.
    """
    memory = ho.Network(hebb([[1, 1, 1, -1, -1]], diagonal=True))
    field = np.full(5, -1.5)
    on = memory.local_field([1, 1, 1, -1, -1])[0] + field[0]
    assert on == pytest.approx(-0.5)
    assert field[0] <= 1  # what is printed
    assert -field[0] > 1  # so that the sign turns


def test_e18_a_field_of_zero_does_not_lower_the_energy():
    """With F(0) = +1 a neuron without a field turns on and the energy stays; ours keeps it."""
    network = ho.Hamiltonian(hebb([[1, 1, 1, 1, 1]]))
    state = np.array([-1, 1, 1, -1, -1])
    # its four neighbours pull both ways
    free = 0
    assert network.local_field(state)[free] == 0
    after = state.copy()
    after[free] = 1
    assert network.energy(after) == pytest.approx(network.energy(state))
    end = ho.run(network, "asynchronous", state, seed=0, record="energy", every="flip")
    assert (np.diff(end.trace.energy[:, 0]) < 0).all()


def test_e19_more_levels_say_nothing_of_capacity():
    """Two orthogonal memories of 12 neurons: 10 energy levels against 7, and both are stable."""
    both = np.array([np.ones(12), np.repeat([1, -1], 6)], dtype=int)
    levels = []
    for count in (1, 2):
        network = ho.Hamiltonian(hebb(both[:count]))
        assert (network.flip_energy(both[:count]) > 0).all()
        levels.append(len(np.unique(all_energies(network.to_dense()).round(9))))
    assert levels == [7, 10]


def test_e20_hebb_does_not_make_every_memory_a_minimum():
    """Of seven letters that are alike only A is a minimum under Hebb's rule."""
    letters = ho.data.letters("ABCDEFG").reshape(7, -1)
    costs = ho.AssociativeMemory(letters).hamiltonian.flip_energy(letters)
    assert (costs >= 0).all(axis=1).tolist() == [True] + [False] * 6


@pytest.mark.parametrize("beta", [0.01, 0.3, 10.0])
def test_e22_the_update_is_deterministic_at_any_beta(beta):
    """Softmax recall leads from a cue to one state whatever beta; only sampling would not."""
    patterns, cues = spins(3, 5, 40), spins(4, 6, 40).astype(float)
    memory = ContinuousMemory(patterns, beta)
    assert (memory.update(cues) == memory.update(cues)).all()
    dense = ho.DenseAssociativeMemory(patterns, "exponential", beta=beta)
    ends = [
        dense.recall(cues.astype(int), ho.dynamics.Asynchronous("sequential"), seed=seed).state
        for seed in range(3)
    ]
    assert (ends[0] == ends[1]).all()
    assert (ends[0] == ends[2]).all()


def test_e23_self_couplings_stop_above_minima():
    """With w_ii = p / N, N = 100, p = 15, nine of ten ends lie above a neighbour."""
    above = []
    for seed in range(10):
        memory = ho.AssociativeMemory(spins([seed, 0], 15, 100), diagonal=True)
        ends = memory.recall(spins([seed, 1], 30, 100), seed=seed).state
        above.append((memory.hamiltonian.flip_energy(ends) < -1e-9).any(axis=1).mean())
    assert np.mean(above) == pytest.approx(0.93, abs=0.06)


def test_e24_a_minimum_need_not_be_a_stored_pattern():
    """Three memories of 100 neurons, random starts: a part of the ends is none of them."""
    others = []
    for seed in range(20):
        memory = ho.AssociativeMemory(spins([seed, 2], 3, 100))
        labels = memory.recall(spins([seed, 3], 50, 100), seed=seed).label
        others.append(np.mean(["memory" not in label for label in labels]))
    assert 0.05 < np.mean(others) < 0.5
