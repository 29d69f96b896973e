"""The command line: its output, its errors, its exit codes."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hopfield_opt import driver
from hopfield_opt.cli import main
from hopfield_opt.result import Status

ROOT = Path(__file__).resolve().parent.parent
KARATE = str(ROOT / "examples" / "karate.edges")
KEYS = [
    *("problem", "instance", "method", "seed", "status", "value", "sense", "feasible"),
    *("violations", "feasibility_tolerance", "bound", "gap", "energy", "num_variables"),
    *("seconds", "answer", "certificate"),
]
TRIANGLE = "3 3\n1 2 1\n2 3 1\n1 3 1\n"

# words of a command line, and what the message about them says
REFUSED = [
    (["solv"], "'solv'"),
    (["solve"], "Missing argument"),
    (["solve", "max-cut"], "--random"),
    (["solve", "maxcut", KARATE], "Did you mean 'max-cut'?"),
    (["solve", "max-cut", str(ROOT)], str(ROOT)),
    (["solve", "max-cut", KARATE, "--format", "rudi"], "Did you mean 'rudy'?"),
    (["solve", "max-cut", KARATE, "--random", "n=3"], "--random"),
    (["solve", "max-cut", "--random", "n"], "NAME=VALUE"),
    (["solve", "max-cut", "--random", "nonsense=3"], "nonsense"),
    (["solve", "max-cut", "--random", "n=many"], "got 'many'"),
    (["solve", "max-cut", "--format", "rudy"], "FILE"),
    (["solve", "max-cut", KARATE, "--set", "nonsense=1"], "nonsense"),
    (["solve", "max-cut", KARATE, "--method", "simulated-anealing"], "simulated-annealing"),
    (["solve", "max-cut", KARATE, "--structure", "penalti"], "Did you mean 'penalty'?"),
    (["solve", "max-cut", KARATE, "--penalty", "exakt"], "penalty"),
    (["solve", "max-cut", KARATE, "--sweeps", "0"], "sweeps"),
    (["solve", "max-cut", KARATE, "--sweeps", "few"], "--sweeps"),
    (["solve", "max-cut", KARATE, "--time-limit", "nan"], "time_limit"),
    (["solve", "max-cut", KARATE, "--seed", "-1"], "seed"),
    (["solve", "max-cut", KARATE, "--tim", "1"], "--tim"),
    (["solve", "max-cut", KARATE, "--set-method", "order=random"], "--set-method"),
    (["solve", "max-cut", KARATE, "--plot", "cut.pgn"], ".png"),
    (["solve", "max-cut", KARATE, "--plot", "nowhere/cut.png"], "nowhere"),
    (["solve", "max-cut", KARATE, "--output", "nowhere/cut.json"], "nowhere"),
]

# the command line in a process of its own that says when it has a first answer
SPEAKING = """
import functools, sys
from hopfield_opt import cli, driver
tell = lambda incumbent: print("met", file=sys.stderr, flush=True)
driver.solve = functools.partial(driver.solve, callback=tell)
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture
def run(capsys):
    """Run the command line and return exit code, standard output and standard error."""

    def run(*words):
        code = main(list(map(str, words)))
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def triangle(tmp_path):
    """Write a triangle in rudy's format; two of its three edges can be cut."""
    path = tmp_path / "triangle.rudy"
    path.write_text(TRIANGLE)
    return path


def test_json_holds_exactly_the_promised_keys(run):
    """--json prints one object; the karate club is cut at its known optimum."""
    code, out, err = run("solve", "max-cut", KARATE, "--seed", 1, "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert list(report) == KEYS
    *parts, total = report["seconds"].values()
    assert list(report["seconds"]) == ["read", "compile", "solve", "decode", "total"]
    assert total == pytest.approx(sum(parts))
    assert report["problem"] == "max-cut"
    assert report["instance"] == KARATE
    assert (report["value"], report["sense"], report["seed"]) == (179, "maximize", 1)
    assert sorted(report["answer"][0] + report["answer"][1]) == list(range(34))


def test_text_tells_value_and_seed(run, triangle):
    """Without --json the result is printed for people."""
    code, out, err = run("solve", "max-cut", triangle, "--seed", 5)
    assert (code, err) == (0, "")
    assert "2 (maximize)" in out
    assert "5" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "instance:"),
        (b"3 3\n1 2 1\n2 3 1\n", "3"),
        (b"3 3\n1 2 1\n2 3 1\n1 4 1\n", "instance:4:"),
        (b"3 3\n1 2 1\n2 3 nan\n1 3 1\n", "instance:3:"),
        (b"3 3\n1 2 1\n2 3 one\n1 3 1\n", "instance:3:"),
        (bytes(range(256)), "instance"),
        (None, "instance"),
    ],
    ids=["empty", "truncated", "range", "nan", "word", "bytes", "missing"],
)
def test_bad_file_is_one_line(run, tmp_path, content, said):
    """A file that cannot be used gives one line that names it, and exit code 2."""
    path = tmp_path / "instance"
    if content is not None:
        path.write_bytes(content)
    assert_refused(run("solve", "max-cut", path, "--format", "rudy"), said)


