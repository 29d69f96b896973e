"""The model: variables, values, violations, and the errors at its border."""

from typing import Any

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.model import Model


def small() -> Model:
    """Return a model with one of each kind of variable and rule."""
    m = Model()
    x, s, y = m.binary(2, "x"), m.spin((), "s"), m.integer((1, 2), -1, [[2, 3]], "y")
    m.maximize(x[0] * x[1] + 2 * s + y.sum())
    m.add(x.sum() == 1, name="one")
    m.add(y[0, 0] <= 0, y[0, 1] >= 1, name="range")
    m.add(x[0] >= x[1], name="order", soft=True, penalty=3.0)
    return m


def test_evaluate_needs_no_compiler() -> None:
    """Value, soft price and violated rules come from the model alone."""
    m = small()
    found = m.evaluate({"x": [0, 1], "s": -1, "y": [[2, 0]]})
    assert found.value == 0 - 2 + 2 - 3.0
    assert found.violations == {"range[0]": 2.0, "range[1]": 1.0}
    assert not found.feasible
    assert m.evaluate({"x": [1, 0], "s": 1, "y": [[0, 3]]}).feasible


def test_assignment_comes_back_in_small_integers() -> None:
    """Variables are returned by name, in their shape."""
    assignment = small().evaluate({"x": [0, 1], "s": 1, "y": [[2, 0]]}).assignment
    assert assignment["x"].dtype == np.int8
    assert assignment["y"].tolist() == [[2, 0]]
    assert assignment["s"].shape == ()


def test_print_shows_formulas() -> None:
    """Printing a model shows the objective, each rule and the variables."""
    assert str(small()).splitlines() == [
        "maximize x[0] * x[1] + 2 * s + y.sum()",
        "subject to",
        "  one: x.sum() == 1",
        "  range[0]: y[0, 0] <= 0",
        "  range[1]: y[0, 1] >= 1",
        "  order: x[0] - x[1] >= 0   (soft, 3)",
        "variables",
        "  x: 2 binary",
        "  s: 1 spin",
        "  y: 1x2 integer in -1..3",
    ]


def test_second_objective_replaces_the_first() -> None:
    """Only the last objective and its sense count."""
    m = Model()
    x = m.binary(name="x")
    m.minimize(x)
    m.maximize(3 * x + 1)
    assert (m.sense, m.evaluate({"x": 1}).value) == ("maximize", 4.0)


def test_model_without_variables_or_objective() -> None:
    """The empty model has value 0, a constant one its constant."""
    m = Model()
    assert m.evaluate({}).value == 0.0
    m.minimize(2.5)
    assert m.evaluate({}).value == 2.5
    assert m.binary(0, name="x").sum().evaluate({"x": []}) == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda m, x: m.binary(-1), "shape must be"),
        (lambda m, x: m.binary("3"), "shape must be"),
        (lambda m, x: m.binary(2, "x"), "no other variable"),
        (lambda m, x: m.binary(2, 3), "name must be a string"),
        (lambda m, x: m.integer(2, 0.5, 2), "lower must be an integer"),
        (lambda m, x: m.integer(2, 0, np.inf), "upper must be an integer"),
        (lambda m, x: m.integer(2, 0), "upper must be an integer, got None"),
        (lambda m, x: m.integer(0, 5), r"Give it by name, upper=9, or behind the shape"),
        (lambda m, x: m.integer(2, 3, 2), "lower must be <= upper"),
        (lambda m, x: m.integer(2, 0, [1, 2, 3]), "upper must broadcast"),
        (lambda m, x: m.integer(2, 0, 3, encoding="binari"), "Did you mean 'binary'"),
        (lambda m, x: m.minimize(x), "Add its entries up"),
        (lambda m, x: m.minimize(x[0] == 1), r"Give it to m.add"),
        (lambda m, x: m.minimize(Model().binary()), "of another"),
        (lambda m, x: m.add(x.sum()), "constraint must be a comparison"),
        (lambda m, x: m.add(True), "constraint must be a comparison"),
        (lambda m, x: m.add([x[0] == 1]), r"constraint must be .* m.add\(\*constraints\)"),
        (lambda m, x: m.add(one == 1 for one in x), "constraint must be .* a star before"),
        (lambda m, x: m.add(Model().binary() == 1), "of another"),
        (lambda m, x: m.add(x == 1, penalty=0), "penalty must be"),
        (lambda m, x: m.add(x == 1, penalty=np.nan), "penalty must be"),
        (lambda m, x: m.add(x == 1, soft=True), "needs its weight"),
        (lambda m, x: (m.add(x == 1, name="a"), m.add(x == 1, name="a")), "no other constraint"),
        (lambda m, x: m.evaluate({"x": [0, 2]}), r"got 2.0 at 'x'\[1\]"),
        (lambda m, x: m.evaluate({"x": [0]}), r"shape \(2,\), got \(1,\) at 'x'"),
        (
            lambda m, x: m.evaluate({"x": "up"}),
            "at 'x' must be an array of real numbers, got dtype <U2, text",
        ),
        (lambda m, x: m.evaluate({"x": [[0], [0, 1]]}), r"at 'x' must be .* \[\[0\], \[0, 1\]\]"),
        (lambda m, x: m.evaluate({"z": [0, 1]}), r"variables \['x'\]"),
        (lambda m, x: m["y"], "variable must be one of"),
    ],
)
def test_bad_models_say_what_to_do(make: Any, message: str) -> None:
    """What a model cannot take is an InputError with the offending thing in it."""
    m = Model()
    x = m.binary(2, name="x")
    with pytest.raises(InputError, match=message):
        make(m, x)
