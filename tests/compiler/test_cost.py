"""Parts of a cost and their bounds."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse

from hopfield_opt.compiler.cost import Block, Cost, Pairs, Squares, triple_product, zero_cost

SIZE = 6
STATES = np.array(list(itertools.product((-1.0, 1.0), repeat=SIZE)))


@pytest.mark.parametrize("form", [np.asarray, scipy.sparse.csr_array, scipy.sparse.csc_array])
@pytest.mark.parametrize("middle", [np.full((3, 2), 0.5), np.arange(6.0).reshape(3, 2)])
def test_a_repeated_number_is_multiplied_as_a_matrix_of_it(form: type, middle: np.ndarray) -> None:
    """The short way, by sums of lines, gives what the two products give."""
    source = np.random.default_rng(0)
    left, right = source.integers(-4, 5, (3, 3)), source.integers(-4, 5, (2, 2))
    found = triple_product(form(left), middle, form(right))
    assert isinstance(found, np.ndarray)
    assert np.array_equal(found, left @ middle @ right)


def values(cost: Cost) -> np.ndarray:
    """Return what all states cost, by the definitions of the parts."""
    found = cost.constant + STATES @ cost.linear
    for pairs in cost.pairs:
        found = found + (STATES[:, pairs.heads] * STATES[:, pairs.tails]) @ pairs.coefficients
    for squares in cost.squares:
        found = found + (STATES @ squares.rows.T + squares.shift) ** 2 @ squares.coefficients
    for block in cost.blocks:
        grids = block.factors * STATES[:, block.grid]
        found = found + block.coefficient * (grids * (block.left @ grids @ block.right)).sum((1, 2))
    return found


def parts(rng: np.random.Generator, positive: bool = False) -> dict[str, tuple]:
    """Return one part of each kind, of positive numbers or of any."""

    def numbers(*shape: int) -> np.ndarray:
        return rng.integers(1 if positive else -4, 5, shape).astype(float)

    heads, tails = np.triu_indices(SIZE, 1)
    matrices = numbers(2, 2), numbers(3, 3)
    grid = rng.permutation(SIZE).reshape(2, 3)
    return {
        "pairs": (Pairs(heads, tails, numbers(len(heads))),),
        "squares": (Squares(numbers(1, SIZE), numbers(1), numbers(1)),),
        "blocks": (Block(*matrices, grid, numbers(2, 3), float(numbers(1)[0])),),
    }


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["pairs", "squares", "blocks", "all"])
@pytest.mark.parametrize("positive", [True, False])
def test_no_flip_changes_more_than_its_influence(seed: int, kind: str, positive: bool) -> None:
    """All changes lie within centre and radius; of one part of one sign the ends are met."""
    rng = np.random.default_rng(seed)
    chosen = parts(rng, positive)
    cost = replace(zero_cost(SIZE), linear=rng.integers(-4, 5, SIZE).astype(float))
    cost = replace(cost, **(chosen if kind == "all" else {kind: chosen[kind]}))
    centre, radius = cost.influence(SIZE)
    table = values(cost)
    for k in range(SIZE):
        flips = table[STATES[:, k] > 0] - table[STATES[:, k] < 0]
        assert flips.max() <= centre[k] + radius[k] + 1e-9
        assert flips.min() >= centre[k] - radius[k] - 1e-9
        if kind in ("pairs", "squares") or (positive and kind == "blocks"):
            ends = centre[k] - radius[k], centre[k] + radius[k]
            np.testing.assert_allclose((flips.min(), flips.max()), ends)
