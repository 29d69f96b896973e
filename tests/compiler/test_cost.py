"""Parts of a cost and their bounds."""

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.compiler.cost import around


@pytest.mark.parametrize("form", [np.asarray, scipy.sparse.csr_array, scipy.sparse.csc_array])
@pytest.mark.parametrize("middle", [np.full((3, 2), 0.5), np.arange(6.0).reshape(3, 2)])
def test_a_repeated_number_is_multiplied_as_a_matrix_of_it(form: type, middle: np.ndarray) -> None:
    """The short way, by sums of lines, gives what the two products give."""
    source = np.random.default_rng(0)
    left, right = source.integers(-4, 5, (3, 3)), source.integers(-4, 5, (2, 2))
    found = around(form(left), middle, form(right))
    assert isinstance(found, np.ndarray)
    assert np.array_equal(found, left @ middle @ right)
