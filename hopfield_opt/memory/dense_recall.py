"""The asynchronous dynamics of dense associative memories, with the records of `run`."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import rng
from hopfield_opt.memory import dense_walk
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.trace import Trajectory


@dataclass(eq=False)
class Descent:
    """Replicas on their way down, each with a stream of its own.

    The streams and orders are those of the pairwise memory flip by flip, so that a polynomial of
    degree 2 goes the same way as Hebb's rule.
    """

    energy: DenseEnergy
    order: int
    states: NDArray[np.int8]
    overlaps: NDArray[np.int64]
    words: NDArray[np.uint64]
    moving: NDArray[np.bool_]
    sweeps: int = 0
    sites: list[list[int]] = field(default_factory=list)
    times: list[list[float]] = field(default_factory=list)

    @classmethod
    def of(cls, energy: DenseEnergy, start: NDArray[np.int8], order: int, seed: int) -> Self:
        """Return the replicas at their starts (R, N)."""
        stream = np.random.SeedSequence(seed, spawn_key=(0, 1))
        words = rng.words_of(stream, dense_walk.RNG_WORDS * len(start)).reshape(len(start), -1)
        # single precision is exact up to 2^24 units
        overlaps = start.astype(np.float32) @ energy.patterns.T.astype(np.float32)
        moving = np.ones(len(start), dtype=bool)
        states = np.array(start, dtype=np.int8)
        found = cls(energy, order, states, overlaps.astype(np.int64), words, moving)
        found.sites = [[] for _ in start]
        found.times = [[] for _ in start]
        return found

    def advance(self, sweeps: int) -> None:
        """Sweep what still moves, at most so many times."""
        units = np.ascontiguousarray(self.energy.patterns.T)
        table = dense_walk.table_of(self.energy)
        sites = np.empty(self.energy.num_spins, dtype=np.int64)
        end = self.sweeps + sweeps
        while self.sweeps < end and self.moving.any():
            for r in np.flatnonzero(self.moving):
                parts = (self.states[r], self.overlaps[r], self.words[r])
                flips = dense_walk.sweep(
                    units, table, self.energy.relative, *parts, self.order, sites
                )
                self.moving[r] = flips > 0
                self.sites[r] += sites[:flips].tolist()
                self.times[r] += [float(self.sweeps)] * flips
            self.sweeps += 1

    @property
    def energies(self) -> NDArray[np.float64]:
        """(R,) energies of the current states."""
        return self.energy.of_overlaps(self.overlaps)


class Records:
    """Collect records of replicas, moment by moment."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._sweeps: list[Any] = []
        self._taken: dict[str, list[NDArray[Any]]] = {name: [] for name in names}

    def take(self, replicas: Descent, states: Any, overlaps: Any, sweeps: Any) -> None:
        """Record one moment."""
        self._sweeps.append(sweeps)
        for name, taken in self._taken.items():
            if name == "energy":
                taken.append(replicas.energy.of_overlaps(overlaps))
            elif name == "overlap":
                taken.append(overlaps / replicas.energy.num_spins)
            else:
                taken.append(states.copy())

    def trajectory(self) -> Trajectory:
        """Return what was recorded as arrays."""
        records = {name: np.stack(taken) for name, taken in self._taken.items()}
        return Trajectory(np.array(self._sweeps, dtype=np.float64), **records)


def by_sweep(replicas: Descent, names: tuple[str, ...], sweeps: int, every: int) -> Trajectory:
    """Run until nothing moves, recording every so many sweeps."""
    records = Records(names)
    records.take(replicas, replicas.states, replicas.overlaps, 0)
    while replicas.sweeps < sweeps and replicas.moving.any():
        replicas.advance(min(every if names else sweeps, sweeps - replicas.sweeps))
        records.take(replicas, replicas.states, replicas.overlaps, replicas.sweeps)
    return records.trajectory()


def by_flip(replicas: Descent, names: tuple[str, ...], sweeps: int) -> Trajectory:
    """Run until nothing moves, recording the start and every flip."""
    states, overlaps = replicas.states.copy(), replicas.overlaps.copy()
    replicas.advance(sweeps)
    records = Records(names)
    rows = np.arange(len(states))
    records.take(replicas, states, overlaps, np.zeros(len(states)))
    for t in range(max((len(sites) for sites in replicas.sites), default=0)):
        here = np.array([r for r in rows if t < len(replicas.sites[r])])
        sites = np.array([replicas.sites[r][t] for r in here])
        overlaps[here] -= (
            2 * states[here, sites, None] * replicas.energy.patterns[:, sites].T.astype(int)
        )
        states[here, sites] *= -1
        moments = np.full(len(states), np.nan)
        moments[here] = [replicas.times[r][t] for r in here]
        records.take(replicas, states, overlaps, moments)
    return records.trajectory()
