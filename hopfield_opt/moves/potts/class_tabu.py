"""Tabu search and crossings of a Potts model, as an engine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.moves.potts import class_crossing as kernel
from hopfield_opt.moves.potts.class_crossing import BOOK, LOWEST, ClassState
from hopfield_opt.moves.potts.potts_form import PottsForm


@dataclass(frozen=True, eq=False)
class ClassTabu:
    """Pairs of tabu searches over the sites of a Potts model."""

    form: PottsForm

    def start(self, states: NDArray[np.int8], words: NDArray[np.uint64]) -> ClassState:
        """Return searches that begin at states (R, N), repaired where a group does not hold."""
        on = self.form.classes(states)
        count, size = on.shape
        cost, until = np.empty((2, count, *self.form.grid.shape), np.int32)
        order, place, best, found = np.empty((4, count, size), np.int32)
        pair, bred, elite = np.zeros((3, count, 2, size), np.int32)
        book = np.zeros((count, BOOK), np.int64)
        state = ClassState(on, cost, until, order, place, best, found, pair, bred, elite, book)
        kernel.begin_pairs(self.form.terms, state, words)
        return state

    def search(self, state: ClassState, words: NDArray[np.uint64], iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        kernel.search_pairs(self.form.terms, self.form.is_symmetric, state, words, iterations)

    def best(self, state: ClassState) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        return self.form.states(state.found), state.book[:, LOWEST]
