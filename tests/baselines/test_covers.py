"""Covers on cases worked by hand."""

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt.baselines import covers
from hopfield_opt.io.scp import Cover


def test_greedy_cover_drops_what_it_does_not_need():
    """The cheapest set for each element at first is superfluous at last."""
    incidence = csr_array(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]]))
    cover = Cover(np.array([1.0, 1.1, 1.2]), incidence)
    assert covers.greedy(cover, 0).tolist() == [False, True, True]
