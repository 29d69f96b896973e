"""Permutation blocks: replicas are permutations, and moves keep them so."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray
from hopfield_opt.dynamics.kernels.permutation_chain import chain_changes, chain_sweeps
from hopfield_opt.dynamics.kernels.permutation_product import (
    TabuState,
    product_changes,
    product_sweeps,
    tabu_block,
)
from hopfield_opt.dynamics.kernels.permutation_swap import swap_changes, swap_sweeps
from hopfield_opt.dynamics.kernels.permutation_terms import (
    Chain,
    chain_of,
    chain_terms,
    is_dense,
    product_terms,
    swap_terms,
)
from hopfield_opt.dynamics.permutation_form import PermutationForm, accepts, permutation_form
from hopfield_opt.dynamics.permutation_starts import narrowed, permutations_of
from hopfield_opt.hamiltonian import Hamiltonian

__all__ = ["PermutationLayout", "TourLayout", "accepts", "build"]

Lanes = NDArray[np.int64]
Words = NDArray[np.uint64]

# rules and orders as everywhere; any order but RANDOM proposes every move once a sweep
METROPOLIS, RANDOM = 0, 0
# Random states and proposals at each that the schedule looks at.
SAMPLED_STATES, SAMPLED_CHANGES = 8, 512


@dataclass(frozen=True, eq=False)
class PermutationLayout:
    """A block whose replicas are permutations (R, n) from item to place, moved by swaps."""

    form: PermutationForm
    allowed: NDArray[np.bool_] | None
    terms: Any
    sweeps: Any
    changes: Any

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        return 4 * replicas

    def allocate(self, states: NDArray[np.int8], rng: np.random.Generator) -> Lanes:
        """Return the replicas that begin at states (R, N), repaired where they must be.

        Raises
        ------
        InputError
            If no permutation is allowed.
        """
        grids = states[:, self.form.indices] > 0
        return self._from_permutations(permutations_of(grids, self.allowed, rng))

    def extract(self, lanes: Lanes, replicas: int) -> NDArray[np.int8]:
        """Return the first `replicas` lanes as states (R, N)."""
        indices = self.form.indices
        states = np.full((replicas, indices.size), -1, np.int8)
        on = indices[np.arange(len(indices)), self.permutations(lanes[:replicas])]
        np.put_along_axis(states, on, 1, axis=1)
        return states

    def spins(self, lanes: Lanes, replica: int) -> NDArray[np.int8]:
        """Return the state (N,) of one replica."""
        return np.asarray(self.extract(lanes[replica : replica + 1], 1)[0])

    def permutations(self, lanes: Lanes) -> IntArray:
        """Return the place (R, n) of each item."""
        return lanes

    def _from_permutations(self, permutations: IntArray) -> Lanes:
        return permutations

    def sweep_block(
        self,
        lanes: Lanes,
        betas: FloatArray,
        rng: Words,
        rule: int = METROPOLIS,
        order: int = RANDOM,
    ) -> FloatArray:
        """Sweep in place at betas (S, 1) or (S, R); return energies (R,) without the offset."""
        if not lanes.size:
            return np.full(len(lanes), self.form.constant)
        energies = self.sweeps(self.terms, lanes, betas, rng, rule, order)
        return np.asarray(self.form.constant + energies)

    def proposed_changes(self, lanes: Lanes, rng: Words, count: int) -> FloatArray:
        """Return what proposals (R, count) at the lanes would change; 0 for void ones."""
        changes = np.empty((len(lanes), count))
        self.changes(self.terms, lanes, rng, changes)
        return changes


@dataclass(frozen=True, eq=False)
class TourLayout(PermutationLayout):
    """A block whose energy is the length of a chain; replicas are tours (R, m).

    One `pin`, a city with its step, in a closed tour is no restriction of the search: the tour
    is turned when it is read. A path is read from behind its extra city on.
    """

    chain: Chain
    pin: tuple[int, int] | None

    def permutations(self, lanes: Lanes) -> IntArray:
        """Return the place (R, n) of each item."""
        n = len(self.chain.order)
        city, step = (n, n) if not self.chain.closed else self.pin or (0, -1)
        tours = lanes
        if step >= 0:
            at = np.argmax(lanes == city, axis=1) - step
            turned = (np.arange(lanes.shape[1]) + at[:, None]) % lanes.shape[1]
            tours = np.take_along_axis(lanes, turned, axis=1)
        at_line = np.empty((len(lanes), n), np.int64)
        at_line[:, self.chain.order] = tours[:, :n]  # the city of each line
        return _inverses(at_line) if self.chain.by_place else at_line

    def _from_permutations(self, permutations: IntArray) -> Lanes:
        n = len(self.chain.order)
        at_line = _inverses(permutations) if self.chain.by_place else permutations
        tours = at_line[:, self.chain.order]
        if not self.chain.closed:
            tours = np.hstack([tours, np.full((len(tours), 1), n)])
        return np.ascontiguousarray(tours)


def _inverses(permutations: IntArray) -> IntArray:
    inverse = np.empty_like(permutations)
    here = np.broadcast_to(np.arange(permutations.shape[1]), permutations.shape)
    np.put_along_axis(inverse, permutations, here, axis=1)
    return inverse


def build(hamiltonian: Hamiltonian, *, uniform: bool = False) -> PermutationLayout:
    """Return the layout of a Hamiltonian that is `accepts`-ed.

    Parameters
    ----------
    hamiltonian : Hamiltonian
        One permutation block.
    uniform : bool, default False
        Whether a proposal must be as likely as its inverse, so that sweeps at one temperature
        sample the Boltzmann distribution; proposals to near neighbours are not.
    """
    form = permutation_form(hamiltonian)
    allowed = None if form.allowed is None else narrowed(form.allowed)
    chain = chain_of(form)
    if chain is not None:
        return _tour_layout(form, allowed, chain, uniform)
    if is_dense(form, allowed):
        terms = product_terms(form, allowed)
        return PermutationLayout(form, allowed, terms, product_sweeps, product_changes)
    return PermutationLayout(form, allowed, swap_terms(form, allowed), swap_sweeps, swap_changes)


def _tour_layout(
    form: PermutationForm, allowed: NDArray[np.bool_] | None, chain: Chain, uniform: bool
) -> TourLayout:
    pin, steps = None, None
    if allowed is not None:
        steps = (allowed if chain.by_place else allowed.T)[:, chain.order]
        single = np.flatnonzero(steps.sum(axis=1) == 1)
        if chain.closed and not uniform and steps.sum() == (len(steps) - 1) ** 2 + 1 and len(single):
            pin, steps = (int(single[0]), int(np.argmax(steps[single[0]]))), None
    terms = chain_terms(chain, steps, uniform=uniform)
    return TourLayout(form, allowed, terms, chain_sweeps, chain_changes, chain, pin)
