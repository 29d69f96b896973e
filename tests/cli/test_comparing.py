"""`hopfield-opt compare`: its table, its files, its exit codes."""

import csv
import json
from pathlib import Path

import pytest

from hopfield_opt import comparison
from hopfield_opt.cli import main
from hopfield_opt.comparison import Comparison, Run

QUICK = ["--time-limit", "0.1", "--seeds", "2"]


@pytest.fixture
def run(capsys):
    """Run the command line and return exit code, standard output and standard error."""

    def run(*words):
        code = main(["compare", *map(str, words)])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def triangle(tmp_path):
    """Write a triangle in rudy's format; two of its three edges can be cut."""
    path = tmp_path / "triangle.rudy"
    path.write_text("3 3\n1 2 1\n2 3 1\n1 3 1\n")
    return path


def test_table_csv_and_picture(run, triangle):
    """The table is printed; the same rows go into the CSV, the curves into the picture."""
    table, picture = triangle.with_name("table.csv"), triangle.with_name("curves.png")
    methods = ["--method", "auto", "--method", "tabu"]
    code, out, err = run("max-cut", triangle, *QUICK, *methods, "--csv", table, "--plot", picture)
    assert (code, err) == (0, "")
    assert out.startswith(f"max-cut {triangle} (maximize), 2 seeds, 0.1 s each; bound 2 by ")
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["algorithm"] for row in rows[:3]] == ["auto", "tabu", "networkx one_exchange"]
    assert {row["value"] for row in rows[:2]} == {"2.0"}
    assert {(row["bound"], row["gap_to_bound"]) for row in rows[:2]} == {("2.0", "0.0")}
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.fixture
def compare_by(monkeypatch):
    """Return what lets `compare` give certain runs, and notes the problems and options it gets."""

    def replace(make_runs, seeds=(0,), interrupted=False):
        seen = {}

        def fake(problems, **options):
            seen.update(problems=problems, **options)
            senses = dict.fromkeys(problems, "maximize")
            return Comparison(tuple(make_runs(problems)), senses, 5.0, seeds, interrupted)

        monkeypatch.setattr(comparison, "compare", fake)
        return seen

    return replace


def run_of(title, seed=0, feasible=True):
    """Return a run of our method."""
    return Run(title, "auto", "method", seed, 2.0, feasible=feasible)


@pytest.fixture
def other(triangle):
    """Return a second file."""
    path = triangle.with_name("other.rudy")
    path.write_text(triangle.read_text())
    return path


def test_json_of_several_files(run, triangle, other, compare_by):
    """Each file is a problem of its own; the options reach `compare`."""
    seen = compare_by(lambda problems: [run_of(title, 3) for title in problems], seeds=(3, 4))
    code, out, _ = run("max-cut", triangle, other, "--seeds", "3,4", "--time-limit", 5, "--json")
    titles = [f"max-cut {path}" for path in (triangle, other)]
    assert code == 0
    assert json.loads(out)["senses"] == dict.fromkeys(titles, "maximize")
    assert list(seen.pop("problems")) == titles
    assert seen == {"methods": ("auto",), "time_limit": 5.0, "seeds": [3, 4]}


@pytest.mark.parametrize(("words", "seeds"), [("3", 3), ("3,", [3]), ("3,4", [3, 4])])
def test_seeds_are_a_number_or_a_list(run, triangle, compare_by, words, seeds):
    """A comma makes a list, also of one."""
    seen = compare_by(lambda problems: ())
    run("max-cut", triangle, "--seeds", words)
    assert seen["seeds"] == seeds


@pytest.mark.parametrize(
    ("interrupted", "feasible", "code"), [(False, False, 1), (True, True, 130), (False, True, 0)]
)
def test_exit_codes(run, compare_by, interrupted, feasible, code):
    """1 where a problem got no feasible answer, 130 after Ctrl-C."""
    compare_by(
        lambda problems: [run_of(title, feasible=feasible) for title in problems],
        interrupted=interrupted,
    )
    assert run("max-cut", "--random", "n=5")[0] == code


def test_one_problem_without_an_answer_is_exit_code_1(run, triangle, other, compare_by):
    """Every problem needs a feasible answer."""
    compare_by(lambda problems: [run_of(next(iter(problems)))])
    assert run("max-cut", triangle, other)[0] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["max-cut"], "--random"),
        (["maxcut", "--random", "n=5"], "Did you mean 'max-cut'?"),
        (["max-cut", "--random", "n=5", "--seeds", "few"], "--seeds"),
        (["max-cut", "--random", "n=5", "--seeds", "0"], "seeds"),
        (["max-cut", "--random", "n=5", "--time-limit", "0"], "time_limit"),
        (["max-cut", "--random", "n=5", "--method", "tabuu"], "Did you mean 'tabu'?"),
        (["max-cut", "--random", "n=5", "--csv", "nowhere/table.csv"], "nowhere"),
        (["max-cut", "--random", "n=5", "--plot", "table.pgn"], ".png"),
        (["max-cut", "missing.rudy"], "missing.rudy"),
    ],
    ids=" ".join,
)
def test_bad_option_is_one_line(run, words, said, tmp_path, monkeypatch):
    """Whatever is wrong with the words is said in one line, with exit code 2."""
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert said in err
    assert not list(Path().iterdir())
