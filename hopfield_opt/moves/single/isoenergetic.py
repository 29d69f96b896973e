"""Isoenergetic cluster moves between pairs of replicas at one temperature."""

import numpy as np

from hopfield_opt.jit import njit
from hopfield_opt.xoshiro import draw


@njit
def exchange_clusters(indptr, indices, lanes, pairs, even, rng):
    """Let the replicas of each pair exchange clusters of spins in which they differ.

    The spins in which two replicas differ fall into clusters that no coupling joins. Around a
    cluster both are equal, so that exchanging it changes their energies by opposite amounts: the
    sum stays, and with it the weight of the pair at a common temperature. The clusters are the
    same afterwards. Each is exchanged with probability 1/2: the way back is as likely.

    Parameters
    ----------
    indptr, indices : int64 arrays
        Who is coupled to whom (CSR).
    lanes : (N, L) int8
        The replicas, changed in place.
    pairs : (P, 2) int64
        Who exchanges with whom.
    even : bool
        Whether all thresholds are zero: where two replicas are nearer to each other's mirror
        image, the clusters are those to the mirror image, and smaller.
    rng : (4,) uint64
        A stream, changed in place.
    """
    size = len(lanes)
    cluster = np.empty(size, dtype=np.int64)
    seen = np.full(size, -1, dtype=np.int64)  # the last pair in which a spin was reached
    for pair in range(len(pairs)):
        a, b = pairs[pair]
        mirror = 1
        if even:
            overlap = 0
            for i in range(size):
                overlap += lanes[i, a] * lanes[i, b]
            mirror = 1 if overlap >= 0 else -1
        # products of equal spins are `mirror`, also of those exchanged: both are flipped
        for first in range(size):
            if seen[first] == pair or lanes[first, a] * lanes[first, b] == mirror:
                continue
            chosen = draw(rng) >> np.uint64(63) == np.uint64(0)
            seen[first] = pair
            cluster[0] = first
            end, at = 1, 0
            while at < end:
                i = cluster[at]
                at += 1
                for p in range(indptr[i], indptr[i + 1]):
                    j = indices[p]
                    if seen[j] != pair and lanes[j, a] * lanes[j, b] != mirror:
                        seen[j] = pair
                        cluster[end] = j
                        end += 1
            if chosen:
                for k in range(end):
                    lanes[cluster[k], a] = -lanes[cluster[k], a]
                    lanes[cluster[k], b] = -lanes[cluster[k], b]
