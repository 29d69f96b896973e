"""`warm-up` compiles kernels ahead, and says how long it took and where they lie."""

import re
import subprocess
import sys

import pytest

from hopfield_opt import jit
from hopfield_opt.cli import main, warming


def test_kernels_are_compiled_once(elsewhere, tmp_path):
    """A second process loads what a first one has compiled, and says where that lies."""
    folder = tmp_path / "kernels"
    elsewhere["env"]["NUMBA_CACHE_DIR"] = str(folder)
    said = []
    for _ in range(2):
        words = [sys.executable, "-m", "hopfield_opt", "warm-up", "knapsack"]
        run = subprocess.run(words, **elsewhere, capture_output=True)
        assert (run.returncode, run.stderr) == (0, "")
        said.append(run.stdout.splitlines())
    took = [float(re.match(r"knapsack +([\d.]+) s to compile, ", lines[0])[1]) for lines in said]
    assert took[0] > 1.0
    assert took[1] == 0.0
    for lines in said:
        assert re.match(rf"kernels +\d+ in {re.escape(str(folder))}.*, \d+ MB$", lines[1])
    assert list(folder.rglob("*.nbc"))


def test_where_nothing_can_be_kept(monkeypatch, capsys):
    """There is no folder: it says what to do, and ends with 1."""
    monkeypatch.setattr(warming, "_solve", lambda kind, size: None)
    monkeypatch.setattr(jit, "_folders", set())
    assert main(["warm-up", "qubo"]) == 1
    assert capsys.readouterr().out.splitlines()[1] == (
        "kernels             are not kept: no folder can be written. Set NUMBA_CACHE_DIR."
    )


def test_all_or_those_that_are_named(monkeypatch, capsys):
    """Each once, models included; a wrong name is answered as elsewhere."""
    seen = []
    monkeypatch.setattr(warming, "_solve", lambda kind, size: seen.append((kind.__name__, size)))
    main(["warm-up", "model", "tsp", "model"])
    assert [name for name, _ in seen] == ["Model", "Model", *["TravellingSalesman"] * 2]
    seen.clear()
    main(["warm-up"])
    kinds = {name for name, _ in seen}
    assert {"Model", "MaxCut", "Qubo"} <= kinds
    assert len(kinds) == len(seen) / len(warming.SIZES)
    assert main(["warm-up", "max-kut"]) == 2
    assert "Did you mean 'max-cut'?" in capsys.readouterr().err


@pytest.mark.parametrize("size", warming.SIZES)
def test_the_model_has_constraints_of_several_kinds(size):
    """It is solved with groups, ranges and a penalty."""
    model = warming._model(size, seed=0)
    assert len(model.rules) == 3
    warming._solve(type("Kind", (), {"random": staticmethod(warming._model)}), size)
