"""The one loop: begin, look, stop?, advance, finish."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from hopfield_opt.deadline import OutOfTime
from hopfield_opt.driver.clock import Clock
from hopfield_opt.driver.interrupt import Interruptible
from hopfield_opt.dynamics.base import State, is_proven
from hopfield_opt.result import Status


class Moment(NamedTuple):
    """Where a loop is.

    Attributes
    ----------
    states : sequence of State
        Of all groups of replicas that are there.
    sweeps : int
        The most that one of them has done.
    share : float
        The part of the work that is done; 1 where nothing is left to do.
    due : bool
        Whether states are to be looked at: by the count of sweeps, so that what is seen does not
        depend on the speed of the machine.
    last : bool
        Whether the work was finished, and nothing comes after.
    """

    states: Sequence[State] = ()
    sweeps: int = 0
    share: float = 0.0
    due: bool = False
    last: bool = False


# Whether the loop is to end; told of every moment.
Stop = Callable[[Moment], bool]
# Told of every moment, for whatever it does with it.
Look = Callable[[Moment], object]


class Work(AbstractContextManager[Any], Protocol):
    """What a loop does, block by block; it is entered first and left at last, come what may."""

    def begin(self) -> Moment:
        """Return where it starts."""
        ...

    def advance(self) -> Moment:
        """Return where it is after a block, some 20 ms."""
        ...

    def finish(self) -> Moment:
        """Return where it ends, at any moment."""
        ...


@dataclass(eq=False)
class Loop:
    """Work that is looked at, and stopped.

    Attributes
    ----------
    work : Work
        What is done.
    stops : mapping of Status to callable
        The first that holds ends the loop; Ctrl-C goes before all of them.
    looks : sequence of callables
        They are told of each moment, in this order.
    clock : Clock
        Its limit is the deadline of what is called; to begin and to finish there is some grace.
    moment : Moment
        Where it is.
    ended : Status or None
        Why it ended; None before.
    """

    work: Work
    stops: Mapping[Status, Stop]
    looks: Sequence[Look]
    clock: Clock
    moment: Moment = field(default_factory=Moment)
    ended: Status | None = None

    def run(self) -> None:
        """Work until it is time to stop, and finish."""
        try:
            with Interruptible() as interrupt, self.work:
                stops = {Status.INTERRUPTED: lambda _: interrupt.requested, **self.stops}
                with self.clock.limits(grace=True):
                    self._look(self.work.begin())
                with self.clock.limits():
                    while not self._is_over(stops):
                        self._look(self.work.advance())
                with self.clock.limits(grace=True):
                    self._look(self.work.finish()._replace(last=True))
        except OutOfTime:  # there was no time to begin
            self.ended = Status.TIME_LIMIT

    @property
    def is_late(self) -> bool:
        """Whether it was the time that ended it."""
        return self.ended is Status.TIME_LIMIT

    @property
    def is_at_rest(self) -> bool:
        """Whether it ended because nothing moves any more."""
        return self.ended is Status.CONVERGED

    @property
    def is_proven(self) -> bool:
        """Whether every state was seen, so that the lowest energy is the lowest of all."""
        return self.is_at_rest and all(is_proven(state) for state in self.moment.states)

    def _look(self, moment: Moment) -> None:
        self.moment = moment
        for look in self.looks:
            look(moment)

    def _is_over(self, stops: Mapping[Status, Stop]) -> bool:
        """Whether a stop holds; the first that does is why."""
        for status, holds in stops.items():
            if holds(self.moment):
                self.ended = status
                return True
        return False
