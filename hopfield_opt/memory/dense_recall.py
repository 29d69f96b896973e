"""The asynchronous dynamics of dense associative memories."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import rng
from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, SpinArray, WordArray
from hopfield_opt.dynamics.base import Dynamics, Flips
from hopfield_opt.memory import dense_walk
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.physics.overlaps import spin_products

# Patterns that are brought from rows to columns together.
PATTERNS_TURNED = 16
# For each replica the sites, times and changes of its flips, sweep by sweep.
Logs = list[list[tuple[Any, Any, Any]]]


@dataclass(frozen=True, eq=False)
class Falling:
    """Replicas on their way down, each with a stream of its own.

    The streams and orders are those of the pairwise memory flip by flip, so that a polynomial of
    degree 2 goes the same way as Hebb's rule. What is moved is changed in place.
    """

    energy: DenseEnergy
    units: SpinArray
    rows: SpinArray
    overlaps: IntArray
    words: WordArray
    moving: BoolArray
    sweeps: int = 0

    @classmethod
    def init(cls, energy: DenseEnergy, start: SpinArray, seed: SeedSequence) -> Self:
        """Return the replicas at their starts (R, N)."""
        words = rng.words_of(seed, dense_walk.RNG_WORDS * len(start)).reshape(len(start), -1)
        overlaps = spin_products(start, energy.patterns)
        units = np.empty((energy.num_spins, len(energy.patterns)), np.int8)
        # a few patterns at a time stay in a cache: all at once takes ten times as long
        for first in range(0, len(energy.patterns), PATTERNS_TURNED):
            part = slice(first, first + PATTERNS_TURNED)
            units[:, part] = energy.patterns[part].T
        moving = np.ones(len(start), dtype=bool)
        rows = np.array(start, dtype=np.int8)
        return cls(energy, units, rows, overlaps, words, moving)

    @property
    def energies(self) -> FloatArray:
        """(R,) energies of the current states."""
        return self.energy.of_overlaps(self.overlaps)

    @property
    def converged(self) -> bool:
        """Whether nothing moves any more."""
        return not self.moving.any()

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return np.array(self.rows[replica])

    def states(self) -> SpinArray:
        """Return the (R, N) states."""
        return self.rows.copy()


@dataclass(frozen=True)
class DenseDescent(Dynamics):
    """Let one unit after another lower the energy of a dense memory until nothing moves.

    Parameters
    ----------
    order : int
        RANDOM or SEQUENTIAL.
    """

    order: int = dense_walk.RANDOM

    name: ClassVar[str] = "asynchronous"
    summary: ClassVar[str] = "one unit at a time lowers the energy"
    finish_sweeps: ClassVar[int] = 0

    def default_sweeps(self, network: DenseEnergy) -> int:
        """Return a generous budget: a descent that is not through by then is reported so."""
        return 10_000

    def batch(self, network: DenseEnergy) -> int:
        """Return how many replicas share a state: as many as there are."""
        return 2**20

    def init(self, network: DenseEnergy, start: SpinArray, seed: SeedSequence) -> Falling:
        """Return the replicas at their starts (R, N)."""
        return Falling.init(network, start, seed)

    def advance(self, state: Falling, sweeps: int, horizon: int) -> Falling:
        """Return the state after at most `sweeps` sweeps, fewer if nothing moves."""
        return self._sweep(state, sweeps, [[] for _ in state.rows])

    def finish(self, state: Falling) -> Falling:
        """Return the state as it is: where a descent stands is its answer."""
        return state

    def flips(
        self, network: DenseEnergy, start: SpinArray, sweeps: int, seed: SeedSequence
    ) -> tuple[Falling, Flips]:
        """Return the end and every flip of at most `sweeps` sweeps from `start` (R, N)."""
        logs: Logs = [[] for _ in start]
        end = self._sweep(self.init(network, start, seed), sweeps, logs)
        return end, Flips.concatenate(logs)

    def _sweep(self, state: Falling, sweeps: int, logs: Logs) -> Falling:
        """Return the state after at most `sweeps` sweeps, and log the flips of each replica."""
        energy, moving, end = state.energy, state.moving.copy(), state.sweeps + sweeps
        table, reach = dense_walk.table_of(energy), energy.reach
        sites, gains = np.empty(energy.num_spins, dtype=np.int64), np.empty(energy.num_spins)
        done = state.sweeps
        while done < end and moving.any():
            for r in np.flatnonzero(moving):
                parts = (state.rows[r], state.overlaps[r], state.words[r])
                flips = dense_walk.sweep(
                    state.units, table, reach, *parts, self.order, sites, gains
                )
                moving[r] = flips > 0
                changes = -gains[:flips] / (energy.beta if energy.relative else 1.0)
                logs[r].append((sites[:flips].copy(), np.full(flips, float(done)), changes))
            done += 1
        return replace(state, moving=moving, sweeps=done)
