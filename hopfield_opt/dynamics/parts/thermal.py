"""The state of the stochastic dynamics: replicas, each at a temperature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hopfield_opt.arrays import FloatArray, SpinArray
from hopfield_opt.dynamics.parts.replicas import Replicas

# Between two sweeps in which replicas are looked at lie about this many proposals of each: a
# look takes some 0.1 ms, as long as 64 replicas take for them. But at most so many sweeps.
PROPOSALS_BETWEEN = 4096
MAX_BETWEEN = 8


@dataclass(frozen=True, eq=False)
class Thermal:
    """Replicas and their temperatures.

    Attributes
    ----------
    replicas : Replicas
        The states.
    betas : (R,) float64
        The inverse temperature at which each replica was swept last.
    """

    replicas: Replicas
    betas: FloatArray

    observables: ClassVar[Mapping[str, str]] = {"temperature": "temperatures"}

    @property
    def temperatures(self) -> FloatArray:
        """(R,) current temperature of each replica, in units of energy."""
        with np.errstate(divide="ignore"):
            return 1.0 / self.betas

    @property
    def energies(self) -> FloatArray:
        """(R,) energies of the current states; nan without symmetric weights."""
        return self.replicas.energies

    @property
    def sweeps(self) -> int:
        """Sweeps done since `init`."""
        return self.replicas.sweeps

    @property
    def converged(self) -> bool:
        """Never: at a temperature something can always move."""
        return False

    def spins(self, replica: int) -> SpinArray:
        """Return the (N,) state of one replica."""
        return self.replicas.spins(replica)

    def states(self) -> SpinArray:
        """Return the (R, N) states of all replicas."""
        return self.replicas.states()


def interval(num_spins: int) -> int:
    """Return the sweeps from one look at the replicas to the next.

    Examples
    --------
    >>> interval(10), interval(1000), interval(10_000)
    (8, 5, 1)
    """
    return int(np.clip(-(-PROPOSALS_BETWEEN // max(1, num_spins)), 1, MAX_BETWEEN))


def steps(done: int, sweeps: int, every: int) -> Iterator[int]:
    """Yield the lengths of the parts into which multiples of `every` cut `sweeps` more sweeps.

    Examples
    --------
    >>> list(steps(3, 10, 4))
    [1, 4, 4, 1]
    """
    end = done + sweeps
    while done < end:
        step = min(every - done % every, end - done)
        yield step
        done += step
