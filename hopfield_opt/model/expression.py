"""What the user writes with: arrays of expressions with the manners of numpy."""

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from hopfield_opt import deadline
from hopfield_opt.border import plain
from hopfield_opt.errors import InputError, show
from hopfield_opt.model import nodes
from hopfield_opt.model.constants import as_exponent
from hopfield_opt.model.constraint import Constraint
from hopfield_opt.model.evaluate import evaluate
from hopfield_opt.model.formula import formula, key_text
from hopfield_opt.model.labels import constant_for, matrix_for
from hopfield_opt.model.nodes import Constant, Floats, Indices, Node, Shape
from hopfield_opt.model.refusals import ADVICE, Refusals, apply_function, refuse, refuse_to

if TYPE_CHECKING:
    from hopfield_opt.model.model import Model

# of trees: each step of an evaluation needs a few of the 1000 calls that Python allows inside
# each other
DEEPEST = 150


class Expression(Refusals):
    """An array of expressions in the variables of one model.

    It slices, broadcasts, adds and multiplies as a numpy array does, with numbers, numpy arrays
    and scipy.sparse matrices on either side; a comparison makes one `Constraint`. Nothing is
    computed before it is asked for.

    Examples
    --------
    >>> from hopfield_opt.model import Model
    >>> m = Model()
    >>> x = m.binary((2, 3), name="x")
    >>> y = (x.roll(-1, axis=1) * [1, 2, 3]).sum(axis=1) + 10
    >>> y
    (x.roll(-1, axis=1) * [1, 2, 3]).sum(axis=1) + 10
    >>> y.evaluate({"x": [[1, 0, 0], [0, 1, 1]]})
    array([13., 13.])
    """

    __hash__ = object.__hash__

    def __init__(self, node: Node, model: "Model") -> None:
        if node.depth > DEEPEST:
            raise InputError(
                f"expression must be nested at most {DEEPEST} deep, got one more. "
                "Write long sums term by term or with .sum(), without brackets around what is "
                "there already."
            )
        self.node = node
        self.model = model

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        # scipy.sparse asks for an array before it gives up its turn: an opaque scalar makes it
        refuse_to(self, sys._getframe(1).f_globals.get("__name__", ""))
        box = np.empty((), dtype=object)
        box[()] = self
        return box

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return apply_function(self, function.__name__, args, kwargs)

    def __repr__(self) -> str:
        return formula(self.node)

    def __bool__(self) -> NoReturn:
        raise InputError(
            f"condition must be a Python truth value, got the expression {self!r}. "
            "Its value is not known yet: write it into the cost or a constraint."
        )

    # shape ---------------------------------------------------------------------------------

    @property
    def shape(self) -> Shape:
        """The numpy shape."""
        return self.node.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)

    @property
    def T(self) -> "Expression":
        """The transposed array."""
        return self._view(self._places().T, ".T")

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of an expression without axes")
        return self.shape[0]

    def __iter__(self) -> Iterator["Expression"]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, key: Any) -> "Expression":
        parts = key if isinstance(key, tuple) else (key,)
        if any(isinstance(part, Expression) for part in parts):
            refuse("index", self, "Choose by a variable with a product: (values * chosen).sum().")
        own = tuple(plain("index", part) for part in parts)
        places, index = self._places(), own if isinstance(key, tuple) else own[0]
        picked = self._find_places("index", key, lambda: places[index])
        return self._view(picked, f"[{key_text(key)}]")

    def reshape(self, *shape: Any) -> "Expression":
        """Return the same entries in another shape, as `numpy.reshape`."""
        places = self._find_places("shape", shape, lambda: self._places().reshape(*shape))
        return self._view(places, f".reshape{places.shape}")

    def ravel(self) -> "Expression":
        """Return the entries in one line, as `numpy.ravel`."""
        return self.reshape(-1)

    def transpose(self, *axes: int) -> "Expression":
        """Return the array with its axes in another order, as `numpy.transpose`."""
        places = self._find_places("axes", axes, lambda: self._places().transpose(*axes))
        return self._view(places, f".transpose{axes}" if axes else ".T")

    def roll(self, shift: int, axis: int | None = None) -> "Expression":
        """Return the entries moved cyclically, as `numpy.roll`."""
        given = shift if axis is None else (shift, axis)
        places = self._find_places("shift", given, lambda: np.roll(self._places(), shift, axis))
        label = f".roll({show(shift)})" if axis is None else f".roll({show(shift)}, axis={axis})"
        return self._view(places, label)

    def diagonal(self, k: int = 0) -> "Expression":
        """Return the k-th diagonal of a matrix, as `numpy.diagonal`."""
        places = self._find_places("diagonal", k, lambda: np.diagonal(self._places(), k))
        return self._view(places, f".diagonal({k})" if k else ".diagonal()")

    def sum(self, axis: int | tuple[int, ...] | None = None) -> "Expression":
        """Return the sum over all entries, or along one axis or several, as `numpy.sum`."""
        try:
            given = range(self.ndim) if axis is None else np.atleast_1d(axis).tolist()
            axes = tuple(sorted({int(np.arange(self.ndim)[one]) for one in given}))
        except (IndexError, TypeError, ValueError):
            raise InputError(
                f"axis must be one of the {self.ndim} axes of the shape {self.shape}, got "
                f"{show(axis)}. Leave it out to add up all entries."
            ) from None
        return Expression(nodes.total(self.node, axes), self.model)

    def mean(self, axis: int | tuple[int, ...] | None = None) -> "Expression":
        """Return the mean over all entries, or along one axis or several, as `numpy.mean`."""
        total = self.sum(axis)
        return total / max(1, self.size // max(1, total.size))

    def _places(self) -> Indices:
        deadline.check(3 * self.size)
        return np.arange(self.size).reshape(self.shape)

    def _find_places(self, name: str, given: Any, move: Callable[[], Any]) -> Indices:
        """Return the places that numpy finds, or say that there are none."""
        try:
            return np.asarray(move())
        except (IndexError, OverflowError, TypeError, ValueError) as error:
            # an index that is none of the things that numpy takes is a shape that does not fit
            raise InputError(
                f"{name} must fit the shape {self.shape}, got {show(given)}. "
                f"As numpy says: {error}."
            ) from None

    def _view(self, positions: Indices, label: str) -> "Expression":
        return Expression(nodes.view(self.node, positions, label), self.model)

    # arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Any) -> "Expression":
        return self._join(nodes.add, *self._operands(other))

    def __radd__(self, other: Any) -> "Expression":
        return self._join(nodes.add, *reversed(self._operands(other)))

    def __neg__(self) -> "Expression":
        return self * -1.0

    def __sub__(self, other: Any) -> "Expression":
        own = other if isinstance(other, Expression) else constant_for(self, other, "operand")
        return self + -own

    def __rsub__(self, other: Any) -> "Expression":
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> "Expression":
        return self._join(nodes.multiply, *self._operands(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Expression":
        if isinstance(other, Expression):
            refuse("/", other, ADVICE["division"])
        divisor = constant_for(self, other, "divisor")
        if not divisor.all():
            raise InputError(
                f"divisor must be nonzero, got {show(other)}. Drop the entries with 0."
            )
        return self * (1.0 / divisor)

    def __pow__(self, exponent: Any) -> "Expression":
        power = as_exponent(exponent)
        if power < 2:
            return self if power else Expression(Constant(np.ones(self.shape)), self.model)
        return Expression(nodes.power(self.node, power), self.model)

    def __matmul__(self, other: Any) -> "Expression":
        if isinstance(other, Expression):
            return self._matrix_product(other)
        return self._by_matrix(other, from_left=False)

    def __rmatmul__(self, other: Any) -> "Expression":
        return self._by_matrix(other, from_left=True)

    def _by_matrix(self, other: Any, from_left: bool) -> "Expression":
        matrix, was_vector = matrix_for(self, other, from_left)
        inner = matrix.shape[1] if from_left else matrix.shape[0]
        own = self.shape[:1] if from_left else self.shape[-1:]
        if self.ndim not in (1, 2) or own != (inner,):
            raise InputError(
                f"matrix must match the expression, got shapes {np.shape(other)} and "
                f"{self.shape}. A product needs one or two axes and equal inner sizes."
            )
        result = Expression(nodes.matrix_product(matrix, self.node, from_left), self.model)
        shape = result.shape[1:] if from_left else result.shape[:-1]
        return result.reshape(shape) if was_vector else result

    def _matrix_product(self, other: "Expression") -> "Expression":
        if not (1 <= self.ndim <= 2 and 1 <= other.ndim <= 2 and self.shape[-1] == len(other)):
            raise InputError(
                f"shapes must fit a matrix product, got {self.shape} and {other.shape}. "
                "Both need one or two axes and equal inner sizes."
            )
        if other.ndim == 1:
            return (self * other).sum(axis=-1)
        return (self.reshape(*self.shape, 1) * other).sum(axis=-2)

    def _operands(self, other: Any, name: str = "operand") -> tuple[Node, Node]:
        """Return both nodes in their common shape."""
        if isinstance(other, Expression):
            if other.model is not self.model:
                raise InputError(
                    f"variables must be of one model, got {self!r} and {other!r} of two. "
                    "Make them with the same Model."
                )
            second = other.node
        else:
            second = Constant(constant_for(self, other, name))
        try:
            shape = np.broadcast_shapes(self.shape, second.shape)
        except ValueError:
            raise InputError(
                f"shapes must broadcast, got {self.shape} and {second.shape} at {self!r}. "
                "Reshape one of the two."
            ) from None
        return nodes.broadcast(self.node, shape), nodes.broadcast(second, shape)

    def _join(self, join: Any, left: Node, right: Node) -> "Expression":
        return Expression(join(left, right), self.model)

    # comparison ----------------------------------------------------------------------------

    def __eq__(self, other: Any) -> Constraint:  # type: ignore[override]
        return self._compare("==", other)

    def __le__(self, other: Any) -> Constraint:
        return self._compare("<=", other)

    def __ge__(self, other: Any) -> Constraint:
        return self._compare(">=", other)

    def _compare(self, sign: str, other: Any) -> Constraint:
        left, right = self._operands(other, "bound")
        if not isinstance(right, Constant):
            left = nodes.add(left, nodes.scale(right, np.full(right.shape, -1.0)))
            right = Constant(np.zeros(left.shape))
        return Constraint(left, sign, right.value, self.model)

    # value ---------------------------------------------------------------------------------

    def evaluate(self, assignment: Mapping[str, Any]) -> Floats:
        """Return the value for an assignment `{name: array}`, without compiling."""
        return np.array(evaluate(self.node, self.model.pack(assignment)))
