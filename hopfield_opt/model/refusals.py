"""What numpy, Python and pandas may ask of an expression, and what to write where it is no sum."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from hopfield_opt.errors import InputError, show

FUNCTIONS = (
    "Use the operators and methods of expressions: D @ x, x.sum(axis=0), x.roll(1), x.T, ..."
)
PARTS = "Declare one array of variables, and take parts of it: x[:3], x[3:]."
MOST = "For the largest take t = model.integer((), low, high), add x <= t, and minimise t."
LEAST = "For the smallest take t = model.integer((), low, high), add t <= x, and maximise t."
SUMS = "Multiply by a triangular matrix: np.tri(n) @ x."
ABSOLUTE = (
    "For |x| take t = model.integer(x.shape, 0, most), add x <= t and -x <= t, and minimise t."
)
ADVICE = {
    "abs": ABSOLUTE,
    "absolute": ABSOLUTE,
    "fabs": ABSOLUTE,
    "maximum": "Take t = model.integer(shape, low, high), add x <= t and y <= t, and minimise t.",
    "minimum": "Take t = model.integer(shape, low, high), add t <= x and t <= y, and maximise t.",
    "max": MOST,
    "amax": MOST,
    "min": LEAST,
    "amin": LEAST,
    "concatenate": PARTS,
    "stack": PARTS,
    "vstack": PARTS,
    "hstack": PARTS,
    "diff": "Write x[1:] - x[:-1].",
    "outer": "Write x[:, None] * y.",
    "dot": "Write D @ x, or x @ y.",
    "cumsum": SUMS,
    "and": "For binaries it is x * y.",
    "or": "For binaries it is x + y - x * y.",
    "xor": "For binaries it is x + y - 2 * x * y.",
    "not": "For a binary it is 1 - x.",
    "value": "Its value is not known yet: write it into the cost or a constraint.",
    "division": "A cost is a polynomial: divide by numbers only.",
    "power": "A cost is a polynomial: exponents are whole numbers.",
    "rounding": "A cost is a polynomial: it has no remainders and no rounding.",
    "membership": "Write a constraint, such as model.add(x.sum() == 1).",
}

# the methods that stand for numpy's functions: on the left, and on the right of numbers
METHODS: dict[Any, tuple[str, str]] = {
    np.add: ("__add__", "__radd__"),
    np.subtract: ("__sub__", "__rsub__"),
    np.multiply: ("__mul__", "__rmul__"),
    np.divide: ("__truediv__", "__rtruediv__"),
    np.power: ("__pow__", "__rpow__"),
    np.matmul: ("__matmul__", "__rmatmul__"),
    np.equal: ("__eq__", "__eq__"),
    np.not_equal: ("__ne__", "__ne__"),
    np.less_equal: ("__le__", "__ge__"),
    np.greater_equal: ("__ge__", "__le__"),
    np.less: ("__lt__", "__gt__"),
    np.greater: ("__gt__", "__lt__"),
    np.negative: ("__neg__", ""),
    np.floor_divide: ("__floordiv__", "__rfloordiv__"),
    np.remainder: ("__mod__", "__rmod__"),
    np.bitwise_and: ("__and__", "__rand__"),
    np.bitwise_or: ("__or__", "__ror__"),
    np.bitwise_xor: ("__xor__", "__rxor__"),
    np.invert: ("__invert__", ""),
}

# numpy's functions that an expression has as methods
SAME = ("sum", "mean", "reshape", "ravel", "transpose", "roll", "diagonal")

# Python's methods that no polynomial has: what they are called, and the advice
_NONE = {
    "abs": ("__abs__", "abs"),
    "//": ("__floordiv__ __rfloordiv__", "rounding"),
    "%": ("__mod__ __rmod__", "rounding"),
    "divmod": ("__divmod__ __rdivmod__", "rounding"),
    "round": ("__round__ __trunc__ __floor__ __ceil__", "rounding"),
    "/": ("__rtruediv__", "division"),
    "**": ("__rpow__", "power"),
    "&": ("__and__ __rand__", "and"),
    "|": ("__or__ __ror__", "or"),
    "^": ("__xor__ __rxor__", "xor"),
    "~": ("__invert__", "not"),
    "float": ("__float__ __complex__", "value"),
    "int": ("__int__", "value"),
    "in": ("__contains__", "membership"),
}


def refuse(what: str, expression: Any, advice: str = "") -> NoReturn:
    """Raise the error of an operation that takes numbers only."""
    raise InputError(
        f"{what} must get numbers, got the expression {show(expression)}. {advice or FUNCTIONS}"
    )


def refuse_comparison(left: Any, sign: str, right: Any) -> NoReturn:
    """Raise the error of a comparison that makes no constraint."""
    raise InputError(
        f"comparison must be ==, <= or >=, got {show(left)} {sign} {show(right)}. "
        f"Between integers a < b is a <= b - 1. max() and min() compare, too. {MOST}"
    )


def apply_ufunc(
    expression: Any, function: np.ufunc, method: str, *inputs: Any, **keywords: Any
) -> Any:
    """Return what one of numpy's functions of arrays is for an expression: its operator."""
    names = METHODS.get(function)
    if names is None or method != "__call__" or keywords:
        name = function.__name__ + ("" if method == "__call__" else f".{method}")
        refuse(f"numpy.{name}", expression, ADVICE.get(function.__name__, ""))
    first, *rest = inputs
    if isinstance(first, Refusals):
        return getattr(first, names[0])(*rest)
    return getattr(rest[0], names[1])(first)


