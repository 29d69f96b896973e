"""The distribution of overlaps: which pairs of states are counted."""

import numpy as np

from hopfield_opt.physics.spin_glass import overlap_distribution


def test_of_one_replica_each_pair_of_states_counts_once():
    """No state is compared with itself."""
    values, shares = overlap_distribution([[1, 1], [1, -1], [-1, -1]])
    assert values.tolist() == [-1, 0, 1]
    np.testing.assert_allclose(shares, [1 / 3, 2 / 3, 0])
