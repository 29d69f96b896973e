"""The arguments that prove penalties, each against all states of a few bits."""

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.compiler.proofs import (
    DOWN,
    UP,
    kept_hurts,
    repair_bounds,
    repairable,
    sides,
)
from hopfield_opt.compiler.rows import Rows
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot

SIZE = 5
SEEDS = st.integers(0, 2**32 - 1)
BITS = np.array(list(itertools.product((0, 1), repeat=SIZE)))


def random_row(rng: np.random.Generator) -> Rows:
    """Return one row over a few bits, with one bound or both."""
    size = int(rng.integers(1, SIZE + 1))
    bits = np.sort(rng.permutation(SIZE)[:size])
    sizes = np.ones(size) if rng.random() < 0.4 else rng.integers(1, 5, size)
    matrix = np.zeros((1, SIZE))
    matrix[0, bits] = sizes * rng.choice([-1.0, 1.0], size)
    lower, upper = sorted(rng.integers(-6, 7, 2).astype(float))
    kind = rng.integers(3)
    return Rows(
        scipy.sparse.csr_array(matrix),
        np.array([-np.inf if kind == 0 else lower]),
        np.array([np.inf if kind == 1 else upper]),
        np.zeros(1, dtype=np.intp),
    )


def repairs(row: Rows, x: Any) -> tuple[float, list[tuple[int, int]]]:
    """Return the amount by which x violates the row, and the flips (direction, bit) towards it."""
    numbers = row.matrix.toarray()[0]
    value = numbers @ x
    over, under = max(value - row.upper[0], 0.0), max(row.lower[0] - value, 0.0)
    if not over and not under:
        return 0.0, []
    wanted = -1 if over else 1
    flips = [
        (DOWN if x[k] else UP, k) for k in range(SIZE) if numbers[k] * (1 - 2 * x[k]) * wanted > 0
    ]
    return over + under, flips


@settings(max_examples=300)
@given(SEEDS)
def test_the_bound_of_a_repair_is_the_dearest_cheapest_flip(seed: int) -> None:
    """Over all violating assignments, the most that the cheapest flip towards the range costs."""
    rng = np.random.default_rng(seed)
    row, costs = random_row(rng), rng.integers(0, 9, (2, SIZE)).astype(float)
    worst = 0.0
    for x in BITS:
        flips = repairs(row, x)[1]
        worst = max(worst, min((costs[flip] for flip in flips), default=0.0))
    assert repair_bounds(row, costs).tolist() == [worst]


@settings(max_examples=300)
@given(SEEDS)
def test_each_flip_of_a_row_that_can_be_repaired_repairs_it(seed: int) -> None:
    """It is not blocked, and the square of the violation falls by 1 at least."""
    rng = np.random.default_rng(seed)
    row, blocked = random_row(rng), rng.random((2, SIZE)) < 0.2
    own = sides(row)
    claimed = bool(repairable(row, own, blocked[:, row.matrix.indices])[0])
    holds = True
    for x in BITS:
        amount, flips = repairs(row, x)
        for direction, k in flips:
            y = x.copy()
            y[k] = 1 - y[k]
            after = repairs(row, y)[0]
            holds &= not blocked[direction, k] and after**2 <= amount**2 - 1
    assert holds or not claimed
    # nothing is given away for rows of ones
    assert claimed or not holds or not row.unit[0]


LINES = [
    Linear([0, 1, 2], [1, -2, 3], lower, upper)
    for lower, upper in ((-1, 3), (-np.inf, 2), (0, np.inf), (-np.inf, np.inf))
]
COUNTS = [Cardinality([1, 2, 4], *ends) for ends in ((0, 2), (1, 2), (1, 3), (2, 2))]


@pytest.mark.parametrize("group", [OneHot([0, 2]), AtMostOne([0, 3]), *COUNTS, *LINES], ids=str)
def test_what_breaks_a_kept_group_is_known(group: Any) -> None:
    """Every flip that leads out of a state in which the group holds is said to hurt."""
    program: Any = SimpleNamespace(groups=(group,), num_bits=SIZE)
    hurts = kept_hurts(program)
    for x in BITS[group.violation(2 * BITS - 1) == 0]:
        for k in range(SIZE):
            y = x.copy()
            y[k] = 1 - y[k]
            if group.violation(2 * y[None] - 1)[0] > 0:
                assert hurts[DOWN if x[k] else UP, k]
    outside = np.setdiff1d(np.arange(SIZE), group.members)
    assert not hurts[:, outside].any()
