"""`compare`: everybody gets the same time, every answer is evaluated, nothing is lost."""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hopfield_opt import compare, problems
from hopfield_opt.comparison import bounding, match
from hopfield_opt.dynamics import TabuSearch
from hopfield_opt.errors import InputError
from hopfield_opt.problems.base import Baseline, Evaluation, Relaxation

GRAPH = problems.MaxCut.random(12, p=0.5, weights="signs", seed=2)
QUICK = {"time_limit": 0.1, "seeds": 2}


def one_side(problem):
    """Put all vertices on one side."""
    return set(problem.graph.labels), set()


def test_our_methods_stand_next_to_all_baselines():
    """The rows are our methods, the problem's baselines and its bounds; enumeration is optimal."""
    table = compare(GRAPH, ["auto", "tabu"], **QUICK)
    rows = {row.algorithm: row for row in table.rows}
    offered = [*(b.name for b in GRAPH.baselines()), *(r.name for r in GRAPH.relaxations())]
    assert list(rows) == ["auto", "tabu", *offered]
    best = rows["enumeration"]
    assert (best.remark, best.runs, best.gap, best.gap_to_bound) == ("optimal", 1, 0.0, 0.0)
    assert rows["auto"].value == best.value
    assert (rows["auto"].runs, rows["auto"].feasible) == (2, 1.0)
    assert 0 < rows["auto"].seconds_to_best <= rows["auto"].seconds < 0.4
    assert rows["SDP bound"].value > best.value - 1e-4
    assert (rows["SDP bound"].kind, rows["SDP bound"].feasible) == ("relaxation", None)


def test_the_bound_is_found_once_for_each_problem(monkeypatch):
    """It is proven, no run pays for it, and the executor's jobs do not look for it again."""
    asked = []
    real = match.certify

    def noted(problem, limit, ends):
        asked.append((problem, limit))
        return real(problem, limit, ends)

    monkeypatch.setattr(match, "certify", noted)
    club = problems.MaxCut.random(40, p=0.1, seed=1)
    titled = {"a": GRAPH, "b": club}
    with ThreadPoolExecutor(1) as executor:
        for host in (None, executor):
            table = compare(titled, ["tabu", "auto"], (), executor=host, **QUICK)
            assert asked == [(GRAPH, 0.1), (club, 0.1)]
            asked.clear()
            for title, problem in titled.items():
                assert table.certificates[title].verify(problem) == table.bounds[title].value
            assert all(row.gap_to_bound >= 0 for row in table.rows)
            assert not any(run.kind == "relaxation" for run in table.runs)


def test_a_problem_without_a_bound_is_compared():
    """One that cannot be read has none, nor one whose model's objective is not its value."""

    def model(self):
        raise RuntimeError("no model")

    for problem in (odd(model=model), odd(bounded_by_model=False)):
        table = compare(problem, (), {"one side": one_side}, **QUICK)
        assert (table.certificates, table.bounds, len(table.rows)) == ({}, {}, 1)


def test_the_bound_keeps_the_limit():
    """Where more could be proven, it takes no longer than one run, and there is one."""
    graph = problems.MaxCut.random(100, p=0.5, weights="signs", seed=1)
    bounding.certify(graph, 0.1, lambda: False)  # what is loaded has no limit
    started = time.monotonic()
    found = bounding.certify(graph, 0.3, lambda: False)
    assert time.monotonic() - started < 3
    assert found.verify(graph) == found.bound


def test_ctrl_c_while_a_bound_is_looked_for(ctrl_c, monkeypatch):
    """It ends with what is proven, no run is begun, and what there was is there."""
    real = match.certify

    def interrupted(problem, limit, ends):
        found = real(problem, limit, ends)
        os.kill(os.getpid(), signal.SIGINT)
        assert ends()
        assert real(problem, limit, ends) is None  # at once
        return found

    monkeypatch.setattr(match, "certify", interrupted)
    table = compare(GRAPH, "tabu", (), time_limit=30, seeds=1)
    assert (table.interrupted, table.rows) == (True, [])
    assert list(table.bounds) == ["max-cut"]


