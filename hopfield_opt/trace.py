"""What happened on the way: how the best answer improved, or what a run recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Trace:
    """How the best answer improved during a run.

    Attributes
    ----------
    seconds, energy : (T,) float64
        When each improvement was met, and its energy.
    sweeps : (T,) int64
        The sweeps done by then.
    value : (T,) float64
        Its value in the user's sense; nan where an answer had none.
    bound_seconds, bound : (B,) float64
        When each better bound on all values was found, and the bound.
    """

    seconds: NDArray[np.float64]
    sweeps: NDArray[np.int64]
    energy: NDArray[np.float64]
    value: NDArray[np.float64]
    bound_seconds: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    bound: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Trajectory:
    """What `run` recorded of R replicas at T moments, the start included.

    Each record is an attribute: `energy`, `overlap` and `states`, which are None where nobody
    asked for them, and what the dynamics has of its own, such as `temperature`.

    Parameters
    ----------
    sweeps : (T,) or (T, R) float64
        The moments.
    **records : (T, R, ...) array
        What was recorded.

    Attributes
    ----------
    sweeps : (T,) or (T, R) float64
        The moments, in sweeps. Flips happen at moments of their own in each replica; after its
        last one a replica stays where it is, and its moments are nan.
    records : dict of str to (T, R, ...) array
        Everything that was recorded, by name: of each dynamics

        - energy : (T, R) float64, nan for a Network;
        - overlap : (T, R, P) float64, ``m_p = (1/N) sum_i xi_pi s_i`` with each pattern, or with
          the start (P = 1);
        - states : (T, R, N) int8;

        of some, for instance,

        - temperature : (T, R) float64;
        - outputs : (T, R, N) float64, of graded neurons, -1 to 1;
        - lyapunov : (T, R) float64, what falls instead of the energy while neurons are graded.

    Examples
    --------
    >>> trace = Trajectory(np.arange(2.0), level=np.array([[3.0], [2.0]]))
    >>> trace.level[:, 0].tolist(), trace.energy
    ([3.0, 2.0], None)
    """

    sweeps: NDArray[np.float64]
    records: Mapping[str, NDArray[Any]]

    def __init__(self, sweeps: NDArray[np.float64], **records: NDArray[Any]) -> None:
        object.__setattr__(self, "sweeps", sweeps)
        object.__setattr__(self, "records", records)

    @property
    def energy(self) -> NDArray[np.float64] | None:
        """(T, R) energies."""
        return self.records.get("energy")

    @property
    def overlap(self) -> NDArray[np.float64] | None:
        """(T, R, P) overlaps."""
        return self.records.get("overlap")

    @property
    def states(self) -> NDArray[np.int8] | None:
        """(T, R, N) states."""
        return self.records.get("states")

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Return what was recorded under a name."""
        # not self.records: a copy is asked for names before it has any
        records: Mapping[str, NDArray[Any]] = vars(self).get("records", {})
        if name in records:
            return records[name]
        raise AttributeError(
            f"trace must have recorded {name!r}, got {', '.join(records) or 'no records'}. "
            f"Use run(..., record={name!r})."
        )

    def __repr__(self) -> str:
        """Return the shapes of what was recorded."""
        arrays = {"sweeps": self.sweeps, **self.records}
        return f"Trajectory({', '.join(f'{name} {v.shape}' for name, v in arrays.items())})"
