"""QAPLIB files: two matrices in one stream of numbers."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import Assignments, qaplib


def test_read(tmp_path):
    """Line breaks mean nothing; the first matrix are the flows; numbers start at 1."""
    path = tmp_path / "two.dat"
    path.write_text("2\n\n0 1\n 2\n0 0 -3.5\n4\n\n0\n")
    data = qaplib.read(path)
    assert data.flows.tolist() == [[0, 1], [2, 0]]
    assert data.distances.tolist() == [[0, -3.5], [4, 0]]
    assert (data.first, data.name, data.size) == (1, "two", 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("2\n0 1 2 0 0 3\n4\n", ":3: file must have 1 . 2 n.2 numbers, 9 for n = 2, got 8. Is it"),
        ("1\n0\n0\n5", ":4: .* got 4. Is there something behind"),
        ("two\n", ":1: number of facilities must be a whole number"),
        ("1\n0\nx\n", ":3: entry must be a finite number, got 'x'"),
        ("999999999999\n1", "got 2. Is it cut off"),
        ("", "must hold an instance"),
    ],
)
def test_errors(tmp_path, content, message):
    """What is wrong is named with file and line."""
    path = tmp_path / "bad.dat"
    path.write_text(content)
    with pytest.raises(ReadError, match=message):
        qaplib.read(path)


def test_write(tmp_path):
    """What is written is read back; costs cannot be written."""
    draws = np.random.default_rng(0)
    data = Assignments(draws.normal(size=(5, 5)), draws.integers(0, 9, (5, 5)))
    qaplib.write(data, tmp_path / "five.dat")
    back = qaplib.read(tmp_path / "five.dat")
    assert (back.flows == data.flows).all()
    assert (back.distances == data.distances).all()
    with pytest.raises(InputError, match="costs must be zero for QAPLIB"):
        qaplib.write(Assignments([[0]], [[0]], [[1]]), tmp_path / "x.dat")
