"""The kernel of the mixing method."""

import numpy as np

from hopfield_opt.jit import njit


@njit
def mix(indptr, indices, weights, vectors, lengths, sweeps):
    """Set each unit vector along the sum of its neighbours, sweep by sweep, in place.

    Parameters
    ----------
    indptr, indices, weights : arrays
        The couplings (CSR), symmetric.
    vectors : (N, k) float64
        Unit vectors; changed in place.
    lengths : (N,) float64
        Becomes the lengths of the fields that were met last.
    sweeps : int
        How many.
    """
    size, rank = vectors.shape
    field = np.empty(rank)
    for _ in range(sweeps):
        for i in range(size):
            field[:] = 0.0
            for p in range(indptr[i], indptr[i + 1]):
                j, weight = indices[p], weights[p]
                for k in range(rank):
                    field[k] += weight * vectors[j, k]
            length = np.sqrt((field * field).sum())
            lengths[i] = length
            if length > 0.0:
                vectors[i] = field / length
