"""Cluster recombination: take from each replica the parts in which it is better.

Where a replica differs from an incumbent, the differing spins fall into connected clusters.
No coupling joins two of them, so each can be flipped on its own, and the energy changes add up.
"""

import numpy as np

from hopfield_opt.jit import njit
from hopfield_opt.xoshiro import draw

SAME, DIFFERS, SEEN = np.int8(0), np.int8(1), np.int8(2)


@njit
def merge(indptr, indices, weights, thresholds, incumbent, replicas, even, rng):
    """Flip in the incumbent each cluster of each replica that lowers the energy, ties at random.

    Parameters
    ----------
    indptr, indices, weights, thresholds : arrays
        The couplings (CSR) and thresholds.
    incumbent : (N,) int8
        Changed in place.
    replicas : (R, N) int8
        Other states.
    even : bool
        Whether all thresholds are zero: a state and its mirror image are then the same, and the
        one nearer to the incumbent is taken.
    rng : (4,) uint64
        A stream; changed in place.

    Returns
    -------
    float
        The change of the incumbent's energy, at most 0.
    """
    width, size = replicas.shape
    cluster = np.empty(size, dtype=np.int64)
    mark = np.empty(size, dtype=np.int8)
    total = 0.0
    for lane in range(width):
        state = replicas[lane]
        overlap = 0
        for i in range(size):
            overlap += state[i] * incumbent[i]
        turned = even and overlap < 0
        for i in range(size):
            mark[i] = SAME if (state[i] == incumbent[i]) != turned else DIFFERS
        for first in range(size):
            if mark[first] != DIFFERS:
                continue
            mark[first] = SEEN
            cluster[0] = first
            end, at, change = 1, 0, 0.0
            while at < end:
                i = cluster[at]
                at += 1
                outer = -thresholds[i]  # the local field of all that stays as it is
                for p in range(indptr[i], indptr[i + 1]):
                    j = indices[p]
                    # a neighbour that differs belongs to this cluster, seen before or not
                    if mark[j] == SAME:
                        outer += weights[p] * incumbent[j]
                    elif mark[j] == DIFFERS:
                        mark[j] = SEEN
                        cluster[end] = j
                        end += 1
                change += 2.0 * incumbent[i] * outer
            bits = draw(rng)
            if change < 0.0 or (change == 0.0 and bits >> np.uint64(63) == np.uint64(0)):
                total += change
                for k in range(end):
                    incumbent[cluster[k]] = -incumbent[cluster[k]]
    return total
