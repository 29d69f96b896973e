"""Overlaps of states with patterns."""

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, blockwise, check_spins
from hopfield_opt.border import as_array


def overlaps(states: ArrayLike, patterns: ArrayLike) -> FloatArray:
    """Return the overlap of each state with each pattern, ``m_p = (1/N) sum_i xi_pi s_i``.

    1 is the pattern, -1 its negative, and about ``1/sqrt(N)`` has nothing to do with it.

    Parameters
    ----------
    states : (N,) or (R, N) of -1 and +1
        The states.
    patterns : (N,) or (P, N) of -1 and +1
        The patterns xi.

    Returns
    -------
    (P,) or (R, P) float64
        Without the last axis for one pattern (N,).

    Raises
    ------
    InputError
        If an entry is not -1 or +1, or the sizes differ.

    Examples
    --------
    >>> overlaps([1, 1, 1, -1], [[1, 1, 1, 1], [-1, -1, -1, 1]])
    array([ 0.5, -1. ])
    """
    own = as_array("patterns", patterns)
    own = check_spins("patterns", own, own.shape[-1] if own.ndim else 0)
    size = own.shape[-1]
    spins = check_spins("states", states, size)
    transposed = own.astype(np.float64).T
    rows = np.atleast_2d(spins)
    found = blockwise(lambda s: s @ transposed / max(size, 1), rows, size)
    return found.reshape(spins.shape[:-1] + own.shape[:-1])
