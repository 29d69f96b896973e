"""Energies beyond float64: what they hide is known, and nothing wrong is called proven."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model

WAYS = st.sampled_from(
    [{}, {"structure": "penalty"}, {"structure": "penalty", "presolve": "off"}, {"presolve": "off"}]
)


def exact(row: Any, values: Any) -> Fraction:
    """Return a weighted sum in exact fractions."""
    return sum((Fraction(float(c)) * x for c, x in zip(row, values, strict=True)), Fraction(0))


def check(result: ho.Result, best: Fraction | None) -> None:
    """Check that nothing is claimed that is not so."""
    if result.status is ho.Status.OPTIMAL:
        assert best is not None
        assert result.feasible
        assert result.value == result.bound == float(best)
    assert result.status is not ho.Status.INFEASIBLE or best is None
    assert best is not None or not result.feasible


def test_a_square_that_swallows_the_objective_hides_nothing() -> None:
    """Squares of 4e16 leave an objective of -4 no digits, and the optimum is found all the same."""
    m = Model()
    x = m.binary(4, name="x")
    m.minimize((np.array([-3, 2, -1, 1]) * x).sum())
    m.add((np.array([1e8 + 7, 1e8 + 9, -1e8 - 7, -1e8 - 9]) * x).sum() == 0)
    compiled = compile(m)
    assert compiled.rounding > 4
    for options in ({}, {"structure": "penalty", "presolve": "off"}):
        result = ho.solve(m, seed=0, **options)
        assert (result.value, result.bound, result.status) == (-4, -4, ho.Status.OPTIMAL)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_large_equalities_are_never_wrong(data: st.DataObject) -> None:
    """With coefficients up to 10^14 values, bounds and proofs are those of exact fractions."""
    scale = data.draw(st.sampled_from([3e7, 1e8, 1e9, 1e12, 1e14]))
    half = [int(scale) + data.draw(st.integers(-9, 9)) for _ in range(data.draw(st.integers(2, 3)))]
    row = [*half, *(-one for one in data.draw(st.permutations(half)))]
    cost = [data.draw(st.integers(-4, 4)) for _ in row]
    bound = data.draw(st.sampled_from([0, half[0], half[0] + half[1] + 1]))
    m = Model()
    x = m.binary(len(row), name="x")
    m.minimize((np.array(cost) * x).sum())
    m.add((np.array(row, dtype=float) * x).sum() == float(bound))
    states = product((0, 1), repeat=len(row))
    feasible = [exact(cost, one) for one in states if exact(row, one) == bound]
    result = ho.solve(m, seed=0, **data.draw(WAYS))
    check(result, min(feasible, default=None))
    assert result.status in (ho.Status.OPTIMAL, ho.Status.INFEASIBLE)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_products_of_large_sums_are_never_wrong(data: st.DataObject) -> None:
    """Products of sums of integers up to 10^6 have exact values; what is claimed of them holds."""
    size = data.draw(st.integers(2, 4))
    largest = data.draw(st.sampled_from([10, 10**4, 10**6]))
    whole = st.integers(-largest, largest)
    rows = [[data.draw(whole) for _ in range(size)] for _ in range(data.draw(st.integers(2, 3)))]
    shift = data.draw(whole)
    m = Model()
    x = m.spin(size, name="x") if data.draw(st.booleans()) else m.binary(size, name="x")
    values = (-1, 1) if m.variables[0].kind == "spin" else (0, 1)
    cost: Any = x[0]
    for row in rows:
        cost = cost * ((np.array(row) * x).sum() + shift)
    m.minimize(cost)
    worth = []
    for one in product(values, repeat=size):
        worth.append(Fraction(one[0]))
        for row in rows:
            worth[-1] *= exact(row, one) + shift
        assert m.evaluate({"x": one}).value == float(worth[-1])
    check(ho.solve(m, seed=0, **data.draw(WAYS)), min(worth))


def test_so_many_ties_that_not_all_are_kept_prove_nothing() -> None:
    """Where rounding leaves more states open than are looked at, none is called optimal."""
    m = Model()
    x, y = m.binary(4, name="x"), m.binary(11, name="y")
    m.minimize((np.array([-3, 2, -1, 1]) * x).sum() + (y * np.arange(1, 12)).sum())
    m.add((np.array([1e8 + 7, 1e8 + 9, -1e8 - 7, -1e8 - 9]) * x).sum() == 0)
    result = ho.solve(m, seed=0, presolve="off", structure="penalty")
    assert result.status is ho.Status.CONVERGED
    assert result.bound is None


def test_verification_judges_in_the_units_of_the_objective() -> None:
    """Energies that miss values by more than these can bear are found, however large penalties."""
    m = Model()
    x = m.binary(4, name="x")
    m.minimize((np.array([-3, 2, -1, 1]) * x).sum())
    m.add((np.array([1e8 + 7, 1e8 + 9, -1e8 - 7, -1e8 - 9]) * x).sum() == 0)
    assert not compile(m, presolve="off").verify().holds


@pytest.mark.parametrize("scale", [1.0, 0.1, 2.0**-40])
def test_energies_of_usual_models_tell_all_values_apart(scale: float) -> None:
    """Whole, decimal and tiny dyadic objectives leave no rounding to care for."""
    m = Model()
    x = m.binary(8, name="x")
    m.minimize((scale * np.arange(1, 9) * x).sum() - scale * x[0] * x[1])
    m.add(x[0] + x[1] + x[2] == 2, x.sum() <= 4)
    assert compile(m, structure="penalty").rounding == 0


def build(kind: str, largest: float) -> Model:
    """Return a model with coefficients of a size in its objective, or in a rule of a kind."""
    m = Model()
    x = m.binary(3, name="x")
    m.minimize(-x.sum())
    if kind == "objective":
        m.minimize(-(largest * x).sum())
        m.add(x.sum() <= 2)
    elif kind == "square":
        m.minimize(-((largest * x).sum() ** 2))
    elif kind == "rule":
        m.add((largest * x).sum() <= 2 * largest)
    elif kind == "equation":
        m.add((largest * x).sum() == largest)
    else:
        m.add(x.sum() <= 1, penalty=largest, soft=kind == "soft")
    return m


@pytest.mark.parametrize("kind", ["objective", "square", "rule", "equation", "soft", "given"])
@pytest.mark.parametrize("largest", [1e308, 1e200, 1e150, 1e-150, 1e-300, 5e-324])
def test_numbers_at_the_ends_of_float64_are_refused_or_right(kind: str, largest: float) -> None:
    """Near 1e308 and near 0 there is one clear line or the right value, and never a warning."""
    try:
        m = build(kind, largest)
        result = ho.solve(m, seed=0)
    except InputError as error:
        if 1e-300 <= largest <= 1e150 or "must" not in str(error):
            raise
        return
    worth = [m.evaluate({"x": one}) for one in product((0, 1), repeat=3)]
    best = min(one.value for one in worth if one.feasible)
    assert np.isfinite(result.value)
    assert result.status is not ho.Status.INFEASIBLE
    assert result.status is not ho.Status.OPTIMAL or result.value == result.bound == best
