"""Expressions meet numpy, pandas, masks and Python's functions: right, or one line that helps."""

import functools
import math
import operator

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import coo_array, csr_array, dok_array, dok_matrix, lil_matrix

from hopfield_opt.errors import InputError
from hopfield_opt.model import Expression, Model

VALUES = {"x": [1, 0, 1]}


def variables() -> Expression:
    """Return three binaries of a model."""
    return Model().binary(3, name="x")


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (abs, r"abs must get numbers, got the expression x\. For \|x\| take t = model.integer"),
        (lambda x: np.abs(x), r"numpy.absolute must get numbers.*For \|x\| take t"),
        (lambda x: np.maximum(x, x), r"numpy.maximum .*Take t = .* add x <= t and y <= t"),
        (lambda x: np.minimum([1, 2, 3], x), r"numpy.minimum .* add t <= x and t <= y"),
        (lambda x: np.exp(x), r"numpy.exp must get numbers, got the expression x\. Use"),
        (lambda x: np.add.reduce(x), "numpy.add.reduce must get numbers"),
        (lambda x: np.add(x, 1, out=np.zeros(3)), "numpy.add must get numbers"),
        (lambda x: np.concatenate([x, x]), "numpy.concatenate must get numbers"),
        (lambda x: np.dot(np.eye(3), x), "numpy.dot must get numbers.*D @ x"),
        (lambda x: x // 2, "// must get numbers.*no remainders"),
        (lambda x: x % 2, "% must get numbers.*no remainders"),
        (lambda x: np.array([3, 3, 3]) % x, "% must get numbers"),
        (lambda x: divmod(x, 2), "divmod must get numbers"),
        (lambda x: round(x), "round must get numbers"),
        (lambda x: math.floor(x), "round must get numbers"),
        (lambda x: 1 / x, "/ must get numbers.*divide by numbers only"),
        (lambda x: x / x, "/ must get numbers.*divide by numbers only"),
        (lambda x: np.ones(3) / x, "/ must get numbers"),
        (lambda x: 2**x, r"\*\* must get numbers.*exponents are whole numbers"),
        (lambda x: x & x, r"& must get numbers.*it is x \* y"),
        (lambda x: x | x, r"\| must get numbers.*x \+ y - x \* y"),
        (lambda x: np.array([True, False, True]) ^ x, r"\^ must get numbers"),
        (lambda x: ~x, "~ must get numbers.*1 - x"),
        (lambda x: float(x[0]), "float must get numbers.*not known yet"),
        (lambda x: int(x[0]), "int must get numbers.*not known yet"),
        (lambda x: math.sqrt(x[0]), "float must get numbers"),
        (lambda x: 1 in x, "in must get numbers.*model.add"),
        (lambda x: x[x], "index must get numbers.*a product"),
        (lambda x: x.sum(axis=3), r"axis must be one of the 1 axes of the shape \(3,\), got 3"),
        (lambda x: pd.Series([1, 2, 3]) @ x[0], r"pandas.* must get numbers.*x @ table"),
        (lambda x: pd.DataFrame(np.eye(3)) @ x, r"pandas.* must get numbers.*x @ table"),
        (lambda x: x.model.add(x.sum() <= np.inf), "bound must be finite, got inf. Leave out"),
        (lambda x: x.model.add(x >= [0, -np.inf, 0]), r"bound must be finite, got -inf at \[1\]"),
        (lambda x: x.model.add(x <= 1, name=3), "name must be a string that no other constraint"),
        (lambda x: x + 10**400, "coefficients must be finite, got inf"),
    ],
)
def test_what_is_no_polynomial_says_what_to_write(write, message):
    """Functions that no polynomial has are refused in one line, which shows the way around."""
    with pytest.raises(InputError, match=message) as caught:
        write(variables())
    assert len(str(caught.value)) <= 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["add", "sub", "mul", "eq", "le", "ge"],
)
@pytest.mark.parametrize(
    "make",
    [
        np.asarray,
        pd.Series,
        lambda v: pd.Index(v),
        lambda v: np.array(v, dtype=">i4"),
        lambda v: pd.Series(v, dtype="Int64"),
    ],
    ids=["array", "Series", "Index", "big endian", "nullable"],
)
def test_numbers_stand_on_either_side(name, make):
    """An array, a Series, an Index mean the same on the left and on the right."""
    apply, numbers = getattr(operator, name), [3, 1, 2]
    wanted = {"add": [4, 1, 3], "sub": [-2, -1, -1], "mul": [3, 0, 2]}
    x = variables()
    for own in (x, x[0]):
        right, left = apply(own, make(numbers)), apply(make(numbers), own)
        assert right.shape == left.shape == (3,)
    if name in wanted:
        assert apply(x, make(numbers)).evaluate(VALUES).tolist() == wanted[name]
        sign = -1 if name == "sub" else 1
        found = sign * apply(make(numbers), x)
        assert found.evaluate(VALUES).tolist() == wanted[name]
    else:
        violated = apply(x, numbers).evaluate(VALUES)
        assert apply(x, make(numbers)).evaluate(VALUES).tolist() == violated.tolist()
        mirror = {"eq": "eq", "le": "ge", "ge": "le"}[name]
        mirrored = getattr(operator, mirror)(make(numbers), x)
        assert mirrored.evaluate(VALUES).tolist() == violated.tolist()


