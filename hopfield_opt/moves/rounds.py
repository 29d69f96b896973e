"""Tabu search in rounds, for networks with groups: an elite of states that are crossed.

A round is a number of iterations, so that a search does not depend on how it is split. What the
rounds end with goes to an elite; once that is full, each round begins at a cross of two of its
members, every group as it is in one of them, repaired where that breaks a group; of a permutation
every item in turn is placed as in one of them, where that is still open.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from hopfield_opt import deadline
from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.groups import Linear, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.moves.groups.grouped import GroupedLayout
from hopfield_opt.moves.groups.lanes import GroupedLanes, TabuMemory
from hopfield_opt.moves.permutation.permuted import PermutationLayout

# Good states that are crossed, and the iterations of a round for each group or free spin.
ELITE, ITERATIONS_PER_UNIT = 8, 50
# The same of a permutation, for each item. Of 8 and 15 with 300, 60 and 30 these were the best, or
# within .05 %, on uniform matrices, grids, clusters of places with flows over orders of magnitude:
# on the last 8 with 300 stayed behind by 1 %.
PERMUTATIONS, ITERATIONS_PER_ITEM = 15, 30
# A spin of a network with groups stays for units / TENURE_SHARE + TENURE_BASE + U(TENURE_SPREAD)
# iterations, but never for more than a share of the units.
TENURE_BASE, TENURE_SHARE, TENURE_SPREAD, MOST_TENURE = 3, 100, 10, 0.25


class Walk(Protocol):
    """Tabu search without rounds."""

    def begin(self, states: SpinArray, words: WordArray) -> Any:
        """Return searches that begin at states (R, N), repaired where a group does not hold."""
        ...

    def go(self, run: Any, words: WordArray, iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        ...

    def best(self, run: Any) -> tuple[SpinArray, FloatArray]:
        """Return the best states (R, N) met, and their energies but for a constant."""
        ...


class GroupRun(NamedTuple):
    """Where searches among groups stand."""

    lanes: GroupedLanes
    memory: TabuMemory


@dataclass(frozen=True, eq=False)
class GroupWalk:
    """Any mix of groups."""

    layout: GroupedLayout
    tenure: tuple[int, int]

    def begin(self, states: SpinArray, words: WordArray) -> GroupRun:
        """Return searches that begin at states (R, N)."""
        lanes = self.layout.allocate(states, words.ravel())
        return GroupRun(lanes, self.layout.tabu_memory(lanes))

    def go(self, run: GroupRun, words: WordArray, iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        self.layout.tabu_block(run.lanes, run.memory, iterations, words, self.tenure)

    def best(self, run: GroupRun) -> tuple[SpinArray, FloatArray]:
        """Return the best states (R, N) met, and their energies but for a constant."""
        return run.memory.best, run.memory.lowest


@dataclass(frozen=True, eq=False)
class PermutationWalk:
    """One permutation with dense products: all swaps are known (Taillard 1991)."""

    layout: PermutationLayout

    def begin(self, states: SpinArray, words: WordArray) -> Any:
        """Return searches that begin at states (R, N)."""
        return self.layout.tabu_start(self.layout.allocate(states, words.ravel()))

    def go(self, run: Any, words: WordArray, iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        self.layout.tabu_block(run, iterations, words.ravel())

    def best(self, run: Any) -> tuple[SpinArray, FloatArray]:
        """Return the best states (R, N) met, and their energies but for a constant."""
        return self.layout.extract(run.best, len(run.best)), run.energies[:, 1]


@dataclass(eq=False)
class Rounds:
    """Where searches stand.

    Attributes
    ----------
    run : object
        Of the walk.
    at : int
        Iterations done in this round.
    elite : list of (float, (N,) int8)
        Good states that differ, the best first.
    found, lowest : (R, N) int8, (R,) float64
        The best states met, and their energies but for a constant.
    generator : numpy Generator
        For crosses.
    """

    run: Any
    at: int
    elite: list[tuple[float, SpinArray]]
    found: SpinArray
    lowest: FloatArray
    generator: np.random.Generator


@dataclass(frozen=True, eq=False)
class RoundTabu:
    """A walk in rounds.

    Attributes
    ----------
    walk : Walk
        What is done in a round.
    length : int
        Iterations of a round.
    unit : (N,) int or None
        Spins with the same number are taken from the same parent. None: what is on in either parent
        is, and the walk chooses as it begins.
    members : int
        Good states that are crossed.
    """

    walk: Walk
    length: int
    unit: IntArray | None
    members: int = ELITE

    def start(self, states: SpinArray, words: WordArray) -> Rounds:
        """Return searches that begin at states (R, N)."""
        generator = np.random.default_rng([int(word) for word in words.ravel()])
        run = self.walk.begin(states, words)
        found, lowest = self.walk.best(run)
        return Rounds(run, 0, [], found.copy(), lowest.copy(), generator)

    def search(self, rounds: Rounds, words: WordArray, iterations: int) -> None:
        """Make so many moves in each replica, in place."""
        while iterations > 0:
            step = min(iterations, self.length - rounds.at)
            self.walk.go(rounds.run, words, step)
            iterations -= step
            rounds.at += step
            found, lowest = self.walk.best(rounds.run)
            lower = lowest < rounds.lowest
            rounds.found[lower], rounds.lowest[lower] = found[lower], lowest[lower]
            if rounds.at == self.length:
                self._next(rounds, words, found, lowest)

    def _next(self, rounds: Rounds, words: WordArray, found: SpinArray, lowest: FloatArray) -> None:
        """Take the round's best states in and begin a round at crosses of the elite."""
        for state, level in zip(found, lowest, strict=True):
            if not any(np.array_equal(state, other) for _, other in rounds.elite):
                rounds.elite.append((float(level), state.copy()))
        rounds.elite.sort(key=lambda member: member[0])
        del rounds.elite[self.members :]
        children = np.array([self._child(rounds, len(found[0])) for _ in found])
        rounds.run, rounds.at = self.walk.begin(children, words), 0

    def _child(self, rounds: Rounds, size: int) -> SpinArray:
        generator, elite = rounds.generator, rounds.elite
        if len(elite) < self.members:
            return generator.choice(np.array([-1, 1], np.int8), size)
        one, other = generator.choice(len(elite), 2, replace=False)
        if self.unit is None:
            return np.asarray(np.maximum(elite[one][1], elite[other][1]))
        from_one = generator.random(self.unit.max(initial=0) + 1) < 0.5
        return np.asarray(np.where(from_one[self.unit], elite[one][1], elite[other][1]))

    def best(self, rounds: Rounds) -> tuple[SpinArray, FloatArray]:
        """Return the best states (R, N) met, and marks (R,) that fall when they change."""
        return rounds.found, rounds.lowest


