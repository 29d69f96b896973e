"""Soft constraints: the price is for the amount, whatever can be reached."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.model import Model

ENCODINGS = ("binary", "one-hot", "unary", "domain-wall")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("sign", ["<=", "=="])
def test_a_target_out_of_reach_has_its_price(encoding: str, sign: str) -> None:
    """What is missing of a bound that no value meets is paid for, and the optimum is right."""
    m = Model()
    x = m.integer(1, 0, 2, name="x")
    m.minimize(-5 * x.sum())
    m.add(x.sum() <= -3 if sign == "<=" else x.sum() == -3, soft=True, penalty=1.0)
    result = ho.solve(m, seed=0, encoding=encoding)
    assert (result.value, result.bound) == (9, 9)
    assert compile(m, encoding=encoding, presolve="off").verify().holds


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_energies_are_values_with_soft_rules_of_any_bound(data: st.DataObject) -> None:
    """For bounds inside, between, at the edge of and beyond all sums energies are values."""
    size = data.draw(st.integers(1, 3))
    scale = data.draw(st.sampled_from([1.0, 0.5, 0.1]))
    row = scale * np.array([data.draw(st.integers(-3, 3)) for _ in range(size)])
    bound = data.draw(st.sampled_from([-12.0, -4.0, -1.0, 0.0, 0.3, 1.5, 2.0, 5.0, 20.0]))
    m = Model()
    spins = data.draw(st.booleans())
    x = m.spin(size, name="x") if spins else m.integer(size, -1, 1, name="x")
    m.minimize((np.array([data.draw(st.integers(-9, 9)) for _ in range(size)]) * x).sum())
    left: Any = (row * x).sum()
    rules = (left <= bound, left >= bound, left == bound)
    m.add(
        data.draw(st.sampled_from(rules)), soft=True, penalty=data.draw(st.sampled_from([0.5, 3]))
    )
    compiled = compile(
        m,
        encoding=data.draw(st.sampled_from(ENCODINGS)),
        structure=data.draw(st.sampled_from(["auto", "penalty"])),
        presolve="off",
    )
    for one in product((-1, 1) if spins else (-1, 0, 1), repeat=size):
        state = compiled.encode({"x": one})
        assert compiled.hamiltonian.energy(state) == pytest.approx(
            m.evaluate({"x": one}).value, abs=1e-9
        )
    if compiled.hamiltonian.num_spins <= 12:
        assert compiled.verify().holds, compiled.verify().failures
