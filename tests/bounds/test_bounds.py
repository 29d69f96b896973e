"""Bounds against enumeration: of models and of networks, of every kind of proof."""

import itertools

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from tests.bounds.random_models import best_value, model_of_squares, random_model


def check_many(seed, count):
    """Check bounds of random models, and return the kinds of their proofs."""
    rng, kinds = np.random.default_rng(seed), []
    for _ in range(count):
        model = random_model(rng)
        certificate = ho.bound(model)
        assert certificate.verify(model) == certificate.bound
        best = best_value(model)
        if best is not None:
            assert certificate.allows(best), (str(model), best, certificate)
        kinds.append(certificate.kind)
    return kinds


def test_no_assignment_beats_the_bound():
    """What is feasible is on the right side of the bound, up to the rounding of values."""
    assert set(check_many(0, 120)) >= {"trivial", "roof duality", "linear program"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_no_assignment_of_many_models_beats_the_bound(seed):
    """The same of thousands of models."""
    check_many(seed, 1250)


def test_no_assignment_beats_the_bound_of_squares():
    """Powers are bounded as they are written, and no value is beyond that."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        model = model_of_squares(rng)
        certificate = ho.bound(model)
        assert certificate.verify(model) == certificate.bound
        assert certificate.allows(best_value(model)), (str(model), certificate)


def test_squares_are_never_below_zero():
    """What is multiplied out for a network is bounded as the user wrote it."""
    model = ho.Model()
    x, k = model.binary(12, name="x"), model.integer(4, -3, 5, name="k")
    balance = np.arange(1.0, 13.0) @ x - 40.25
    model.minimize((x.sum() - 6) ** 2 + (k * k).sum() + 2 * balance**2 + 1)
    model.add(x[0] + x[1] >= 1)
    assert ho.bound(model).bound >= 1


def random_network(rng, groups):
    """Return a small network, with groups of a kind."""
    n, scale = int(rng.integers(4, 8)), rng.choice([1, 0.1, 1 / 3])
    weights = np.triu(rng.integers(-3, 4, (n, n)) * (rng.random((n, n)) < 0.6), 1) * scale
    thresholds = rng.integers(-2, 3, n) * rng.choice([1, 0.1])
    return ho.Hamiltonian(weights + weights.T, thresholds, 0.5, groups)


GROUPS = {
    "none": (),
    "one-hot": (OneHot([0, 1]),),
    "at most one": (AtMostOne([0, 1, 3]),),
    "count": (Cardinality([0, 1, 2], 1, 2),),
    "permutation": (Permutation([[0, 1], [2, 3]]),),
    "linear": (Linear([0, 1, 2, 3], [1.0, 0.1, 2.0, 0.3], 0.4, 2.1),),
}


@pytest.mark.parametrize("kind", GROUPS)
def test_no_state_of_a_network_beats_the_bound(kind):
    """No state that keeps all groups has less energy."""
    rng = np.random.default_rng(len(kind))
    for _ in range(20):
        network = random_network(rng, GROUPS[kind])
        certificate = ho.bound(network)
        assert certificate.verify(network) == certificate.bound
        states = np.array(list(itertools.product([-1, 1], repeat=network.num_spins)), np.int8)
        kept = [group.violation(states) == 0 for group in network.groups]
        allowed = states[np.all(kept, axis=0)] if kept else states
        assert certificate.allows(network.energy(allowed).min()), certificate


def knapsack(sense=1):
    """Return a model whose relaxation is worth 8.5 and whose optimum is 8."""
    model = ho.Model()
    x = model.binary(3, name="x")
    value = (x * [3, 4, 5]).sum()
    (model.maximize if sense == 1 else model.minimize)(sense * value)
    model.add((x * [2, 3, 4]).sum() <= 6, name="room")
    return model


@pytest.mark.parametrize(("sense", "value"), [(1, 8), (-1, -8)])
def test_the_bound_of_a_relaxation_is_rounded_to_a_value_that_can_be_taken(sense, value):
    """Whole objectives have whole bounds, in both senses."""
    certificate = ho.bound(knapsack(sense))
    assert (certificate.bound, certificate.kind) == (value, "linear program")
    assert certificate.rounding == 0


def test_values_of_one_parity_are_rounded_to_that_parity():
    """Three spins of weight 1 that sum up to at most 0.9 sum up to -1."""
    model = ho.Model()
    s = model.spin(3, name="s")
    model.maximize(s.sum())
    model.add(s.sum() <= 0.9)
    assert ho.bound(model).bound == -1


def test_decimals_stand_for_fractions():
    """Multiples of 0.1 are rounded to multiples of 0.1."""
    model = ho.Model()
    x = model.binary(3, name="x")
    model.maximize((x * [0.3, 0.4, 0.5]).sum())
    model.add((x * [2, 3, 4]).sum() <= 6)
    assert ho.bound(model).bound == pytest.approx(0.8, abs=1e-15)


def test_a_field_that_decides_is_seen_by_roof_duality():
    """A chain with a field at one end is solved, where the sum of the parts is not reached."""
    weights = np.array([[0, 3, -3], [3, 0, -3], [-3, -3, 0]])
    network = ho.Hamiltonian(weights, thresholds=[-1, 2, 0])
    certificate = ho.bound(network)
    assert (certificate.kind, certificate.bound) == ("roof duality", -10)


def test_frustration_is_seen_by_a_semidefinite_program():
    """Twelve vertices that are all joined have a cut of 36 of 66; triangles alone allow 44."""
    complete = ho.problems.MaxCut(list(itertools.combinations(range(12), 2)))
    assert (ho.bound(complete).kind, ho.bound(complete).bound) == ("semidefinite program", 36)
    graph = ho.problems.MaxCut.random(30, p=0.4, weights="signs", seed=1)
    assert 21 <= ho.bound(graph).bound <= 25


def test_what_a_rule_with_decimals_may_be_missed_by_is_left_to_it():
    """An answer that is feasible by the tolerance is not beaten by the bound."""
    problem = ho.problems.Knapsack([1, 1], [0.1, 0.2], 0.29).with_tolerance(0.05)
    certificate = ho.bound(problem)
    assert certificate.bound == 2
    assert certificate.verify(problem) == 2
    assert ho.bound(ho.problems.Knapsack([1, 1], [0.1, 0.2], 0.29)).bound == 1


def test_problems_that_do_not_say_that_their_model_bounds_them_have_no_bound():
    """The model of a partition is worth the square of the difference."""
    assert ho.bound(ho.problems.NumberPartition([3, 1, 1])) is None
    assert ho.bound(ho.problems.GraphColoring([(0, 1)])) is None


def test_without_time_there_is_no_bound():
    """A limit that is over before the first proof gives None."""
    assert ho.bound(ho.problems.MaxCut.random(300, 0.5, seed=1), time_limit=1e-9) is None


@pytest.mark.parametrize("time_limit", [0, -1, "1", True, float("nan")])
def test_time_limits_are_positive(time_limit):
    """Others are refused in one line."""
    with pytest.raises(InputError, match="time_limit must be a positive number of seconds"):
        ho.bound(knapsack(), time_limit=time_limit)


@pytest.mark.parametrize("subject", [3, "model", None, ho.problems.MaxCut])
def test_what_has_no_value_is_refused(subject):
    """Only problems, models and networks have bounds."""
    with pytest.raises(InputError, match="problem must be a Problem, a Model or a Hamiltonian"):
        ho.bound(subject)


def test_what_was_compiled_is_bounded_as_the_model():
    """A compiled network knows its model, or its own network."""
    assert ho.bound(ho.compile(knapsack())).bound == 8
    network = ho.Hamiltonian([[0, 1], [1, 0]])
    assert ho.bound(ho.compile(network)).bound == ho.bound(network).bound == -1


@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-200, 1e-160, 1e160, 1e200, 1e307, 1e308])
def test_numbers_of_any_size_have_a_bound_or_none(scale):
    """Squares that vanish and sums that are no floats neither raise nor keep anybody waiting."""
    # larger networks are refused
    size = min(scale, 1e304)
    network = ho.Hamiltonian((1 - np.eye(3)) * size, np.full(3, size))
    model = ho.Model()
    x = model.binary(3, name="x")
    model.minimize(scale * (x[0] - x[1] - x[2]) - scale * x[0] * x[1])
    limited = ho.Model()
    y = limited.binary(3, name="y")
    limited.minimize(scale * y[0] * y[1] - scale * y[2])
    limited.add(scale * y[0] - scale * y[2] <= 0.5 * scale)
    for subject, least in ((network, -6 * size), (model, -2 * scale), (limited, -scale)):
        found = ho.bound(subject)
        assert found is None or found.verify(subject) <= least


@pytest.mark.parametrize("base", [10**12, 10**13])
def test_whole_values_that_differ_by_one_are_told_apart(base):
    """However large they are: of 200 weights nearly alike the 100 least are the optimum."""
    model = ho.Model()
    x = model.binary(200, name="x")
    model.minimize((x * (base + np.arange(200))).sum())
    model.add(x.sum() == 100)
    certificate = ho.bound(model)
    assert certificate.bound == 100 * base + 4950
    assert certificate.agrees(certificate.bound)
    assert not certificate.agrees(certificate.bound + 1)


def test_any_tolerance_is_taken():
    """With one so large that all answers are feasible the bound is that of all answers."""
    model = ho.Model()
    x = model.binary(2, name="x")
    model.maximize(x.sum())
    model.add((x * [1.1, 3.3]).sum() <= 2.2)
    for tolerance, most in ((0.0, 1), (1.0, 2), (1.7e308, 2)):
        assert ho.bound(ho.compile(model, feasibility_tolerance=tolerance)).bound == most


@pytest.mark.parametrize("bound", ["auto", "strong"])
def test_what_has_no_variables_has_a_bound(bound):
    """A knapsack of no items, and rows of nothing."""
    empty = ho.problems.Knapsack([], [], 0)
    assert ho.bound(empty).verify(empty) == 0
    assert ho.solve(empty, bound=bound, seed=0).bound == 0
    model = ho.Model()
    model.add(model.binary(0, name="x").sum() >= 1)
    assert ho.bound(model).verify(model) == 0
    assert ho.solve(model, bound=bound, seed=0).status.name == "INFEASIBLE"
