"""Results in files come back, in this version and in later ones."""

import json

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.cli import main
from hopfield_opt.errors import InputError, ReadError

CUT = ho.problems.MaxCut.random(12, seed=1)
# what version 1 wrote, with less than it may hold: files are kept longer than programs
VERSION_1 = """
{"format": "hopfield_opt.Result", "version": 1, "problem": "max-cut", "method": "exhaustive",
 "seed": 3, "status": "OPTIMAL", "value": 2.0, "sense": "maximize", "feasible": true,
 "violations": {}, "feasibility_tolerance": 1e-12, "bound": 2.0, "gap": 0.0, "energy": -2.0,
 "num_variables": 3, "seconds": {"total": 0.5}, "answer": [[0, 2], [1]], "reason": "few",
 "bound_by": "", "sweeps": 1, "num_spins": 3, "notes": ["a note"], "certificate": null,
 "of a later version": 7}
"""


def model():
    """Return a model that nothing satisfies."""
    m = ho.Model()
    x = m.binary(4, name="x")
    m.add(x.sum() >= 5)
    return m


def rows(result):
    """Return what a result prints, without the answer and what was spent."""
    lines = str(result).splitlines()
    return [line for line in lines if not line.startswith(("  answer", "  spent"))]


SUBJECTS = {
    "cut": lambda: ho.solve(CUT, seed=0),
    "model": lambda: ho.solve(ho.Model.read("examples/toolbox.lp"), seed=0),
    "infeasible": lambda: ho.solve(model(), seed=0),
    "stopped": lambda: ho.solve(CUT, stop=lambda: True, seed=0),
    "run": lambda: ho.run(ho.compile(CUT).hamiltonian, "asynchronous", seed=0, record="energy"),
}


@pytest.mark.parametrize("arrays", [False, True])
@pytest.mark.parametrize("name", ["cut", "model", "infeasible", "stopped", "run"])
def test_what_is_saved_comes_back(name, arrays, tmp_path, monkeypatch):
    """All that it says; the states where they were asked for; and the same file again."""
    monkeypatch.chdir(__file__.rpartition("/tests/")[0])
    result = SUBJECTS[name]()
    result.save(tmp_path / "one.json", arrays=arrays)
    again = ho.Result.load(tmp_path / "one.json")
    assert {**again.to_dict(), "seconds": None} == {**result.to_dict(), "seconds": None}
    assert rows(again) == rows(result)
    assert again.seconds == pytest.approx(result.seconds)
    if hasattr(result.trace, "value"):
        assert np.array_equal(again.trace.value, result.trace.value, equal_nan=True)
        assert (again.trace.sweeps == result.trace.sweeps).all()
    if arrays:
        assert again.states.dtype == result.states.dtype
        assert np.array_equal(again.states, result.states)
        assert np.array_equal(again.energies, result.energies, equal_nan=True)
        for known, own in (result.assignment or {}).items():
            assert np.array_equal(again.assignment[known], own)
    else:
        assert again.states.shape == (0, result.num_spins)
    if result.certificate is None:
        again.save(tmp_path / "two.json", arrays=arrays)
        assert (tmp_path / "two.json").read_text() == (tmp_path / "one.json").read_text()


def test_the_users_own_object_comes_from_the_assignment(tmp_path):
    """A set is a list in JSON; with arrays the problem makes the answer again."""
    result = ho.solve(CUT, seed=0)
    result.save(tmp_path / "cut.json", arrays=True)
    assert CUT.decode(ho.Result.load(tmp_path / "cut.json").assignment) == result.answer


def test_version_one_is_read(tmp_path):
    """What it did not write is as without, what it does not know is passed over."""
    (tmp_path / "old.json").write_text(VERSION_1)
    result = ho.Result.load(tmp_path / "old.json")
    assert (result.value, result.gap, result.status) == (2.0, 0.0, ho.Status.OPTIMAL)
    assert result.answer == [[0, 2], [1]]
    assert result.notes == ("a note",)
    assert len(result.trace.seconds) == 0


def test_other_states_are_judged_by_nobody(tmp_path):
    """The problem is not in the file."""
    ho.solve(CUT, seed=0).save(tmp_path / "cut.json", arrays=True)
    with pytest.raises(InputError, match="result must be of a call of solve to judge"):
        ho.Result.load(tmp_path / "cut.json").top(3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: "", "must be JSON that Result.save wrote, got another."),
        (lambda text: "[1]", "must be JSON that Result.save wrote, got another."),
        (lambda text: text[:-40], "must be JSON that Result.save wrote, got another."),
        (lambda text: text.replace("Result", "Other"), "got another."),
        (lambda text: text.replace('"version": 1', '"version": 9'), "got 9. Use a later"),
        (lambda text: text.replace("OPTIMAL", "SUPERB"), "got a damaged one .KeyError"),
        (lambda text: text.replace('"seed"', '"sead"'), "got a damaged one .KeyError"),
        (lambda text: text.replace('"shape": [', '"shape": [9, '), "got a damaged one"),
        (lambda text: text.replace('"dtype": "|i1"', '"dtype": "O"'), "got a damaged one"),
        (lambda text: text.replace('"zlib": "', '"zlib": "?'), "got a damaged one"),
        (lambda text: text.replace('"shape": [', '"shape": [900000000, '), "got a damaged one"),
    ],
)
def test_what_is_no_saved_result(change, message, tmp_path):
    """Whatever it is, the error names the file."""
    path = tmp_path / "cut.json"
    ho.solve(CUT, seed=0).save(path, arrays=True)
    path.write_text(change(path.read_text()))
    with pytest.raises(ReadError, match=message) as caught:
        ho.Result.load(path)
    assert str(path) in str(caught.value)


def test_the_command_verifies_a_saved_result(tmp_path, capsys):
    """The file has what `--output` writes, the proof of the bound included."""
    ring = ho.problems.MaxCut.read("examples/karate.edges")
    ho.solve(ring, seed=0).save(tmp_path / "cut.json")
    kept = json.loads((tmp_path / "cut.json").read_text())
    assert (kept["certificate"] is not None) or kept["bound"] is not None
    assert main(["verify", str(tmp_path / "cut.json"), "examples/karate.edges"]) == 0
    assert "as claimed" in capsys.readouterr().out
