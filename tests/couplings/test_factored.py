"""The factored term by hand; its laws are in test_couplings.py."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.couplings import Factored
from hopfield_opt.errors import InputError


def test_factored_matrix_is_minus_twice_the_products():
    """W_ij = -2 sum_k c_k a_ki a_kj off the diagonal, by hand for one row."""
    term = Factored([[1, 2, -1]], [0.5])
    assert term.to_dense().tolist() == [[0, -2, 1], [-2, 0, 2], [1, 2, 0]]
    assert term.constant == 3.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2],), r"rows must be a matrix, got shape \(2,\)"),
        (([[1, 2]], [1, 2]), r"coefficients must have shape \(1,\), got \(2,\)"),
        (([[1, np.inf]],), r"rows must be finite, got inf at \[0, 1\]"),
        (([[1, 2]], [np.nan]), r"coefficients must be finite, got nan at \[0\]"),
        ((csr_array([[0, 1], [np.nan, 0]]),), r"rows must be finite, got nan at \[1, 0\]"),
        (([["a", "b"]],), "rows must be an array of real numbers, got dtype"),
    ],
)
def test_factored_refuses_by_name(arguments, message):
    """What is no factored term is refused with the name of the argument and its value."""
    with pytest.raises(InputError, match=message):
        Factored(*arguments)


def test_one_coefficient_serves_all_rows():
    """A scalar coefficient is repeated, and 1 is the default."""
    rows = [[1, 1], [1, -1]]
    assert Factored(rows).coefficients.tolist() == [1, 1]
    assert Factored(rows, -2).coefficients.tolist() == [-2, -2]
    assert Factored(rows, np.array(3)).coefficients.tolist() == [3, 3]
