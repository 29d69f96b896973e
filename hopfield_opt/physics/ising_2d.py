"""The Ising model on the square lattice: its couplings, and Onsager's exact solution."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from hopfield_opt.arrays import FloatArray, canonical, check_array, check_integer
from hopfield_opt.errors import InputError

__all__ = ["CRITICAL_TEMPERATURE", "onsager_energy", "onsager_magnetisation", "square_lattice"]

CRITICAL_TEMPERATURE = float(2 / np.log1p(np.sqrt(2)))
"""``T_c = 2 / ln(1 + sqrt 2) = 2.26919`` in units of the coupling."""


def square_lattice(length: int) -> csr_array:
    """Return the couplings of nearest neighbours on an L x L lattice with periodic borders.

    ``W_ij = 1`` for neighbours; spin (row, column) has the number ``row * L + column``.

    Parameters
    ----------
    length : int
        L, at least 3: two spins shall be neighbours once.

    Examples
    --------
    >>> square_lattice(3).sum(axis=1).tolist()
    [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
    """
    size = check_integer("length", length, lowest=3)
    sites = np.arange(size**2).reshape(size, size)
    heads = np.concatenate([sites.ravel(), sites.ravel()])
    tails = np.concatenate([np.roll(sites, -1, axis=k).ravel() for k in (0, 1)])
    ones = np.ones(2 * len(heads))
    pairs = (np.concatenate([heads, tails]), np.concatenate([tails, heads]))
    return canonical(csr_array((ones, pairs), shape=(size**2, size**2)))


def onsager_magnetisation(temperature: ArrayLike) -> FloatArray:
    """Return the spontaneous magnetisation per spin of the infinite lattice, coupling 1.

        m = (1 - sinh(2 / T)^-4)^(1/8)  below T_c, 0 above

    Parameters
    ----------
    temperature : float or array
        In units of the coupling.

    References
    ----------
    C. N. Yang, Phys. Rev. 85, 808 (1952), Eq. 96.

    Examples
    --------
    >>> onsager_magnetisation([1.5, 2.2, 2.3]).round(5)
    array([0.9865 , 0.78476, 0.     ])
    """
    t = _positive(temperature)
    with np.errstate(over="ignore"):  # sinh of a cold lattice is infinite, and m is 1
        inside = 1 - np.sinh(2 / t) ** -4.0
    return np.asarray(np.maximum(inside, 0.0) ** 0.125)


def onsager_energy(temperature: ArrayLike) -> FloatArray:
    """Return the energy per spin of the infinite lattice, coupling 1.

        u = -coth(2/T) (1 + (2/pi) (2 tanh(2/T)^2 - 1) K(k)),   k = 2 sinh(2/T) / cosh(2/T)^2

    K is the complete elliptic integral of the first kind with modulus k.

    Parameters
    ----------
    temperature : float or array
        In units of the coupling.

    References
    ----------
    L. Onsager, Phys. Rev. 65, 117 (1944), Eq. 116.

    Examples
    --------
    >>> float(onsager_energy(CRITICAL_TEMPERATURE).round(5))
    -1.41421
    """
    from scipy.special import ellipkm1

    tanh = np.tanh(2 / _positive(temperature))
    # 1 - k^2 = (2 tanh^2 - 1)^2: the argument that keeps its digits near T_c
    odd = 2 * tanh**2 - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        product = np.where(odd == 0, 0.0, odd * ellipkm1(odd**2))
    return np.asarray(-(1 + 2 / np.pi * product) / tanh)


def _positive(temperature: ArrayLike) -> FloatArray:
    t = check_array("temperature", temperature)
    if (t <= 0).any():
        raise InputError(f"temperature must be positive, got {t.min():g}.")
    return t
