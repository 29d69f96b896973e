"""Programs over integers say the same as those with continuous variables that they come from."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.errors import InputError
from hopfield_opt.model.programs import Program


def random_program(seed):
    """Return a program of 3 integers and 2 continuous variables, which 2 of 3 equalities define."""
    draws = np.random.default_rng(seed)
    whole = np.array([True, False, True, False, True])
    A = draws.integers(-2, 3, (3, 5)).astype(float)
    A[:2, [1, 3]] = [[1, 1], [1, -1]]
    A[2, [1, 3]] = A[0, [1, 3]] - A[1, [1, 3]]  # of both, and a rule for the integers
    P = draws.integers(-3, 4, (5, 5)).astype(float)
    low, high = np.where(whole, 0, -np.inf), np.where(whole, 2, np.inf)
    low[1], high[3] = 0, 0
    return Program(
        P=csr_array(P + P.T),
        q=draws.integers(-3, 4, 5).astype(float),
        A=csr_array(A),
        b=A @ [1, draws.integers(-2, 3), 1, draws.integers(-2, 3), 2],
        F=csr_array(draws.integers(-2, 3, (2, 5)).astype(float)),
        g=draws.integers(1, 8, 2).astype(float),
        low=low,
        high=high,
        whole=whole,
        offset=1.5,
    )


def judge(program, x):
    """Return the cost, and whether all rules hold."""
    cost = x @ (program.P @ x) / 2 + program.q @ x + program.offset
    equal = np.isclose(program.A @ x, program.b).all()
    below = (program.F @ x <= program.g + 1e-9).all()
    return cost, equal and below and (program.low <= x).all() and (x <= program.high).all()


@pytest.mark.parametrize("seed", range(12))
def test_elimination_keeps_cost_and_rules(seed):
    """Cost and feasibility are those of the program, bounds of continuous variables included."""
    program = random_program(seed)
    integers, recover, shift = program.integers(str)
    assert integers.A.shape[0] == 1
    feasible = 0
    for z in itertools.product(range(3), repeat=3):
        x = recover @ np.array(z) + shift
        assert x[program.whole].tolist() == list(z)
        cost, kept = judge(program, x)
        found, holds = judge(integers, np.array(z))
        # what defines the continuous ones holds by itself
        assert found == pytest.approx(cost)
        assert holds == kept
        feasible += kept
    assert seed or feasible  # some are


def test_bounds_come_from_rows():
    """Chains of rows give ranges, no tighter than what they allow."""
    rows = csr_array([[1.0, 1, 0], [-1, 0, 2], [0, 0, -1]])
    endless = np.full(3, np.inf)
    program = Program(
        P=csr_array((3, 3)),
        q=np.zeros(3),
        A=csr_array((0, 3)),
        b=np.zeros(0),
        F=rows,
        g=np.array([5.0, 1.0, 4.0]),
        low=np.array([0, 0, -np.inf]),
        high=endless,
        whole=np.ones(3, dtype=bool),
    )
    low, high = program.bounded(str)
    assert (low.tolist(), high.tolist()) == ([0, 0, -4], [5, 5, 3])


def test_what_nothing_defines_is_named():
    """A continuous variable without an equality is refused by its name."""
    program = random_program(0)
    loose = Program(**{**vars(program), "A": program.A[:1], "b": program.b[:1]})
    with pytest.raises(InputError, match="got a continuous one at v[13]"):
        loose.integers("v{}".format)
