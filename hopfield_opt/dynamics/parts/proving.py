"""What the dynamics that end with a proof have in common."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from hopfield_opt.arrays import check_number
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.dynamics.parts.parameters import keep


@dataclass(frozen=True)
class Proving(Dynamics):
    """A dynamics that goes on until it has proven which state is the lowest.

    Parameters
    ----------
    tolerance : float
        Energies that differ by no more may be equal: nothing is proven by such a difference.
    """

    finish_sweeps: ClassVar[int] = 0
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        keep(self, check_number, "tolerance")

    def with_tolerance(self, error: float) -> Self:
        """Return the rule that proves nothing by energies which differ by no more than `error`.

        Parameters
        ----------
        error : float
            By how much energies may be off.
        """
        return replace(self, tolerance=max(self.tolerance, error))
