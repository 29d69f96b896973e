"""Where a call begins, in whatever way that was said."""

from typing import Any

from hopfield_opt.compiler import Compiled
from hopfield_opt.driver.task import is_problem
from hopfield_opt.errors import InputError
from hopfield_opt.model import Model
from hopfield_opt.model.partial import complete
from hopfield_opt.result import Result


def read_start(subject: Any, start: Any) -> Any:
    """Return a start as an answer of its subject: that of a result, or variables, all of them.

    Parameters
    ----------
    subject : Problem, Model, Compiled or Hamiltonian
        What is to be solved.
    start : object
        As it was given to `solve`.

    Raises
    ------
    InputError
        If it is a result without an answer.
    """
    model = subject.front if isinstance(subject, Compiled) else subject
    if isinstance(start, Result):
        # of another call, or of a file: variables go by name
        known = isinstance(model, Model) and start.assignment
        start = start.assignment if known else _answer_of(start)
    if isinstance(model, Model) and not is_problem(subject):
        return complete(model, start)
    return start


def _answer_of(result: Result) -> Any:
    if result.answer is None:
        raise InputError(
            f"start must be a result with an answer, got one that has none ({result.status.name}). "
            "Leave it out."
        )
    return result.answer
