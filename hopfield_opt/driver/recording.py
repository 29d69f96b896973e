"""What `run` records: the names, and the arrays that they become."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import check_memory
from hopfield_opt.dynamics.base import State
from hopfield_opt.dynamics.parts.walkers import Flips
from hopfield_opt.errors import InputError, shown, unknown
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.trace import Trajectory

# What each record is called at the state of a dynamics; the rest is made from the spins.
ATTRIBUTES = {
    "energy": "energies",
    "temperature": "temperatures",
    "outputs": "outputs",
    "lyapunov": "lyapunov",
}
RECORDS = ("energy", "overlap", "states", "temperature", "outputs", "lyapunov")
# What is worth telling of the end, where a dynamics knows it.
DETAILS = ("periods", "flipping", "outputs", "lyapunov", "temperatures", "free_energy")


def checked_records(record: Sequence[str] | str) -> tuple[str, ...]:
    """Return the names of what is to be recorded."""
    if not isinstance(record, Iterable):
        raise InputError(f"record must be a name or several, got {shown(record)}. Leave it out.")
    names = (record,) if isinstance(record, str) else tuple(record)
    for name in names:
        if name not in RECORDS:
            raise unknown("record", name, RECORDS)
    return names


def check_size(
    names: Sequence[str], moments: int, shape: tuple[int, int], patterns: NDArray[Any]
) -> None:
    """Raise SizeError if what is recorded would not fit into memory."""
    replicas, size = shape
    width = {"states": size, "outputs": 8 * size, "overlap": 8 * len(patterns)}
    needed = moments * replicas * sum(width.get(name, 8) for name in names)
    check_memory("record", needed, "Record less, or more rarely with every=10")


class Recorder:
    """Collect the records of groups of replicas, moment by moment.

    Parameters
    ----------
    names : tuple of str
        What to record.
    patterns : (P, N) int8
        The overlaps' other side.
    """

    def __init__(self, names: tuple[str, ...], patterns: NDArray[Any]) -> None:
        self._names = names
        self._patterns = patterns
        self._sweeps: list[float] = []
        self._taken: dict[str, list[NDArray[Any]]] = {name: [] for name in names}

    def take(self, states: Sequence[State]) -> None:
        """Record where all replicas are."""
        self._sweeps.append(max(float(state.sweeps) for state in states))
        for name, taken in self._taken.items():
            taken.append(np.concatenate([self._of(name, state) for state in states]))

    def _of(self, name: str, state: State) -> NDArray[Any]:
        if name == "states":
            return state.states()
        if name == "overlap":
            return overlaps(state.states(), self._patterns)
        attribute = ATTRIBUTES[name]
        if not hasattr(state, attribute):
            raise InputError(
                f"record must be something that this method has, got {name!r}. "
                "Energy, overlap and states can always be recorded."
            )
        return np.array(getattr(state, attribute))

    def trajectory(self) -> Trajectory:
        """Return what was recorded as arrays."""
        records = {name: np.stack(taken) for name, taken in self._taken.items()}
        return Trajectory(np.array(self._sweeps), **records)


def replay(
    start: NDArray[np.int8],
    flips: Flips,
    names: Sequence[str],
    patterns: NDArray[Any],
    energies: NDArray[np.float64],
) -> Trajectory:
    """Return the records before the first flip and after each one, for replicas at `start` (R, N).

    A flip of spin k changes the energy by what was logged and an overlap by ``2 xi_k s_k / N``,
    s_k the new state. The energies are reckoned back from those of the end, (R,).
    """
    replicas, size = start.shape
    # the new state: the start, turned as often as the spin has been flipped
    signs = _new_signs(start, flips.sites)
    records: dict[str, Any] = {}
    if "energy" in names:
        changes = np.zeros((flips.sites.shape[1] + 1, replicas))
        np.cumsum(flips.changes.T, axis=0, out=changes[1:])
        records["energy"] = changes + (energies - changes[-1])
    if "overlap" in names:
        # whole numbers until the last division: no rounding error adds up
        sums = np.empty((flips.sites.shape[1] + 1, replicas, len(patterns)), dtype=np.int32)
        sums[0] = np.rint(size * overlaps(start, patterns))
        sums[1:] = 2 * signs.T[..., None] * patterns.T.astype(np.int8)[flips.sites.T]
        records["overlap"] = np.cumsum(sums, axis=0, out=sums) / size
    if "states" in names:
        moments = np.repeat(start[None], flips.sites.shape[1] + 1, axis=0)
        for r, t in zip(*np.nonzero(signs), strict=True):
            moments[t + 1 :, r, flips.sites[r, t]] = signs[r, t]
        records["states"] = moments
    for name in names:
        if name not in records:
            raise InputError(
                f"record must be energy, overlap or states for each flip, got {name!r}."
            )
    times = np.column_stack([np.zeros(replicas), flips.times]).T
    return Trajectory(times, **records)


def _new_signs(start: NDArray[np.int8], sites: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return what each flipped spin became; 0 after the last flip of a replica."""
    signs = np.zeros(sites.shape, dtype=np.int8)
    spins = start.copy()
    rows = np.arange(len(start))
    for t in range(sites.shape[1]):
        flipped = sites[:, t] >= 0
        spins[rows[flipped], sites[flipped, t]] *= -1
        signs[flipped, t] = spins[rows[flipped], sites[flipped, t]]
    return signs


def details_of(states: Sequence[State]) -> dict[str, NDArray[Any]]:
    """Return what only this dynamics knows of the end, by replica."""
    return {
        name: np.concatenate([np.atleast_1d(getattr(state, name)) for state in states])
        for name in DETAILS
        if all(hasattr(state, name) for state in states)
    }