def test_values_are_the_problems_own():
    """Whatever a baseline does, its answer is evaluated; what is invalid is marked."""
    mine = {
        "one side": one_side,
        "overlap": lambda problem: (set(problem.graph.labels), set(problem.graph.labels)),
        "not a cut": lambda problem: 7,
        "nothing": lambda problem: None,
        "broken": lambda problem: 1 / 0,
    }
    rows = {row.algorithm: row for row in compare(GRAPH, (), mine, **QUICK).rows}
    assert (rows["one side"].value, rows["one side"].feasible) == (0.0, 1.0)
    assert rows["overlap"].remark == "not feasible"
    assert rows["not a cut"].remark.startswith("its answer is none: ")
    assert rows["nothing"].remark == "no answer"
    assert rows["broken"].remark == "ZeroDivisionError: division by zero"
    for name in ("overlap", "not a cut", "nothing", "broken"):
        assert (rows[name].value, rows[name].feasible) == (None, 0.0)


def odd(**methods):
    """Return a cut with other methods, and no algorithms but those that they return."""
    none = {"baselines": lambda self: (), "relaxations": lambda self: ()}
    return type("Odd", (problems.MaxCut,), none | methods)(GRAPH.graph)


@pytest.mark.parametrize("content", [None, "12", float("nan"), [1.0], 1j])
def test_a_bound_that_is_none_is_a_remark(content):
    """Nothing is taken for a number that is none, and the comparison goes on."""
    bound = Relaxation("odd", lambda deadline: content)
    (row,) = compare(odd(relaxations=lambda self: [bound]), (), **QUICK).rows
    assert row.value is None
    assert row.remark.startswith("its bound is none: ")


@pytest.mark.parametrize(
    "value", [None, "12", float("nan"), float("inf"), {"a": 1}, RuntimeError("x"), SystemExit(1)]
)
def test_a_value_that_is_none_is_a_remark(value):
    """A problem whose evaluation goes wrong has no value, whoever gave the answer."""

    def evaluate(self, answer):
        if isinstance(value, BaseException):
            raise value
        return Evaluation(value)

    problem, mine = odd(evaluate=evaluate), {"one side": one_side}
    if isinstance(value, SystemExit):
        with pytest.raises(SystemExit):
            compare(problem, (), mine, **QUICK)
        return
    for methods, baselines in (((), mine), ("simulated-annealing", ())):
        (row,) = compare(problem, methods, baselines, **QUICK).rows
        assert (row.value, row.feasible) == (None, 0.0)
        assert row.remark


@pytest.mark.parametrize("offered", [None, 3, "enumeration", [one_side], Baseline])
def test_baselines_that_are_none_are_refused(offered):
    """The error names class and method, before anything is run."""
    with pytest.raises(InputError, match=r"Odd\.baselines must return a tuple of Baseline"):
        compare(odd(baselines=lambda self: offered), **QUICK)


def test_callables_get_what_they_ask_for(tmp_path):
    """A callable takes problem, seed and deadline by name, or by number under other names."""
    seen = tmp_path / "seen"

    def note(*given):  # in a process of its own: what it changes stays there, files do not
        with seen.open("a") as file:
            print(json.dumps(["graph" if one is GRAPH else one for one in given]), file=file)
        return set(GRAPH.graph.labels), set()

    mine = {
        "by name": lambda deadline, problem: note("deadline", deadline, problem),
        "one": lambda p: note("one", p),
        "two": lambda s, d: note("two", s, d),
        "three": lambda p, s, d: note("three", p, s, d),
    }
    before = time.monotonic()
    compare(GRAPH, (), mine, time_limit=0.1, seeds=[5])
    last = {given[0]: given[1:] for given in map(json.loads, seen.read_text().splitlines())}
    assert last["one"] == ["graph"]
    assert last["two"][0] == 5
    assert last["three"][:2] == ["graph", 5]
    assert last["deadline"][1] == "graph"
    for deadline in (last["two"][1], last["three"][2], last["deadline"][0]):
        assert before + 0.1 < deadline < time.monotonic() + 0.1