@pytest.mark.parametrize(
    ("words", "said"),
    REFUSED,
    ids=[" ".join(Path(word).name for word in words) for words, _ in REFUSED],
)
def test_bad_option_is_one_line(run, words, said):
    """Whatever is wrong with the words is said in one line, with exit code 2."""
    assert_refused(run(*words), said)


def test_method_parameters_are_checked(run):
    """--set-method reaches the fields of the dynamics and their own checks."""
    words = ["solve", "max-cut", KARATE, "--method", "asynchronous", "--seed", 1]
    assert run(*words, "--set-method", "order=sequential")[0] == 0
    assert_refused(run(*words, "--set-method", "order=sequentially"), "Did you mean 'sequential'?")
    assert_refused(run(*words, "--set-method", "ordre=random"), "Did you mean 'order'?")


def assert_refused(outcome, said):
    """Assert exit code 2, an empty standard output and one line that holds `said`."""
    code, out, err = outcome
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert err.endswith((".\n", "?\n"))
    assert said in err


def test_random_instance_repeats_with_its_seed(run):
    """The seed makes the instance and the run; the report says how it was made."""
    words = ["solve", "max-cut", "--random", "n=12,p=0.5", "--seed", 4, "--json"]
    first, second = (json.loads(run(*words)[1]) for _ in range(2))
    assert "n=12, p=0.5" in first["instance"]
    assert "seed=4" in first["instance"]
    assert first["answer"] == second["answer"]


def test_output_is_written_whole(run, triangle):
    """--output writes the same object as --json and leaves no other file behind."""
    target = triangle.with_name("answer.json")
    target.write_text("an older answer")
    code, out, _ = run("solve", "max-cut", triangle, "--json", "--output", target)
    assert code == 0
    assert json.loads(target.read_text()) == json.loads(out)
    assert {path.name for path in triangle.parent.iterdir()} == {triangle.name, target.name}


def test_plot_is_a_picture(run, triangle):
    """--plot draws the answer into a PNG file."""
    target = triangle.with_name("cut.png")
    assert run("solve", "max-cut", triangle, "--plot", target)[0] == 0
    assert target.read_bytes().startswith(b"\x89PNG")


def test_warning_is_one_line(run, tmp_path):
    """Suspicious input is solved, with a line on standard error."""
    path = tmp_path / "loop.edges"
    path.write_text("1 1\n1 2\n")
    code, out, err = run("solve", "max-cut", path, "--json")
    assert (code, json.loads(out)["value"]) == (0, 1)
    assert err.startswith("warning: ")
    assert err.count("\n") == 1


def test_lists_name_what_solve_takes(run):
    """`problems` and `methods` list the names with a sentence each."""
    problems, methods = run("problems"), run("methods")
    assert (problems[0], methods[0]) == (0, 0)
    assert "max-cut " in problems[1]
    assert "rudy" in problems[1]
    for name in ("auto", "asynchronous", "simulated-annealing"):
        assert f"\n{name} " in "\n" + methods[1]


@pytest.mark.parametrize("words", [[], ["--help"], ["solve", "--help"], ["--version"]])
def test_help_is_no_error(run, words):
    """Help and version go to standard output, with exit code 0."""
    code, out, err = run(*words)
    assert (code, err) == (0, "")
    assert "hopfield-opt" in out


