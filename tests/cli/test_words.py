"""The command line under fire: whatever the words are, an answer or one line, and an exit code."""

import contextlib
import io
import json
import random
import warnings
from pathlib import Path

import pytest

from hopfield_opt.cli import main

KINDS = [
    *("bipartition", "clique", "coloring", "image-restoration", "independent-set", "knapsack"),
    *("matching", "max-cut", "memory", "number-partition", "qap", "qubo", "queens", "set-cover"),
    *("tsp", "vertex-cover", "max-kut", "", "é", "\udcff", "--", "-x", "max-cut\0"),
]
NUMBERS = [
    *("1", "0", "-1", "3", "1.5", "nan", "inf", "-inf", "1e9", "1e400", "9" * 30, "9" * 5000),
    *("", " ", "x", "none", "true", "1_0", "²", "0x1F", "1,2", ",", "=", "1e-300", "\udcff"),
]
NAMES = ["n", "p", "seed", "weights", "levels", "capacities", "colors", "largest", "elements"]
NAMES += ["noise", "patterns", "kind", "queens", "imbalance", "sizes", "weight", "x", "", "n n"]
OPTIONS = [
    *("--time-limit", "--sweeps", "--replicas", "--seed", "--method", "--structure", "--penalty"),
    *("--format", "--set", "--random", "--set-method", "--output", "--plot", "--seeds", "--csv"),
    *("--json", "--no-polish", "--help", "--version", "--nonsense", "--", "-", "--time-limit="),
]
METHODS = [
    "auto",
    "tabu",
    "asynchronous",
    "simulated-annealing",
    "exhaustive",
    "hopfield-tank",
    "x",
]
HUGE = ["1000000000", "100000000000000000000"]


def some_pairs(chance: random.Random, numbers: list[str]) -> str:
    """Return some pairs as --random takes them."""
    count = chance.choice((1, 1, 2))
    return ",".join(f"{chance.choice(NAMES)}={chance.choice(numbers)}" for _ in range(count))


def some_value(option: str, chance: random.Random, folder: Path) -> str:
    """Return a value that may fit an option, or not."""
    if option in ("--set", "--random", "--set-method") and chance.random() < 0.9:
        return some_pairs(chance, NUMBERS)
    if option in ("--output", "--plot", "--csv"):
        names = ("a.json", "a.png", "a.csv", "no/a.png", ".", "", "é.png", "n" * 300, "nul\0.png")
        return chance.choice(("/dev/full", "/dev/null", *(f"{folder}/{name}" for name in names)))
    if option == "--method":
        return chance.choice(METHODS)
    return chance.choice(NUMBERS)


def some_words(chance: random.Random, folder: Path) -> list[str]:
    """Return a command line that is right in many places; short runs only."""
    command = chance.choice(("solve", "solve", "solve", "problems", "methods", "slove", ""))
    words = [command, chance.choice(KINDS)]
    if chance.random() < 0.3:
        words.append(chance.choice((f"{folder}/graph.rud", f"{folder}/none", str(folder), "\0")))
    elif chance.random() < 0.8:
        words += ["--random", f"n={chance.choice(('1', '2', '5'))}"]
    # what is said later counts: the run is short
    for option in chance.sample(OPTIONS, chance.randrange(4)):
        words.append(option)
        if not option.startswith(("--json", "--no-", "--help", "--version")):
            words.append(some_value(option, chance, folder))
    return words + chance.choice(([], ["--sweeps", "2"], ["--sweeps", "2", "--json"]))


def fate(words: list[str]) -> tuple[int, str, str]:
    """Run the command line; return exit code, standard output and standard error."""
    with contextlib.redirect_stdout(io.StringIO()) as out:  # noqa: SIM117
        with contextlib.redirect_stderr(io.StringIO()) as err, warnings.catch_warnings():
            code = main(words)
    return code, out.getvalue(), err.getvalue()


def check(words: list[str]) -> int:
    """Assert that an answer or one line comes out; return the exit code."""
    code, out, err = fate(words)
    lines = err.splitlines()
    said = f"{words}\n{code}\n{out[:500]}\n{err}"
    assert code in (0, 1, 2), said
    errors = [line for line in lines if line.startswith("error: ")]
    assert all(line.startswith(("error: ", "warning: ")) for line in lines), said
    assert len(errors) == (code == 2), said
    assert all(line.endswith((".", "?", ".)")) for line in errors), said
    if code == 2:
        written = {"--output", "--plot", "--csv"} & set(words)
        assert not out or written, said
    elif words[0] == "solve" and "--json" in words and not {"--help", "--version"} & set(words):
        json.loads(out)
    return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small graph."""
    (tmp_path / "graph.rud").write_text("3 3\n1 2 1\n2 3 1\n1 3 1\n")
    return tmp_path


def test_some_words(folder):
    """No words whatsoever lead to a traceback, and JSON is JSON."""
    chance = random.Random(3)
    codes = [check(some_words(chance, folder)) for _ in range(60)]
    assert set(codes) >= {0, 2}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_many_words(folder, part):
    """The same for thousands of command lines."""
    chance = random.Random(f"part {part}")
    for _ in range(400):
        check(some_words(chance, folder))


@pytest.mark.parametrize("kind", KINDS[:16])
@pytest.mark.parametrize("size", HUGE)
def test_what_would_not_fit_is_refused(kind, size):
    """An instance of 10^9 things is refused by its size, before it is made."""
    option = "--set" if kind == "queens" else "--random"
    code, out, err = fate(["solve", kind, option, f"n={size}", "--sweeps", "1"])
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert " at most " in err