@pytest.fixture
def elsewhere_functions(tmp_path, monkeypatch):
    """Return functions of a module that the other process can import, too."""
    (tmp_path / "of_the_user.py").write_text(
        "import os, time\n"
        "def sleeping(seed, deadline):\n    time.sleep(600)\n"
        "def dying(seed, deadline):\n    os._exit(3)\n"
        "def compiling(problem):\n"
        "    from numba.core import event\n"
        "    with event.trigger_event('numba:compile'):  # what numba says while it compiles\n"
        "        time.sleep(2)\n"
        "    return set(problem.graph.labels), set()\n"
        "def chatty(problem):\n    print('x' * 99999)\n    return {os.getpid()}, set()\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(match, "LEAST_PATIENCE", 0.5)
    return importlib.import_module("of_the_user")


def test_what_hangs_or_dies_is_ended(elsewhere_functions):
    """One that ignores its deadline is ended, a crash is a row, and the next one runs."""
    names = ("sleeping", "dying", "chatty")
    mine = {name: getattr(elsewhere_functions, name) for name in names}
    started = time.monotonic()
    table = compare(GRAPH, (), mine, time_limit=0.05, seeds=1)
    assert time.monotonic() - started < 300  # nobody waited for it
    rows = {row.algorithm: row for row in table.rows}
    assert (rows["sleeping"].remark, rows["sleeping"].runs) == ("cut after 0.5 s", 1)
    assert rows["dying"].remark == "its process died"
    assert rows["chatty"].remark == "not feasible"  # it ran, in a process of its own
    assert next(run for run in table.runs if run.algorithm == "chatty").value == 0.0


def test_compiling_is_not_charged(elsewhere_functions, monkeypatch):
    """Whoever compiles kernels is not cut for it, though it takes longer than anybody may."""
    monkeypatch.setattr(match, "LEAST_PATIENCE", 0.1)
    mine = {"compiling": elsewhere_functions.compiling}
    (row,) = compare(GRAPH, (), mine, time_limit=0.15, seeds=1).rows
    assert (row.remark, row.value) == ("", 0.0)


MAIN = """
import os, sys, time
from hopfield_opt import compare, problems
from hopfield_opt.comparison import match
match.LEAST_PATIENCE = 0.5
print("once")
def good(problem):
    print("loud")
    return {0}, {1, 2}
def dying(problem):
    os._exit(3)
def leaving(problem):
    sys.exit(3)
def hanging(problem):
    time.sleep(600)
triangle = problems.MaxCut([(0, 1), (1, 2), (2, 0)])
mine = {"good": good, "dying": dying, "leaving": leaving, "hanging": hanging, "last": good}
table = compare(triangle, (), mine, time_limit=0.05, seeds=1)
print([(row.value, row.remark) for row in table.rows])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="copies of processes")
def test_baselines_of_the_main_script_run_apart(elsewhere, tmp_path):
    """A script runs once, whatever its own functions do: end, hang or print."""
    script = tmp_path / "script.py"
    script.write_text(MAIN)
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, **elsewhere)
    assert ran.stdout.splitlines() == [
        "once",
        "[(2.0, ''), (None, 'its process died'), (None, 'SystemExit: 3'), "
        "(None, 'cut after 0.5 s'), (2.0, '')]",
    ]
    assert (ran.returncode, ran.stderr) == (0, "")


def test_without_copies_of_processes_they_are_refused(monkeypatch):
    """The row says what is to be done."""
    monkeypatch.delattr(os, "fork")
    (row,) = compare(GRAPH, (), {"mine": lambda problem: None}, **QUICK).rows
    assert row.remark.startswith("not run: it must be importable by another process")


def test_what_hangs_here_is_cut(monkeypatch):
    """What cannot be sent away is cut as well."""
    monkeypatch.setattr(match, "LEAST_PATIENCE", 0.1)
    mine = {"hanging": lambda problem: time.sleep(300)}
    started = time.monotonic()
    (row,) = compare(GRAPH, (), mine, time_limit=0.01, seeds=3).rows
    assert time.monotonic() - started < 200
    assert (row.remark, row.runs) == ("cut after 0.1 s", 1)


def test_ctrl_c_returns_what_there_is(ctrl_c):
    """The rows so far are there, and the comparison says that it was interrupted."""

    def interrupting(problem):
        os.kill(os.getppid(), signal.SIGINT)
        time.sleep(0.5)

    mine = {"one side": one_side, "interrupting": interrupting, "never": one_side}
    table = compare(GRAPH, (), mine, **QUICK)
    assert table.interrupted
    assert [row.algorithm for row in table.rows] == ["one side"]
    assert "interrupted" in str(table)


def test_ctrl_c_in_our_method_ends_it(ctrl_c):
    """An interrupted run of ours does not count."""
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    table = compare(GRAPH, "simulated-annealing", (), time_limit=30, seeds=1)
    assert (table.interrupted, table.rows) == (True, [])


def test_several_problems_have_titles():
    """Problems of one name are numbered; a dict gives titles; only known baselines are run."""
    tour = problems.TravellingSalesman.random(6, seed=1)
    names = ["networkx one_exchange"]
    table = compare([GRAPH, tour, GRAPH], "tabu", names, **QUICK)
    assert list(table.senses) == ["max-cut 1", "tsp", "max-cut 2"]
    assert [row.algorithm for row in table.rows if row.problem == "tsp"] == ["tabu"]
    assert list(compare({"mine": GRAPH}, "tabu", (), **QUICK).senses) == ["mine"]


def test_a_method_that_does_not_fit_is_a_row():
    """Its error stands in the table, next to those who can."""
    dynamics = problems  # no dynamics at all
    with pytest.raises(InputError, match="method"):
        compare(GRAPH, [dynamics], (), **QUICK)
    one, two = compare(GRAPH, ["tabu", "tabu"], (), **QUICK).rows
    assert (one.algorithm, two.algorithm) == ("tabu", "tabu 2")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"time_limit": 0}, "time_limit must be a positive"),
        ({"time_limit": "long"}, "time_limit must be a positive"),
        ({"time_limit": True}, "time_limit must be a positive"),
        ({"n_jobs": True}, "n_jobs must be a positive"),
        ({"seeds": True}, "seeds must be an integer"),
        ({"progress": "no"}, "progress must be True or False"),
        ({"methods": TabuSearch}, "got the class TabuSearch"),
        ({"methods": 5}, "method must be a name or a dynamics"),
        ({"baselines": {"x": int}}, "must have a signature"),
        ({"problems": problems.MaxCut}, "got the class MaxCut"),
        ({"seeds": 0}, "seeds must be at least 1"),
        ({"seeds": []}, "seeds must be at least one"),
        ({"seeds": [-1]}, "seed must be a non-negative"),
        ({"n_jobs": 0}, "n_jobs must be a positive"),
        ({"methods": ["taboo"]}, "Did you mean 'tabu'?"),
        ({"baselines": ["enumerating"]}, "Did you mean 'enumeration'?"),
        ({"baselines": "enumeration"}, 'baselines must be "all"'),
        ({"baselines": {"x": 3}}, "must be callable"),
        ({"baselines": {"x": lambda a, b, c, d: 0}}, "must take problem, seed and deadline"),
        ({"problems": []}, "problems must be at least one"),
        ({"problems": [3]}, "problems must be a Problem, a Model or several, got int"),
    ],
)
def test_bad_options_are_refused(options, said):
    """What cannot be used is refused before anything runs."""
    with pytest.raises(InputError, match=re.escape(said)):
        compare(**{"problems": GRAPH, **QUICK, **options})


def test_every_seed_is_used_and_only_feasible_answers_are_optimal(monkeypatch):
    """Our runs have the seeds one by one; what an exact baseline returns must hold, too."""
    seen = []
    real = match.solve

    def noted(problem, **options):
        seen.append(options["seed"])
        return real(problem, **options)

    monkeypatch.setattr(match, "solve", noted)
    table = compare(GRAPH, ["auto"], (), time_limit=0.05, seeds=[7, 3])
    assert seen[-2:] == [7, 3]
    assert [run.seed for run in table.runs] == [7, 3]
    everybody = set(GRAPH.graph.labels)
    both = Baseline("both", lambda seed, deadline: (everybody, everybody), exact=True)
    table = compare(odd(baselines=lambda self: (both,)), (), **QUICK)
    (only,) = {run.optimal for run in table.runs if run.kind == "baseline"}
    assert not only
