"""What is installed is what stands in the repository."""

import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINK = ROOT / "hopfield_opt" / "problems"
MAPPED = {"problems": "hopfield_opt.problems"}


def packages() -> set[str]:
    """Return the name under which each folder with an `__init__.py` is to be installed."""
    tops = [ROOT / "hopfield_opt", *(ROOT / folder for folder in MAPPED)]
    inits = [path for top in tops for path in top.rglob("__init__.py")]
    folders = [path.parent.relative_to(ROOT).parts for path in inits]
    return {".".join((MAPPED.get(top, top), *below)) for top, *below in folders}


def test_package_list_is_complete():
    """A sub-package missing from the explicit list would silently be missing from the wheel."""
    setuptools = PROJECT["tool"]["setuptools"]
    assert set(setuptools["packages"]) == packages()
    assert setuptools["package-dir"] == {goal: folder for folder, goal in MAPPED.items()}


def test_folders_of_modules_are_packages():
    """A folder with modules but without `__init__.py` would not be installed either."""
    tops = ("hopfield_opt", *MAPPED)
    folders = {path.parent for top in tops for path in (ROOT / top).rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_link_leads_to_the_problems():
    """The link makes the checkout itself a complete package (on Windows it may be a text file)."""
    if not os.path.lexists(LINK):
        pytest.skip("a source distribution carries no link")
    target = os.readlink(LINK) if LINK.is_symlink() else LINK.read_text("utf-8").strip()
    assert Path(target) == Path("../problems")


def test_problems_refuse_their_bare_name():
    """`import problems` would make a second class of each problem; it says what to import."""
    command = [sys.executable, "-c", "import problems"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert "mport hopfield_opt.problems" in run.stderr.splitlines()[-1]


def test_dependencies_have_lower_bounds_only():
    """An upper bound of ours would block the users of every other package."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    required = [*PROJECT["project"]["dependencies"], *itertools.chain(*extras)]
    others = [name for name in required if not re.fullmatch(r"[\w-]+>=[\d.]+", name)]
    assert others == ["hopfield-opt[test]"]
