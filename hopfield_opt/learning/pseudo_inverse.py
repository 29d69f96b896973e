"""The pseudo-inverse rule: the projection onto the span of the patterns."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray, check_memory, warn
from hopfield_opt.couplings import Factored
from hopfield_opt.errors import InputError
from hopfield_opt.learning.patterns import Patterns, check_patterns

# Singular values below this part of the largest are rounding.
RANK_TOLERANCE = 1e-10


def pseudo_inverse(patterns: Any, *, diagonal: bool = False) -> FloatArray:
    """Return ``W = X^+ X``, the projection onto the span of the patterns (the rows of X).

    ``W xi = xi`` for every pattern, however much they are alike. Without the diagonal the
    field of pattern xi is ``(1 - W_ii) xi_i``: it stays a fixed point.

    Parameters
    ----------
    patterns : (P, ...) array
        Two-valued; linearly dependent ones are stored as well, with a warning.
    diagonal : bool
        Whether to keep W_ii instead of 0.

    Returns
    -------
    (N, N) float64
        Exactly symmetric.

    Raises
    ------
    InputError
        If the patterns span the whole space: W would be the identity, which recalls nothing.

    References
    ----------
    L. Personnaz, I. Guyon, G. Dreyfus, J. Physique Lett. 46, L359 (1985).

    Examples
    --------
    >>> pseudo_inverse([[1, 1, -1, -1], [1, 1, 1, -1]], diagonal=True).round(3)[0].tolist()
    [0.333, 0.333, 0.0, -0.333]
    """
    known = check_patterns(patterns)
    check_memory("weights", 16 * known.num_spins**2)
    basis = _basis(known)
    weights = basis.T @ basis
    weights = (weights + weights.T) / 2
    if not diagonal:
        np.fill_diagonal(weights, 0.0)
    return np.asarray(weights)


def pseudo_inverse_factors(patterns: Any) -> Factored:
    """Return the pseudo-inverse weights (zero diagonal) as factors, never as a matrix.

    The factors are an orthonormal basis of the span: ``W = B'B`` off the diagonal.

    Parameters
    ----------
    patterns : (P, ...) array
        As for `pseudo_inverse`.

    Examples
    --------
    >>> pseudo_inverse_factors([[1, 1, -1, -1], [1, 1, 1, -1]]).to_dense()[0].round(3).tolist()
    [0.0, 0.333, 0.0, -0.333]
    """
    return Factored(_basis(check_patterns(patterns)), -0.5)


def _basis(known: Patterns) -> FloatArray:
    """Return orthonormal rows (rank, N) that span the patterns."""
    rows = known.floats()
    if len(known) <= known.num_spins:
        # P x P: the inner products are whole numbers, and P may be much smaller than N
        values, vectors = np.linalg.eigh(rows @ rows.T)
        keep = values > RANK_TOLERANCE * values[-1]
        basis = (vectors[:, keep] / np.sqrt(values[keep])).T @ rows
        # once more: where patterns are much alike the first pass is not orthogonal enough
        basis = np.linalg.qr(basis.T)[0].T
    else:
        _, values, basis = np.linalg.svd(rows, full_matrices=False)
        basis = basis[values > RANK_TOLERANCE * values[0]]
    rank = len(basis)
    if rank == known.num_spins:
        raise InputError(
            f"patterns must span less than all {rank} dimensions for the pseudo-inverse rule, got "
            f"{len(known)} patterns of rank {rank}. Store fewer patterns, or take rule='hebb'."
        )
    if rank < len(known):
        warn(f"the {len(known)} patterns have rank {rank}: some are sums of others.")
    return np.ascontiguousarray(basis)
