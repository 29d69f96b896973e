"""The parameters of a dynamics as its kernels take them."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any


def keep(dynamics: Any, check: Callable[..., Any], *names: str, **limits: Any) -> None:
    """Put what a check makes of parameters in their place; None stays where it is the default.

    What was given may be a number of any kind: a fraction, a Decimal, an integer of 8 bits.

    Parameters
    ----------
    dynamics : frozen dataclass
        The dynamics, in its ``__post_init__``.
    check : callable
        Takes a name and a value, and returns the value as the kernels take it.
    *names : str
        The parameters.
    **limits : object
        What the check takes besides.
    """
    defaults = {field.name: field.default for field in fields(dynamics)}
    for name in names:
        value = getattr(dynamics, name)
        if value is not None or defaults[name] is not None:
            object.__setattr__(dynamics, name, check(name, value, **limits))
