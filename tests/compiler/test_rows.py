"""Rows of constraints: what is computed once for all their coefficients."""

import numpy as np
import scipy.sparse

from hopfield_opt.compiler.exact import row_scales
from hopfield_opt.compiler.rows import Rows

MATRIX = np.array([[0.0, 0, 0, 0], [3, -1, 0, 2], [0, 0, 0, 0], [1, 0, -1, 0], [0, 0, 0, 0]])


def rows() -> Rows:
    """Return five rows, of which three are empty, also the first and the last."""
    none = np.full(5, np.inf)
    return Rows(scipy.sparse.csr_array(MATRIX), -none, none, np.arange(5))


def test_empty_rows_count_as_nothing() -> None:
    """Sums, sizes and what is found stay in their row, wherever empty rows stand."""
    own = rows()
    low, high = own.activity
    assert low.tolist() == [0, -1, 0, -1, 0]
    assert high.tolist() == [0, 5, 0, 1, 0]
    assert own.largest.tolist() == [0, 3, 0, 1, 0]
    assert own.unit.tolist() == [True, False, True, True, True]
    assert own.some(own.matrix.data < 0).tolist() == [False, True, False, True, False]
    none = own.pick(np.array([0, 2, 4]))
    assert none.activity[0].tolist() == none.largest.tolist() == [0, 0, 0]


def test_order_is_by_key_within_each_row() -> None:
    """Coefficients are put in order in their own row, whether they are so already or not."""
    own = rows()
    assert own.order(own.matrix.data).tolist() == [1, 2, 0, 4, 3]
    assert own.order(np.array([1.0, 2, 3, 0, 0])).tolist() == [0, 1, 2, 3, 4]


def test_other_coefficients_are_not_taken_for_the_old_ones() -> None:
    """What is cached stays with new bounds, and is made anew with new coefficients."""
    own = rows()
    assert own.activity[1][1] == 5
    moved = own.with_bounds(own.lower, np.zeros(5))
    assert moved.activity is own.activity
    assert moved.upper.tolist() == [0] * 5
    assert np.isinf(own.upper).all()
    assert own.with_data(-own.matrix.data).activity[1].tolist() == [0, 1, 0, 1, 0]


def test_numbers_too_large_for_integers_are_not_rounded() -> None:
    """A row with entries above 2^53 has no scale: its greatest common divisor is unknown."""
    matrix = scipy.sparse.csr_array(np.array([[1e19, 3e19], [4.0, 6.0], [0.5, 1e99]]))
    factors, divisors = row_scales(matrix, np.zeros(3, dtype=bool))
    assert np.isnan(factors).tolist() == np.isnan(divisors).tolist() == [True, False, True]
    assert (factors[1], divisors[1]) == (1, 2)
