"""Why a run ended: one function of what is known at its end."""

from dataclasses import dataclass

from hopfield_opt.result import Status


@dataclass(frozen=True)
class Outcome:
    """What is known at the end of a run, whenever it became known.

    Attributes
    ----------
    interrupted : bool
        Ctrl-C was pressed.
    stopped : bool
        The callback said so, or something raised.
    infeasible, optimal : bool
        What is proven: that there is no answer, or none better than the best.
    reached : bool
        The best is at the target.
    feasible : bool
        The best is feasible.
    converged : bool
        Nothing moved any more when the last search ended.
    out_of_time : bool
        It was the time that ended it, not the sweeps.
    """

    interrupted: bool = False
    stopped: bool = False
    infeasible: bool = False
    optimal: bool = False
    reached: bool = False
    feasible: bool = False
    converged: bool = False
    out_of_time: bool = False

    @property
    def status(self) -> Status:
        """The first that applies, in the order of `Status`."""
        applies = {
            Status.INTERRUPTED: self.interrupted,
            Status.STOPPED: self.stopped,
            Status.INFEASIBLE: self.infeasible,
            Status.OPTIMAL: self.optimal,
            Status.TARGET: self.reached,
            Status.NO_FEASIBLE: not self.feasible,
            Status.CONVERGED: self.converged,
            Status.TIME_LIMIT: self.out_of_time,
            Status.SWEEP_LIMIT: True,
        }
        return next(status for status in Status if applies[status])
