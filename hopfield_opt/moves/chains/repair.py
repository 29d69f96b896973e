"""States in which all rows hold: spins are fixed one after another, what is broken is repaired."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.moves.chains.fixing import Choices, fix_all, propagate
from hopfield_opt.moves.chains.mending import Walk, mend
from hopfield_opt.moves.chains.rows import RowTerms

Words = NDArray[np.uint64]
States = NDArray[np.int8]

# So many entries of rows are looked at between two looks at the deadline: some milliseconds.
PIECE = 1_000_000
# A start is looked for in so many attempts, each of which looks at LEAST_WORK entries, and at each
# of them WORK_PER_ENTRY times, but at MOST_WORK at the most: from a tenth of a second to one. What
# can be repaired mostly is within a hundredth of that.
ATTEMPTS = 4
LEAST_WORK, MOST_WORK, WORK_PER_ENTRY = 20_000_000, 200_000_000, 1000
# Once one is found, others get so many times its work, and all of them together MOST_TOGETHER;
# what is not found by then begins where another does.
PATIENCE = 4
MOST_TOGETHER = 100_000_000


@dataclass(frozen=True, eq=False)
class Repair:
    """What makes rows hold.

    Attributes
    ----------
    rows : RowTerms
        The rows.
    choices : Choices
        What they leave no choice from the first.
    """

    rows: RowTerms
    choices: Choices

    @classmethod
    def of(cls, rows: RowTerms) -> Self:
        """Return the repair of some rows."""
        choices = Choices.of(rows)
        propagate(rows, choices)
        return cls(rows, choices)

    @property
    def infeasible(self) -> bool:
        """Whether the rows alone prove, one by one, that no state is within all of them."""
        low, high = self.choices.low, self.choices.high
        return bool(((low > self.rows.upper) | (high < self.rows.lower)).any())

    def starts(self, states: States, words: Words) -> States | None:
        """Return states (R, N) near those that are given in which all rows hold, or None.

        Parameters
        ----------
        states : (R, N) int8
            What holds stays as it is. Else spins that are on are fixed first, in random order.
        words : (4 R,) uint64
            The random numbers of each replica, changed.

        Raises
        ------
        OutOfTime
            If the deadline passes before the first one is found.
        """
        if self.infeasible:
            return None
        ends = states.copy()
        held = [r for r in range(len(states)) if self.rows.hold(states[r])]
        most, together = self.most_work, 0
        for r, own in enumerate(words.reshape(-1, 4)):
            if r in held:
                continue
            late = bool(held) and (together > MOST_TOGETHER or deadline.has_passed())
            start, work = (None, 0) if late else self.start(states[r], own, most)
            if start is None and not held:
                return None
            if not held:
                most = PATIENCE * (work + PIECE)
            together += work
            ends[r] = ends[held[len(held) // 2]] if start is None else start
            held.append(r)
        return ends

    @property
    def most_work(self) -> int:
        """How many entries are looked at before a start is given up."""
        work = LEAST_WORK + WORK_PER_ENTRY * len(self.rows.spin)
        return ATTEMPTS * min(MOST_WORK, work)

    def start(
        self,
        state: States,
        words: Words,
        most: int,
        keys: NDArray[np.float64] | None = None,
        prices: NDArray[np.float64] | None = None,
    ) -> tuple[States | None, int]:
        """Return a state (N,) near `state` in which all rows hold, and the entries looked at.

        Parameters
        ----------
        state : (N,) int8
            The values that spins shall have.
        words : (4,) uint64
            Random numbers, changed.
        most : int
            How many entries to look at; None is returned if no state was found by then.
        keys : (N,) float64, optional
            In whose order spins are fixed, those first that shall be on; random if None.
        prices : (N,) float64, optional
            What a spin costs that is on, in units of what a broken row counts.
        """
        prices = np.zeros(len(state)) if prices is None else prices
        if self.rows.hold(state):
            return state.copy(), len(self.rows.spin)
        work, wanted = 0, state
        for attempt in range(ATTEMPTS):
            source = np.random.default_rng([int(word) for word in (*words, attempt)])
            if attempt:  # half of the spins shall be as they are, the others anything
                anything = source.choice(np.array([-1, 1, 1], np.int8), (2, len(state)))
                wanted = np.where(anything[0] > 0, state, anything[1])
            order = source.random(len(state)) if keys is None or attempt else keys
            walk, used = self._fix_in_order(wanted, order)
            work += used
            share = max(0, most - work) // (ATTEMPTS - attempt)
            while not walk.is_over and share > 0:
                deadline.check()
                piece = min(PIECE, share)
                done = piece - int(mend(self.rows, prices, walk, words, piece))
                share, work = share - done, work + done
            if walk.is_over:
                return walk.spins, work
        return None, work

    def _fix_in_order(self, wanted: States, keys: NDArray[np.float64]) -> tuple[Walk, int]:
        """Return the walk from where all spins are fixed, and the entries looked at."""
        choices = self.choices.copy()
        deadline.check(10 * len(keys))
        order, place = np.lexsort((keys, -wanted)), 0
        while place < len(order):
            deadline.check()
            place = fix_all(self.rows, choices, order, wanted, place, PIECE)
        return Walk.of(self.rows, choices.fixed), 4 * len(self.rows.spin)
