"""Cluster recombination: take from each replica the parts in which it is better.

Where a replica differs from an incumbent, the differing spins fall into connected clusters.
No coupling joins two of them, so each can be flipped on its own, and the energy changes add up.
"""

import numpy as np

from hopfield_opt.jit import njit


@njit
def merge(indptr, indices, weights, thresholds, incumbent, lanes, even, rng):
    """Flip in the incumbent each cluster of each lane that lowers the energy, ties at random.

    Parameters
    ----------
    indptr, indices, weights, thresholds : arrays
        The couplings (CSR) and thresholds.
    incumbent : (N,) int8
        Changed in place.
    lanes : (N, L) int8
        The replicas.
    even : bool
        Whether all thresholds are zero: a lane and its mirror image are then the same, and the
        one nearer to the incumbent is taken.
    rng : (1,) uint64
        A stream (xorshift); changed in place.

    Returns
    -------
    float
        The change of the incumbent's energy, at most 0.
    """
    size, width = lanes.shape
    cluster = np.empty(size, dtype=np.int64)
    # who has been seen, and in which lane: no need to clear it in between
    seen = np.full(size, -1, dtype=np.int64)
    total = 0.0
    word = rng[0]
    for lane in range(width):
        mirror = np.int8(1)
        if even:
            overlap = 0
            for i in range(size):
                overlap += lanes[i, lane] * incumbent[i]
            mirror = np.int8(1) if overlap >= 0 else np.int8(-1)
        for first in range(size):
            if seen[first] == lane or lanes[first, lane] * mirror == incumbent[first]:
                continue
            seen[first] = lane
            cluster[0] = first
            end, at, change = 1, 0, 0.0
            while at < end:
                i = cluster[at]
                at += 1
                outer = -thresholds[i]  # the local field of all that stays as it is
                for p in range(indptr[i], indptr[i + 1]):
                    j = indices[p]
                    if seen[j] == lane:
                        continue
                    if lanes[j, lane] * mirror != incumbent[j]:
                        seen[j] = lane
                        cluster[end] = j
                        end += 1
                # a neighbour belongs to this cluster exactly if it was flipped or differs
                for p in range(indptr[i], indptr[i + 1]):
                    j = indices[p]
                    if lanes[j, lane] * mirror == incumbent[j]:
                        outer += weights[p] * incumbent[j]
                change += 2.0 * incumbent[i] * outer
            word ^= word << np.uint64(13)
            word ^= word >> np.uint64(7)
            word ^= word << np.uint64(17)
            if change < 0.0 or (change == 0.0 and word >> np.uint64(63) == np.uint64(0)):
                total += change
                for k in range(end):
                    incumbent[cluster[k]] = -incumbent[cluster[k]]
    rng[0] = word
    return total
