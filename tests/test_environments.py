"""How and where Python runs changes no answer: hash seeds, -OO, warnings, folders for caches."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

IMPORT_ALL = """
import importlib, pkgutil, hopfield_opt
for module in pkgutil.walk_packages(hopfield_opt.__path__, "hopfield_opt."):
    if module.name.endswith("__main__"):
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:  # a host of it that is optional
        assert module.name.startswith("hopfield_opt.interop."), module.name
        assert not error.name.startswith("hopfield_opt"), error
"""

# the labels are words: where an order is that of a set, it changes with the hash seed
SOLVE_ALL = """
import networkx as nx
import numpy as np
import hopfield_opt as ho
from hopfield_opt.printing import as_json

draws = np.random.default_rng(1)
graph = nx.relabel_nodes(nx.gnp_random_graph(14, 0.4, seed=1), "v{}".format)
words = [f"word {k}" for k in range(9)]
for problem in (
    ho.problems.MaxCut(graph),
    ho.problems.GraphBipartition(graph),
    ho.problems.GraphColoring(graph),
    ho.problems.MaxIndependentSet(graph),
    ho.problems.WeightedMatching(graph),
    ho.problems.TravellingSalesman.from_coordinates(dict(zip(words, draws.random((9, 2))))),
    ho.problems.Knapsack.random(12, seed=1),
    ho.problems.SetCover({word: {word, *draws.choice(words, 3)} for word in words}),
    ho.problems.SetCover([{f"element {k}" for k in draws.choice(60, 9)} for _ in range(40)]),
):
    print(as_json({**ho.solve(problem, seed=3, sweeps=30).to_dict(), "seconds": None}))
memory = ho.AssociativeMemory(draws.choice([-1, 1], size=(3, 40)))
print(memory.recall(np.ones(40), seed=1).state.tolist())
print(as_json(set(words)))
"""

# one kernel with helpers, and the value it must have
RECALL = """
import numpy as np
import hopfield_opt as ho
from hopfield_opt import jit

patterns = np.random.default_rng(0).choice([-1, 1], size=(2, 50))
recalled = ho.AssociativeMemory(patterns).recall(patterns[0], seed=1)
assert (recalled.state == patterns[0]).all()
print(jit.compile_seconds() > 0)
"""


def python(*words, elsewhere, **variables):
    """Run Python in another folder and return what it printed; nothing may be on stderr."""
    run = subprocess.run(
        [sys.executable, *words],
        **{**elsewhere, "env": {**elsewhere["env"], **variables}},
        capture_output=True,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


def test_every_module_imports_without_a_warning(elsewhere):
    """Neither the package nor what it imports warns, in Python's development mode either."""
    assert python("-W", "error", "-X", "dev", "-c", IMPORT_ALL, elsewhere=elsewhere) == ""


def test_nothing_depends_on_the_hash_seed(elsewhere):
    """Answers of named things, and their order, are the same for every PYTHONHASHSEED."""
    said = [
        python("-c", SOLVE_ALL, elsewhere=elsewhere, PYTHONHASHSEED=seed) for seed in ("0", "1")
    ]
    assert said[0] == said[1]
    assert said[0].count("'feasible': True") == 9


def test_without_docstrings_and_assertions(elsewhere):
    """With -OO the command line lists the same names, and no law passes unchecked."""
    listing = ["-m", "hopfield_opt", "problems"]
    names = [
        [line.split()[0] for line in python(*words, *listing, elsewhere=elsewhere).splitlines()]
        for words in ([], ["-OO"])
    ]
    assert names[0] == names[1]
    checks = (
        "from hopfield_opt import testing\n"
        "for check in (testing.check_problem, testing.check_dynamics):\n"
        "    try: check(None)\n"
        "    except ValueError as error: print(error)\n"
    )
    said = python("-O", "-c", checks, elsewhere=elsewhere).splitlines()
    assert len(said) == 2
    assert all("without -O" in line for line in said)


@pytest.mark.slow
def test_processes_that_compile_at_once(elsewhere, tmp_path):
    """Processes that fill one empty cache at once are right, and so is what a killed one leaves."""
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    settings = {**elsewhere, "env": {**elsewhere["env"], **cache}, "stdout": subprocess.PIPE}
    running = [subprocess.Popen([sys.executable, "-c", RECALL], **settings) for _ in range(3)]
    while running[0].poll() is None and not list(tmp_path.rglob("*.nb*")):
        time.sleep(0.01)
    running[0].kill()
    said = [process.communicate()[0].strip() for process in running]
    assert [process.returncode for process in running] == [-signal.SIGKILL, 0, 0]
    assert said[1:] == ["True", "True"]
    assert python("-c", RECALL, elsewhere=elsewhere, **cache).strip() == "False"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="permissions do not bind root")
def test_nothing_can_be_written(elsewhere, tmp_path):
    """A read-only installation without a home recalls, if slowly, and leaves nothing behind."""
    home = tmp_path / "installed"
    ignored = shutil.ignore_patterns("__pycache__", "problems")
    shutil.copytree(ROOT / "hopfield_opt", home / "hopfield_opt", ignore=ignored)
    shutil.copytree(ROOT / "problems", home / "hopfield_opt" / "problems", ignore=ignored)
    folders = [home, *(path for path in home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    path = os.pathsep.join([str(home), elsewhere["env"]["PYTHONPATH"]])
    variables = {**os.environ, "PYTHONPATH": path, "HOME": str(home), "XDG_CACHE_HOME": str(home)}
    variables.pop("NUMBA_CACHE_DIR", None)
    said = subprocess.run(
        ["setpriv", "--bounding-set=-dac_override", sys.executable, "-c", RECALL],
        **{**elsewhere, "env": variables, "cwd": home},
        capture_output=True,
    )
    for folder in folders:
        folder.chmod(0o755)
    assert (said.returncode, said.stdout.strip(), said.stderr) == (0, "True", "")
    assert [path for path in home.rglob("*") if path.suffix in (".nbi", ".pyc")] == []


# as a daemon has it: no terminal, no streams, no session, nowhere to go home to
DAEMON = """
import os, sys
if os.fork():
    os._exit(0)
os.setsid()
for number in (0, 1, 2):
    os.close(number)
sys.stdin = sys.stdout = sys.stderr = None
os.environ.pop("HOME", None)
import hopfield_opt as ho
job = ho.submit(ho.problems.MaxCut([(0, 1), (1, 2), (2, 3), (3, 0)]), seed=0, progress=True)
own = ho.solve(ho.problems.Knapsack.random(12, seed=0), time_limit=5, seed=0, progress=True)
with open("said.part", "w") as file:
    file.write(f"{job.result().value} {own.feasible}")
os.rename("said.part", "said")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no daemons")
def test_a_daemon(elsewhere, tmp_path):
    """Without streams, terminal and home an answer is an answer."""
    subprocess.run([sys.executable, "-c", DAEMON], **elsewhere, check=True)
    end = time.monotonic() + 120
    while not (tmp_path / "said").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert (tmp_path / "said").read_text() == "4.0 True"


def test_a_user_without_a_home_gets_no_folder(monkeypatch, tmp_path):
    """Where nobody knows a home, "~" is no folder to keep kernels in: they are compiled anew."""
    from hopfield_opt import jit

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(jit, "__file__", "/usr/lib/python3/site-packages/hopfield_opt/jit.py")
    monkeypatch.setattr(jit.os.path, "expanduser", lambda path: path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(jit.numba.config, "CACHE_DIR", "")
    assert jit.njit(lambda x: x + 1)(1) == 2
    assert list(tmp_path.iterdir()) == []
