"""Queens: all placements of small boards, given queens, and what cannot be."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.problems import NQueens
from hopfield_opt.result import Status


def attacks(columns):
    """Count the pairs that attack each other, one by one."""
    squares = list(enumerate(columns))
    return sum(
        c == d or abs(c - d) == abs(r - s)
        for place, (r, c) in enumerate(squares)
        for s, d in squares[:place]
    )


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_evaluate(columns):
    """The value is the number of attacks; feasible means none."""
    found = NQueens(6).evaluate(columns)
    assert found.value == attacks(columns)
    assert found.feasible == (attacks(columns) == 0)


def test_energy_is_zero_for_placements_only():
    """Of all permutations, exactly the 10 placements of 5 queens have energy 0."""
    problem = NQueens(5)
    compiled = ho.compile(problem)
    found = 0
    for columns in permutations(range(5)):
        state = compiled.encode(problem.encode(list(columns)))
        energy = float(compiled.hamiltonian.energy(state))
        assert (energy < 0.5) == (attacks(columns) == 0)
        assert problem.decode(compiled.decode(state).assignment) == list(columns)
        found += energy < 0.5
    assert found == 10


def test_eight_queens():
    """Every run finds a placement, and different runs different ones."""
    answers = set()
    for seed in range(4):
        result = ho.solve(NQueens(8), method="simulated-annealing", sweeps=100, seed=seed)
        assert result.feasible
        assert attacks(result.answer) == 0
        answers.add(tuple(result.answer))
    assert len(answers) > 1


def test_given_queens():
    """Given queens stay where they are."""
    result = ho.solve(NQueens(8, given=[(0, 3), (1, 5)]), seed=0)
    assert result.feasible
    assert result.answer[:2] == [3, 5]
    assert NQueens(4, [(0, 1)]).evaluate([2, 0, 3, 1]).violations == {"given queen in row 0": 1.0}
    board = NQueens.random(8, queens=3, seed=1)
    assert len(board.given) == 3
    assert board.given == NQueens.random(8, queens=3, seed=1).given


@pytest.mark.parametrize("size", [2, 3])
def test_no_placement(size):
    """Boards of 2 and 3 are proven to have none; one queen is simple."""
    result = ho.solve(NQueens(size), seed=0)
    assert result.status is Status.INFEASIBLE
    assert not result.feasible
    assert ho.solve(NQueens(1), seed=0).answer == [0]


def test_decode():
    """A row without a queen is no answer; nothing is better than a placement."""
    problem = NQueens(2)
    assert problem.decode({"queen": np.array([[1, 0], [0, 0]])}) is None
    assert problem.tighten([1, 3, 0, 2]) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: NQueens(0), "n must be at least 1"),
        (lambda: NQueens(4, [(0, 4)]), "board of 4 x 4"),
        (lambda: NQueens(4, [(0, 0), (2, 2)]), "do not attack each other"),
        (lambda: NQueens(4, [(0, 0), (0, 0)]), "do not attack each other"),
        (lambda: NQueens(4, [3]), r"pairs \(row, column\)"),
        (lambda: NQueens(4).evaluate([0, 1, 2]), "list 4 columns"),
        (lambda: NQueens(2).encode([0, 2]), "from 0 to 1"),
        (lambda: NQueens.random(3, queens=1, seed=0), "queens must be at most"),
        (lambda: NQueens.random(3, queens=-1), "queens must be at least 0"),
    ],
)
def test_bad_input(call, message):
    """Each mistake has its sentence."""
    with pytest.raises(InputError, match=message):
        call()
