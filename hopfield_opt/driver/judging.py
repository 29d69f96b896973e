"""What judges the states of a network: a task, or spins as they are."""

from typing import Protocol

from hopfield_opt.arrays import SpinArray
from hopfield_opt.result import Candidate, Judge

# energies of one state, reckoned in two ways, differ by less, relative to their size
SAME = 1e-12


class NetworkJudge(Judge, Protocol):
    """Judge the states of one network; what nothing is known of has the answers here."""

    def settle(self, candidate: Candidate) -> tuple[SpinArray, float]:
        """Return the state of a candidate, slacks and products at their best, and its energy."""
        return candidate.state, candidate.energy

    def find_broken(self, candidate: Candidate) -> tuple[str, ...]:
        """Return what a candidate of this network breaks for want of heavier penalties."""
        return ()

    def bound(self, least: float) -> float | None:
        """Return the bound on all values where no energy is less than `least`, None for none."""
        return None
