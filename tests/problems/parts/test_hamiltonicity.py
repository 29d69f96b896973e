"""A reason why there is no tour is a proof."""

from itertools import permutations, product

import numpy as np
import pytest

from hopfield_opt.problems.parts.hamiltonicity import why_no_tour


def has_tour(roads):
    """Try all orders of the cities."""
    size = len(roads)
    return any(
        all(roads[order[k - 1], order[k]] for k in range(size))
        for order in permutations(range(size))
        if order[0] == 0
    )


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_no_reason_where_there_is_a_tour(size, symmetric):
    """Over all networks of roads, one way and both ways, a reason is given only without a tour."""
    pairs = [(i, j) for i in range(size) for j in range(size) if (i < j if symmetric else i != j)]
    reasons = set()
    for chosen in product((False, True), repeat=len(pairs)):
        roads = np.eye(size, dtype=bool)
        for (i, j), there in zip(pairs, chosen, strict=True):
            roads[i, j] = there
        if symmetric:
            roads |= roads.T
        found = why_no_tour(roads)
        if found is not None:
            assert not has_tour(roads)
            reasons.add(found[0])
        elif size < 4:
            assert has_tour(roads)
    assert "no road leads on" in reasons


@pytest.mark.parametrize("size", [0, 1])
def test_one_city_is_a_tour(size):
    """Who stays at home needs no road."""
    assert why_no_tour(np.zeros((size, size), dtype=bool)) is None
