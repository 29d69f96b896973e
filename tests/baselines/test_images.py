"""Images by minimum cuts and conditional modes."""

import numpy as np

from hopfield_opt.baselines import images


def test_the_cut_beats_single_changes():
    """A stripe of two pixels stays under conditional modes, but not under the cut."""
    costs = np.zeros((6, 6, 2))
    costs[..., 1] = 0.9
    costs[2:4, :, :] = [0.9, 0.0]
    grid = images.Grid(costs, 1.0)
    stripe = images.conditional_modes(grid, 0)
    assert stripe[2:4].all()
    assert images.cost(grid, stripe) > images.cost(grid, images.minimum_cut(grid, 0))
    assert not images.minimum_cut(grid, 0).any()


def test_expansions_are_exact_for_two_levels():
    """From any image, expansions reach the cost of the minimum cut."""
    draws = np.random.default_rng(2)
    grid = images.Grid(draws.integers(0, 9, size=(9, 7, 2)).astype(float), 2.0)
    best = images.cost(grid, images.minimum_cut(grid, 0))
    for _ in range(5):
        start = draws.integers(2, size=(9, 7))
        assert images.cost(grid, images.improve_image(grid, start)) == best
        # the deadline is over: few pixels are done all the same
        assert images.cost(grid, images.improve_image(grid, start, 0.0)) == best


def test_neighbours_are_counted_once():
    """A grid of 3 x 4 has 17 pairs of neighbours."""
    first, second = images.neighbours(3, 4)
    assert len(first) == 17
    assert set((second - first).tolist()) == {1, 4}
