"""The Sherrington-Kirkpatrick glass: couplings, order parameters of samples, replica theory."""

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt import rng
from hopfield_opt.arrays import FloatArray, check_integer, check_number, check_spins
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError
from hopfield_opt.physics.gaussian import NODES, WEIGHTS

__all__ = [
    "GROUND_STATE_ENERGY",
    "edwards_anderson",
    "glass_order",
    "overlap_distribution",
    "sherrington_kirkpatrick",
]

GROUND_STATE_ENERGY = -0.763167
"""Energy per spin of the infinite glass (G. Parisi, J. Phys. A 13, L115 (1980); full scheme)."""


def sherrington_kirkpatrick(num_spins: int, seed: int | None = None) -> FloatArray:
    """Return symmetric Gaussian couplings of mean 0 and variance 1 / N, zero on the diagonal.

    With this scale the energy is proportional to N and the glass temperature is 1.

    Parameters
    ----------
    num_spins : int
        N.
    seed : int, optional
        None draws one.

    References
    ----------
    D. Sherrington, S. Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975).

    Examples
    --------
    >>> weights = sherrington_kirkpatrick(400, seed=1)
    >>> bool((weights == weights.T).all()), round(float(weights.var() * 400), 1)
    (True, 1.0)
    """
    size = check_integer("num_spins", num_spins, lowest=1)
    normal = rng.generator(rng.check_seed(seed)).standard_normal((size, size))
    upper = np.triu(normal, 1) / np.sqrt(size)
    return np.asarray(upper + upper.T)


def edwards_anderson(states: ArrayLike) -> float:
    """Return ``q_EA = (1/N) sum_i <s_i>^2``, averages taken over the states of one replica.

    S independent states make it too large by about ``(1 - q_EA) / S``. Without a field the
    states must be those of one valley: the average over a state and its mirror image is 0.

    Parameters
    ----------
    states : (S, N) of -1 and +1
        Successive states of one replica.

    References
    ----------
    S. F. Edwards, P. W. Anderson, J. Phys. F 5, 965 (1975).

    Examples
    --------
    >>> edwards_anderson([[1, 1, -1, -1], [1, -1, -1, -1]])
    0.75
    """
    rows = _rows("states", states)
    return float((rows.mean(axis=0, dtype=np.float64) ** 2).mean())


def overlap_distribution(
    first: ArrayLike, second: ArrayLike | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the distribution P(q) of the overlaps of pairs of states.

    Parameters
    ----------
    first : (S, N) of -1 and +1
        Samples of one replica.
    second : (S', N) of -1 and +1, optional
        Samples of another replica of the same couplings, paired with all of the first; None
        takes the pairs of different states of the first, of which there must be two at least.

    Returns
    -------
    values : (N + 1,) float64
        The overlaps that there are, -1, -1 + 2 / N, ..., 1.
    probabilities : (N + 1,) float64
        How often each was met; the sum is 1.

    References
    ----------
    G. Parisi, Phys. Rev. Lett. 50, 1946 (1983).

    Examples
    --------
    >>> values, probabilities = overlap_distribution([[1, 1], [1, -1]], [[-1, -1]])
    >>> values.tolist(), probabilities.tolist()
    ([-1.0, 0.0, 1.0], [0.5, 0.5, 0.0])
    """
    rows = _rows("first", first)
    if second is None and len(rows) < 2:
        raise InputError("first must hold at least two states, got 1. A pair has two.")
    others = rows if second is None else _rows("second", second, rows.shape[1])
    products = rows @ others.T
    if second is None:
        products = products[np.triu_indices(len(rows), 1)]
    size = rows.shape[1]
    places = ((products.ravel() + size) // 2).astype(np.int64)
    counts = np.bincount(places, minlength=size + 1)
    return np.linspace(-1.0, 1.0, size + 1), counts / counts.sum()


def glass_order(temperature: float) -> float:
    """Return q of the replica-symmetric theory without a field.

        q = int Dz tanh(sqrt(q) z / T)^2,   Dz the standard normal measure

    It is 0 above T = 1 and ``1 - sqrt(2 / pi) T`` for small T. The theory is exact above T = 1
    and good to a few per cent above T = 0.5; below, replicas are not symmetric.

    Parameters
    ----------
    temperature : float
        T, in units of the couplings' scale.

    References
    ----------
    D. Sherrington, S. Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975).

    Examples
    --------
    >>> glass_order(1.0), round(glass_order(0.5), 3)
    (0.0, 0.53)
    """
    t = check_number("temperature", temperature)
    if t <= 0:
        raise InputError(f"temperature must be positive, got {t}.")
    if t >= 1:
        return 0.0
    from scipy.optimize import brentq

    def rest(root: float) -> float:
        return float(WEIGHTS @ np.tanh(root * NODES / t) ** 2 - root**2)

    # in sqrt(q): the slope at 0 of what is left is positive below T = 1
    return float(brentq(rest, 1e-6 + np.sqrt(max(0.0, 0.1 * (1 - t))), 1.0, xtol=1e-13)) ** 2


def _rows(name: str, states: ArrayLike, size: int | None = None) -> FloatArray:
    given = np.atleast_2d(as_array("states", states))
    rows = check_spins(name, given, given.shape[-1] if size is None else size)
    if not rows.size:
        raise InputError(f"{name} must hold at least one state, got shape {rows.shape}.")
    return rows.astype(np.float64)
