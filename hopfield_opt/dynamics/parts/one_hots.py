"""Mean spins in one-hot groups: which spin belongs where, and what a group does to itself."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, IntArray, SpinArray
from hopfield_opt.couplings import Explicit
from hopfield_opt.dynamics.parts.fields import Floats
from hopfield_opt.dynamics.parts.graded import signs
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import graded_steps as kernel
from hopfield_opt.moves.base import KEPT


@dataclass(frozen=True, eq=False)
class Groups:
    """The one-hot groups of a network, and the spins that belong to none.

    Attributes
    ----------
    begins, members : int64 arrays
        Group g has the spins ``members[begins[g]:begins[g + 1]]``.
    free : (F,) int64
        The other spins.
    neutral : (N,) float64
        The means at infinite temperature: 0, or ``2 / k - 1`` in a group of k.
    """

    begins: IntArray
    members: IntArray
    free: IntArray
    neutral: FloatArray

    @classmethod
    def of(cls, network: Hamiltonian) -> "Groups":
        """Return the groups of a network."""
        parts = [group.members for group in network.groups]
        sizes = np.array([len(part) for part in parts], np.int64)
        members = np.concatenate([np.zeros(0, np.int64), *parts])
        neutral = np.zeros(network.num_spins)
        neutral[members] = np.repeat(2.0 / np.maximum(sizes, 1) - 1.0, sizes)
        free = np.setdiff1d(np.arange(network.num_spins), members)
        return cls(np.append(0, np.cumsum(sizes)), members, free, neutral)

    @property
    def sizes(self) -> IntArray:
        """How many spins each group has."""
        return np.diff(self.begins)

    def spread(self, vector: Floats) -> Floats:
        """Return ``D v``: how the means answer a small field at temperature 1, to the power 1/2.

        At a free spin ``v = tanh(h)`` answers with 1, in a group of k the soft maximum of 2 h
        with 4 / k times the field without its mean over the group.
        """
        result = vector.copy()
        if len(self.members):
            own, sizes = vector[self.members], np.maximum(self.sizes, 1)
            sums = np.add.reduceat(np.append(own, 0), np.minimum(self.begins[:-1], len(own)))
            mean = np.where(self.sizes > 0, sums, 0) / sizes
            centred = own - np.repeat(mean, self.sizes)
            result[self.members] = np.repeat(2 / np.sqrt(sizes), self.sizes) * centred
        return result

    def round(self, outputs: Floats) -> SpinArray:
        """Return states (R, N): signs of outputs (N, R), and the largest one of each group."""
        states = np.ascontiguousarray(signs(outputs.T))
        kernel.round_groups(outputs, self.begins, self.members, states)
        return states


def drop_own_couplings(network: Hamiltonian) -> Hamiltonian:
    """Return the network in which the spins of a group are not coupled to each other.

    In a one-hot state the coupling of a with the others of its group, which are off, acts as
    the threshold ``sum_b W_ab``: energies of such states differ as before.
    """
    network = network.expanded(KEPT)
    rows, columns, values = [], [], []
    for group in deadline.check_each(network.groups):
        members, fixed = group.members, np.zeros(network.num_spins)
        for term in network.couplings:
            own = term.restricted(members, fixed)[0].to_sparse().tocoo()
            rows.append(members[own.row])
            columns.append(members[own.col])
            values.append(own.data)
    if not any(part.any() for part in values):
        return network
    size = network.num_spins
    places = np.concatenate(rows), np.concatenate(columns)
    inside = csr_array((np.concatenate(values), places), shape=(size, size))
    terms = [*network.couplings, Explicit(-inside)]
    return Hamiltonian(terms, network.thresholds + inside.sum(axis=1))
