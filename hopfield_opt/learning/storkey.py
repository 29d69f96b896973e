"""Storkey's rule: Hebb's rule that knows what is stored already."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, check_array, check_memory
from hopfield_opt.learning.patterns import check_patterns


def storkey(
    patterns: Any, *, weights: FloatArray | None = None, diagonal: bool = False
) -> FloatArray:
    """Return the weights after the patterns were stored one after another.

    ``W_ij += (xi_i xi_j - xi_i h_ji - h_ij xi_j) / N`` with ``h_ij = sum_{k != i, j} W_ik xi_k``,
    the field of unit i without j. The order of the patterns matters.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued.
    weights : (N, N) array, optional
        The weights so far (zero if None): the rule is incremental.
    diagonal : bool
        Whether to keep W_ii instead of 0. The fields never contain it.

    Returns
    -------
    (N, N) float64
        Exactly symmetric.

    References
    ----------
    A. Storkey, "Increasing the capacity of a Hopfield network without sacrificing functionality",
    ICANN 1997.

    Examples
    --------
    >>> storkey([[1, 1, -1, -1], [1, 1, 1, -1]]).round(4)[0].tolist()
    [0.0, 0.5, 0.0, -0.5]
    """
    known = check_patterns(patterns)
    size = known.num_spins
    check_memory("weights", 32 * size**2)
    if weights is None:
        total = np.zeros((size, size))
    else:
        total = check_array("weights", weights, (size, size))
    for xi in known.floats():
        bare = total - np.diag(np.diag(total))
        field = (bare @ xi)[:, None] - bare * xi  # h_ij, the field of i without k = i, j
        push = xi[:, None] * field.T
        total += (np.outer(xi, xi) - (push + push.T)) / size
    if not diagonal:
        np.fill_diagonal(total, 0.0)
    return total
