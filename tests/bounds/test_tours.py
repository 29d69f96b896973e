"""Bounds on tours against enumeration, and certificates of them that prove nothing."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.bounds.tours import TourInstance
from hopfield_opt.errors import InputError

MAKERS = {
    "whole": lambda rng, n: rng.integers(0, 20, (n, n)).astype(float),
    "decimal": lambda rng, n: rng.integers(0, 20, (n, n)) / 10,
    "real": lambda rng, n: rng.normal(size=(n, n)) * 10.0 ** rng.integers(-9, 9),
    "few": lambda rng, n: rng.choice([1.0, 2.0, np.inf], (n, n), p=[0.4, 0.4, 0.2]),
    "zero": lambda rng, n: np.zeros((n, n)),
}


def random_tours(rng):
    """Return a small problem: symmetric or not, closed or not, with or without fixed ends."""
    n = int(rng.integers(3, 7))
    roads = MAKERS[rng.choice(list(MAKERS))](rng, n)
    if rng.random() < 0.7:
        roads = np.minimum(roads, roads.T)
    np.fill_diagonal(roads, 0.0)
    cycle = bool(rng.random() < 0.5)
    first = int(rng.integers(n)) if rng.random() < 0.4 else None
    last = None if cycle or rng.random() < 0.5 else int(rng.integers(n))
    return ho.problems.TravellingSalesman(roads, cycle, first, None if last == first else last)


def best_length(problem):
    """Return the length of the shortest of all tours, None where there is none."""
    orders = itertools.permutations(range(problem.cities.size))
    found = (problem.evaluate(list(order)) for order in orders)
    return min((one.value for one in found if not one.violations), default=None)


def check_many(seed, count):
    """Check the bounds of random problems, and return how many were reached."""
    rng, reached = np.random.default_rng(seed), 0
    for _ in range(count):
        problem = random_tours(rng)
        certificate = ho.bound(problem)
        assert certificate.kind == "1-tree"
        assert certificate.verify(problem) == certificate.bound
        best = best_length(problem)
        if best is not None:
            assert certificate.allows(best), (problem.cities.distances, best, certificate)
            reached += certificate.agrees(best)
    return reached


def test_no_tour_is_shorter_than_its_bound():
    """Most of the smallest ones are as short as their bound."""
    assert check_many(0, 60) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_no_tour_of_many_is_shorter_than_its_bound(seed):
    """The same of thousands."""
    check_many(seed, 500)


def test_the_bound_is_near_the_optimum():
    """Of cities in the plane it is less than a few percent below it, often the length itself."""
    problem = ho.problems.TravellingSalesman.random(12, seed=3)
    exact = next(one for one in problem.baselines() if one.exact)
    best = problem.evaluate(exact.run(0, None)).value
    certificate = ho.bound(problem)
    assert 0.97 * best < certificate.bound <= best * (1 + 1e-12)


def test_a_tour_as_long_as_its_bound_is_proven_optimal():
    """The search ends, and the answer says by what."""
    problem = ho.problems.TravellingSalesman.random(16, seed=1)
    result = ho.solve(problem, seed=0, progress=False, sweeps=500)
    assert result.status is ho.Status.OPTIMAL
    assert "by a shortest 1-tree" in str(result)
    assert result.certificate.verify(problem) == pytest.approx(result.value, abs=1e-12)


def test_lengths_with_a_common_divisor_have_such_bounds():
    """Tours are as long as multiples of it."""
    roads = 7.0 * np.random.default_rng(0).integers(1, 30, (9, 9))
    np.fill_diagonal(roads, 0.0)
    assert ho.bound(ho.problems.TravellingSalesman(roads)).bound % 7 == 0


def test_multipliers_that_are_none_of_these_cities_are_refused():
    """Of another number, too large, or no whole numbers; others prove less, and are refused."""
    problem = ho.problems.TravellingSalesman.random(12, seed=3)
    certificate = ho.bound(problem)
    own = certificate.proof["multipliers"]
    large = own.copy()
    large[3] = np.iinfo(np.int64).min
    for wrong in (own[1:], own[:, None], own.astype(float), large, np.zeros_like(own)):
        with pytest.raises(InputError):
            replace(certificate, proof={"multipliers": wrong}).verify(problem)


def test_any_bit_of_multipliers_counts():
    """A city with another multiplier makes another claim, which is not the one that was made."""
    problem = ho.problems.TravellingSalesman.random(9, seed=5)
    certificate = ho.bound(problem)
    own = certificate.proof["multipliers"]
    changed, instance = 0, problem.bounded_data()
    for place, bit in itertools.product(range(len(own)), range(64)):
        data = bytearray(own.tobytes())
        data[8 * place + bit // 8] ^= 1 << bit % 8
        wrong = np.frombuffer(bytes(data), dtype=np.int64)
        claim = replace(certificate, proof={"multipliers": wrong})
        try:
            assert instance.least(wrong) <= best_length_of(instance)
        except InputError:
            continue
        if instance.least(wrong) != instance.least(own):
            changed += 1
        if instance.least(wrong) < certificate.bound:
            with pytest.raises(InputError):
                claim.verify(problem)
    assert changed > 50


def best_length_of(instance, memo={}):  # noqa: B006
    """Return the length of the shortest tour of a small instance, exact."""
    if instance.digest not in memo:
        size = len(instance.lengths)
        orders = np.array([(0, *one) for one in itertools.permutations(range(1, size))])
        whole = instance.lengths[orders, np.roll(orders, -1, axis=1)].sum(axis=1)
        memo[instance.digest] = Fraction(int(whole.min()), 2**instance.power)
    return memo[instance.digest]


def test_too_few_and_too_many_cities_are_left_to_the_model():
    """Two have one road, and no table is made for many thousands."""
    for n in (0, 1, 2):
        problem = ho.problems.TravellingSalesman(1.0 - np.eye(n))
        assert problem.bounded_data() is None
        assert ho.bound(problem).verify(problem) <= problem.evaluate(range(n)).value
    places = np.random.default_rng(0).random((5000, 2))
    assert ho.problems.TravellingSalesman.from_coordinates(places).bounded_data() is None


def test_multipliers_of_any_size_add_up_exactly():
    """The largest that are allowed overflow nowhere."""
    problem = ho.problems.TravellingSalesman.random(7, seed=2)
    instance = problem.bounded_data()
    assert isinstance(instance, TourInstance)
    signs = np.array([1, -1, 1, -1, 1, -1, 1])
    python = instance.lengths.astype(object)
    for multipliers in (signs * instance.largest, -signs * instance.largest):
        whole = python + multipliers.astype(object)[:, None] + multipliers.astype(object)[None]
        assert instance.least(multipliers) == least_of(whole, multipliers, instance.power)


def least_of(whole, multipliers, power):
    """Return the bound by Kruskal's algorithm in Python's integers."""
    size = len(whole)
    roads = sorted((whole[i, j], i, j) for i in range(size - 1) for j in range(i))
    parts, total = list(range(size)), sum(sorted(whole[-1, :-1])[:2])
    for length, i, j in roads:
        if parts[i] != parts[j]:
            parts = [parts[i] if one == parts[j] else one for one in parts]
            total += length
    return Fraction(total - 2 * sum(multipliers.tolist()), 2**power)
