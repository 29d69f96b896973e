"""What the pictures share: colours that colour-blind eyes tell apart, and where to draw."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from hopfield_opt.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Given = ParamSpec("_Given")
_Axes = TypeVar("_Axes")

# Okabe and Ito, "Color universal design" (2008)
BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
BLACK = "#1a1a1a"
GREY = "#b5b5b5"


def axes(ax: "Axes | None") -> "Axes":
    """Return where to draw: what was given, or the axes of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(8, 6), layout="constrained")
    return new


def needs_answer(picture: Callable[_Given, _Axes]) -> Callable[_Given, _Axes]:
    """Let a picture say what it is given, where something is left out or too much."""
    signature = inspect.signature(picture)

    @wraps(picture)
    def draw(*given: _Given.args, **named: _Given.kwargs) -> _Axes:
        try:
            signature.bind(*given, **named)
        except TypeError as error:
            call = f"plot.{picture.__name__}({', '.join(signature.parameters)})"
            raise InputError(
                f"{call} must get the data and the answer, got a call with {error}. "
                "Give result.answer as the answer, or write problem.plot(result.answer)."
            ) from None
        return picture(*given, **named)

    return draw
