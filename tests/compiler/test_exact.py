"""Units: every value of an expression is a multiple of them."""

import itertools

import numpy as np
import pytest
import scipy.sparse

import hopfield_opt as ho
from hopfield_opt.compiler.exact import denominator, row_scales, unit_of
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


@pytest.mark.parametrize(
    ("values", "common"),
    [
        (np.arange(1, 3001) / 10**4, 10**4),
        (np.append(np.arange(1, 3001) / 10**4, np.pi), None),
        ([1 / 999, 1 / 1001], 999 * 1001),
        ([1 / 999, 1 / 1003], None),
        ([], 1),
    ],
)
def test_many_numbers_have_a_common_denominator_too(values, common):
    """Of many numbers only usual denominators are tried; beyond 10^6 there is none."""
    assert denominator(np.array(values, dtype=float)) == common


def test_rows_without_entries_keep_their_scale():
    """Empty rows are as they are, whether or not there are others."""
    exact = np.zeros(2, dtype=bool)
    assert row_scales(scipy.sparse.csr_array((2, 3)), exact)[0].tolist() == [1.0, 1.0]
    matrix = scipy.sparse.csr_array([[0, 0], [0.5, 1.5]])
    assert row_scales(matrix, exact)[0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("tiny", [1e-320, 5e-324, 1e-308])
def test_the_smallest_numbers_beside_usual_ones(tiny):
    """They have no common unit, which is no reason for a warning."""
    problem = ho.problems.Knapsack([5, tiny], [2, 3], 10)
    assert ho.solve(problem, seed=0, sweeps=2).value == 5
