"""Set covers by Chvatal's greedy rule and by HiGHS, as baselines."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from hopfield_opt.baselines import highs
from hopfield_opt.io.scp import Cover

Bools = NDArray[np.bool_]


def greedy(instance: Cover, seed: int, deadline: float | None = None) -> Bools:
    """Return the sets chosen one by one with the least weight for each newly covered element.

    Afterwards sets whose elements are all covered by others are dropped, the heaviest first.
    The weight is at most ``1 + 1/2 + ... + 1/k`` times the least, k the size of the largest
    set [1]_.

    Parameters
    ----------
    instance : Cover
        The sets.
    seed : int
        Not used: the answer is always the same.
    deadline : float or None
        Not used: it takes milliseconds.

    Returns
    -------
    (n,) bool
        The chosen sets.

    References
    ----------
    .. [1] V. Chvatal, "A greedy heuristic for the set-covering problem", Mathematics of
       Operations Research 4 (1979), theorem 1.

    Examples
    --------
    >>> incidence = csr_array([[1, 0, 1], [1, 1, 0], [0, 1, 1]])
    >>> greedy(Cover(np.array([1.0, 3.0, 2.0]), incidence), 0)
    array([ True, False,  True])
    """
    rows, columns = csr_array(instance.incidence), csc_array(instance.incidence)
    # how many elements each set would newly cover
    gains = np.diff(columns.indptr).astype(np.float64)
    chosen = np.zeros(len(instance.weights), dtype=bool)
    covered = np.diff(rows.indptr) == 0
    while not covered.all():
        with np.errstate(divide="ignore", invalid="ignore"):
            price = np.where(gains > 0, instance.weights / gains, np.inf)
        best = int(price.argmin())
        chosen[best] = True
        elements = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        for element in elements[~covered[elements]].tolist():
            gains[rows.indices[rows.indptr[element] : rows.indptr[element + 1]]] -= 1
        covered[elements] = True
    return drop_unneeded(instance, chosen)


def drop_unneeded(instance: Cover, chosen: Bools) -> Bools:
    """Return the choice without sets that it does not need, the heaviest dropped first."""
    columns, kept = csc_array(instance.incidence), chosen.copy()
    times = np.asarray(columns[:, chosen].sum(axis=1)).ravel()
    for one in sorted(np.flatnonzero(chosen).tolist(), key=lambda k: (-instance.weights[k], k)):
        elements = columns.indices[columns.indptr[one] : columns.indptr[one + 1]]
        if (times[elements] > 1).all():
            kept[one] = False
            times[elements] -= 1
    return kept


def integer_program(instance: Cover, seed: int, deadline: float | None = None) -> Bools:
    """Return the lightest cover that HiGHS finds.

    Parameters
    ----------
    instance : Cover
        The sets; an element that is in none is left aside.
    seed : int
        Not used: HiGHS repeats its runs.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.

    Returns
    -------
    (n,) bool
        The chosen sets: optimal where HiGHS ends before the deadline.
    """
    held = np.diff(instance.incidence.indptr) > 0
    rows = csr_array(instance.incidence[np.flatnonzero(held)])
    found = highs.minimum(instance.weights, rows, 1.0, np.inf, 1.0, deadline)
    return greedy(instance, seed) if found is None else found > 0.5
