"""Sequences: each pattern drives the next one."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, check_memory
from hopfield_opt.learning.patterns import check_patterns


def sequence(patterns: Any, *, cyclic: bool = True) -> FloatArray:
    """Return ``W_ij = (1/N) sum_mu xi_i^(mu+1) xi_j^mu``: from each pattern to the next.

    W is not symmetric, so that there is no energy: it makes a `Network`, and under synchronous
    updates the state walks from pattern to pattern up to a load P / N of 0.269.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued, in the order of the sequence, see `Patterns`.
    cyclic : bool
        Whether the last pattern leads back to the first.

    Returns
    -------
    (N, N) float64
        The diagonal is kept: a neuron may follow its own past.

    Raises
    ------
    InputError
        If the patterns cannot be used, or W would not fit into memory.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982); A. During, A. C. C. Coolen,
    D. Sherrington, J. Phys. A 31, 8607 (1998): the capacity.

    Examples
    --------
    >>> first, second = [1, 1, -1, -1], [1, -1, 1, -1]
    >>> (sequence([first, second]) @ first).tolist()
    [1.0, -1.0, 1.0, -1.0]
    """
    known = check_patterns(patterns)
    check_memory("weights", 16 * known.num_spins**2)
    rows = known.spins.astype(np.float64)
    after = np.roll(rows, -1, axis=0)
    last = len(rows) if cyclic else len(rows) - 1
    return np.asarray(after[:last].T @ rows[:last] / known.num_spins)
