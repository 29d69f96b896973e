"""Models from matrices and dictionaries mean what those mean."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.errors import InputError
from hopfield_opt.model import Model


def test_qubo_in_any_form_has_one_value() -> None:
    """A dict, a dense and a sparse matrix give x'Qx + offset."""
    matrix = np.array([[1.0, -2, 0], [3, 0, 0.5], [0, 0, -1]])
    as_dict = {(i, j): matrix[i, j] for i in range(3) for j in range(3)}
    for qubo in (matrix, as_dict, scipy.sparse.coo_array(matrix)):
        m = Model.from_qubo(qubo, offset=2.0)
        for x in map(np.array, product((0, 1), repeat=3)):
            assert m.evaluate({"x": x}).value == x @ matrix @ x + 2.0


def test_polynomial_with_names_has_a_variable_for_each() -> None:
    """Strings are names of single variables, of both kinds."""
    m = Model.from_polynomial({("a", "b"): 2.0, (): 1.0, ("b",): -1.0}, kind="spin")
    assert m.evaluate({"a": -1, "b": 1}).value == -2.0
    assert Model.from_polynomial({}).evaluate({"x": []}).value == 0.0


def test_matrices_are_those_of_scipy() -> None:
    """Costs, equalities, inequalities and bounds go where their names say."""
    m = Model.from_matrices(
        c=[1, 2], Q=np.eye(2), A_eq=[[1, 1]], b_eq=[3], A_ub=[[1, -1]], b_ub=[0], bounds=(0, 3)
    )
    found = m.evaluate({"x": [2, 1]})
    assert found.value == 4 + 5
    assert found.violations == {"inequalities": 1.0}
    alone = Model.from_matrices(Q=[[0, 1], [0, 0]], A_eq=scipy.sparse.eye_array(2), b_eq=[1, 0])
    found = alone.evaluate({"x": [1, 1]})
    assert (found.value, found.violations) == (1.0, {"equalities": 1.0})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Model.from_qubo(np.ones((2, 3))), "square"),
        (lambda: Model.from_polynomial({(0, "a"): 1.0}), "all numbers or all strings"),
        (lambda: Model.from_polynomial({(-1,): 1.0}), ">= 0"),
        (lambda: Model.from_matrices(), "c must be given"),
        (lambda: Model.from_matrices(c=[1, 2], A_ub=[[1]], b_ub=[1]), "2 columns"),
        (lambda: Model.from_matrices(c=[1, 2], bounds=[(0, None), (0, 1)]), "bounds must be"),
    ],
)
def test_bad_data_say_what_to_do(make: Any, message: str) -> None:
    """Data of wrong shapes are InputErrors."""
    with pytest.raises(InputError, match=message):
        make()
