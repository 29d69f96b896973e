"""HiGHS, with and without a deadline."""

import time

import numpy as np

from hopfield_opt.baselines import highs, qubos


def test_highs_without_rows_or_variables():
    """No row and no variable are no error, and what cannot be met is None."""
    none = np.zeros((0, 2))
    assert highs.minimum(np.array([-1.0, 1.0]), none, 0, 0, 3.0, None).tolist() == [3, 0]
    assert highs.minimum(np.zeros(0), np.zeros((1, 0)), 0, 0, 1.0, None).tolist() == []
    assert highs.minimum(np.ones(1), np.ones((1, 1)), 5, 9, 1.0, None) is None


def test_highs_keeps_its_deadline(spending):
    """A form that HiGHS cannot solve soon comes back about in time."""
    draws = np.random.default_rng(0)
    matrix = np.triu(draws.integers(-50, 51, size=(80, 80))).astype(float)
    with spending(0.0, 3.0):
        found = qubos.integer_program(matrix, np.zeros(80), 0, time.monotonic() + 0.5)
    assert set(np.unique(found)) <= {0, 1}
