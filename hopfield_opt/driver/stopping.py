"""When a loop ends: small callables, each told of every moment."""

from collections.abc import Callable

from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.loop import Moment, Stop
from hopfield_opt.result import Status


def has_converged(moment: Moment) -> bool:
    """Whether nothing moves any more."""
    return all(state.converged for state in moment.states)


def is_done(moment: Moment) -> bool:
    """Whether nothing is left to do."""
    return moment.share >= 1


def after_sweeps(sweeps: int | None) -> Stop:
    """Return the stop where whatever moves has done so many sweeps; None is never."""
    if sweeps is None:
        return lambda moment: False
    return lambda moment: all(one.converged or one.sweeps >= sweeps for one in moment.states)


def when_late(horizon: Callable[[], int]) -> Stop:
    """Return the stop where the time allows no other sweep."""
    return lambda moment: is_done(moment) or horizon() < 1


def stops_from_outside(incumbents: Incumbents) -> dict[Status, Stop]:
    """Return the stops where the callback said so, and where the best is proven or good enough."""
    return {
        Status.STOPPED: lambda moment: incumbents.told_to_stop,
        Status.OPTIMAL: lambda moment: incumbents.closed,
        Status.TARGET: lambda moment: incumbents.enough,
    }
