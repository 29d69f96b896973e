"""Instances on the command line: columns of a table, and the standard input."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

from hopfield_opt.cli import main

ROADS = "from,to,road,km\nHamburg,Berlin,A 24,288\nBerlin,Bonn,A 2,600\nHamburg,Bonn,A 1,450\n"


@pytest.fixture
def typed(monkeypatch):
    """Return what puts a text into the standard input."""

    def put(text):
        stream = SimpleNamespace(buffer=io.BytesIO(text.encode()))
        monkeypatch.setattr(sys, "stdin", stream)

    return put


def test_columns_are_named(tmp_path, capsys):
    """The same table is a cut of roads or of kilometres, and a tour."""
    path = tmp_path / "roads.csv"
    path.write_text(ROADS)
    values = []
    for kind, columns in (
        ("max-cut", "from,to"),
        ("max-cut", "from, to,km"),
        ("tsp", "to,from,km"),
    ):
        assert main(["solve", kind, str(path), "--columns", columns, "--json", "--seed", "1"]) == 0
        values.append(json.loads(capsys.readouterr().out)["value"])
    assert values == [2.0, 1050.0, 1338.0]
    words = ["compare", "max-cut", str(path), "--columns", "from,to,km"]
    assert main([*words, "--seeds", "1", "--time-limit", "0.05", "--json"]) == 0
    assert "1050" in capsys.readouterr().out


def test_a_hyphen_is_the_standard_input(typed, tmp_path, capsys):
    """It is read to its end, and named so in results and errors; what was found is verified."""
    typed(ROADS)
    words = ["max-cut", "-", "--format", "csv", "--columns", "from,to,km"]
    output = tmp_path / "result.json"
    assert main(["solve", *words, "--seed", "1", "--output", str(output)]) == 0
    assert json.loads(output.read_text())["instance"] == "standard input"
    typed(ROADS)
    assert main(["verify", str(output), *words[1:]]) == 0
    typed("1 2 x\n")
    assert main(["solve", "max-cut", "-", "--format", "edge-list"]) == 2
    assert "standard input:1: weight must be" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["max-cut", "FILE", "--columns", "from,too"], "column must be one of"),
        (["max-cut", "karate.edges", "--columns", "a,b"], "--columns must come with a CSV file"),
        (["knapsack", "FILE", "--columns", "a,b"], "--columns must come with a CSV file"),
        (["max-cut", "--random", "n=5", "--columns", "a,b"], "--columns must come with a CSV file"),
    ],
)
def test_columns_without_a_table_are_refused(words, message, tmp_path, capsys):
    """Columns of what has none are an error, not ignored."""
    (tmp_path / "roads.csv").write_text(ROADS)
    given = [str(tmp_path / "roads.csv") if word == "FILE" else word for word in words]
    assert main(["solve", *given]) == 2
    assert message in capsys.readouterr().err
