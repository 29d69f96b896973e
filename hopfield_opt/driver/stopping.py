"""When a loop ends: small callables, each told of every moment."""

from collections.abc import Callable

from hopfield_opt.driver.incumbents import Incumbents
from hopfield_opt.driver.loop import Moment, Stop
from hopfield_opt.result import Status


def converged(moment: Moment) -> bool:
    """Whether nothing moves any more."""
    return all(state.converged for state in moment.states)


def done(moment: Moment) -> bool:
    """Whether nothing is left to do."""
    return moment.share >= 1


def used(sweeps: int | None) -> Stop:
    """Return whether whatever moves has done so many sweeps; None is never."""
    if sweeps is None:
        return lambda moment: False
    return lambda moment: all(one.converged or one.sweeps >= sweeps for one in moment.states)


def late(horizon: Callable[[], int]) -> Stop:
    """Return whether the time allows no other sweep."""
    return lambda moment: done(moment) or horizon() < 1


def told(incumbents: Incumbents) -> dict[Status, Stop]:
    """Return whether the callback said so, and whether the best is proven or good enough."""
    return {
        Status.STOPPED: lambda moment: incumbents.told_to_stop,
        Status.OPTIMAL: lambda moment: incumbents.closed,
        Status.TARGET: lambda moment: incumbents.enough,
    }
