"""Tabu search among the independent sets of a network of conflicts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import SpinArray, WordArray
from hopfield_opt.moves.conflicts.conflict_form import ConflictForm
from hopfield_opt.moves.conflicts.conflict_tabu_kernel import (
    LOWEST,
    SEGMENTS,
    ConflictState,
    conflict_tabu,
    fill,
)


@dataclass(frozen=True, eq=False)
class ConflictTabu:
    """Spins that come in, and those in conflict with them that go."""

    form: ConflictForm

    def start(self, states: SpinArray, words: WordArray) -> ConflictState:
        """Return searches that begin at states (R, N).

        Of those in conflict some are left out, and whoever is in conflict with nobody comes in.
        """
        form, (replicas, size) = self.form, states.shape
        deadline.check(4 * replicas * (size + len(form.terms.neighbours)))
        state = ConflictState(
            wanted=np.ascontiguousarray(states == form.sign),
            tight=np.zeros((replicas, size), np.int32),
            load=np.zeros((replicas, size), np.int64),
            lists=np.zeros((replicas, len(SEGMENTS), size), np.int32),
            counts=np.zeros((replicas, len(SEGMENTS)), np.int64),
            place=np.zeros((replicas, size), np.int32),
            until=np.zeros((replicas, size), np.int64),
            moved=np.zeros((replicas, size), np.int64),
            found=np.zeros((replicas, size), np.bool_),
            book=np.zeros((replicas, 3), np.int64),
        )
        fill(form.terms, state, words)
        return state

    def search(self, state: ConflictState, words: WordArray, moves: int) -> None:
        """Make so many moves in each replica, in place."""
        conflict_tabu(self.form.terms, state, words, moves)

    def best(self, state: ConflictState) -> tuple[SpinArray, NDArray[np.int64]]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        sign = np.int8(self.form.sign)
        return np.where(state.found, sign, -sign), state.book[:, LOWEST]
