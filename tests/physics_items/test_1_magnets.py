"""Magnets and glasses: items 1.1 to 1.10 of the physics that the sources describe."""

import numpy as np
import pytest
from scipy import integrate, stats

import hopfield_opt as ho
from hopfield_opt.dynamics.heat_bath import HeatBath
from hopfield_opt.dynamics.simulated_annealing import SimulatedAnnealing
from hopfield_opt.errors import InputError
from hopfield_opt.physics import curie_weiss, ising_2d, spin_glass
from hopfield_opt.physics.enumeration import all_energies, states_of


def magnet(size, coupling=1.0, field=0.0):
    """Return the Curie-Weiss magnet, its diagonal in the offset."""
    weights = np.full((size, size), coupling / size)
    np.fill_diagonal(weights, 0.0)
    return ho.Hamiltonian(weights, np.full(size, -field), -coupling / 2)


def samples(network, temperature, start, sweeps=200, seed=1, every=1):
    """Return magnetisations and energies (T, R) of the second half of a run."""
    size = network.num_spins
    trace = ho.run(
        network,
        HeatBath(temperature),
        start,
        sweeps,
        record=("overlap", "energy"),
        every=every,
        patterns=np.ones(size),
        seed=seed,
        progress=False,
    ).trace
    half = len(trace.energy) // 2
    return trace.overlap[half:, :, 0], trace.energy[half:]


def agrees(values, expected, slack=0.0):
    """Whether means over replicas agree with a number within three standard errors."""
    means = values.mean(axis=0)
    return abs(means.mean() - expected) < 3 * means.std() / np.sqrt(len(means)) + slack


def test_1_1_paramagnet():
    """The magnetisation is tanh(H / T): exactly by enumeration, and within 3 sigma from samples."""
    field, temperature, size = 0.7, 1.3, 10
    energies = all_energies(np.zeros((size, size)), np.full(size, -field))
    weights = np.exp(-energies / temperature)
    assert weights.sum() == pytest.approx((2 * np.cosh(field / temperature)) ** size, rel=1e-12)
    m = weights @ states_of(np.arange(2**size), size).mean(axis=1) / weights.sum()
    assert m == pytest.approx(np.tanh(field / temperature), abs=1e-12)
    paramagnet = ho.Hamiltonian(thresholds=np.full(200, -field))
    found, _ = samples(paramagnet, temperature, -np.ones((64, 200)))
    assert agrees(found, np.tanh(field / temperature))
    assert not agrees(found, np.tanh(field / (temperature + 0.1)))


@pytest.mark.parametrize(
    ("temperature", "expected"),
    [
        (0.2, 0.9999),
        (0.4, 0.98562),
        (0.5, 0.95750),
        (0.6, 0.90733),
        (0.8, 0.71041),
        (0.9, 0.52543),
        (0.95, 0.37949),
        (0.99, 0.17251),
    ],
)
def test_1_2_table_of_spontaneous_magnetisation(temperature, expected):
    """The table of m0(T), and three solutions below T = J."""
    assert curie_weiss.magnetisation(temperature) == pytest.approx(expected, abs=1.1e-5)
    roots = curie_weiss.magnetisations(temperature)
    assert len(roots) == 3
    np.testing.assert_allclose(roots, np.tanh(roots / temperature), atol=1e-12)
    assert curie_weiss.magnetisation(3 * temperature, coupling=3) == pytest.approx(roots[2])


@pytest.mark.parametrize(
    ("temperature", "field", "count"), [(1.0, 0, 1), (1.5, 0, 1), (0.5, 0.1, 3), (0.5, 0.9, 1)]
)
def test_1_2_number_of_solutions(temperature, field, count):
    """One solution above T_c or in a strong field, three below in a weak one."""
    roots = curie_weiss.magnetisations(temperature, 1.0, field)
    assert len(roots) == count
    np.testing.assert_allclose(roots, np.tanh((roots + field) / temperature), atol=1e-12)
    assert curie_weiss.magnetisation(temperature, 1.0, -field) == pytest.approx(-roots[-1])


@pytest.mark.parametrize("temperature", [0.5, 0.8])
def test_1_2_and_1_5_samples_of_the_magnet(temperature):
    """Samples of 1000 spins have the magnetisation and the energy of the mean field."""
    m0 = curie_weiss.magnetisation(temperature)
    found, energies = samples(magnet(1000), temperature, np.ones((64, 1000)))
    assert agrees(found, m0, slack=2 / 1000)
    assert agrees(energies / 1000, curie_weiss.internal_energy(m0), slack=2 / 1000)
    assert not agrees(found, curie_weiss.magnetisation(temperature + 0.05), slack=2 / 1000)


