"""What happened on the way: how the best answer improved, or what a run recorded."""

from dataclasses import dataclass

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
    """

    seconds: NDArray[np.float64]
    sweeps: NDArray[np.int64]
    energy: NDArray[np.float64]
    value: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What `run` recorded of R replicas at T moments, the start included; None where not asked for.

    Attributes
    ----------
    sweeps : (T,) or (T, R) float64
        The moments, in sweeps. Flips happen at moments of their own in each replica; after its
        last one a replica stays where it is, and its moments are nan.
    energy : (T, R) float64
        The energies; nan for a Network.
    overlap : (T, R, P) float64
        ``m_p = (1/N) sum_i xi_pi s_i`` with each pattern, or with the start (P = 1).
    states : (T, R, N) int8
        The states.
    temperature : (T, R) float64
        The temperatures.
    outputs : (T, R, N) float
        The outputs of graded neurons, -1 to 1.
    lyapunov : (T, R) float64
        What falls instead of the energy while neurons are graded.
    """

    sweeps: NDArray[np.float64]
    energy: NDArray[np.float64] | None = None
    overlap: NDArray[np.float64] | None = None
    states: NDArray[np.int8] | None = None
    temperature: NDArray[np.float64] | None = None
    outputs: NDArray[np.float64] | None = None
    lyapunov: NDArray[np.float64] | None = None

    def __repr__(self) -> str:
        """Return the shapes of what was recorded."""
        recorded = [f"{name} {v.shape}" for name, v in vars(self).items() if v is not None]
        return f"Trajectory({', '.join(recorded)})"
