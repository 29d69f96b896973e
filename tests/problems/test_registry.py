"""The folder of problems: found by name, guarded against a second copy."""

import subprocess
import sys
from pathlib import Path

import pytest

import hopfield_opt.problems as library
from hopfield_opt.problems.base import Evaluation, Problem


def test_available():
    """Each problem is listed by its name on the command line, with what the protocol asks."""
    found = library.available()
    assert found["max-cut"] is library.MaxCut
    assert list(found) == sorted(found)
    members = {name for name in vars(Problem) if not name.startswith("_")}
    for name, kind in found.items():
        assert kind.name == name
        assert all(hasattr(kind, member) for member in members)
        assert hasattr(kind, "model") or hasattr(kind, "hamiltonian")


def test_attributes():
    """Classes are attributes, anything else is an AttributeError."""
    assert "MaxCut" in dir(library)
    with pytest.raises(AttributeError, match="MaxKut"):
        library.MaxKut  # noqa: B018
    with pytest.raises(AttributeError):
        library.nothing  # noqa: B018


def test_importing_the_library_loads_no_problem(elsewhere):
    """The package alone loads none of its files."""
    code = (
        "import sys, hopfield_opt.problems; "
        "sys.exit(any('max_cut' in name or name == 'scipy' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, **elsewhere)


def test_the_source_folder_is_no_package():
    """`import problems` from the checkout fails with the right name to import."""
    root = Path(__file__).resolve().parent.parent.parent
    run = subprocess.run(
        [sys.executable, "-c", "import problems"], cwd=root, capture_output=True, text=True
    )
    assert "import hopfield_opt.problems" in run.stderr


def test_evaluation():
    """Feasible means that nothing is violated."""
    assert Evaluation(1.0).feasible
    assert not Evaluation(1.0, {"a": 0.5}).feasible
