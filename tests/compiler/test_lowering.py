"""Pairs become one symmetric matrix, dense or sparse as it comes out."""

import numpy as np
import pytest

from hopfield_opt.compiler.cost import Cost, Pairs
from hopfield_opt.compiler.lowering import lower


@pytest.mark.parametrize("count", [30, 400])
def test_pairs_in_any_order_add_up_and_stay_symmetric(count: int) -> None:
    """Pairs that come twice, also turned round, count each time; W is symmetric to the last bit."""
    source, n = np.random.default_rng(count), 12
    heads, tails = source.integers(0, n, (2, count))
    heads, tails = heads[heads != tails], tails[heads != tails]
    values = source.standard_normal(len(heads))
    found = lower(Cost(0.0, np.zeros(n), (Pairs(heads, tails, values),)), (), n)
    wanted = np.zeros((n, n))
    np.add.at(wanted, (heads, tails), -values)
    dense = found.to_dense()
    assert np.allclose(dense, wanted + wanted.T, rtol=0, atol=1e-12)
    assert np.array_equal(dense, dense.T)
    assert isinstance(found.weights, np.ndarray) == (count == 400)


def test_dense_pairs_that_cancel_are_not_kept_dense() -> None:
    """Many pairs whose sum vanishes leave a sparse network."""
    i, j = np.triu_indices(12, 1)
    ones = np.ones(len(i))
    twice = (Pairs(i, j, ones), Pairs(j, i, -ones), Pairs(i[:3], j[:3], ones[:3]))
    found = lower(Cost(0.0, np.zeros(12), twice), (), 12)
    assert found.weights.nnz == 6