@pytest.mark.parametrize(("temperature", "field"), [(0.7, 0.0), (1.5, 0.2)])
def test_1_3_partition_function_as_an_integral(temperature, field):
    """The logarithm of Z by enumeration, diagonal included, is that of the integral over m."""
    size, beta = 12, 1 / temperature
    energies = all_energies(np.full((size, size), 1 / size), np.full(size, -field))
    exact = -temperature / size * np.log(np.exp(-beta * energies).sum())
    value, _ = integrate.quad(
        lambda m: np.exp(-beta * size * float(curie_weiss.free_energy(m, temperature, 1, field))),
        -8,
        8,
        epsabs=0,
        epsrel=1e-13,
        limit=500,
    )
    prefactor = np.sqrt(size * beta / (2 * np.pi))
    assert -temperature / size * np.log(prefactor * value) == pytest.approx(exact, abs=1e-10)


def test_1_4_free_energy_curves():
    """The minima of g are the magnetisations; they split at T = 1 (Fig. 1A) and J = 1 (Fig. 1B)."""
    grid = np.linspace(-1.2, 1.2, 24001)
    for temperature, coupling in [(0.5, 1), (0.9, 1), (1.2, 1), (1, 0.8), (1, 1.5)]:
        g = curie_weiss.free_energy(grid, temperature, coupling)
        inner = (g[1:-1] < g[:-2]) & (g[1:-1] < g[2:])
        minima = grid[1:-1][inner]
        m0 = curie_weiss.magnetisation(temperature, coupling)
        expected = [0.0] if coupling <= temperature else [-m0, m0]
        np.testing.assert_allclose(minima, expected, atol=1e-4)
        # the derivative of g is J (m - tanh((J m) / T))
        step = 1e-5
        ends = curie_weiss.free_energy([m0 - step, m0 + step], temperature, coupling)
        assert abs(ends[1] - ends[0]) < 1e-13


def test_1_6_glass_energies():
    """Descent of a glass stops near -0.67, annealing comes near Parisi's -0.763."""
    rng = np.random.default_rng(0)
    ends = [
        ho.run(
            ho.Hamiltonian(spin_glass.sherrington_kirkpatrick(250, seed)),
            "asynchronous",
            rng.choice([-1, 1], (32, 250)),
            seed=seed,
            progress=False,
        ).energies.mean()
        / 250
        for seed in range(6)
    ]
    assert np.mean(ends) == pytest.approx(-0.67, abs=0.015)
    found = []
    for seed in range(4):
        glass = ho.Hamiltonian(spin_glass.sherrington_kirkpatrick(500, seed))
        found.append(ho.solve(glass, method=SimulatedAnnealing(), sweeps=300, seed=0).energy / 500)
    assert np.mean(found) <= -0.74
    assert min(found) > spin_glass.GROUND_STATE_ENERGY - 0.02


@pytest.mark.slow
def test_1_6_descent_of_a_large_glass_and_the_best_of_annealing():
    """Descent of 1000 spins ends at -0.69; longer annealing of 500 spins goes below -0.750."""
    rng = np.random.default_rng(0)
    ends = [
        ho.run(
            ho.Hamiltonian(spin_glass.sherrington_kirkpatrick(1000, seed)),
            "asynchronous",
            rng.choice([-1, 1], (16, 1000)),
            seed=seed,
            progress=False,
        ).energies.mean()
        / 1000
        for seed in range(8)
    ]
    assert np.mean(ends) == pytest.approx(-0.69, abs=0.01)
    found = [
        ho.solve(
            ho.Hamiltonian(spin_glass.sherrington_kirkpatrick(500, seed)),
            method="simulated-annealing",
            sweeps=2000,
            seed=0,
        ).energy
        / 500
        for seed in range(6)
    ]
    # e0(N) = -0.7632 + 0.70 N^(-2/3) is -0.752 on average; single glasses scatter by 0.006
    assert np.mean(found) <= -0.745


def test_1_7_average_landscape():
    """The mean of 100 glass landscapes is mirrored, Gaussian, and sqrt(45 / 100) wide."""
    rng = np.random.default_rng(5)
    upper = np.triu(rng.standard_normal((100, 10, 10)), 1)
    weights = upper + upper.transpose(0, 2, 1)
    average = np.mean([all_energies(w) for w in weights], axis=0)
    np.testing.assert_allclose(average, all_energies(weights.mean(axis=0)), atol=1e-12)
    np.testing.assert_allclose(average, average[::-1], atol=1e-12)
    assert abs(average.mean()) < 1e-12
    # one mean landscape has 45 independent coefficients: its width scatters by 1/sqrt(90)
    assert average.std() == pytest.approx(np.sqrt(45 / 100), rel=3 / np.sqrt(90))
    assert stats.kstest(average[:512] / average.std(), "norm").pvalue > 0.01
    # the scale of Eq. 6, J / N with unit J, is 10 times smaller, and no energy per spin is left
    assert all_energies(weights.mean(axis=0) / 10).std() == pytest.approx(average.std() / 10)


