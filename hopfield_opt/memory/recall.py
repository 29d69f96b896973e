"""What a recall gives back."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.learning import Patterns
from hopfield_opt.learning.patterns import Cues
from hopfield_opt.physics.labels import attractor_labels
from hopfield_opt.physics.overlaps import overlaps
from hopfield_opt.trace import Trajectory


@dataclass(frozen=True, eq=False)
class Recall:
    """Where one cue, or each of C cues, led.

    For one cue there is no axis C, and no axis R in the trace.

    Attributes
    ----------
    state : (C, ...) int8
        The end states of -1 and +1, in the shape of the cues.
    label : str or list of str
        What they are: "memory k", "anti-memory k", "mixture of i, j, k", "spurious" (another
        fixed point), "p-cycle", "not converged".
    overlaps : (C, P) float64
        With each pattern.
    energy : (C,) float64
        Of the end states.
    score : (C,) float64
        The overlap of the end state with the pattern that was nearest to its cue: 1 is a perfect
        recall.
    trace : Trajectory
        What was recorded.
    seed : int
        The seed that repeats this recall.
    sweeps : int
        Sweeps until the last replica came to rest, or the budget was used.
    """

    state: SpinArray
    label: Any
    overlaps: FloatArray
    energy: Any
    score: Any
    trace: Trajectory
    seed: int
    sweeps: int

    @classmethod
    def of(
        cls,
        network: Any,
        patterns: Patterns,
        cues: Cues,
        states: SpinArray,
        *,
        energies: FloatArray,
        trace: Trajectory,
        seed: int,
        sweeps: int,
        periods: NDArray[Any] | None,
        tolerance: float,
    ) -> Self:
        """Return the recall of cues that led to `states` (C, N), labelled and scored."""
        names = attractor_labels(
            network, states, patterns.spins, periods=periods, tolerance=tolerance
        )
        found = overlaps(states, patterns.spins)
        nearest = overlaps(cues.spins, patterns.spins).argmax(axis=1)
        scores = found[np.arange(len(states)), nearest]
        shaped = cues.reshape(states)
        if not cues.single:
            return cls(shaped, names, found, energies, scores, trace, seed, sweeps)
        energy, score = float(energies[0]), float(scores[0])
        return cls(shaped, names[0], found[0], energy, score, _of_one(trace), seed, sweeps)

    def __repr__(self) -> str:
        names = self.label if isinstance(self.label, list) else [self.label]
        shown = ", ".join(dict.fromkeys(names[:5])) + (", ..." if len(names) > 5 else "")
        return f"Recall({len(names)} cue{'s' if len(names) != 1 else ''}: {shown})"


def _of_one(trace: Trajectory) -> Trajectory:
    """Return a trajectory of one replica without the axis of replicas."""
    moments = trace.sweeps if trace.sweeps.ndim == 1 else trace.sweeps[:, 0]
    return Trajectory(moments, **{name: array[:, 0] for name, array in trace.records.items()})
