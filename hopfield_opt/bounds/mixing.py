"""The kernel of the mixing method."""

import numpy as np

from hopfield_opt.jit import borrowing


# No operation on whole arrays: each would take a second to compile.
@borrowing
def mix(indptr, indices, weights, vectors, lengths, field, sweeps):
    """Set each unit vector along the sum of its neighbours, sweep by sweep, in place.

    Parameters
    ----------
    indptr, indices, weights : arrays
        The couplings (CSR), symmetric.
    vectors : (N, k) float64
        Unit vectors; changed in place.
    lengths : (N,) float64
        Becomes the lengths of the fields that were met last.
    field : (k,) float64
        Room.
    sweeps : int
        How many.
    """
    size, rank = vectors.shape
    for _ in range(sweeps):
        for i in range(size):
            for k in range(rank):
                field[k] = 0.0
            for p in range(indptr[i], indptr[i + 1]):
                j, weight = indices[p], weights[p]
                for k in range(rank):
                    field[k] += weight * vectors[j, k]
            square = 0.0
            for k in range(rank):
                square += field[k] * field[k]
            length = lengths[i] = np.sqrt(square)
            if length > 0.0:
                for k in range(rank):
                    vectors[i, k] = field[k] / length
