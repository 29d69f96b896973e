"""Linear programs over whole numbers by HiGHS, for baselines that are exact on small instances."""

import time
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def minimum(
    costs: ArrayLike,
    rows: Any,
    lower: Any,
    upper: Any,
    most: ArrayLike = 1.0,
    deadline: float | None = None,
) -> NDArray[np.float64] | None:
    """Return whole numbers x with the least ``costs.x``, ``lower <= rows x <= upper``.

    Parameters
    ----------
    costs : (n,) array
        What one of each costs.
    rows : (m, n) sparse or dense matrix
        The rows of the constraints.
    lower, upper : float or (m,) array
        Their bounds.
    most : float or (n,) array
        The largest value of each number; the least is 0.
    deadline : float or None
        A value of `time.monotonic()` at which the best so far is returned.

    Returns
    -------
    (n,) float64 or None
        None where there is no such x, or none was found in time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    weights = np.asarray(costs, dtype=np.float64)
    if not len(weights):
        return np.empty(0)
    # by default HiGHS is content with a gap of 1e-4
    options: Any = {"mip_rel_gap": 0.0}
    if deadline is not None:
        options["time_limit"] = max(0.01, deadline - time.monotonic())
    rules = [LinearConstraint(rows, lower, upper)] if rows.shape[0] else []
    bounds = Bounds(0, np.broadcast_to(most, weights.shape))
    whole = np.ones(len(weights), dtype=np.int64)
    found = milp(weights, constraints=rules, integrality=whole, bounds=bounds, options=options)
    return None if found.x is None else np.rint(found.x)
