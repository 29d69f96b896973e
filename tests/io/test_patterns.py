"""Blocks of # and .: read, written, and what is wrong with a file."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import find_format, formats, patterns

SAMPLE = "\n\n##.\n#.#\n\n\n...\n.#.  \n\n"


def test_what_the_sample_holds(file):
    """# is +1, . is -1; blank lines part the patterns, and their number does not matter."""
    found = patterns.read(file(SAMPLE))
    assert found.tolist() == [[[1, 1, -1], [1, -1, 1]], [[-1, -1, -1], [-1, 1, -1]]]
    assert find_format("letters.patterns", None, ("npy", "patterns")).name == "patterns"


def test_round_trip(tmp_path):
    """What is written reads back; vectors become one line each, binaries count as signs."""
    images = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (3, 2, 5))
    formats["patterns"].write(images, tmp_path / "a.patterns")
    np.testing.assert_array_equal(patterns.read(tmp_path / "a.patterns"), images)
    patterns.write([[1, 0, 1]], tmp_path / "b.gz")
    assert patterns.read(tmp_path / "b.gz").tolist() == [[[1, -1, 1]]]
    with pytest.raises(InputError, match="rows and columns"):
        patterns.write(np.ones(3), tmp_path / "c")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("#.\n.x\n", 2, "got 'x'"),
        ("#.\n..#\n", 2, "must have 2 places as the first, got 3"),
        ("#.\n\n#\n", 3, "must have 2 places"),
        ("#.\n..\n\n#.\n", 4, "must have 2 lines as the first, got 1"),
        ("", None, "nothing"),
        ("\n \n", None, "nothing"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(file, content, line, message):
    """Errors name the file and the line."""
    path = file(content)
    with pytest.raises(ReadError, match=message) as error:
        patterns.read(path)
    assert str(error.value).startswith(f"{path}:{line}:" if line else f"{path}:")


@given(chance=st.integers(0, 2**32))
@settings(max_examples=60)
def test_spoiled_files(file, spoiled, chance):
    """No edit of a file leads to anything but patterns or one clear line."""
    path, message = file(spoiled(SAMPLE, random.Random(chance))), ""
    try:
        found = patterns.read(path)
    except ReadError as error:
        message = str(error)
    assert "\n" not in message
    if not message:
        assert found.ndim == 3
        assert np.isin(found, (-1, 1)).all()