def _units(hamiltonian: Hamiltonian) -> IntArray:
    """Return numbers of the spins: one for each group, row of a permutation, and spin left."""
    unit = np.full(hamiltonian.num_spins, -1)
    count = 0
    for group in deadline.check_each(hamiltonian.groups, 100):
        if isinstance(group, Linear):
            continue
        lines = group.indices if isinstance(group, Permutation) else group.indices[None]
        for line in lines:
            unit[line] = count
            count += 1
    left = unit < 0
    unit[left] = count + np.arange(left.sum())
    return unit


def permutation_rounds(layout: PermutationLayout) -> RoundTabu:
    """Return the search of one permutation whose layout has one."""
    length = max(1, ITERATIONS_PER_ITEM * layout.form.size)
    return RoundTabu(PermutationWalk(layout), length, None, PERMUTATIONS)


def group_rounds(layout: GroupedLayout) -> RoundTabu:
    """Return the search of any mix of groups."""
    unit = _units(layout.hamiltonian)
    count = int(unit.max(initial=0)) + 1
    base = TENURE_BASE + count // TENURE_SHARE
    tenure = min(base, int(MOST_TENURE * count)), min(TENURE_SPREAD, 1 + int(MOST_TENURE * count))
    return RoundTabu(GroupWalk(layout, tenure), ITERATIONS_PER_UNIT * count, unit)
