"""The letters that come with the package."""

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.io import patterns


def test_letters_are_those_of_the_file():
    """All 26 stand in the file in order, are all different, and independent of one another."""
    letters = ho.data.letters()
    assert (letters == patterns.read(ho.data.file())).all()
    flat = letters.reshape(26, 64).astype(int)
    assert np.linalg.matrix_rank(flat) == 26
    assert (np.abs(flat @ flat.T) < 64).sum() == 26 * 25


def test_letters_come_in_the_order_asked_for():
    """A word is its letters, one after another, of both sizes."""
    both = ho.data.letters("BA")
    assert (both == ho.data.letters("AB")[::-1]).all()
    assert ho.data.letters(["#", "H"], size=10).shape == (2, 10, 10)
    both[0] = 1  # a copy of the reader's own
    assert not (ho.data.letters("B")[0] == 1).all()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"names": "Ab"}, "names must be letters of A.*got 'b'"),
        ({"names": "A", "size": 10}, "names must be letters of HX#, got 'A'"),
        ({"names": ""}, "got none"),
        ({"names": 3}, "got 3"),
        ({"size": 9}, "size must be 8 or 10, got 9"),
    ],
)
def test_other_letters_are_refused(given, says):
    """What is not there is named."""
    with pytest.raises(InputError, match=says):
        ho.data.letters(**given)
