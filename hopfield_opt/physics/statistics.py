"""How much a series of correlated measurements tells: autocorrelation and what follows from it."""

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, check_array
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError

__all__ = ["autocorrelation", "effective_sample_size", "integrated_autocorrelation_time"]

# The window is this many autocorrelation times long: what is cut off is below exp(-WINDOW) of
# an exponential, and the noise of what is kept grows with its root (Sokal: 4 to 10).
WINDOW = 5.0


def autocorrelation(series: ArrayLike) -> FloatArray:
    """Return the normalised autocorrelation function of a stationary series.

        rho(t) = C(t) / C(0),   C(t) = 1 / (S - t) sum_k (x_k - m) (x_{k+t} - m)

    with the mean m over all measurements, and C averaged over the replicas.

    Parameters
    ----------
    series : (S,) or (S, R)
        Measurements in the order of time, S >= 2, of one replica or of R with the same law.

    Returns
    -------
    (S,) float64
        rho(0) = 1, rho(1), ...; 1 throughout if all measurements are equal.

    Raises
    ------
    InputError
        If a number is not finite, or there are fewer than two measurements.

    References
    ----------
    A. Sokal, Monte Carlo Methods in Statistical Mechanics (Cargese lectures, 1996), Sec. 3;
    U. Wolff, Comput. Phys. Commun. 156, 143 (2004).

    Examples
    --------
    >>> autocorrelation([1.0, -1.0, 1.0, -1.0]).round(3).tolist()
    [1.0, -1.0, 1.0, -1.0]
    """
    values = _check(series)
    length = len(values)
    deviation = values - values.mean()
    scale = np.abs(deviation).max()
    if scale <= np.finfo(np.float64).eps * np.abs(values).max():
        return np.ones(length)
    # padded with as many zeros, so that the circular correlation is the open one
    spectrum = np.fft.rfft(deviation / scale, 2 * length, axis=0)
    sums = np.fft.irfft(np.abs(spectrum) ** 2, 2 * length, axis=0)[:length].sum(axis=1)
    covariance = sums / (length - np.arange(length))
    return np.asarray(covariance / covariance[0])


def integrated_autocorrelation_time(series: ArrayLike) -> float:
    """Return the integrated autocorrelation time, in steps of the series.

        tau = 1/2 + sum_{t=1}^{M} rho(t)

    with the smallest window M for which ``M >= 5 tau(M)``: longer ones only add noise. A mean
    over S measurements has the variance ``2 tau / S`` times that of one. tau is 1/2 for
    independent measurements.

    Parameters
    ----------
    series : (S,) or (S, R)
        As for `autocorrelation`. The estimate is good for S beyond some 1000 tau.

    References
    ----------
    A. Sokal, Monte Carlo Methods in Statistical Mechanics (Cargese lectures, 1996), Sec. 3;
    N. Madras, A. D. Sokal, J. Stat. Phys. 50, 109 (1988), Appendix C.

    Examples
    --------
    >>> integrated_autocorrelation_time([1.0, -1.0, -1.0, 1.0] * 100) < 0.5
    True
    """
    times = np.cumsum(autocorrelation(series)) - 0.5
    inside = np.arange(len(times)) >= WINDOW * times
    window = int(np.argmax(inside)) if inside.any() else len(times) - 1
    return float(times[window])


def effective_sample_size(series: ArrayLike) -> float:
    """Return how many independent measurements would know the mean as well: ``S R / (2 tau)``.

    At least 1 and at most S R: what anticorrelations gain is not counted.

    Parameters
    ----------
    series : (S,) or (S, R)
        As for `autocorrelation`.

    References
    ----------
    A. Sokal, Monte Carlo Methods in Statistical Mechanics (Cargese lectures, 1996), Sec. 3.

    Examples
    --------
    >>> effective_sample_size([2.0, 2.0, 2.0])
    1.0
    """
    count = as_array("series", series).size
    doubled = 2 * integrated_autocorrelation_time(series)
    return float(np.clip(count / max(doubled, 1.0), 1.0, count))


def _check(series: ArrayLike) -> FloatArray:
    values = check_array("series", series)
    if values.ndim not in (1, 2) or len(values) < 2 or not values.size:
        raise InputError(
            f"series must have shape (S,) or (S, R) with at least two measurements, "
            f"got {values.shape}. Time is the first axis."
        )
    return values.reshape(len(values), -1)
