"""What one call of `solve` asks for."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Self

from hopfield_opt import rng
from hopfield_opt.arrays import check_truth
from hopfield_opt.compiler import Compiled, CompileOptions
from hopfield_opt.driver import checks
from hopfield_opt.driver.bounding import EFFORTS
from hopfield_opt.driver.checks import optional
from hopfield_opt.driver.choice import find_dynamics
from hopfield_opt.driver.limits import Limits
from hopfield_opt.driver.listening import Incumbent, Listener
from hopfield_opt.driver.progress import Progress
from hopfield_opt.driver.task import is_problem, polish_share_of
from hopfield_opt.dynamics.auto import Auto
from hopfield_opt.dynamics.base import Dynamics
from hopfield_opt.errors import check_choice


@dataclass(frozen=True, eq=False)
class Request:
    """The arguments of one call of `solve`, which tells what they mean.

    Raises
    ------
    InputError
        If one of them is none of these.
    """

    subject: Any
    method: Dynamics | Auto
    options: CompileOptions
    limits: Limits
    seed: int
    executor: Executor | None
    callback: Callable[[Incumbent], object] | None
    progress: bool | Callable[[Progress], object] | None
    polish: bool
    bound: str
    callback_every: float | None

    @classmethod
    def of(
        cls,
        subject: Any,
        method: str | Dynamics | Auto,
        options: CompileOptions,
        limits: Limits,
        seed: int | None,
        *others: Any,
    ) -> Self:
        """Return what is asked for by the arguments of `solve`, those of its subject considered."""
        if isinstance(subject, Compiled):
            subject.options.check_agrees(options)
        if hasattr(subject, "with_tolerance"):
            subject = subject.with_tolerance(options.feasibility_tolerance)
        if isinstance(method, str) and method == "auto":
            method = getattr(subject, "method", method)
        seed = rng.check_seed(seed)
        return cls(subject, find_dynamics(method), options, limits, seed, *others)

    def __post_init__(self) -> None:
        optional(checks.executor, "executor", self.executor)
        optional(checks.function, "callback", self.callback)
        optional(checks.seconds, "callback_every", self.callback_every)
        optional(checks.listener, "progress", self.progress)
        check_truth("polish", self.polish)
        check_choice("bound", self.bound, EFFORTS)

    def make_listener(self) -> Listener:
        """Return what tells the callback."""
        return Listener(self.callback, self.callback_every or 0.0)

    @property
    def any_will_do(self) -> bool:
        """Whether no method is named; where one is, what it finds by itself is to be seen."""
        return isinstance(self.method, Auto)

    @property
    def meets_first(self) -> bool:
        """Whether what the problem makes at once is met before any search."""
        return self.any_will_do and hasattr(self.subject, "first_answer")

    @property
    def polish_share(self) -> float:
        """The share of the time limit that the problem's own local search gets."""
        return polish_share_of(self.subject) if self.polish else 0.0

    @property
    def needs_no_network(self) -> bool:
        """Whether a local search of the problem's own may answer where no network fits."""
        own = is_problem(self.subject) and hasattr(self.subject, "polish")
        return own and self.polish and self.any_will_do
