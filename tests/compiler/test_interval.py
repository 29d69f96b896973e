"""The range of an expression holds all its values."""

import itertools

import numpy as np
import pytest

from hopfield_opt.compiler.interval import interval
from hopfield_opt.model import Model

MATRIX = np.array([[2.0, -3.0], [-1.0, 0.5]])


@pytest.mark.parametrize(
    "expression",
    [
        lambda x: (x - 1) ** 4,
        lambda x: (x[0] - x[1]) ** 2,
        lambda x: (x - 2) ** 3,
        lambda x: MATRIX @ x,
        lambda x: -2 * x + 1,
        lambda x: (x[0] - 1) * (2 - x[1]),
        lambda x: (MATRIX @ x).sum() ** 2,
    ],
)
def test_all_values_are_inside(expression):
    """Whatever the variables are, no entry is outside; signs and powers turn ends round."""
    m = Model()
    x = m.integer(2, -1, 3, name="x")
    node = expression(x).node
    low, high = interval(node, np.full(2, -1.0), np.full(2, 3.0))
    for values in itertools.product(range(-1, 4), repeat=2):
        found = expression(np.array(values, dtype=float))
        assert (low <= found).all()
        assert (found <= high).all()