def glass_states(temperature, seed=3, size=400):
    """Return the states (S, R, N) of four replicas of one glass, started in one low state."""
    glass = ho.Hamiltonian(spin_glass.sherrington_kirkpatrick(size, seed))
    low = ho.solve(glass, method="simulated-annealing", sweeps=500, seed=0).state
    return ho.run(
        glass,
        HeatBath(temperature),
        np.tile(low, (4, 1)),
        800,
        record="states",
        every=2,
        seed=1,
        progress=False,
    ).trace.states[100:]


def test_1_8_edwards_anderson_order():
    """q_EA is 0 above T = 1 and near 1 in the cold, where the magnetisation is 0 all the same."""
    hot, cold = glass_states(1.8), glass_states(0.2)
    assert spin_glass.edwards_anderson(hot[:, 0]) < 0.05
    frozen = spin_glass.edwards_anderson(cold[:, 0])
    assert frozen > 0.75
    assert abs(cold.mean()) < 4 / np.sqrt(400)
    # two replicas of one valley overlap by q_EA: q^{mu mu} = q_EA
    values, p = spin_glass.overlap_distribution(cold[::20, 0], cold[::20, 1])
    assert values @ p == pytest.approx(frozen, abs=0.06)


def test_1_8_overlap_distribution_is_symmetric():
    """With mirror images, which are as likely, P(q) is symmetric; a state with itself has q = 1."""
    rng = np.random.default_rng(0)
    half = rng.choice([-1, 1], (30, 12))
    both = np.concatenate([half, -half])
    values, p = spin_glass.overlap_distribution(both, both)
    assert p.sum() == pytest.approx(1)
    np.testing.assert_allclose(p, p[::-1], atol=1e-15)
    assert values @ p == pytest.approx(0, abs=1e-12)
    values, p = spin_glass.overlap_distribution(half[:1], half[:1])
    assert values[p > 0].tolist() == [1.0]


def test_1_8_replica_symmetric_order():
    """The order q solves its equation, vanishes at T = 1 and is 1 - sqrt(2 / pi) T in the cold."""
    assert spin_glass.glass_order(1.3) == 0
    assert spin_glass.glass_order(0.99) == pytest.approx(0.01, abs=1e-3)
    for t in (0.02, 0.05):
        assert spin_glass.glass_order(t) == pytest.approx(
            1 - np.sqrt(2 / np.pi) * t, abs=0.5 * t**2
        )


def test_1_10_onsager():
    """The known values of the square lattice, and no magnetisation above T_c."""
    assert pytest.approx(2.26919, abs=5e-6) == ising_2d.CRITICAL_TEMPERATURE
    m = ising_2d.onsager_magnetisation([1.5, 2.0, 2.2, 2.3])
    np.testing.assert_allclose(m, [0.98650, 0.91132, 0.78476, 0], atol=6e-6)
    assert ising_2d.onsager_energy(ising_2d.CRITICAL_TEMPERATURE) == pytest.approx(-np.sqrt(2))
    np.testing.assert_allclose(ising_2d.onsager_energy([0.1, 1e4]), [-2, 0], atol=3e-4)


@pytest.mark.parametrize("temperature", [1.5, 2.0])
def test_1_10_samples_of_the_square_lattice(temperature):
    """64 x 64 spins have Onsager's magnetisation and energy within 1 per cent."""
    lattice = ho.Hamiltonian(ising_2d.square_lattice(64))
    found, energies = samples(lattice, temperature, np.ones((64, 64**2)), 60)
    assert found.mean() == pytest.approx(ising_2d.onsager_magnetisation(temperature), rel=0.01)
    energy = ising_2d.onsager_energy(temperature)
    assert energies.mean() / 64**2 == pytest.approx(float(energy), rel=0.01)


def test_1_10_squared_magnetisation_falls_at_the_critical_temperature():
    """<m^2> is large below T_c and small above."""
    lattice = ho.Hamiltonian(ising_2d.square_lattice(64))
    squares = [(samples(lattice, t, np.ones((8, 64**2)), 300)[0] ** 2).mean() for t in (2.1, 2.7)]
    assert squares[0] > 0.7
    assert squares[1] < 0.05


def test_arguments_are_checked():
    """Temperatures must be positive, couplings not negative, lattices large enough."""
    with pytest.raises(InputError, match="temperature must be positive"):
        curie_weiss.magnetisation(0.0)
    with pytest.raises(InputError, match="coupling must not be negative"):
        curie_weiss.magnetisation(1.0, -1.0)
    with pytest.raises(InputError, match="temperature must be positive"):
        ising_2d.onsager_energy([1.0, 0.0])
    with pytest.raises(InputError, match="temperature must be positive"):
        spin_glass.glass_order(-1.0)
    with pytest.raises(InputError, match="length must be at least 3"):
        ising_2d.square_lattice(2)
    with pytest.raises(InputError, match="states must be -1 or \\+1"):
        spin_glass.edwards_anderson([[0, 1]])
    with pytest.raises(InputError, match="at least one state"):
        spin_glass.overlap_distribution(np.zeros((0, 4)))
    with pytest.raises(InputError, match="first must hold at least two states, got 1"):
        spin_glass.overlap_distribution([[1, -1]])
