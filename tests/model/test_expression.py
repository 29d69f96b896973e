"""Arrays of expressions have the manners of numpy, and only numpy's."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.errors import InputError
from hopfield_opt.model import Constraint, Expression, Model

VALUES = np.random.default_rng(0).integers(0, 2, (3, 4))
MATRIX = np.arange(12.0).reshape(4, 3) - 5
SQUARE = np.arange(16.0).reshape(4, 4) - 7

# what may be done to an array of shape (3, 4), alike for numpy and for expressions
OPERATIONS: dict[str, Any] = {
    "slice": lambda a: a[1:, ::-1],
    "row": lambda a: a[0] + 0 * a,
    "integers": lambda a: a[[0, 2, 2]],
    "mask": lambda a: a[:, np.array([True, False, True, True])],
    "turned": lambda a: a.T,
    "other axes": lambda a: a[:, None].transpose(2, 0, 1).sum(axis=2) * a.transpose(),
    "shape": lambda a: a.reshape(2, 6),
    "new axis": lambda a: (a[:, None] * a[None]).sum(axis=1),
    "left": lambda a: np.ones((2, 3)) @ a,
    "right": lambda a: a @ MATRIX,
    "sparse": lambda a: a @ scipy.sparse.csr_array(SQUARE),
    "add": lambda a: 2 + a - np.arange(4),
    "negative": lambda a: -a / 2,
    "scaled": lambda a: np.arange(4) * a * 3,
    "square": lambda a: a**2 + a * a,
    "cube": lambda a: (a - 1) ** 3,
    "zero": lambda a: a**0,
    "numbers": lambda a: a * ((a**0 + a**0 * np.arange(4)).sum(axis=0) ** 2 @ SQUARE),
    "numbers left": lambda a: a + np.arange(3) @ a**0,
    "sums": lambda a: a.sum(axis=0),
    "both sums": lambda a: a.sum(axis=(0, 1)),
    "last sums": lambda a: a.sum(axis=-1) * 2,
    "python sum": lambda a: sum(a[k] for k in range(3)),
    "product": lambda a: a @ a.T,
    "vectors": lambda a: a[0] @ a[1] + a[0] @ a.T,
    "row times matrix": lambda a: a[0] @ SQUARE,
    "vector left": lambda a: np.arange(3) @ a,
    "vector right": lambda a: a @ np.arange(4),
    "iterated": lambda a: sum(list(a), 0 * a[0]),
}


def expression() -> Expression:
    """Return a block of binaries."""
    return Model().binary((3, 4), name="x")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_are_those_of_numpy(name: str) -> None:
    """The value of an expression is what numpy gives for the values, in the same shape."""
    found = OPERATIONS[name](expression())
    wanted = OPERATIONS[name](VALUES)
    assert isinstance(found, Expression)
    assert found.shape == wanted.shape
    assert np.array_equal(found.evaluate({"x": VALUES}), wanted)


def test_roll_and_diagonal_are_those_of_numpy() -> None:
    """`roll` and `diagonal` give what the numpy functions give."""
    x, given_x = expression(), {"x": VALUES}
    for shift, axis in ((1, 0), (-2, 1), (3, None)):
        assert np.array_equal(x.roll(shift, axis).evaluate(given_x), np.roll(VALUES, shift, axis))
    for k in range(-2, 4):
        assert np.array_equal(x.diagonal(k).evaluate(given_x), VALUES.diagonal(k))


@settings(max_examples=200)
@given(st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=2, max_size=2), st.integers(-1, 2))
def test_operations_compose(names: list[str], number: int) -> None:
    """Operations after one another, and sums of them, are still those of numpy."""
    first, second = (OPERATIONS[name] for name in names)

    def both(array: Any) -> Any:
        inner = first(array)
        return second(inner) if inner.shape == (3, 4) else (inner * number + inner).sum()

    found, wanted = both(expression()), both(VALUES)
    assert found.shape == np.shape(wanted)
    assert np.allclose(found.evaluate({"x": VALUES}), wanted)


def test_sparse_matrices_stand_on_either_side() -> None:
    """A scipy matrix times, plus or around an expression is an expression."""
    x = expression()
    matrix = scipy.sparse.csr_array(np.eye(3))
    around = scipy.sparse.csr_array(VALUES)
    for found in (matrix @ x, scipy.sparse.csr_matrix(np.eye(3)) @ x, matrix @ x + around):
        assert isinstance(found, Expression)
        assert found.shape == (3, 4)
    assert np.array_equal((x * around - around).evaluate({"x": VALUES}), VALUES**2 - VALUES)


def test_comparison_of_arrays_is_one_constraint() -> None:
    """A comparison makes one object with the broadcast shape; amounts tell the violation."""
    x = expression()
    for found in (x == VALUES, x[0] <= x, x <= 1, np.ones(4) >= x):
        assert isinstance(found, Constraint)
        assert found.shape == (3, 4)
    rule = x.sum(axis=1) >= 3
    wanted = np.maximum(3 - VALUES.sum(axis=1), 0)
    assert np.array_equal(rule.evaluate({"x": VALUES}), wanted)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: bool(x == 1), "truth value, got the constraint x == 1"),
        (lambda x: bool(x), "truth value, got the expression x"),
        (lambda x: 0 <= x <= 1, "write a <= x <= b as two"),
        (lambda x: x < 1, "must be ==, <= or >=, got x < 1"),
        (lambda x: x[0, 0] > 1, r"must be ==, <= or >=, got x\[0, 0\] > 1"),
        (lambda x: x != 1, "must be ==, <= or >="),
        (lambda x: x + np.ones(3), "shapes must broadcast"),
        (lambda x: x @ np.ones(3), "matrix must match"),
        (lambda x: np.ones((2, 2, 2)) @ x, "one or two axes"),
        (lambda x: x @ x, "shapes must fit"),
        (lambda x: x * np.nan, "coefficients must be finite, got nan"),
        (lambda x: np.diag([1, np.inf, 1]) @ x, r"got inf at \[1, 1\]"),
        (lambda x: x**-1, "exponent must be"),
        (lambda x: x**0.5, "exponent must be"),
        (lambda x: x / 0, "divisor must be nonzero"),
        (lambda x: x + "1a", "operand must be"),
        (lambda x: x + expression(), "one model"),
        (lambda x: x == expression(), "one model"),
    ],
)
def test_bad_expressions_say_what_to_do(make: Any, message: str) -> None:
    """What cannot be written is an InputError that names the expression."""
    with pytest.raises(InputError, match=message):
        make(expression())


def test_constants_are_copied() -> None:
    """A later change of the user's array changes no expression."""
    weights = np.ones((3, 4))
    cost = (expression() * weights).sum()
    weights[:] = 7
    assert cost.evaluate({"x": VALUES}) == VALUES.sum()


