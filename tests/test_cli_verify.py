"""`hopfield-opt verify`: what a file claims of an instance, checked anew."""

import base64
import json
from pathlib import Path

import pytest

from hopfield_opt.cli import main
from hopfield_opt.problems import available, named

KARATE = str(Path(__file__).resolve().parent.parent / "examples" / "karate.edges")


@pytest.fixture
def run(capsys):
    """Return a function that runs a command and returns exit code, output and errors."""

    def run(*words):
        code = main([str(word) for word in words])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def solved(run, tmp_path):
    """Return a function that solves a problem and returns the file of its result."""

    def solved(*words):
        path = tmp_path / "result.json"
        assert run("solve", *words, "--seed", 1, "--output", path)[0] == 0
        return path

    return solved


def change(path, **fields):
    """Write a file with other claims next to one."""
    other = path.with_name("other.json")
    other.write_text(json.dumps(json.loads(path.read_text()) | fields))
    return other


def test_a_result_is_verified(run, solved):
    """Value, feasibility and the proof of the bound are all reckoned anew."""
    path = solved("max-cut", KARATE, "--sweeps", 50, "--bound", "strong")
    code, out, err = run("verify", path, KARATE)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("feasible, as claimed")
    assert "verified, by" in out.splitlines()[1]


def test_without_a_certificate_it_says_so(run, solved):
    """What a search has proven leaves none, and that is no fault."""
    path = solved("max-cut", KARATE, "--sweeps", 50, "--bound", "none")
    code, out, _ = run("verify", path, KARATE)
    assert (code, out.splitlines()[1]) == (0, "bound    none")
    path = solved("max-cut", "--random", "n=9,seed=2")
    code, out, _ = run("verify", path, "--random", "n=9,seed=2")
    assert (code, out.splitlines()[1][-21:]) == (0, "without a certificate")


def test_what_is_not_so_is_told(run, solved):
    """Another value, another answer, a bound that is too good, a bit of the proof, an instance."""
    path = solved("set-cover", "--random", "n=60,elements=40,seed=2", "--sweeps", 40)
    own = ("--random", "n=60,elements=40,seed=2")
    claims = json.loads(path.read_text())
    assert run("verify", path, *own)[0] == 0
    data = bytearray(base64.b64decode(claims["certificate"]))
    data[len(data) // 2] ^= 1
    worse = base64.b64encode(data).decode()
    for changed, said in (
        ({"value": claims["value"] - 1}, "NOT"),
        ({"answer": claims["answer"][:-1]}, "NOT"),
        ({"answer": 7}, "NOT of this instance"),
        ({"bound": claims["bound"] + 1}, "WRONG"),
        ({"certificate": worse}, "NOT proven"),
        ({"certificate": "?"}, "NOT proven"),
        ({"certificate": 7}, "NOT proven"),
    ):
        code, out, err = run("verify", change(path, **changed), *own)
        assert (code, err) == (1, ""), changed
        assert said in out
    code, out, _ = run("verify", path, "--random", "n=60,elements=40,seed=3")
    assert code == 1
    assert "NOT proven" in out


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "{}", '{"problem": "max-cut"}', "\x00\xff"])
def test_files_that_are_no_results_are_refused(run, tmp_path, text):
    """In one line, with exit code 2."""
    path = tmp_path / "other.json"
    path.write_text(text)
    code, out, err = run("verify", path, KARATE)
    assert (code, out) == (2, "")
    assert "must be JSON that --output wrote" in err


SIZES = {"coloring": "n=9,seed=1", "memory": "n=20,patterns=2,seed=1", "queens": "n=5"}


@pytest.mark.parametrize("name", sorted(available()))
def test_answers_of_all_problems_come_back_from_their_files(run, solved, name):
    """Sets are lists there and names of a dict are text: the answer is the same."""
    made = ("--random", SIZES.get(name, "n=6,seed=1"))
    path = solved(name, *made, "--sweeps", 20, "--bound", "none")
    code, out, err = run("verify", path, *made)
    assert (code, err) == (0, ""), out
    assert named(name).name == json.loads(path.read_text())["problem"]
