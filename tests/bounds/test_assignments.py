"""Bounds on quadratic assignments against enumeration, and multipliers that prove nothing."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError

MAKERS = {
    "whole": lambda rng, n: rng.integers(-5, 20, (n, n)).astype(float),
    "dyadic": lambda rng, n: rng.integers(0, 20, (n, n)) / 8,
    "few": lambda rng, n: rng.integers(0, 2, (n, n)).astype(float),
    "even": lambda rng, n: 6.0 * rng.integers(0, 9, (n, n)),
}


def random_assignments(rng):
    """Return a small problem: symmetric or not, with or without single costs and diagonals."""
    n = int(rng.integers(2, 6))
    make = MAKERS[rng.choice(list(MAKERS))]
    flows, distances = make(rng, n), make(rng, n)
    if rng.random() < 0.5:
        flows = flows + flows.T
    if rng.random() < 0.5:
        distances = distances + distances.T
    costs = make(rng, n) * 10 if rng.random() < 0.4 else None
    return ho.problems.QuadraticAssignment(flows, distances, costs)


def best_cost(problem):
    """Return the least cost of all assignments."""
    orders = itertools.permutations(range(problem.data.size))
    return min(problem.evaluate(list(order)).value for order in orders)


def check_many(seed, count):
    """Check the bounds of random problems, and return how many were reached."""
    rng, reached = np.random.default_rng(seed), 0
    for _ in range(count):
        problem = random_assignments(rng)
        certificate = ho.bound(problem)
        assert certificate.kind == "Gilmore-Lawler"
        assert certificate.verify(problem) == certificate.bound
        best = best_cost(problem)
        assert certificate.allows(best), (problem.data.flows, problem.data.distances, certificate)
        reached += certificate.agrees(best)
    return reached


def test_costs_as_large_as_can_be_certified_have_certificates():
    """Multipliers for them stay as small as the proof wants them."""
    rng, reached = np.random.default_rng(7), 0
    for _ in range(20):
        n = int(rng.integers(2, 6))
        costs = rng.integers(-(2**33), 2**33, (n, n)).astype(float)
        flows, distances = rng.integers(0, 2**15, (2, n, n)).astype(float)
        problem = ho.problems.QuadraticAssignment(flows, distances, costs)
        certificate = ho.bound(problem)
        assert certificate.verify(problem) == certificate.bound
        best = best_cost(problem)
        assert certificate.allows(best)
        reached += certificate.agrees(best)
    assert reached >= 15


def test_no_assignment_costs_less_than_its_bound():
    """Most of the smallest ones cost as much as their bound."""
    assert check_many(0, 40) > 25


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_no_assignment_of_many_costs_less_than_its_bound(seed):
    """The same of thousands."""
    check_many(seed, 400)


def test_any_multipliers_prove_something_true():
    """Random ones prove less, and never more than the least cost."""
    rng = np.random.default_rng(3)
    for _ in range(60):
        problem = random_assignments(rng)
        instance, n = problem.bounded_data(), problem.data.size
        size = 2 ** int(rng.integers(1, 30))
        rows, columns = rng.integers(-size, size, (2, n, n, n))
        assert instance.least(rows, columns, rng.integers(-size, size, n)) <= best_cost(problem)


def test_multipliers_of_other_facilities_are_refused():
    """Of other numbers, too large, or no whole numbers."""
    problem = ho.problems.QuadraticAssignment.random(5, seed=0)
    certificate = ho.bound(problem)
    own = dict(certificate.proof)
    wrong = [{name: own[name][1:]} for name in own] + [{name: 1.0 * own[name]} for name in own]
    wrong += [{name: np.full_like(own[name], 2**60)} for name in own]
    for name in own:
        more = own[name].copy()
        more.flat[1] += 2**44
        wrong.append({name: more})
    for change in wrong:
        with pytest.raises(InputError):
            replace(certificate, proof=own | change).verify(problem)


def test_decimals_are_left_to_the_model():
    """Numbers that no power of 2 makes whole are bounded as any model is."""
    rng = np.random.default_rng(0)
    problem = ho.problems.QuadraticAssignment(rng.random((3, 3)), rng.random((3, 3)))
    assert problem.bounded_data() is None
    assert ho.bound(problem).allows(best_cost(problem))
