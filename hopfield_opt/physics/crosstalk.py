"""Crosstalk between stored patterns, and the errors that it makes."""

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, check_array, check_spins
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError

__all__ = ["crosstalk", "error_probability", "load_of_error"]


def crosstalk(patterns: ArrayLike, *, diagonal: bool = False) -> FloatArray:
    """Return what the other patterns add to the local field at each pattern.

        kappa_i^nu = sum_{mu != nu} xi_i^mu (1/N) sum_{j != i} xi_j^mu xi_j^nu

    With Hebb weights ``W xi^nu = (1 - 1/N) xi^nu + kappa^nu``. Site i of pattern nu is unstable
    where ``C = -xi_i^nu kappa_i^nu`` is larger than 1. Of random patterns C has the mean 0 and
    the variance ``(P - 1) / N``.

    With self-couplings ``W_ii = P/N`` the terms j = i count too, and ``W xi^nu = xi^nu + kappa^nu``
    (the form of the textbooks). They hold each site where it is: the mean of C is then
    ``-(P - 1) / N``, so that fewer sites are unstable than `error_probability` says, and kappa
    of orthogonal patterns is 0.

    Parameters
    ----------
    patterns : (P, N) of -1 and +1
        The patterns xi.
    diagonal : bool
        Whether the network has its self-couplings, as for `learning.hebb`.

    Returns
    -------
    (P, N) float64
        kappa.

    References
    ----------
    J. Hertz, A. Krogh, R. G. Palmer, Introduction to the Theory of Neural Computation (1991),
    section 2.2.

    Examples
    --------
    >>> crosstalk([[1, 1, 1, 1], [1, 1, -1, -1]], diagonal=True)
    array([[0., 0., 0., 0.],
           [0., 0., 0., 0.]])
    """
    given = np.atleast_2d(as_array("patterns", patterns))
    own = check_spins("patterns", given, given.shape[-1]).astype(np.float64)
    correlations = own @ own.T / max(1, own.shape[1])
    np.fill_diagonal(correlations, 0.0)
    return np.asarray(correlations @ own - (0 if diagonal else len(own) - 1) * own / own.shape[1])


def error_probability(load: ArrayLike) -> FloatArray:
    """Return the probability that a site of a stored random pattern is unstable.

        P_err = 1/2 erfc(1 / sqrt(2 alpha)),   alpha = P / N

    Crosstalk is taken as Gaussian of variance alpha. This is the first step from the pattern
    only: above alpha = 0.138 the errors go on like an avalanche.

    Parameters
    ----------
    load : float or array
        alpha, not negative.

    References
    ----------
    J. Hertz, A. Krogh, R. G. Palmer, Introduction to the Theory of Neural Computation (1991),
    section 2.2.

    Examples
    --------
    >>> error_probability([0.138, 0.15, 0.1848]).round(4)
    array([0.0036, 0.0049, 0.01  ])
    """
    from scipy.special import erfc

    alpha = check_array("load", load)
    if (alpha < 0).any():
        raise InputError(f"load must not be negative, got {alpha.min():g}.")
    with np.errstate(divide="ignore"):  # without patterns there is no error
        return np.asarray(0.5 * erfc(1 / np.sqrt(2 * alpha)))


def load_of_error(probability: ArrayLike) -> FloatArray:
    """Return the load at which a site is unstable with a probability below 1/2.

    The inverse of `error_probability`.

    Parameters
    ----------
    probability : float or array
        Between 0 and 1/2.

    Examples
    --------
    >>> load_of_error([0.001, 0.01, 0.1]).round(4)
    array([0.1047, 0.1848, 0.6089])
    """
    from scipy.special import erfcinv

    wanted = check_array("probability", probability)
    if ((wanted <= 0) | (wanted >= 0.5)).any():
        raise InputError(f"probability must be between 0 and 1/2, got {wanted}.")
    return np.asarray(0.5 / erfcinv(2 * wanted) ** 2)
