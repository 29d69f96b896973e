"""The moves in a tour: each changes it by its delta, and is as likely as its inverse."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.moves.permutation import chain
from hopfield_opt.moves.permutation import chain_moves as moves
from tests.kernels import callable_part

draw_uniform_move, draw_near_move, delta_of, apply = map(
    callable_part, (chain.draw_uniform_move, chain.draw_near_move, moves.delta_of, moves.apply)
)


def length(distance, tour):
    """Return the length of a closed tour."""
    return distance[tour, np.roll(tour, -1)].sum()


@pytest.mark.parametrize("symmetric", [True, False])
def test_uniform_moves_are_as_likely_as_their_inverses(symmetric):
    """Each move and the move that takes it back are drawn equally often, within 5 sigma."""
    stream = np.arange(1, 5, dtype=np.uint64)
    drawn = [draw_uniform_move(7, symmetric, stream) for _ in range(40_000)]
    counts = Counter(move for move in drawn if move[2] or move[0] == moves.SWAP)
    turned = {
        moves.KEPT: moves.KEPT,
        moves.FIRST_TURNED: 2,
        moves.SECOND_TURNED: 1,
    }
    for (kind, i, first, second, turn), count in counts.items():
        back = (kind, i, first, second, turn)
        if kind == moves.EXCHANGE:
            back = (kind, i, second, first, turned[turn])
        assert abs(count - counts[back]) <= 5 * np.sqrt(count + counts[back])


@settings(max_examples=60)
@given(st.integers(4, 12), st.integers(0, 2**32), st.booleans())
def test_chain_delta_is_the_difference_of_lengths(m, seed, symmetric):
    """Every uniform and near move changes the tour's length by its delta."""
    rng = np.random.default_rng(seed)
    distance = rng.integers(-9, 10, (m, m))
    distance = distance + distance.T if symmetric else distance
    near = np.argsort(distance, axis=1)[:, : min(5, m - 1)].copy()
    near[near == np.arange(m)[:, None]] = 0
    tour, stream = rng.permutation(m), rng.integers(1, 2**63, 4).astype(np.uint64)
    position, seen = np.argsort(tour), set()
    for k in range(80):
        if k % 2:
            move = draw_uniform_move(m, symmetric, stream)
        else:
            move = draw_near_move(near, tour, position, symmetric, k % 4 == 0, k // 4, stream)
        if move[2] == 0 and move[0] != moves.SWAP:
            continue
        before, delta = length(distance, tour), delta_of(distance, tour, *move)
        apply(tour, position, np.empty(m, np.int64), *move)
        assert length(distance, tour) == before + delta
        assert np.array_equal(position[tour], np.arange(m))
        seen.add((move[0], move[4]))
    assert m < 6 or len(seen) >= (4 if symmetric else 2)
