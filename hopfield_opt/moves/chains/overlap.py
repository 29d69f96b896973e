"""Which networks chains of flips serve; it loads none of their kernels."""

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.groups import Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.base import KEPT, MOST_EXPANDED


def accepts(network: Hamiltonian) -> bool:
    """Return whether chains serve a network: ranges that overlap, and couplings for lists.

    Blocks of permutations have swaps of their own, as long as no equality overlaps them.
    """
    ranges = [group for group in network.groups if isinstance(group, Linear)]
    if any(isinstance(group, Permutation) for group in network.groups):
        ranges = [group for group in ranges if group.lower == group.upper]
    if not ranges:
        return False
    count = np.zeros(network.num_spins, np.int64)
    for group in deadline.check_each(network.groups, 100):
        count[group.members] += 1
    overlap = any((count[group.members] > 1).any() for group in deadline.check_each(ranges, 100))
    kept = [term for term in network.couplings if isinstance(term, KEPT)]
    return overlap and sum(term.num_couplings() for term in kept) <= MOST_EXPANDED
