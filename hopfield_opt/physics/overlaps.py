"""Overlaps of states with patterns."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hopfield_opt.arrays import FloatArray, IntArray, check_spins
from hopfield_opt.border import as_array

# Rows that are packed together.
STRIPE = 1024


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
    rows = np.atleast_2d(spins)
    found: FloatArray = spin_products(rows, np.atleast_2d(own)) / max(size, 1)
    return found.reshape(spins.shape[:-1] + own.shape[:-1])


def spin_products(states: NDArray[Any], patterns: NDArray[Any]) -> IntArray:
    """Return the scalar products (R, P) of rows of spins, of which 64 at once are compared.

    Parameters
    ----------
    states, patterns : (R, N), (P, N) of -1 and +1
        Of any type.

    Examples
    --------
    >>> spin_products(np.array([[1, 1, 1, -1]]), np.array([[1, 1, 1, 1], [-1, -1, -1, 1]]))
    array([[ 2, -4]])
    """
    few, many = sorted((states, patterns), key=len)
    apart = np.empty((len(few), len(many)), np.int64)
    own = _packed(few)
    for first in range(0, len(many), STRIPE):
        words = _packed(many[first : first + STRIPE])
        for row, word in zip(apart, own, strict=True):
            differ = np.bitwise_count(word ^ words)
            differ.sum(axis=1, dtype=np.int64, out=row[first : first + STRIPE])
    products = states.shape[1] - 2 * apart
    return products if few is states else np.ascontiguousarray(products.T)


def _packed(spins: NDArray[Any]) -> NDArray[np.uint64]:
    """Return rows of spins as bits, 64 in a word."""
    octets = np.packbits(spins > 0, axis=1)
    words = np.zeros((len(spins), -(-spins.shape[1] // 64)), np.uint64)
    words.view(np.uint8)[:, : octets.shape[1]] = octets
    return words