def test_nothing_is_expanded_by_writing() -> None:
    """A tour over 1000 cities is written in next to no memory beyond its index."""
    m = Model()
    x = m.binary((1000, 1000), name="x")
    m.minimize((x * (np.ones((1000, 1000)) @ x.roll(-1, axis=1))).sum())
    assert str(m).startswith("minimize (x * (matrix(1000, 1000) @ x.roll(-1, axis=1))).sum()")


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.dot(np.eye(3), x),
        lambda x: np.sum(x, dtype=float),
        lambda x: np.tensordot(np.eye(3), x),
        lambda x: np.einsum("i,i", np.ones(3), x),
    ],
)
def test_functions_of_numpy_are_refused_with_a_hint(call: Any) -> None:
    """They would take an expression for an opaque object and return nonsense."""
    with pytest.raises(InputError, match="D @ x"):
        call(Model().binary(3, name="x"))


@pytest.mark.parametrize(
    "call",
    [
        np.sum,
        np.mean,
        np.ravel,
        np.transpose,
        np.diagonal,
        lambda x: np.sum(x, axis=0),
        lambda x: np.mean(x, axis=(0, 1)),
        lambda x: np.mean(x, 1),
        lambda x: np.roll(x, 1, axis=1),
        lambda x: np.reshape(x, (3, 2)),
    ],
)
def test_functions_of_numpy_that_are_methods_do_as_numpy(call: Any) -> None:
    """Sums, means and other shapes are those of the values."""
    x = Model().binary((2, 3), name="x")
    values = np.array([[1, 0, 1], [1, 1, 0]])
    found = call(x).evaluate({"x": values})
    assert found.shape == np.shape(call(values))
    assert np.allclose(found, call(values))


@pytest.mark.parametrize(
    ("name", "advice"), [("cumsum", "triangular"), ("max", "minimise t"), ("std", "x.sum")]
)
def test_methods_that_no_polynomial_has_say_what_to_write(name: str, advice: str) -> None:
    """The error is Python's own, so that `hasattr` says no."""
    x = Model().binary(3, name="x")
    with pytest.raises(AttributeError, match=advice):
        getattr(x, name)
    assert not hasattr(x, name)


def test_single_expression_has_no_length() -> None:
    """As a number of numpy, one expression cannot be counted or looped over."""
    one = expression().sum()
    with pytest.raises(TypeError, match="without axes"):
        len(one)
    with pytest.raises(TypeError, match="without axes"):
        list(one)


def test_model_is_shown_by_its_names() -> None:
    """The short form names the variables and counts the rules."""
    m = Model()
    x = m.binary(2, name="x")
    m.add(x.sum() <= 1)
    assert repr(m) == "Model(x: 1 rules)"
