"""The ferromagnet in mean field: equation of state and free energy."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, check_array, check_number
from hopfield_opt.errors import InputError

__all__ = ["free_energy", "internal_energy", "magnetisation", "magnetisations"]


def magnetisations(temperature: float, coupling: float = 1.0, field: float = 0.0) -> FloatArray:
    """Return all solutions of the equation of state, ascending.

        m = tanh((J m + H) / T)

    J is the coupling, H the field. There are three below ``T = J`` in a small field, else one.

    Parameters
    ----------
    temperature, coupling : float
        T > 0 and J >= 0, in the same unit.
    field : float
        H.

    Raises
    ------
    InputError
        If the temperature is not positive, or the coupling is negative.

    References
    ----------
    P. Weiss, J. Phys. Theor. Appl. 6, 661 (1907).

    Examples
    --------
    >>> magnetisations(0.5).round(5) + 0.0
    array([-0.9575,  0.    ,  0.9575])
    >>> magnetisations(1.5)
    array([0.])
    """
    t, j, h = _check(temperature, coupling, field)
    from scipy.optimize import brentq  # it takes a while to load

    def rest(m: float) -> float:
        return float(np.tanh((j * m + h) / t) - m)

    # between the points where the slope of `rest` is 0 it has at most one zero
    ends = [-1.0, 1.0]
    if t < j:
        turn = float(np.arctanh(np.sqrt(1 - t / j)))
        ends[1:1] = [m for m in ((-t * turn - h) / j, (t * turn - h) / j) if abs(m) < 1]
    found = []
    for low, high in pairwise(ends):
        if rest(low) == 0:
            found.append(low)
        elif rest(low) * rest(high) < 0:
            found.append(brentq(rest, low, high, xtol=1e-15, rtol=1e-14))
    if rest(1.0) == 0:
        found.append(1.0)
    # without a field 0 is a solution that rounding must not miss
    roots = [0.0 if h == 0 and abs(m) < 1e-12 else m for m in found]
    return np.array(sorted(set(roots)))


def magnetisation(temperature: float, coupling: float = 1.0, field: float = 0.0) -> float:
    """Return the stable magnetisation per spin: the solution with the lowest free energy.

    Of the two without a field below ``T = J`` it is the positive one.

    Parameters
    ----------
    temperature, coupling, field : float
        As for `magnetisations`.

    Examples
    --------
    >>> round(magnetisation(0.8), 5), magnetisation(1.2)
    (0.71041, 0.0)
    """
    found = magnetisations(temperature, coupling, field)
    # the stable one leans to the side of the field, the positive side without one
    return float(found[0] if field < 0 else found[-1])


def free_energy(
    m: ArrayLike, temperature: float, coupling: float = 1.0, field: float = 0.0
) -> FloatArray:
    """Return the Gibbs free energy functional per spin.

        g(m) = J m^2 / 2 - T ln(2 cosh((J m + H) / T))

    Its minima over m are the thermodynamic states: ``dg/dm = 0`` is the equation of state.

    Parameters
    ----------
    m : array
        Magnetisations, any real numbers.
    temperature, coupling, field : float
        T > 0, J >= 0 and H.

    References
    ----------
    C. E. I. Carneiro, V. B. Henriques, S. R. Salinas, Physica A 162, 88 (1989).

    Examples
    --------
    >>> free_energy([0.0, 0.9575], 0.5).round(4)
    array([-0.3466, -0.5098])
    """
    t, j, h = _check(temperature, coupling, field)
    own = check_array("m", m)
    # ln(2 cosh x) = logaddexp(x, -x) overflows nowhere
    x = (j * own + h) / t
    return np.asarray(0.5 * j * own**2 - t * np.logaddexp(x, -x))


def internal_energy(m: ArrayLike, coupling: float = 1.0, field: float = 0.0) -> FloatArray:
    """Return the internal energy per spin in mean field, ``U / N = -J m^2 / 2 - H m``.

    Parameters
    ----------
    m : float or array
        The magnetisation per spin.
    coupling, field : float
        J and H.

    Examples
    --------
    >>> internal_energy([0.0, 1.0])
    array([-0. , -0.5])
    """
    own = check_array("m", m)
    j, h = check_number("coupling", coupling), check_number("field", field)
    return np.asarray(-0.5 * j * own**2 - h * own)


def _check(temperature: float, coupling: float, field: float) -> tuple[float, float, float]:
    t, j = check_number("temperature", temperature), check_number("coupling", coupling)
    if t <= 0:
        raise InputError(f"temperature must be positive, got {t}.")
    if j < 0:
        raise InputError(f"coupling must not be negative, got {j}. This is a ferromagnet.")
    return t, j, check_number("field", field)
