"""MPS and LP files become programs and models, or are refused by their names."""

import gzip
import itertools

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.model import Model

LP = """Maximize
 obj: 3 x + 4 y - z + 0.5 t + [ 2 x * y - 4 z^2 ] / 2 + 5
Subject To
 capacity: 2 x + 3 y + z <= 7
 differ: x - y >= -2
 defined: t - x - y = 0.5
 together: t + z <= 4.5
Bounds
 0 <= x <= 3
 -1 <= z <= 4
 t free
Binary
 y
General
 x z
End
"""
MPS = """NAME tiny
ROWS
 N cost
 L room
 E both
COLUMNS
    MARKER    'MARKER'    'INTORG'
    x[1]      cost  -1.0   room  2.0
    x[1]      both   1.0
    y         cost  -2.0   room  3.0
    y         both   1.0
    MARKER    'MARKER'    'INTEND'
RHS
    RHS       room   8.0   both  3.0
RANGES
    R         room   1.0
BOUNDS
 UP B         x[1]   3.0
 UP B         y      3.0
ENDATA
"""


def written(folder, text, name):
    """Return a file with a text."""
    file = folder / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


@pytest.mark.parametrize("name", ["a.lp", "a.LP", "a.lp.gz"])
def test_lp_file_is_the_program(tmp_path, name, capfd):
    """Objective, squares, constant, rows and bounds are those of the text, for all integers."""
    model = Model.read(written(tmp_path, LP, name))
    assert [str(one) for one in model.variables] == [
        "x: 1 integer in 0..3",
        "y: 1 binary",
        "z: 1 integer in -1..4",
    ]
    best = -np.inf
    for x, y, z in itertools.product(range(4), range(2), range(-1, 5)):
        t = x + y + 0.5
        value = 3 * x + 4 * y - z + 0.5 * t + x * y - 2 * z * z + 5
        kept = 2 * x + 3 * y + z <= 7 and x - y >= -2 and t + z <= 4.5
        found = model.evaluate({"x": x, "y": y, "z": z})
        assert (found.value, found.feasible) == (value, kept)
        best = max(best, value) if kept else best
    assert ho.solve(model, seed=0).value == best
    assert capfd.readouterr().out == ""  # HiGHS says nothing


def test_mps_file_is_the_program(tmp_path):
    """Ranges are two rows, equalities are kept, names are those of the columns."""
    model = Model.read(written(tmp_path, MPS, "a.mps"))
    for x, y in itertools.product(range(4), repeat=2):
        found = model.evaluate({"x[1]": x, "y": y})
        assert found.value == -x - 2 * y
        assert found.feasible == (7 <= 2 * x + 3 * y <= 8 and x + y == 3)
    answer = ho.solve(model, seed=0).answer
    assert {name: int(value) for name, value in answer.items()} == {"x[1]": 1, "y": 2}


def test_format_is_told_where_the_suffix_says_nothing(tmp_path):
    """The format may be said, and has to be where the suffix is another."""
    file = written(tmp_path, MPS, "model.txt")
    assert Model.read(file, "mps").num_variables == 2
    with pytest.raises(InputError, match="format must be mps or lp, got a file called"):
        Model.read(file)
    with pytest.raises(InputError, match="format must be one of"):
        Model.read(file, "nl")


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "a.lp", "file must hold an instance, got nothing"),
        ("garbage", "a.mps", "file must be of the format mps, got what HiGHS cannot read"),
        (LP[: len(LP) // 3], "a.mps", "file must be of the format mps"),
        ("\x00\x01\x02", "a.mps", "a.mps"),
        (MPS.replace("UP B         y ", "PL B         y "), "a.mps", None),
        (LP.replace(" defined: t - x - y = 0.5\n", ""), "a.lp", "got a continuous one at t"),
        (LP.replace("-1 <= z <= 4", "z <= 4\n z >= -inf"), "a.lp", "none at z"),
    ],
)
def test_files_that_are_refused(tmp_path, text, name, message):
    """A file that is empty, cut, binary, or of what no model can say, is named with the reason."""
    file = written(tmp_path, text, name)
    if message is None:  # a row gives the range
        assert Model.read(file).variables[1].upper == 2
        return
    with pytest.raises(ReadError, match=message) as refused:
        Model.read(file)
    assert str(file) in str(refused.value)


def test_semicontinuous_columns_are_refused(tmp_path):
    """A column that is 0 or in a range is neither integer nor continuous."""
    text = MPS.replace(" UP B         y ", " SC B         y ")
    with pytest.raises(ReadError, match="columns must be integer or continuous, got 'y'"):
        Model.read(written(tmp_path, text, "a.mps"))
