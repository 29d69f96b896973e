"""A result says where moves hardly get around among the states that they keep to."""

import numpy as np

import hopfield_opt as ho
from hopfield_opt.driver.mobility import LEAST, WORTH, mobility_notes
from hopfield_opt.groups import Linear, OneHot

ENOUGH = 4 * WORTH


def pinned(blocks: int) -> ho.Hamiltonian:
    """Return a network with one state: of each three spins the first and the last are on."""
    rows = [((0, 1), 1), ((1, 2), 1), ((0, 2), 2)]
    groups = [
        Linear([3 * k + member for member in members], [1, 1], count, count)
        for k in range(blocks)
        for members, count in rows
    ]
    return ho.Hamiltonian(num_spins=3 * blocks, thresholds=np.ones(3 * blocks), groups=groups)


def rows_and_columns(upper: int) -> ho.Hamiltonian:
    """Return a network whose rows and columns of a square have at most so many."""
    block = np.arange(36).reshape(6, 6)
    groups = [Linear(line, np.ones(6), 0, upper) for line in (*block, *block.T)]
    return ho.Hamiltonian(num_spins=36, thresholds=np.arange(36.0) - 18.0, groups=groups)


def test_moves_that_lead_nowhere_have_a_line() -> None:
    """A state with no other one has it; where moves are free there is none."""
    (line,) = mobility_notes(pinned(20), np.tile([1, -1, 1], 20).astype(np.int8), ENOUGH)
    assert line.startswith("0 % of the moves keep the constraints, ")
    assert mobility_notes(rows_and_columns(2), np.full(36, -1, np.int8), ENOUGH) == ()
    one_hot = ho.Hamiltonian(num_spins=2, groups=[OneHot([0, 1])])
    assert mobility_notes(one_hot, np.array([1, -1], np.int8), ENOUGH) == ()
    assert 0 < LEAST < 1


def test_a_short_search_is_not_held_up_by_looking() -> None:
    """One with fewer sweeps than a hundred times what is looked at has no such line."""
    assert mobility_notes(pinned(1), np.array([1, -1, 1], np.int8), ENOUGH - 1) == ()


def test_the_result_has_the_line() -> None:
    """In its notes and in print(result), unless the answer is proven anyway."""
    options = {"method": "simulated-annealing", "seed": 0, "n_jobs": 1, "bound": "none"}
    result = ho.solve(pinned(20), sweeps=ENOUGH, **options)
    assert [note.partition(" %")[0] for note in result.notes] == ["0"]
    assert f"note     {result.notes[0]}" in str(result)
    assert ho.solve(rows_and_columns(2), sweeps=ENOUGH, **options).notes == ()
