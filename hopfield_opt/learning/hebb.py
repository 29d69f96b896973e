"""Hebb's rule: what fires together is wired together."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, check_array, check_memory
from hopfield_opt.couplings import Factored
from hopfield_opt.learning.patterns import check_patterns


def hebb(patterns: Any, *, diagonal: bool = False) -> FloatArray:
    """Return ``W_ij = (1/N) sum_mu xi_i^mu xi_j^mu`` for patterns xi.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued, see `Patterns`.
    diagonal : bool
        Whether to keep ``W_ii = P/N`` instead of 0.

    Returns
    -------
    (N, N) float64
        Exactly symmetric.

    Raises
    ------
    InputError
        If the patterns cannot be used, or W would not fit into memory: take `hebb_factors`.

    References
    ----------
    J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982), Eq. 2. D. O. Hebb, The
    Organization of Behavior (Wiley, 1949).

    Examples
    --------
    >>> hebb([[1, 1, -1, -1], [1, -1, 1, -1]])[0].tolist()
    [0.0, 0.0, 0.0, -0.5]
    """
    known = check_patterns(patterns)
    check_memory("weights", 16 * known.num_spins**2)
    # whole numbers up to P: single precision is exact, and twice as fast
    kind: Any = np.float32 if len(known) < 2**24 else np.float64
    rows = known.spins.astype(kind)
    weights = np.asarray((rows.T @ rows).astype(np.float64))
    weights /= known.num_spins
    if not diagonal:
        np.fill_diagonal(weights, 0.0)
    return weights


def hebb_added(weights: ArrayLike, patterns: Any, *, diagonal: bool = False) -> FloatArray:
    """Return Hebbian weights with more patterns stored: ``W + (1/N) sum xi xi'``.

    Parameters
    ----------
    weights : (N, N) array
        The weights so far.
    patterns : (N,) or (P, ...) array
        What is added; each costs O(N^2), however many are stored.
    diagonal : bool
        Whether ``W_ii`` is kept.

    Examples
    --------
    >>> first, second = [1, 1, -1, -1], [1, -1, 1, -1]
    >>> bool((hebb_added(hebb([first]), [second]) == hebb([first, second])).all())
    True
    """
    return _change(weights, patterns, 1.0, diagonal)


def hebb_forgotten(weights: ArrayLike, patterns: Any, *, diagonal: bool = False) -> FloatArray:
    """Return Hebbian weights without some patterns: ``W - (1/N) sum xi xi'``.

    Parameters
    ----------
    weights : (N, N) array
        The weights so far.
    patterns : (N,) or (P, ...) array
        What is taken out, whether it was stored or not ("unlearning").
    diagonal : bool
        Whether ``W_ii`` is kept.
    """
    return _change(weights, patterns, -1.0, diagonal)


def _change(weights: ArrayLike, patterns: Any, sign: float, diagonal: bool) -> FloatArray:
    known = check_patterns(patterns)
    size = known.num_spins
    total = check_array("weights", weights, (size, size))
    rows = known.floats()
    total = total * size + sign * (rows.T @ rows)
    whole = np.rint(total)
    if np.allclose(total, whole, rtol=0.0, atol=1e-6):
        total = whole  # Hebbian weights are whole numbers / N: no rounding adds up
    total /= size
    if not diagonal:
        np.fill_diagonal(total, 0.0)
    return total


def hebb_factors(patterns: Any) -> Factored:
    """Return Hebb's weights (zero diagonal) as P factors, never as a matrix.

    ``E = -(1/2N) sum_mu (xi^mu . s)^2``: images of 128 x 128 pixels need P x 16384 numbers
    instead of 2 GiB.

    Parameters
    ----------
    patterns : (P, ...) array
        As for `hebb`.

    Examples
    --------
    >>> hebb_factors([[1, 1, -1, -1], [1, -1, 1, -1]]).to_dense()[0].tolist()
    [0.0, 0.0, 0.0, -0.5]
    """
    known = check_patterns(patterns)
    return Factored(known.spins, -0.5 / known.num_spins)
