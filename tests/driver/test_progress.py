"""The progress bar: silent at first, then on stderr."""

import io
import subprocess
import sys
import types

import pytest

from hopfield_opt.driver import progress


def test_as_asked_else_on_a_terminal_or_in_a_notebook(monkeypatch):
    """True and False decide; None asks the terminal, and looks for a notebook."""
    assert progress.shows_progress(True)
    assert not progress.shows_progress(False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert not progress.shows_progress(None)
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert progress.shows_progress(None)


def test_short_runs_stay_silent(capsys):
    """Nothing is drawn before about a second has passed."""
    with progress.ProgressBar(True, "max-cut") as bar:
        bar.update(0.5, 0.2, "3")
    assert capsys.readouterr() == ("", "")


def test_long_runs_show_the_best_on_stderr(capsys, monkeypatch):
    """After a second the bar shows title and best value, and stdout stays clean."""
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes the captured stream for a terminal
    with progress.ProgressBar(True, "max-cut") as bar:
        bar.update(1.5, 0.2, "13")
        bar._bar.refresh()
    out, err = capsys.readouterr()
    assert out == ""
    assert "max-cut" in err
    assert "13" in err


def test_unwanted_bar_shows_nothing(capsys):
    """However long the run, a bar that is not wanted is silent."""
    with progress.ProgressBar(False, "max-cut") as bar:
        bar.update(100.0, 0.2, "3")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("shown", [None, True, False])
def test_without_a_stream_for_errors_nothing_is_shown(monkeypatch, shown):
    """As in a program without a window for text: the run goes on all the same."""
    monkeypatch.setattr(sys, "stderr", None)
    with progress.ProgressBar(progress.shows_progress(shown), "max-cut") as bar:
        bar.update(100.0, 0.2, "3")


def test_a_closed_stream_is_no_terminal(monkeypatch):
    """It cannot be asked."""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    assert not progress.shows_progress(None)


CLOSED = """
import os, sys
for number in map(int, sys.argv[1].split(",")):
    os.close(number)
    setattr(sys, ("stdin", "stdout", "stderr")[number], None)
import hopfield_opt as ho
problem = ho.problems.MaxCut([(0, 1), (1, 2), (2, 0)])
result = ho.solve(problem, seed=0, time_limit=0.1, progress=None if len(sys.argv) < 4 else True)
table = ho.compare(problem, baselines=["networkx one_exchange"], time_limit=0.05, seeds=1)
with open(sys.argv[2], "w") as file:
    print(result.value, [row.value for row in table.rows], file=file)
"""


@pytest.mark.parametrize("closed", [pytest.param("2", marks=pytest.mark.slow), "0,1,2"])
def test_programs_without_streams(elsewhere, tmp_path, closed):
    """With closed descriptors and None in their place, as pythonw has it, everything works."""
    said = tmp_path / "said"
    command = [sys.executable, "-c", CLOSED, closed, str(said)]
    ran = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **elsewhere)
    assert (ran.returncode, said.read_text()) == (0, "2.0 [2.0, 2.0]\n")
