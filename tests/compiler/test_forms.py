"""Slack weights cover their range, and the best slack is found without search."""

from itertools import product

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.compiler.forms import full_slack, half_slack, penalty_forms
from hopfield_opt.compiler.rows import Rows


def sums(weights: list[float]) -> list[float]:
    """Return all values that bits of these weights can make."""
    return sorted({sum(chosen) for chosen in product(*((0, w) for w in weights))})


@pytest.mark.parametrize("length", range(1, 70))
def test_slack_reaches_what_it_must_and_no_more(length: int) -> None:
    """Half slack makes 0..length-1 in steps of at most 2, with one bit less than full slack."""
    assert sums(full_slack(length)) == list(range(length + 1))
    half = sums(half_slack(length))
    assert (half[0], half[-1]) == (0, length - 1)
    assert max(np.diff(half), default=0) <= 2
    assert len(half_slack(length)) == len(full_slack(length)) - 1


@pytest.mark.parametrize(
    ("upper", "soft"),
    [
        *((u, soft) for u in range(7) for soft in (False, True)),
        (-2, True),
        (0.5, True),
        (4.75, True),
    ],
)
def test_best_slack_is_the_best(upper: float, soft: bool) -> None:
    """For every value of the row the greedy slack has the least penalty of all slacks."""
    matrix = scipy.sparse.csr_array(np.array([[2.0, 2, 1, 1, -1]]))
    rows = Rows(matrix, np.array([-np.inf]), np.array([float(upper)]), np.zeros(1, np.intp))
    forms = penalty_forms(rows, 5, ["rule"], np.ones(1, bool), soft=soft)
    cost = forms.cost(np.ones(1))
    bits = np.array(list(product((0.0, 1.0), repeat=5)))
    slacks = np.array(list(product((0.0, 1.0), repeat=len(forms.weights))))

    def penalty(x: np.ndarray, t: np.ndarray) -> float:
        rest = float((matrix @ x)[0] - forms.weights @ t - forms.shift[0])
        return float(forms.coefficients[0] * (rest**2 - forms.drop[0]))

    for x, own in zip(bits, forms.best_slack(bits), strict=True):
        value = float((matrix @ x)[0])
        excess = max(0.0, value - upper)
        least = min(penalty(x, t) for t in slacks)
        assert penalty(x, own) == least
        assert least == (excess**2 if soft else excess * (excess + 1) / 2 if upper > -1 else 0)
    assert len(cost.linear) == 5 + len(forms.weights)


@pytest.mark.parametrize("upper", [0.3, np.pi, 4.75])
def test_approximate_slack_is_the_nearest_of_its_grid(upper: float) -> None:
    """A soft row without common denominator costs at most half a step, squared, too much."""
    matrix = scipy.sparse.csr_array(np.array([[np.e, 2, np.pi, 1, -1]]))
    rows = Rows(matrix, np.array([-np.inf]), np.array([upper]), np.zeros(1, np.intp))
    forms = penalty_forms(rows, 5, ["rule"], np.zeros(1, bool), soft=True)
    bits = np.array(list(product((0.0, 1.0), repeat=5)))
    step = forms.weights.min()
    for x, own in zip(bits, forms.best_slack(bits), strict=True):
        value = float((matrix @ x)[0])
        rest = value - float(forms.weights @ own) - forms.shift[0]
        assert abs(rest - max(0.0, value - upper)) <= 0.5 * step * (1 + 1e-9)


@pytest.mark.parametrize("soft", [False, True])
def test_rows_of_many_kinds_get_slack_of_their_own(soft: bool) -> None:
    """Rows with no, short, long and inexact slack, in any order, are as each one alone."""
    ones = np.ones((6, 5))
    matrix = scipy.sparse.csr_array(ones * [[1.0], [2], [np.pi], [1], [2], [1]])
    upper, exact = np.array([3.0, 9, 4, 0, 9, 2]), np.array([1, 1, 0, 1, 1, 1], dtype=bool)
    rows = Rows(matrix, np.full(6, -np.inf), upper, np.zeros(6, np.intp))
    together = penalty_forms(rows, 5, ["rule"], exact, soft=soft)
    for k in range(6):
        one = np.array([k])
        alone = penalty_forms(rows.pick(one), 5, ["rule"], exact[one], soft=soft)
        own = slice(together.starts[k], together.starts[k + 1])
        assert together.weights[own].tolist() == alone.weights.tolist()
        assert alone.weights.sum() == pytest.approx(upper[k] - (exact[k] and not soft and k != 3))