@pytest.mark.parametrize("known", [False, True])
def test_no_feasible_answer_is_exit_code_1(run, triangle, monkeypatch, known):
    """The JSON is printed all the same, with what violates least where it is known."""
    real = driver.solve

    def solve(*args, **kwargs):
        result = real(*args, **kwargs)
        best = dataclasses.replace(result.best, violations={"rule": 1.0}) if known else None
        status = Status.NO_FEASIBLE if known else Status.INFEASIBLE
        return dataclasses.replace(result, status=status, best=best)

    monkeypatch.setattr(driver, "solve", solve)
    code, out, _ = run("solve", "max-cut", triangle, "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["status"], report["feasible"]) == (
        "NO_FEASIBLE" if known else "INFEASIBLE",
        False,
    )
    assert (report["answer"] is None) == (not known)


def test_interrupt_without_an_answer_is_one_line(run, triangle, monkeypatch):
    """Ctrl-C while the problem is still being compiled says that there is nothing yet."""

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(driver, "solve", interrupted)
    code, out, err = run("solve", "max-cut", triangle)
    assert (code, out) == (130, "")
    assert err == "interrupted: there is no answer yet.\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_interrupt_prints_the_best_so_far(elsewhere):
    """Ctrl-C in a long run prints the best cut that was met, with exit code 130."""
    words = ["solve", "max-cut", KARATE, "--time-limit", "60", "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", SPEAKING, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **elsewhere,
        # a test run in the background of a shell ignores the signal, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert first == "met\n"
    report = json.loads(out)
    assert process.returncode == 130
    assert report["status"] == "INTERRUPTED"
    assert report["feasible"]
    assert report["value"] > 115.5  # half of the weight is what a random cut is worth


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_closed_pipe_is_silent(elsewhere):
    """Output into a closed pipe, as in `| head`, ends without a traceback."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "hopfield_opt", "--help"]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, timeout=60, **elsewhere)
    assert (done.returncode, done.stderr) == (1, "")


def test_no_output_is_lost_where_another_fails(run, triangle):
    """The answer is printed and drawn although the file is on a full disk."""
    if not Path("/dev/full").exists():
        pytest.skip("devices of POSIX")
    picture = triangle.with_name("cut.png")
    words = ["solve", "max-cut", triangle, "--json", "--plot", picture]
    code, out, err = run(*words, "--output", "/dev/full")
    assert code == 2
    assert json.loads(out)["value"] == 2
    assert err.startswith("error: file must be writable, got '/dev/full' (No space left on device)")
    assert picture.exists()


SLOW = pytest.mark.slow  # each starts a process
# what is done to the streams and the environment, with the exit code and the errors
SURROUNDINGS = {
    "no input": ("<&-", {}, 0, ""),
    "no output": (">&-", {}, 0, ""),
    "no errors": ("2>&-", {}, 0, ""),
    "nothing": ("<&- >&- 2>&-", {}, 0, ""),
    "full": (">/dev/full", {}, 2, "error: system: No space left on device.\n"),
    "no reader": ("| true", {}, 0, ""),
    "dumb": ("", {"TERM": "dumb", "COLUMNS": "20"}, 0, ""),
    "no terminal": ("", {"TERM": "", "LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}, 0, ""),
    "no home": ("", {"HOME": "/nonexistent", "MPLCONFIGDIR": ""}, 0, ""),
    "warnings are errors": ("", {"PYTHONWARNINGS": "error"}, 0, ""),
}


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize(
    "name",
    [
        name if name in ("nothing", "full", "no terminal") else pytest.param(name, marks=SLOW)
        for name in SURROUNDINGS
    ],
)
def test_without_a_terminal(elsewhere, name):
    """Whatever is closed, full or not said, the file is complete and no traceback is printed."""
    redirection, environment, code, said = SURROUNDINGS[name]
    folder = elsewhere["cwd"]
    (folder / "é.rud").write_text(TRIANGLE)
    program = f"'{sys.executable}' -m hopfield_opt"
    command = f"{program} solve max-cut é.rud --sweeps 5 --output a.json {redirection}"
    done = subprocess.run(
        ["sh", "-c", command],
        env={**elsewhere["env"], **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (code, said)
    assert json.loads((folder / "a.json").read_text())["value"] == 2
    assert sorted(path.name for path in folder.iterdir()) == ["a.json", "é.rud"]
