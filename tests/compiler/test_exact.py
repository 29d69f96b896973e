"""Units: every value of an expression is a multiple of them."""

import itertools

import numpy as np
import pytest

from hopfield_opt.compiler.exact import unit_of
from hopfield_opt.model import Model


@pytest.mark.parametrize(
    "expression",
    [
        lambda x: 0.5 * x.sum(),
        lambda x: (0.5 * x.sum()) ** 2,
        lambda x: 6 * x[0] + 4 * x[1],
        lambda x: 0.5 * x[0] + x[1] / 3,
        lambda x: (0.5 * x[0]) * (0.25 * x[1]) + 2,
        lambda x: np.array([[0.2, 0.3]]) @ x,
    ],
)
def test_all_values_are_multiples(expression):
    """Sums have the common part of their units, products the product, powers the power."""
    m = Model()
    unit = float(unit_of(expression(m.integer(2, 0, 3, name="x")).node))
    assert unit > 0
    for values in itertools.product(range(4), repeat=2):
        times = np.asarray(expression(np.array(values, dtype=float))) / unit
        assert np.allclose(times, np.rint(times), atol=1e-9)
