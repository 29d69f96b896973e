"""Transfer functions of graded neurons, and the integrals of their inverses."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.moves.graded_steps import RATIONAL, TANH


class Transfer(NamedTuple):
    """A sigmoid function F with values in (-1, 1), in float64.

    Attributes
    ----------
    kind : int
        The function that the kernels take.
    slope : float
        F'(0); the kernels' argument is ``slope`` times ours.
    function, inverse : callable
        F and its inverse.
    integral : callable
        ``G(v) = int_0^v F^-1(w) dw``, Hopfield 1984, Eq. 7.
    """

    kind: int
    slope: float
    function: Callable[[FloatArray], FloatArray]
    inverse: Callable[[FloatArray], FloatArray]
    integral: Callable[[FloatArray], FloatArray]


def _entropy(v: FloatArray) -> FloatArray:
    """Return ``((1 + v) ln(1 + v) + (1 - v) ln(1 - v)) / 2``: the integral of artanh."""
    up, down = 1.0 + v, 1.0 - v
    # 0 ln 0 = 0: the logarithm is taken of 1 where the factor is 0
    logs = up * np.log(np.where(up > 0, up, 1.0)) + down * np.log(np.where(down > 0, down, 1.0))
    return np.asarray(0.5 * logs)


TRANSFERS = {
    "tanh": Transfer(TANH, 1.0, np.tanh, np.arctanh, _entropy),
    # the output x = 1 / (1 + exp(-u)) of a binary is the output v = 2x - 1 of its spin
    "logistic": Transfer(
        TANH,
        0.5,
        lambda u: np.tanh(0.5 * u),
        lambda v: np.asarray(2.0 * np.arctanh(v)),
        lambda v: np.asarray(2.0 * _entropy(v)),
    ),
    "rational": Transfer(
        RATIONAL,
        1.0,
        lambda u: np.asarray(u / (1.0 + np.abs(u))),
        lambda v: np.asarray(v / (1.0 - np.abs(v))),
        lambda v: np.asarray(-np.abs(v) - np.log1p(-np.abs(v))),
    ),
}
