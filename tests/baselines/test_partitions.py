"""Partitions on cases worked by hand."""

import numpy as np

from hopfield_opt.baselines import partitions


def test_differences_are_those_of_karmarkar_and_karp():
    """8, 7, 6, 5, 4: 1, 6, 5, 4; 1, 4, 1; 3, 1; 2 is left, where 0 is possible."""
    signs = partitions.differences([4, 5, 6, 7, 8], 0)
    assert abs(int(signs @ [4, 5, 6, 7, 8])) == 2
    assert abs(int(partitions.complete([4, 5, 6, 7, 8], 0) @ [4, 5, 6, 7, 8])) == 0
    assert abs(int(partitions.greedy([4, 5, 6, 7, 8], 0) @ [4, 5, 6, 7, 8])) == 4


def test_exchanges_only_gain():
    """The difference after exchanges is the same for a seed, and never larger."""
    numbers = np.random.default_rng(1).integers(1, 10**9, size=120).tolist()
    for start in (np.ones(120, np.int8), partitions.greedy(numbers, 0)):
        found = partitions.exchange_numbers(numbers, start, 3, None)
        assert (found == partitions.exchange_numbers(numbers, start, 3, None)).all()
        assert abs(int(found @ numbers)) < abs(int(start @ numbers)) / 100
