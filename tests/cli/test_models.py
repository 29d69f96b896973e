"""The command line solves the model of a file, which is no problem of the library."""

import json

import pytest

from hopfield_opt.cli import main

LP = "max\n value: 3 a + 4 b\nst\n c: a + b <= 1\nbin\n a\n b\nend\n"


def test_model_of_a_file_is_solved(tmp_path, capsys):
    """`model` is an MPS or LP file; the answer is by its names."""
    file = tmp_path / "tiny.lp"
    file.write_text(LP)
    assert main(["solve", "model", str(file), "--seed", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["value"], found["answer"]) == (4, {"a": 0, "b": 1})
    assert (found["problem"], found["instance"]) == ("model", str(file))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "FILE must be given for a model"),
        (["{file}", "--tour", "x"], "--tour must be left out for a model"),
        (["{file}", "--plot", "x.png"], "--plot must be left out for a model"),
        (["{file}", "--set", "weight=3"], "the name in --set must be one of format"),
        (["{file}", "--format", "mps"], "file must be of the format mps"),
    ],
)
def test_what_a_model_has_not_is_refused(words, said, tmp_path, capsys, monkeypatch):
    """One line says what a model has not."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tiny.lp"
    file.write_text(LP)
    assert main(["solve", "model", *(word.format(file=file) for word in words)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
