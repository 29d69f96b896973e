"""Rows whose running sums never drift: coefficients on a grid on which sums are exact."""

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.groups import Linear


def snap(group: Linear) -> tuple[FloatArray, float, float]:
    """Return coefficients whose sums are exact, and the range.

    Where that needs rounding, what it moves is below the tolerance of the group, half of which
    widens the range.
    """
    slack = 0.5 * group.tolerance
    if not slack:
        return group.coefficients, group.lower, group.upper
    unit = 2.0 ** (np.frexp(np.abs(group.coefficients).sum())[1] - 51)
    return np.round(group.coefficients / unit) * unit, group.lower - slack, group.upper + slack
