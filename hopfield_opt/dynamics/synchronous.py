"""Synchronous dynamics: all neurons follow their fields at once, and cycles are found."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.random import SeedSequence

from hopfield_opt.arrays import BoolArray, FloatArray, IntArray, SpinArray, check_number
from hopfield_opt.dynamics.base import LANES, Dynamics, energies_of
from hopfield_opt.dynamics.parts.parameters import keep
from hopfield_opt.errors import InputError
from hopfield_opt.groups import Group
from hopfield_opt.hamiltonian import Hamiltonian, Network


@dataclass(frozen=True, eq=False)
class Orbits:
    """Replicas on their way into a cycle.

    A cycle is found by Brent's method: the state is compared with the one at the last sweep that
    was a power of 2, so that two states are enough for a cycle of any period.

    Attributes
    ----------
    network : Hamiltonian or Network
        The network.
    rows : (R, N) int8
        The current states.
    checkpoint : (R, N) int8
        The states at sweep `since`.
    changed : (R, N) bool
        Where a state has differed from its checkpoint.
    periods : (R,) int64
        The period of the cycle that each replica is in (1 is a fixed point); 0 where unknown.
    temperature : float
        0 for the deterministic rule.
    stream : Generator
        What the decisions at a temperature are drawn from; changed in place.
    sweeps, since : int
        Sweeps done since the start, and when the checkpoint was taken.
    """

    network: Hamiltonian | Network
    rows: SpinArray
    checkpoint: SpinArray
    changed: BoolArray
    periods: IntArray
    temperature: float
    stream: np.random.Generator
    sweeps: int = 0
    since: int = 0

    observables: ClassVar[Mapping[str, str]] = {"period": "periods", "flipping": "flipping"}

    def step(self) -> "Orbits":
        """Return where all neurons are after one more sweep."""
        field = self.network.local_field(self.rows)
        if self.temperature:
            return self._warm(field)
        rows = np.where(field == 0, self.rows, np.sign(field)).astype(np.int8)
        sweeps = self.sweeps + 1
        # the sites that change in a cycle stay as they were when it was found
        known = (self.periods > 0)[:, None]
        changed = np.where(known, self.changed, self.changed | (rows != self.checkpoint))
        returned = (rows == self.checkpoint).all(axis=1) & (self.periods == 0)
        fixed = (rows == self.rows).all(axis=1) & (self.periods == 0)
        changed[fixed] = False
        periods = np.where(returned, sweeps - self.since, self.periods)
        periods[fixed] = 1
        checkpoint, since = self.checkpoint, self.since
        if sweeps & (sweeps - 1) == 0:
            checkpoint, since = rows, sweeps
            changed[periods == 0] = False
        return replace(
            self,
            rows=rows,
            checkpoint=checkpoint,
            changed=changed,
            periods=periods,
            sweeps=sweeps,
            since=since,
        )

    def _warm(self, field: FloatArray) -> "Orbits":
        """Return where all neurons are after a sweep at a temperature: nothing repeats there."""
        with np.errstate(over="ignore"):
            on = 1.0 / (1.0 + np.exp(-2.0 * field / self.temperature))
        rows = np.where(self.stream.random(field.shape) < on, 1, -1).astype(np.int8)
        return replace(self, rows=rows, sweeps=self.sweeps + 1)

    @property
    def energies(self) -> FloatArray:
        """(R,) energies of the current states; nan for a Network."""
        return energies_of(self.network, self.rows)

    @property
    def converged(self) -> bool:
        """Whether every replica is in a cycle, which it will never leave."""
        return bool((self.periods > 0).all())

    @property
    def flipping(self) -> BoolArray:
        """(R, N): which spins change in the cycle of each replica; none while it is unknown."""
        return self.changed & (self.periods > 0)[:, None]

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return np.array(self.rows[replica])

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return self.rows.copy()


@dataclass(frozen=True)
class Synchronous(Dynamics):
    """Let all neurons follow their local fields at once.

    ``s(t + 1) = sign(W s(t) - thresholds)``; a field of 0 keeps the state. With symmetric weights
    the end is a fixed point or a cycle of period 2 (Goles); antisymmetric weights without
    thresholds end in cycles of period 4, if no field on the way is 0. (Where some are, other
    periods occur: three neurons with ``W_21 = W_31 = W_32 = 1`` have one of 6.) The state tells
    the period and the flipping sites.

    At a temperature T each neuron is on with probability ``1 / (1 + exp(-2 h_i / T))``. The
    stationary law of symmetric weights is then Peretto's, ``prod_i 2 cosh(h_i / T)`` times
    ``exp(-thresholds's / T)``, and not Boltzmann's.

    Parameters
    ----------
    temperature : float
        In units of the local field; 0 is the deterministic rule.

    References
    ----------
    W. A. Little, Math. Biosci. 19, 101 (1974). E. Goles-Chacc, F. Fogelman-Soulie, D. Pellegrin,
    Discrete Appl. Math. 12, 261 (1985), theorem 1. P. Peretto, Biol. Cybern. 50, 51 (1984).

    Examples
    --------
    >>> import hopfield_opt as ho
    >>> pair = ho.Hamiltonian([[0, 1], [1, 0]])
    >>> end = ho.run(pair, Synchronous(), [1, -1], sweeps=10)
    >>> end.details["periods"].tolist(), end.details["flipping"].tolist()
    ([2], [[True, True]])
    """

    temperature: float = 0.0

    name: ClassVar[str] = "synchronous"
    summary: ClassVar[str] = "all neurons at once follow their fields; finds cycles (Little 1974)"
    keeps: ClassVar[frozenset[type[Group]]] = frozenset()
    bytes_per_spin: ClassVar[int] = 10
    needs_energy: ClassVar[bool] = False
    finish_sweeps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        keep(self, check_number, "temperature")
        if self.temperature < 0:
            raise InputError(f"temperature must be at least 0, got {self.temperature}.")

    def default_sweeps(self, network: Hamiltonian | Network) -> int:
        """Return a generous budget: cycles of symmetric weights are reached much sooner."""
        return 10_000

    def batch(self, network: Hamiltonian | Network) -> int:
        """Return how many replicas share a state."""
        return LANES

    def init(self, network: Hamiltonian | Network, start: SpinArray, seed: SeedSequence) -> Orbits:
        """Return the replicas at their starts (R, N)."""
        rows = np.array(start, dtype=np.int8)
        unchanged = np.zeros(rows.shape, dtype=bool)
        periods = np.zeros(len(rows), dtype=np.int64)
        stream = np.random.default_rng(seed)
        return Orbits(network, rows, rows, unchanged, periods, float(self.temperature), stream)

    def advance(self, state: Orbits, sweeps: int, horizon: int) -> Orbits:
        """Return the state after at most `sweeps` sweeps, fewer if all are in cycles."""
        for _ in range(sweeps):
            if state.converged:
                break
            state = state.step()
        return state

    def finish(self, state: Orbits) -> Orbits:
        """Return the state as it is: a state of a cycle is called one of a cycle."""
        return state
