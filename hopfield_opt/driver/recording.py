"""What `run` records: the names, and the arrays that they become."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, IntArray, SpinArray, check_integer, check_memory
from hopfield_opt.border import as_list
from hopfield_opt.driver.loop import Moment
from hopfield_opt.dynamics.base import Flips, State, observables_of
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.trace import Trajectory

# What can be recorded of any dynamics, and of single flips nothing else.
GENERAL = ("energy", "overlap", "states")


def check_records(record: Sequence[str] | str) -> tuple[str, ...]:
    """Return the names of what is to be recorded."""
    names = [record] if isinstance(record, str) else as_list(record)
    if names is None:
        raise InputError(f"record must be a name or several, got {show(record)}. Leave it out.")
    return tuple(names)


def check_interval(every: str | int) -> int:
    """Return the sweeps between two records."""
    if isinstance(every, str):
        check_choice("every", every, ("sweep", "flip"))
        return 1
    return check_integer("every", every, lowest=1)


def _check_size(moments: int, bytes_each: int) -> None:
    """Raise SizeError if so many moments would not fit into memory."""
    check_memory("record", moments * bytes_each, "Record less, or more rarely with every=10")


class Recorder:
    """Collect the records of groups of replicas, moment by moment.

    Parameters
    ----------
    names : tuple of str
        What to record.
    patterns : (P, N) int8
        The overlaps' other side.
    moments : int
        How many there will be at the most.

    Raises
    ------
    InputError
        At the first moment, if a name is none of what its states have.
    SizeError
        At the first moment, if so many would not fit into memory.
    """

    def __init__(self, names: tuple[str, ...], patterns: NDArray[Any], moments: int) -> None:
        self._names = names
        self._patterns = patterns
        self._moments = moments
        self._sweeps: list[int] = []
        self._taken: dict[str, list[NDArray[Any]]] = {}

    def __call__(self, moment: Moment) -> None:
        """Record where all replicas are, if it is time to."""
        if not self._sweeps:
            self._begin(moment)
        elif (moment.due or moment.last) and moment.sweeps > self._sweeps[-1]:
            self._take(moment)

    def _begin(self, moment: Moment) -> None:
        known = (*GENERAL, *observables_of(moment.states[0]))
        for name in self._names:
            check_choice("record", name, known)
        self._taken = {name: [] for name in self._names}
        self._take(moment)
        _check_size(self._moments, sum(taken[0].nbytes for taken in self._taken.values()))

    def _take(self, moment: Moment) -> None:
        self._sweeps.append(moment.sweeps)
        for name, taken in self._taken.items():
            rows = np.concatenate([self._of(name, state) for state in moment.states])
            if taken and rows.shape != taken[0].shape:
                raise InputError(
                    "record must be left out where a method shows now more states, now fewer, "
                    f"got {name!r}. What it ends with is in result.states."
                )
            taken.append(rows)

    def _of(self, name: str, state: State) -> NDArray[Any]:
        if name == "energy":
            return state.energies
        if name == "states":
            return state.states()
        if name == "overlap":
            return overlaps(state.states(), self._patterns)
        return by_replica(state, observables_of(state)[name])

    def trajectory(self) -> Trajectory:
        """Return what was recorded as arrays."""
        records = {name: np.stack(taken) for name, taken in self._taken.items()}
        return Trajectory(np.array(self._sweeps, dtype=np.float64), **records)


def by_replica(state: State, attribute: str) -> NDArray[Any]:
    """Return an observable of a state, with a row for each replica; one number is that of all."""
    value = np.asarray(getattr(state, attribute))
    return np.full(len(state.energies), value) if value.ndim == 0 else value


def check_flip_records(names: Sequence[str]) -> None:
    """Refuse what single flips do not tell."""
    for name in names:
        if not (isinstance(name, str) and name in GENERAL):
            raise InputError(
                "record must be energy, overlap or states for each flip, "
                f'got {show(name)}. Record it with every="sweep".'
            )


def replay(
    start: SpinArray,
    flips: Flips,
    names: Sequence[str],
    patterns: NDArray[Any],
    energies: FloatArray,
) -> Trajectory:
    """Return the records before the first flip and after each one, for replicas at `start` (R, N).

    A flip of spin k changes the energy by what was logged and an overlap by ``2 xi_k s_k / N``,
    s_k the new state. The energies are reckoned back from those of the end, (R,).
    """
    replicas, size = start.shape
    widths = {"energy": 8, "overlap": 8 * len(patterns), "states": size}
    _check_size(flips.sites.shape[1] + 1, replicas * sum(widths[name] for name in names))
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
    times = np.column_stack([np.zeros(replicas), flips.times]).T
    return Trajectory(times, **records)


def _new_signs(start: SpinArray, sites: IntArray) -> SpinArray:
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
    attributes = observables_of(states[0]).values() if states else ()
    return {
        name: np.concatenate([by_replica(state, name) for state in states]) for name in attributes
    }
