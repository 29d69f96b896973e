"""The methods of a user's problem, called: an error names class and method, results are checked."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from hopfield_opt.arrays import SpinArray, check_number
from hopfield_opt.compiler import Compiled
from hopfield_opt.deadline import check
from hopfield_opt.driver.phases import tell
from hopfield_opt.errors import InputError, show, unknown_name
from hopfield_opt.problems.base import Assignment, Evaluation, Problem


def evaluate(problem: Problem, answer: Any) -> Evaluation:
    """Return value and violations of an answer, both of them numbers."""
    with _name_errors(problem, "evaluate", answer):
        found = problem.evaluate(answer)
    where = f"{type(problem).__name__}.evaluate"
    if not (hasattr(found, "value") and hasattr(found, "violations")):
        raise InputError(
            f"{where} must return an Evaluation, got {show(found)}. "
            "Return Evaluation(value), or Evaluation(value, violations)."
        )
    value = _number(f"the value of {where}", found.value)
    violations: Any = found.violations
    if not isinstance(violations, Mapping):
        raise InputError(
            f"the violations of {where} must be a dict of name to amount, "
            f"got {show(violations)}. Return {{}} where nothing is violated."
        )
    amounts = {}
    for name, amount in violations.items():
        which = f"violations[{show(name)}] of {where}"
        amounts[name] = _number(which, amount)
        if amounts[name] <= 0:
            raise InputError(
                f"{which} must be above 0, got {show(amount)}. Leave out what is not violated."
            )
    return Evaluation(value, amounts)


def decode(problem: Problem, assignment: Assignment) -> Any:
    """Return the answer that an assignment stands for, None if for none."""
    with _name_errors(problem, "decode", assignment):
        return problem.decode(assignment)


def encode(problem: Problem, compiled: Compiled, answer: Any, source: str) -> SpinArray:
    """Return the spins that stand for an answer, which came from `source`."""
    with _name_errors(problem, "encode", answer, f", which is {source}"):
        assignment: Any = problem.encode(answer)
        if not isinstance(assignment, Mapping):
            raise InputError(
                f"{type(problem).__name__}.encode must return a dict of arrays by name, "
                f"got {show(assignment)}. Name each variable of the model."
            )
        return compiled.encode(assignment)


def polish(problem: Problem, answer: Any, seed: int, deadline: float | None) -> Any:
    """Return the answer after the problem's own local search, which is not begun too late."""
    check()
    tell("local search of %s", type(problem).__name__)
    with _name_errors(problem, "polish", answer):
        polished = problem.polish(answer, seed, deadline)  # type: ignore[attr-defined]
    if polished is None:
        raise InputError(
            f"{type(problem).__name__}.polish must return an answer, got None. "
            "Return the answer that it was given where it finds no better one."
        )
    return polished


def polish_share(problem: Problem) -> float:
    """Return the share of a time limit that the problem wants for its own local search."""
    with _name_errors(problem, "polish_share"):
        share = getattr(problem, "polish_share", 0.0)
    where = f"{type(problem).__name__}.polish_share"
    number = check_number(where, share)
    if not 0 <= number < 1:
        raise InputError(
            f"{where} must be at least 0 and below 1, got {show(share)}. "
            "The rest of the time is for the search."
        )
    return number


def start(problem: Problem) -> Any:
    """Return the answer that the problem begins from, None if it has none."""
    with _name_errors(problem, "start"):
        return getattr(problem, "start", None)


def first_answer(problem: Problem) -> Any:
    """Return the answer that the problem makes at once, None if it makes none."""
    with _name_errors(problem, "first_answer"):
        make = getattr(problem, "first_answer", None)
        return None if make is None else make()


def tighten(problem: Problem, answer: Any) -> Problem | None:
    """Return the problem of finding a better answer, None if it is proven that there is none."""
    with _name_errors(problem, "tighten", answer):
        tighter: Problem | None = problem.tighten(answer)  # type: ignore[attr-defined]
    able = all(hasattr(tighter, name) for name in ("encode", "decode"))
    able = able and (hasattr(tighter, "model") or hasattr(tighter, "hamiltonian"))
    if tighter is not None and (not able or isinstance(tighter, type)):
        raise InputError(
            f"{type(problem).__name__}.tighten must return a Problem, or None where the answer is "
            f"proven to be the best, got {show(tighter)}."
        )
    return tighter


def offered_algorithms(problem: Problem, method: Literal["baselines", "relaxations"]) -> list[Any]:
    """Return the algorithms that a problem offers, each with a name and a `run`."""
    with _name_errors(problem, method):
        found: Any = getattr(problem, method, tuple)()
    where = f"{type(problem).__name__}.{method}"
    items = list(found) if isinstance(found, Iterable) else [found]
    for item in items:
        if not (hasattr(item, "name") and callable(getattr(item, "run", None))):
            kind = "Baseline" if method == "baselines" else "Relaxation"
            raise InputError(
                f"{where} must return a tuple of {kind}, got {show(found)}. "
                "Return () where there is none."
            )
    return items


def sense(problem: Problem) -> str:
    """Return whether the value is to be minimised or maximised."""
    wanted: Any = problem.sense
    if wanted not in ("minimize", "maximize"):
        raise unknown_name(f"{type(problem).__name__}.sense", wanted, ("minimize", "maximize"))
    return str(wanted)


def _number(name: str, value: Any) -> float:
    """Return a finite number, whole ones as they are."""
    number = check_number(name, value)
    return value if type(value) is int else number


@contextlib.contextmanager
def _name_errors(problem: Problem, method: str, *of: Any) -> Iterator[None]:
    """Add class, method and argument to whatever is raised inside."""
    try:
        yield
    except Exception as error:
        argument = f", of {show(of[0])}{''.join(of[1:])}" if of else ""
        with contextlib.suppress(AttributeError):  # of an exception that is frozen
            error.add_note(f"raised in {type(problem).__name__}.{method}{argument}")
        raise
