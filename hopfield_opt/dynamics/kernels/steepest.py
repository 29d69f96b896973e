"""Steepest descent: always the flip that lowers the energy most; plain loops, for teaching."""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.jit import njit


@njit
def _descend(
    begins: Any, columns: Any, weights: Any, thresholds: Any, states: Any, flips: Any
) -> None:
    """Flip up to `flips` spins of every state (R, N) in place.

    Weights are those that a spin is felt with: column i of W, in CSC order.
    """
    replicas, size = states.shape
    for r in range(replicas):
        fields = -thresholds
        for i in range(size):
            for p in range(begins[i], begins[i + 1]):
                fields[columns[p]] += weights[p] * states[r, i]
        for _ in range(flips):
            best, gain = -1, 0.0
            for i in range(size):
                if states[r, i] * fields[i] < gain:
                    best, gain = i, states[r, i] * fields[i]
            if best < 0:
                break
            states[r, best] = -states[r, best]
            for p in range(begins[best], begins[best + 1]):
                fields[columns[p]] += 2.0 * weights[p] * states[r, best]


def descend(
    weights: Any, thresholds: NDArray[np.float64], states: NDArray[np.int8], sweeps: int
) -> None:
    """Flip up to N spins a sweep in each lane (N, L), in place; ties go to the lower number."""
    columns = scipy.sparse.csc_array(weights, dtype=np.float64, copy=True)
    rows = np.ascontiguousarray(states.T)
    _descend(
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int64),
        columns.data,
        np.array(thresholds, dtype=np.float64),
        rows,
        sweeps * len(thresholds),
    )
    states[:] = rows.T
