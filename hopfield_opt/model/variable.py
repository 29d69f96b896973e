"""Arrays of variables: name, shape, kind and range."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.arrays import check_memory
from hopfield_opt.border import is_integer, real_array
from hopfield_opt.errors import InputError, check_choice, show
from hopfield_opt.frames import Labels, distinct, in_order_of
from hopfield_opt.model.constants import first_false
from hopfield_opt.model.nodes import Floats, Shape

Kind = Literal["binary", "spin", "integer"]
EncodingName = Literal["binary", "one-hot", "unary", "domain-wall"]
ENCODINGS: tuple[str, ...] = get_args(EncodingName)


# Of a variable: its number and its value, and room to work with them.
BYTES_PER_VARIABLE = 24


@dataclass(frozen=True, eq=False)
class Variable:
    """One array of variables.

    Attributes
    ----------
    name : str
        Its name in assignments.
    shape : tuple of int
        Its numpy shape.
    kind : "binary", "spin" or "integer"
        What its entries are.
    lower, upper : array of the shape
        The range of each entry.
    first : int
        The number of its first entry among all variables of the model.
    encoding : str or None
        How integers become bits; None leaves it to the compiler.
    labels : tuple of tuples, optional
        Of each axis, where there are any.
    """

    name: str
    shape: Shape
    kind: Kind
    lower: Floats
    upper: Floats
    first: int
    encoding: EncodingName | None = None
    labels: tuple[Labels, ...] = ()

    @property
    def size(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)

    def __str__(self) -> str:
        size = "x".join(map(str, self.shape)) or "1"
        has_range = self.kind == "integer" and self.size
        span = f" in {self.lower.min():g}..{self.upper.max():g}" if has_range else ""
        return f"{self.name}: {size} {self.kind}{span}"

    def check(self, values: Any) -> Floats:
        """Return values of this variable as a flat array, or say what is wrong with them."""
        name = f"assignment at {self.name!r}"
        own = in_order_of(name, values, *self.labels) if self.labels else values
        array = real_array(name, own).astype(np.float64)
        if array.shape != self.shape:
            raise InputError(
                f"assignment must have shape {self.shape}, got {array.shape} at "
                f"{self.name!r}. Give one number for each entry of the variable."
            )
        whole = (array >= self.lower) & (array <= self.upper) & (array == np.floor(array))
        if self.kind == "spin":
            whole &= array != 0
        if not whole.all():
            place = first_false(np.asarray(whole))
            raise InputError(
                f"assignment must be {self.kind} in {self.lower[place]:g}..{self.upper[place]:g}, "
                f"got {array[place]} at {self.name!r}{list(place) or ''}. Round or clip it."
            )
        return array.ravel()

    def restore(self, flat: Floats) -> NDArray[Any]:
        """Return flat values as an array of the shape, in a small integer type."""
        array: NDArray[Any] = flat.reshape(self.shape)
        return array.astype(np.int64 if self.kind == "integer" else np.int8)


def make_variable(
    first: int,
    names: Collection[str],
    kind: Kind,
    shape: Any,
    name: str | None,
    bounds: tuple[Any, Any],
    encoding: Any,
    index: Any,
) -> Variable:
    """Return variables after `first` others, with a name that is not taken."""
    labels = () if index is None else read_index(index, shape)
    sizes = tuple(map(len, labels)) if labels else as_shape(shape)
    label = as_name("variable", name, names)
    count = first + math.prod(sizes)
    check_memory("variables", BYTES_PER_VARIABLE * count, f"Take fewer than {count}")
    deadline.check(3 * math.prod(sizes))
    low, high = as_bounds(*bounds, sizes)
    return Variable(label, sizes, kind, low, high, first, as_encoding(encoding), labels)


def as_name(kind: str, name: Any, taken: Collection[str]) -> str:
    """Return a new name as it is given, or the next free one: x0, x1, ..., constraints c0, ..."""
    if name is None:
        letter = "x" if kind == "variable" else "c"
        return next(free for k in count(len(taken)) if (free := f"{letter}{k}") not in taken)
    if not isinstance(name, str) or name in taken:
        raise InputError(
            f"name must be a string that no other {kind} has, got {show(name)}. Choose another one."
        )
    return name


def as_shape(shape: Any) -> Shape:
    """Return a shape given as an integer or a tuple of integers >= 0."""
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    for size in sizes:
        if not is_integer(size) or not 0 <= size < 2**63:
            raise InputError(
                f"shape must be an integer >= 0 or a tuple of them, got {show(shape)}. "
                "Use () for a single variable."
            )
    return tuple(int(size) for size in sizes)


def as_bounds(lower: Any, upper: Any, shape: Shape) -> tuple[Floats, Floats]:
    """Return the bounds of integer variables, broadcast to their shape."""
    bounds = []
    for name, value in (("lower", lower), ("upper", upper)):
        array = real_array(name, value)
        exact = array.dtype.kind in "iuf" and np.isfinite(array).all()
        if not exact or (array != np.floor(array)).any():
            raise InputError(
                f"{name} must be an integer or an array of integers, got {show(value)}. "
                "Integer variables need finite whole bounds."
            )
        try:
            whole = np.broadcast_to(array.astype(np.float64), shape)
            # one number for all takes no memory
            bounds.append(whole.copy() if array.ndim else whole)
        except ValueError:
            raise InputError(
                f"{name} must broadcast to the shape {shape}, got shape {array.shape}. "
                "Give one bound for all, or one for each entry."
            ) from None
    if (bounds[0] > bounds[1]).any():
        raise InputError(
            f"lower must be <= upper, got {show(lower)} > {show(upper)}. Swap the two."
        )
    return bounds[0], bounds[1]


def as_encoding(name: Any) -> EncodingName | None:
    """Return the name of an encoding, checked."""
    if name is not None:
        check_choice("encoding", name, ENCODINGS)
    return name  # type: ignore[no-any-return]


def read_index(index: Any, shape: Any) -> tuple[Labels, ...]:
    """Return the labels of one axis or of each of several, which stand for a shape.

    Raises
    ------
    InputError
        If there is a shape, too, more than two axes, or a label twice.
    """
    if shape != ():
        raise InputError(f"shape must be left out where index is given, got {show(shape)}.")
    axes = index if isinstance(index, list | tuple) else [index]
    # a tuple is a label
    several = [isinstance(one, list | range) or len(getattr(one, "shape", ())) == 1 for one in axes]
    if isinstance(index, list | tuple) and not any(several):
        axes, several = [index], [True]  # the labels of one axis themselves
    if not all(several):
        raise InputError(
            f"index must be labels, or a list of one or two axes of them, got {show(index)}."
        )
    if len(axes) > 2:
        raise InputError(f"index must have one or two axes, got {len(axes)}. Use a shape for more.")
    # a coordinate of xarray holds arrays of one label each
    return tuple(
        distinct("index", one.to_index() if hasattr(one, "to_index") else one) for one in axes
    )
