"""Every script in examples/ runs, quickly, and leaves its files where it was told to."""

import re
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "examples").glob("[!_]*.py"))
GALLERY = ROOT / "examples" / "README.md"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_example_runs(script, tmp_path, monkeypatch, capsys):
    """The script runs with --quick in an empty folder and says something, without a warning."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(script.parent)
    monkeypatch.setattr(sys, "argv", [str(script), "--quick"])
    # in this process: starting three dozen takes longer than what they do
    runpy.run_path(str(script), run_name="__main__")
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    said = capsys.readouterr()
    assert said.out.strip()
    assert said.err == ""


def test_gallery_shows_every_script():
    """The gallery links to each script, and to nothing that is not there."""
    links = re.findall(r'(?:\]\(|src=")([^)"#:]+)', GALLERY.read_text("utf-8"))
    assert [path.name for path in SCRIPTS if path.name not in links] == []
    assert [link for link in links if not (GALLERY.parent / link).exists()] == []
