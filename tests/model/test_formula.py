"""Formulas are what one would write to get the expression."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.model import Model

VALUES = np.random.default_rng(0).integers(0, 2, (3, 4))
MATRIX = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "x[1:, ::2]",
        "x[[0, 2]]",
        "x.T",
        "(2 * x)[0, 1]",
        "x.sum(axis=0)",
        "x.reshape(2, 2, 3).sum(axis=(0, 2))",
        "x.sum(axis=1).sum()",
        "(x - 1)**3",
        "(x[0] * x[1])**2",
        "x * x.roll(1, axis=1) - x + 0.5",
        "-(x - 1)",
        "-x",
        "x[0] * [1, 2, 3, 4]",
        "(x + 1) * (x - 1)",
        "[1, 2, 3] + x.sum(axis=1)",
    ],
)
def test_formula_is_what_was_written(text: str) -> None:
    """What is printed, read again as Python, is the same expression."""
    names = {"x": Model().binary((3, 4), name="x")}
    written = eval(text, names)
    again = eval(repr(written), names)
    assert repr(again) == repr(written)
    assert np.array_equal(again.evaluate({"x": VALUES}), written.evaluate({"x": VALUES}))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x: (x - 1) ** 3, "(x - 1)**3"),
        (lambda x: x**2, "x**2"),
        (lambda x: (2 * x)[0], "(2 * x)[0]"),
        (lambda x: MATRIX @ x, "matrix(3, 3) @ x"),
        (lambda x: 2 * (x.T @ MATRIX), "2 * (x.T @ matrix(3, 3))"),
        (lambda x: scipy.sparse.csr_array(MATRIX) @ x, "sparse(3, 3) @ x"),
        (lambda x: x[0] * np.arange(4), "x[0] * [0, 1, 2, 3]"),
        (lambda x: x + np.arange(4), "x + [0, 1, 2, 3]"),
        (lambda x: x.reshape(12) * np.arange(12), f"x.reshape(12,) * {list(range(12))}"),
        (lambda x: x[[0, 1, 2, 0]] * np.arange(16).reshape(4, 4), "x[[0, 1, 2, 0]] * array(4, 4)"),
        (lambda x: x[0, 0] - x[0, 1], "x[0, 0] - x[0, 1]"),
        (
            lambda x: sum(x[k % 3, k % 4] for k in range(20)),
            " + ".join(f"x[{k % 3}, {k % 4}]" for k in range(12)) + " + ...",
        ),
    ],
)
def test_long_and_foreign_parts_are_shortened(make: Any, text: str) -> None:
    """Matrices and long arrays show their shapes, sums their first twelve terms."""
    m = Model()
    assert repr(make(m.binary((3, 4), name="x"))) == text
