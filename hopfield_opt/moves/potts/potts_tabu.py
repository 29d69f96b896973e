"""Tabu search where every spin stands in a one-hot group: the network as the kernel wants it."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.couplings import Explicit
from hopfield_opt.groups import OneHot
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves import base
from hopfield_opt.moves.plans import integer_unit
from hopfield_opt.moves.potts.potts_tabu_kernel import (
    BEST,
    BUSY,
    LEVEL,
    LOWEST,
    PottsState,
    PottsTerms,
    potts_tabu,
)
from hopfield_opt.moves.repair import repair_groups

# Energies in whole units stay below this.
MOST_UNITS = 2**58


@dataclass(frozen=True, eq=False)
class PottsTabu:
    """Weights and thresholds in whole units, over binaries; rounded to 58 bits if they must be."""

    hamiltonian: Hamiltonian
    unit: float
    terms: PottsTerms
    costs: NDArray[np.int64]

    @staticmethod
    def accepts(hamiltonian: Hamiltonian) -> bool:
        """Whether every spin stands in a one-hot group and the couplings can be expanded."""
        groups = hamiltonian.groups
        expanded = sum(
            term.num_couplings() for term in hamiltonian.couplings if not isinstance(term, Explicit)
        )
        return (
            all(isinstance(group, OneHot) and len(group.indices) for group in groups)
            and sum(len(group.indices) for group in groups) == hamiltonian.num_spins
            and expanded <= base.MOST_EXPANDED
        )

    @classmethod
    def build(cls, hamiltonian: Hamiltonian) -> Self:
        """Return the layout of a network that is `accepts`-ed."""
        couplings = sum(term.num_couplings() for term in hamiltonian.couplings)
        deadline.check(20 * couplings)
        weights: Any = scipy.sparse.coo_array(scipy.sparse.csr_array(hamiltonian.weights))
        sizes = [len(group.indices) for group in hamiltonian.groups]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        parts = [np.zeros(0, np.int64), *(group.indices for group in hamiltonian.groups)]
        members = np.concatenate(parts).astype(np.int64)
        group = np.zeros(hamiltonian.num_spins, np.int64)
        group[members] = np.repeat(np.arange(len(sizes)), sizes)
        # s = 2 x - 1: Q = -4 W, q = 2 (thresholds + W 1); two members of a group never meet
        costs = 2 * (hamiltonian.thresholds + np.asarray(weights.sum(axis=1)).ravel())
        row, column = weights.coords
        apart = group[row] != group[column]
        row, column, pairs = row[apart], column[apart], -4 * weights.data[apart]
        unit = integer_unit(pairs, costs)
        reach = float(np.abs(pairs).sum() + np.abs(costs).sum())
        if unit is None or reach / unit >= MOST_UNITS:
            unit = reach / MOST_UNITS or 1.0
        q = np.rint(costs / unit).astype(np.int64)
        matrix = scipy.sparse.csr_array(
            (np.rint(pairs / unit).astype(np.int64), (row, column)), shape=(len(q),) * 2
        )
        lowest = q + np.asarray(matrix.minimum(0).sum(axis=1)).ravel()
        floor = np.minimum.reduceat(lowest[members], first[:-1]) if len(sizes) else q
        index = (matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
        return cls(hamiltonian, unit, PottsTerms(*index, group, first, members, floor), q)

    def start(self, states: NDArray[np.int8], words: NDArray[np.uint64]) -> PottsState:
        """Return searches that begin at states (R, N), repaired where a group does not hold."""
        terms, spins = self.terms, states.copy()
        for state, own in zip(spins, words, strict=True):
            repair_groups(
                self.hamiltonian, state, np.random.default_rng([int(word) for word in own])
            )
        replicas, groups = len(states), len(terms.floor)
        picked = spins[:, terms.members] > 0
        on = np.empty((replicas, groups), np.int64)
        for r in range(replicas):
            on[r, terms.group[terms.members[picked[r]]]] = terms.members[picked[r]]
        begins, neighbours, weights = terms[:3]
        matrix = scipy.sparse.csr_array((weights, neighbours, begins), shape=(states.shape[1],) * 2)
        push = np.asarray((matrix @ (spins > 0).T.astype(np.int64)).T)
        c = self.costs + push
        here = np.take_along_axis(c, on, axis=1)
        busy = here > terms.floor
        order = np.argsort(~busy, axis=1, kind="stable")
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.broadcast_to(np.arange(groups), order.shape), axis=1)
        book = np.zeros((replicas, 6), np.int64)
        level = (here - np.take_along_axis(push, on, axis=1) // 2).sum(axis=1)
        book[:, LEVEL] = book[:, LOWEST] = book[:, BEST] = level
        book[:, BUSY] = busy.sum(axis=1)
        return PottsState(
            on,
            np.ascontiguousarray(c),
            np.zeros(states.shape, np.int64),
            order,
            place,
            on.copy(),
            book,
        )

    def search(self, state: PottsState, words: NDArray[np.uint64], iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        if len(self.terms.floor):
            potts_tabu(self.terms, state, words, iterations)

    def best(self, state: PottsState) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        states = np.full(state.c.shape, -1, np.int8)
        np.put_along_axis(states, state.found, 1, axis=1)
        return states, state.book[:, LOWEST]
