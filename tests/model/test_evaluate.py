"""Values of expressions, also where matrices are nearly empty."""

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.model import Model


@pytest.mark.parametrize("form", [np.asarray, scipy.sparse.csr_array])
def test_a_permutation_is_multiplied_as_by_numpy(form: type) -> None:
    """A large block with few ones takes a shorter way to the same values."""
    n = 70
    source = np.random.default_rng(0)
    left, right = source.integers(-9, 10, (2, n, n)).astype(float)
    m = Model()
    x = m.binary((n, n), name="x")
    whole = np.eye(n, dtype=np.int8)[source.permutation(n)]
    half = (source.random((n, n)) < 0.5).astype(np.int8)
    for block in (whole, half):
        given = {"x": block}
        assert np.array_equal((form(left) @ x).evaluate(given), left @ block)
        assert np.array_equal((x @ form(right)).evaluate(given), block @ right)


def test_variables_are_read_in_the_order_that_they_are_asked_for() -> None:
    """Slices, turned and repeated variables, and all of them as they come."""
    m = Model()
    m.binary(2, name="before")
    x = m.integer((2, 3), 0, 9, name="x")
    given = {"before": [1, 0], "x": [[1, 2, 3], [4, 5, 6]]}
    values = np.array(given["x"])
    assert np.array_equal(x.evaluate(given), values)
    for pick in (np.s_[1], np.s_[:, ::-1], np.s_[:, 1:], np.s_[[1, 1]], np.s_[1, 2]):
        assert np.array_equal(x[pick].evaluate(given), values[pick])
    assert np.array_equal(x.T.evaluate(given), values.T)
