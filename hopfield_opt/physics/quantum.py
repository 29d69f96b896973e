"""Spins in a transverse field: the quantum Hopfield model, in mean field and exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hopfield_opt.arrays import FloatArray, check_array, check_number, check_spins
from hopfield_opt.border import as_array
from hopfield_opt.errors import InputError
from hopfield_opt.physics.enumeration import all_energies

__all__ = ["QuantumGroundState", "quantum_ground_state", "quantum_overlaps"]

MAX_SPINS = 16
MAX_ROUNDS = 100_000
OVERLAP_ERROR = 1e-13


@dataclass(frozen=True, eq=False)
class QuantumGroundState:
    """The lowest eigenstate.

    Attributes
    ----------
    energy : float
        Its energy.
    probabilities : (2^N,) float64
        How likely a measurement of all spins finds each state, by code (`states_of`).
    transverse : float
        ``(1/N) sum_i <sigma^x_i>``, from 0, frozen, to 1, aligned with the transverse field.
    """

    energy: float
    probabilities: FloatArray
    transverse: float


def quantum_ground_state(
    weights: ArrayLike, transverse_field: float, thresholds: ArrayLike | None = None
) -> QuantumGroundState:
    """Return the ground state of a network in a transverse field, by diagonalisation.

        H = -1/2 sum W_ij sigma^z_i sigma^z_j + sum theta_i sigma^z_i - Gamma sum_i sigma^x_i

    With Hebb weights this is the quantum Hopfield model: the field Gamma lets spins tunnel and
    takes the part that temperature has in the classical one.

    Parameters
    ----------
    weights : (N, N), symmetric
        W, N <= 16.
    transverse_field : float
        Gamma, not negative. At 0 the states of lowest energy share the probability.
    thresholds : (N,), optional
        theta; zeros if None.

    Raises
    ------
    InputError
        If shapes do not fit, there are too many spins, or Gamma is negative.

    References
    ----------
    Y.-Q. Ma, C.-D. Gong, Phys. Rev. B 45, 793 (1992).

    Examples
    --------
    One spin in a field: ``E = -sqrt(theta^2 + Gamma^2)``.

    >>> round(quantum_ground_state([[0.0]], 4.0, [3.0]).energy, 10)
    -5.0
    """
    gamma = _check_field(transverse_field)
    size = np.asarray(weights).shape[-1] if np.ndim(weights) else 0
    if not 1 <= size <= MAX_SPINS:
        raise InputError(f"weights must be of 1 to {MAX_SPINS} spins, got {size}.")
    diagonal = all_energies(weights, thresholds)
    if gamma == 0:
        lowest = diagonal <= diagonal.min() + 1e-12 * np.abs(diagonal).max()
        return QuantumGroundState(float(diagonal.min()), lowest / lowest.sum(), 0.0)
    vector = _lowest_vector(diagonal, gamma, size)
    mixed = _flip_all(vector, size)
    energy = float(vector @ (diagonal * vector - gamma * mixed))
    return QuantumGroundState(energy, vector**2, float(vector @ mixed) / size)


def _flip_all(vector: FloatArray, size: int) -> FloatArray:
    """Return ``sum_i sigma^x_i`` applied to a vector."""
    cube = vector.reshape((2,) * size)
    return np.asarray(sum(np.flip(cube, axis=k) for k in range(size))).reshape(-1)


def _lowest_vector(diagonal: FloatArray, gamma: float, size: int) -> FloatArray:
    """Return the normalised eigenvector of the lowest eigenvalue; all its entries are positive."""
    if size < 3:
        rows = [diagonal * unit - gamma * _flip_all(unit, size) for unit in np.eye(2**size)]
        found = np.linalg.eigh(np.array(rows))[1]
    else:
        from scipy.sparse.linalg import LinearOperator, eigsh

        operator = LinearOperator(
            (2**size, 2**size),
            matvec=lambda v: diagonal * v.ravel() - gamma * _flip_all(v.ravel(), size),
            dtype=np.float64,
        )
        # the ground state has no nodes: the even start has a part in it
        found = eigsh(operator, k=1, which="SA", v0=np.ones(2**size))[1]
    return np.abs(np.asarray(found[:, 0], dtype=np.float64))


def quantum_overlaps(
    patterns: ArrayLike, start: ArrayLike, transverse_field: float, temperature: float = 0.0
) -> FloatArray:
    """Return the overlaps that the mean field of a few patterns settles at.

        m_mu = (1/N) sum_i xi_i^mu (h_i / w_i) tanh(w_i / T),  h_i = sum_mu xi_i^mu m_mu,
        w_i = sqrt(h_i^2 + Gamma^2)

    iterated from `start`; exact for large N and a finite number of patterns. One pattern at T = 0
    has ``m = sqrt(1 - Gamma^2)``, and none is retrieved above Gamma = 1.

    Parameters
    ----------
    patterns : (P, N) of -1 and +1
        The patterns xi.
    start : (P,)
        The first overlaps, which choose the basin.
    transverse_field, temperature : float
        Gamma and T, not negative.

    References
    ----------
    H. Nishimori, Y. Nonomura, J. Phys. Soc. Jpn. 65, 3780 (1996).

    Examples
    --------
    >>> quantum_overlaps([[1, -1, 1, 1]], [1.0], 0.6).round(6)
    array([0.8])
    """
    given = np.atleast_2d(as_array("patterns", patterns))
    own = check_spins("patterns", given, given.shape[-1]).astype(np.float64)
    gamma, t = _check_field(transverse_field), check_number("temperature", temperature)
    if t < 0:
        raise InputError(f"temperature must not be negative, got {t}.")
    now = check_array("start", start, (len(own),))
    for _ in range(MAX_ROUNDS):
        field = now @ own
        size = np.hypot(field, gamma)
        frozen = np.tanh(size / t) if t else 1.0
        spins = np.divide(field, size, out=np.zeros_like(field), where=size > 0) * frozen
        before, now = now, own @ spins / own.shape[1]
        if np.abs(now - before).max() < OVERLAP_ERROR:
            break
    return np.asarray(now)


def _check_field(value: float) -> float:
    gamma = check_number("transverse_field", value)
    if gamma < 0:
        raise InputError(f"transverse_field must not be negative, got {gamma}.")
    return gamma
