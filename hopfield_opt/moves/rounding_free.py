"""Whether running sums of a network's weights are free of rounding."""

from typing import Any

import numpy as np

from hopfield_opt.arrays import FloatArray
from hopfield_opt.couplings import Coupling, Explicit, Factored, Kronecker
from hopfield_opt.hamiltonian import Hamiltonian


def exponent(values: Any) -> int:
    """Return the largest e such that all values are integer multiples of ``2**e``.

    Examples
    --------
    >>> exponent([6.0, 0.5, 0.0]), exponent([8.0, 24.0]), exponent([0.0])
    (-1, 3, 0)
    """
    values = np.asarray(values, dtype=np.float64)
    values = values[values != 0]
    if not len(values):
        return 0
    mantissa, power = np.frexp(values)
    whole = np.abs(mantissa * 2.0**53).astype(np.int64)
    lowest = (whole & -whole).astype(np.float64)
    return int((power - 53 + np.log2(lowest).astype(np.int64)).min())


def _values(matrix: Any) -> FloatArray:
    return matrix.ravel() if isinstance(matrix, np.ndarray) else matrix.data


def _reach(term: Coupling) -> FloatArray:
    """Return an upper bound of ``sum_j |W_ij|`` and of all sums on the way to it, by spin."""
    if isinstance(term, Explicit):
        matrix: Any = abs(term.matrix)
        return np.asarray(matrix.sum(axis=1)).ravel()
    if isinstance(term, Factored):
        rows: Any = abs(term.rows)
        length = np.asarray(rows.sum(axis=1)).ravel()
        return 4 * np.asarray(rows.T @ (np.abs(term.coefficients) * length))
    if not isinstance(term, Kronecker):
        return _reach(term.expanded())
    left: Any = abs(term.left)
    right: Any = abs(term.right)
    grid = np.abs(term.factors)
    image = left @ grid @ right + left.T @ grid @ right.T
    reach = np.zeros(term.num_spins)
    there = term.indices >= 0
    reach[term.indices[there]] = (2 * abs(term.coefficient) * grid * image)[there]
    return reach


def _unit(term: Coupling) -> int:
    if isinstance(term, Explicit):
        return exponent(_values(term.matrix))
    if isinstance(term, Factored):
        # twice the rows: the form enters squared and alone
        return exponent(term.coefficients) + 2 * min(exponent(_values(term.rows)), 0)
    if not isinstance(term, Kronecker):
        return _unit(term.expanded())
    inside = exponent(_values(term.left)) + exponent(_values(term.right))
    return inside + exponent([term.coefficient]) + 2 * exponent(term.factors) - 2


def largest_field(hamiltonian: Hamiltonian) -> float:
    """Return an upper bound of every local field's size."""
    reach = np.abs(hamiltonian.thresholds)
    for term in hamiltonian.couplings:
        reach = reach + _reach(term)
    return float(reach.max(initial=0.0))


def exact_sums(hamiltonian: Hamiltonian) -> bool:
    """Return whether fields and energies are multiples of one power of two, and small enough.

    Sums of them in float64 are then exact in any order: integers, halves, but not tenths.
    """
    unit = exponent(hamiltonian.thresholds)
    total = np.abs(hamiltonian.thresholds).sum()
    for term in hamiltonian.couplings:
        unit = min(unit, _unit(term))
        total += _reach(term).sum()
    return bool(total < 2.0 ** min(50 + unit, 1000))
