"""Every script in examples/ runs, quickly, and leaves its files where it was told to."""

import re
import runpy
from pathlib import Path

import pytest

from tests.example_claims import CLAIMS

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "examples").glob("[!_]*.py"))
GALLERY = ROOT / "examples" / "README.md"


def run(script, *words):
    """Run a script in this process."""
    # starting three dozen processes takes longer than what they do
    runpy.run_path(str(script))["main"](["--quick", *words])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_example_runs(script, tmp_path, monkeypatch, capsys):
    """From any folder, without a warning, a script draws where it was told to, and says something.

    What it says is to be seen is there with --quick, too: recomputed from what it drew. Afterwards
    matplotlib is as before: its backend, its settings.
    """
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    monkeypatch.chdir(tmp_path)
    before = dict(mpl.rcParams)
    run(script, "--output", "picture.png")
    said = capsys.readouterr()
    figure = plt.gcf()
    assert script.stem in CLAIMS, "say in tests/example_claims.py what is to be seen"
    CLAIMS[script.stem](figure, said.out)
    plt.close("all")
    assert said.out.splitlines()[-1] == "picture: picture.png"
    assert len(said.out.splitlines()) > 1
    assert said.err == ""
    assert (tmp_path / "picture.png").stat().st_size > 1000
    assert dict(mpl.rcParams) == before
    assert [path.name for path in tmp_path.iterdir()] == ["picture.png"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_examples_need_nothing_beside_them(script):
    """A script imports installed packages only, and leaves the backend to who runs it."""
    text = script.read_text("utf-8")
    names = re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)
    assert not {name for name in names if (script.parent / f"{name}.py").exists()}
    assert "matplotlib.use" not in text
    assert "[--output FILE" in text


def test_gallery_shows_every_script():
    """The gallery links to each script, and to nothing that is not there."""
    links = re.findall(r'(?:\]\(|src=")([^)"#:]+)', GALLERY.read_text("utf-8"))
    assert [path.name for path in SCRIPTS if path.name not in links] == []
    assert [link for link in links if not (GALLERY.parent / link).exists()] == []
