"""Values in the words of JSON."""

import json

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.printing import as_json


def test_numbers_that_json_has_not_become_null():
    """Infinities and nan have no word in JSON."""
    assert as_json([np.inf, np.nan, np.float32(0.5), np.bool_(True)]) == [None, None, 0.5, True]


def test_sets_become_sorted_lists():
    """The order of a set is no part of an answer, nor of its JSON."""
    assert as_json({frozenset("fedcba"), frozenset("xyz")}) == [list("abcdef"), list("xyz")]


def test_keys_that_look_the_same_are_told_apart():
    """Texts get quotes where a number looks like one of them, and only there."""
    assert as_json({1: "a", "1": "b"}) == {"1": "a", "'1'": "b"}
    assert as_json({1: "a", "b": 2}) == {"1": "a", "b": 2}
    assert as_json({"'1'": 0, "1": 1, 1: 2}) == {"\"'1'\"": 0, "'1'": 1, "1": 2}

    class Alike:
        def __repr__(self):
            return "alike"

    with pytest.raises(InputError, match="told apart by their repr to be written, got alike twice"):
        as_json({Alike(): 1, Alike(): 2})


def test_colours_of_vertices_that_look_the_same_stand_in_the_result():
    """The vertices 1 and "1" have a colour each in JSON."""
    result = ho.solve(ho.problems.GraphColoring([(1, "1"), ("1", 2)]), seed=0)
    answer = json.loads(result.to_json())["answer"]
    assert set(answer) == {"1", "'1'", "2"}
    assert answer["1"] != answer["'1'"]