def apply_function(expression: Any, name: str, given: Any, keywords: Any) -> Any:
    """Return what one of numpy's other functions is for an expression: its method."""
    if name in SAME and given and isinstance(given[0], Refusals) and set(keywords) <= {"axis"}:
        return getattr(given[0], name)(*given[1:], **keywords)
    refuse(f"numpy.{name}", expression, ADVICE.get(name, ""))


class ForNumpy:
    """``__array_ufunc__``: a function for numpy, which asks the class.

    numpy.ma asks the object, and leaves its turn to the reflected method where it gets None.
    """

    def __get__(self, expression: Any, owner: Any = None) -> Any:
        """Return the function for a class, None for an object."""
        return apply_ufunc if expression is None else None


def refuse_to(expression: Any, asker: str) -> None:
    """Raise InputError where a library asks that would go by position, and not give up its turn.

    pandas never gives up that of Series @ x, nor numpy.ma that of masked == x, xarray none.
    """
    for library in ("numpy.ma", "pandas", "xarray"):
        if asker.startswith(library):
            refuse(library, expression, "Write x on the left: x * table, x @ table.")


def _make_refusal(what: str, advice: str) -> Callable[..., NoReturn]:
    def method(self: Any, *others: Any) -> NoReturn:
        refuse(what, self, advice)

    return method


class Refusals:
    """The operators that no polynomial has, each with what to write instead."""

    __array_ufunc__ = ForNumpy()
    # pandas leaves its turn to what has a larger number: 4000 is that of a DataFrame
    __pandas_priority__ = 5000

    def __getattr__(self, name: str) -> NoReturn:
        # only where there is none of this name
        if name == "dtype":  # xarray asks for it before it takes a product by position for its own
            refuse_to(self, sys._getframe(1).f_globals.get("__name__", ""))
        advice = ADVICE.get(name, FUNCTIONS)
        raise AttributeError(f"an expression has no attribute {name!r}. {advice}")

    def __lt__(self, other: Any) -> NoReturn:
        refuse_comparison(self, "<", other)

    def __gt__(self, other: Any) -> NoReturn:
        refuse_comparison(self, ">", other)

    def __ne__(self, other: Any) -> NoReturn:
        refuse_comparison(self, "!=", other)


for _what, (_names, _key) in _NONE.items():
    for _name in _names.split():
        setattr(Refusals, _name, _make_refusal(_what, ADVICE[_key]))
