"""The progress bar: silent at first, then on stderr."""

import sys
import types

from hopfield_opt.driver import progress


def test_as_asked_else_on_a_terminal_or_in_a_notebook(monkeypatch):
    """True and False decide; None asks the terminal, and looks for a notebook."""
    assert progress.wanted(True)
    assert not progress.wanted(False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert not progress.wanted(None)
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert progress.wanted(None)


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
