"""What the default picks, and whether it says why."""

import numpy as np
import pytest
from scipy.sparse import csr_array

import hopfield_opt as ho
from hopfield_opt.couplings import Factored
from hopfield_opt.dynamics import named
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import CHAINED_COST, GROUPED_COST
from hopfield_opt.dynamics.tabu import TABLED_COST
from hopfield_opt.groups import Cardinality, Linear, OneHot, Permutation
from hopfield_opt.moves import tabu_effort
from hopfield_opt.problems import MaxCut


def complete(size, threshold=0.0):
    """Return a dense network without or with thresholds."""
    return ho.Hamiltonian(np.ones((size, size)) - np.eye(size), np.full(size, threshold))


def ring(size, weight=1.0, parts=None):
    """Return a ring of bonds, with a balanced count in each of some parts of it."""
    sites = np.arange(size)
    bonds = csr_array((np.full(size, weight), (sites, (sites + 1) % size)), shape=(size, size))
    members = np.array_split(sites, parts) if parts else []
    halves = [Cardinality(part, len(part) // 2, len(part) // 2) for part in members]
    return ho.Hamiltonian(bonds + bonds.T, groups=halves)


def assignment(items):
    """Return a dense quadratic assignment."""
    generator = np.random.default_rng(0)
    one, other = generator.integers(1, 9, (2, items, items))
    model = ho.Model()
    x = model.binary((items, items), name="x")
    model.minimize((x * (one @ x @ other)).sum())
    model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    return ho.compile(model).hamiltonian


def chain(cities, closed):
    """Return a tour or a path through cities at random distances, as a model of one's own."""
    distance = np.random.default_rng(0).integers(1, 9, (cities, cities))
    step = np.roll(np.eye(cities), 1, axis=1) if closed else np.eye(cities, k=1)
    model = ho.Model()
    x = model.binary((cities, cities), name="x")
    model.minimize((x * (distance @ x @ step)).sum())
    model.add(x.sum(axis=0) == 1, x.sum(axis=1) == 1)
    return ho.compile(model).hamiltonian


def with_groups(*groups, weights=None):
    """Return a network of 60 spins."""
    return ho.Hamiltonian(weights, num_spins=60, groups=groups)


ONE_HOTS = [OneHot([2 * k, 2 * k + 1]) for k in range(30)]
RANGE = Linear(np.arange(60), np.ones(60), 3, 9)


@pytest.mark.parametrize(
    ("hamiltonian", "name", "reason"),
    [
        (ho.Hamiltonian(num_spins=0), "exhaustive", "all 1 states"),
        (complete(20), "exhaustive", "all 1048576 states"),
        (complete(21), "simulated-annealing", "small"),
        (complete(200), "simulated-annealing", "dense"),
        (complete(200, 30.0), "tabu", "dense QUBO"),
        (complete(60, 30.0), "tabu", "dense QUBO"),
        (complete(200, 0.1), "simulated-annealing", "dense"),
        (ho.compile(MaxCut.random(300, p=0.02, seed=1)).hamiltonian, "cluster-search", "sparse"),
        (ho.compile(MaxCut.random(300, p=0.2, seed=1)).hamiltonian, "cluster-search", "sparse"),
        (ring(25_000), "cluster-search", "2 couplings a spin: sparse"),
        (ring(25_001), "simulated-annealing", "one anneal fills the time"),
        (ring(200, parts=1), "multilevel", "balanced cut"),
        (ring(200, parts=2), "simulated-annealing", "keep"),
        (ring(200, -1.0, parts=1), "simulated-annealing", "keep"),
        (ring(100, parts=1), "simulated-annealing", "keep"),
        (ho.Hamiltonian(Factored(np.ones((1, 200)))), "simulated-annealing", "factors"),
        (ho.Hamiltonian(num_spins=3, groups=[OneHot([0, 1])]), "exhaustive", "all 4 states"),
        (with_groups(*ONE_HOTS), "separable", "no couplings"),
        (with_groups(*ONE_HOTS, weights=ring(60).weights), "tabu", "one-hot"),
        (with_groups(*ONE_HOTS, RANGE), "simulated-annealing", "rows that may overlap"),
        (with_groups(Cardinality(np.arange(60), 30, 30)), "separable", "no couplings"),
        (with_groups(Permutation(np.arange(49).reshape(7, 7))), "separable", "no couplings"),
        (assignment(8), "exhaustive", "all 40320 states"),
        (assignment(12), "tabu", "permutation"),
        (chain(12, True), "simulated-annealing", "tour"),
        (chain(12, False), "simulated-annealing", "tour"),
    ],
)
def test_pick(hamiltonian, name, reason):
    """Size, density, thresholds and structure decide, and the reason names them."""
    dynamics, why = Auto().pick(hamiltonian)
    assert dynamics.name == name
    assert reason in why


@pytest.mark.parametrize("factor", [2.0**-600, 2.0**600])
def test_scale_does_not_matter(factor):
    """Multiplying all numbers changes nothing in the choice."""
    for hamiltonian in (complete(50), complete(50, 30.0)):
        assert Auto().pick(hamiltonian.scaled(factor)) == Auto().pick(hamiltonian)


def test_result_says_what_was_taken_and_why():
    """The method of a result is the dynamics that ran."""
    result = ho.solve(MaxCut.random(200, p=0.03, seed=1), sweeps=20, seed=0)
    assert result.method == "cluster-search"
    assert "sparse" in str(result)


@pytest.mark.parametrize(
    ("hamiltonian", "names"),
    [
        (complete(21), ["simulated-annealing"]),
        (complete(200), ["simulated-annealing", "tabu"]),
        (complete(200, 30.0), ["tabu", "simulated-annealing"]),
        (ring(200), ["cluster-search", "tabu", "simulated-annealing"]),
        (ring(200, parts=1), ["multilevel", "simulated-annealing", "tabu"]),
        (ring(200, parts=2), ["simulated-annealing", "tabu"]),
        (ring(25_001), ["simulated-annealing"]),
        (chain(12, True), ["simulated-annealing"]),
        (chain(12, False), ["simulated-annealing"]),
    ],
)
def test_candidates(hamiltonian, names):
    """The usual method comes first, and has rivals wherever another may be better."""
    candidates, _ = Auto().candidates(hamiltonian)
    assert [dynamics.name for dynamics in candidates] == names


def rows_that_overlap(value):
    """Return counts over rows and columns of a square of 100 spins, at most so many each or so."""
    block = np.arange(100).reshape(10, 10)
    groups = [Linear(line, np.ones(10), value, 2) for line in (*block, *block.T)]
    return ho.Hamiltonian(num_spins=101, thresholds=np.arange(101.0), groups=groups)


def test_only_who_keeps_overlapping_equalities_is_a_candidate_for_them():
    """Tabu search declares that it does not; ranges that overlap it keeps."""
    names = [
        [one.name for one in Auto().candidates(rows_that_overlap(lower))[0]] for lower in (2, 1)
    ]
    assert names == [["simulated-annealing"], ["simulated-annealing", "tabu"]]


def test_what_a_proposal_costs():
    """A flip one, a move that keeps groups more, a chain of flips far more; samplers have none.

    Where a move looks at a table of costs, it is what a place of it costs; in a Potts model less.
    """
    chained, parts = rows_that_overlap(1), with_groups(*ONE_HOTS, weights=complete(60).weights)
    classes = with_groups(*ONE_HOTS)
    annealing, tabu, sampling = (
        named(name)() for name in ("simulated-annealing", "tabu", "metropolis")
    )
    assert annealing.proposal_cost(complete(3)) == tabu.proposal_cost(complete(3)) == 1
    assert tabu.proposal_cost(parts) == TABLED_COST < annealing.proposal_cost(parts)
    assert tabu.proposal_cost(classes) * 60 == tabu_effort(classes) > 0
    assert annealing.proposal_cost(chained) == CHAINED_COST
    for dynamics in (tabu, sampling):
        assert dynamics.proposal_cost(chained) == GROUPED_COST < CHAINED_COST