@pytest.mark.parametrize("kind", [csr_array, coo_array, dok_array, dok_matrix, lil_matrix])
def test_sparse_factors_stand_on_either_side(kind):
    """Every sparse format multiplies from the left and the right, and is added entry by entry."""
    x, matrix = variables(), np.array([[1.0, 2.0, 0.0], [0.0, 0.0, 3.0], [4.0, 0.0, 0.0]])
    own = kind(matrix)
    assert (own @ x).evaluate(VALUES).tolist() == (matrix @ VALUES["x"]).tolist()
    assert (x @ own).evaluate(VALUES).tolist() == (VALUES["x"] @ matrix).tolist()
    assert (x + own).evaluate(VALUES).tolist() == (VALUES["x"] + matrix).tolist()
    with pytest.raises(InputError, match="dtype complex128"):
        kind(matrix * 1j) @ x


def test_numpy_functions_that_are_operators_are_these():
    """numpy.add, subtract, multiply, matmul, negative and the comparisons are the operators."""
    x = variables()
    assert np.add([1, 2, 3], x).evaluate(VALUES).tolist() == [2, 2, 4]
    assert np.subtract([1, 2, 3], x).evaluate(VALUES).tolist() == [0, 2, 2]
    assert np.multiply(x, 2).evaluate(VALUES).tolist() == [2, 0, 2]
    assert np.divide(x, 2).evaluate(VALUES).tolist() == [0.5, 0, 0.5]
    assert np.power(x, 2).evaluate(VALUES).tolist() == [1, 0, 1]
    assert np.negative(x).evaluate(VALUES).tolist() == [-1, 0, -1]
    assert np.matmul(np.eye(3), x).evaluate(VALUES).tolist() == [1, 0, 1]
    assert np.less_equal(0.5, x).evaluate(VALUES).tolist() == [0, 0.5, 0]


def test_labels_of_coefficients_are_not_dropped():
    """A Series of other labels than positions is refused: variables have no names of entries."""
    named = pd.Series([5.0, 4.0, 2.0], index=["x", "y", "z"])
    x = variables()
    for write in (lambda: named * x, lambda: x * named, lambda: x <= named, lambda: x + named):
        with pytest.raises(InputError, match=r"got 'x' on axis 0. Write .to_numpy\(\)"):
            write()
    assert (named.to_numpy() * x).sum().evaluate(VALUES) == 7
    masked = np.ma.array([5.0, 4.0, 2.0], mask=[False, True, False])
    for write in (lambda: masked * x, lambda: x * masked, lambda: x <= masked):
        with pytest.raises(InputError, match=r"no masked entries, got one at \[1\]"):
            write()
    bare = np.ma.array([5.0, 4.0, 2.0])
    assert (bare * x).sum().evaluate(VALUES) == (x * bare).sum().evaluate(VALUES) == 7
    with pytest.raises(InputError, match="numpy.ma must get numbers.*x on the left"):
        assert bare == x
    assert x[pd.Series([2, 0])].evaluate(VALUES).tolist() == [1, 1]
    with pytest.raises(InputError, match="masked"):
        x[np.ma.array([0, 1], mask=[0, 1])]


def test_names_are_found_beside_those_of_the_user():
    """A name that is left out is a free one, also where the user took the usual ones."""
    m = Model()
    x = m.binary(2, name="x1")
    assert repr(m.binary(2)) == "x2"
    m.add(x <= 1, name="c1")
    m.add(x >= 0)
    assert list(m.rules) == ["c1", "c2"]


@pytest.mark.parametrize(
    "step",
    [
        lambda y, x: (y + x) * 0.5,
        lambda y, x: (y + x).reshape(1)[0],
        lambda y, x: (y - x) ** 2,
        lambda y, x: y * x + 1,
    ],
)
def test_trees_are_as_deep_as_python_can_walk(step):
    """An expression is nested no deeper than it can be evaluated; a sum may be of any length."""
    x = Model().binary(2000, name="x")
    y, long = x[0], x[0]
    for _ in range(70):
        y = step(y, x[1])
    with pytest.raises(InputError, match="must be nested at most 150 deep"):
        functools.reduce(step, x, y)
    assert np.isfinite(y.evaluate({"x": np.zeros(2000)}))
    assert repr(y)
    for k in range(1, 2000):
        long = long + x[k]
    assert long.evaluate({"x": np.ones(2000)}) == 2000
