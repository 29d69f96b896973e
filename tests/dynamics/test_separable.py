"""Networks without couplings: the lowest state at once, and a proof where rounding allows one."""

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.dynamics.separable import Separable
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.physics.enumeration import states_of

STYLES = ("few values", "whole", "halves", "decimals", "far apart", "nothing")


def thresholds_of(generator, size):
    """Return thresholds of one style, many of them with ties."""
    style = generator.choice(STYLES)
    if style == "decimals":
        return generator.integers(-20, 20, size) / 10
    if style == "far apart":
        return generator.choice([1e16, -1e16, 1.0, -1.0, 3e-9], size)
    scale = {"few values": 2, "whole": 1000, "halves": 9, "nothing": 0}[style]
    return generator.integers(-scale, scale + 1, size) / (2 if style == "halves" else 1)


def network(seed, size=10):
    """Return a network without couplings and a random mix of disjoint groups."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(size)
    low, high = np.sort(generator.integers(-1, 6, 2))
    mixes = [
        [],
        [OneHot(order[:3]), OneHot(order[3:7])],
        [AtMostOne(order[:4]), Cardinality(order[4:9], low, high), OneHot(order[9:])],
        [Permutation(order[:9].reshape(3, 3), generator.random((3, 3)) < 0.9)],
        [Permutation(order[:4].reshape(2, 2)), Cardinality(order[5:], 2, 2)],
        [Cardinality(order, low, high)],
        [Cardinality(order[:0], 0, 3), OneHot(order[:1]), AtMostOne(order[1:2])],
    ]
    groups = mixes[generator.integers(len(mixes))]
    return ho.Hamiltonian(None, thresholds_of(generator, size), 0.25, groups=groups)


def exact_energies(hamiltonian):
    """Return all states in which the groups hold, and their energies in fractions."""
    states = states_of(np.arange(2**hamiltonian.num_spins), hamiltonian.num_spins)
    for group in hamiltonian.groups:
        states = states[group.violation(states) == 0]
    return states, states.astype(object) @ [Fraction(t) for t in hamiltonian.thresholds]


def run_to_end(hamiltonian, tolerance=0.0):
    """Return the end of a run."""
    start = np.ones((1, hamiltonian.num_spins), np.int8)
    return Separable(tolerance).init(hamiltonian, start, np.random.SeedSequence(0))


@settings(max_examples=80)
@given(st.integers(0, 10**6))
def test_no_state_is_lower(seed):
    """The end is lowest in fractions, whatever the sizes of the thresholds, and its groups hold."""
    hamiltonian = network(seed)
    states, energies = exact_energies(hamiltonian)
    if not len(states):
        with pytest.raises(InputError, match="groups must"):
            run_to_end(hamiltonian)
        return
    end = run_to_end(hamiltonian)
    spins = end.spins(0)
    assert not any(group.violation(spins[None]).any() for group in hamiltonian.groups)
    assert spins.astype(object) @ [Fraction(t) for t in hamiltonian.thresholds] == energies.min()
    assert end.converged
    has_permutation = any(isinstance(group, Permutation) for group in hamiltonian.groups)
    assert end.proven or has_permutation


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.sampled_from([1e-9, 0.3, 1.0, 2.5, 10.0]))
def test_what_rounding_may_decide_is_not_proven(seed, tolerance):
    """With a tolerance a state is proven just where every other one lies above it by more."""
    hamiltonian = network(seed)
    states, energies = exact_energies(hamiltonian)
    if not len(states):
        return
    order = np.sort(energies)
    alone = len(order) == 1 or order[1] - order[0] > Fraction(tolerance)
    size = np.abs(hamiltonian.thresholds).max()
    if len(order) > 1 and abs(order[1] - order[0] - Fraction(tolerance)) <= 1e-12 * size:
        return  # where floats cannot tell
    assert run_to_end(hamiltonian, tolerance).proven == alone


@pytest.mark.parametrize("seed", range(20))
def test_permutations_of_decimals(seed):
    """The best of six places is proven where it is alone, and two that are equal are not."""
    generator = np.random.default_rng(seed)
    grid = generator.random((6, 6)) if seed % 2 else generator.integers(0, 9, (6, 6)) / 10
    groups = [Permutation(np.arange(36).reshape(6, 6))]
    end = run_to_end(ho.Hamiltonian(None, grid.ravel() / 2, groups=groups))
    exact = [[Fraction(one) for one in row] for row in grid.tolist()]
    sums = sorted(sum(exact[i][p] for i, p in enumerate(order)) for order in permutations(range(6)))
    places = (end.spins(0) > 0).reshape(6, 6)
    value = sum(exact[i][j] for i, j in zip(*np.nonzero(places), strict=True))
    assert value - sums[0] <= 1e-15
    assert end.proven == (sums[1] - sums[0] > 1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_models_are_solved_outright(seed):
    """A linear cost over disjoint rules is optimal at once, in the user's own values."""
    generator = np.random.default_rng(seed)
    model = ho.Model()
    x, y, z = model.binary((8, 6), name="x"), model.binary(90, name="y"), model.binary(20, name="z")
    scale = 10 if seed % 2 else 1
    costs = [generator.integers(-50, 50, shape) / scale for shape in ((8, 6), 90, 20)]
    total = (costs[0] * x).sum() + (costs[1] * y).sum() + (costs[2] * z).sum()
    model.minimize(total) if seed % 3 else model.maximize(-1 * total)
    model.add(x.sum(axis=1) == 1, y.sum() == 30, z.sum() >= 3, z.sum() <= 7)
    result = ho.solve(model, seed=0)
    third = np.sort(costs[2])
    best = costs[0].min(axis=1).sum() + np.sort(costs[1])[:30].sum()
    best += third[: np.clip((third < 0).sum(), 3, 7)].sum()
    assert result.method == "separable"
    assert result.status.name == "OPTIMAL"
    assert result.value == pytest.approx(best if seed % 3 else -best, rel=1e-14)


