"""Values in the words of JSON."""

import numpy as np

from hopfield_opt.printing import as_json


def test_numbers_that_json_has_not_become_null():
    """Infinities and nan have no word in JSON."""
    assert as_json([np.inf, np.nan, np.float32(0.5), np.bool_(True)]) == [None, None, 0.5, True]


def test_sets_become_sorted_lists():
    """The order of a set is no part of an answer, nor of its JSON."""
    assert as_json({frozenset("fedcba"), frozenset("xyz")}) == [list("abcdef"), list("xyz")]
