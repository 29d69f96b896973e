"""Couplings in coordinates become a symmetric matrix."""

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.compiler.assemble import assemble
from hopfield_opt.compiler.lowering import symmetric


@pytest.mark.parametrize(("size", "count"), [(1, 0), (5, 40), (513, 30), (2000, 9000), (40, 4000)])
def test_assemble_is_scipy_and_exactly_symmetric(size: int, count: int) -> None:
    """Buckets, short and long rows, and equal pairs give what scipy gives, to the last bit."""
    rng = np.random.default_rng(size)
    heads = rng.integers(0, size, count)
    tails = (heads + rng.integers(1, max(size, 2), count)) % size
    values = rng.choice([0.1, 0.2, -0.3], count)
    indptr, indices, data = assemble(heads, tails, values, size)
    found = scipy.sparse.csr_array((data, indices, indptr), shape=(size, size))
    assert found.has_canonical_format
    assert data.all()
    assert (found != found.T).nnz == 0
    wanted = symmetric(heads, tails, values, size)
    assert abs(found - wanted).max() < 1e-12 if count else found.nnz == 0


def test_pairs_that_cancel_leave_nothing() -> None:
    """A pair and its opposite vanish from the matrix."""
    heads, tails = np.array([0, 2, 1]), np.array([1, 1, 0])
    indptr, indices, _ = assemble(heads, tails, np.array([1.0, 5.0, -1.0]), 3)
    assert indptr.tolist() == [0, 0, 1, 2]
    assert indices.tolist() == [2, 1]
