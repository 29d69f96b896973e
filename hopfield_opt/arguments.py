"""Words of a command line as arguments of a function: `name=value` pairs, checked by signature."""

import contextlib
import inspect
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any

from hopfield_opt.errors import InputError, unknown_name


def parse_pairs(option: str, pairs: Iterable[str]) -> dict[str, Any]:
    """Return `name=value` pairs as a dictionary of Python values."""
    parsed = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InputError(f"{option} must be given as NAME=VALUE, got {pair!r}.")
        parsed[name.strip().replace("-", "_")] = parse_value(value.strip())
    return parsed


def parse_value(text: str) -> Any:
    """Return what a value on the command line means: numbers, a truth value, None or text.

    Examples
    --------
    >>> [parse_value(text) for text in ("3", "1e-3", "true", "none", "euclidean", "10,20")]
    [3, 0.001, True, None, 'euclidean', (10, 20)]
    """
    words = {"true": True, "false": False, "none": None, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    for number in (int, float):
        with contextlib.suppress(ValueError):
            return number(text)
        with contextlib.suppress(ValueError):
            return tuple(number(part) for part in text.split(","))
    return text


def check_arguments(
    option: str, function: Callable[..., Any], given: dict[str, Any]
) -> dict[str, Any]:
    """Return `given` if `function` can be called with it; an error names the option."""
    parameters = inspect.signature(function).parameters
    for name, value in given.items():
        if not parameters:
            raise InputError(
                f"{option} must be left out, got {name!r}. There is nothing to set: "
                "for the settings of a method, name it first."
            )
        if name not in parameters:
            raise unknown_name(f"the name in {option}", name, parameters)
        _check_type(option, name, value, parameters[name])
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty and name not in given
    ]
    if missing:
        raise InputError(f"{option} must give {missing[0]}, got {', '.join(given) or 'nothing'}.")
    return given


def _check_type(option: str, name: str, value: Any, parameter: inspect.Parameter) -> None:
    """Raise unless a value fits an annotation of plain types; others are left to the callee."""
    plain = {int: "an integer", float: "a number", bool: "true or false", str: "a word"}
    plain[types.NoneType] = "none"
    allowed = typing.get_args(parameter.annotation) or (parameter.annotation,)
    if not set(allowed) <= set(plain) or type(value) in allowed:
        return
    if float in allowed and type(value) is int:
        return
    wanted = " or ".join(plain[kind] for kind in allowed)
    raise InputError(f"{name} in {option} must be {wanted}, got {value!r}.")
