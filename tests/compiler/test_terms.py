"""Monomials of constraints: what cancels is gone, and nothing else."""

import hopfield_opt as ho
from hopfield_opt.compiler import compile
from hopfield_opt.model import Model


def test_a_variable_that_comes_twice_takes_no_digits_from_other_rows() -> None:
    """Tiny coefficients stay, whatever the sizes in the rules beside them."""
    m = Model()
    x = m.binary(4, name="x")
    m.minimize((x * [1, 2, 3, 4]).sum())
    m.add((x * [1e9, 3, 2, -5]).sum() + x[0] >= -5)
    m.add((x * [2**-30, 2**-36, -(2**-33), 2**-31]).sum() + 2**-36 * x[0] == 2**-31)
    result = ho.solve(m, seed=0)
    assert (result.status.name, result.value) == ("OPTIMAL", 4)


def test_a_coefficient_that_comes_twice_takes_no_digits_from_others() -> None:
    """Tiny coefficients stay, whatever the sizes in their own rule."""
    m = Model()
    x = m.binary(4, name="x")
    m.maximize((x * [1, 2, 3, 4]).sum())
    m.add((x * [2**28, 2**-20, 2**-19, 3 * 2**-20]).sum() - 3 * x[0] <= 3 * 2**-20)
    result = ho.solve(m, seed=0)
    assert (result.status.name, result.value) == ("OPTIMAL", 5)


def test_decimals_that_cancel_are_gone() -> None:
    """What rounding leaves of 0.3 - 0.2 - 0.1 is no coefficient: the others are a choice of one."""
    assert 0.3 - 0.2 - 0.1 != 0
    m = Model()
    x = m.binary(4, name="x")
    m.add(0.3 * x[0] - 0.2 * x[0] - 0.1 * x[0] + x[1] + x[2] + x[3] == 1)
    assert "1 OneHot" in compile(m, presolve="off").report()
