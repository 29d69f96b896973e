"""Permutation blocks: replicas are permutations, and moves keep them so."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.base import Layout
from hopfield_opt.moves.permutation.chain import chain_sweeps
from hopfield_opt.moves.permutation.chain_form import Chain, chain_of
from hopfield_opt.moves.permutation.permutation_form import (
    PermutationForm,
    accepts,
    permutation_form,
)
from hopfield_opt.moves.permutation.permutation_starts import narrow, permutations_of
from hopfield_opt.moves.permutation.permutation_terms import (
    chain_terms,
    has_only_products,
    is_dense,
    product_terms,
    swap_terms,
)
from hopfield_opt.moves.permutation.product import ProductTerms, product_sweeps
from hopfield_opt.moves.permutation.swap import swap_sweeps
from hopfield_opt.moves.permutation.swap_tabu import TabuState, begin_search, tabu_block
from hopfield_opt.moves.plans import METROPOLIS, RANDOM
from hopfield_opt.rng import stream

__all__ = ["PermutationLayout", "TourLayout", "accepts", "build"]


# What `betas` looks at: local minima below so many random permutations (approached by so
# many sweeps), and so many proposals at each.
SAMPLED_MINIMA, DESCENT_SWEEPS, SAMPLED_CHANGES = 8, 30, 1024
SAMPLED_ITEMS = 1600
# Of so many items products of lists are tables for tabu search: 8 MB each.
MOST_TABLED = 1000
# At the hot end a typical uphill move (this quantile at local minima) is accepted with
# exp(-HOT), at the cold end a small one with exp(-COLD). Of six pairs that were tried on nug30,
# tai30a, kra30a, eil51, kroA100 and kroA200 this one was best on average, if not by much.
HOT, COLD = 1.5, 10.0
HOT_QUANTILE, COLD_QUANTILE = 0.3, 0.05


@dataclass(frozen=True, eq=False)
class PermutationLayout(Layout):
    """A block whose replicas are permutations (R, n) from item to place, moved by swaps.

    Tabu search has all `products` as tables, also where sweeps go along lists of their entries.
    """

    dear: ClassVar[bool] = True

    form: PermutationForm
    allowed: BoolArray | None
    terms: Any
    sweeps: Any
    products: ProductTerms | None

    def rng_words(self, replicas: int) -> int:
        """Return how many random words start the streams of so many replicas."""
        return 4 * replicas

    def allocate(self, states: SpinArray, rng: WordArray) -> IntArray:
        """Return the replicas that begin at states (R, N), repaired where they must be.

        Raises
        ------
        InputError
            If no permutation is allowed.
        """
        grids = states[:, self.form.indices] > 0
        source = np.random.default_rng([int(word) for word in rng])
        return self._from_permutations(permutations_of(grids, self.allowed, source))

    def extract(self, lanes: IntArray, replicas: int) -> SpinArray:
        """Return the first `replicas` lanes as states (R, N)."""
        indices = self.form.indices
        states = np.full((replicas, indices.size), -1, np.int8)
        on = indices[np.arange(len(indices)), self.permutations(lanes[:replicas])]
        np.put_along_axis(states, on, 1, axis=1)
        return states

    def spins(self, lanes: IntArray, replica: int) -> SpinArray:
        """Return the state (N,) of one replica."""
        return np.asarray(self.extract(lanes[replica : replica + 1], 1)[0])

    def select(self, lanes: IntArray, parents: IntArray) -> None:
        """Give replica r the state of replica ``parents[r]``, in place."""
        lanes[:] = lanes[parents]

    def assign(self, lanes: IntArray, spins: SpinArray) -> None:
        """Give every replica the state `spins` (N,), in place."""
        lanes[:] = self.allocate(spins[None], self._no_words(1))

    def permutations(self, lanes: IntArray) -> IntArray:
        """Return the place (R, n) of each item."""
        return lanes

    def _from_permutations(self, permutations: IntArray) -> IntArray:
        return permutations

    def sweep_block(
        self,
        lanes: IntArray,
        betas: FloatArray,
        rng: WordArray,
        rule: int = METROPOLIS,
        order: int = RANDOM,
    ) -> FloatArray:
        """Sweep in place at betas (S, 1) or (S, R); return energies (R,) without the offset.

        A sweep is PROPOSALS_PER_ITEM proposals for each item that can move; in any order but
        RANDOM it is every move once (all swaps; all reversals, swaps and short insertions).
        """
        if not lanes.size:
            return np.full(len(lanes), self.form.constant)
        energies = self._sweep(lanes, betas, rng, rule, order)
        return np.asarray(self.form.constant + energies)

    def _sweep(
        self,
        lanes: IntArray,
        betas: FloatArray,
        rng: WordArray,
        rule: int = METROPOLIS,
        order: int = RANDOM,
        changes: FloatArray | None = None,
    ) -> Any:
        changes = np.empty((len(lanes), 0)) if changes is None else changes
        return self.sweeps(self.terms, lanes, betas, rng, rule, order, changes)

    def betas(self) -> tuple[float, float]:
        """Return inverse temperatures, hot and cold, that fit the moves, whatever the scale."""
        rng = np.random.default_rng(0)
        # minima of large permutations are alike, and take long to find
        minima = int(np.clip(SAMPLED_ITEMS // max(1, len(self.form.indices)), 2, SAMPLED_MINIMA))
        grids = np.zeros((minima, *self.form.indices.shape), np.bool_)
        lanes = self._from_permutations(permutations_of(grids, self.allowed, rng))
        words = stream(0, words=self.rng_words(len(lanes)))
        cold = np.full((1, 1), np.inf)
        for _ in range(DESCENT_SWEEPS):
            for lane, own in zip(lanes[:, None], words.reshape(len(lanes), -1), strict=True):
                self.sweep_block(lane, cold, own)
                deadline.check()
        changes = self.measure_proposals(lanes, words, SAMPLED_CHANGES)
        uphill = changes[changes > 0]
        if not len(uphill):
            return 1.0, 1.0  # nothing depends on the state: any temperature will do
        typical, small = np.quantile(uphill, [HOT_QUANTILE, COLD_QUANTILE])
        return float(HOT / typical), float(max(HOT / typical, COLD / small))

    def costs(self, lanes: IntArray, rng: WordArray) -> FloatArray:
        """Return the costs of proposals (R, SAMPLED_CHANGES) at the lanes; nan for void ones."""
        changes = self.measure_proposals(lanes, rng, SAMPLED_CHANGES)
        return np.where(changes == 0.0, np.nan, changes)

    def measure_proposals(self, lanes: IntArray, rng: WordArray, count: int) -> FloatArray:
        """Return what proposals (R, count) at the lanes would change; 0 for void ones."""
        changes = np.zeros((len(lanes), count))
        if lanes.size:
            self._sweep(lanes, np.zeros((1, 1)), rng, changes=changes)
        return changes

    @property
    def has_tabu(self) -> bool:
        """Whether `tabu_start` and `tabu_block` work: products, free places."""
        return self.products is not None

    def tabu_start(self, lanes: IntArray) -> TabuState:
        """Return a robust tabu search that begins at the lanes (copied)."""
        energies = self._sweep(lanes, np.empty((0, 1)), self._no_words(len(lanes)))
        assert self.products is not None  # the caller has asked `has_tabu`
        return begin_search(self.products, lanes, energies)

    def tabu_block(self, state: TabuState, iterations: int, rng: WordArray) -> FloatArray:
        """Search on in place; return the energies (R,) of the best met, without the offset.

        The best permutations are ``state.best``, lanes like any other.
        """
        tabu_block(self.products, state, iterations, rng)
        words = self._no_words(len(state.best))
        return self.sweep_block(state.best, np.empty((0, 1)), words)

    def _no_words(self, replicas: int) -> WordArray:
        return np.zeros(self.rng_words(replicas), np.uint64)


@dataclass(frozen=True, eq=False)
class TourLayout(PermutationLayout):
    """A block whose energy is the length of a chain; replicas are tours (R, m).

    One `pin`, a city with its step, in a closed tour is no restriction of the search: the tour
    is turned when it is read. A path is read from behind its extra city on.
    """

    chain: Chain
    pin: tuple[int, int] | None

    def permutations(self, lanes: IntArray) -> IntArray:
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

    def _from_permutations(self, permutations: IntArray) -> IntArray:
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
    allowed = None if form.allowed is None else narrow(form.allowed)
    chain = chain_of(form)
    if chain is not None:
        return _tour_layout(form, allowed, chain, uniform)
    products = None
    if has_only_products(form, allowed) and (is_dense(form) or form.size <= MOST_TABLED):
        products = product_terms(form, allowed)
        if is_dense(form):
            return PermutationLayout(form, allowed, products, product_sweeps, products)
    return PermutationLayout(form, allowed, swap_terms(form, allowed), swap_sweeps, products)


def _tour_layout(
    form: PermutationForm, allowed: BoolArray | None, chain: Chain, uniform: bool
) -> TourLayout:
    pin, steps = None, None
    if allowed is not None:
        steps = (allowed if chain.by_place else allowed.T)[:, chain.order]
        single = np.flatnonzero(steps.sum(axis=1) == 1)
        if (
            chain.closed
            and not uniform
            and steps.sum() == (len(steps) - 1) ** 2 + 1
            and len(single)
        ):
            pin, steps = (int(single[0]), int(np.argmax(steps[single[0]]))), None
    terms = chain_terms(chain, steps, uniform=uniform)
    return TourLayout(form, allowed, terms, chain_sweeps, None, chain, pin)
