"""The tables of faults keep up with the source, so that `run.py` can be trusted."""

import ast
import tomllib
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TABLES = sorted(HERE.glob("*.toml"))


def faults_of(table: Path) -> list[dict[str, str]]:
    """Return the faults of a table."""
    return tomllib.loads(table.read_text("utf-8"))["fault"]


@pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
def test_each_fault_is_one_change_of_the_program(table: Path):
    """The old text stands in its file just once, and the new one makes another valid program."""
    for fault in faults_of(table):
        source = (ROOT / fault["file"]).read_text("utf-8")
        assert source.count(fault["old"]) == 1, fault["name"]
        changed = ast.parse(source.replace(fault["old"], fault["new"]))
        assert ast.dump(changed) != ast.dump(ast.parse(source)), fault["name"]


@pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
def test_each_fault_names_a_test_that_there_is(table: Path):
    """What is said to notice a fault is a function of its file."""
    for fault in faults_of(table):
        file, _, names = fault["caught_by"].partition("::")
        name = names.partition("[")[0].split(".")[-1]
        tree = ast.walk(ast.parse((ROOT / file).read_text("utf-8")))
        functions = {node.name for node in tree if isinstance(node, ast.FunctionDef)}
        assert name in functions, fault["name"]


def test_each_name_stands_for_one_fault():
    """Faults are told apart by their names, in all tables together."""
    names = Counter(fault["name"] for table in TABLES for fault in faults_of(table))
    assert names
    assert not [name for name, count in names.items() if count > 1]
