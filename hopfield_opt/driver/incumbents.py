"""The best so far: what was met, when, and who is told."""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import SpinArray
from hopfield_opt.driver.archive import Archive
from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.judging import SAME, NetworkJudge
from hopfield_opt.driver.known_bounds import KnownBounds
from hopfield_opt.driver.listening import Incumbent, Listener
from hopfield_opt.dynamics.base import State, bound_of, is_tied
from hopfield_opt.result import Candidate
from hopfield_opt.trace import Trace


def _is_settled(candidate: Candidate, other: Candidate) -> bool:
    """Whether a feasible candidate has less energy than another one, by more than rounding."""
    return candidate.feasible and candidate.energy < other.energy - SAME * abs(other.energy)


class Incumbents:
    """Keep the best candidate of all attempts, feasible before infeasible, and its history.

    Parameters
    ----------
    sense : {"minimize", "maximize"}
        The user's sense.
    clock : Clock
        Time.
    target : float or None
        A value in the user's sense that is good enough.
    listener : Listener, optional
        Told of each improvement.
    """

    def __init__(
        self,
        sense: str,
        clock: Clock,
        target: float | None,
        listener: Listener | None = None,
    ) -> None:
        self._judge: NetworkJudge | None = None
        self._searching: Attempt | None = None
        self.by: Attempt | None = None  # where the best was found
        self._sense = sense
        self._clock = clock
        self.target = target
        self.listener = listener or Listener(None)
        self.archive = Archive()
        self._lowest = np.inf  # the lowest energy that was judged
        self._due = 0  # the sweeps at which states are looked at again
        self._before = 0  # the sweeps of earlier attempts
        self._any_will_do = False
        self.found = False  # whether this attempt has improved on a feasible best
        self.own: Candidate | None = None  # the best of this attempt, a state of its network
        self.bounds = KnownBounds(sense)
        self.concluded = False  # whether a search beside this one has proven how it ends
        self._history: list[Incumbent] = []
        self.judging = 0.0  # seconds spent in decoding and evaluating
        self.longest = 0.0  # seconds that one state took

    def begin(
        self,
        judge: NetworkJudge,
        before: int = 0,
        *,
        by: Attempt | None = None,
        any_will_do: bool = False,
    ) -> None:
        """Begin an attempt in a network of its own.

        Parameters
        ----------
        judge : NetworkJudge
            Decodes and evaluates the states of this network.
        before : int
            The sweeps of earlier attempts.
        by : Attempt or None
            The attempt.
        any_will_do : bool
            Whether the attempt ends with the first feasible answer that is better than the best.
        """
        self._judge, self._searching = judge, by
        self._lowest = np.inf
        self._due = 0
        self._before = before
        self._any_will_do = any_will_do
        self.found = False
        self.own = None

    @property
    def best(self) -> Candidate | None:
        """The best so far."""
        return self._history[-1].candidate if self._history else None

    @property
    def value(self) -> float | None:
        """The value of the best so far, if it has one."""
        return None if self.best is None else self.best.value

    @property
    def told_to_stop(self) -> bool:
        """Whether the callback, or somebody outside, wants the run to end."""
        return self.listener.has_stopped or self._clock.is_stopped

    @property
    def over(self) -> bool:
        """Whether the run is to end: somebody said so, or nothing better is wanted."""
        if self.told_to_stop or self.reached or (self.concluded and not self.has_answer):
            return True
        return self.closed and self._is_sound

    @property
    def closed(self) -> bool:
        """Whether the best is feasible and proven to be the best: no other is, or the bound."""
        best = self.best
        if best is None or not best.feasible or best.value is None:
            return False
        return self.concluded or self.bounds.agrees(best.value)

    @property
    def _is_sound(self) -> bool:
        """Whether the energy of what this network was seen to hold is the value.

        Where penalties are raised as need be, light ones may leave codes of no number.
        """
        judge, own = self._judge, self.own
        return judge is None or own is None or not judge.find_broken(own)

    @property
    def enough(self) -> bool:
        """Whether the attempt is to end: with the run, or with any answer where one will do."""
        return self.over or (self._any_will_do and self.found)

    @property
    def reached(self) -> bool:
        """Whether the best is feasible and at the target."""
        best = self.best
        if self.target is None or best is None or not best.feasible or best.value is None:
            return False
        return (
            best.value <= self.target if self._sense == "minimize" else (best.value >= self.target)
        )

    def offer(self, state: SpinArray, energy: float, sweeps: int) -> None:
        """Judge a state and keep it if it is better than the best so far."""
        before = time.monotonic()
        assert self._judge is not None  # an attempt has begun
        candidate = self._judge(state, energy)
        self.note_judging(time.monotonic() - before)
        rank, own, best = candidate.rank(self._sense), self.own, self.best
        if own is None or rank < own.rank(self._sense):
            self.own = candidate
        elif rank == own.rank(self._sense) and not self.closed and _is_settled(candidate, own):
            # no better answer, but slacks and products at their best: the energy is the value
            self.own = candidate
            if best is own:
                self._history[-1] = replace(self._history[-1], candidate=candidate)
        if best is not None and rank >= best.rank(self._sense):
            return
        incumbent = Incumbent(candidate, self._clock.elapsed, self._before + sweeps)
        self._history.append(incumbent)
        self.by = self._searching
        self.found = self.found or candidate.feasible
        if self.closed:
            # a bound may end a run before slacks and products are at their best
            settled = self._judge(*self._judge.settle(candidate))
            if settled.rank(self._sense) == rank:
                self.own = settled
                self._history[-1] = replace(incumbent, candidate=settled)
        self.listener.tell(self._history[-1])

    def meet(self, candidate: Candidate, by: Attempt) -> None:
        """Take a candidate of another network, if it is better than the best so far."""
        best = self.best
        if best is None or candidate.rank(self._sense) < best.rank(self._sense):
            self._history.append(Incumbent(candidate, self._clock.elapsed, self._before))
            self.by = by
            self.listener.tell(self._history[-1])

    def note_bound(
        self, states: Sequence[State], by: str, judge: NetworkJudge | None = None
    ) -> None:
        """Note what a search knows of all energies, where that is a bound on all values."""
        judge = judge or self._judge
        least = max(map(bound_of, states), default=-np.inf)
        value = None if judge is None or not np.isfinite(least) else judge.bound(least)
        if value is not None:
            self.bounds.claim(value, self._clock.elapsed, by)

    def note_judging(self, seconds: float) -> None:
        """Note how long it took to judge one answer."""
        self.judging += seconds
        self.longest = max(self.longest, seconds)

    def adopt(self) -> None:
        """Let an equal answer of this network stand for the best, if that is of an earlier one.

        What is proven is proven of this network, and so are the energy and the state.
        """
        own, best = self.own, self.best
        if own is None or best is None or own is best:
            return
        if own.rank(self._sense) == best.rank(self._sense):
            self._history[-1] = replace(self._history[-1], candidate=own)
            self.by = self._searching

    def look(self, states: Sequence[State], *, last: bool = False) -> None:
        """Judge the lowest state of each group, if it is lower than all that were judged.

        Decoding and evaluating a large problem takes longer than a sweep. The looks are
        therefore spaced by a factor of 1 + N/10^5 in the sweeps done (a count, so that what is
        seen does not depend on the machine), and the last one always takes place.
        """
        sweeps = max(state.sweeps for state in states)
        if sweeps < self._due and not last:
            return
        lowest = min(states, key=lambda state: float(state.energies.min()))
        replica = int(np.argmin(lowest.energies))
        spins = lowest.spins(replica)
        self._due = int(sweeps * (1 + len(spins) / 1e5))
        energy = float(lowest.energies[replica])
        self.archive.offer(self._judge, spins, energy)
        if energy < self._lowest:
            self._lowest = energy
            self.offer(spins, energy, sweeps)

    def look_deep(self, states: Sequence[State], most: int = 256) -> None:
        """Judge every end state, lowest energy first, until one is feasible or the run is over.

        Where a penalty is too weak the lowest energies are infeasible: the answer may stand
        behind them.
        """
        if self.has_answer or self.over:
            return
        order = sorted(
            (float(energy), group, replica)
            for group, state in enumerate(states)
            for replica, energy in enumerate(state.energies)
        )
        for energy, group, replica in order[:most]:
            self.offer(states[group].spins(replica), energy, states[group].sweeps)
            if self.has_answer or self.over or deadline.has_passed():
                return

    def look_at_ties(self, states: Sequence[State]) -> None:
        """Judge every state of an enumeration that has left open which of them is the lowest."""
        for state in states:
            if is_tied(state):
                for replica, energy in enumerate(state.energies):
                    if self.over:
                        return
                    self.offer(state.spins(replica), float(energy), state.sweeps)

    @property
    def has_answer(self) -> bool:
        """Whether the best is feasible."""
        return self.best is not None and self.best.feasible

    def trace(self) -> Trace:
        """Return the history as arrays."""
        values = [np.nan if i.value is None else i.value for i in self._history]
        return Trace(
            seconds=np.array([i.seconds for i in self._history]),
            sweeps=np.array([i.sweeps for i in self._history], dtype=np.int64),
            energy=np.array([i.energy for i in self._history]),
            value=np.array(values, dtype=np.float64),
            bound_seconds=np.array([claim.seconds for claim in self.bounds.claims]),
            bound=np.array([claim.value for claim in self.bounds.claims]),
        )
