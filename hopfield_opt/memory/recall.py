"""What a recall gives back."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.learning import Patterns
from hopfield_opt.learning.patterns import Cues
from hopfield_opt.memory.html import SHOWN, lattice, table
from hopfield_opt.physics.labels import attractor_labels, with_names
from hopfield_opt.physics.overlaps import overlaps, spin_products
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
        What they are: "memory k", or its name, "anti-memory k", "mixture of i, j, k", "spurious"
        (another fixed point), "p-cycle", "not converged".
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
    cue : (C, ...) int8
        Where they began, in the shape of the cues; 0 where a cue was unknown.
    names : tuple of P str
        Those of the patterns, in the order of the overlaps.
    """

    state: SpinArray
    label: Any
    overlaps: FloatArray
    energy: Any
    score: Any
    trace: Trajectory
    seed: int
    sweeps: int
    cue: SpinArray
    names: tuple[str, ...]

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
        called = patterns.names
        labels = attractor_labels(
            network, states, patterns.spins, periods=periods, tolerance=tolerance
        )
        named = [with_names(label, called) for label in labels]
        found = overlaps(states, patterns.spins)
        # unknown pixels as both values: they cancel
        fills = (np.where(cues.spins == 0, filling, cues.spins) for filling in (-1, 1))
        one, other = (spin_products(states, patterns.spins) for states in fills)
        nearest = (one + other).argmax(axis=1)
        scores = found[np.arange(len(states)), nearest]
        last = (seed, sweeps, cues.reshape(cues.spins), called)
        shaped = cues.reshape(states)
        if not cues.single:
            return cls(shaped, named, found, energies, scores, trace, *last)
        energy, score = float(energies[0]), float(scores[0])
        return cls(shaped, named[0], found[0], energy, score, _of_one(trace), *last)

    def __repr__(self) -> str:
        names = self.label if isinstance(self.label, list) else [self.label]
        shown = ", ".join(dict.fromkeys(names[:5])) + (", ..." if len(names) > 5 else "")
        return f"Recall({len(names)} cue{'s' if len(names) != 1 else ''}: {shown})"

    def _repr_html_(self) -> str:
        single = not isinstance(self.label, list)
        cues, ends = (part[None] if single else part for part in (self.cue, self.state))
        labels, energies, scores = (
            [part] if single else list(part) for part in (self.label, self.energy, self.score)
        )
        rows = [
            (lattice(cue), lattice(end), label, f"{energy:.4g}", f"{score:.2f}")
            for cue, end, label, energy, score in zip(
                cues[:SHOWN], ends, labels, energies, scores, strict=False
            )
        ]
        head = ("cue", "end", "label", "energy", "overlap with the pattern nearest to the cue")
        return table(head, rows, left_out=len(labels) - len(rows))


def _of_one(trace: Trajectory) -> Trajectory:
    """Return a trajectory of one replica without the axis of replicas."""
    moments = trace.sweeps if trace.sweeps.ndim == 1 else trace.sweeps[:, 0]
    return Trajectory(moments, **{name: array[:, 0] for name, array in trace.records.items()})
