"""The tables of faults can be trusted: how a fault finds its place, and what each row names."""

import ast
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from . import planting, run

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLES = sorted(HERE.glob("*.toml"))


PROGRAM = """
LIMIT = 3

class Counter:
    def step(self, a, b):
        if a < b:  # a comment
            return self.add(
                a, b,
            )
        return a - b

def step(a, b):
    return a < b
"""


def fault(function, old, new):
    """Return a fault of the program."""
    return {"name": "x", "file": "f.py", "function": function, "old": old, "new": new}


@pytest.mark.parametrize(
    ("function", "old", "new", "changed"),
    [
        ("Counter.step", "a < b", "a <= b", "if a <= b:"),
        ("step", "a < b", "a > b", "return a > b"),
        ("Counter.step", "return self.add(a, b)", "return b", "            return b\n"),
        ("Counter.step", "self.add(\n  a,\n  b)", "0", "return 0"),
        ("Counter.step", "b):\n if a < b", "b):\n        if True", "if True:  # a comment"),
        ("step", "return a < b", "", "    pass\n"),
        ("Counter.step", "add(a, b,", "add(a,", "self.add(a,\n"),
        ("", "LIMIT = 3", "LIMIT = 4", "LIMIT = 4"),
    ],
)
def test_a_fault_finds_its_place(tmp_path, function, old, new, changed):
    """In its function only, whatever the lines, comments and commas at the end are."""
    (tmp_path / "f.py").write_text(PROGRAM)
    assert changed in planting.plant(tmp_path, fault(function, old, new))


@pytest.mark.parametrize(
    ("function", "old", "new", "message"),
    [
        ("step", "a - b", "a + b", "0 times"),
        ("Counter.step", "a", "b", "4 times"),
        ("Counter", "def", "1def", "no program"),
        ("stride", "a < b", "a > b", "there is no stride"),
        ("step", "a < b", "(a < b)", "changes nothing"),
    ],
)
def test_what_fits_nowhere_is_said(tmp_path, function, old, new, message):
    """A row whose code is gone, stands there twice, or makes no other program is a misfit."""
    (tmp_path / "f.py").write_text(PROGRAM)
    with pytest.raises(planting.Misfit, match=message):
        planting.plant(tmp_path, fault(function, old, new))


def test_samples_rotate():
    """Each day has its own faults, and after some days each had its turn."""
    known = [{"name": str(number)} for number in range(7)]
    days = [[one["name"] for one in run.sample_faults(known, 3, day)] for day in range(3)]
    assert days == [["0", "1", "2"], ["3", "4", "5"], ["6", "0", "1"]]
    assert len(run.sample_faults(known, 20, 5)) == 7


def test_most_faults_fit():
    """Code moves on, and rows follow; that many do not would say that the search is broken."""
    rows = run.faults()
    misfits = []
    for row in rows:
        try:
            planting.plant(ROOT, row)
        except planting.Misfit as misfit:
            misfits.append(str(misfit))
    assert len(misfits) <= len(rows) / 20, misfits


def faults_of(table: Path) -> list[dict[str, str]]:
    """Return the faults of a table."""
    return tomllib.loads(table.read_text("utf-8"))["fault"]


@pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
def test_each_fault_names_a_test_that_there_is(table: Path):
    """What is said to notice a fault is a function of its file."""
    for row in faults_of(table):
        file, _, names = row["caught_by"].partition("::")
        name = names.partition("[")[0].split(".")[-1]
        tree = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        functions = {node.name for node in tree if isinstance(node, ast.FunctionDef)}
        assert name in functions, row["name"]


def test_each_name_stands_for_one_fault():
    """Faults are told apart by their names, in all tables together."""
    names = Counter(row["name"] for table in TABLES for row in faults_of(table))
    assert names
    assert not [name for name, count in names.items() if count > 1]
