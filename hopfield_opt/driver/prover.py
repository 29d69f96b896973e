"""What may prove something about all answers of a call: before its searches, and beside them."""

from abc import ABC, abstractmethod

from hopfield_opt.driver.attempt import Attempt
from hopfield_opt.driver.loop import Moment


class Prover(ABC):
    """What a call begins before its searches, shows their looks, and closes at its end.

    Attributes
    ----------
    attempt : Attempt or None
        Where its own answers are found, if it finds any.
    optimal, infeasible : bool
        What is proven: that its best is the best of all, that there is no answer.
    """

    attempt: Attempt | None = None
    optimal: bool = False
    infeasible: bool = False

    @abstractmethod
    def begin(self) -> None:
        """Prove what can be proven before the searches."""

    def look(self, moment: Moment | None = None) -> None:
        """Exchange what was found since the last time."""
        return

    def close(self) -> None:
        """Exchange what was found for the last time, and stop."""
        return
