"""The mean-field theory of Hebbian memory (Amit, Gutfreund, Sompolinsky): m(T, alpha)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hopfield_opt.arrays import FloatArray, check_number
from hopfield_opt.errors import InputError
from hopfield_opt.physics.gaussian import NODES, WEIGHTS

__all__ = [
    "CAPACITY",
    "MeanField",
    "glass_state",
    "glass_temperature",
    "melting_temperature",
    "retrieval_overlap",
    "retrieval_state",
    "transition_temperature",
]

CAPACITY = 0.13790556649493
"""The load P / N above which no state near a pattern is left at T = 0 (replica symmetric)."""

# a solution with a smaller overlap is one without memory
NO_OVERLAP = 0.05
TEMPERATURE_ERROR = 1e-4
# below this temperature the average over steps becomes inexact
LOWEST_TEMPERATURE = 0.02
# The overlap falls towards its solution; near T_M this takes some hundred rounds.
OVERLAP_ERROR = 1e-11
MAX_ROUNDS = 10_000


@dataclass(frozen=True)
class MeanField:
    """A solution of the equations of state.

    Attributes
    ----------
    overlap : float
        m with the condensed pattern.
    order : float
        q, the Edwards-Anderson parameter.
    noise : float
        r; the other patterns make a Gaussian field of variance ``alpha r``.
    free_energy : float
        Per spin.
    """

    overlap: float
    order: float
    noise: float
    free_energy: float


def retrieval_overlap(load: float) -> float:
    """Return m of the retrieval state at T = 0; 0 above the capacity.

        m = erf(y),   y (sqrt(2 alpha) + (2 / sqrt pi) exp(-y^2)) = erf(y),   the largest y

    Parameters
    ----------
    load : float
        alpha = P / N.

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987), Sec. 4.

    Examples
    --------
    >>> round(retrieval_overlap(0.1), 5), retrieval_overlap(0.14)
    (0.998, 0.0)
    """
    from scipy.optimize import brentq
    from scipy.special import erf

    alpha = _check_load(load)
    if alpha == 0:
        return 1.0

    def rest(y: float) -> float:
        width = np.sqrt(2 * alpha) + 2 / np.sqrt(np.pi) * np.exp(-(y**2))
        return float(erf(y) - y * width)

    # where the capacity is reached; the branch of larger y is the stable one
    low, high = 1.51121855, max(2.0, 1 / np.sqrt(2 * alpha) + 1)
    return float(erf(brentq(rest, low, high, xtol=1e-13))) if rest(low) > 0 else 0.0


def retrieval_state(load: float, temperature: float) -> MeanField:
    """Return the retrieval state with one condensed pattern, or the glass where there is none.

        m = <tanh x>,  q = <tanh^2 x>,  r = q / (1 - (1 - q) / T)^2,  x = (m + sqrt(alpha r) z) / T

    with the average over the standard normal z, solved from m = 1.

    Parameters
    ----------
    load : float
        alpha = P / N.
    temperature : float
        At least 0.02; for T = 0 see `retrieval_overlap`.

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Phys. Rev. Lett. 55, 1530 (1985).

    Examples
    --------
    >>> round(retrieval_state(0.05, 0.4).overlap, 4)
    0.9662
    """
    alpha, t = _check_load(load), _check_temperature(temperature)
    m = 1.0
    for _ in range(MAX_ROUNDS):
        before, m = m, float(WEIGHTS @ np.tanh(_inputs(m, _width(m, alpha, t), t)))
        if before - m < OVERLAP_ERROR:
            break
    return _with_overlap(m if m > NO_OVERLAP else 0.0, alpha, t)


def glass_state(load: float, temperature: float) -> MeanField:
    """Return the solution without overlap: a spin glass, or above `glass_temperature` nothing.

    Parameters
    ----------
    load : float
        alpha = P / N.
    temperature : float
        T.
    """
    return _with_overlap(0.0, _check_load(load), _check_temperature(temperature))


def glass_temperature(load: float) -> float:
    """Return ``T_g = 1 + sqrt(alpha)``, below which spins freeze without a pattern.

    Parameters
    ----------
    load : float
        alpha = P / N.
    """
    return float(1 + np.sqrt(_check_load(load)))


def melting_temperature(load: float) -> float:
    """Return T_M, above which no retrieval state is left; 0 above the capacity.

    Parameters
    ----------
    load : float
        alpha = P / N.

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987), Fig. 3.

    Examples
    --------
    >>> round(melting_temperature(0.05), 3)
    0.542
    """
    if _check_load(load) >= CAPACITY:
        return 0.0
    return _last(lambda t: retrieval_state(load, t).overlap > NO_OVERLAP, LOWEST_TEMPERATURE)


def transition_temperature(load: float) -> float:
    """Return T_c, up to which retrieval has the lowest free energy; 0 where it never has.

    The free energies of retrieval and of the glass are both replica symmetric, and their
    difference has one minimum, at about T = 0.1: for loads from about 0.0524 to 0.0531 retrieval
    has the lowest one around it only, and the glass again when it is colder (re-entrance).

    Parameters
    ----------
    load : float
        alpha = P / N.

    References
    ----------
    D. J. Amit, H. Gutfreund, H. Sompolinsky, Ann. Phys. 173, 30 (1987), Fig. 3.

    Examples
    --------
    >>> round(transition_temperature(0.03), 2), transition_temperature(0.054)
    (0.48, 0.0)
    """
    from scipy.optimize import minimize_scalar

    def lead(t: float) -> float:
        """Return by how much the free energy of retrieval is above that of the glass."""
        return retrieval_state(load, t).free_energy - glass_state(load, t).free_energy

    melting = melting_temperature(load)
    if not melting:
        return 0.0
    best = minimize_scalar(
        lead,
        bounds=(LOWEST_TEMPERATURE, melting),
        method="bounded",
        options={"xatol": TEMPERATURE_ERROR},
    )
    return _last(lambda t: lead(t) < 0, float(best.x))


def _last(holds: Callable[[float], bool], low: float) -> float:
    """Return the temperature up to which a statement holds from `low` on, by bisection.

    It is 0 where it does not hold at `low`, and must not hold at 1.
    """
    high = 1.0
    if not holds(low):
        return 0.0
    while high - low > TEMPERATURE_ERROR:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return 0.5 * (low + high)


def _inputs(m: float, width: float, t: float) -> FloatArray:
    return (m + width * NODES) / t


def _width(m: float, alpha: float, t: float) -> float:
    """Return sqrt(alpha r) for an overlap: where ``sqrt(alpha q) = width (1 - (1 - q) / T)``."""
    from scipy.optimize import brentq

    def rest(width: float) -> float:
        q = float(WEIGHTS @ np.tanh(_inputs(m, width, t)) ** 2)
        return float(np.sqrt(alpha * q) - width * (1 - (1 - q) / t))

    # positive just above 0, where there is a solution but 0; negative where q is nearly 1
    low, high = 1e-9, 4.0 + 4.0 * np.sqrt(alpha)
    return float(brentq(rest, low, high, xtol=1e-13)) if rest(low) > 0 else 0.0


def _with_overlap(m: float, alpha: float, t: float) -> MeanField:
    width = _width(m, alpha, t)
    x = _inputs(m, width, t)
    q = float(WEIGHTS @ np.tanh(x) ** 2)
    c = (1 - q) / t
    r = q / (1 - c) ** 2 if q else 0.0
    entropic = -t * float(WEIGHTS @ np.logaddexp(x, -x))
    glassy = 0.5 * alpha * (1 + t * np.log(1 - c) - q / (1 - c) + r * c) if alpha else 0.0
    return MeanField(m, q, r, 0.5 * m**2 + float(glassy) + entropic)


def _check_temperature(temperature: float) -> float:
    t = check_number("temperature", temperature)
    if t < LOWEST_TEMPERATURE:
        raise InputError(
            f"temperature must be at least {LOWEST_TEMPERATURE}, got {t}. "
            "For T = 0 use retrieval_overlap."
        )
    return t


def _check_load(load: float) -> float:
    alpha = check_number("load", load)
    if alpha < 0:
        raise InputError(f"load must not be negative, got {alpha}.")
    return alpha
