"""Replicas that walk one after another, each with a random stream of its own."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt import rng
from hopfield_opt.arrays import BoolArray, FloatArray, SpinArray, WordArray
from hopfield_opt.dynamics.base import Flips
from hopfield_opt.hamiltonian import Hamiltonian, Network
from hopfield_opt.moves.single import walk

# Fields are summed anew after so many sweeps, before rounding errors add up.
REFRESH = 100


@dataclass(frozen=True, eq=False)
class Walkers:
    """Replicas with their fields and streams.

    Attributes
    ----------
    network : Hamiltonian or Network
        Without groups.
    weights : walk.Weights
        As the kernel reads them.
    rows : (R, N) int8
        The states; changed in place.
    held : (R, M) float64
        What the kernel keeps of each, see `walk.held_of`; changed in place.
    words : (R, 4) uint64
        The streams; changed in place.
    sweeps : int
        Sweeps done since the start.
    moving : (R,) bool
        Which can still move.
    """

    network: Hamiltonian | Network
    weights: walk.WalkWeights
    rows: SpinArray
    held: FloatArray
    words: WordArray
    moving: BoolArray
    sweeps: int = 0

    @classmethod
    def init(cls, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence) -> Self:
        """Return the replicas that begin at `start` (R, N)."""
        weights = walk.prepare(network)
        rows = np.array(start, dtype=np.int8)
        held = walk.held_of(network, weights, rows)
        words = rng.words_of(seed, walk.RNG_WORDS * len(rows)).reshape(len(rows), -1)
        return cls(network, weights, rows, held, words, np.ones(len(rows), dtype=bool))

    def sweep(self, betas: FloatArray, rule: int, order: int) -> Self:
        """Return the state after one sweep at each of `betas` (S,)."""
        moving, done = self.moving.copy(), 0
        while done < len(betas) and moving.any():
            block = self._block(betas, done, moving)
            parts = (self.rows, self.held, block, self.words, moving)
            done += walk.walk_all(self.weights, self.network.thresholds, *parts, rule, order)
        return replace(self, sweeps=self.sweeps + done, moving=moving)

    def _block(self, betas: FloatArray, done: int, moving: BoolArray) -> FloatArray:
        """Return the betas up to the next refresh of the fields; make one if it is due."""
        at = self.sweeps + done
        if at and at % REFRESH == 0:
            self.held[moving] = walk.held_of(self.network, self.weights, self.rows[moving])
        return betas[done : done + REFRESH - at % REFRESH]

    def walk(self, betas: FloatArray, rule: int, order: int) -> tuple[Self, Flips]:
        """Return the state after one sweep at each of `betas` (S,), and the flips in between."""
        moving = self.moving.copy()
        logs: list[list[tuple[Any, Any, Any]]] = [[] for _ in self.rows]
        done = 0
        while done < len(betas) and moving.any():
            block = self._block(betas, done, moving)
            most = 0
            for r in np.flatnonzero(moving):
                parts = (self.rows[r], self.held[r], block, self.words[r])
                sites, times, changes, through, sweeps = walk.walk(
                    self.weights, self.network.thresholds, *parts, rule, order
                )
                logs[r].append((sites, times + self.sweeps + done, changes))
                moving[r] = not through
                most = max(most, sweeps)
            done += most
        return replace(self, sweeps=self.sweeps + done, moving=moving), Flips.concatenate(logs)

    @cached_property
    def energies(self) -> FloatArray:
        """(R,) energies of the current states; nan for a Network."""
        network = self.network
        if not isinstance(network, Hamiltonian):
            return np.full(len(self.rows), np.nan)
        if self.weights.kind == walk.FACTORS:
            return np.asarray(network.energy(self.rows))
        # from the fields h = W s - thresholds: E = -1/2 s.h + 1/2 thresholds.s + constants
        aligned = self.weights.unit * np.einsum("rn,rn->r", self.rows, self.held)
        constant = network.offset + sum(term.constant for term in network.couplings)
        return np.asarray((self.rows @ network.thresholds - aligned) / 2 + constant)

    @property
    def converged(self) -> bool:
        """Whether no replica can move any more."""
        return not self.moving.any()

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return np.array(self.rows[replica])

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return self.rows.copy()