def test_an_assignment_is_solved_outright():
    """A linear cost over a permutation has the value of the best assignment, proven."""
    costs = np.random.default_rng(3).integers(0, 1000, (40, 40))
    model = ho.Model()
    x = model.binary((40, 40), name="x")
    model.minimize((costs * x).sum())
    model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    result = ho.solve(model, seed=0)
    from scipy.optimize import linear_sum_assignment

    assert result.value == costs[linear_sum_assignment(costs)].sum()
    assert (result.status.name, result.method) == ("OPTIMAL", "separable")


def test_a_large_count_takes_no_time():
    """A third of 200 000 binaries is chosen as sorting would, well within a limit of a second."""
    costs = np.random.default_rng(0).integers(0, 1000, 200_000)
    model = ho.Model()
    x = model.binary(len(costs), name="x")
    model.minimize((costs * x).sum())
    model.add(x.sum() == len(costs) // 3)
    result = ho.solve(model, seed=0, time_limit=5)
    assert result.value == np.sort(costs)[: len(costs) // 3].sum()
    assert result.status.name == "OPTIMAL"
    assert result.seconds["total"] < 2


@pytest.mark.parametrize(
    ("hamiltonian", "wanted"),
    [
        (ho.Hamiltonian([[0, 1], [1, 0]]), "no couplings"),
        (ho.Hamiltonian(num_spins=2, groups=[Linear([0, 1], [1, 2], 0, 2)]), "no Linear groups"),
    ],
)
def test_what_binds_groups_is_refused(hamiltonian, wanted):
    """Couplings and ranges are refused with the reason."""
    with pytest.raises(InputError, match=wanted):
        ho.run(hamiltonian, "separable")


def test_a_network_without_energy_is_refused():
    """`run` refuses a Network as it refuses any that has couplings."""
    with pytest.raises(InputError, match="must have an energy"):
        ho.run(ho.Network(np.zeros((2, 2))), Separable())


def test_largest_thresholds():
    """Thresholds whose squares overflow are compared all the same."""
    groups = [Cardinality([0, 1, 2], 1, 2), Permutation([[3, 4], [5, 6]])]
    thresholds = np.array([1e305, -1e305, 1e305, 1e304, -1e304, -1e304, 1e304])
    end = run_to_end(ho.Hamiltonian(None, thresholds, groups=groups))
    assert np.flatnonzero(end.spins(0) > 0).tolist() == [1, 4, 5]
