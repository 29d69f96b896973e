"""Who takes part: our methods, the problem's baselines and relaxations, the user's callables."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hopfield_opt.border import as_list
from hopfield_opt.comparison.runs import Kind
from hopfield_opt.comparison.worker import Algorithm
from hopfield_opt.driver import hooks
from hopfield_opt.driver.choice import find_dynamics
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.problems.base import Problem

GIVEN = ("problem", "seed", "deadline")
# what a callable is given whose parameters have names of its own, by their number
BY_NUMBER = {1: ("problem",), 2: ("seed", "deadline"), 3: GIVEN}


@dataclass(frozen=True)
class Contestant:
    """One algorithm on one problem.

    Attributes
    ----------
    name : str
        Its rows.
    kind : {"method", "baseline", "relaxation"}
        What it is.
    run : Dynamics, Auto or callable
        One of our methods, else `run(seed, deadline)`.
    exact : bool
        Whether an answer before the deadline is optimal.
    """

    name: str
    kind: Kind
    run: Any
    exact: bool = False


@dataclass(frozen=True)
class OfRelaxation:
    """A relaxation as an algorithm: it has no use for the seed."""

    run: Callable[[float | None], float]

    def __call__(self, seed: int, deadline: float | None) -> float:
        """Return the bound."""
        return self.run(deadline)


@dataclass(frozen=True)
class OfUser:
    """The user's callable as an algorithm: it gets the arguments that it asks for."""

    run: Callable[..., Any]
    problem: Any
    names: tuple[str, ...]

    def __call__(self, seed: int, deadline: float | None) -> Any:
        """Return its answer."""
        at_hand = {"problem": self.problem, "seed": seed, "deadline": deadline}
        return self.run(*(at_hand[name] for name in self.names))


def methods_of(methods: Any) -> list[Contestant]:
    """Return our methods, each under a name of its own."""
    several = as_list(methods)
    given = [methods] if several is None else several
    found: list[Contestant] = []
    for method in given:
        dynamics = find_dynamics(method)
        taken = [one.name for one in found]
        names = [dynamics.name, *(f"{dynamics.name} {number}" for number in range(2, 100))]
        name = next(name for name in names if name not in taken)
        found.append(Contestant(name, "method", dynamics))
    return found


def baselines_of(problem: Problem, wanted: Any) -> list[Contestant]:
    """Return the baselines and relaxations of a problem that are wanted."""
    if isinstance(wanted, Mapping):
        return [
            Contestant(str(name), "baseline", _of_user(str(name), run, problem))
            for name, run in wanted.items()
        ]
    offered = [
        Contestant(b.name, "baseline", b.run, getattr(b, "exact", False))
        for b in hooks.offered_algorithms(problem, "baselines")
    ]
    offered += [
        Contestant(r.name, "relaxation", OfRelaxation(r.run))
        for r in hooks.offered_algorithms(problem, "relaxations")
    ]
    return offered if _are_all(wanted) else [one for one in offered if one.name in wanted]


def check_names(problems: Iterable[Problem], wanted: Any) -> None:
    """Refuse names that no problem has a baseline of, and what is neither names nor a dict."""
    if _are_all(wanted) or isinstance(wanted, Mapping):
        return
    names = as_list(wanted)
    if names is None:
        raise InputError(
            'baselines must be "all", a list of names or a dict of callables, '
            f"got {show(wanted)}. Write [name] for a single one."
        )
    known = {one.name for problem in problems for one in baselines_of(problem, "all")}
    for name in names:
        check_choice("baseline", name, known)


def _are_all(wanted: Any) -> bool:
    return isinstance(wanted, str) and wanted == "all"


def _of_user(name: str, run: Any, problem: Problem) -> Algorithm:
    """Return the user's callable with the arguments that its parameters ask for."""
    if not callable(run):
        raise InputError(f"baselines[{name!r}] must be callable, got {run!r}.")
    try:
        parameters = inspect.signature(run).parameters.values()
    except ValueError:
        raise InputError(
            f"baselines[{name!r}] must have a signature, got {show(run)}. Wrap it in a function."
        ) from None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p.name for p in parameters if p.default is p.empty and p.kind in positional]
    if not needed or not set(needed) <= set(GIVEN):
        if len(needed) not in BY_NUMBER:
            raise InputError(
                f"baselines[{name!r}] must take problem, seed and deadline, or some of them, "
                f"got parameters {', '.join(needed) or 'none'}."
            )
        needed = list(BY_NUMBER[len(needed)])
    return OfUser(run, problem, tuple(needed))
