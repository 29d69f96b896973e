"""What a run may use: checked once, and the same for whoever asks."""

from dataclasses import InitVar, dataclass
from functools import partial

from hopfield_opt.driver import checks
from hopfield_opt.driver.checks import optional


@dataclass(frozen=True)
class Limits:
    """How long, how much and how far; None is no limit, or the method's own.

    Attributes
    ----------
    time_limit : float or None
        Seconds.
    sweeps : int or None
        Sweeps of each replica.
    replicas : int or None
        States side by side.
    target : float or None
        The value that is good enough.
    n_jobs : int or None
        Threads; None uses the CPUs of this process.
    fewest : int
        What `sweeps` is at least: 0 where a start may be looked at.

    Raises
    ------
    InputError
        If one of them is no such number.
    """

    time_limit: float | None = None
    sweeps: int | None = None
    replicas: int | None = None
    target: float | None = None
    n_jobs: int | None = None
    fewest: InitVar[int] = 1

    def __post_init__(self, fewest: int) -> None:
        for name, check in (
            ("time_limit", checks.seconds),
            ("sweeps", partial(checks.count, lowest=fewest)),
            ("replicas", checks.count),
            ("target", checks.number),
            ("n_jobs", checks.count),
        ):
            object.__setattr__(self, name, optional(check, name, getattr(self, name)))
