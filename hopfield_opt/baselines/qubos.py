"""Quadratic forms of binaries by enumeration and as integer programs, as baselines."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, triu

from hopfield_opt.arrays import Matrix, dense
from hopfield_opt.baselines import highs

Floats = NDArray[np.float64]
Binaries = NDArray[np.int8]
Places = NDArray[np.int64]

# about a second by enumeration
MAX_VARIABLES_EXACT = 30
# HiGHS gets a variable and up to two rows for each pair: beyond this it hardly begins
MAX_ENTRIES = 20_000


def enumeration(
    matrix: Matrix, linear: Floats, seed: int, deadline: float | None = None
) -> Binaries:
    """Return binaries with the least ``x'Qx + c.x``, of at most 30 variables.

    Parameters
    ----------
    matrix : (n, n)
        Q.
    linear : (n,)
        c.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        A value of `time.monotonic()` after which the best so far is returned.

    Returns
    -------
    (n,) int8
        The binaries.

    Raises
    ------
    InputError
        If there are more than 30 variables.

    Examples
    --------
    >>> enumeration(np.array([[-1.0, 3.0], [0.0, -2.0]]), np.zeros(2), 0)
    array([0, 1], dtype=int8)
    """
    # numba takes a while to load
    from hopfield_opt.physics.enumeration import ground_states

    pairs = dense(matrix) + dense(matrix).T
    own = pairs.diagonal() / 2 + linear
    np.fill_diagonal(pairs, 0.0)
    # x = (1 + s) / 2
    thresholds = own / 2 + pairs.sum(axis=1) / 4
    states = ground_states(-pairs / 4, thresholds, deadline=deadline).states
    binaries: Binaries = (states[0] > 0).astype(np.int8)
    return binaries


def integer_program(
    matrix: Matrix, linear: Floats, seed: int, deadline: float | None = None
) -> Binaries:
    """Return binaries with the least ``x'Qx + c.x`` that HiGHS finds.

    Each product ``x_i x_j`` becomes a variable y_ij, with ``y_ij <= x_i, x_j`` where its
    coefficient is negative, ``y_ij >= x_i + x_j - 1`` where it is positive [1]_.

    Parameters
    ----------
    matrix : (n, n)
        Q.
    linear : (n,)
        c.
    seed : int
        Not used: HiGHS repeats its runs.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.

    Returns
    -------
    (n,) int8
        The binaries: optimal where HiGHS ends before the deadline.

    References
    ----------
    .. [1] F. Glover, E. Woolsey, "Converting the 0-1 polynomial programming problem to a 0-1
       linear program", Operations Research 22 (1974).
    """
    size = len(linear)
    square = csr_array(matrix)
    pairs = coo_array(triu(square + square.T, 1, format="coo"))
    pairs.eliminate_zeros()
    first, second = (part.astype(np.int64) for part in pairs.coords)
    weights = np.asarray(pairs.data, dtype=np.float64)
    costs = np.concatenate([np.asarray(square.diagonal()) + linear, weights])
    rows, bounds = _products(size, first, second, weights)
    found = highs.minimum(costs, rows, -np.inf, bounds, 1.0, deadline)
    return np.zeros(size, np.int8) if found is None else found[:size].astype(np.int8)


def _products(
    size: int, first: Places, second: Places, weights: Floats
) -> tuple[coo_array, Floats]:
    """Return the rows ``A (x, y) <= b`` that make each y_ij the product of two x."""
    negative, positive = np.flatnonzero(weights < 0), np.flatnonzero(weights > 0)
    n, p = len(negative), len(positive)
    a, b, c = np.arange(n), np.arange(n, 2 * n), np.arange(2 * n, 2 * n + p)
    # (rows, columns, value): y - x_i <= 0, y - x_j <= 0, x_i + x_j - y <= 1
    parts = [
        (a, size + negative, 1.0),
        (a, first[negative], -1.0),
        (b, size + negative, 1.0),
        (b, second[negative], -1.0),
        (c, first[positive], 1.0),
        (c, second[positive], 1.0),
        (c, size + positive, -1.0),
    ]
    rows, columns, values = zip(*parts, strict=True)
    entries = np.repeat(values, [len(row) for row in rows])
    places = (np.concatenate(rows), np.concatenate(columns))
    matrix = coo_array((entries, places), shape=(2 * n + p, size + len(weights)))
    return matrix, np.repeat([0.0, 1.0], [2 * n, p])
