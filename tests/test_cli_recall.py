"""`hopfield-opt recall`: letters, recalled and printed flip by flip."""

from itertools import pairwise

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.cli import main
from hopfield_opt.io import patterns

LETTERS = str(ho.data.file(10))


@pytest.fixture
def run(capsys, monkeypatch):
    """Return a function that runs a command and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "60")

    def run(*words):
        code = main([str(word) for word in words])
        return (code, *capsys.readouterr())

    return run


def test_letters_are_recalled_from_noise(run):
    """Each pattern is its own cue, with noise by the seed; exit code 0: all came back."""
    words = ("recall", LETTERS, "--noise", 0.2, "--seed", 4, "--names", "HX#")
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split(",")[0] for line in lines[:3]] == ["cue 0: H", "cue 1: X", "cue 2: #"]
    assert all(int(line.split(", ")[-1].split()[0]) >= 20 for line in lines[:3])
    assert lines[3] == "seed 4"
    assert run(*words)[1] == out


def test_frames_go_from_the_cue_to_the_end(run, tmp_path):
    """With --show the first frame is the cue, the last the answer, and each differs by a pixel."""
    cue = ho.data.letters("H", size=10).copy()
    cue[0, 4:6, 3] *= -1
    path = tmp_path / "cue.txt"
    patterns.write(cue, path)
    code, out, _ = run("recall", LETTERS, "--cue", path, "--show", "--seed", 0)
    assert code == 0
    blocks = [block.splitlines() for block in out.split("\n\n") if "cue" not in block]
    frames = [
        np.array([list(row.split("   ")[k]) for row in block]) == "#"
        for block in blocks
        if len(block) == 10
        for k in range(len(block[0].split("   ")))
    ]
    assert (frames[0] == (cue[0] > 0)).all()
    assert (frames[-1] == (ho.data.letters("H", size=10)[0] > 0)).all()
    assert [int((a != b).sum()) for a, b in pairwise(frames)] == [1, 1]
    assert "memory 0, overlap 1.00, energy -58.9, 2 flips" in out


def test_another_end_is_no_success(run):
    """Noise beyond one half leads to negatives: the exit code is 1."""
    code, out, _ = run("recall", LETTERS, "--noise", 0.9, "--seed", 0)
    assert code == 1
    assert "anti-memory" in out


def test_warm_recall(run):
    """At a temperature a few sweeps are shown, and the end is at rest all the same."""
    code, out, _ = run("recall", LETTERS, "--temperature", 0.3, "--seed", 0, "--show")
    assert code == 0
    assert out.count("overlap 1.00") == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--noise", "2"], "--noise must be from 0 to 1, got 2.0"),
        (["--names", "AB"], "names must be 3"),
        (["--rule", "hope"], "rule must be"),
        (["--cue", "missing.txt"], "missing.txt"),
    ],
)
def test_bad_input_is_named(run, words, says):
    """What is wrong is said, with exit code 2."""
    code, _, err = run("recall", LETTERS, *words)
    assert code == 2
    assert says in err
