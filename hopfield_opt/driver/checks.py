"""The arguments of `solve`, `run` and `compare`, looked at before anything begins."""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

from hopfield_opt.arrays import check_number, check_truth
from hopfield_opt.border import as_float, is_integer, is_truth
from hopfield_opt.errors import InputError, show

T = TypeVar("T")

MOST = 2**62  # kernels count in 64 bits


def optional(check: Callable[[str, Any], T], name: str, value: Any) -> T | None:
    """Return what a check makes of an argument, None where it was not given."""
    return None if value is None else check(name, value)


def seconds(name: str, value: Any) -> float:
    """Return a positive number of seconds."""
    checked = None if is_truth(value) else as_float(value)
    if checked is None or not 0 < checked < math.inf:
        raise InputError(f"{name} must be a positive number of seconds, got {show(value)}.")
    return checked


def count(name: str, value: Any, lowest: int = 1) -> int:
    """Return a positive integer, or 0 where that is the lowest, in the range of numba's."""
    if not is_integer(value) or value < lowest:
        kind = "a positive integer" if lowest else "an integer of at least 0"
        raise InputError(f"{name} must be {kind}, got {show(value)}.")
    if value > MOST:
        raise InputError(f"{name} must be at most 2**62, got {show(value)}.")
    return int(value)


def number(name: str, value: Any) -> float:
    """Return a finite number, whole ones as they are."""
    if is_truth(value):
        raise InputError(f"{name} must be a number, got {show(value)}. Give one number.")
    if type(value) is int and math.isfinite(as_float(value) or 0.0):
        return value
    return check_number(name, value)


def function(name: str, value: Any) -> Callable[..., object]:
    """Return what can be called."""
    if not callable(value):
        raise InputError(
            f"{name} must be a function of one argument, the incumbent, got {show(value)}. "
            "What it returns stops the run if it is true."
        )
    return value  # type: ignore[no-any-return]


def listener(name: str, value: Any) -> Any:
    """Return a truth value, or what is told of progress."""
    return value if callable(value) and not isinstance(value, type) else check_truth(name, value)


def switch(name: str, value: Any) -> Callable[[], object]:
    """Return what tells whether to stop: the `is_set` of an event, or a function."""
    found = getattr(value, "is_set", value)
    if isinstance(value, type) or not callable(found):
        raise InputError(
            f"{name} must be a threading.Event or a function without arguments, "
            f"got {kind_of(value)}. A set event, or a true return, ends the run."
        )
    return found  # type: ignore[no-any-return]


def executor(name: str, value: Any) -> Executor:
    """Return an executor."""
    if hasattr(value, "get_executor"):  # a client of Dask, whose futures are others
        raise InputError(
            f"{name} must be a concurrent.futures.Executor, got {kind_of(value)}. "
            "Write .get_executor() behind it."
        )
    if isinstance(value, type) or not callable(getattr(value, "submit", None)):
        raise InputError(
            f"{name} must be a concurrent.futures.Executor, got {kind_of(value)}. "
            "Make one with ProcessPoolExecutor()."
        )
    return value  # type: ignore[no-any-return]


def kind_of(value: Any) -> str:
    """Return the name of a type, as a class or as what an object is of."""
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
