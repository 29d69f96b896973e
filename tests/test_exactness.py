"""What counts as feasible: exact for whole and dyadic numbers, a tolerance for decimals."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt import exactness
from hopfield_opt.errors import InputError
from hopfield_opt.exactness import FEASIBILITY_TOLERANCE, find_excess, last_bits
from hopfield_opt.problems import Knapsack

OPTIMAL = ho.Status.OPTIMAL
POWERS = st.sampled_from([2.0**-60, 2.0**-20, 1.0, 2.0**30, 2.0**60])
WHOLE = st.integers(-(10**6), 10**6).map(float)
# few digits in binary, of scales that float64 cannot add up
DYADIC = st.builds(lambda whole, power: whole * power, st.integers(-1000, 1000), POWERS)
DECIMAL = st.builds(
    lambda whole, scale: whole * scale, st.integers(-999, 999), st.sampled_from([1e-10, 0.1, 1e-3])
)
NUMBERS = st.one_of(WHOLE, DYADIC, DECIMAL)


def fractions(values: Any) -> list[Fraction]:
    """Return floats as what they are."""
    return [Fraction(float(one)) for one in values]


def exceeds(row: Any, numbers: Any, bound: float, tolerance: float) -> Fraction:
    """Return by how much a sum exceeds its bound, 0 within the tolerance, in exact fractions."""
    terms = [c * x for c, x in zip(fractions(row), fractions(numbers), strict=True)]
    decimals = bool((last_bits([*row, bound]) == -np.inf).any())
    size = Fraction(sum(map(abs, terms)) + abs(Fraction(bound)))
    excess = sum(terms, Fraction(0)) - Fraction(bound)
    return excess if excess > (Fraction(tolerance) * size if decimals else 0) else Fraction(0)


def size_of(row: Any, numbers: Any, bound: float) -> float:
    """Return the sum of |terms|, bound included."""
    return float(np.abs(row) @ np.abs(numbers) + abs(bound))


def at_the_edge(draw: Any, row: list[float], numbers: list[int]) -> float:
    """Draw a bound next to the sum of a row."""
    total = float(sum(c * x for c, x in zip(fractions(row), fractions(numbers), strict=True)))
    shift = draw(st.sampled_from([0.0, 1.0, -1.0, 2.0**-20, -(2.0**-60), 1e-11, -1e-10]))
    ulps = draw(st.integers(-2, 2))
    return float(total + shift + ulps * np.spacing(total))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_sums_exceed_their_bounds_as_in_exact_fractions(data: st.DataObject) -> None:
    """Whole and dyadic sums are compared exactly, decimals up to the tolerance, at the edge too."""
    row = data.draw(st.lists(NUMBERS, min_size=1, max_size=6))
    numbers = [data.draw(st.integers(-5, 5)) for _ in row]
    bound = at_the_edge(data.draw, row, numbers)
    tolerance = data.draw(st.sampled_from([0.0, FEASIBILITY_TOLERANCE, 1e-6]))
    found = find_excess(np.array([row]), numbers, np.array([bound]), tolerance)
    right = exceeds(row, numbers, bound, tolerance)
    assert (found[0] > 0) == (right > 0)
    assert abs(found[0] - float(right)) <= 1e-12 * size_of(row, numbers, bound)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_constraints_are_violated_as_in_exact_fractions(data: st.DataObject) -> None:
    """A constraint of a model is judged as in exact fractions, however it is written."""
    row = data.draw(st.lists(NUMBERS, min_size=2, max_size=5))
    numbers = [data.draw(st.integers(-3, 4)) for _ in row]
    bound = at_the_edge(data.draw, row, numbers)
    m = ho.Model()
    x = m.integer(len(row), -3, 4, name="x")
    c = np.array(row)
    left = data.draw(
        st.sampled_from([(c * x).sum(), c @ x, sum(c[k] * x[k] for k in range(len(row)))])
    )
    sign = data.draw(st.sampled_from(["<=", ">=", "=="]))
    rule = left <= bound if sign == "<=" else left >= bound if sign == ">=" else left == bound
    m.add(rule, name="rule")
    above = exceeds(row, numbers, bound, FEASIBILITY_TOLERANCE)
    below = exceeds([-one for one in row], numbers, -bound, FEASIBILITY_TOLERANCE)
    right = {"<=": above, ">=": below, "==": above + below}[sign]
    violations = m.evaluate({"x": numbers}).violations
    assert ("rule" in violations) == (right > 0)
    off = abs(violations.get("rule", 0.0) - float(right))
    assert off <= 1e-12 * size_of(row, numbers, bound)


def test_polynomial_rules_are_exact_too() -> None:
    """A square of numbers that float64 cannot hold is judged exactly."""
    m = ho.Model()
    x = m.binary(2, name="x")
    m.add(((2.0**40 * x[0] + x[1]) ** 2) <= 2.0**80, name="square")
    assert m.evaluate({"x": [1, 0]}).feasible
    assert not m.evaluate({"x": [1, 1]}).feasible


@pytest.mark.parametrize(
    ("weights", "capacity", "best"),
    [
        ([10**9, 1], 10**9, 1),
        ([1e-10, 1e-10], 1e-10, 1),
        ([0.1, 0.2], 0.3, 2),
        ([1e12, 0.5], 1e12, 1),
        ([0.1, 0.1], 0.2 - 1e-9, 1),
        ([0.1, 0.2], 0.3 - 5e-13, 2),
        ([np.pi, np.e], np.pi + np.e, 2),
    ],
)
def test_a_knapsack_packs_what_fits_and_no_more(weights: Any, capacity: float, best: int) -> None:
    """The number of items that are packed is right at every scale, and proven."""
    result = ho.solve(Knapsack([1, 1], weights, capacity), seed=0)
    assert (result.value, result.feasible, result.status) == (best, True, ho.Status.OPTIMAL)
    model = ho.solve(Knapsack([1, 1], weights, capacity).model(), seed=0)
    assert (model.value, model.feasible, model.status) == (best, True, ho.Status.OPTIMAL)


@pytest.mark.parametrize("structure", ["auto", "penalty"])
@pytest.mark.parametrize("miss", [300, 0])
def test_large_sums_are_met_exactly_or_not_at_all(structure: str, miss: int) -> None:
    """A sum of numbers of 10^12 that misses by 300 is infeasible, and met it is optimal."""
    a = np.random.default_rng(3).integers(10**11, 10**12, 12)
    m = ho.Model()
    x = m.binary(12, name="x")
    m.minimize(x.sum())
    m.add((a * x).sum() == a[[1, 4, 7]].sum() + miss)
    result = ho.solve(m, seed=0, structure=structure)
    assert result.status is (ho.Status.INFEASIBLE if miss else ho.Status.OPTIMAL)
    assert result.feasible is (miss == 0)


@pytest.mark.parametrize("value", [-1.0, np.inf, np.nan, "1", None, True])
def test_a_tolerance_is_a_number(value: Any) -> None:
    """What is no finite number >= 0 is refused."""
    with pytest.raises(InputError, match="feasibility_tolerance must be a finite number >= 0"):
        exactness.check_tolerance(value)


def test_the_tolerance_is_asked_for_and_told() -> None:
    """A larger tolerance lets in more, 0 lets in nothing, and the result says which it was."""
    bag = Knapsack([1, 1], [0.1, 0.2], 0.29)
    for tolerance, best in ((1e-12, 1), (1e-3, 1), (0.1, 2)):
        for subject in (bag, bag.model(), ho.compile(bag, feasibility_tolerance=tolerance)):
            result = ho.solve(subject, seed=0, feasibility_tolerance=tolerance)
            assert (result.value, result.feasible, result.status) == (best, True, OPTIMAL)
            assert result.feasibility_tolerance == tolerance
            assert result.to_dict()["feasibility_tolerance"] == tolerance
    strict = ho.solve(Knapsack([1, 1], [0.1, 0.2], 0.3), seed=0, feasibility_tolerance=0)
    assert (strict.value, strict.feasible, strict.feasibility_tolerance) == (1, True, 0)
    with pytest.raises(InputError, match="feasibility_tolerance"):
        ho.solve(bag, feasibility_tolerance=-1)


@pytest.mark.parametrize(
    ("row", "bound"),
    [([1e17, 1.0, 3.0], 1e17), ([1e12, 0.1, 0.3], 0.05), ([2.0**60, 1.0, 1.0], 2.0**60)],
)
@pytest.mark.parametrize("start", [None, {"x": np.array([0, 0, 0])}])
def test_what_rounding_decides_is_never_called_proven(row: Any, bound: float, start: Any) -> None:
    """Rows of which float64 cannot tell what is inside prove neither a value nor that none is."""
    m = ho.Model()
    x = m.binary(3, name="x")
    m.maximize((x * [1, 2, 3]).sum())
    m.add((np.array(row) * x).sum() <= bound)
    result = ho.solve(m, seed=0, start=start)
    states = [one for one in product((0, 1), repeat=3) if m.evaluate({"x": one}).feasible]
    best = max(one[0] + 2 * one[1] + 3 * one[2] for one in states)
    assert result.status is not ho.Status.INFEASIBLE
    assert result.status is not OPTIMAL or result.value == best
    assert start is None or result.feasible


def test_small_coefficients_stay_next_to_large_ones() -> None:
    """A coefficient is not taken for what is left of a sum because another one is far larger."""
    m = ho.Model()
    x = m.binary(3, name="x")
    m.maximize(x.sum())
    m.add(2.0**48 * x[0] - 2.0**48 * x[0] + x[0] + x[1] + x[2] <= 2, name="cancels")
    m.add(1e6 * x[0] + 1e6 * x[0] + 1e6 * x[1] <= 3e6, name="large")
    m.add(1e-10 * x[1] + 1e-10 * x[2] <= 1e-10, name="alone")
    for structure in ("auto", "penalty"):
        result = ho.solve(m, seed=0, structure=structure)
        assert (result.value, result.status, result.feasible) == (2, OPTIMAL, True)
